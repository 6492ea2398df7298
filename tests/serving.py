"""What the tests of the service share: definitions, a clock to set, and stores that fail."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import attrs
import pytest

from optin_engine.service.answer import Answer, Delivery
from optin_engine.service.service import Rules, Service
from optin_engine.stores import Batch, Changes, Fate, Key, Mo, Mt, Store, Unavailable, open_store
from optin_engine.vocabulary import Inbound, Origin

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CODE, OTHER_CODE = "123456", "15555550100"
ANN, BOB = "+15555550123", "+15555550124"
PLACE = {"shortCode": CODE, "countryCode": "US"}
SINGLE = PLACE | {
    "messageName": "News",
    "keyword": "NEWS",
    "messageOptInType": "Single",
    "responseMessage": "News: welcome",
}
DOUBLE = PLACE | {
    "messageName": "Club",
    "keyword": "JOIN",
    "messageOptInType": "Double",
    "doubleOptinInitialMessage": "Club: reply YES",
    "doubleOptinConfirmationMessage": "Club: welcome",
    "optInErrorMessage": "Club: pardon?",
}
AGE = PLACE | {
    "messageName": "Wine",
    "keyword": "WINE",
    "messageOptInType": "Age",
    "minimumAge": 21,
    "doubleOptinInitialMessage": "Wine: born when?",
    "doubleOptinConfirmationMessage": "Wine: welcome",
    "optInInvalidAgeMessage": "Wine: sorry",
}
ELSEWHERE = DOUBLE | {"shortCode": None, "longCode": OTHER_CODE}
DEFINITIONS = {
    "codes": [PLACE, {"longCode": OTHER_CODE}],
    "programs": [SINGLE, DOUBLE, AGE, ELSEWHERE],
}

Opening = Callable[[], Store]


@pytest.fixture(params=["memory", "sqlite"])
def opening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opening]:
    """Give a function that opens one and the same store, again and again as a process would."""
    stores: list[Store] = []

    def again() -> Store:
        if request.param == "memory" and stores:
            return stores[0]
        url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'optin.db'}"
        stores.append(open_store(url))
        return stores[-1]

    yield again
    for store in stores:
        store.close()


@pytest.fixture
def store(opening: Opening) -> Store:
    return opening()


@attrs.define
class SetClock:
    """A clock that stands until it is set."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **span: float) -> None:
        self.at += timedelta(**span)


def serve(
    store: Store,
    rules: Rules | None = None,
    clock: Callable[[], datetime] | None = None,
    definitions: object = DEFINITIONS,
    **more: Any,
) -> Service:
    service = Service(store, rules, clock=clock or SetClock(), **more)
    service.catalog.load(definitions)
    return service


@attrs.frozen
class Phone:
    """One contact that texts."""

    service: Service
    number: str = ANN
    code: str = CODE

    def texts(
        self,
        text: str,
        mo_id: str = "",
        at: datetime | None = None,
        origin: str = Origin.HANDSET,
        delivery: Delivery = Delivery.OUTBOX,
    ) -> Answer:
        inbound = Inbound(text, at or self.service.now(), mo_id, origin)
        return self.service.receive(self.code, self.number, inbound, delivery)

    def state(self, keyword: str = "JOIN") -> str:
        for contact in self.service.store.contacts(self.number):
            if contact.code == self.code:
                return contact.subscription(keyword).state
        return "unknown"


def said(answers: Answer | Sequence[Answer]) -> list[str]:
    several = [answers] if isinstance(answers, Answer) else answers
    return [outbound.text for answer in several for outbound in answer.outbound]


class Strained:
    """A real store that can be held up, and that loses its server, where a test says so.

    `commits` are the changes that were written. `gate` is closed while commits are held up;
    `entered` counts the batches that came to their commit. Each of `faults` happens once:
    `load` before anything of a batch is loaded, `commit` as it is committed, `leave` after;
    `pass` lets one commit through.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.faults: list[str] = []
        self.commits: list[Changes] = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Semaphore(0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def batch(self, keys: Sequence[Key], claims: Sequence[bytes] = ()) -> Iterator[Batch]:
        self.fail("load")
        with self._store.batch(keys, claims) as batch:
            yield cast("Batch", StrainedBatch(batch, self))
        self.fail("leave")

    def as_store(self) -> Store:
        return cast("Store", self)

    def fail(self, where: str) -> None:
        if self.faults and self.faults[0] == where:
            self.faults.pop(0)
            message = "The server is gone."
            raise Unavailable(message)


@attrs.frozen
class StrainedBatch:
    _batch: Batch
    _strained: Strained

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def commit(self, changes: Changes) -> None:
        self._strained.entered.release()
        assert self._strained.gate.wait(timeout=60)
        if self._strained.faults[:1] == ["pass"]:
            self._strained.faults.pop(0)
        else:
            self._strained.fail("commit")
        self._batch.commit(changes)
        self._strained.commits.append(changes)


def mos(store: Store, number: str = ANN, code: str = CODE) -> list[Mo]:
    return [row for row in store.conversation(code, number) if isinstance(row, Mo)]


def mts(store: Store, number: str = ANN, code: str = CODE) -> list[Mt]:
    return [row for row in store.conversation(code, number) if isinstance(row, Mt)]


def fates(store: Store, number: str = ANN) -> list[tuple[str, Fate]]:
    return [(mt.text, mt.fate) for mt in mts(store, number)]
