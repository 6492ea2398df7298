"""The fuzzer finds what is wrong: engines that were broken on purpose, each in one place.

A broken engine is made for an account of its own (another brand, which says nothing), because
phones of equal accounts share one engine.
"""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from itertools import count
from typing import Any
from unittest import mock

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optin_engine import machines
from optin_engine.account import Account
from optin_engine.harness import starter
from optin_engine.harness.fuzzing.fuzzer import Findings, drive, fuzz
from optin_engine.harness.fuzzing.game import Game
from optin_engine.harness.fuzzing.judges import EngineJudge, OracleJudge
from optin_engine.harness.fuzzing.pools import Acts, beginning
from optin_engine.harness.phone import NOON
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.playing import play
from optin_engine.harness.stories.story import At, Programs, Text
from optin_engine.harness.stories.writing import written
from optin_engine.harness.strategies import conversations, definitions
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.harness.targets.target import Came, TargetError
from optin_engine.tables import (
    ALWAYS,
    DECLINED,
    IN_PROGRESS,
    NONE,
    NOTHING,
    STAYS,
    SUBSCRIBED,
    UNSUBSCRIBED,
)
from optin_engine.vocabulary import Hears, Inbound, Says
from tests.wrong_rows import JOINS_IN_SILENCE, Row, with_row

JOIN, YES, STOP = Hears.JOIN, Hears.YES, Hears.STOP
A_MINUTE = 60.0
SOME = 100
NO_ANSWER = "no answer"


def branded(brand: str) -> Account:
    """Give the example account with an engine of its own."""
    codes = {digits: attrs.evolve(code, brand=brand) for digits, code in starter().codes.items()}
    return Account(codes)


# Each a line of the tables as it is, and as it would be wrong; the rule that breaks, and how many
# acts show it.
# fmt: off
ROWS: tuple[tuple[str, Row, Row, str, int], ...] = (
    ("Double",
     (IN_PROGRESS, YES, ALWAYS, SUBSCRIBED, Says.CONFIRMATION),
     (IN_PROGRESS, YES, ALWAYS, STAYS, Says.CONFIRMATION),          "double-yes", 2),
    ("Single",
     (SUBSCRIBED, JOIN, ALWAYS, STAYS, Says.DUPLICATE),
     (SUBSCRIBED, JOIN, ALWAYS, NONE, Says.DUPLICATE),              "duplicate", 2),
    ("Age",
     (DECLINED, JOIN, "cooling down", STAYS, Says.INVALID_AGE),
     (DECLINED, JOIN, "cooling down", IN_PROGRESS, Says.INITIAL),   "age-lock", 3),
    ("Contact",
     (UNSUBSCRIBED, STOP, "stop answered today", STAYS, NOTHING),
     (UNSUBSCRIBED, STOP, "stop answered today", STAYS, Says.STOP), "stop-message", 2),
)
# fmt: on
# fmt: on
PLACES: tuple[tuple[str, Any, str, int], ...] = (
    ("optin_engine.reading.SLIPS", frozenset(), "stop-slip", 1),
    ("optin_engine.engine.FROM_ANYWHERE", tuple(Hears), "handset-only", 1),
    ("optin_engine.facts.TAKES_AN_ATTEMPT", "no attempt", "attempts", 5),
    ("optin_engine.guards._within_a_day", lambda then, now: then == now, "stop-message", 2),
    ("optin_engine.engine._is_stale", lambda *_: False, "stale", 2),
)


def found_by(account: Account, **more: Any) -> Findings:
    return fuzz(account, "x.toml", EngineTarget, OracleJudge, seconds=A_MINUTE, seed=1, **more)


def assert_found(wrong: AbstractContextManager[object], rule: str, acts: int) -> None:
    """The rule is found where something is wrong; its story fails there, and only there."""
    account = branded(f"wrong {rule} {acts}")
    with wrong:
        findings = found_by(account, enough=1)
        (found,) = [one for one in findings.found if one.rule.id == rule]
        played = play(found.story, EngineTarget(), lambda _: account)
    assert [one.differs for one in played.performed].index(True) == found.place
    assert len(found.story.turns) <= acts + 1, written(found.story)
    assert read_story(found.story.name, written(found.story)) == found.story
    assert play(found.story, EngineTarget(), lambda _: branded("right")).passed


@pytest.mark.parametrize(("name", "old", "new", "rule", "acts"), ROWS)
def test_a_row_that_is_wrong_is_found_and_shown(
    name: str, old: Row, new: Row, rule: str, acts: int
) -> None:
    flow = with_row(name, old, new)
    assert_found(mock.patch.dict(machines.FLOWS, {name: flow}), rule, acts)


