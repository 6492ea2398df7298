"""A store in PostgreSQL, for any number of processes on any number of machines.

Batches of different contacts go on beside each other; a batch that wants a contact of
another waits for it. SQL stands in capitals above what runs it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from typing import Any, Self, TypeVar

from optin_engine.stores import postgres_outbox as outbox
from optin_engine.stores.holding import NO_HOLDS, Holds
from optin_engine.stores.migrations import refuse_other
from optin_engine.stores.packing import (
    Row,
    numbers_by_key,
    unpack_contact,
    unpack_definition,
)
from optin_engine.stores.postgres_batch import IN_FORCE, PostgresBatch, PostgresDefining
from optin_engine.stores.postgres_claims import claim, claim_unrendered
from optin_engine.stores.postgres_columns import each, moment, read_chain, read_mo, read_mt
from optin_engine.stores.postgres_connections import Connections
from optin_engine.stores.postgres_lists import PostgresLists
from optin_engine.stores.postgres_sends import PostgresSends
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
from optin_engine.stores.schema import OPEN, columns
from optin_engine.stores.store import NO_PACES
from optin_engine.vocabulary import Contact

T = TypeVar("T")

# So many records are in memory at a time while all chains are read.
RECORDS = 2_000

CONTACT = "(SELECT id FROM contacts WHERE number = %s AND code = %s)"
MOS = f"SELECT code, number, {columns('mo', 'mos')} FROM mos JOIN contacts ON contacts.id = contact"
MTS = outbox.MTS
# A damaged time that Python has not is given as the first or the last that it has.
RECORD = columns("record", "records").replace(
    "records.at", "greatest(least(at, '9999-12-31T23:59:59.999999Z'), '0001-01-01T00:00:00Z')"
)
CHAINS = f"""
    SELECT {columns("contact", "contacts")}, {RECORD}
      FROM contacts LEFT JOIN records ON records.contact = contacts.id"""
IN_ORDER = "ORDER BY contacts.id, records.sequence"
# A damaged database may have records whose contact is gone.
STRAYS = f"""
    SELECT contact, code, NULL, '', 0::bigint, ''::bytea, ''::bytea, NULL, {RECORD}
      FROM records WHERE NOT EXISTS (SELECT FROM contacts WHERE id = contact)
     ORDER BY contact, sequence"""
DEFINITIONS = f"SELECT {columns('definition')} FROM definitions"
NUMBERS = f"SELECT {columns('subscriber_key')} FROM subscriber_keys WHERE key = ANY(%b::text[])"

# One statement each, so that what it gives is of one moment.
REVISED = f"SELECT revision, current.* FROM meta LEFT JOIN ({IN_FORCE}) AS current ON true"
BACKLOG = f"""
    SELECT (SELECT count(*) FROM contacts WHERE state = 'In Progress'), count(*),
           (SELECT count(*) FROM mts WHERE fate = 'dead'), min(at)
      FROM mts WHERE {OPEN}"""


class PostgresStore:
    """Keeps everything in a PostgreSQL database.

    What `erase` removes is overwritten by the server's next vacuum; its log and its backups
    keep it for as long as the server keeps those.

    Args:
        url: `postgresql://user:password@host/database`, as libpq reads it.
        migrating: bring an older schema up to date first; else refuse it.
        patience: seconds to wait for a connection, before the server counts as gone.

    Raises:
        StoreError: the URL is invalid, or the database is no store of this version's.
        Unavailable: the database cannot be used now.

    """

    at_once = 2

    def __init__(self, url: str, *, migrating: bool = True, patience: float = 5.0) -> None:
        self._connections = Connections(url, patience)
        self.migrated = self._connections.open(migrating=migrating)
        self.lists = PostgresLists(self._connections)
        self.sends = PostgresSends(self._connections)

    @contextmanager
    def batch(self, keys: Sequence[Key], claims: Sequence[bytes] = ()) -> Iterator[PostgresBatch]:
        with self._connections.transaction() as connection:
            yield PostgresBatch.locked(self._connections, connection, keys, claims)

    @contextmanager
    def due(self, now: datetime, limit: int) -> Iterator[PostgresBatch]:
        with self._connections.transaction() as connection:
            yield PostgresBatch.late(self._connections, connection, now, limit)

    def next_due(self) -> datetime | None:
        at: datetime | None = self._first("SELECT min(due_at) FROM contacts")
        return at

    @contextmanager
    def defining(self) -> Iterator[PostgresDefining]:
        with self._connections.transaction() as connection:
            yield PostgresDefining.locked(self._connections, connection)

    def revision(self) -> int:
        revision: int = self._first("SELECT revision FROM meta")
        return revision

    def definitions(self) -> tuple[int, Sequence[Definition]]:
        rows = self._all(tuple, REVISED)
        found = [row[1:] for row in rows if row[1] is not None]
        return rows[0][0], tuple(sorted(map(_definition, found), key=lambda found: found.id))

    def versions(self, definition: int) -> Sequence[Definition]:
        query = f"{DEFINITIONS} WHERE id = %s ORDER BY version"
        return self._all(_definition, query, definition)

    def version(self, digest: str) -> Definition | None:
        query = f"""{DEFINITIONS} WHERE digest = %s AND digest <> ''
                     ORDER BY id DESC, version DESC LIMIT 1"""
        return next(iter(self._all(_definition, query, digest)), None)

    def contacts(self, number: str) -> Sequence[Contact]:
        query = f"SELECT {columns('contact')} FROM contacts WHERE number = %s ORDER BY code"
        return self._all(unpack_contact, query, number)

    def numbers_of(self, keys: Sequence[str]) -> Mapping[str, Sequence[str]]:
        return numbers_by_key(self._all(tuple, NUMBERS, list(keys)))

    def conversation(self, code: str, number: str, after: int = 0) -> Sequence[Mo | Mt]:
        asked = number, code, after
        # MTs first: an MO is there before what answers it, and never without it.
        mts = self._all(read_mt, f"{MTS} WHERE contact = {CONTACT} AND mts.id > %s", *asked)
        mos = self._all(read_mo, f"{MOS} WHERE contact = {CONTACT} AND mos.id > %s", *asked)
        return tuple(sorted((*mos, *mts), key=lambda said: said.id))

    def mo(self, mo: int) -> Mo | None:
        return next(iter(self._all(read_mo, f"{MOS} WHERE mos.id = %s", mo)), None)

    def answers(self, mo: int) -> Sequence[Mt]:
        # By the contact, whose MTs have an index; an index of their own would cost every MO.
        query = f"""{MTS} WHERE contact = (SELECT contact FROM mos WHERE id = %s)
                       AND mts.mo = %s ORDER BY mts.id"""
        return self._all(read_mt, query, mo, mo)

    def chain(self, code: str, number: str) -> Chain | None:
        query = f"{CHAINS} WHERE number = %s AND contacts.code = %s {IN_ORDER}"
        rows = self._all(tuple, query, number, code)
        return read_chain(rows) if rows else None

    def chains(self) -> Iterator[Chain]:
        with self._connections.transaction() as connection:
            connection.execute("BEGIN READ ONLY")
            for query in (f"{CHAINS} {IN_ORDER}", STRAYS):
                with connection.cursor("chains", binary=True) as cursor:
                    cursor.itersize = RECORDS
                    rows = cursor.execute(query)
                    for _, chain in groupby(rows, key=lambda row: row[0]):
                        yield read_chain(chain)

    def backlog(self) -> Backlog:
        [counts] = self._all(tuple, BACKLOG)
        return Backlog(*counts)

    def claim(
        self,
        now: datetime,
        until: datetime,
        limit: int,
        paces: Mapping[str, float] = NO_PACES,
        holds: Holds = NO_HOLDS,
    ) -> Sequence[Mt]:
        with self._connections.transaction() as connection:
            return claim(connection, now, until, limit, paces, holds)

    def claim_unrendered(self, now: datetime, until: datetime, limit: int) -> Sequence[Mt]:
        with self._connections.connection() as connection:
            return claim_unrendered(connection, now, until, limit)

    def settle(self, settlements: Sequence[Settlement]) -> None:
        with self._connections.transaction() as connection:
            outbox.settle(connection, settlements)

    def delivered(self, name: str | int, fate: Fate, at: datetime, error: str = "") -> Told | None:
        with self._connections.connection() as connection:
            return outbox.delivered(connection, name, fate, at, error)

    def dead(self, after: int = 0, limit: int = 100) -> Sequence[Mt]:
        query = f"{MTS} WHERE fate = 'dead' AND mts.id > %s ORDER BY mts.id LIMIT %s"
        return self._all(read_mt, query, after, limit)

    def requeue(self, mts: Sequence[int], now: datetime) -> int:
        with self._connections.transaction() as connection:
            return outbox.requeue(connection, mts, now)

    def block(self, code: str, number: str, at: datetime | None) -> None:
        change = "UPDATE contacts SET blocked_at = %s WHERE number = %s AND code = %s"
        self._change(change, at, number, code)

    def blocked(self, code: str, number: str) -> datetime | None:
        query = "SELECT max(blocked_at) FROM contacts WHERE number = %s AND code = %s"
        at: datetime | None = self._first(query, number, code)
        return at

    def erase(self, number: str) -> Erased:
        with self._connections.transaction() as connection:
            return outbox.erase(connection, number)

    def ping(self) -> None:
        refuse_other(self._first("SELECT version FROM meta"), migrating=False)

    def close(self) -> None:
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _all(self, reading: Callable[[Row], T], query: str, *asked: Any) -> tuple[T, ...]:
        with self._connections.connection() as connection:
            return each(reading, connection.execute(query, asked, binary=True))

    def _first(self, query: str, *asked: Any) -> Any:
        """Give the one value that a query asks for."""
        [(value,)] = self._all(tuple, query, *asked)
        return value

    def _change(self, statement: str, *asked: Any) -> int:
        """Carry out one statement; give how many rows it changed."""
        with self._connections.connection() as connection:
            return connection.execute(statement, asked).rowcount


def _definition(row: Row) -> Definition:
    return unpack_definition(row, moment)
