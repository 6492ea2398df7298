"""The start of the command line, beside the library that it is written with."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from tests.benchmarks.figures import Figure, ratio

HELP = (str(Path(sys.executable).with_name("optin-engine")), "--help")
TYPER = (sys.executable, "-c", "import typer")


def measure(rounds: int) -> Sequence[Figure]:
    """Give the figures of `optin-engine --help`, a child process each time.

    Args:
        rounds: of which the medians are taken.

    """
    # What is started first pays for reading the files from the disk.
    seconds(HELP), seconds(TYPER)
    ours, typers = zip(*((seconds(HELP), seconds(TYPER)) for _ in range(rounds)), strict=True)
    shown = median(ours) * 1_000
    return (
        Figure("optin-engine --help", "ms", shown, ratio(ours, typers), "typer", most=1.5),
        Figure("python -c 'import typer'", "ms", median(typers) * 1_000),
    )


def seconds(command: Sequence[str]) -> float:
    """Give the processor time of a command, the system's part in it."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
