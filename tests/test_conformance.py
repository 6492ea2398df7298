"""The report on a system: a wrong one is found out fault by fault, a right one is clean."""

from collections.abc import Sequence
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from optin_engine.harness.conformance import Judged, Standing, judge, show, to_json
from optin_engine.harness.rules import RULES
from optin_engine.harness.stories.playing import play, programs_beside
from optin_engine.harness.stories.story import Programs
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.harness.targets.opening import Options, open_targets
from tests.library import LIBRARY, STORIES, story_of
from tests.wrong_target import Fault, wrong_target

DOUBLE = "../programs/double.toml"

NAMED = {
    # fault                  the rule that it breaks
    Fault.LOWER_CASE_YES:    "yes-any-writing",
    Fault.FORGETS_PENDING:   "pending-kept",
    Fault.YES_AFTER_STOP:    "no-resurrection",
    Fault.REPEATS:           "retry",
}  # fmt: skip


@cache
def stories_of_double() -> Sequence[Path]:
    """Give the stories of the one programme that the sample target has."""
    return [
        path
        for path in STORIES
        if {DOUBLE}
        == {turn.act.file for turn in story_of(path).turns if isinstance(turn.act, Programs)}
    ]


def report(*faults: Fault) -> Sequence[Judged]:
    account = programs_beside(LIBRARY / "double" / "a.story")(DOUBLE)
    with (
        wrong_target(account, *faults) as target,
        open_targets(target.url, "twilio", Options(auth_token="")) as opened,
    ):
        return judge(
            play(story_of(path), opened(), programs_beside(path)) for path in stories_of_double()
        )


def broken(judged: Sequence[Judged]) -> dict[str, Judged]:
    return {one.rule.id: one for one in judged if one.standing == Standing.BROKEN}


def test_a_target_without_a_fault_gets_a_clean_report() -> None:
    judged = report()
    assert not broken(judged)
    assert {one.rule.id for one in judged if one.standing == Standing.KEPT} >= {*NAMED.values()}


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name.lower())
def test_each_planted_fault_is_named_with_a_conversation_that_shows_it(fault: Fault) -> None:
    judged = report(fault)
    found = broken(judged)[NAMED[fault]]
    assert found.broken_by is not None
    *before, last = found.broken_by.performed
    assert last.differs
    assert not any(one.differs for one in before)


def test_all_the_faults_together_are_all_named() -> None:
    assert {*NAMED.values()} <= {*broken(report(*Fault))}


def test_the_engine_keeps_every_rule_that_a_story_shows() -> None:
    played = [play(story_of(path), EngineTarget(), programs_beside(path)) for path in STORIES]
    assert {one.standing for one in judge(played)} == {Standing.KEPT}


def test_what_no_story_could_show_is_neither_kept_nor_broken_and_says_why() -> None:
    standing = {one.rule.id: one for one in report()}
    assert standing["expiry"].standing == Standing.NOT_SHOWN
    assert "clock cannot be moved" in standing["expiry"].why
    assert standing["own-code"].why == "no story shows it"


def test_the_report_shows_each_conversation_once_with_all_the_rules_that_it_breaks() -> None:
    judged, shown = report(Fault.LOWER_CASE_YES), StringIO()
    show(judged, Console(file=shown))
    text = shown.getvalue()
    for rule in broken(judged):
        assert f", {rule}, is broken: " in text
    stories = {one.broken_by.story.name for one in judged if one.broken_by}
    assert len(stories) < len(broken(judged))
    for story in stories:
        assert text.count(f"{story}:") == 1
    counts = [sum(one.standing == standing for one in judged) for standing in Standing]
    assert text.rstrip().endswith("{} kept, {} broken, {} not shown".format(*counts))


def test_the_report_as_json_has_every_rule_and_the_conversation_of_a_broken_one() -> None:
    told = {one["rule"]: one for one in to_json(report(Fault.REPEATS))}
    assert list(told) == [rule.id for rule in RULES]
    assert told["retry"]["standing"] == "broken"
    assert "    again" in told["retry"]["conversation"]
    assert told["help"] | {"stories": 0} == {
        "rule": "help",
        "section": "3.3",
        "says": next(rule.says for rule in RULES if rule.id == "help"),
        "standing": "kept",
        "stories": 0,
        "story": None,
        "conversation": [],
        "why": "",
    }
