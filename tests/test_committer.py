"""Group commit: nobody is answered before the disk, and one's failure is one's own."""

import asyncio
import logging

import pytest

from optin_engine.account import UnknownCode
from optin_engine.service.answer import Answer
from optin_engine.service.service import AsyncService, Service
from optin_engine.stores import Store, Unavailable
from optin_engine.vocabulary import Inbound, Origin, State
from tests.faults.waiting import wait_until
from tests.held_up import (
    INITIAL,
    JOIN,
    Notes,
    held_up,
    notes,
    number_of,
    service,
    sizes,
    strained,
    until_waiting,
)
from tests.serving import ANN, BOB, CODE, NOON, Phone, Strained, opening, said, serve, store

__all__ = ["notes", "opening", "service", "store", "strained"]


def test_what_arrives_during_a_commit_goes_into_the_next_and_is_answered_after_it(
    service: Service, strained: Strained
) -> None:
    with held_up(service, strained) as pool:
        others = [pool.submit(service.receive, CODE, number_of(n), JOIN) for n in range(30)]
        until_waiting(service, 30)
        assert not any(other.done() for other in others)
        assert strained.commits == []
    assert [said(other.result(timeout=60)) for other in others] == [INITIAL] * 30
    assert sizes(strained) == [1, 30]


def test_a_batch_takes_a_thousand_and_parts_no_group(service: Service, strained: Strained) -> None:
    async def everyone() -> None:
        face = AsyncService(service)
        singles = [face.receive(CODE, number_of(n), JOIN) for n in range(900)]
        group = face.queue_mo(CODE, [number_of(n) for n in range(1000, 1250)], "JOIN")
        await asyncio.gather(*singles, group)

    with held_up(service, strained) as pool:
        crowd = pool.submit(asyncio.run, everyone())
        until_waiting(service, 901)
    crowd.result(timeout=60)
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
        until_waiting(service, 6)
        strained.faults = ["pass", "commit"]
    errors = [*crowd.result(timeout=60), alone.exception(timeout=30)]
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
        until_waiting(service, 2)
    assert said(jobs[0].result(timeout=60)) == INITIAL
    assert isinstance(jobs[1].exception(timeout=60), UnknownCode)
    assert sizes(strained) == [1, 1]


def test_a_retry_alone_writes_nothing(service: Service, strained: Strained) -> None:
    assert service.receive(CODE, ANN, JOIN) == service.receive(CODE, ANN, JOIN)
    assert len(strained.commits) == 1


def test_closing_finishes_what_was_taken_and_then_takes_nothing(
    service: Service, strained: Strained
) -> None:
    with held_up(service, strained) as pool:
        waiting = pool.submit(service.receive, CODE, ANN, JOIN)
        until_waiting(service, 1)
        closing = pool.submit(service.close)
        wait_until(lambda: service.committer.is_closed, "it is closed")
        with pytest.raises(Unavailable, match="The service is closed"):
            service.receive(CODE, BOB, JOIN)
        assert not closing.done()
    assert said(waiting.result(timeout=60)) == INITIAL
    closing.result(timeout=60)
    service.close()


def test_observers_are_told_of_each_commit_though_one_of_them_fails(
    service: Service, notes: Notes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        group = [service.arrival(CODE, ANN, JOIN)] * 2
        service.receive_all([*group, service.arrival(CODE, ANN, Inbound("y", NOON, "SM2"))])
        assert notes.told.acquire(timeout=60)
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
        assert notes.told.acquire(timeout=60)
        Phone(service).texts("JOIN")
        assert notes.told.acquire(timeout=60)
        service.tick()
    assert [heard.refused for (heard,) in notes.heard] == ["country not allowed", None]
