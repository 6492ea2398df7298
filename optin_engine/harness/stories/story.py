r"""A story as values: what is done, turn by turn, and what must come of it.

One line of the file is one value here:

    rules: a-rule, another               which rules of SPEC it shows (`harness.rules`); optional
    programs: FILE                       which definitions hold from here on (TOML or JSON,
                                         beside the story; `built-in` is the example account)
    at 2026-03-01 12:00 America/New_York what the clock shows; seconds and zone may be missing (UTC)
    wait 23h                             time passes, with every reminder and expiry in it
    to 123456                            which code is texted; at first the account's first one
    > JOIN                               a text; before it may stand, in this order,
                                         a number (`+15555550199`), an origin (`@web`), and
                                         how long ago it was sent (`-2h`): it arrives only now
    again                                the carrier brings the last text once more, with its id
    ! SUBSCRIBE JOIN                     an agent or an API orders; a number may stand before it
    < Thanks!                            what must be said after the act above it, whole and in
    <~ Thanks.*                          its order, exactly or as a regular expression; to another
    < +15555550199 Thanks!               number, where one stands before it; `<` alone, or no such
    <                                    line, is silence
    = In Progress                        where the contact stands after that act
    = JOIN: Subscribed                   or one programme; a number may stand before it
    = refused: opted out                 why nothing was done,
    = not refused                        or that the act was let through, whatever came of it

Lines that are blank or begin with `#` are for the reader; a remark before the first act is the
title. The first act is `programs:`. The words of a line may be in any case, and blanks and tabs
around them are harmless.

In what is texted and said (and in a file's name), `\n` is a line break, `\t` a tab, `\\` a
backslash, `\uXXXX` and `\UXXXXXXXX` any character, and a backslash before any other sign keeps
it from being read as a number, an origin, a length or a pattern, or a blank from being stripped
(`> \@web`, `> \+1`, `> \-2h`, `< \ `). One that ends the line is nothing: `< \` is an empty
text. A pattern has no such escapes, only a regular expression's own; it must fit the whole text,
and its `.` any character. One that repeats what repeats, such as `(a+)+b`, can be matched for
years: no length bounds that, and so nothing here does; simpler patterns take no time.

A number is one word and begins with `+`; so do an origin with `@` and a length with `-` and a
digit. A word that begins so and is none is an error, not a text. After `KEYWORD: ` any state may
stand, for an extended flow adds its own; only what is nearly one of ours is taken for a slip.
Without a keyword it is one of `vocabulary.State`. A local time that daylight saving passes over
is an error; of one that comes twice the first is meant (the second can be told in UTC). A story
is between the years 1970 and 2999.
"""

from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from optin_engine.vocabulary import Origin

BUILT_IN = "built-in"
NOT_REFUSED = "not refused"
AT_ONCE = timedelta()


class Ordered(StrEnum):
    """What an agent or an API can order."""

    STOP = "STOP"
    SUBSCRIBE = "SUBSCRIBE"
    RESUBSCRIBE = "RESUBSCRIBE"
    UNSUBSCRIBE = "UNSUBSCRIBE"
    DEACTIVATE = "DEACTIVATE"


class StoryError(Exception):
    """A line that is none of a story.

    Args:
        name: of the file.
        line, column: where; the first of each is 1.
        message: what is wrong, and the mend.

    """

    def __init__(self, name: str, line: int, column: int, message: str) -> None:
        super().__init__(f"{name}:{line}:{column}: {message}")
        self.name, self.line, self.column, self.message = name, line, column, message


@attrs.frozen
class Text:
    """A text to the code; `number` is empty for the story's usual one, here and below."""

    text: str
    number: str = ""
    origin: Origin = Origin.HANDSET
    ago: timedelta = AT_ONCE


@attrs.frozen
class Again:
    """The last text comes once more, as it was, with its id: a retried webhook."""


@attrs.frozen
class Order:
    """What an agent or an API orders; `keyword` is empty for STOP and DEACTIVATE."""

    order: Ordered
    keyword: str = ""
    number: str = ""


@attrs.frozen
class Wait:
    """Time passes."""

    length: timedelta


@attrs.frozen
class At:
    """The clock is set; never back, once it was set or anything was done.

    Attributes:
        moment: in UTC.
        zone: in which the line has it: an IANA name, or `UTC`.

    """

    moment: datetime
    zone: str = "UTC"


@attrs.frozen
class To:
    """Another code is texted from now on."""

    code: str


@attrs.frozen
class Programs:
    """Other definitions hold from now on."""

    file: str


Act = Text | Again | Order | Wait | At | To | Programs


@attrs.frozen
class Said:
    """One MT that must come."""

    text: str
    number: str = ""
    is_pattern: bool = False
    line: int = attrs.field(default=0, eq=False)


@attrs.frozen
class Stands:
    """A state that must be: of one programme, or (without keyword) of the contact."""

    state: str
    keyword: str = ""
    number: str = ""
    line: int = attrs.field(default=0, eq=False)


@attrs.frozen
class Refused:
    """Why the act must have been refused; `refusal` is empty where it must not have been."""

    refusal: str
    line: int = attrs.field(default=0, eq=False)


@attrs.frozen
class Turn:
    """An act, and what must come of it.

    Attributes:
        act: what is done.
        said: every MT that must come, in order.
        stands: what must be then.
        line: of the act in the file.

    """

    act: Act
    said: tuple[Said, ...] = ()
    stands: tuple[Stands | Refused, ...] = ()
    line: int = attrs.field(default=0, eq=False)


@attrs.frozen
class Story:
    """A story.

    Attributes:
        name: of the file, as it was given.
        title: the first remark, without its mark; empty where there is none.
        rules: the ids of the rules of SPEC that it shows.
        turns: what happens; the first act is the definitions (`Programs`).

    """

    name: str
    title: str
    rules: tuple[str, ...]
    turns: tuple[Turn, ...]
