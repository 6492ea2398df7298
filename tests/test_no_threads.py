"""Where the machine lets no thread be started for a while, nothing is stuck afterwards."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import pytest

from optin_engine.service.batches import Committed
from optin_engine.service.committer import Committer
from optin_engine.service.crew import Crew
from optin_engine.service.service import AsyncService
from optin_engine.stores import Store, Unavailable
from optin_engine.vocabulary import Inbound
from tests.faults.waiting import wait_until
from tests.serving import ANN, BOB, CODE, NOON, opening, said, serve, store
from tests.store_contract import mt

__all__ = ["opening", "store"]

INITIAL = ["Club: reply YES"]


@contextmanager
def no_threads(patched: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no thread be started, as a machine does that has too many."""

    def refuse(_: threading.Thread) -> None:
        message = "can't start new thread"
        raise RuntimeError(message)

    with patched.context() as within:
        within.setattr(threading.Thread, "start", refuse)
        yield


def test_a_coroutines_mo_that_no_thread_could_lead_is_taken_with_the_next_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def both() -> list[list[str]]:
        face = AsyncService(service)
        with no_threads(monkeypatch):
            first = asyncio.create_task(face.receive(CODE, ANN, Inbound("JOIN", NOON, "SM1")))
            await asyncio.wait([first], timeout=0)
        second = face.receive(CODE, BOB, Inbound("JOIN", NOON, "SM2"))
        async with asyncio.timeout(60):
            return [said(answer) for answer in await asyncio.gather(first, second)]

    with serve(store) as service:
        assert asyncio.run(both()) == [INITIAL, INITIAL]


def test_a_crew_that_could_not_begin_does_so_with_whatever_it_is_given_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[int] = []
    crew = Crew(lambda _, given: done.append(given.mt.id), 2)
    with no_threads(monkeypatch), pytest.raises(RuntimeError, match="start new thread"):
        crew.give((mt(1),), 0.0)
    crew.give((), 0.0)
    crew.dismiss(60)
    assert done == [1]


def test_who_waits_for_a_commit_that_ctrl_c_broke_off_is_told_so() -> None:
    begun, go_on, broken_off = (threading.Event() for _ in range(3))
    counts: list[int] = []

    def commit(jobs: Sequence[object], locked: Callable[[], None]) -> Committed:
        counts.append(len(jobs))
        if len(counts) > 1:
            broken_off.set()
            raise KeyboardInterrupt
        begun.set()
        assert go_on.wait(timeout=60)
        locked()
        assert broken_off.wait(timeout=60)
        return Committed([()] * len(jobs), (), NOON, 0, 0.0)

    def take() -> None:
        try:
            committer.take([])
        except (Unavailable, KeyboardInterrupt) as error:
            failures.append(type(error))

    def waits(many: int) -> bool:
        return committer.waiting() == many

    failures: list[type[BaseException]] = []
    committer = Committer(commit, at_once=2)
    threads = [threading.Thread(target=take, daemon=True) for _ in range(3)]
    threads[0].start()
    assert begun.wait(timeout=60)
    for place, thread in enumerate(threads[1:], 1):
        thread.start()
        wait_until(partial(waits, place), f"{place} wait")
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert counts == [1, 2]
    assert failures.count(KeyboardInterrupt) == failures.count(Unavailable) == 1
    committer.close()
