"""What is wrong with a template, and where it stands."""


class TemplateError(ValueError):
    """A text that is no template, or a template that cannot be rendered.

    Args:
        line, column: where; the first of each is 1.
        message: what is wrong and how to mend it. It names what the template says, and never
            a value that it was rendered with.
        is_stray: two percent signs begin a mark here that never ends; they may be meant as such.

    >>> str(TemplateError(2, 5, "IF has no ENDIF"))
    'line 2, column 5: IF has no ENDIF'
    """

    def __init__(self, line: int, column: int, message: str, *, is_stray: bool = False) -> None:
        super().__init__(line, column, message)
        self.line, self.column, self.message = line, column, message
        self.is_stray = is_stray

    def __str__(self) -> str:
        """Give it as one line."""
        return f"line {self.line}, column {self.column}: {self.message}"


class UnfitError(Exception):
    """A function was given what it cannot take, or a bound is met; it knows no place.

    `Template.render` makes a `TemplateError` of it, with the place where the evaluation stands.
    """


def error_at(template: str, at: int, message: str, *, is_stray: bool = False) -> TemplateError:
    r"""Give an error that names the line and the column of a character.

    Args:
        template: the whole text.
        at: the place of the character in it, from 0.
        message: what is wrong.
        is_stray: as the error has it.

    >>> error_at("a\nbc", 3, "here").line, error_at("a\nbc", 3, "here").column
    (2, 2)
    """
    line = template.count("\n", 0, at) + 1
    column = at - template.rfind("\n", 0, at)
    return TemplateError(line, column, message, is_stray=is_stray)
