"""A store beside its bare database: the same rows, batch by batch, in turn."""

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any

from optin_engine.stores import Store
from tests.benchmarks.prepared import Prepared

Rows = Mapping[str, Sequence[Sequence[Any]]]


def kept_and_bare(
    store: Store,
    batches: Sequence[Prepared],
    written: Callable[[], Rows],
    insert: Callable[[Rows], None],
) -> tuple[float, float]:
    """Give the MOs a second of the store, and of bare statements with the rows that it wrote.

    Args:
        store: an empty one.
        batches: of MOs.
        written: reads the rows of the last batch.
        insert: writes rows elsewhere, in one transaction.

    """
    kept, bare = 0.0, 0.0
    for batch in batches:
        begun = perf_counter()
        batch.keep(store)
        kept += perf_counter() - begun
        rows = written()
        begun = perf_counter()
        insert(rows)
        bare += perf_counter() - begun
    mos = sum(len(batch.changes.mos) for batch in batches)
    return mos / kept, mos / bare
