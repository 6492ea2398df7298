"""Speed of the service beside the limits of what it stands on, as one Markdown table.

`python -m tests.benchmarks.service [--json FILE] [--only NAME]`; `--quick` tries that
everything runs. Each figure and its limit are taken in turn, round by round, on the same
machine, and the ratio is the median of the rounds' ratios. The servers are real ones, on
loopback; the files lie in the temporary directory, whose disk is what is measured.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs

from tests.benchmarks import http_figures, postgres_figures, scale, sqlite_figures
from tests.benchmarks.callers import serving
from tests.benchmarks.figures import Figure, measure
from tests.servers import running_postgres


@attrs.frozen
class Effort:
    """How much is measured.

    Attributes:
        rounds: of everything.
        mos: in each round.
        seconds: of pgbench in each round.
        contacts: of the large stores.

    """

    rounds: int = 5
    mos: int = 12_000
    seconds: int = 5
    contacts: int = 1_000_000


QUICK = Effort(rounds=1, mos=2_000, seconds=1, contacts=5_000)


def of_sqlite(effort: Effort) -> Sequence[Figure]:
    """Measure SQLite."""
    with TemporaryDirectory() as home:
        return sqlite_figures.measure(Path(home), effort.rounds, effort.mos)


def of_postgres(effort: Effort) -> Sequence[Figure]:
    """Measure PostgreSQL."""
    with running_postgres() as server:
        return postgres_figures.measure(server, effort.rounds, effort.mos, effort.seconds)


def of_http(effort: Effort) -> Sequence[Figure]:
    """Measure `POST /inbound`."""
    with TemporaryDirectory() as home:
        return http_figures.measure(Path(home), effort.rounds, effort.mos)


def of_scale(effort: Effort) -> Sequence[Figure]:
    """Measure what a large store costs."""
    with TemporaryDirectory() as home, running_postgres() as server:
        files = (f"sqlite:///{home}/{number}.db" for number in range(effort.rounds + 1))
        stores = {
            "memory": lambda: serving("memory:"),
            "SQLite": lambda: serving(next(files)),
            "PostgreSQL": lambda: serving(server.url(server.create_database())),
        }
        return [
            figure
            for name, empty in stores.items()
            for figure in scale.measure(name, empty, effort.rounds, effort.contacts)
        ]


PARTS: Mapping[str, Callable[[Effort], Sequence[Figure]]] = {
    "sqlite": of_sqlite,
    "postgres": of_postgres,
    "http": of_http,
    "scale": of_scale,
}


def main() -> None:
    """Measure, and print the table."""
    measure("The service, beside the limits it stands on.", PARTS, Effort(), QUICK)


if __name__ == "__main__":
    main()
