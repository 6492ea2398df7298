"""What the fuzzer found is written as a story that fails where the rule is broken, for that."""

from datetime import datetime

import attrs

from optin_engine.harness import starter
from optin_engine.harness.fuzzing.fuzzer import fuzz
from optin_engine.harness.fuzzing.judges import EngineJudge
from optin_engine.harness.stories.playing import play
from optin_engine.harness.stories.writing import written
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.harness.targets.target import Came
from optin_engine.vocabulary import Inbound, Refusal


class Refusing(EngineTarget):
    """Does as the engine does, and says of each text that it refused it."""

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        return attrs.evolve(super().text(code, number, inbound, now), refused=Refusal.STALE)


def test_a_refusal_that_must_not_be_is_seen_in_the_story() -> None:
    findings = fuzz(starter(), "x.toml", Refusing, EngineJudge, seconds=60.0, seed=1, enough=1)
    story = findings.found[0].story
    assert "= not refused\n" in written(story)
    assert not play(story, Refusing(), lambda _: starter()).passed
    assert play(story, EngineTarget(), lambda _: starter()).passed
