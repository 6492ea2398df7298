"""Stories, read and played, beside the bare `receive` calls that they come down to."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import process_time
from unittest.mock import patch

import attrs

from optin_engine.engine import Engine
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.played import Played
from optin_engine.harness.stories.playing import play, programs_beside
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.outcome import Outcome
from optin_engine.vocabulary import Contact, Inbound
from tests.benchmarks.figures import Figure, ratio

Call = tuple[Engine, Contact, Inbound]


class FailedError(Exception):
    """A story does not come as it is written: what it costs tells nothing."""


@attrs.frozen
class Told:
    """A story, and the calls of `receive` that it makes."""

    path: Path
    text: str
    calls: Sequence[Call]


def tell(path: Path) -> Told:
    """Play a story once, and keep the calls that it makes.

    Raises:
        FailedError: it fails.

    """
    calls, receive = list[Call](), Engine.receive

    def kept(engine: Engine, contact: Contact, inbound: Inbound) -> Outcome:
        calls.append((engine, contact, inbound))
        return receive(engine, contact, inbound)

    told = Told(path, path.read_text(encoding="utf-8"), calls)
    with patch.object(Engine, "receive", kept):
        played = _played(told)
    if not played.passed:
        raise FailedError(str(path))
    return told


def measure(paths: Sequence[Path], rounds: int) -> Sequence[Figure]:
    """Give the figures of the stories together; those that text nothing are left out.

    Args:
        paths: of the stories.
        rounds: of which the medians are taken.

    Raises:
        FailedError: one of them fails.

    """
    stories = [told for told in map(tell, paths) if told.calls]
    played, bare = list[float](), list[float]()
    for _ in range(rounds):
        begun = process_time()
        for told in stories:
            _played(told)
        between = process_time()
        for told in stories:
            for engine, contact, inbound in told.calls:
                engine.receive(contact, inbound)
        played.append((between - begun) / len(stories) * 1_000_000)
        bare.append((process_time() - between) / len(stories) * 1_000_000)
    what = f"{len(stories)} stories, read and played"
    return (
        Figure(what, "us each", median(played), ratio(played, bare), "bare", most=10),
        Figure("their calls of receive, bare", "us each", median(bare)),
    )


def _played(told: Told) -> Played:
    story = read_story(told.path.name, told.text)
    return play(story, EngineTarget(), programs_beside(told.path))
