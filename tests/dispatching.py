"""What the tests of the dispatcher share: a webhook, an observer, and ways to make it work."""

import json
from collections.abc import Callable, Iterator, Sequence

import pytest

from optin_engine.service.answer import Heard
from optin_engine.service.dispatcher import Dispatcher
from optin_engine.service.retries import Dispatching
from optin_engine.stores import Fate, Mt
from optin_engine.transports import Transport, open_transport
from tests.outbox import Clock
from tests.receivers import SECRET, Received, Receiver

THREE = Dispatching(attempts=3)


@pytest.fixture
def transport(receiver: Receiver) -> Iterator[Transport]:
    transport = open_transport({"kind": "webhook", "url": receiver.url, "secret": SECRET})
    yield transport
    transport.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Told:
    """An observer that keeps what became of MTs."""

    def __init__(self) -> None:
        self.settlements: list[tuple[Mt, Fate]] = []

    def committed(self, heard: Sequence[Heard], *, repeated: int, seconds: float) -> None: ...

    def settled(self, mts: Sequence[tuple[Mt, Fate]]) -> None:
        self.settlements += mts


class Calling:
    """A transport that does something while it has an MT in hand, and takes it."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act = act

    def send(self, mt: Mt, key: str) -> str:
        self._act()
        return f"{key} at {mt.attempts}"

    def close(self) -> None: ...


class Timer:
    """Gives the seconds it was set to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def drain(dispatcher: Dispatcher) -> None:
    while dispatcher.step():
        pass


def kinds_of(received: Sequence[Received]) -> list[str]:
    return [json.loads(one.body)["kind"] for one in received]


def keys_of(received: Sequence[Received]) -> list[str]:
    return [
        {name.lower(): value for name, value in one.headers.items()}["webhook-id"]
        for one in received
    ]
