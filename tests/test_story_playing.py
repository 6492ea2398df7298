"""Stories told to the engine: the clock, the ids, the orders, and what is held against what."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optin_engine.account import Account
from optin_engine.harness.phone import NOON, NUMBER
from optin_engine.harness.stories.matching import matches
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.played import Performed, Played
from optin_engine.harness.stories.playing import play
from optin_engine.harness.stories.story import (
    Again,
    At,
    Programs,
    Said,
    Story,
    Text,
    To,
    Turn,
    Wait,
)
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.harness.targets.target import Came, Target
from optin_engine.vocabulary import Hears, Inbound
from tests.limited_targets import BreakingTarget, ReservedTarget, StillTarget
from tests.random_stories import OTHER_NUMBER, PROGRAMS, stories, told

BEGIN = "programs: built-in\n"
ASKED = "Acme Offers: Reply YES.*"
SPRING = "at 2026-03-07 12:00 America/New_York\n"


def played(text: str, target: Target | None = None) -> Played:
    return play(read_story("a.story", BEGIN + text), target or EngineTarget(), PROGRAMS)


def last(text: str, target: Target | None = None) -> Performed:
    return played(text, target).performed[-1]


# -- what is held against what


def test_a_story_that_comes_as_it_is_written_passes() -> None:
    story = played(f"> JOIN\n<~ {ASKED}\n= In Progress\n> Yes!\n<~ Acme.*\n= JOIN: Subscribed")
    assert (story.passed, story.broken, story.skipped) == (True, "", ())
    assert all(not one.differs for one in story.performed)
    assert [row.target for row in story.rows()] == ["In Progress", "Subscribed"]


@pytest.mark.parametrize(
    "wrong",
    [
        "> JOIN",
        "> JOIN\n<",
        "> JOIN\n<~ Acme",
        f"> JOIN\n<~ {ASKED}\n<~ {ASKED}",
        f"> JOIN\n<~ {OTHER_NUMBER} {ASKED}",
        f"> JOIN\n<~ {ASKED}\n= Subscribed",
        f"> JOIN\n<~ {ASKED}\n= JOIN: Subscribed",
        f"> JOIN\n<~ {ASKED}\n= refused: opted out",
        "> @web NEWS\n= refused: opted out",
        "> @web NEWS\n= not refused",
        "> \nagain\n< Hi",
        "wait 1d\n< Hi",
    ],
)
def test_whatever_is_not_as_it_is_written_differs(wrong: str) -> None:
    story = played(wrong)
    assert not story.passed
    assert not story.broken


@pytest.mark.parametrize(
    "right",
    [
        f"> JOIN\n<~ {NUMBER} {ASKED}\n= {NUMBER} In Progress",
        f"> {OTHER_NUMBER} JOIN\n<~ {OTHER_NUMBER} {ASKED}\n= {OTHER_NUMBER} In Progress\n= None",
        "> @web NEWS\n= refused: double opt-in required\n= NEWS: None",
        f"> JOIN\n<~ {ASKED}\n= not refused",
        "> maybe\n<",
        "to 123456\n<",
        "programs: built-in",
    ],
)
def test_a_number_may_be_named_and_silence_too(right: str) -> None:
    assert played(right).passed


def test_a_pattern_must_fit_the_whole_text_line_breaks_and_all() -> None:
    pattern = Said("Hi.*you", is_pattern=True)
    assert matches(pattern, Said("Hi\nto you"))
    assert not matches(pattern, Said("Hi you there"))


def test_what_was_said_has_no_number_where_it_is_the_usual_one() -> None:
    story = played(f"> NEWS\n> {OTHER_NUMBER} NEWS")
    assert [said.number for one in story.performed for said in one.said] == ["", OTHER_NUMBER]


# -- the clock


def test_the_clock_begins_at_noon_and_each_text_and_order_takes_a_second() -> None:
    story = played("> JOIN\nagain\n! SUBSCRIBE NEWS\nto 123456\nwait 1h\n> HELP")
    seconds = [(one.at - NOON).total_seconds() for one in story.performed]
    assert seconds == [0, 0, 1, 1, 2, 2, 3602]


def test_a_length_of_time_counts_also_where_the_clocks_are_put_forward() -> None:
    one = last(f"{SPRING}> JOIN\nwait 24h\n> HELP")
    assert one.at == datetime(2026, 3, 8, 17, 0, 1, tzinfo=UTC)


def test_a_story_made_by_hand_may_set_its_clock_in_any_zone() -> None:
    day, zone = timedelta(days=1), ZoneInfo("America/New_York")
    noon, third = (datetime(2026, 3, date, 12, tzinfo=zone) for date in (7, 9))
    acts = (Programs("built-in"), At(noon), Text("A"), Wait(day), Text("B"), At(third), Text("C"))
    story = told(Story("a.story", "", (), tuple(Turn(act) for act in acts)))
    assert [f"{one.at:%d %H:%M:%S %Z}" for one in story.performed[4::2]] == [
        "08 17:00:01 UTC",
        "09 16:00:00 UTC",
    ]


def test_the_clock_can_be_set_back_at_first() -> None:
    text = "at 2020-01-01 12:00\nwait 1h\n> HELP\n> HELP"
    at = datetime(2020, 1, 1, 13, tzinfo=UTC)
    assert [one.at for one in played(text).performed[-2:]] == [at, at + timedelta(seconds=1)]


def test_a_target_is_never_told_a_time_before_one_that_it_was_told() -> None:
    times = list[datetime]()

    class Listening(EngineTarget):
        def define(self, account: Account, at: datetime) -> None:
            times.append(at)
            super().define(account, at)

        def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
            times.append(now)
            return super().text(code, number, inbound, now)

        def wait_until(self, moment: datetime) -> Came:
            times.append(moment)
            return super().wait_until(moment)

    text = "at 2020-01-01 12:00\nwait 1h\n> JOIN\nprograms: built-in\nagain\nwait 1d"
    assert not played(text, Listening()).broken
    assert times == sorted(times)
    assert len(times) == 7


def test_reminders_and_expiries_of_everybody_come_in_their_order_while_time_passes() -> None:
    one = last(f"> JOIN\nwait 1h\n> {OTHER_NUMBER} JOIN\nwait 9d")
    assert [said.number for said in one.said] == ["", OTHER_NUMBER]
    assert [r.hears for r in one.came.readings] == [Hears.REMIND] * 2 + [Hears.EXPIRE] * 2


def test_at_lets_time_pass_as_waiting_does() -> None:
    begin = "at 2026-03-01 12:00\n> JOIN\n"
    waited, set_to = last(f"{begin}wait 23h59m59s"), last(f"{begin}at 2026-03-02 12:00")
    assert (waited.said, waited.came) == (set_to.said, set_to.came)
    assert len(set_to.said) == 1


def test_a_text_that_comes_late_is_of_its_own_time_and_after_the_deadlines_since() -> None:
    late = "> JOIN\nwait 80h\n> -30h YES\n= None"
    assert last(late).came.readings[0].hears == Hears.UNMATCHED
    stale = last("> JOIN\n> STOP\n> -1h JOIN\n= refused: stale\n= Unsubscribed")
    assert not stale.differs


@settings(max_examples=60)
@given(stories(), st.integers(0, 80 * 60))
def test_to_wait_at_once_or_in_two_parts_makes_no_difference(story: Story, minutes: int) -> None:
    def parts(turn: Turn) -> list[Turn]:
        if not isinstance(turn.act, Wait):
            return [turn]
        first = min(timedelta(minutes=minutes), turn.act.length)
        return [Turn(Wait(first)), Turn(Wait(turn.act.length - first))]

    split = attrs.evolve(story, turns=tuple(part for turn in story.turns for part in parts(turn)))
    whole, halves = (
        [said for one in told(s).performed for said in one.said] for s in (story, split)
    )
    assert whole == halves


# -- the ids


def test_a_text_that_comes_again_is_neither_acted_on_nor_answered() -> None:
    one = last("> JOIN\n> STOP\nagain\n= Unsubscribed")
    assert (one.said, one.came.rows, one.came.refused, one.differs) == ((), (), None, False)


def test_a_text_that_comes_again_brings_nobody_back() -> None:
    assert not last("> NEWS\n! STOP\nagain\n= Unsubscribed").differs


def test_the_same_words_once_more_are_another_text() -> None:
    assert [len(one.said) for one in played("> HELP\nagain\n> HELP").performed] == [0, 1, 0, 1]


def test_a_retry_takes_no_time() -> None:
    assert played("> JOIN\n<~ .*\nagain\nwait 0s\nagain\nat 2026-01-01 12:00:01").passed


# -- orders


@pytest.mark.parametrize(
    ("orders", "stands"),
    [
        ("! SUBSCRIBE JOIN", "= Subscribed"),
        ("! SUBSCRIBE NOSUCH", "= refused: unknown keyword"),
        ("> STOP\n! SUBSCRIBE JOIN", "= refused: opted out"),
        ("> STOP\n! RESUBSCRIBE JOIN", "= JOIN: Subscribed"),
        ("> NEWS\n! UNSUBSCRIBE NEWS", "= NEWS: Unsubscribed"),
        ("> NEWS\n! STOP", "= Unsubscribed"),
        ("> NEWS\n! STOP\n! DEACTIVATE", "= None"),
        (f"! {OTHER_NUMBER} SUBSCRIBE JOIN", f"= {OTHER_NUMBER} Subscribed"),
        (f"! {OTHER_NUMBER} SUBSCRIBE JOIN", "= None"),
    ],
)
def test_what_an_agent_orders_is_done(orders: str, stands: str) -> None:
    assert not any(found.differs for found in last(f"{orders}\n{stands}").found)


# -- targets that cannot, do not tell, or break


def test_a_turn_that_the_target_cannot_play_is_skipped_and_what_comes_after_it_too() -> None:
    story = played(f"> JOIN\n<~ {ASKED}\nwait 1d\n< never judged\n> YES\n= Declined", StillTarget())
    assert story.passed
    assert [one.skipped for one in story.performed] == [
        *("", ""),
        "its clock cannot be moved to 12:00",
        "it comes after line 4, which was skipped",
    ]
    assert [one.turn.line for one in story.skipped] == [4, 6]


def test_what_came_before_a_skipped_turn_is_judged() -> None:
    assert not played("> JOIN\nwait 1d", StillTarget()).passed


def test_a_state_or_refusal_that_the_target_does_not_tell_is_not_judged() -> None:
    story = played("> @web NEWS\n= Declined\n= NEWS: Declined\n= refused: stale", ReservedTarget())
    assert story.passed
    assert [found.found for found in story.performed[-1].found] == [None, None, None]


def test_a_target_that_breaks_ends_the_story_which_fails_and_is_closed() -> None:
    target = BreakingTarget()
    story = played(f"> JOIN\n<~ {ASKED}\nwait 1d\n> YES", target)
    assert story.broken == "a.story:4: it answered with status 500"
    assert (story.passed, len(story.performed), target.closed) == (False, 2, True)


@pytest.mark.parametrize(
    ("acts", "broken"),
    [
        ((Text("JOIN"),), "a story begins with its programmes"),
        ((Programs("built-in"), Again()), "nothing was texted yet"),
        ((Programs("built-in"), Wait(timedelta.max)), "the calendar ends with the year 9999"),
        ((Programs("built-in"), Text("A", ago=timedelta(days=999_999))), "before the year 1"),
        (
            (Programs("built-in"), Text("A"), At(datetime(2025, 1, 1, tzinfo=UTC))),
            "never goes back",
        ),
        ((Wait(timedelta(days=1)),), "a story begins with its programmes"),
        ((To("123456"),), "a story begins with its programmes"),
    ],
)
def test_a_story_made_by_hand_that_nobody_could_play_is_broken(
    acts: tuple[Text, ...], broken: str
) -> None:
    story = Story("a.story", "", (), tuple(Turn(act, line=1) for act in acts))
    assert broken in told(story).broken
