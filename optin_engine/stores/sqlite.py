"""A store in one SQLite file: the embedded default, durable, for any number of processes.

A batch holds the file's one lock on writing, so batches follow one another; reads go on
beside them.

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder, SqliteStore(f"sqlite:///{folder}/optin.db") as store:
...     store.definitions()
(0, ())
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Self, TypeVar

from optin_engine.stores import sqlite_outbox as outbox
from optin_engine.stores.holding import NO_HOLDS, Holds
from optin_engine.stores.migrations import refuse_other
from optin_engine.stores.packing import (
    Row,
    from_micros,
    micros,
    numbers_by_key,
    unpack_chain,
    unpack_contact,
    unpack_definition,
    unpack_mo,
    unpack_mt,
)
from optin_engine.stores.receipts import Told
from optin_engine.stores.rows import (
    Backlog,
    Chain,
    Definition,
    Erased,
    Fate,
    Key,
    Mo,
    Mt,
    Settlement,
)
from optin_engine.stores.schema import columns
from optin_engine.stores.sqlite_batch import (
    DUE,
    SqliteBatch,
    SqliteDefining,
    answered,
    as_json,
    in_force,
    known,
    next_base,
)
from optin_engine.stores.sqlite_claims import TO_RENDER, claim, claim_unrendered
from optin_engine.stores.sqlite_erasure import erase
from optin_engine.stores.sqlite_file import SqliteFile
from optin_engine.stores.sqlite_lists import SqliteLists
from optin_engine.stores.sqlite_outbox import MTS
from optin_engine.stores.sqlite_sends import SqliteSends
from optin_engine.stores.store import NO_PACES
from optin_engine.vocabulary import Contact

T = TypeVar("T")

# So many chains are in memory at a time.
CHAINS = 500

MOS = f"SELECT code, number, {columns('mo', 'mos')} FROM mos JOIN contacts ON contacts.id = contact"
OF_CONTACT = "WHERE contact = (SELECT id FROM contacts WHERE number = ? AND code = ?)"
NEXT_DUE = "SELECT min(due_at) FROM contacts WHERE due_at IS NOT NULL"
DEFINITIONS = f"SELECT {columns('definition')} FROM definitions"
REVISION = "SELECT revision FROM meta"
NUMBERS = f"""
    SELECT {columns("subscriber_key")} FROM subscriber_keys
     WHERE key IN (SELECT value FROM json_each(?))"""

CONTACTS_AFTER = """
    SELECT id, code, number, state, sequence, chain FROM contacts
     WHERE id > ? ORDER BY id LIMIT ?"""
# A damaged file may have records whose contact is gone.
STRAYS_AFTER = """
    SELECT contact, min(code), NULL, '', 0, x'' FROM records
     WHERE contact > ? AND typeof(contact) = 'integer' AND contact NOT IN (SELECT id FROM contacts)
     GROUP BY contact ORDER BY contact LIMIT ?"""
BEFORE_ALL = -(1 << 63)
RECORDS_OF = f"""
    SELECT {columns("record")} FROM records WHERE contact = ? ORDER BY sequence"""


class SqliteStore:
    """Keeps everything in a SQLite file.

    Args:
        url: `sqlite:///file`, or `sqlite:////absolute/file`.
        migrating: bring an older schema up to date first; else refuse it.
        patience: seconds to wait for another process that writes.

    Raises:
        StoreError: the file is no store of this version's.
        Unavailable: the file cannot be used now.

    """

    at_once = 1

    def __init__(self, url: str, *, migrating: bool = True, patience: float = 10.0) -> None:
        self._file = SqliteFile(url, patience, creating=migrating)
        try:
            self.migrated = self._file.migrate(migrating=migrating)
        except BaseException:
            self._file.close()
            raise
        self.lists, self.sends = SqliteLists(self._file), SqliteSends(self._file)

    @contextmanager
    def batch(self, keys: Sequence[Key], claims: Sequence[bytes] = ()) -> Iterator[SqliteBatch]:
        with self._file.writing() as connection:
            rows, answers = known(connection, keys), answered(connection, claims)
            yield SqliteBatch.of(self._file, connection, rows, answers)

    @contextmanager
    def due(self, now: datetime, limit: int) -> Iterator[SqliteBatch]:
        with self._file.writing() as connection:
            rows = connection.execute(DUE, (micros(now), limit)).fetchall()
            yield SqliteBatch.of(self._file, connection, rows, {})

    def next_due(self) -> datetime | None:
        return from_micros(self._one(NEXT_DUE)[0])

    @contextmanager
    def defining(self) -> Iterator[SqliteDefining]:
        with self._file.writing() as connection:
            base, _ = next_base(connection)
            yield SqliteDefining(self._file, connection, base, in_force(connection))

    def revision(self) -> int:
        revision: int = self._one(REVISION)[0]
        return revision

    def definitions(self) -> tuple[int, Sequence[Definition]]:
        with self._file.reading() as connection:
            return connection.execute(REVISION).fetchone()[0], in_force(connection)

    def versions(self, definition: int) -> Sequence[Definition]:
        query = f"{DEFINITIONS} WHERE id = ? ORDER BY version"
        return self._all(unpack_definition, query, definition)

    def version(self, digest: str) -> Definition | None:
        query = f"{DEFINITIONS} WHERE digest = ? AND digest <> '' ORDER BY id DESC, version DESC"
        return next(iter(self._all(unpack_definition, query, digest)), None)

    def contacts(self, number: str) -> Sequence[Contact]:
        query = f"SELECT {columns('contact')} FROM contacts WHERE number = ? ORDER BY code"
        with self._file.reading() as connection:
            return tuple(map(unpack_contact, connection.execute(query, (number,))))

    def numbers_of(self, keys: Sequence[str]) -> Mapping[str, Sequence[str]]:
        with self._file.reading() as connection:
            return numbers_by_key(connection.execute(NUMBERS, (as_json(keys),)))

    def conversation(self, code: str, number: str, after: int = 0) -> Sequence[Mo | Mt]:
        asked = number, code, after
        with self._file.reading() as connection:
            mos = connection.execute(f"{MOS} {OF_CONTACT} AND mos.id > ?", asked)
            both: list[Mo | Mt] = [unpack_mo(row, from_micros) for row in mos]
            mts = connection.execute(f"{MTS} {OF_CONTACT} AND mts.id > ?", asked)
            both += [unpack_mt(row, from_micros) for row in mts]
        return tuple(sorted(both, key=lambda said: said.id))

    def mo(self, mo: int) -> Mo | None:
        return next(iter(self._all(unpack_mo, f"{MOS} WHERE mos.id = ?", mo)), None)

    def answers(self, mo: int) -> Sequence[Mt]:
        # By the contact, whose MTs have an index; an index of their own would cost every MO.
        query = f"""{MTS} WHERE contact = (SELECT contact FROM mos WHERE id = ?)
                       AND mts.mo = ? ORDER BY mts.id"""
        return self._all(unpack_mt, query, mo, mo)

    def chain(self, code: str, number: str) -> Chain | None:
        query = f"SELECT {columns('contact')} FROM contacts WHERE number = ? AND code = ?"
        with self._file.reading() as connection:
            row = connection.execute(query, (number, code)).fetchone()
            return _chain(connection, row) if row else None

    def chains(self) -> Iterator[Chain]:
        for query in (CONTACTS_AFTER, STRAYS_AFTER):
            page = self._chains(query, BEFORE_ALL)
            while page:
                yield from page
                page = self._chains(query, page[-1].contact)

    def backlog(self) -> Backlog:
        pending, queued, dead, oldest = self._one(outbox.BACKLOG)
        return Backlog(pending, queued, dead, from_micros(oldest))

    def claim(
        self,
        now: datetime,
        until: datetime,
        limit: int,
        paces: Mapping[str, float] = NO_PACES,
        holds: Holds = NO_HOLDS,
    ) -> Sequence[Mt]:
        with self._file.writing() as connection, self._file.committing(connection):
            return claim(connection, now, until, limit, paces, holds)

    def claim_unrendered(self, now: datetime, until: datetime, limit: int) -> Sequence[Mt]:
        # Seldom is there any, and who only looks keeps nobody from writing.
        with self._file.reading() as connection:
            if connection.execute(TO_RENDER, (micros(now), 1)).fetchone() is None:
                return ()
        with self._file.writing() as connection, self._file.committing(connection):
            return claim_unrendered(connection, now, until, limit)

    def settle(self, settlements: Sequence[Settlement]) -> None:
        with self._file.writing() as connection, self._file.committing(connection):
            outbox.settle(connection, settlements)

    def delivered(self, name: str | int, fate: Fate, at: datetime, error: str = "") -> Told | None:
        with self._file.writing() as connection, self._file.committing(connection):
            return outbox.deliver(connection, name, fate, at, error)

    def dead(self, after: int = 0, limit: int = 100) -> Sequence[Mt]:
        query = f"{MTS} WHERE fate = 'dead' AND mts.id > ? ORDER BY mts.id LIMIT ?"
        return self._all(unpack_mt, query, after, limit)

    def requeue(self, mts: Sequence[int], now: datetime) -> int:
        with self._file.writing() as connection, self._file.committing(connection):
            return outbox.requeue(connection, mts, now)

    def block(self, code: str, number: str, at: datetime | None) -> None:
        change = "UPDATE contacts SET blocked_at = ? WHERE number = ? AND code = ?"
        with self._file.writing() as connection, self._file.committing(connection):
            connection.execute(change, (micros(at), number, code))

    def blocked(self, code: str, number: str) -> datetime | None:
        query = "SELECT max(blocked_at) FROM contacts WHERE number = ? AND code = ?"
        return from_micros(self._one(query, number, code)[0])

    def erase(self, number: str) -> Erased:
        with self._file.writing() as connection, self._file.committing(connection):
            erased = erase(connection, number)
        self._file.checkpoint()
        return erased

    def ping(self) -> None:
        refuse_other(self._one("SELECT version FROM meta")[0], migrating=False)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _chains(self, query: str, after: int) -> Sequence[Chain]:
        """Read a page of chains in one go, so that a head and its records are of one moment."""
        with self._file.reading() as connection:
            rows = connection.execute(query, (after, CHAINS)).fetchall()
            return [_chain(connection, row) for row in rows]

    def _one(self, query: str, *asked: Any) -> Any:
        with self._file.reading() as connection:
            return connection.execute(query, asked).fetchone()

    def _all(self, unpack: Callable[..., T], query: str, *asked: Any) -> tuple[T, ...]:
        with self._file.reading() as connection:
            return tuple(unpack(row, from_micros) for row in connection.execute(query, asked))


def _chain(connection: sqlite3.Connection, row: Row) -> Chain:
    return unpack_chain(row, connection.execute(RECORDS_OF, row[:1]), from_micros)
