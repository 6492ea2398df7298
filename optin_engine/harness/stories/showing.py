"""A story that was played, shown as the conversation that it was, with what differs marked.

Each line of the story stands as it is, and in front of it `-` where it was expected and did
not come, `+` where it came instead, and `?` where it is explained why: what the clock showed,
what the text was taken for and by which rule, and which rows were taken.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC
from difflib import SequenceMatcher
from itertools import chain
from zoneinfo import ZoneInfo

from optin_engine.harness.stories.escaping import escaped
from optin_engine.harness.stories.matching import aligned, matches
from optin_engine.harness.stories.played import Found, Performed, Played
from optin_engine.harness.stories.story import At, Order, Refused, Said, Text, Turn, Wait
from optin_engine.harness.stories.writing import (
    SILENCE,
    act_line,
    said_line,
    stands_line,
    turn_lines,
)
from optin_engine.harness.targets.target import Came
from optin_engine.vocabulary import Hears, Reading

AS_IT_IS, EXPECTED, INSTEAD, WHY = "    ", "  - ", "  + ", "  ? "
LEGEND = "  -  expected, and did not come     +  came instead     ?  why"

# The colours of the marks; whatever else is shown is in none.
_STYLES = {EXPECTED: "red", INSTEAD: "green", WHY: "cyan"}

# Two texts that are as like as this are one with a slip in it, and the slip is pointed at.
_A_SLIP = 0.6


def lines_of(played: Played) -> Iterator[str]:
    """Show a story that was played.

    Args:
        played: the story; one that passed is shown as it is.

    Yields:
        First file, line and difference of the first turn that differs, or what broke; then,
        after a blank line, the conversation as far as it went.

    """
    differing = [one for one in played.performed if one.differs]
    if differing:
        first = differing[0]
        yield f"{played.story.name}:{first.turn.line}: {'; '.join(_differences(first))}"
    yield from played.broken.splitlines()
    if not played.story.turns:
        return
    yield ""
    if played.story.title:
        yield f"{AS_IT_IS}# {played.story.title}"
    if played.story.rules:
        yield f"{AS_IT_IS}rules: {', '.join(played.story.rules)}"
    zone = "UTC"
    for one in played.performed:
        zone = one.turn.act.zone if isinstance(one.turn.act, At) else zone
        yield from _performed(one, zone)
    if played.broken:
        yield from _broken_off(played)
    if differing:
        yield ""
        yield LEGEND


def style_of(line: str) -> str:
    """Give the colour, as rich has it, that a shown line is in on a terminal."""
    return _STYLES.get(line[: len(WHY)], "bold" if line[:1].strip() else "")


def _broken_off(played: Played) -> Iterator[str]:
    unplayed = played.story.turns[len(played.performed) :]
    for turn in unplayed[:1]:
        yield f"{AS_IT_IS}{act_line(turn.act)}"
    rest = len(unplayed) - 1
    left = f"; what comes after it ({rest} more) was not played" if rest > 0 else ""
    yield f"{WHY}here the story broke off{left}"


def _performed(one: Performed, zone: str) -> Iterator[str]:
    if one.skipped or not one.differs:
        yield from (f"{AS_IT_IS}{line}" for line in turn_lines(one.turn))
        if one.skipped:
            yield f"{WHY}skipped: {one.skipped}"
        return
    yield f"{AS_IT_IS}{act_line(one.turn.act)}"
    yield from _said(one.turn.said, one.said)
    for found in one.found:
        yield from _found(found)
    yield from (f"{WHY}{line}" for line in _why(one, zone))


def _said(expected: Sequence[Said], said: Sequence[Said]) -> Iterator[str]:
    for wanted, came in aligned(expected, said):
        if wanted and matches(wanted, came):
            yield f"{AS_IT_IS}{said_line(wanted)}"
            continue
        if wanted:
            yield f"{EXPECTED}{said_line(wanted)}"
        if came:
            yield f"{INSTEAD}{said_line(came)}"
        if wanted and came and not wanted.is_pattern:
            yield from _slip(said_line(wanted), said_line(came))
    if expected and not said:
        yield f"{INSTEAD}{SILENCE}"


def _slip(expected: str, came: str) -> Iterator[str]:
    """Point at where two texts differ that are nearly the same."""
    compared = SequenceMatcher(None, expected, came, autojunk=False)
    if compared.quick_ratio() < _A_SLIP or compared.ratio() < _A_SLIP:
        return
    marks = [" "] * (len(came) + 1)
    for what, _, _, begins, ends in compared.get_opcodes():
        if what != "equal":
            length = max(ends - begins, 1)
            marks[begins : begins + length] = "^" * length
    yield f"{WHY}{''.join(marks)}".rstrip()


def _found(found: Found) -> Iterator[str]:
    if not found.differs:
        yield f"{AS_IT_IS}{stands_line(found.expected)}"
        return
    yield f"{EXPECTED}{stands_line(found.expected)}"
    if found.instead:
        yield f"{INSTEAD}{stands_line(found.instead)}"


def _why(one: Performed, zone: str) -> Iterator[str]:
    shown = one.at.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))
    when = " when it began" if isinstance(one.turn.act, Wait | At) else ""
    yield f"it was {shown:%A %Y-%m-%d %H:%M:%S} {zone}{when}"
    came = one.came
    yield from _heard(came)
    if not came.readings and isinstance(one.turn.act, Text | Order):
        yield "the target does not tell how it read it"
    if came.readings and came.tells_rows and not came.rows:
        yield "no row was taken, so nothing changed"
    if came.readings and came.readings[-1].hears == Hears.UNMATCHED:
        yield f"it begins with no keyword of the code, which has {', '.join(one.keywords)}"
    if one.turn.said and not one.said:
        yield "nothing was said"
    if came.refused:
        yield f"refused: {came.refused}"


def _heard(came: Came) -> Iterator[str]:
    readings = map(_reading, came.readings)
    rows = (f"row taken: {row}" for row in came.rows)
    if len(came.readings) == len(came.rows):
        # Of deadlines that passed one by one, each is shown with the row that it took.
        yield from chain.from_iterable(zip(readings, rows, strict=True))
    else:
        yield from chain(readings, rows)


def _reading(reading: Reading) -> str:
    matched = f'; matched: "{escaped(reading.matched)}"' if reading.matched else ""
    return f"read as {reading.hears}; rule: {reading.rule}{matched}"


def _differences(one: Performed) -> Iterator[str]:
    """Say in words what differs."""
    if not one.is_said:
        yield _said_in_words(one.turn, one.said)
    for found in one.found:
        if found.differs:
            yield _found_in_words(found)


def _said_in_words(turn: Turn, said: Sequence[Said]) -> str:
    expected = turn.said
    if not expected:
        return f"nothing should be said, and {_messages(said)} came"
    if not said:
        return f"{_messages(expected)} should come, and nothing was said"
    if len(expected) != len(said):
        return f"{_messages(expected)} should come, and {_messages(said)} came"
    return "something else was said"


def _found_in_words(found: Found) -> str:
    expected = found.expected
    if isinstance(expected, Refused):
        instead = f"refused as {found.found}" if found.found else "not refused"
        wanted = f"be refused as {expected.refusal}" if expected.refusal else "not be refused"
        return f"it should {wanted}, and was {instead}"
    whose = f"{expected.number} is" if expected.number else "the state is"
    where = f" in {expected.keyword}" if expected.keyword else ""
    return f"{whose} {found.found}{where}, and should be {expected.state}"


def _messages(said: Sequence[Said]) -> str:
    return "one message" if len(said) == 1 else f"{len(said)} messages"
