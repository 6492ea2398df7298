"""What becomes of an MT that the dispatcher has in hand, when something happens meanwhile."""

import logging
import sqlite3
from pathlib import Path

import pytest

from optin_engine.service.dispatcher import Dispatcher
from optin_engine.service.retries import Dispatching
from optin_engine.stores import Fate, Mt, Store, Unavailable
from optin_engine.stores.sqlite import SqliteStore
from optin_engine.transports import Failed, Rejected, Transport
from optin_engine.vocabulary import Says
from tests.dispatching import THREE, Calling, Timer, Told, clock, drain, keys_of, transport
from tests.outbox import DAY, NOON, NUMBER, TEXT, Clock, fates, mts_of, queue
from tests.receivers import Receiver, Reply, receiver

__all__ = ["clock", "receiver", "transport"]

OTHERS = [f"+1555555020{n}" for n in range(5)]


def test_one_that_hangs_holds_back_neither_the_others_nor_what_is_queued_later(
    store: Store, transport: Transport, receiver: Receiver
) -> None:
    receiver.replies = [Reply(is_held=True)]
    queue(store, Says.INITIAL)
    with Dispatcher(store, transport, rules=Dispatching(concurrency=2)) as dispatcher:
        dispatcher.wake()
        assert dispatcher.step() == 1
        receiver.wait_for(1)
        for number in OTHERS:
            queue(store, Says.INITIAL, number=number)
        while any(fates(store, number) != [Fate.SENT] for number in OTHERS):
            dispatcher.step()
        assert fates(store) == [Fate.QUEUED]
        receiver.released.set()
    assert fates(store) == [Fate.SENT]


def test_what_a_killed_process_had_in_hand_comes_again_with_the_same_key(
    store: Store, transport: Transport, receiver: Receiver, clock: Clock
) -> None:
    (mt,) = queue(store, Says.INITIAL)
    lease = Dispatching().lease
    (claimed,) = store.claim(clock.now, clock.now + lease, 1)
    transport.send(claimed, f"mt-{claimed.id}")
    with Dispatcher(store, transport, clock=clock) as dispatcher:
        assert dispatcher.step() == 0
        clock.now += lease
        drain(dispatcher)
    assert keys_of(receiver.received) == [f"mt-{mt}"] * 2
    assert fates(store) == [Fate.SENT]


class Breaking:
    """A transport that breaks, and quotes in its error what it must not."""

    def send(self, mt: Mt, key: str) -> str:
        message = f"{key}: cannot send {mt.text} to {mt.number}"
        raise ZeroDivisionError(message)

    def close(self) -> None: ...


def test_a_transport_that_breaks_fails_the_mt_and_nothing_private_is_logged(
    store: Store, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    queue(store, Says.INITIAL)
    with Dispatcher(store, Breaking(), rules=THREE, clock=clock) as dispatcher:
        for _ in range(3):
            drain(dispatcher)
            clock.now += DAY
    assert [mt.error for mt in store.dead()] == ["ZeroDivisionError"]
    assert "test_dispatcher_in_hand.py:" in caplog.text
    assert "+*********23" in caplog.text
    for private in (NUMBER, NUMBER[1:], "dear", TEXT):
        assert private not in caplog.text


def test_what_came_of_an_mt_is_kept_once_the_store_can_be_written_again(tmp_path: Path) -> None:
    file = tmp_path / "optin.db"
    sent = []
    with SqliteStore(f"sqlite:///{file}", patience=0.1) as store:
        other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)

        def lock() -> None:
            sent.append(other.execute("BEGIN IMMEDIATE"))

        queue(store, Says.INITIAL)
        told = Told()
        with Dispatcher(store, Calling(lock), observers=[told]) as dispatcher:
            for _ in range(2):
                with pytest.raises(Unavailable):
                    dispatcher.step()
            other.execute("ROLLBACK")
            drain(dispatcher)
        other.close()
        assert fates(store) == [Fate.SENT]
    assert len(sent) == len(told.settlements) == 1


def test_a_failure_that_is_known_only_after_the_lease_leaves_the_mt_in_the_others_hand(
    store: Store, clock: Clock
) -> None:
    timer = Timer()
    theirs: list[Mt] = []

    def be_overtaken() -> None:
        clock.now += DAY
        timer.seconds += DAY.total_seconds()
        theirs.extend(store.claim(clock.now, clock.now + DAY, 1))
        raise Failed("slow")  # noqa: EM101 - what the other side says.

    queue(store, Says.INITIAL)
    with Dispatcher(store, Calling(be_overtaken), clock=clock, timer=timer) as dispatcher:
        drain(dispatcher)
    assert theirs == mts_of(store)
    assert theirs[0].due_at == NOON + 2 * DAY


def test_an_mt_that_comes_to_its_thread_late_in_its_lease_is_not_handed_over(
    store: Store, transport: Transport, receiver: Receiver, clock: Clock
) -> None:
    asleep = iter(range(0, 1000, 30))
    queue(store, Says.INITIAL)
    dispatcher = Dispatcher(store, transport, clock=clock, timer=lambda: next(asleep))
    with dispatcher:
        drain(dispatcher)
    assert receiver.received == []
    clock.now += Dispatching().lease
    with Dispatcher(store, transport, clock=clock) as dispatcher:
        drain(dispatcher)
    assert fates(store) == [Fate.SENT]


def test_closing_waits_for_what_is_in_hand_and_settles_it(
    store: Store, transport: Transport, receiver: Receiver
) -> None:
    receiver.replies = [Reply(200, b'{"id": "late"}', is_held=True)]
    queue(store, Says.INITIAL)
    dispatcher = Dispatcher(store, transport)
    dispatcher.wake()
    dispatcher.step()
    receiver.released.set()
    dispatcher.close()
    dispatcher.close()
    assert [mt.provider_id for mt in mts_of(store)] == ["late"]


def test_a_rejection_while_a_stop_is_committed_leaves_nothing_to_requeue(
    store: Store, clock: Clock
) -> None:
    def stop_and_refuse() -> None:
        queue(store, Says.STOP, is_stop=True)
        raise Rejected("no")  # noqa: EM101 - what the other side says.

    queue(store, Says.CONFIRMATION)
    with Dispatcher(store, Calling(stop_and_refuse), clock=clock) as dispatcher:
        dispatcher.step()
    assert store.requeue([mt.id for mt in mts_of(store)], clock.now) == 0
    assert fates(store) == [Fate.CANCELLED, Fate.QUEUED]
