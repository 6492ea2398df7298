"""Taking MTs in hand in SQLite; whoever calls has begun a transaction."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from optin_engine.stores.holding import Holds, held_back
from optin_engine.stores.pacing import Found, Outlook, in_pace
from optin_engine.stores.packing import from_micros, micros, unpack_mt
from optin_engine.stores.rows import Mt
from optin_engine.stores.schema import HELD, OPEN, UNDER_WAY, UNRENDERED, UNSAID
from optin_engine.stores.sqlite_batch import as_json
from optin_engine.stores.sqlite_outbox import MTS

CLAIM_LATE = """
    UPDATE mts SET fate = 'cancelled', settled_at = :now, due_at = NULL, is_claimed = 0
     WHERE fate = 'withdrawn' AND coalesce(due_at, 0) <= :now"""
DUE = f"mts.{OPEN} AND fate = 'queued' AND coalesce(mts.due_at, 0) <= :now"
OLDER = f"""
    SELECT 1 FROM mts AS first WHERE first.contact = mts.contact AND first.id < mts.id
       AND first.{UNSAID} AND first.fate <> 'dead' AND first.encoding <> 'template'"""

REPLIES = f"""
    SELECT mts.id, code FROM mts JOIN contacts ON contacts.id = contact
     WHERE send = 0 AND {DUE} AND encoding <> 'template'
       AND NOT EXISTS ({OLDER} AND first.send = 0)
       AND code NOT IN (SELECT value FROM json_each(:passed))
     ORDER BY coalesce(mts.due_at, 0), mts.id LIMIT :limit"""
MOVING = f"SELECT code, id, options FROM sends WHERE {UNDER_WAY} ORDER BY kind, id"
OF_SEND = f"""
    SELECT id FROM mts WHERE send = :send AND {DUE} AND NOT EXISTS ({OLDER}
       AND first.send NOT IN (SELECT value FROM json_each(:resting))
       AND NOT EXISTS (SELECT 1 FROM sends WHERE sends.id = first.send AND {HELD}))
     ORDER BY coalesce(due_at, 0), id LIMIT :limit"""

NUMBERS = """
    SELECT mts.id, number FROM mts JOIN contacts ON contacts.id = contact
     WHERE mts.id IN (SELECT value FROM json_each(?))"""
PUT_OFF = "UPDATE mts SET due_at = ? WHERE id = ?"
CLAIM = """
    UPDATE mts SET attempts = attempts + 1, due_at = ?, is_claimed = 1
     WHERE id IN (SELECT value FROM json_each(?))"""
TO_RENDER = f"""
    SELECT id FROM mts WHERE {UNRENDERED} AND coalesce(due_at, 0) <= ?
     ORDER BY coalesce(due_at, 0), id LIMIT ?"""
CLAIM_UNRENDERED = """
    UPDATE mts SET attempts = attempts + 1, due_at = ?
     WHERE id IN (SELECT value FROM json_each(?))"""
TAKEN = f"{MTS} WHERE mts.id IN (SELECT value FROM json_each(?)) ORDER BY mts.id"
PACES = "SELECT code, next_at FROM paces WHERE code IN (SELECT value FROM json_each(?))"
MOVE = """
    INSERT INTO paces (code, next_at) VALUES (?, ?)
    ON CONFLICT (code) DO UPDATE SET next_at = excluded.next_at"""


def claim(  # noqa: PLR0913, PLR0917 - all that `Store.claim` is told, and where.
    connection: sqlite3.Connection,
    now: datetime,
    until: datetime,
    limit: int,
    paces: Mapping[str, float],
    holds: Holds,
) -> Sequence[Mt]:
    """Take MTs in hand; see `Store.claim`."""
    moment = micros(now) or 0
    connection.execute(CLAIM_LATE, {"now": moment})
    next_at = dict(connection.execute(PACES, (as_json(list(paces)),))) if paces else {}
    taken, after = in_pace(_outlook(connection, moment, holds), paces, next_at, moment, limit)
    connection.executemany(MOVE, after.items())
    return _taken(connection, CLAIM, [id_ for id_, _ in taken], until)


def claim_unrendered(
    connection: sqlite3.Connection, now: datetime, until: datetime, limit: int
) -> Sequence[Mt]:
    """Take replies in hand whose text is yet to be made; see `Store.claim_unrendered`."""
    found = connection.execute(TO_RENDER, (micros(now), limit)).fetchall()
    return _taken(connection, CLAIM_UNRENDERED, [id_ for (id_,) in found], until)


def _taken(
    connection: sqlite3.Connection, statement: str, mts: Sequence[int], until: datetime
) -> Sequence[Mt]:
    ids = as_json(mts)
    connection.execute(statement, (micros(until), ids))
    return tuple(unpack_mt(row, from_micros) for row in connection.execute(TAKEN, (ids,)))


def _outlook(connection: sqlite3.Connection, now: int, holds: Holds) -> Outlook:
    moving: dict[str, list[int]] = {}
    resting: list[int] = []

    def codes() -> Sequence[str]:
        for code, send, options in connection.execute(MOVING):
            (resting if holds.rests(options) else moving.setdefault(code, [])).append(send)
        return list(moving)

    def replies(most: int, passed: Sequence[str]) -> Found:
        asked = {"now": now, "limit": most, "passed": as_json(passed)}
        return connection.execute(REPLIES, asked).fetchall()

    def of_code(code: str, most: int) -> Found:
        found: list[tuple[int, str]] = []
        always: dict[str, object] = {"now": now, "resting": as_json(resting)}
        for send in moving[code]:
            asked = {**always, "send": send, "limit": most - len(found)}
            found += [(id_, code) for (id_,) in connection.execute(OF_SEND, asked)]
            if len(found) == most:
                break
        return found

    def numbers(mts: Sequence[int]) -> Mapping[int, str]:
        return dict(connection.execute(NUMBERS, (as_json(mts),)))

    def put_off(dues: Mapping[int, datetime]) -> None:
        connection.executemany(PUT_OFF, [(micros(at), mt) for mt, at in dues.items()])

    return held_back(Outlook(replies, of_code, codes), holds, numbers, put_off)
