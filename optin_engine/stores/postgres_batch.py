"""What PostgreSQL has in hand between BEGIN and COMMIT: contacts, or the definitions.

What is in hand is held by advisory locks, which also lock contacts that are not known yet.
Each statement sees what was committed before it began; so what follows the lock sees all
that whoever had the lock before did.

No statement here goes through psycopg's pipeline: with more to send than a socket holds,
psycopg 3.3 stops sending and waits for an answer for ever. A batch can be of any size.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Self

import attrs
from psycopg.pq import TransactionStatus

from optin_engine.stores.packing import (
    Row,
    pack_contact,
    pack_definition,
    pack_mo,
    pack_mt,
    pack_record,
    unpack_contact,
    unpack_definition,
)
from optin_engine.stores.postgres_columns import arrays, insert, moment
from optin_engine.stores.postgres_connections import (
    LOCK_ONE,
    LOCKED_CONTACTS,
    LOCKED_DEFINITIONS,
    Connection,
    Connections,
)
from optin_engine.stores.rows import Changes, Definition, Key, Withdrawal
from optin_engine.stores.schema import CONSENTED, UNASKED, UNSAID, columns
from optin_engine.stores.store import ROOM, StoreError
from optin_engine.vocabulary import Contact

BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"

# Two batches that want the same buckets take them in the same order, so neither waits for
# one that waits for it.
BUCKET = "hashtext(number) & 1023"
LOCK = f"""
    SELECT count(pg_advisory_xact_lock({LOCKED_CONTACTS}, bucket))
      FROM (SELECT DISTINCT {BUCKET} AS bucket FROM unnest(%b::text[]) AS number
             ORDER BY bucket) AS buckets"""
KNOWN = f"""
    SELECT {columns("contact")} FROM contacts
      JOIN unnest(%b::text[], %b::text[]) AS wanted (code, number) USING (code, number)"""
ANSWERED = "SELECT claim, answer FROM mos WHERE claim = ANY(%b::bytea[])"
HEAD = f"SELECT nextval('bases') * {ROOM}, revision FROM meta"

# More are looked at than are taken, because others have some of them in hand.
LATE = f"""
    WITH late AS MATERIALIZED (
        SELECT id, number FROM contacts WHERE due_at <= %(now)s
         ORDER BY due_at, id LIMIT 16 * %(limit)s)
    SELECT id FROM late
     WHERE pg_try_advisory_xact_lock({LOCKED_CONTACTS}, {BUCKET}) LIMIT %(limit)s"""
STILL_LATE = f"""
    SELECT {columns("contact")} FROM contacts
     WHERE id = ANY(%b::bigint[]) AND due_at <= %s ORDER BY due_at, id"""

PROMPTS = f"""
    SELECT number, count(*) FROM contacts JOIN mts ON mts.contact = contacts.id
     WHERE number = ANY(%b::text[]) AND mts.at >= %s AND {UNASKED}
     GROUP BY number"""
IN_FORCE = f"SELECT {columns('definition')} FROM definitions WHERE ended_at IS NULL ORDER BY id"

ADD_CONTACT, ADD_RECORD, ADD_MO, ADD_MT, ADD_DEFINITION = map(
    insert, ("contact", "record", "mo", "mt", "definition")
)
ADD_KEY = f"{insert('subscriber_key')} ON CONFLICT DO NOTHING"
KEEP_CONTACT = f"""{ADD_CONTACT}
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, sequence = excluded.sequence,
        chain = excluded.chain, body = excluded.body, due_at = excluded.due_at"""

# Whoever changes several MTs locks them by id first, so that nobody waits in a circle.
WITHDRAW = f"""
    UPDATE mts SET fate = CASE is_claimed WHEN 1 THEN 'withdrawn' ELSE 'cancelled' END,
           settled_at = CASE is_claimed WHEN 1 THEN NULL ELSE over_at END
      FROM (SELECT mts.id, over.at AS over_at FROM mts
              JOIN unnest(%b::bigint[], %b::bigint[], %b::text[], %b::timestamptz[])
                AS over (contact, before, keyword, at) ON mts.contact = over.contact
             WHERE mts.{UNSAID} AND mts.fate <> 'withdrawn' AND mts.id < over.before
               AND (mts.keyword <> '' AND over.keyword IN ('', mts.keyword)
                    OR mts.send <> 0 AND over.keyword IN ('', {CONSENTED}))
             ORDER BY mts.id FOR UPDATE OF mts) AS meant
     WHERE mts.id = meant.id"""
END = "UPDATE definitions SET ended_at = %s WHERE id = ANY(%b::bigint[]) AND ended_at IS NULL"


@attrs.frozen
class PostgresBatch:
    """Contacts in hand, until the transaction ends."""

    _connections: Connections
    _connection: Connection
    _ids: Mapping[Key, int]
    base: int
    revision: int
    contacts: Mapping[Key, Contact]
    answers: Mapping[bytes, bytes]

    @classmethod
    def locked(
        cls,
        connections: Connections,
        connection: Connection,
        keys: Iterable[Key],
        claims: Iterable[bytes],
    ) -> Self:
        """Wait for contacts, take them in hand, and load them."""
        wanted = list(dict.fromkeys(keys))
        codes, numbers = [code for code, _ in wanted], [number for _, number in wanted]
        connection.execute(BEGIN)
        connection.execute(LOCK, [numbers])
        known = connection.execute(KNOWN, [codes, numbers], binary=True)
        answered = connection.execute(ANSWERED, [list(claims)], binary=True)
        head = connection.execute(HEAD)
        return cls._of(connections, connection, known, answered, head.fetchall())

    @classmethod
    def late(
        cls, connections: Connections, connection: Connection, now: datetime, limit: int
    ) -> Self:
        """Take contacts in hand that are due and that nobody else has, and load them."""
        connection.execute(BEGIN)
        ids = [row[0] for row in connection.execute(LATE, {"now": now, "limit": limit})]
        # Whoever had them before may have dealt with them.
        known = connection.execute(STILL_LATE, [ids, now], binary=True)
        head = connection.execute(HEAD)
        return cls._of(connections, connection, known, (), head.fetchall())

    @classmethod
    def _of(
        cls,
        connections: Connections,
        connection: Connection,
        known: Iterable[Row],
        answered: Iterable[Row],
        head: Sequence[Row],
    ) -> Self:
        [(base, revision)] = head
        ids, contacts = {}, {}
        for row in known:
            key = row[1], row[2]
            ids[key], contacts[key] = row[0], unpack_contact(row)
        answers = {bytes(claim): bytes(answer) for claim, answer in answered}
        return cls(connections, connection, ids, base, revision, contacts, answers)

    def definitions(self) -> Sequence[Definition]:
        with self._connections.explained():
            return in_force(self._connection)

    def prompts(self, numbers: Sequence[str], since: datetime) -> Mapping[str, int]:
        with self._connections.explained():
            counts = self._connection.execute(PROMPTS, [list(set(numbers)), since])
            return dict(counts.fetchall())

    def commit(self, changes: Changes) -> None:
        ids = self._numbered(changes)
        contacts = self._contacts(changes, ids)
        records = [pack_record(ids[r.code, r.number], r, moment) for r in changes.records]
        mos = [pack_mo(ids[mo.code, mo.number], mo, moment) for mo in changes.mos]
        mts = [pack_mt(ids[mt.code, mt.number], mt, moment) for mt in changes.mts]
        with self._connections.explained(), committing(self._connection):
            self._add(KEEP_CONTACT, "contact", contacts)
            self._add(ADD_RECORD, "record", records)
            self._add(ADD_MO, "mo", mos)
            self._add(ADD_MT, "mt", mts)
            self._add(ADD_KEY, "subscriber_key", changes.keys)
            if changes.withdrawn:
                self._connection.execute(WITHDRAW, _withdrawn(changes.withdrawn, ids))

    def _add(self, statement: str, row: str, rows: Sequence[Row]) -> None:
        if rows:
            self._connection.execute(statement, arrays(row, rows))

    def _numbered(self, changes: Changes) -> Mapping[Key, int]:
        """Give the ids of all that are named; new ones are from the top end of the room."""
        named = [(due.contact.code, due.contact.number) for due in changes.contacts]
        rest: Sequence[Any] = (*changes.records, *changes.mos, *changes.mts, *changes.withdrawn)
        named += [(each.code, each.number) for each in rest]
        new = dict.fromkeys(key for key in named if key not in self._ids)
        top = self.base + ROOM - 1
        return {**self._ids, **{key: top - place for place, key in enumerate(new)}}

    def _contacts(self, changes: Changes, ids: Mapping[Key, int]) -> list[Row]:
        """Give the rows of contacts; whoever is named, if only by an MO, has one."""
        named = {(due.contact.code, due.contact.number): due for due in changes.contacts}
        rows = [pack_contact(ids[key], due.contact, due.at) for key, due in named.items()]
        blank = [key for key in ids if key not in self._ids and key not in named]
        return rows + [pack_contact(ids[key], Contact(key[1], key[0]), None) for key in blank]


@attrs.frozen
class PostgresDefining:
    """The definitions in hand, until the transaction ends."""

    _connections: Connections
    _connection: Connection
    base: int
    current: Sequence[Definition]

    @classmethod
    def locked(cls, connections: Connections, connection: Connection) -> Self:
        """Wait for the definitions, and take them in hand."""
        connection.execute(BEGIN)
        connection.execute(LOCK_ONE, [LOCKED_DEFINITIONS])
        [(base, _)] = connection.execute(HEAD).fetchall()
        return cls(connections, connection, base, in_force(connection))

    def commit(self, new: Sequence[Definition], ended: Sequence[int], at: datetime) -> None:
        over = [*ended, *(definition.id for definition in new)]
        rows = [pack_definition(definition, moment) for definition in new]
        with self._connections.explained(), committing(self._connection):
            self._connection.execute(END, [at, over])
            if rows:
                self._connection.execute(ADD_DEFINITION, arrays("definition", rows))
            self._connection.execute("UPDATE meta SET revision = revision + 1")


def in_force(connection: Connection) -> tuple[Definition, ...]:
    """Give the definitions in force, by id."""
    rows = connection.execute(IN_FORCE, binary=True)
    return tuple(unpack_definition(row, moment) for row in rows)


@contextmanager
def committing(connection: Connection) -> Iterator[None]:
    """Commit after the block, and wait until it is on disk.

    Raises:
        StoreError: it was committed already.

    """
    if connection.info.transaction_status == TransactionStatus.IDLE:
        message = "A batch commits once. Take the contacts in hand again."
        raise StoreError(message)
    yield
    connection.commit()


def _withdrawn(withdrawn: Sequence[Withdrawal], ids: Mapping[Key, int]) -> list[list[Any]]:
    return [
        [ids[w.code, w.number] for w in withdrawn],
        [w.before for w in withdrawn],
        [w.keyword for w in withdrawn],
        [w.at for w in withdrawn],
    ]
