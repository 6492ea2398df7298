"""PostgreSQL: what the service makes of a server, beside what pgbench and bare SQL do."""

from collections.abc import Sequence
from functools import partial
from statistics import median

import psycopg

from optin_engine.stores import open_store
from tests.benchmarks import mix
from tests.benchmarks.bare_postgres import Reader, insert_all, pgbench
from tests.benchmarks.callers import serving, together
from tests.benchmarks.figures import Figure, ratio
from tests.benchmarks.prepared import Prepared, prepare
from tests.benchmarks.side_by_side import kept_and_bare
from tests.servers import Server

BATCH = 1000
CALLERS = 64
CLIENTS = 16


def measure(server: Server, rounds: int, mos: int, seconds: int) -> Sequence[Figure]:
    """Give every figure of PostgreSQL.

    Args:
        server: which runs, on the same machine.
        rounds: of which the medians are taken.
        mos: in each round.
        seconds: of pgbench in each round.

    """
    contacts = mos // 4
    joins, mixed = mix.joins(contacts), mix.mix(mos, contacts)
    large = prepare([*joins, *mixed], BATCH)
    of_1000 = {"contacts": contacts, **_of_1000(large[len(joins) // BATCH :])}
    batches, grouped, benched = [], [], []
    for _ in range(rounds):
        batches.append(_beside(server, large))
        with serving(server.url(server.create_database())) as service:
            together(service, joins, BATCH)
            grouped.append(together(service, mixed, CALLERS))
        empty = server.create_database()
        open_store(server.url(empty)).close()
        benched.append(pgbench(server, empty, CLIENTS, seconds, of_1000))
    kept, raw = zip(*batches, strict=True)
    what = f"PostgreSQL, batches of {BATCH:,}"
    many = f"PostgreSQL, {CALLERS} callers"
    return (
        Figure(many, "MOs/s", median(grouped), ratio(grouped, benched), "pgbench", least=1),
        Figure(f"pgbench, {CLIENTS} clients, one statement an MO", "MOs/s", median(benched)),
        Figure(f"{what}: the store", "MOs/s", median(kept), ratio(kept, raw), "raw", least=0.6),
        Figure(f"{what}: bare unnest", "MOs/s", median(raw)),
    )


def _beside(server: Server, batches: Sequence[Prepared]) -> tuple[float, float]:
    kept, raw = (server.url(server.create_database()) for _ in range(2))
    open_store(raw).close()
    with (
        open_store(kept) as store,
        psycopg.connect(kept, autocommit=True) as reading,
        psycopg.connect(raw, autocommit=True) as writing,
    ):
        return kept_and_bare(store, batches, Reader(reading).written, partial(insert_all, writing))


def _of_1000(batches: Sequence[Prepared]) -> dict[str, int]:
    """Give how many records and MTs 1,000 MOs of the mix write."""
    mos = sum(len(batch.changes.mos) for batch in batches)
    records = sum(len(batch.changes.records) for batch in batches)
    mts = sum(len(batch.changes.mts) for batch in batches)
    return {"records": 1000 * records // mos, "mts": 1000 * mts // mos}
