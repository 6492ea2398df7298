"""SQLite: what the service makes of a file, beside what the bare file allows."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median

from optin_engine.stores import open_store
from tests.benchmarks import mix
from tests.benchmarks.bare_sqlite import Reader, connected, insert_all
from tests.benchmarks.callers import alone, serving, together
from tests.benchmarks.figures import Figure, ratio
from tests.benchmarks.prepared import Prepared, prepare
from tests.benchmarks.side_by_side import kept_and_bare

BATCH = 1000
CALLERS = 64


def measure(home: Path, rounds: int, mos: int) -> Sequence[Figure]:
    """Give every figure of SQLite.

    Args:
        home: a folder on the disk that is measured.
        rounds: of which the medians are taken.
        mos: in each round.

    """
    contacts = mos // 4
    joins, mixed = mix.joins(contacts), mix.mix(mos, contacts)
    large, single = prepare([*joins, *mixed], BATCH), prepare(mixed, 1)
    batches, transactions, one, many = [], [], [], []
    for number in range(rounds):
        room = home / str(number)
        room.mkdir()
        batches.append(_beside(room / "batches", large))
        transactions.append(_beside(room / "single", single))
        with serving(f"sqlite:///{room / 'served.db'}") as service:
            together(service, joins, BATCH)
            one.append(alone(service, mixed[:contacts]))
            many.append(together(service, mixed[contacts:], CALLERS))
    kept, raw = zip(*batches, strict=True)
    stored, bare = zip(*transactions, strict=True)
    what = f"SQLite, batches of {BATCH:,}"
    lone = "SQLite, an MO a transaction"
    return (
        Figure(f"{what}: the store", "MOs/s", median(kept), ratio(kept, raw), "raw", least=0.5),
        Figure(f"{what}: raw executemany", "MOs/s", median(raw)),
        Figure(f"{lone}: the service", "MOs/s", median(one), ratio(one, bare), "bare", least=0.6),
        Figure(f"{lone}: the store alone", "MOs/s", median(stored), ratio(stored, bare), "bare"),
        Figure(f"{lone}: bare SQLite", "MOs/s", median(bare)),
        Figure(
            f"SQLite, {CALLERS} callers", "MOs/s", median(many), ratio(many, one), "one", least=5
        ),
    )


def _beside(path: Path, batches: Sequence[Prepared]) -> tuple[float, float]:
    kept, raw = path.with_suffix(".kept"), path.with_suffix(".raw")
    reader, insert = Reader(connected(kept)), partial(insert_all, connected(raw))
    with open_store(f"sqlite:///{kept}") as store:
        return kept_and_bare(store, batches, reader.written, insert)
