"""The cost of an MO where a store knows a million contacts, beside one that knows a thousand.

Everybody has texted a keyword before, so a store also has a record, an MO and an MT for each.
Then a thousand of them write, the same texts in both; in the large store they are others in
every round, spread over all of it.
"""

import gc
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from statistics import median
from time import perf_counter

import attrs

from optin_engine.service.claims import claim_of_id
from optin_engine.service.service import Service
from optin_engine.stores import Changes, Due, Store
from tests.benchmarks import mix
from tests.benchmarks.callers import together
from tests.benchmarks.figures import Figure, ratio
from tests.benchmarks.mix import CODE, MO, number_of
from tests.benchmarks.prepared import prepare

FEW = 1_000
BATCH = 1_000
CALLERS = 64

Serving = Callable[[], AbstractContextManager[Service]]


def measure(name: str, serving: Serving, rounds: int, contacts: int) -> Sequence[Figure]:
    """Give the figures of one store.

    Args:
        name: of the store.
        serving: runs a service over an empty store of that kind.
        rounds: of which the medians are taken.
        contacts: of the large store.

    """
    with serving() as large:
        populate(large.store, contacts)
        # An odd distance, so that everybody stays with the same programme.
        apart = (contacts // FEW - 1) | 1
        crowded = [_cost(large, apart, place) for place in range(rounds)]
    alone = []
    for _ in range(rounds):
        with serving() as small:
            populate(small.store, FEW)
            alone.append(_cost(small, 1, 0))
    what, times = f"{name}, {contacts:,} contacts", ratio(crowded, alone)
    return (
        Figure(what, "us an MO", median(crowded), times, f"{FEW:,} contacts", most=1.3),
        Figure(f"{name}, {FEW:,} contacts", "us an MO", median(alone)),
    )


def populate(store: Store, contacts: int) -> None:
    """Let everybody have texted a keyword, without deciding it anew for each."""
    (joined,) = prepare(mix.joins(2), 2)
    for start in range(0, contacts, BATCH):
        numbers = range(start, min(start + BATCH, contacts))
        with store.batch([(CODE, number_of(number)) for number in numbers]) as batch:
            batch.commit(_alike(joined.changes, numbers, batch.base))


def _alike(joined: Changes, numbers: range, base: int) -> Changes:
    """Give the changes of a contact of the same programme, with another number, for each."""
    contacts, records, mos, mts = [], [], [], []
    for place, which in enumerate(numbers):
        number, one = number_of(which), which % 2
        due, record, mo, mt = (
            getattr(joined, name)[one] for name in ("contacts", "records", "mos", "mts")
        )
        claim = claim_of_id(CODE, number, "join")
        contacts.append(Due(attrs.evolve(due.contact, number=number), due.at))
        records.append(attrs.evolve(record, number=number))
        first = base + 2 * place
        mos.append(attrs.evolve(mo, id=first, number=number, claim=claim))
        mts.append(attrs.evolve(mt, id=first + 1, mo=first, number=number))
    return Changes(contacts, records, mos, mts)


def _cost(service: Service, stride: int, place: int) -> float:
    """Give the microseconds an MO, of a thousand contacts so far apart."""
    mos = [_from(mo, stride, place) for mo in _texts(place)]
    gc.collect()
    begun = perf_counter()
    together(service, mos, CALLERS)
    return (perf_counter() - begun) / len(mos) * 1e6


def _texts(place: int) -> Sequence[MO]:
    """Give one MO for each of a thousand contacts."""
    found: dict[str, MO] = {}
    for mo in mix.mix(8 * FEW, FEW):
        found.setdefault(mo.number, mo)
    return [
        attrs.evolve(mo, inbound=attrs.evolve(mo.inbound, id=f"{place}-{mo.inbound.id}"))
        for mo in found.values()
    ]


def _from(mo: MO, stride: int, place: int) -> MO:
    """Give an MO from another contact of the same programme."""
    which = int(mo.number[-7:])
    return attrs.evolve(mo, number=number_of(which * stride + 2 * place))
