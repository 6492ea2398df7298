"""The background threads: what is queued goes out and deadlines pass, whatever the store does."""

import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from optin_engine.service.answer import Heard, Observer
from optin_engine.service.dispatcher import Dispatcher
from optin_engine.service.service import Service
from optin_engine.service.workers import Workers
from optin_engine.stores import Fate, Mt, Store, open_store
from optin_engine.stores.holding import NO_HOLDS, Holds
from optin_engine.stores.sqlite import SqliteStore
from optin_engine.stores.store import NO_PACES
from optin_engine.transports import Transport, open_transport
from optin_engine.vocabulary import Inbound, Says, State
from tests.outbox import CODE, NUMBER, Clock, fates, queue
from tests.receivers import PATIENCE_SECONDS, SECRET, Receiver, receiving

PLACE = {"shortCode": CODE, "countryCode": "US"}
DEFINITIONS = {
    "codes": [PLACE],
    "programs": [
        PLACE
        | {
            "messageName": "News",
            "keyword": "JOIN",
            "messageOptInType": "Double",
            "doubleOptinInitialMessage": "Reply YES to join.",
            "doubleOptinConfirmationMessage": "Welcome!",
            "confirmWithin": "72 h",
            "remindAfter": "24 h",
        }
    ],
}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def transport(receiver: Receiver) -> Iterator[Transport]:
    transport = open_transport({"kind": "webhook", "url": receiver.url, "secret": SECRET})
    yield transport
    transport.close()


class Settled:
    """An observer by which a test waits until MTs are settled."""

    def __init__(self) -> None:
        self._each = threading.Semaphore(0)

    def committed(self, heard: Sequence[Heard], *, repeated: int, seconds: float) -> None: ...

    def settled(self, mts: Sequence[tuple[Mt, Fate]]) -> None:
        self._each.release(len(mts))

    def wait(self) -> None:
        assert self._each.acquire(timeout=PATIENCE_SECONDS)


@contextmanager
def working(
    store: Store, transport: Transport, clock: Clock, *observers: Observer
) -> Iterator[Service]:
    """Run a process's service and its workers until the block ends."""
    dispatcher = Dispatcher(store, transport, clock=clock, observers=observers)
    with Service(store, clock=clock, observers=[dispatcher]) as service:
        service.catalog.load(DEFINITIONS)
        with Workers(service, dispatcher):
            yield service


def kinds(receiver: Receiver, count: int) -> list[str]:
    """Give the kinds of the texts that came, once they are so many."""
    return [json.loads(received.body)["kind"] for received in receiver.wait_for(count)]


