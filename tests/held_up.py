"""What the tests of group commit share: a service whose commits can be held up, and observers."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from optin_engine.service.answer import Heard
from optin_engine.service.service import Service
from optin_engine.stores import Fate, Mt, Store
from optin_engine.vocabulary import Inbound
from tests.faults.waiting import wait_until
from tests.serving import ANN, CODE, NOON, Strained, said, serve

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


def until_waiting(service: Service, count: int) -> None:
    """Wait until so many MOs and groups wait for the next commit."""
    wait_until(lambda: service.committer.waiting() == count, f"{count} wait for the next commit")


@contextmanager
def held_up(service: Service, strained: Strained) -> Iterator[ThreadPoolExecutor]:
    """Hold up the commit of a first MO while others arrive; let go of it in the end."""
    with ThreadPoolExecutor(40) as pool:
        strained.gate.clear()
        first = pool.submit(service.receive, CODE, number_of(9999), JOIN)
        assert strained.entered.acquire(timeout=60)
        yield pool
        assert not first.done()
        strained.gate.set()
        assert said(first.result(timeout=60)) == INITIAL
