"""Batches of MOs decided beforehand, so that what a store needs to keep them can be timed.

The service itself decides them, over a store in memory; a real store is then given the same
contacts to lock, the same claims to look up, and the same changes to keep.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import attrs

from optin_engine.service.answer import Delivery
from optin_engine.service.arrivals import Arrival, Reception, Rules
from optin_engine.service.batches import Batches
from optin_engine.service.catalog import Catalog
from optin_engine.stores import Changes, Key, Store
from optin_engine.stores.memory import MemoryStore
from optin_engine.stores.memory_batch import MemoryBatch
from tests.benchmarks.mix import CODE, MO, definitions

# After every MO of the mix, so that none counts as coming from the future.
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@attrs.frozen
class Prepared:
    """One batch: whom it concerns, what its MOs are known by, and what is to be kept."""

    keys: Sequence[Key]
    claims: Sequence[bytes]
    changes: Changes

    def keep(self, store: Store) -> None:
        """Load and keep it, as the service does."""
        with store.batch(self.keys, self.claims) as batch:
            batch.commit(self.changes)


class Recorder(MemoryStore):
    """A store in memory that notes each batch."""

    def __init__(self) -> None:
        super().__init__()
        self.prepared: list[Prepared] = []

    @contextmanager
    def batch(self, keys: Sequence[Key], claims: Sequence[bytes] = ()) -> Iterator[MemoryBatch]:
        with super().batch(keys, claims) as batch:
            self.prepared.append(Prepared(keys, claims, Changes()))
            yield batch

    def keep(self, base: int, changes: Changes) -> None:
        self.prepared[-1] = attrs.evolve(self.prepared[-1], changes=changes)
        super().keep(base, changes)


def arrivals(mos: Sequence[MO]) -> Sequence[Arrival]:
    """Give MOs as the service takes them."""
    reception = Reception(Rules(), b"", lambda: LATER)
    return [reception.arrival(CODE, mo.number, mo.inbound, Delivery.OUTBOX) for mo in mos]


def prepare(mos: Sequence[MO], size: int) -> Sequence[Prepared]:
    """Decide MOs in batches.

    Args:
        mos: in their order.
        size: of a batch.

    """
    store = Recorder()
    catalog = Catalog(store, lambda: LATER)
    catalog.load(definitions())
    batches, works = Batches(store, catalog, Rules(), lambda: LATER), arrivals(mos)
    for start in range(0, len(works), size):
        batches.commit([[work] for work in works[start : start + size]])
    return store.prepared
