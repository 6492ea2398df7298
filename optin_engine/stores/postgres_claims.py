"""Taking MTs in hand in PostgreSQL, in one transaction that waits for nobody but a code's pace."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from optin_engine.stores.holding import Holds, held_back
from optin_engine.stores.pacing import Found, Outlook, in_pace
from optin_engine.stores.packing import from_micros, micros
from optin_engine.stores.postgres_batch import BEGIN
from optin_engine.stores.postgres_columns import each, read_mt
from optin_engine.stores.postgres_connections import Connection
from optin_engine.stores.rows import Mt
from optin_engine.stores.schema import HELD, OPEN, UNDER_WAY, UNRENDERED, UNSAID, columns

DUE_AT = "coalesce(mts.due_at, '-infinity'::timestamptz)"
DUE = f"mts.{OPEN} AND mts.fate = 'queued' AND {DUE_AT} <= %(now)s"

# What another process has under its hands is left to it.
CLAIM_LATE = f"""
    UPDATE mts SET fate = 'cancelled', settled_at = %(now)s, due_at = NULL, is_claimed = 0
     WHERE id IN (SELECT id FROM mts WHERE fate = 'withdrawn' AND {DUE_AT} <= %(now)s
                     FOR UPDATE SKIP LOCKED)"""
OLDER = f"""
    SELECT FROM mts AS first WHERE first.contact = mts.contact AND first.id < mts.id
       AND first.{UNSAID} AND first.fate <> 'dead' AND first.encoding <> 'template'"""
REPLIES = f"""
    SELECT mts.id, code FROM mts JOIN contacts ON contacts.id = contact
     WHERE send = 0 AND {DUE} AND encoding <> 'template'
       AND NOT EXISTS ({OLDER} AND first.send = 0)
       AND code <> ALL(%(passed)b::text[])
     ORDER BY {DUE_AT}, mts.id LIMIT %(limit)s FOR UPDATE OF mts SKIP LOCKED"""
MOVING = f"SELECT code, id, options FROM sends WHERE {UNDER_WAY} ORDER BY kind, id"
# Of each send only as many are looked at, and locked, as those before it leave room for.
OF_CODE = f"""
    SELECT next.id FROM unnest(%(sends)b::bigint[]) AS moving CROSS JOIN LATERAL (
           SELECT mts.id FROM mts
            WHERE send = moving AND {DUE} AND NOT EXISTS ({OLDER}
              AND first.send <> ALL(%(resting)b::bigint[])
              AND NOT EXISTS (SELECT FROM sends WHERE sends.id = first.send AND {HELD}))
            ORDER BY {DUE_AT}, mts.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED) AS next
     LIMIT %(limit)s"""
NUMBERS = """
    SELECT mts.id, number FROM mts JOIN contacts ON contacts.id = contact
     WHERE mts.id = ANY(%b::bigint[])"""
PUT_OFF = """
    UPDATE mts SET due_at = told.due_at
      FROM unnest(%b::bigint[], %b::timestamptz[]) AS told (mt, due_at) WHERE id = mt"""
CLAIM = f"""
    UPDATE mts SET attempts = attempts + 1, due_at = %s, is_claimed = 1
      FROM contacts WHERE mts.id = ANY(%b::bigint[]) AND contacts.id = mts.contact
    RETURNING code, number, {columns("mt", "mts")}"""
CLAIM_UNRENDERED = f"""
    WITH found AS MATERIALIZED (
        SELECT id FROM mts WHERE {UNRENDERED} AND {DUE_AT} <= %(now)s
         ORDER BY {DUE_AT}, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
    UPDATE mts SET attempts = attempts + 1, due_at = %(until)s
      FROM found, contacts WHERE mts.id = found.id AND contacts.id = mts.contact
    RETURNING code, number, {columns("mt", "mts")}"""

# In the order of their codes, so that nobody waits in a circle.
KNOW_PACES = """
    INSERT INTO paces (code) SELECT code FROM unnest(%b::text[]) AS code ORDER BY code
    ON CONFLICT DO NOTHING"""
HOLD_PACES = """
    SELECT code, next_at FROM paces WHERE code = ANY(%b::text[]) ORDER BY code FOR UPDATE"""
MOVE = """
    UPDATE paces SET next_at = told.next_at
      FROM unnest(%b::text[], %b::timestamptz[]) AS told (code, next_at)
     WHERE paces.code = told.code"""


def claim(  # noqa: PLR0913, PLR0917 - all that `Store.claim` is told, and where.
    connection: Connection,
    now: datetime,
    until: datetime,
    limit: int,
    paces: Mapping[str, float],
    holds: Holds,
) -> tuple[Mt, ...]:
    """Take MTs in hand; see `Store.claim`."""
    moment = micros(now) or 0
    connection.execute(BEGIN)
    connection.execute(CLAIM_LATE, {"now": now})
    next_at = _held(connection, paces)
    found, after = in_pace(_outlook(connection, now, holds), paces, next_at, moment, limit)
    if after:
        connection.execute(MOVE, [[*after], [*map(from_micros, after.values())]])
    ids = [id_ for id_, _ in found]
    taken = each(read_mt, connection.execute(CLAIM, [until, ids], binary=True)) if ids else ()
    connection.commit()
    return tuple(sorted(taken, key=lambda mt: mt.id))


def claim_unrendered(
    connection: Connection, now: datetime, until: datetime, limit: int
) -> tuple[Mt, ...]:
    """Take replies in hand whose text is yet to be made; see `Store.claim_unrendered`."""
    asked = {"now": now, "until": until, "limit": limit}
    taken = each(read_mt, connection.execute(CLAIM_UNRENDERED, asked, binary=True))
    return tuple(sorted(taken, key=lambda mt: mt.id))


def _held(connection: Connection, paces: Mapping[str, float]) -> Mapping[str, int | None]:
    """Lock the paces of codes until the transaction ends, and give their next moments."""
    codes = list(paces)
    if not codes:
        return {}
    held = connection.execute(HOLD_PACES, [codes]).fetchall()
    if len(held) < len(codes):
        connection.execute(KNOW_PACES, [codes])
        held = connection.execute(HOLD_PACES, [codes]).fetchall()
    return {code: micros(next_at) for code, next_at in held}


def _outlook(connection: Connection, now: datetime, holds: Holds) -> Outlook:
    moving: dict[str, list[int]] = {}
    resting: list[int] = []

    def codes() -> Sequence[str]:
        for code, send, options in connection.execute(MOVING):
            (resting if holds.rests(options) else moving.setdefault(code, [])).append(send)
        return list(moving)

    def replies(most: int, passed: Sequence[str]) -> Found:
        asked = {"now": now, "limit": most, "passed": list(passed)}
        return connection.execute(REPLIES, asked).fetchall()

    def of_code(code: str, most: int) -> Found:
        asked = {"now": now, "limit": most, "sends": moving[code], "resting": resting}
        return [(id_, code) for (id_,) in connection.execute(OF_CODE, asked)]

    def numbers(mts: Sequence[int]) -> Mapping[int, str]:
        return dict(connection.execute(NUMBERS, [list(mts)]).fetchall())

    def put_off(dues: Mapping[int, datetime]) -> None:
        connection.execute(PUT_OFF, [list(dues), list(dues.values())])

    return held_back(Outlook(replies, of_code, codes), holds, numbers, put_off)