class Lines(logging.Handler):
    """Keeps log lines, and lets a test wait for one."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._came = threading.Condition()

    def emit(self, record: logging.LogRecord) -> None:
        with self._came:
            self.lines.append(record.getMessage())
            self._came.notify_all()

    def wait_for(self, is_there: Callable[[list[str]], bool]) -> None:
        with self._came:
            assert self._came.wait_for(lambda: is_there(self.lines), PATIENCE_SECONDS), self.lines


class Counting(SqliteStore):
    """A store that lets a test wait for claims, also for those that fail."""

    def __init__(self, url: str) -> None:
        super().__init__(url, patience=0.01)
        self.claims = threading.Semaphore(0)

    def claim(
        self,
        now: datetime,
        until: datetime,
        limit: int,
        paces: Mapping[str, float] = NO_PACES,
        holds: Holds = NO_HOLDS,
    ) -> Sequence[Mt]:
        self.claims.release()
        return super().claim(now, until, limit, paces, holds)


@pytest.fixture
def lines() -> Iterator[Lines]:
    lines, logger = Lines(), logging.getLogger("optin_engine.service.workers")
    level = logger.level
    logger.addHandler(lines)
    logger.setLevel(logging.INFO)
    yield lines
    logger.removeHandler(lines)
    logger.setLevel(level)


def test_what_an_mo_is_answered_is_sent_and_reminders_and_expiries_come_in_time(
    receiver: Receiver, transport: Transport
) -> None:
    clock, settled = Clock(), Settled()
    with open_store("memory:") as store, working(store, transport, clock, settled) as service:
        service.receive(CODE, NUMBER, Inbound("JOIN", clock.now, "1"))
        settled.wait()
        assert kinds(receiver, 1) == ["initial"]
        clock.now += timedelta(hours=24)
        settled.wait()
        assert kinds(receiver, 2) == ["initial", "initial"]
        clock.now += timedelta(hours=48)
        service.receive(CODE, NUMBER, Inbound("YES", clock.now, "2"))
        service.receive(CODE, NUMBER, Inbound("HELP", clock.now, "3"))
        assert kinds(receiver, 3)[2:] == ["help"]
        (contact,) = service.subscriptions(NUMBER)
        assert contact.subscription("JOIN").state == State.NONE
    assert fates(store) == [Fate.SENT] * 3


def test_a_commit_wakes_the_dispatcher_if_anything_is_to_be_said(transport: Transport) -> None:
    with open_store("memory:") as store, Dispatcher(store, transport) as dispatcher:
        with Service(store, observers=[dispatcher]) as service:
            service.catalog.load(DEFINITIONS)
            service.receive(CODE, NUMBER, Inbound("Good morning", service.now(), "1"))
            assert not dispatcher.idle(0)
            service.receive(CODE, NUMBER, Inbound("JOIN", service.now(), "2"))
            assert dispatcher.idle(PATIENCE_SECONDS)
        while dispatcher.step():
            pass


def test_what_another_process_queues_is_sent_too(
    receiver: Receiver, transport: Transport, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/optin.db"
    with open_store(url) as ours, open_store(url) as theirs, working(ours, transport, Clock()):
        queue(theirs, Says.INITIAL)
        assert kinds(receiver, 1) == ["initial"]


def test_the_workers_of_two_services_on_one_store_send_each_text_once(
    receiver: Receiver, transport: Transport, tmp_path: Path
) -> None:
    url, clock = f"sqlite:///{tmp_path}/optin.db", Clock()
    numbers = [f"+155555502{n:02}" for n in range(40)]
    with open_store(url) as one, open_store(url) as two:
        with working(one, transport, clock) as first, working(two, transport, clock) as second:
            for place, number in enumerate(numbers):
                service = (first, second)[place % 2]
                service.receive(CODE, number, Inbound("JOIN", clock.now, f"mo {place}"))
            receiver.wait_for(len(numbers))
        assert all(fates(one, number) == [Fate.SENT] for number in numbers)
    sent = sorted(json.loads(received.body)["to"] for received in receiver.received)
    assert sent == numbers


def test_they_say_once_that_the_store_is_gone_and_go_on_when_it_is_back(
    receiver: Receiver, transport: Transport, lines: Lines, tmp_path: Path
) -> None:
    file = tmp_path / "optin.db"
    with Counting(f"sqlite:///{file}") as store:
        queue(store, Says.INITIAL)
        other = sqlite3.connect(file, isolation_level=None)
        dispatcher = Dispatcher(store, transport)
        with Service(store, observers=[dispatcher]) as service:
            service.catalog.load(DEFINITIONS)
            other.execute("BEGIN IMMEDIATE")
            with Workers(service, dispatcher):
                assert all(store.claims.acquire(timeout=PATIENCE_SECONDS) for _ in range(4))
                other.execute("ROLLBACK")
                assert kinds(receiver, 1) == ["initial"]
                lines.wait_for(lambda said: "worker goes on worker=dispatcher" in said)
        other.close()
    said = [line for line in lines.lines if "worker=dispatcher" in line]
    assert len(said) == 2
    assert said[0].startswith("worker waits worker=dispatcher error=Unavailable")
    assert NUMBER not in "".join(lines.lines)


def test_stopping_finishes_what_is_in_hand(receiver: Receiver, transport: Transport) -> None:
    with open_store("memory:") as store:
        with working(store, transport, Clock()) as service:
            service.receive(CODE, NUMBER, Inbound("JOIN", service.now(), "1"))
            receiver.wait_for(1)
        assert fates(store) == [Fate.SENT]


def test_workers_may_be_stopped_before_they_start_and_twice(transport: Transport) -> None:
    with open_store("memory:") as store, Service(store) as service:
        workers = Workers(service, Dispatcher(store, transport))
        workers.stop()
        workers.stop()
