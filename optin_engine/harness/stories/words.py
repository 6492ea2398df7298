"""A line of a story, taken word by word; it knows where each stands, for what is wrong there."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

import attrs

from optin_engine.harness.stories.escaping import BLANKS, EscapeError, unescaped
from optin_engine.harness.stories.story import StoryError

_WORD = re.compile(rf"[^{BLANKS}]+")
_ALIKE = 0.6


def without_blanks(line: str) -> str:
    """Leave out the blanks at the end, but for one that a backslash keeps."""
    bare = line.rstrip(BLANKS + "\r")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return line[: len(bare) + 1] if backslashes % 2 and line[len(bare) :][:1] == " " else bare


@attrs.define(on_setattr=attrs.setters.NO_OP)
class Words:
    r"""A line, of which the words are taken one after the other.

    Args:
        file: its name.
        number: of the line; the first is 1.
        line: as it stands in the file.

    Attributes:
        place: where the next word stands, from 0.
        next: that word; empty at the end.

    >>> words = Words("a.story", 3, "> @web  JOIN now\r")
    >>> words.take(), words.take(), words.rest(), words.place
    ('>', '@web', 'JOIN now', 8)
    """

    file: str
    number: int
    line: str = attrs.field(converter=without_blanks)
    place: int = attrs.field(default=0, init=False)
    next: str = attrs.field(default="", init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with the first word."""
        self._look_from(0)

    def take(self, length: int | None = None) -> str:
        """Give the next word, or its first characters, and go on after the blanks."""
        word = self.next[:length]
        self._look_from(self.place + len(word))
        return word

    def rest(self) -> str:
        """Give what is left of the line."""
        return self.line[self.place :]

    def text(self) -> str:
        """Give what is left of the line as a text, without its escapes.

        Raises:
            StoryError: a backslash stands before what it says nothing of.

        """
        try:
            return unescaped(self.rest())
        except EscapeError as error:
            raise self.wrong(str(error), self.place + error.place) from None

    def end(self, after: str) -> None:
        """Make sure that the line ends here.

        Raises:
            StoryError: something is left.

        """
        if self.next:
            message = f"nothing may stand after {after}; a remark is a line of its own: # ..."
            raise self.wrong(message)

    def wrong(self, message: str, place: int | None = None) -> StoryError:
        """Give the error that tells of the next word, or of another place in the line."""
        column = self.place if place is None else place
        return StoryError(self.file, self.number, column + 1, message)

    def _look_from(self, place: int) -> None:
        found = _WORD.search(self.line, place)
        self.place, self.next = (found.start(), found[0]) if found else (len(self.line), "")


def near(word: str, known: Iterable[str], alike: float = _ALIKE) -> str:
    """Give the word that was perhaps meant, as the end of a message; empty where none is near.

    >>> near("wiat", ["wait", "at"])
    '; did you mean `wait`?'
    """
    by_folded = {one.casefold(): one for one in known}
    found = get_close_matches(word.casefold(), by_folded, 1, alike)
    return f"; did you mean `{by_folded[found[0]]}`?" if found else ""
