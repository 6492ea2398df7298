"""Group commit: nobody is answered before the disk, and one's failure is one's own."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import Context
from typing import TypeVarTuple

import pytest

from optin_engine.account import UnknownCode
from optin_engine.service.answer import Answer, Heard
from optin_engine.service.service import AsyncService, Service
from optin_engine.stores import Fate, Mt, Store, Unavailable, open_store
from optin_engine.vocabulary import Hears, Inbound, Instruction, Origin, State
from tests.faults.waiting import wait_until
from tests.serving import ANN, BOB, CODE, NOON, Phone, Strained, opening, said, serve, store

__all__ = ["opening", "store"]

Ts = TypeVarTuple("Ts")
JOIN = Inbound("JOIN", NOON, "SM1")
INITIAL = ["Club: reply YES"]


class Notes:
    """An observer that keeps what it is told."""

    def __init__(self) -> None:
        self.heard: list[Sequence[Heard]] = []
        self.repeated: list[int] = []
        self.told = threading.Semaphore(0)

    def committed(self, heard: Sequence[Heard], *, repeated: int, seconds: float) -> None:
        assert seconds > 0
        self.heard.append(heard)
        self.repeated.append(repeated)
        self.told.release()

    def settled(self, mts: Sequence[tuple[Mt, Fate]]) -> None: ...


class Clumsy(Notes):
    """An observer that fails, with a number in its mouth."""

    def committed(self, heard: Sequence[Heard], *, repeated: int, seconds: float) -> None:
        super().committed(heard, repeated=repeated, seconds=seconds)
        raise RuntimeError(ANN)


@pytest.fixture
def strained(store: Store) -> Strained:
    return Strained(store)


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def service(strained: Strained, notes: Notes) -> Iterator[Service]:
    with serve(strained.as_store(), observers=[Clumsy(), notes]) as service:
        yield service
        strained.gate.set()


def number_of(place: int) -> str:
    return f"+1555555{place:04}"


def sizes(strained: Strained) -> list[int]:
    return [len(changes.mos) for changes in strained.commits]


def until(happened: Callable[[], bool]) -> None:
    """Wait for a condition, half a minute at most."""
    deadline, pause = time.monotonic() + 30, threading.Event()
    while not happened():
        assert time.monotonic() < deadline
        pause.wait(0.001)


@contextmanager
def held_up(service: Service, strained: Strained) -> Iterator[ThreadPoolExecutor]:
    """Hold up the commit of a first MO while others arrive; let go of it in the end."""
    with ThreadPoolExecutor(40) as pool:
        strained.gate.clear()
        first = pool.submit(service.receive, CODE, number_of(9999), JOIN)
        assert strained.entered.acquire(timeout=30)
        yield pool
        assert not first.done()
        strained.gate.set()
        assert said(first.result(timeout=30)) == INITIAL


def test_what_arrives_during_a_commit_goes_into_the_next_and_is_answered_after_it(
    service: Service, strained: Strained
) -> None:
    with held_up(service, strained) as pool:
        others = [pool.submit(service.receive, CODE, number_of(n), JOIN) for n in range(30)]
        until(lambda: service.committer.waiting() == 30)
        assert not any(other.done() for other in others)
        assert strained.commits == []
    assert [said(other.result(timeout=30)) for other in others] == [INITIAL] * 30
    assert sizes(strained) == [1, 30]


def test_a_batch_takes_a_thousand_and_parts_no_group(service: Service, strained: Strained) -> None:
    async def everyone() -> None:
        face = AsyncService(service)
        singles = [face.receive(CODE, number_of(n), JOIN) for n in range(900)]
        group = face.queue_mo(CODE, [number_of(n) for n in range(1000, 1250)], "JOIN")
        await asyncio.gather(*singles, group)

    with held_up(service, strained) as pool:
        crowd = pool.submit(asyncio.run, everyone())
        until(lambda: service.committer.waiting() == 901)
    crowd.result(timeout=30)
    many = [service.arrival(CODE, number_of(n), JOIN) for n in range(2000, 3001)]
    assert len(service.receive_all(many)) == 1001
    assert sizes(strained) == [1, 900, 250, 1001]


def test_a_commit_that_fails_answers_nobody_with_success_and_leaves_nothing(
    service: Service, strained: Strained, store: Store
) -> None:
    async def everyone() -> list[Answer | BaseException]:
        face = AsyncService(service)
        waiting = [face.receive(CODE, number_of(n), JOIN) for n in range(5)]
        return await asyncio.gather(*waiting, return_exceptions=True)

    with held_up(service, strained) as pool:
        crowd = pool.submit(asyncio.run, everyone())
        alone = pool.submit(service.receive, CODE, ANN, JOIN)
        until(lambda: service.committer.waiting() == 6)
        strained.faults = ["pass", "commit"]
    errors = [*crowd.result(timeout=30), alone.exception(timeout=30)]
    assert [type(error) for error in errors] == [Unavailable] * 6
    assert len(set(map(id, errors))) == 6
    assert [store.contacts(number) for number in (ANN, number_of(0))] == [(), ()]
    assert said(service.receive(CODE, ANN, JOIN)) == INITIAL


def test_a_store_lost_before_anything_was_written_is_tried_once_more(
    service: Service, strained: Strained
) -> None:
    strained.faults = ["load"]
    assert said(Phone(service).texts("JOIN")) == INITIAL
    strained.faults = ["load", "load"]
    with pytest.raises(Unavailable):
        Phone(service).texts("YES")
    assert strained.faults == []
    assert Phone(service).texts("YES").state == State.SUBSCRIBED


def test_a_commit_is_never_tried_twice_but_a_retry_of_the_mo_finds_it(
    service: Service, strained: Strained
) -> None:
    strained.faults = ["leave"]
    with pytest.raises(Unavailable):
        service.receive(CODE, ANN, JOIN)
    assert sizes(strained) == [1]
    assert said(service.receive(CODE, ANN, JOIN)) == INITIAL
    assert sizes(strained) == [1]


def test_one_that_fails_fails_alone(service: Service, strained: Strained) -> None:
    with held_up(service, strained) as pool:
        jobs = [pool.submit(service.receive, code, ANN, JOIN) for code in (CODE, "777777")]
        until(lambda: service.committer.waiting() == 2)
    assert said(jobs[0].result(timeout=30)) == INITIAL
    assert isinstance(jobs[1].exception(timeout=30), UnknownCode)
    assert sizes(strained) == [1, 1]


def test_a_retry_alone_writes_nothing(service: Service, strained: Strained) -> None:
    assert service.receive(CODE, ANN, JOIN) == service.receive(CODE, ANN, JOIN)
    assert len(strained.commits) == 1


class Counting(asyncio.SelectorEventLoop):
    """An event loop that counts the calls that other threads make into it."""

    calls = 0

    def call_soon_threadsafe(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        self.calls += 1
        return super().call_soon_threadsafe(callback, *args, context=context)


def test_the_coroutines_of_a_batch_are_woken_by_one_call_into_their_loop(
    service: Service, strained: Strained
) -> None:
    loop, face = Counting(), AsyncService(service)

    async def everyone() -> None:
        await asyncio.gather(*(face.receive(CODE, number_of(n), JOIN) for n in range(50)))

    with held_up(service, strained) as pool:
        crowd = pool.submit(loop.run_until_complete, everyone())
        until(lambda: service.committer.waiting() == 50)
    crowd.result(timeout=30)
    loop.close()
    assert (sizes(strained), loop.calls) == ([1, 50], 1)


def test_what_a_cancelled_coroutine_brought_is_taken_all_the_same(
    service: Service, strained: Strained
) -> None:
    async def impatient() -> None:
        task = asyncio.ensure_future(AsyncService(service).receive(CODE, ANN, JOIN))
        await asyncio.to_thread(until, lambda: service.committer.waiting() == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with held_up(service, strained):
        asyncio.run(impatient())
    assert Phone(service, BOB).texts("JOIN").state == State.IN_PROGRESS
    assert Phone(service).state() == State.IN_PROGRESS


def test_an_answer_that_comes_after_its_loop_was_closed_harms_nobody(
    service: Service, strained: Strained, caplog: pytest.LogCaptureFixture
) -> None:
    with held_up(service, strained):
        loop = asyncio.new_event_loop()
        face = AsyncService(service)
        task = loop.create_task(face.receive(CODE, ANN, JOIN))
        loop.call_soon(loop.stop)
        loop.run_forever()
        task.cancel()
        loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
        loop.close()
    assert Phone(service, BOB).texts("JOIN").state == State.IN_PROGRESS
    assert Phone(service).state() == State.IN_PROGRESS
    # The thread that had an answer for nobody says so when it likes.
    wait_until(lambda: "event loop closed unanswered=1" in caplog.messages, "it is said")


def test_the_faces_of_coroutines_do_what_those_of_threads_do(service: Service) -> None:
    face = AsyncService(service)

    async def scene() -> list[str]:
        first = await face.receive(CODE, ANN, JOIN)
        (second,) = await face.queue_mo(CODE, {BOB: ["bob"]}, "JOIN", Origin.WEB)
        assert service.numbers_of(["bob"]) == {"bob": (BOB,)}
        third = await face.instruct(CODE, BOB, Instruction(Hears.DEACTIVATE, NOON))
        assert await face.queue_mo(CODE, [], "JOIN") == ()
        with pytest.raises(UnknownCode):
            await face.receive("777777", ANN, JOIN)
        return [first.state, second.state, third.state]

    assert asyncio.run(scene()) == [State.IN_PROGRESS, State.IN_PROGRESS, State.NONE]


def test_closing_finishes_what_was_taken_and_then_takes_nothing(
    service: Service, strained: Strained
) -> None:
    with held_up(service, strained) as pool:
        waiting = pool.submit(service.receive, CODE, ANN, JOIN)
        until(lambda: service.committer.waiting() == 1)
        closing = pool.submit(service.close)
        until(lambda: service.committer.is_closed)
        with pytest.raises(Unavailable, match="The service is closed"):
            service.receive(CODE, BOB, JOIN)
        assert not closing.done()
    assert said(waiting.result(timeout=30)) == INITIAL
    closing.result(timeout=30)
    service.close()


def test_observers_are_told_of_each_commit_though_one_of_them_fails(
    service: Service, notes: Notes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        group = [service.arrival(CODE, ANN, JOIN)] * 2
        service.receive_all([*group, service.arrival(CODE, ANN, Inbound("y", NOON, "SM2"))])
        assert notes.told.acquire(timeout=30)
    assert notes.repeated == [1]
    ((join, yes),) = notes.heard
    assert (join.before.sequence, join.outcome.state, join.refused) == (0, "In Progress", None)
    assert (yes.before, yes.origin, yes.at) == (join.outcome.contact, Origin.HANDSET, NOON)
    assert yes.committed_at >= NOON
    assert caplog.messages == ["observer failed observer=Clumsy error=RuntimeError"]
    assert ANN not in caplog.text


def test_observers_are_told_of_deadlines_and_of_limits(store: Store, notes: Notes) -> None:
    with serve(store, observers=[notes]) as service:
        service.queue_mo(CODE, ["+447700900123"], "JOIN")
        assert notes.told.acquire(timeout=30)
        Phone(service).texts("JOIN")
        assert notes.told.acquire(timeout=30)
        service.tick()
    assert [heard.refused for (heard,) in notes.heard] == ["country not allowed", None]


def test_the_mos_of_a_contact_keep_their_order_where_batches_overlap(postgres: str) -> None:
    async def everyone(face: AsyncService) -> Sequence[Answer]:
        texts = [("JOIN", "a"), ("YES", "b")]
        mos = [(n, Inbound(text, NOON, mo_id)) for n in range(400) for text, mo_id in texts]
        return await asyncio.gather(*(face.receive(CODE, number_of(n), mo) for n, mo in mos))

    with open_store(postgres) as store, serve(store) as service:
        assert store.at_once > 1
        answers = asyncio.run(everyone(AsyncService(service)))
    assert {answer.state for answer in answers[1::2]} == {State.SUBSCRIBED}
