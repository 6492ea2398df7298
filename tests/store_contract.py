"""What the tests of every store share: the stores themselves, and what is put into them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from optin_engine.stores import Changes, Due, Fate, Key, Mo, Mt, Settlement, Store, open_store
from optin_engine.vocabulary import Contact, Origin

CODE = "123456"
ANNE, BILL = "+15555550123", "+15555550124"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LEASE = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(hours=1)

Opener = Callable[[], Store]


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Give what opens one store, again and again; one in memory is there only once."""
    if request.param == "memory":
        only = open_store("memory:")
        yield lambda: only
        return
    is_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/optin.db" if is_file else request.getfixturevalue("postgres")
    with ExitStack() as opened:
        yield lambda: opened.enter_context(open_store(url))


@pytest.fixture
def store(opener: Opener) -> Store:
    return opener()


def keys(*numbers: str) -> list[Key]:
    return [(CODE, number) for number in numbers]


def keep(store: Store, *contacts: Contact, due_at: datetime | None = None) -> None:
    with store.batch([(contact.code, contact.number) for contact in contacts]) as batch:
        batch.commit(Changes([Due(contact, due_at) for contact in contacts]))


def change(store: Store, number: str = ANNE, **changes: Any) -> None:
    with store.batch(keys(number)) as batch:
        batch.commit(Changes(**changes))


def mo(id_: int, number: str = ANNE, **fields: Any) -> Mo:
    given: dict[str, Any] = {
        "at": NOW,
        "origin": Origin.HANDSET,
        "text": "JOIN",
        "answer": b'"first"',
    }
    return Mo(id_, CODE, number, **given | fields)


def mt(id_: int, number: str = ANNE, **fields: Any) -> Mt:
    given: dict[str, Any] = {
        "at": NOW,
        "mo": 0,
        "origin": Origin.HANDSET,
        "kind": "initial",
        "text": "Reply YES",
        "encoding": "GSM-7",
        "segments": 1,
        "keyword": "JOIN",
    }
    return Mt(id_, CODE, number, **given | fields)


def say(store: Store, *mts: dict[str, Any], number: str = ANNE) -> list[Mt]:
    """Queue MTs to a contact in one batch; give them as they were queued."""
    with store.batch(keys(number)) as batch:
        queued = [mt(batch.base + place, number, **fields) for place, fields in enumerate(mts)]
        batch.commit(Changes(mts=queued))
    return queued


def said(store: Store, number: str = ANNE) -> list[Mt]:
    return [item for item in store.conversation(CODE, number) if isinstance(item, Mt)]


def fates(store: Store, number: str = ANNE) -> list[Fate]:
    return [mt.fate for mt in said(store, number)]


def settle(store: Store, mts: Sequence[Mt], fate: Fate, **fields: Any) -> None:
    store.settle([Settlement(mt.id, fate, NOW, **fields) for mt in mts])


def in_threads(work: Callable[[], None], count: int = 4) -> None:
    """Do the same in threads that begin together; what one raises is raised here."""
    together, failures = threading.Barrier(count), list[BaseException]()

    def begin() -> None:
        together.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again in the test's thread.
            failures.append(error)

    threads = [threading.Thread(target=begin) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
