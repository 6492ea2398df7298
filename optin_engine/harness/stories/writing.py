"""From a story, or a part of one, to text: the exact inverse of `parsing`."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from optin_engine.harness.stories.escaping import BLANKS, EMPTY, escaped
from optin_engine.harness.stories.story import (
    NOT_REFUSED,
    Act,
    Again,
    At,
    Order,
    Programs,
    Refused,
    Said,
    Stands,
    Story,
    Text,
    To,
    Turn,
    Wait,
)
from optin_engine.harness.stories.words import without_blanks
from optin_engine.vocabulary import Origin

SILENCE = "<"
"""The line that says that nothing is said."""

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_WEEK = timedelta(weeks=1)

# No number in a length of time has more digits than six.
_MOST = 999_999


def written(story: Story) -> str:
    r"""Write a story as the text of its file.

    Raises:
        ValueError: it holds what no line can: a pattern with a line break or with blanks at
            its ends, a length or time of less than a second.

    >>> print(written(Story("a.story", "Join", ("single-join",), (Turn(Programs("a.toml")),
    ...     Turn(Text("NEWS", origin=Origin.WEB), (Said("Hi\nthere"),), (Stands("None"),))))))
    # Join
    rules: single-join
    programs: a.toml
    > @web NEWS
    < Hi\nthere
    = None
    <BLANKLINE>
    """
    head = [f"# {' '.join(story.title.split())}"] if story.title else []
    head += [f"rules: {', '.join(story.rules)}"] if story.rules else []
    return "".join(f"{line}\n" for line in [*head, *_lines(story.turns)])


def turn_lines(turn: Turn) -> Iterator[str]:
    """Give the lines of one turn: what is done, what is said, and what stands then."""
    yield act_line(turn.act)
    yield from map(said_line, turn.said)
    yield from map(stands_line, turn.stands)


def act_line(act: Act) -> str:
    r"""Give the line of an act.

    Raises:
        ValueError: a length or a time is no whole number of seconds.

    >>> act_line(Text("+1", "+15555550199", ago=timedelta(hours=36)))
    '> +15555550199 -1d12h \\+1'
    """
    words: tuple[str, ...]
    match act:
        case Text(text, number, origin, ago):
            place = "" if origin == Origin.HANDSET else f"@{origin}"
            since = f"-{length(ago).replace(' ', '')}" if ago else ""
            words = (">", number, place, since, EMPTY if text == EMPTY else escaped(text))
        case Again():
            words = ("again",)
        case Order(order, keyword, number):
            words = ("!", number, order, keyword)
        case Wait(passed):
            words = ("wait", length(passed))
        case At(moment, zone):
            words = ("at", _time(moment, zone))
        case To(code):
            words = ("to", code)
        case Programs(file):
            words = ("programs:", escaped(file))
    return _joined(*words)


def said_line(said: Said) -> str:
    r"""Give the line of what must be said.

    Raises:
        ValueError: it is a pattern that is empty, or of more than one line, or that begins
            or ends with a blank; only its writer knows how to write it otherwise.

    >>> said_line(Said("Thanks!", "+15555550199")), said_line(Said("")), said_line(Said("~"))
    ('< +15555550199 Thanks!', '< \\', '< \\~')
    """
    if not said.is_pattern:
        return _joined("<", said.number, escaped(said.text))
    pattern = said.text
    if not pattern or "\n" in pattern or pattern != without_blanks(pattern).lstrip(BLANKS):
        message = f"no line of a story can hold the pattern {pattern!r}"
        raise ValueError(message)
    return _joined("<~", said.number, pattern)


def stands_line(stands: Stands | Refused) -> str:
    """Give the line of what must stand.

    >>> stands_line(Stands("Subscribed", "JOIN")), stands_line(Refused("opted out"))
    ('= JOIN: Subscribed', '= refused: opted out')
    """
    if isinstance(stands, Refused):
        return f"= refused: {stands.refusal}" if stands.refusal else f"= {NOT_REFUSED}"
    keyword = f"{stands.keyword}:" if stands.keyword else ""
    return _joined("=", stands.number, keyword, escaped(stands.state))


def length(time: timedelta) -> str:
    """Write a length of time as people do; `phone.duration` reads it.

    Raises:
        ValueError: it is below zero, or no whole number of seconds.

    >>> length(timedelta(days=2)), length(timedelta(hours=36, seconds=5)), length(timedelta())
    ('2d', '1d 12h 5s', '0s')
    """
    if time < timedelta() or time.microseconds:
        message = f"a length of time in a story is whole seconds, not {time}"
        raise ValueError(message)
    parts = []
    if time.days > _MOST:
        weeks, time = divmod(time, _WEEK)
        parts.append(f"{weeks}w")
    left = time // timedelta(seconds=1)
    for unit, seconds in _UNITS.items():
        count, left = divmod(left, seconds)
        parts += [f"{count}{unit}"] if count else []
    return " ".join(parts) or "0s"


def _lines(turns: tuple[Turn, ...]) -> Iterator[str]:
    for turn in turns:
        yield from turn_lines(turn)


def _joined(*words: str) -> str:
    return " ".join(filter(None, words))


def _time(moment: datetime, name: str) -> str:
    """Write a time of a zone; the second of an hour that comes twice, in UTC."""
    if moment.microsecond:
        message = f"a time in a story is whole seconds, not {moment}"
        raise ValueError(message)
    local = moment.astimezone(UTC if name == "UTC" else ZoneInfo(name))
    if local.fold:
        local, name = moment.astimezone(UTC), "UTC"
    return f"{local.replace(tzinfo=None).isoformat(' ', 'seconds').removesuffix(':00')} {name}"
