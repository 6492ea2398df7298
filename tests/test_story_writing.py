"""From a story to text and back again: nothing is lost, and nothing becomes something else."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.harness.phone import duration
from optin_engine.harness.rules import BY_ID
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.story import (
    Act,
    Again,
    At,
    Order,
    Ordered,
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
from optin_engine.harness.stories.writing import act_line, length, said_line, written
from optin_engine.vocabulary import Origin, Refusal, State

ZONES = ("UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu")

# What lines are made of, so that texts look like them; and any character, also broken ones.
MARKS = ("+", "@", "-", "~", "#", "\\", " ", "\n", "\r", "\t", "\u2028", "=", "<", ">", "!", ":")
WORDS = ("+15555550199", "@web", "-2h", "refused:", "wait 2d", "\\n", "\\u0020", "JOIN", "\ud83d")
CHARACTERS = st.characters(codec=None, categories=None) | st.sampled_from(["\ud800", "\udfff"])
TEXTS = st.lists(st.sampled_from(MARKS + WORDS) | CHARACTERS, max_size=8).map("".join)
PATTERNS = st.sampled_from(["Thanks.*", r"\+1 \d+\\", "(?i)a|b c", "#", "@web", "~", r"x\ ", "🎉"])
NUMBERS = st.sampled_from(["", "+15555550199", "+4915112345678"])
KEYWORDS = st.from_regex(r"[A-Z0-9_-]{1,34}", fullmatch=True)
LENGTHS = st.integers(0, 90 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
SAID = st.builds(Said, TEXTS, NUMBERS) | st.builds(Said, PATTERNS, NUMBERS, st.just(value=True))
STATES = st.sampled_from(State)
EXTENDED = st.from_regex(r"[A-Z+@~-]{1,3}[0-9 \n\\]{3,9}x", fullmatch=True)
STANDS = (
    st.builds(Stands, STATES, st.just(""), NUMBERS)
    | st.builds(Stands, STATES | EXTENDED, KEYWORDS, NUMBERS)
    | st.builds(Refused, st.sampled_from(["", *Refusal]))
)
ORDERS = st.builds(
    Order, st.sampled_from([Ordered.STOP, Ordered.DEACTIVATE]), st.just(""), NUMBERS
) | st.builds(
    Order,
    st.sampled_from([Ordered.SUBSCRIBE, Ordered.RESUBSCRIBE, Ordered.UNSUBSCRIBE]),
    KEYWORDS,
    NUMBERS,
)
ACTS: st.SearchStrategy[Act] = st.one_of(
    st.builds(Text, TEXTS, NUMBERS, st.sampled_from(Origin), LENGTHS),
    st.builds(Again),
    ORDERS,
    st.builds(Wait, LENGTHS),
    st.builds(To, st.from_regex(r"[0-9]{3,15}", fullmatch=True)),
    st.builds(Programs, TEXTS.filter(bool)),
)
TITLES = st.lists(st.text("ab#é\\", min_size=1, max_size=5), max_size=3).map(" ".join)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Make a story that may be read: it begins with programmes, and its clock goes forward."""
    first = Programs(draw(TEXTS.filter(bool)))
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=draw(st.integers(0, 10**8)))
    acts = [first, _at(moment, draw(st.sampled_from(ZONES))), Text("x"), *draw(st.lists(ACTS))]
    turns = [
        Turn(
            act,
            tuple(draw(st.lists(SAID, max_size=2))),
            tuple(draw(st.lists(STANDS, max_size=2))),
        )
        for act in acts
    ]
    rules = draw(st.lists(st.sampled_from(sorted(BY_ID)), unique=True, max_size=3))
    return Story("a.story", draw(TITLES), tuple(rules), tuple(turns))


def _at(moment: datetime, zone: str) -> At:
    comes_twice = moment.astimezone(ZoneInfo(zone)).fold
    return At(moment, "UTC" if comes_twice else zone)


@given(stories())
def test_what_is_written_is_read_as_what_it_was(story: Story) -> None:
    lines = written(story)
    assert read_story(story.name, lines) == story
    assert read_story(story.name, lines.encode().decode()) == story


@given(stories())
def test_blanks_line_ends_and_a_byte_order_mark_change_nothing(story: Story) -> None:
    lines = written(story).split("\n")
    spaced = "\ufeff" + "".join(f" \t{line}\t \r\n\r\n" for line in lines)
    assert read_story(story.name, spaced) == story


@given(TEXTS)
def test_a_text_is_one_line_that_shows_all_of_it(text: str) -> None:
    for line in (said_line(Said(text)), act_line(Text(text))):
        assert line.isprintable()
        assert line == line.strip()


@given(st.integers(0, 3_600_000 * 86_400))
def test_a_length_is_read_as_what_it_was(seconds: int) -> None:
    time = timedelta(seconds=seconds)
    assert duration(length(time)) == time


@pytest.mark.parametrize(
    ("act", "line"),
    [
        (Text(""), ">"),
        (Text("JOIN", "+15555550199", Origin.WEB), "> +15555550199 @web JOIN"),
        (Text("YES", ago=timedelta(hours=36)), "> -1d12h YES"),
        (Text("-2h"), r"> \-2h"),
        (Text("- well"), "> - well"),
        (Text(" "), r"> \u0020"),
        (Wait(timedelta(days=2)), "wait 2d"),
        (Order(Ordered.RESUBSCRIBE, "JOIN"), "! RESUBSCRIBE JOIN"),
        (At(datetime(2026, 3, 1, 17, tzinfo=UTC), ZONES[1]), f"at 2026-03-01 12:00 {ZONES[1]}"),
        (At(datetime(2026, 3, 1, 17, 0, 9, tzinfo=UTC)), "at 2026-03-01 17:00:09 UTC"),
    ],
)
def test_an_act_is_written_as_people_write_it(act: Act, line: str) -> None:
    assert act_line(act) == line


def test_the_second_of_an_hour_that_comes_twice_is_written_in_utc() -> None:
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert act_line(At(second, "America/New_York")) == "at 2026-11-01 06:30 UTC"


@pytest.mark.parametrize("pattern", ["", "a\nb", " a", "a\t"])
def test_a_pattern_that_no_line_can_hold_is_not_written(pattern: str) -> None:
    with pytest.raises(ValueError, match="no line of a story"):
        said_line(Said(pattern, is_pattern=True))


@pytest.mark.parametrize(
    "act",
    [
        Wait(timedelta(seconds=-1)),
        Text("x", ago=timedelta(milliseconds=1)),
        At(datetime(2026, 1, 1, microsecond=1, tzinfo=UTC)),
    ],
)
def test_less_than_a_second_is_not_written(act: Act) -> None:
    with pytest.raises(ValueError, match="whole seconds"):
        act_line(act)
