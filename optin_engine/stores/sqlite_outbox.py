"""MTs and their fates in SQLite; whoever calls has begun a transaction."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from optin_engine.stores.packing import from_micros, micros, sound, unpack_mt
from optin_engine.stores.receipts import Told, beneath
from optin_engine.stores.rows import Fate, Settlement
from optin_engine.stores.schema import OPEN, TRIED, UNRENDERED, columns
from optin_engine.stores.sqlite_batch import as_json

MTS = f"SELECT code, number, {columns('mt', 'mts')} FROM mts JOIN contacts ON contacts.id = contact"
NAMED = "SELECT id FROM mts WHERE provider_id = ? AND provider_id <> '' ORDER BY id LIMIT 1"
RECEIVED = f"{MTS} WHERE mts.id = ? AND {TRIED}"

# What is over stays so, but for one thing: an MT that was sent after all.
SETTLE = f"""
    UPDATE mts SET is_claimed = 0, provider_id = :provider_id, error = :error,
           fate = CASE WHEN fate = 'withdrawn' AND :fate <> 'sent' THEN 'cancelled' ELSE :fate END,
           due_at = CASE WHEN fate = 'withdrawn' THEN NULL ELSE :due_at END,
           settled_at = CASE WHEN :fate = 'queued' AND fate = 'queued' THEN NULL ELSE :at END
     WHERE id = :id AND ({OPEN} OR :fate = 'sent' AND fate IN ('cancelled', 'dead'))"""
# Who made a text first has made it; what was erased or cancelled meanwhile stays so.
RENDER = f"""
    UPDATE mts SET text = ?, encoding = ?, segments = ?, attempts = 0
     WHERE id = ? AND {UNRENDERED}"""
DELIVERED = """
    UPDATE mts SET fate = ?, settled_at = ?, due_at = NULL, error = ?
     WHERE id = ? AND fate IN (SELECT value FROM json_each(?))"""
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
    texts = [
        (sound(said.text), said.encoding, said.segments, settled.id)
        for settled in settlements
        if (said := settled.text)
    ]
    connection.executemany(RENDER, texts)
    connection.executemany(SETTLE, rows)


def deliver(
    connection: sqlite3.Connection, name: str | int, fate: Fate, at: datetime, error: str
) -> Told | None:
    """Keep a carrier's receipt; see `Store.delivered`."""
    found = (name,) if isinstance(name, int) else connection.execute(NAMED, (name,)).fetchone()
    if not found or connection.execute(RECEIVED, found).fetchone() is None:
        return None
    told = (fate.value, micros(at), error, *found, as_json(beneath(fate)))
    is_news = connection.execute(DELIVERED, told).rowcount > 0
    mt = unpack_mt(connection.execute(RECEIVED, found).fetchone(), from_micros)
    return Told(mt, is_news)


def requeue(connection: sqlite3.Connection, mts: Sequence[int], now: datetime) -> int:
    """Queue MTs again that were given up; see `Store.requeue`."""
    connection.executemany(REOPEN, [(mt,) for mt in mts])
    return max(connection.executemany(REQUEUE, [(micros(now), mt) for mt in mts]).rowcount, 0)
