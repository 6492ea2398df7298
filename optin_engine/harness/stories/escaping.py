r"""What stands for what in the texts of a story; both ways, so that they cannot differ.

A line holds one text, and begins with marks (a number, an origin, a length); so a backslash
stands before what would be taken for something else: `\n` is a line break, `\@web` no origin.
"""

import re

BLANKS = " \t"
NOTHING = "\\"
EMPTY = ""

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.?))", re.DOTALL)
_NAMED = {"n": "\n", "r": "\r", "t": "\t"}
_WRITTEN = {character: f"\\{name}" for name, character in _NAMED.items()} | {"\\": "\\\\"}
_LAST_CHARACTER = 0x10FFFF

# What would be read as a number, an origin, a length or a pattern, or be stripped.
_LIKE_A_MARK = re.compile(r"[+@~ ]|-[0-9]")


class EscapeError(ValueError):
    """A backslash before what it says nothing of; `place` is where it stands, from 0."""

    def __init__(self, place: int, message: str) -> None:
        super().__init__(message)
        self.place = place


def escaped(text: str) -> str:
    r"""Write a text as a story has it: one line that is read as nothing else.

    Args:
        text: any text; what cannot be seen is written by its number.

    >>> print(escaped("+1 is\nno number "))
    \+1 is\nno number\u0020
    """
    if text == EMPTY:
        return NOTHING
    written = "".join(_character(character) for character in text)
    if written.endswith(" "):
        written = f"{written[:-1]}\\u0020"
    return f"\\{written}" if _LIKE_A_MARK.match(written) else written


def unescaped(written: str) -> str:
    r"""Read a text as a story has it.

    Raises:
        EscapeError: a backslash stands before a letter or digit that it says nothing of.

    >>> unescaped(r"\+1 is\nno number\u0020")
    '+1 is\nno number '
    """
    return _ESCAPE.sub(_meant, written) if "\\" in written else written


def _character(character: str) -> str:
    if character.isprintable() and character != "\\":
        return character
    number = ord(character)
    return _WRITTEN.get(character) or (
        f"\\u{number:04x}" if number < 1 << 16 else f"\\U{number:08x}"
    )


def _meant(found: re.Match[str]) -> str:
    short, long, other = found.groups()
    if other is None:
        number = int(short or long, 16)
        if number <= _LAST_CHARACTER:
            return chr(number)
    elif not other.isalnum():
        # A backslash that ends the line stands for nothing: it only shows where the end is.
        return str(other)
    elif other in _NAMED:
        return _NAMED[other]
    message = f"`{found[0]}` stands for nothing; a backslash itself is written `\\\\`"
    raise EscapeError(found.start(), message)
