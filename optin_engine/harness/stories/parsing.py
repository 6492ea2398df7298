"""From the text of a story to its value; the first line that is wrong is named, and the mend."""

from datetime import datetime, timedelta

import attrs

from optin_engine.harness.mos import LATEST
from optin_engine.harness.phone import NOON, TYPING
from optin_engine.harness.rules import BY_ID
from optin_engine.harness.stories.acts import ACTS
from optin_engine.harness.stories.expectations import read_said, read_stands
from optin_engine.harness.stories.story import (
    BUILT_IN,
    Act,
    Again,
    At,
    Order,
    Programs,
    Story,
    StoryError,
    Text,
    To,
    Turn,
    Wait,
)
from optin_engine.harness.stories.words import Words, near

BYTE_ORDER_MARK = "\ufeff"
REMARK = "#"
RULES = "rules:"

# What is no word, but stands before one or alone; the longer first.
EXPECTATIONS = ("<~", "<", "=")
SIGNS = (">", "!", *EXPECTATIONS)


def read_story(name: str, text: str) -> Story:
    r"""Read a story.

    Args:
        name: of the file, for what is wrong with it.
        text: what the file holds; lines end as on Unix or Windows, and a byte order
            mark is passed over.

    Raises:
        StoryError: a line is none of a story, or no line says which programmes hold.

    >>> story = read_story("a.story", "# Join\nprograms: built-in\n> NEWS\n< Welcome!")
    >>> story.title, story.turns[0].act, story.turns[1].said[0].text
    ('Join', Programs(file='built-in'), 'Welcome!')
    """
    reader = _Reader(name)
    lines = text.removeprefix(BYTE_ORDER_MARK).split("\n")
    for number, line in enumerate(lines, 1):
        reader.hear(Words(name, number, line))
    if not reader.turns:
        message = f"nothing happens; begin with `programs: {BUILT_IN}`, or a file beside the story"
        raise StoryError(name, len(lines), 1, message)
    return Story(name, reader.title, tuple(reader.rules), tuple(reader.turns))


def decoded(name: str, content: bytes) -> str:
    """Give the text that the file of a story holds.

    Raises:
        StoryError: it is not in UTF-8, from the place on that is named.

    """
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        lines = content[: error.start].decode().split("\n")
        message = "from here on it is no UTF-8; save the file in that encoding"
        raise StoryError(name, len(lines), len(lines[-1]) + 1, message) from None


@attrs.define
class _Reader:
    """What the lines so far say.

    Attributes:
        clock: what the story's clock shows.
        begun: whether time has begun, so that the clock cannot go back.
        brought: whether a text was, that can come again.

    """

    name: str
    title: str = ""
    rules: dict[str, None] = attrs.field(factory=dict)
    turns: list[Turn] = attrs.field(factory=list)
    clock: datetime = NOON
    begun: bool = False
    brought: bool = False

    def hear(self, words: Words) -> None:
        """Take a line."""
        if not words.next:
            return
        if words.next.startswith(REMARK):
            words.take(1)
            if not self.turns:
                self.title = self.title or words.rest()
            return
        begins = words.place
        mark = _mark(words)
        if mark in EXPECTATIONS:
            self._expect(words, mark, begins)
        elif mark == RULES:
            self.rules.update(dict.fromkeys(_rules(words)))
        else:
            self._act(words, mark, begins)

    def _act(self, words: Words, mark: str, begins: int) -> None:
        act = ACTS[mark](words)
        if not self.turns and not isinstance(act, Programs):
            message = f"a story begins with `programs: {BUILT_IN}`, or a file beside it"
            raise words.wrong(message, begins)
        self._pass_time(act, words, begins)
        self.turns.append(Turn(act, line=words.number))

    def _pass_time(self, act: Act, words: Words, begins: int) -> None:
        if isinstance(act, Again) and not self.brought:
            message = "nothing was texted yet that could come again"
            raise words.wrong(message, begins)
        if isinstance(act, At):
            if self.begun and act.moment < self.clock:
                message = f"the clock never goes back; it shows {self.clock:%Y-%m-%d %H:%M:%S} UTC"
                raise words.wrong(message, begins)
            self.clock = act.moment
        elif isinstance(act, Wait):
            self.clock = _later(self.clock, act.length, words, begins)
        elif isinstance(act, Text | Order):
            self.brought = self.brought or isinstance(act, Text)
            self.clock += TYPING
        self.begun = self.begun or not isinstance(act, Programs | To)

    def _expect(self, words: Words, mark: str, begins: int) -> None:
        if not self.turns:
            message = f"nothing was done yet that `{mark}` could tell of"
            raise words.wrong(message, begins)
        turn = self.turns[-1]
        if mark == "=":
            self.turns[-1] = attrs.evolve(turn, stands=(*turn.stands, read_stands(words)))
        elif mark == "<" and not words.next:
            if turn.said:
                message = "`<` alone is silence, but something is said before it"
                raise words.wrong(message, begins)
        else:
            self.turns[-1] = attrs.evolve(turn, said=(*turn.said, read_said(words, mark)))


def _mark(words: Words) -> str:
    """Give what a line begins with, without regard to case."""
    for length in (2, 1):
        if words.next[:length] in SIGNS:
            return words.take(length)
    mark = words.next.casefold()
    if mark not in ACTS and mark != RULES:
        known = [*SIGNS, *ACTS, RULES]
        guess = near(words.next, known) or f"; a line begins with {', '.join(dict.fromkeys(known))}"
        message = f"there is no line `{words.next}`{guess}"
        raise words.wrong(message)
    words.take()
    return mark


def _rules(words: Words) -> list[str]:
    ids = []
    while words.next:
        rule = words.next.strip(",")
        if rule and rule not in BY_ID:
            known = near(rule, BY_ID) or "; see `optin_engine.harness.rules`"
            message = f"there is no rule `{rule}`{known}"
            raise words.wrong(message)
        ids += [rule] if rule else []
        words.take()
    if not ids:
        message = "a rule is missing, such as `rules: double-yes`"
        raise words.wrong(message)
    return ids


def _later(clock: datetime, length: timedelta, words: Words, begins: int) -> datetime:
    if length > LATEST - clock:
        message = f"a story ends with the year {LATEST.year}; the clock shows {clock:%Y-%m-%d}"
        raise words.wrong(message, begins)
    return clock + length
