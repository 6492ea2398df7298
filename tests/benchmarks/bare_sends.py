"""A send without us: its rows inserted, claimed and marked by bare statements."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import psycopg

from optin_engine.stores import open_store
from optin_engine.stores.packing import micros
from tests.benchmarks.bare_postgres import insert_all as insert_postgres
from tests.benchmarks.bare_sqlite import connected, insert_all
from tests.store_contract import LEASE, NOW

Rows = Sequence[Sequence[Any]]
ALL = "SELECT * FROM mts ORDER BY id"

SQLITE_CLAIM = """
    UPDATE mts SET attempts = attempts + 1, due_at = ?, is_claimed = 1
     WHERE id IN (SELECT id FROM mts
                   WHERE send = ? AND fate IN ('queued', 'withdrawn') AND coalesce(due_at, 0) <= ?
                   ORDER BY coalesce(due_at, 0), id LIMIT ?)
    RETURNING *"""
SQLITE_MARK = """
    UPDATE mts SET fate = 'sent', is_claimed = 0, due_at = NULL, settled_at = ?, provider_id = ?
     WHERE id = ?"""

POSTGRES_CLAIM = """
    UPDATE mts SET attempts = attempts + 1, due_at = %s, is_claimed = 1
     WHERE id IN (SELECT id FROM mts
                   WHERE send = %s AND fate IN ('queued', 'withdrawn')
                     AND coalesce(due_at, '-infinity'::timestamptz) <= %s
                   ORDER BY coalesce(due_at, '-infinity'::timestamptz), id LIMIT %s
                     FOR UPDATE SKIP LOCKED)
    RETURNING *"""
POSTGRES_MARK = """
    UPDATE mts SET fate = 'sent', is_claimed = 0, due_at = NULL, settled_at = %s, provider_id = name
      FROM unnest(%s::bigint[], %s::text[]) AS done (mt, name) WHERE id = mt"""


class Bare(Protocol):
    """A database of our schema and what bare statements do in it; the first row tells the send."""

    def rows_of(self, url: str) -> Rows:
        """Read the MTs that a store has, as they are."""

    def insert(self, rows: Rows, page: int) -> None:
        """Insert them, so many in a transaction."""

    def claim_and_mark(self, limit: int) -> None:
        """Claim all, so many in a transaction, and mark them as sent in another."""

    def close(self) -> None:
        """Let go of it."""


class BareSqlite:
    """A file."""

    def __init__(self, file: Path) -> None:
        self._connection = connected(file)

    def rows_of(self, url: str) -> Rows:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return connection.execute(ALL).fetchall()

    def insert(self, rows: Rows, page: int) -> None:
        for start in range(0, len(rows), page):
            insert_all(self._connection, {"mts": rows[start : start + page]})

    def claim_and_mark(self, limit: int) -> None:
        (send,) = self._connection.execute("SELECT max(send) FROM mts").fetchone()
        lease, now = micros(LEASE), micros(NOW)
        while True:
            self._connection.execute("BEGIN IMMEDIATE")
            asked = lease, send, now, limit
            claimed = self._connection.execute(SQLITE_CLAIM, asked).fetchall()
            self._connection.execute("COMMIT")
            if not claimed:
                return
            self._connection.execute("BEGIN IMMEDIATE")
            done = [(now, f"null-{row[0]}", row[0]) for row in claimed]
            self._connection.executemany(SQLITE_MARK, done)
            self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


class BarePostgres:
    """A database."""

    def __init__(self, url: str) -> None:
        open_store(url).close()
        self._connection = psycopg.connect(url, autocommit=True)

    def rows_of(self, url: str) -> Rows:
        with psycopg.connect(url) as connection:
            return connection.execute(ALL).fetchall()

    def insert(self, rows: Rows, page: int) -> None:
        for start in range(0, len(rows), page):
            insert_postgres(self._connection, {"mts": rows[start : start + page]})

    def claim_and_mark(self, limit: int) -> None:
        [(send,)] = self._connection.execute("SELECT max(send) FROM mts").fetchall()
        while True:
            asked = LEASE, send, NOW, limit
            claimed = self._connection.execute(POSTGRES_CLAIM, asked).fetchall()
            if not claimed:
                return
            ids = [row[0] for row in claimed]
            names = [f"null-{id_}" for id_ in ids]
            self._connection.execute(POSTGRES_MARK, (NOW, ids, names))

    def close(self) -> None:
        self._connection.close()
