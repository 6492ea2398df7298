"""The PostgreSQL database: its connections, its schema, and what its errors mean."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8BinaryDumper
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from optin_engine.stores.migrations import latest, refuse_other, statements
from optin_engine.stores.store import StoreError, Unavailable

Connection = psycopg.Connection[tuple[Any, ...]]

# One process works on so many batches, claims and reads at a time; others wait for a connection.
CONNECTIONS = 10

# What the URL does not say itself. A network that swallows packets is noticed in seconds.
DEFAULTS: Mapping[str, str | int] = {
    "application_name": "optin-engine",
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "client_encoding": "utf8",
}

# What a session must have, whatever the server's defaults are. A process that hangs with
# contacts in hand loses them after a minute; who waits for them gives up before.
SETTINGS = """
    SELECT set_config('TimeZone', 'UTC', false),
           set_config('default_transaction_isolation', 'read committed', false),
           set_config('lock_timeout', '30s', false),
           set_config('idle_in_transaction_session_timeout', '60s', false),
           set_config('synchronous_commit', CASE current_setting('synchronous_commit')
               WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false)"""

# The numbers of advisory locks: what is locked, and for contacts a bucket of their number.
# There are few buckets, so that no batch is too large for the server's table of locks.
LOCKED_CONTACTS, LOCKED_DEFINITIONS, LOCKED_SCHEMA = 0x4F505401, 0x4F505402, 0x4F505403
LOCK_ONE = "SELECT pg_advisory_xact_lock(%s::int, 0)"

# Asked of the catalog itself: `to_regclass` may not know yet what another session committed.
HAS_META = "SELECT FROM pg_class WHERE relname = 'meta' AND pg_table_is_visible(oid)"

# Batches draw their bases from it without waiting for each other.
BASES = "CREATE SEQUENCE IF NOT EXISTS bases"


class Connections:
    """A database and the connections to it; shared by threads.

    A connection is tried before it is used, so that a server that was restarted is found
    again without help.

    Args:
        url: as libpq reads it.
        patience: seconds to wait for a connection.

    Raises:
        StoreError: the URL is invalid.

    """

    def __init__(self, url: str, patience: float) -> None:
        self._patience = patience
        try:
            given = conninfo_to_dict(url)
        except psycopg.ProgrammingError:
            # The driver's own words hold the URL, and so its password.
            message = (
                "The store URL is invalid. It must be postgresql://user:password@host/database,"
                " with %-escapes for any of /:@?# in its parts."
            )
            raise StoreError(message) from None
        self._name = f"The PostgreSQL database {_where(given)}"
        self._conninfo = make_conninfo("", **{**DEFAULTS, **given})
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            self._conninfo,
            kwargs={"autocommit": True},
            min_size=1,
            max_size=CONNECTIONS,
            timeout=patience,
            reconnect_timeout=patience,
            configure=_configure,
            check=ConnectionPool.check_connection,
            open=False,
        )

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn PostgreSQL's errors into the store's."""
        try:
            yield
        except PoolClosed:
            message = "The store is closed. Open it again."
            raise StoreError(message) from None
        except PoolTimeout as error:
            mend = "Check that the server runs, can be reached and has connections to spare."
            message = f"{self._name} gave no connection in {self._patience:g} s. {mend}"
            raise Unavailable(message) from error
        except errors.UniqueViolation:
            # Two processes took the same claim at once. The error itself has a number in it.
            message = f"{self._name} has this from another process by now. Try again."
            raise Unavailable(message) from None
        except (
            psycopg.OperationalError,
            psycopg.InterfaceError,
            errors.ReadOnlySqlTransaction,
        ) as error:
            mend = "Check the server and its log, and the URL; then try again."
            message = f"{self._name} cannot be used now: {_reason(error)}. {mend}"
            raise Unavailable(message) from error

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Lend a connection on which every statement commits by itself."""
        with self.explained(), self._pool.connection() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Lend a connection for one transaction, which the block begins and commits.

        What is not committed when the block ends is rolled back, however it ends.
        """
        with self.connection() as connection:
            try:
                yield connection
            finally:
                is_over = connection.info.transaction_status == TransactionStatus.IDLE
                if not is_over and not connection.closed:
                    connection.rollback()

    def open(self, *, migrating: bool) -> tuple[int, int]:
        """Bring the schema up to date, once, whoever else does so now; then take connections.

        Args:
            migrating: else an older schema is refused.

        Returns:
            The schema's number before and after.

        Raises:
            StoreError: the schema is newer, or older and not to be migrated.
            Unavailable: the database cannot be used now.

        """
        with self.explained(), psycopg.connect(self._conninfo, autocommit=True) as connection:
            _configure(connection)
            migrated = self._migrate(connection, migrating=migrating)
        self._pool.open()
        return migrated

    def close(self) -> None:
        """Close every connection that is not in use; the others close as they are left."""
        self._pool.close()

    def _migrate(self, connection: Connection, *, migrating: bool) -> tuple[int, int]:
        before = self._version(connection)
        refuse_other(before, migrating=migrating)
        if before == latest():
            return before, before
        with connection.transaction():
            connection.execute(LOCK_ONE, [LOCKED_SCHEMA])
            # Another process may have been quicker.
            before = self._version(connection)
            refuse_other(before, migrating=migrating)
            for statement in _missing(before):
                self._alter(connection, statement)
            connection.execute("UPDATE meta SET version = %s", [latest()])
        return before, latest()

    def _version(self, connection: Connection) -> int:
        """Give the number of the schema; 0 where there is none."""
        try:
            if connection.execute(HAS_META).fetchone() is None:
                return 0
            row = connection.execute("SELECT version FROM meta").fetchone()
        except (errors.UndefinedColumn, errors.InsufficientPrivilege):
            row = None
        if row is None:
            raise StoreError(self._not_ours("has a table `meta` of some other program's"))
        return int(row[0])

    def _alter(self, connection: Connection, statement: str) -> None:
        try:
            connection.execute(statement)
        except (errors.DuplicateTable, errors.DuplicateObject):
            problem = "has tables of some other program's"
            raise StoreError(self._not_ours(problem)) from None
        except errors.InsufficientPrivilege:
            mend = "Run `optin-engine migrate` as a user who may create tables."
            message = f"{self._name} does not let this user create tables. {mend}"
            raise StoreError(message) from None

    def _not_ours(self, problem: str) -> str:
        mend = "Name another database, or a schema of its own: ?options=-csearch_path%3Dname."
        return f"{self._name} {problem}. {mend}"


def _missing(version: int) -> Sequence[str]:
    """Give the statements that bring a schema from a version to the latest."""
    numbers = range(version + 1, latest() + 1)
    return [BASES, *(each for number in numbers for each in statements(number, "postgresql"))]


def _configure(connection: Connection) -> None:
    """Make a new connection ready: the session's settings, and one size of whole numbers."""
    connection.adapters.register_dumper(int, Int8BinaryDumper)
    connection.execute(SETTINGS)


def _where(given: Mapping[str, object]) -> str:
    """Say which database it is; never the password."""
    host, port = given.get("host") or given.get("hostaddr"), given.get("port")
    place = f"{host}:{port}" if port else host or "this machine"
    return f"`{given.get('dbname') or 'of its user'}` on {place}"


def _reason(error: psycopg.Error) -> str:
    """Say what PostgreSQL or its driver said, in one line and without details of rows."""
    return " ".join((error.diag.message_primary or str(error)).split()).rstrip(".")
