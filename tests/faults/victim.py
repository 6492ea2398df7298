"""The process that is killed: service, workers and webhook transport over one store.

It is forked from a server that has everything imported (`forkserver`), so that it serves
some hundredths of a second after it is started. MOs come and answers go over a pipe.
"""

import multiprocessing
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

import attrs

from optin_engine.service.answer import Answer
from optin_engine.service.dispatcher import Dispatcher
from optin_engine.service.outbound.enqueuer import Enqueuer
from optin_engine.service.retries import Dispatching
from optin_engine.service.service import Rules, Service
from optin_engine.service.workers import Workers
from optin_engine.stores import Store, open_store
from optin_engine.transports.webhook import WebhookTransport
from optin_engine.vocabulary import Inbound
from tests.faults.definitions import DEFINITIONS, DIGITS
from tests.faults.receiver import SECRET
from tests.faults.waiting import PATIENCE_SECONDS

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    Line = Connection[Any, Any]

CALLERS = 16
READY = "ready"
# No number may be refused a prompt: the oracle knows no such limit.
NO_LIMIT = Rules(prompts_per_day=1_000_000)
# What a killed process has in hand is another's soon after; no call may last so long.
TIMEOUT_SECONDS = 0.5
SOON = Dispatching(
    lease=timedelta(seconds=2),
    first_wait=timedelta(milliseconds=50),
    growth=1,
    attempts=1_000_000,
)
# Where nobody is killed, nothing in hand is ever another's, however slow the machine is.
STEADY = attrs.evolve(SOON, lease=timedelta(hours=1))

forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload(["tests.faults.victim", "psycopg", "psycopg_pool", "pytest"])


@attrs.frozen
class Place:
    """Where a victim keeps everything, and where its MTs go.

    Attributes:
        store, receiver: their URLs.
        dispatching: how MTs are sent.
        hosts_workers: whether anything is sent, and any deadline passes.
        ahead: how fast its clock is.
        timeout: how many seconds a call to the receiver may last.
        pages: how many pages of sends it queues, and then no more; None: all.

    """

    store: str
    receiver: str
    dispatching: Dispatching = SOON
    hosts_workers: bool = True
    ahead: timedelta = timedelta()
    timeout: float = TIMEOUT_SECONDS
    pages: int | None = None

    def clock(self) -> datetime:
        """Give the time that is shown here."""
        return datetime.now(UTC) + self.ahead


def steady(store: str, receiver: str) -> Place:
    """Give the place of a process that is not killed: no call of it is given up."""
    return Place(store, receiver, STEADY, timeout=PATIENCE_SECONDS)


class Halting(Enqueuer):
    """An enqueuer that deals with so many pages, and then with no more."""

    def __init__(self, store: Store, place: Place, pages: int) -> None:
        super().__init__(store, place.clock)
        self._left = pages

    def step(self) -> int:
        """Deal with a page of each send that waits, while any may be dealt with."""
        dealt = super().step() if self._left > 0 else 0
        self._left -= dealt
        return dealt


@contextmanager
def running(place: Place) -> Iterator[Service]:
    """Run a service, and its workers if they are wanted, until the block ends."""
    with ExitStack() as stack:
        store = stack.enter_context(open_store(place.store))
        transport = WebhookTransport(place.receiver, SECRET, timeout=place.timeout)
        stack.enter_context(closing(transport))
        dispatcher = Dispatcher(store, transport, rules=place.dispatching, clock=place.clock)
        service = Service(store, NO_LIMIT, clock=place.clock, observers=[dispatcher])
        stack.enter_context(service).catalog.load(DEFINITIONS)
        if place.pages is not None:
            service.enqueuer = Halting(store, place, place.pages)
        if place.hosts_workers:
            stack.enter_context(Workers(service, dispatcher))
        yield service


def serve(line: "Line", place: Place) -> None:
    """Serve MOs that come over a pipe, by many callers at once, until None comes."""
    lock = threading.Lock()

    def tell(said: object) -> None:
        with lock:
            line.send(said)

    def take(ticket: int, number: str, mo: Inbound) -> None:
        try:
            answer: Answer | Exception = service.receive(DIGITS, number, mo)
        except Exception as error:  # noqa: BLE001 - the test judges what it is.
            answer = error
        tell((ticket, answer))

    with running(place) as service, ThreadPoolExecutor(CALLERS) as callers:
        tell(READY)
        while (order := line.recv()) is not None:
            callers.submit(take, *order)


class Gone(Exception):  # noqa: N818 - the name says what holds.
    """The victim is dead, or about to be."""


class Victim:
    """A victim, seen from the test.

    Attributes:
        is_ready: whether it has said that it serves.

    """

    def __init__(self, place: Place) -> None:
        self._line, theirs = forking.Pipe()
        self._process = forking.Process(target=serve, args=(theirs, place), daemon=True)
        self._process.start()
        theirs.close()
        self.is_ready = False

    def send(self, ticket: int, number: str, mo: Inbound) -> None:
        """Hand it an MO."""
        self._line.send((ticket, number, mo))

    def heard(self, seconds: float) -> list[tuple[int, Answer | Exception]]:
        """Give the answers that have come; wait for the first, but only so long.

        Raises:
            Gone: it ended.

        """
        answers: list[tuple[int, Answer | Exception]] = []
        while self._line.poll(0 if answers else max(seconds, 0)):
            try:
                said = self._line.recv()
            except (EOFError, OSError) as error:
                raise Gone from error
            if said == READY:
                self.is_ready = True
                break
            answers.append(said)
        return answers

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process.pid is not None
        return self._process.pid

    def kill(self) -> None:
        """End it at once, in the midst of whatever it does."""
        self._process.kill()
        self._process.join()
        self._line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Let it end in good order; after a failure, at once."""
        if kind is not None:
            self.kill()
            return
        self._line.send(None)
        self._process.join(PATIENCE_SECONDS)
        assert self._process.exitcode == 0
