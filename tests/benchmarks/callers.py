"""Callers of a service over a real store: one that waits for each answer, or many at once."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter

from optin_engine.service.service import AsyncService, Service
from optin_engine.stores import open_store
from tests.benchmarks.mix import CODE, MO, definitions
from tests.benchmarks.prepared import LATER


@contextmanager
def serving(url: str) -> Iterator[Service]:
    """Run a service with the definitions of the mix over the store at a URL."""
    with open_store(url) as store, Service(store, clock=lambda: LATER) as service:
        service.catalog.load(definitions())
        yield service


def alone(service: Service, mos: Sequence[MO]) -> float:
    """Give the MOs a second of one caller that waits for each answer."""
    begun = perf_counter()
    for mo in mos:
        service.receive(CODE, mo.number, mo.inbound)
    return len(mos) / (perf_counter() - begun)


def together(service: Service, mos: Sequence[MO], callers: int) -> float:
    """Give the MOs a second of many callers at once, each of which waits for its answers."""
    return asyncio.run(_together(AsyncService(service), mos, callers))


async def _together(service: AsyncService, mos: Sequence[MO], callers: int) -> float:
    waiting = iter(mos)

    async def call() -> None:
        for mo in waiting:
            await service.receive(CODE, mo.number, mo.inbound)

    begun = perf_counter()
    await asyncio.gather(*(call() for _ in range(callers)))
    return len(mos) / (perf_counter() - begun)
