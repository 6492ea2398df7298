"""Speed of the harness beside what it stands on, as one Markdown table.

`python -m tests.benchmarks.harness [--json FILE] [--only NAME]`; `--quick` tries that
everything runs. Each figure and its measure are taken in turn, round by round, on the same
machine, and the ratio is the median of the rounds' ratios. The clock counts the time of the
process that does it, its own or a child's.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import attrs

from tests.benchmarks import fuzz_figures, help_figures, story_figures
from tests.benchmarks.figures import Figure, measure

STORIES = Path(__file__).parents[1] / "stories"


@attrs.frozen
class Effort:
    """How much is measured.

    Attributes:
        rounds: of everything.
        conversations: of the fuzzer, in each round.
        starts: of the command line.

    """

    rounds: int = 9
    conversations: int = 500
    starts: int = 31


QUICK = Effort(rounds=1, conversations=10, starts=1)


def of_stories(effort: Effort) -> Sequence[Figure]:
    """Measure stories beside their bare `receive` calls."""
    return story_figures.measure(sorted(STORIES.rglob("*.story")), effort.rounds)


def of_fuzzing(effort: Effort) -> Sequence[Figure]:
    """Measure `fuzz` beside its strategies alone."""
    return fuzz_figures.measure(effort.rounds, effort.conversations)


def of_help(effort: Effort) -> Sequence[Figure]:
    """Measure `--help` beside `import typer`."""
    return help_figures.measure(effort.starts)


PARTS: Mapping[str, Callable[[Effort], Sequence[Figure]]] = {
    "stories": of_stories,
    "fuzz": of_fuzzing,
    "help": of_help,
}


def main() -> None:
    """Measure, and print the table."""
    measure("The harness, beside what it stands on.", PARTS, Effort(), QUICK)


if __name__ == "__main__":
    main()
