"""What SQLite has in hand between BEGIN IMMEDIATE and COMMIT: contacts, or the definitions."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Self

import attrs
import msgspec

from optin_engine.stores.packing import (
    Row,
    from_micros,
    micros,
    pack_contact,
    pack_definition,
    pack_mo,
    pack_mt,
    pack_record,
    unpack_contact,
    unpack_definition,
)
from optin_engine.stores.rows import Changes, Definition, Key, Withdrawal
from optin_engine.stores.schema import COLUMNS, CONSENTED, UNASKED, UNSAID, columns
from optin_engine.stores.sqlite_file import SqliteFile
from optin_engine.stores.store import ROOM, StoreError
from optin_engine.vocabulary import Contact

as_json = msgspec.json.Encoder().encode

# Lists go into a query as one JSON array: the SQL stays the same, and so does its plan.
KNOWN = f"""
    SELECT {columns("contact")} FROM contacts
     WHERE number IN (SELECT value FROM json_each(?))"""
DUE = f"""
    SELECT {columns("contact")} FROM contacts
     WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at, id LIMIT ?"""
PROMPTS = f"""
    SELECT number, count(*) FROM contacts JOIN mts ON mts.contact = contacts.id
     WHERE number IN (SELECT value FROM json_each(?)) AND mts.at >= ? AND {UNASKED}
     GROUP BY number"""
IN_FORCE = f"SELECT {columns('definition')} FROM definitions WHERE ended_at IS NULL ORDER BY id"
ANSWERED = "SELECT answer FROM mos WHERE claim = ?"

KEEP_CONTACT = f"""
    INSERT INTO contacts ({columns("contact")}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, sequence = excluded.sequence,
        chain = excluded.chain, body = excluded.body, due_at = excluded.due_at"""
WITHDRAW = f"""
    UPDATE mts SET fate = CASE is_claimed WHEN 1 THEN 'withdrawn' ELSE 'cancelled' END,
           settled_at = CASE is_claimed WHEN 1 THEN NULL ELSE :at END
     WHERE contact = :contact AND {UNSAID} AND fate <> 'withdrawn' AND id < :before
       AND (keyword <> '' AND :keyword IN ('', keyword)
            OR send <> 0 AND :keyword IN ('', {CONSENTED}))"""
END = "UPDATE definitions SET ended_at = ? WHERE id = ? AND ended_at IS NULL"


def insert(row: str) -> str:
    """Give the statement that adds a row."""
    places = ", ".join("?" * len(COLUMNS[row].split()))
    return f"INSERT INTO {row}s ({columns(row)}) VALUES ({places})"


ADD_RECORD, ADD_MO, ADD_MT, ADD_DEFINITION = map(insert, ("record", "mo", "mt", "definition"))
ADD_KEY = f"{insert('subscriber_key')} ON CONFLICT DO NOTHING"


class Ids(dict[Key, int]):
    """The ids of a batch's contacts; new ones are given from the top end of its room."""

    def __init__(self, known: Mapping[Key, int], base: int) -> None:
        super().__init__(known)
        self.new: dict[Key, int] = {}
        self._next = base + ROOM

    def __missing__(self, key: Key) -> int:
        """Number a contact that is not known yet."""
        self._next -= 1
        self[key] = self.new[key] = self._next
        return self._next


@attrs.define
class SqliteBatch:
    """Contacts in hand; the file is locked until it is left."""

    _file: SqliteFile
    _connection: sqlite3.Connection
    _ids: Mapping[Key, int]
    base: int
    revision: int
    contacts: Mapping[Key, Contact]
    answers: Mapping[bytes, bytes]

    @classmethod
    def of(
        cls,
        file: SqliteFile,
        connection: sqlite3.Connection,
        rows: Iterable[Row],
        answers: Mapping[bytes, bytes],
    ) -> Self:
        """Take contacts in hand by their rows."""
        base, revision = next_base(connection)
        ids, contacts = {}, {}
        for row in rows:
            key = row[1], row[2]
            ids[key], contacts[key] = row[0], unpack_contact(row)
        return cls(file, connection, ids, base, revision, contacts, answers)

    def definitions(self) -> Sequence[Definition]:
        with self._file.explained():
            return in_force(self._connection)

    def prompts(self, numbers: Sequence[str], since: datetime) -> Mapping[str, int]:
        with self._file.explained():
            return dict(self._connection.execute(PROMPTS, (as_json(numbers), micros(since))))

    def commit(self, changes: Changes) -> None:
        ids = Ids(self._ids, self.base)
        records = [pack_record(ids[r.code, r.number], r, micros) for r in changes.records]
        mos = [pack_mo(ids[mo.code, mo.number], mo, micros) for mo in changes.mos]
        mts = [pack_mt(ids[mt.code, mt.number], mt, micros) for mt in changes.mts]
        contacts = [
            pack_contact(ids[due.contact.code, due.contact.number], due.contact, micros(due.at))
            for due in changes.contacts
        ]
        withdrawn = [_withdrawn(ids[w.code, w.number], w) for w in changes.withdrawn]
        # Whoever is named, if only as the sender of an MO that changed nothing, has a row.
        unnamed = ids.new.keys() - {(d.contact.code, d.contact.number) for d in changes.contacts}
        contacts += [pack_contact(ids[key], Contact(key[1], key[0]), None) for key in unnamed]
        with self._file.committing(self._connection):
            once(self._connection, self.base)
            self._connection.executemany(KEEP_CONTACT, contacts)
            self._connection.executemany(ADD_RECORD, records)
            self._connection.executemany(ADD_MO, mos)
            self._connection.executemany(ADD_MT, mts)
            self._connection.executemany(ADD_KEY, changes.keys)
            self._connection.executemany(WITHDRAW, withdrawn)


@attrs.frozen
class SqliteDefining:
    """The definitions in hand; the file is locked until it is left."""

    _file: SqliteFile
    _connection: sqlite3.Connection
    base: int
    current: Sequence[Definition]

    def commit(self, new: Sequence[Definition], ended: Sequence[int], at: datetime) -> None:
        over = chain(ended, (definition.id for definition in new))
        with self._file.committing(self._connection):
            once(self._connection, self.base)
            self._connection.executemany(END, [(micros(at), id_) for id_ in over])
            rows = [pack_definition(definition, micros) for definition in new]
            self._connection.executemany(ADD_DEFINITION, rows)
            self._connection.execute("UPDATE meta SET revision = revision + 1")


def _withdrawn(contact: int, withdrawal: Withdrawal) -> Mapping[str, object]:
    given = attrs.asdict(withdrawal)
    return {**given, "contact": contact, "at": micros(withdrawal.at)}


def next_base(connection: sqlite3.Connection) -> tuple[int, int]:
    """Give the next base, and the revision; nobody else has it while the file is locked."""
    base, revision = connection.execute("SELECT base, revision FROM meta").fetchone()
    return base + ROOM, revision


def once(connection: sqlite3.Connection, base: int) -> None:
    """Use up the base, if that was not done before.

    Raises:
        StoreError: it was committed already.

    """
    if not connection.in_transaction:
        message = "A batch commits once. Take the contacts in hand again."
        raise StoreError(message)
    connection.execute("UPDATE meta SET base = ?", (base,))


def known(connection: sqlite3.Connection, keys: Sequence[Key]) -> list[Row]:
    """Give the rows of those contacts that there are."""
    wanted = set(keys)
    numbers = as_json({number for _, number in wanted})
    return [row for row in connection.execute(KNOWN, (numbers,)) if (row[1], row[2]) in wanted]


def answered(connection: sqlite3.Connection, claims: Iterable[bytes]) -> dict[bytes, bytes]:
    """Give the answers of those MOs that hold a claim."""
    found = {claim: connection.execute(ANSWERED, (claim,)).fetchone() for claim in set(claims)}
    return {claim: row[0] for claim, row in found.items() if row}


def in_force(connection: sqlite3.Connection) -> tuple[Definition, ...]:
    """Give the definitions in force, by id."""
    rows = connection.execute(IN_FORCE)
    return tuple(unpack_definition(row, from_micros) for row in rows)
