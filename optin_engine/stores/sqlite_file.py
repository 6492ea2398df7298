"""The SQLite file: its connections, its schema, and what its errors mean.

One connection writes, under a lock of the process and SQLite's own lock between processes;
reads have connections of their own, see what was committed when they began, and neither
wait for the writer nor hold it up.
"""

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic, sleep

from optin_engine.stores.migrations import latest, refuse_other, statements
from optin_engine.stores.store import StoreError, Unavailable

PREFIX = "sqlite:///"
PRAGMAS = (
    # Of a new file. Whoever writes is anybody, so each text changes a page of its own in the
    # tables that are by contact; small pages keep that cheap where there are many contacts.
    "page_size = 1024",
    # A commit is on disk when it returns; on macOS too, where fsync alone does not wait.
    "synchronous = FULL",
    "fullfsync = ON",
    # What `erase` overwrites is gone from the file, not only from its tables.
    "secure_delete = ON",
    "cache_size = -65536",
    "wal_autocheckpoint = 16000",
)

# Seconds until a lock is tried again that SQLite does not wait for.
MOMENT = 0.01

PROBLEMS: Mapping[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (Unavailable, "is locked. End the process that holds it, or try again"),
    sqlite3.SQLITE_LOCKED: (Unavailable, "is locked. End the process that holds it, or try again"),
    sqlite3.SQLITE_FULL: (Unavailable, "cannot grow, the disk is full. Free some space"),
    sqlite3.SQLITE_READONLY: (
        Unavailable,
        "cannot be written. Let this user write the file and its folder",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        Unavailable,
        (
            "is not there, or cannot be opened. Name the file that `optin-engine serve` made, or"
            " let this user read and write it and its folder"
        ),
    ),
    sqlite3.SQLITE_PERM: (Unavailable, "cannot be opened. Let this user read and write it"),
    sqlite3.SQLITE_IOERR: (
        Unavailable,
        "could not be read or written. Look after its disk, and the space on it",
    ),
    sqlite3.SQLITE_NOTADB: (StoreError, "is not a SQLite database. Name another file"),
    sqlite3.SQLITE_CORRUPT: (StoreError, "is damaged. Restore it from a backup"),
}
"""What SQLite's primary error codes mean, and what to do about each."""


class SqliteFile:
    """A database file and its connections; shared by threads.

    Args:
        url: `sqlite:///file`.
        patience: seconds to wait for another process that writes.
        creating: make the file if there is none.

    Raises:
        StoreError: the URL names no file that could be a database.

    """

    def __init__(self, url: str, patience: float, *, creating: bool) -> None:
        self.path = _path(url)
        self._patience = patience
        self._mode = "rwc" if creating else "rw"
        self._lock = threading.Lock()
        self._writer: sqlite3.Connection | None = None
        self._readers: deque[sqlite3.Connection] = deque()
        self._is_closed = False

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn SQLite's errors into the store's."""
        try:
            yield
        except sqlite3.Error as error:
            # The low byte is the primary code; the rest tells where in SQLite it arose.
            problem = PROBLEMS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
            if problem is not None:
                kind, mend = problem
                message = f"The file {self.path} {mend}."
                raise kind(message) from error
            # SQLite's own words may hold what is in the file, so only its name for it is given.
            name = getattr(error, "sqlite_errorname", type(error).__name__)
            mend = "Try again, and restore it from a backup if it stays so."
            message = f"The file {self.path} cannot be used: {name}. {mend}"
            raise StoreError(message) from None

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the one lock on writing; what is not committed is rolled back."""
        with self._lock, self.explained():
            connection = self._writing()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
            finally:
                self._roll_back(connection)

    @contextmanager
    def committing(self, connection: sqlite3.Connection) -> Iterator[None]:
        """Commit what the block writes, or roll back all of it."""
        with self.explained():
            try:
                yield
                connection.execute("COMMIT")
            except BaseException:
                self._roll_back(connection)
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """See the file as it was last committed, until the block ends."""
        with self.explained():
            try:
                connection = self._readers.pop()
            except IndexError:
                connection = self._connect()
            is_sound = False
            try:
                connection.execute("BEGIN")
                yield connection
                connection.execute("COMMIT")
                is_sound = not self._is_closed
            finally:
                (self._readers.append if is_sound else sqlite3.Connection.close)(connection)

    def migrate(self, *, migrating: bool) -> tuple[int, int]:
        """Bring the schema up to date, once, whoever else opens the file now.

        Args:
            migrating: else an older schema is refused.

        Returns:
            The schema's number before and after.

        Raises:
            StoreError: the schema is newer, or older and not to be migrated.
            Unavailable: the file cannot be used now.

        """
        with self.reading() as connection:
            before = self._version(connection)
        refuse_other(before, migrating=migrating)
        if before == latest():
            return before, before
        with self.writing() as connection, self.committing(connection):
            # Another process may have been quicker, and of a later version than this.
            before = self._version(connection)
            refuse_other(before, migrating=migrating)
            for number in range(before + 1, latest() + 1):
                for statement in statements(number, "sqlite"):
                    connection.execute(statement)
            connection.execute("UPDATE meta SET version = ?", (latest(),))
        return before, latest()

    def checkpoint(self) -> None:
        """Move what was committed from the log into the file, as far as no reader is on it."""
        with self._lock, self.explained():
            self._writing().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every connection that is not in use; the others close as they are left."""
        with self._lock:
            self._is_closed = True
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        while self._readers:
            self._readers.pop().close()

    def _connect(self) -> sqlite3.Connection:
        if self._is_closed:
            message = "The store is closed. Open it again."
            raise StoreError(message)
        connection = sqlite3.connect(
            f"{self.path.as_uri()}?mode={self._mode}",
            uri=True,
            timeout=self._patience,
            isolation_level=None,
            check_same_thread=False,
        )
        # A damaged text is read as far as it can be, so that its chain is seen to break.
        connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        try:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _writing(self) -> sqlite3.Connection:
        """Give the connection that writes; only now, as the file is ours, change its mode."""
        if self._writer is None:
            connection = self._connect()
            try:
                self._turn_on_log(connection)
            except BaseException:
                connection.close()
                raise
            self._writer = connection
        return self._writer

    def _turn_on_log(self, connection: sqlite3.Connection) -> None:
        """Turn on the write-ahead log; SQLite itself does not wait here for who does so too."""
        patient_until = monotonic() + self._patience
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not is_busy or monotonic() > patient_until:
                    raise
                sleep(MOMENT)
            else:
                return

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        """Leave no transaction open; a connection that cannot even do that is given up."""
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            connection.close()
            self._writer = None

    def _version(self, connection: sqlite3.Connection) -> int:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if not tables:
            return 0
        try:
            return int(connection.execute("SELECT version FROM meta").fetchone()[0])
        except (sqlite3.OperationalError, TypeError):
            message = f"The file {self.path} is some other program's. Name another file."
            raise StoreError(message) from None


def _path(url: str) -> Path:
    """Give the absolute path of a URL, and refuse what SQLite would explain badly."""
    name = url.removeprefix(PREFIX)
    if not url.startswith(PREFIX) or not name or name.startswith(":") or "\0" in name:
        message = f"The store URL is invalid. It must be {PREFIX}file or {PREFIX}/absolute/file."
        raise StoreError(message)
    path = Path(name).absolute()
    if path.is_dir():
        message = f"{path} is a folder. Name a file in it."
        raise StoreError(message)
    if not path.parent.is_dir():
        message = f"The folder {path.parent} does not exist. Create it, or name another."
        raise StoreError(message)
    return path
