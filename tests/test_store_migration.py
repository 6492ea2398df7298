"""A store of an older schema with data in it becomes one of this version's, and loses nothing."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from optin_engine import consent
from optin_engine.stores import ROOM, Fate, SendState, StoreError, migrate, open_store
from optin_engine.stores.migrations import latest, statements
from optin_engine.stores.packing import micros, pack_contact, pack_mo, pack_mt, pack_record
from optin_engine.stores.packing_of_sends import pack_send
from optin_engine.stores.postgres_columns import moment
from optin_engine.stores.postgres_connections import BASES
from optin_engine.stores.schema import COLUMNS
from optin_engine.stores.sqlite_file import SqliteFile
from optin_engine.vocabulary import Contact, State, Subscription
from tests.sends import a_list, a_send, add, enqueue_all
from tests.store_contract import ANNE, CODE, LATER, LEASE, NOW, mo, mt

# What old schemas had of each table: MTs no send and no consent, and sends no claim.
OLD = {
    **COLUMNS,
    "mt": COLUMNS["mt"].removesuffix(" send consent"),
    "send": COLUMNS["send"].removesuffix(" claim request"),
}
CONTACT, SEND = 7, 5


def rows(schema: int, pack_at: Callable[[Any], Any]) -> dict[str, list[Sequence[Any]]]:
    """Give what a contact has left that joined, and has one MT to come and one in hand.

    From schema 2 on there is a send to come, too.
    """
    words = ("None", "Subscribed", "JOIN", "handset", "keyword first", "", "d" * 64)
    record = consent.write(b"", (1, NOW, CODE, "JOIN", *words, ANNE, "SM1", "join"))
    joined = (Subscription("JOIN", State.SUBSCRIBED, since=NOW),)
    head = bytes.fromhex(record.digest)
    contact = Contact(ANNE, CODE, State.NONE, joined, None, (), 1, head)
    mts = [mt(ROOM + 2, mo=ROOM + 1), mt(ROOM + 3, fate=Fate.SENT, settled_at=NOW)]
    return {
        "contact": [pack_contact(CONTACT, contact, pack_at(LATER))],
        "record": [pack_record(CONTACT, record, pack_at)],
        "mo": [pack_mo(CONTACT, mo(ROOM + 1), pack_at)],
        "mt": [pack_mt(CONTACT, each, pack_at)[:-2] for each in mts],
        "send": [pack_send(a_send(id=SEND), pack_at)[:-2]] if schema > 1 else [],
    }


def insert(row: str, place: str) -> str:
    names = OLD[row].split()
    return f"INSERT INTO {row}s ({', '.join(names)}) VALUES ({', '.join([place] * len(names))})"  # noqa: S608 - of our own names.


def old_sqlite(url: str, schema: int) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        for number in range(1, schema + 1):
            for statement in statements(number, "sqlite"):
                connection.execute(statement)
        for row, several in rows(schema, micros).items():
            if several:
                connection.executemany(insert(row, "?"), several)
        connection.execute("UPDATE meta SET version = ?, base = ?", (schema, ROOM * SEND))


def old_postgres(url: str, schema: int) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        ours = [each for n in range(1, schema + 1) for each in statements(n, "postgresql")]
        for statement in (BASES, *ours):
            cursor.execute(statement.encode())
        for row, several in rows(schema, moment).items():
            for each in several:
                prose = {"mo_id", "text", "error"}
                packed = [
                    value.encode() if name in prose else value
                    for name, value in zip(OLD[row].split(), each, strict=True)
                ]
                cursor.execute(insert(row, "%s").encode(), packed)
        cursor.execute("SELECT setval('bases', %s)", [SEND])
        cursor.execute("UPDATE meta SET version = %s", [schema])


@pytest.fixture(params=range(1, latest()))
def schema(request: pytest.FixtureRequest) -> int:
    """Give the number of an older schema."""
    return int(request.param)


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest, schema: int, tmp_path: Path) -> str:
    """Give the URL of a store of an older schema."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/old.db"
        old_sqlite(url, schema)
    else:
        url = request.getfixturevalue("postgres")
        old_postgres(url, schema)
    return url


def test_an_old_store_is_migrated_once_and_refused_before(old: str, schema: int) -> None:
    with pytest.raises(StoreError, match=rf"schema {schema}, .* needs {latest()}.*migrate"):
        open_store(old, migrating=False)
    assert migrate(old) == (schema, latest())
    assert migrate(old) == (latest(), latest())


def test_what_an_old_store_had_is_there_and_goes_on(old: str) -> None:
    with open_store(old) as store:
        said = store.conversation(CODE, ANNE)
        queued = mt(ROOM + 2, mo=ROOM + 1)
        assert said == (mo(ROOM + 1), queued, mt(ROOM + 3, fate=Fate.SENT, settled_at=NOW))
        assert (store.next_due(), store.backlog().queued) == (LATER, 1)
        assert [each.id for each in store.claim(NOW, LEASE, 10, {CODE: 1})] == [queued.id]
        send = add(store, a_list(store, "Friends", ANNE))
        assert enqueue_all(store, send).state == SendState.STARTED
        (told,) = store.sends.mts(send)
        assert (told.number, told.consent) == (ANNE, 1)
        assert told.id > queued.id
        assert all(consent.verify(chain.records) is None for chain in store.chains())


@pytest.mark.parametrize("schema", [2], indirect=True)
def test_a_send_of_an_old_store_goes_on_and_claims_nothing(old: str) -> None:
    with open_store(old) as store:
        assert store.sends.waiting(NOW) == (a_send(id=SEND),)
        assert enqueue_all(store, SEND).state == SendState.STARTED
        new = a_send(claim=b"c" * 16, request=b"r" * 32)
        assert store.sends.add(new).id == store.sends.add(new).id > SEND


def change(url: str, statement: str) -> None:
    """Change a store behind its back, as a process of another version does."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            connection.execute(statement)
    else:
        with psycopg.connect(url) as opened:
            opened.execute(statement.encode())


@pytest.mark.parametrize("schema", [1], indirect=True)
def test_a_process_of_an_old_version_that_still_runs_takes_no_mt_in_hand(old: str) -> None:
    """It would not know what a send holds back; a settlement or a STOP, too, names the column."""
    migrate(old)
    with pytest.raises((sqlite3.OperationalError, psycopg.errors.UndefinedColumn), match="in_hand"):
        change(old, "UPDATE mts SET attempts = attempts + 1, in_hand = 1")


@pytest.mark.parametrize("schema", [2], indirect=True)
def test_a_process_whose_store_a_later_version_migrated_is_ready_no_more(old: str) -> None:
    with open_store(old) as store:
        store.ping()
        change(old, "UPDATE meta SET version = 99")
        with pytest.raises(StoreError, match=r"has schema 99.*Upgrade"):
            store.ping()


class Overtaken(SqliteFile):
    """A file that a later version migrates while this one waits for the lock on writing."""

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        with super().writing() as connection, self.committing(connection):
            for number in range(1, latest() + 1):
                for statement in statements(number, "sqlite"):
                    connection.execute(statement)
            connection.execute("UPDATE meta SET version = 99")
        with super().writing() as connection:
            yield connection


def test_who_is_overtaken_by_a_later_version_leaves_its_schema_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    file = Overtaken(url, patience=1, creating=True)
    with closing(file), pytest.raises(StoreError, match="has schema 99"):
        file.migrate(migrating=True)
    with pytest.raises(StoreError, match="has schema 99"):
        open_store(url)
