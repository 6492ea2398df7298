"""The library of stories: complete, each its own, well written, and noticing what breaks.

That they pass is seen where pytest collects them, and that they pass everywhere is in
`test_stories_everywhere`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import attrs
import pytest

from optin_engine.account import Account
from optin_engine.flow import Flow
from optin_engine.guards import Situation
from optin_engine.harness.rules import BY_ID, RULES
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.played import Played
from optin_engine.harness.stories.playing import play, programs_beside
from optin_engine.harness.stories.story import Story
from optin_engine.harness.stories.writing import written
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.lint import lint
from optin_engine.machines import FLOWS
from optin_engine.outcome import Row
from optin_engine.program import Code
from optin_engine.vocabulary import Hears, Says, State

LIBRARY = Path(__file__).parent / "stories"
STORIES = sorted(LIBRARY.rglob("*.story"))
DEFINITIONS = sorted(LIBRARY.rglob("*.toml"))

# A reader takes in a story at a glance.
LONGEST = 25


@cache
def story_of(path: Path) -> Story:
    return read_story(str(path), path.read_text(encoding="utf-8"))


def played(path: Path) -> Played:
    return play(story_of(path), EngineTarget(), programs_beside(path))


def name_of(path: Path) -> str:
    return str(path.relative_to(LIBRARY).with_suffix(""))


def is_remark(line: str) -> bool:
    return not line or line.startswith("#")


def elsewhere(row: Row) -> Iterator[Row]:
    """Give a row as it could be mistaken: it goes to another state, or is silent.

    A reassigned number is forgotten with all its subscriptions, wherever a row sends them; what
    a programme does not say to STOP or HELP the code says; and a question that expires and still
    waits would expire for ever.
    """
    if row.hears == Hears.DEACTIVATE:
        return
    for state in FLOWS[row.flow].states:
        if state != row.target and (row.hears, state) != (Hears.EXPIRE, State.IN_PROGRESS):
            yield attrs.evolve(row, target=state)
    if row.says not in {Says.NOTHING, Says.STOP, Says.HELP}:
        yield attrs.evolve(row, says=Says.NOTHING)
    if row.refusal is not None:
        yield attrs.evolve(row, refusal=None)


def test_there_are_enough_stories_and_none_is_told_twice() -> None:
    assert len(STORIES) >= 60
    titles = Counter(story_of(path).title for path in STORIES)
    turns = Counter(story_of(path).turns for path in STORIES)
    assert titles[""] == 0
    assert {*titles.values(), *turns.values()} == {1}


def test_every_rule_of_the_specification_is_shown() -> None:
    shown = {rule for path in STORIES for rule in story_of(path).rules}
    assert [rule.says for rule in RULES if rule.id not in shown] == []
    assert all(story_of(path).rules for path in STORIES)


def test_every_rule_has_an_id_and_a_sentence_of_its_own() -> None:
    assert len(BY_ID) == len({rule.says for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("path", STORIES, ids=name_of)
def test_a_story_is_short_and_written_as_the_recorder_would(path: Path) -> None:
    """Only remarks, blank lines and lengths of time are as their writer likes them best."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST
    told = [lines[0], *(line for line in lines[1:] if not is_remark(line))]
    recorded = written(story_of(path)).splitlines()
    for line, canonical in zip(told, recorded, strict=True):
        assert line == canonical or line.startswith("wait ")


@pytest.mark.parametrize("path", DEFINITIONS, ids=name_of)
def test_the_texts_of_a_story_are_as_carriers_and_the_law_want_them(path: Path) -> None:
    assert lint(Account.load(path)) == ()


def test_files_that_share_a_code_say_the_same_on_it() -> None:
    """A running service knows codes from one file; definitions alone can change in a story."""
    codes = defaultdict[str, set[Code]](set)
    for path in DEFINITIONS:
        for digits, code in Account.load(path).codes.items():
            codes[digits].add(attrs.evolve(code, programs=()))
    assert {digits for digits, said in codes.items() if len(said) > 1} == set()


def test_no_row_can_lead_elsewhere_without_a_story_that_notices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = defaultdict[Row, dict[Path, None]](dict)
    for path in STORIES:
        for row in played(path).rows():
            taken[row][path] = None
    step, mistaken = Flow.step, dict[Row, Row]()

    def mistaking(flow: Flow, state: str, hears: str, situation: Situation) -> Row:
        row = step(flow, state, hears, situation)
        return mistaken.get(row, row)

    monkeypatch.setattr(Flow, "step", mistaking)
    unnoticed = []
    for row, paths in taken.items():
        for other in elsewhere(row):
            mistaken.clear()
            mistaken[row] = other
            if all(played(path).passed for path in paths):
                unnoticed.append((str(row), str(other)))
    assert unnoticed == []
