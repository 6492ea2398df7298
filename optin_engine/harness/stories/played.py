"""A story that was played, as values: what came of each turn, and what differs."""

from collections.abc import Iterator
from datetime import datetime

import attrs

from optin_engine.harness.stories.story import Refused, Said, Stands, Story, Turn
from optin_engine.harness.targets.target import Came
from optin_engine.outcome import Row

NOTHING_CAME = Came()


@attrs.frozen
class Found:
    """What was found where a line of `stands` was held against the target; None: not told."""

    expected: Stands | Refused
    found: str | None

    @property
    def differs(self) -> bool:
        """Tell whether the target told, and told something else."""
        wanted = self.expected.state if isinstance(self.expected, Stands) else self.expected.refusal
        return self.found is not None and self.found != wanted

    @property
    def instead(self) -> Stands | Refused | None:
        """The line that would be right; None where the target does not tell."""
        if self.found is None:
            return None
        if isinstance(self.expected, Stands):
            return attrs.evolve(self.expected, state=self.found)
        return attrs.evolve(self.expected, refusal=self.found)


@attrs.frozen
class Performed:
    """One turn that was played.

    Attributes:
        turn: as the story has it.
        at: the story's clock before it.
        came: what came of it.
        said: what was said, as the story would have it (`number` empty for the usual one).
        found: what was found for each line of `turn.stands`.
        keywords: of the code that was texted.
        skipped: why the target was not asked; empty where it was.
        is_said: whether what was said is what had to be.

    """

    turn: Turn
    at: datetime
    came: Came = NOTHING_CAME
    said: tuple[Said, ...] = ()
    found: tuple[Found, ...] = ()
    keywords: tuple[str, ...] = ()
    skipped: str = ""
    is_said: bool = True

    @property
    def differs(self) -> bool:
        """Tell whether anything is not as the story has it."""
        return not self.is_said or any(found.differs for found in self.found)


@attrs.frozen
class Played:
    """A story that was played, to its end or to where the target broke.

    Attributes:
        story: the story.
        performed: its turns.
        broken: what ended it before its end: the target, or a file of definitions.
        seconds: how long it took.

    """

    story: Story
    performed: tuple[Performed, ...]
    broken: str = ""
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Tell whether all came as the story has it; what was skipped counts for nothing."""
        return not self.broken and not any(one.differs for one in self.performed)

    @property
    def skipped(self) -> tuple[Performed, ...]:
        """The turns that the target could not play."""
        return tuple(one for one in self.performed if one.skipped)

    def rows(self) -> Iterator[Row]:
        """Give every row that was taken, as far as the target tells."""
        for one in self.performed:
            yield from one.came.rows
