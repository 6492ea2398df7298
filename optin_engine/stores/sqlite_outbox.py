"""MTs and their fates in SQLite; whoever calls has begun a transaction."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from optin_engine.stores.packing import Row, from_micros, micros, unpack_mt
from optin_engine.stores.rows import Mt, Settlement
from optin_engine.stores.schema import OPEN, columns

MTS = f"SELECT code, number, {columns('mt', 'mts')} FROM mts JOIN contacts ON contacts.id = contact"
OF_PROVIDER = f"{MTS} WHERE provider_id = ? AND provider_id <> '' ORDER BY mts.id LIMIT 1"

# What is over stays so, but for one thing: an MT that was sent after all.
SETTLE = f"""
    UPDATE mts SET in_hand = 0, provider_id = :provider_id, error = :error,
           fate = CASE WHEN fate = 'withdrawn' AND :fate <> 'sent' THEN 'cancelled' ELSE :fate END,
           due_at = CASE WHEN fate = 'withdrawn' THEN NULL ELSE :due_at END,
           settled_at = CASE WHEN :fate = 'queued' AND fate = 'queued' THEN NULL ELSE :at END
     WHERE id = :id AND ({OPEN} OR :fate = 'sent' AND fate IN ('cancelled', 'dead'))"""
DELIVERED = """
    UPDATE mts SET fate = ?1, settled_at = ?2, error = ?3
     WHERE id = ?4 AND fate NOT IN ('delivered', ?1)"""
REQUEUE = """
    UPDATE mts SET fate = 'queued', attempts = 0, due_at = ?, settled_at = NULL
     WHERE id = ? AND fate = 'dead'"""
REOPEN = """
    UPDATE sends SET state = 'Started', finished_at = NULL
     WHERE id = (SELECT send FROM mts WHERE id = ? AND fate = 'dead') AND state = 'Finished'"""
BACKLOG = f"""
    SELECT (SELECT count(*) FROM contacts WHERE state = 'In Progress'), count(*),
           (SELECT count(*) FROM mts WHERE fate = 'dead'), min(at)
      FROM mts WHERE {OPEN}"""


def settle(connection: sqlite3.Connection, settlements: Sequence[Settlement]) -> None:
    """Keep what became of MTs in hand; see `Store.settle`."""
    rows = [
        {
            "id": settled.id,
            "fate": settled.fate.value,
            "at": micros(settled.at),
            "provider_id": settled.provider_id,
            "error": settled.error,
            "due_at": micros(settled.due_at),
        }
        for settled in settlements
    ]
    connection.executemany(SETTLE, rows)


def deliver(connection: sqlite3.Connection, provider_id: str, told: Row) -> Mt | None:
    """Keep a carrier's receipt; see `Store.delivered`.

    Args:
        connection: to the file.
        provider_id: the transport's name for the MT.
        told: fate, moment and error.

    """
    row = connection.execute(OF_PROVIDER, (provider_id,)).fetchone()
    if row is None:
        return None
    connection.execute(DELIVERED, (*told, unpack_mt(row, from_micros).id))
    return unpack_mt(connection.execute(OF_PROVIDER, (provider_id,)).fetchone(), from_micros)


def requeue(connection: sqlite3.Connection, mts: Sequence[int], now: datetime) -> int:
    """Queue MTs again that were given up; see `Store.requeue`."""
    connection.executemany(REOPEN, [(mt,) for mt in mts])
    return max(connection.executemany(REQUEUE, [(micros(now), mt) for mt in mts]).rowcount, 0)
