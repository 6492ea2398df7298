"""SQLite without us: the rows of a batch read back, and written by bare statements elsewhere."""

import sqlite3
from pathlib import Path

import attrs

from optin_engine.stores import ROOM, open_store
from tests.benchmarks.side_by_side import Rows

# A batch's ids lie in a room of their own; its records are those that nobody has read yet.
WRITTEN = {
    "contacts": "SELECT * FROM contacts WHERE id IN (SELECT contact FROM mos WHERE id >= :base)",
    "records": "SELECT * FROM records WHERE rowid > :records ORDER BY rowid",
    "mos": "SELECT * FROM mos WHERE id >= :base",
    "mts": "SELECT * FROM mts WHERE id >= :base",
}


def connected(file: Path) -> sqlite3.Connection:
    """Open a database of our schema as the service has it: WAL, and durable at every commit."""
    open_store(f"sqlite:///{file}").close()
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


@attrs.define
class Reader:
    """Reads what the store has written since it was last asked."""

    connection: sqlite3.Connection
    records: int = 0

    def written(self) -> Rows:
        """Give the rows of the last batch, by table."""
        (last,) = self.connection.execute("SELECT max(id) FROM mos").fetchone()
        places = {"base": last // ROOM * ROOM, "records": self.records}
        rows = {
            table: self.connection.execute(q, places).fetchall() for table, q in WRITTEN.items()
        }
        (self.records,) = self.connection.execute("SELECT max(rowid) FROM records").fetchone()
        return rows


def insert_all(connection: sqlite3.Connection, rows: Rows) -> None:
    """Write rows in one transaction, each table by one `executemany`."""
    connection.execute("BEGIN IMMEDIATE")
    for table, several in rows.items():
        if several:
            places = ", ".join("?" * len(several[0]))
            verb = "INSERT OR REPLACE" if table == "contacts" else "INSERT"
            connection.executemany(f"{verb} INTO {table} VALUES ({places})", several)
    connection.execute("COMMIT")