@pytest.mark.parametrize(("place", "wrong", "rule", "acts"), PLACES)
def test_whatever_else_is_wrong_is_found_and_shown(
    place: str, wrong: Any, rule: str, acts: int
) -> None:
    assert_found(mock.patch(place, wrong), rule, acts)


class Repeating(EngineTarget):
    """Says everything twice, and tells nothing but what it says."""

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        said = super().text(code, number, inbound, now).said
        return Came((*said, *said), tells_refusals=False)


class Fragile(EngineTarget):
    """Fails on an empty text."""

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        assert 1 // len(inbound.text) < 2
        return super().text(code, number, inbound, now)


class Gone(EngineTarget):
    """Is not there."""

    def define(self, account: Account, at: datetime) -> None:
        super().define(account, at)
        raise TargetError(NO_ANSWER)


def test_another_system_is_judged_by_the_engine() -> None:
    findings = fuzz(starter(), "x.toml", Repeating, EngineJudge, seconds=A_MINUTE, seed=1, enough=1)
    (found, *_) = findings.found
    assert found.rule.id == "one-mt"
    assert len(found.story.turns) == 1 + 1
    assert [message.text for message in found.judged.came.said] == [
        found.judged.must.said[0].text
    ] * 2


def test_a_text_that_a_target_dies_of_is_a_finding_and_no_error() -> None:
    findings = fuzz(starter(), "x.toml", Fragile, EngineJudge, seconds=A_MINUTE, seed=1, enough=1)
    (found,) = findings.found
    assert found.rule.id == "bounded"
    assert found.story.turns[-1].act == Text("")
    assert found.judged.crash.startswith("ZeroDivisionError")


def test_a_target_that_is_not_there_ends_the_search() -> None:
    with pytest.raises(TargetError, match=NO_ANSWER):
        fuzz(starter(), "x.toml", Gone, EngineJudge, seconds=A_MINUTE, seed=1)


def test_whoever_interrupts_the_search_is_told_what_was_found() -> None:
    def interrupt(examples: int, found: int) -> None:
        if found:
            raise KeyboardInterrupt(examples)

    findings = fuzz(
        starter(), "x.toml", Repeating, EngineJudge, seconds=A_MINUTE, seed=1, tell=interrupt
    )
    (found,) = findings.found
    assert found.rule.id == "one-mt"
    assert len(found.story.turns) == 1 + 1


@pytest.mark.parametrize("judge", [OracleJudge, EngineJudge])
def test_the_right_engine_breaks_nothing_by_either_judge(
    judge: type[OracleJudge | EngineJudge],
) -> None:
    asked = count()
    findings = fuzz(
        *(starter(), "x.toml", EngineTarget, judge),
        seconds=A_MINUTE,
        seed=5,
        is_ended=lambda: next(asked) == SOME,
    )
    assert findings.found == ()
    assert findings.examples == SOME


@pytest.mark.parametrize("other", [1, 2])
def test_the_seed_alone_decides_what_is_played(other: int) -> None:
    one, two = list[Acts](), list[Acts]()
    drive(starter(), 20, 1, one.append)
    drive(starter(), 20, other, two.append)
    assert (one == two) == (other == 1)


@given(given_=definitions(), data=st.data())
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_the_engine_does_what_the_oracle_says_with_any_definitions(
    given_: dict[str, list[dict[str, Any]]], data: st.DataObject
) -> None:
    account = Account.from_dict(given_)
    begin = beginning(account, NOON)
    acts = data.draw(conversations(account, begin))
    Game(account, "x.toml", EngineTarget, OracleJudge, begin).play(acts)


def one_programme(**dates: str) -> Account:
    """Give an account of one programme, with dates and a time zone."""
    place = {"shortCode": "123456", "countryCode": "US"}
    said = {"messageName": "News", "keyword": "NEWS", "responseMessage": "Hi"}
    program = {**place, **said, "messageOptInType": "Single", **dates}
    return Account.from_dict({"codes": [place], "programs": [program]})


def test_the_clock_begins_where_the_programmes_run() -> None:
    account = one_programme(startDate="2030-06-01", timeZone="America/New_York")
    assert beginning(account, NOON) == datetime(2030, 6, 1, 4, tzinfo=UTC)
    with mock.patch.dict(machines.FLOWS, {"Single": JOINS_IN_SILENCE}):
        (found,) = found_by(account, enough=1).found
    programs, at, last = (turn.act for turn in found.story.turns)
    assert (programs, at) == (Programs("x.toml"), At(datetime(2030, 6, 1, 4, tzinfo=UTC)))
    assert isinstance(last, Text)


@pytest.mark.parametrize("day", ["1950-06-01", "3500-06-01", "9999-12-31"])
def test_the_clock_begins_where_a_story_can(day: str) -> None:
    assert beginning(one_programme(startDate=day, endDate=day), NOON) == NOON
