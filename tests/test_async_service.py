"""The service to coroutines: they wait for a commit without a thread, and may go away."""

import asyncio
from collections.abc import Callable, Sequence
from contextvars import Context
from typing import TypeVarTuple

import pytest

from optin_engine.account import UnknownCode
from optin_engine.service.answer import Answer
from optin_engine.service.service import AsyncService, Service
from optin_engine.stores import open_store
from optin_engine.vocabulary import Hears, Inbound, Instruction, Origin, State
from tests.faults.waiting import wait_until
from tests.held_up import (
    JOIN,
    held_up,
    notes,
    number_of,
    service,
    sizes,
    strained,
    until_waiting,
)
from tests.serving import ANN, BOB, CODE, NOON, Phone, Strained, opening, serve, store

__all__ = ["notes", "opening", "service", "store", "strained"]

Ts = TypeVarTuple("Ts")


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
        until_waiting(service, 50)
    crowd.result(timeout=30)
    loop.close()
    assert (sizes(strained), loop.calls) == ([1, 50], 1)


def test_what_a_cancelled_coroutine_brought_is_taken_all_the_same(
    service: Service, strained: Strained
) -> None:
    async def impatient() -> None:
        task = asyncio.ensure_future(AsyncService(service).receive(CODE, ANN, JOIN))
        await asyncio.to_thread(until_waiting, service, 1)
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


def test_the_mos_of_a_contact_keep_their_order_where_batches_overlap(postgres: str) -> None:
    async def everyone(face: AsyncService) -> Sequence[Answer]:
        texts = [("JOIN", "a"), ("YES", "b")]
        mos = [(n, Inbound(text, NOON, mo_id)) for n in range(400) for text, mo_id in texts]
        return await asyncio.gather(*(face.receive(CODE, number_of(n), mo) for n, mo in mos))

    with open_store(postgres) as store, serve(store) as service:
        assert store.at_once > 1
        answers = asyncio.run(everyone(AsyncService(service)))
    assert {answer.state for answer in answers[1::2]} == {State.SUBSCRIBED}
