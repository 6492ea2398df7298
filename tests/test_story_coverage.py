"""The stories alone take every row of every machine that a conversation can take."""

from pathlib import Path

from optin_engine.harness.stories.coverage import Coverage, coverage_lines
from optin_engine.harness.stories.running import run, stories_in
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.machines import FLOWS

FOLDER = Path(__file__).parent / "stories"


def test_the_stories_alone_take_every_row_that_a_conversation_can_take() -> None:
    played = list(run(stories_in([FOLDER]), EngineTarget, jobs=1))
    # What a story does not expect may be an accident, so only stories that pass count.
    assert [story.story.name for story in played if not story.passed] == []
    coverage = Coverage.of((row for story in played for row in story.rows()), FLOWS.values())
    assert not coverage.missing, "\n".join(coverage_lines(coverage))
