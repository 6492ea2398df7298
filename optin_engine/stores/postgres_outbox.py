"""The statements about MTs and their fate, and about what `erase` removes.

Whoever changes several MTs in one transaction locks them by id first, so that nobody waits
in a circle.
"""

from collections.abc import Sequence
from datetime import datetime

from optin_engine.stores.packing import NOBODY, sound
from optin_engine.stores.postgres_batch import BEGIN, LOCK
from optin_engine.stores.postgres_columns import read_mt
from optin_engine.stores.postgres_connections import Connection
from optin_engine.stores.receipts import Told, beneath
from optin_engine.stores.rows import Erased, Fate, Settlement
from optin_engine.stores.schema import OPEN, TO_QUEUE, TRIED, UNRENDERED, columns

MTS = f"SELECT code, number, {columns('mt', 'mts')} FROM mts JOIN contacts ON contacts.id = contact"

# What is over stays so, but for one thing: an MT that was sent after all.
SETTLE = f"""
    UPDATE mts SET is_claimed = 0, provider_id = name, error = reason,
           fate = CASE WHEN fate = 'withdrawn' AND became <> 'sent' THEN 'cancelled'
                       ELSE became END,
           due_at = CASE WHEN fate = 'withdrawn' THEN NULL ELSE next_at END,
           settled_at = CASE WHEN became = 'queued' AND fate = 'queued' THEN NULL
                             ELSE known_at END
      FROM unnest(%b::bigint[], %b::text[], %b::timestamptz[], %b::text[], %b::bytea[],
                  %b::timestamptz[]) AS told (mt, became, known_at, name, reason, next_at)
     WHERE id = mt AND ({OPEN} OR became = 'sent' AND fate IN ('cancelled', 'dead'))"""
# Who made a text first has made it; what was erased or cancelled meanwhile stays so.
RENDER = f"""
    UPDATE mts SET text = %b, encoding = %b, segments = %b, attempts = 0
     WHERE id = %b AND {UNRENDERED}"""
HOLD = "SELECT FROM mts WHERE id = ANY(%b::bigint[]) ORDER BY id FOR UPDATE"
NAMED = "SELECT id FROM mts WHERE provider_id = %s AND provider_id <> '' ORDER BY id LIMIT 1"
RECEIVED = f"{MTS} WHERE mts.id = %s AND {TRIED}"
DELIVERED = f"""
    UPDATE mts SET fate = %(fate)s, settled_at = %(at)s, due_at = NULL, error = %(error)s
     WHERE id = %(mt)s AND {TRIED} AND fate = ANY(%(beneath)s::text[])"""
REQUEUE = """
    UPDATE mts SET fate = 'queued', attempts = 0, due_at = %s, settled_at = NULL
     WHERE id IN (SELECT id FROM mts WHERE id = ANY(%b::bigint[]) AND fate = 'dead'
                   ORDER BY id FOR UPDATE)"""

# The send first, so that whoever finishes it has done so or waits.
REOPEN = """
    UPDATE sends SET finished_at = CASE state WHEN 'Finished' THEN NULL ELSE finished_at END,
           state = CASE state WHEN 'Finished' THEN 'Started' ELSE state END
     WHERE id IN (SELECT id FROM sends
                   WHERE id IN (SELECT send FROM mts WHERE id = ANY(%b::bigint[]) AND fate = 'dead')
                   ORDER BY id FOR UPDATE)"""

# What leaves each table with a number; the contact itself last, because it is how they are found.
ERASED = "contact IN (SELECT id FROM contacts WHERE number = %(number)s)"
HOLD_MTS = f"SELECT FROM mts WHERE {ERASED} ORDER BY id FOR UPDATE"
ERASE = {
    "records": f"UPDATE records SET mo_id = '', text = '' WHERE {ERASED}",
    "mos": f"UPDATE mos SET text = '', answer = '', claim = NULL WHERE {ERASED}",
    "mts": f"""
        UPDATE mts SET text = '', fate = CASE
               WHEN fate = 'queued' AND is_claimed = 1 THEN 'withdrawn'
               WHEN fate IN ('queued', 'dead') THEN 'cancelled' ELSE fate END,
               settled_at = CASE fate WHEN 'dead' THEN NULL ELSE settled_at END
         WHERE {ERASED}""",
    "contacts": """
        UPDATE contacts SET number = NULL, state = 'None', body = %(nobody)s, due_at = NULL,
               blocked_at = NULL
         WHERE number = %(number)s""",
}
# The sends' own transaction, because whoever queues one locks it before its contacts: those
# that may have the number in hand are waited for, and after that none has.
ERASE_NUMBER = (
    f"SELECT FROM sends WHERE {TO_QUEUE} ORDER BY id FOR UPDATE",
    "DELETE FROM subscriber_keys WHERE number = %(number)s",
    # What a send to this number alone says may be personal.
    """UPDATE sends SET text = ''
        WHERE kind = 'contact' AND id IN (SELECT list FROM list_members WHERE number = %(number)s)
          AND NOT EXISTS (SELECT FROM list_members
                           WHERE list = sends.id AND number <> %(number)s)""",
    "DELETE FROM list_members WHERE number = %(number)s",
    """UPDATE sends SET cursor = coalesce(
              (SELECT max(number) FROM list_members WHERE number < %(number)s), '')
        WHERE cursor = %(number)s AND cursor <> ''""",
)


def settle(connection: Connection, settlements: Sequence[Settlement]) -> None:
    """Keep what became of MTs in hand, of each the last word; see `Store.settle`."""
    told = list({settled.id: settled for settled in settlements}.values())
    ids = [settled.id for settled in told]
    arrays = [
        ids,
        [settled.fate.value for settled in told],
        [settled.at for settled in told],
        [settled.provider_id for settled in told],
        [settled.error.encode("utf-8", "replace") for settled in told],
        [settled.due_at for settled in told],
    ]
    connection.execute(BEGIN)
    connection.execute(HOLD, [ids])
    for settled in told:
        if said := settled.text:
            text = sound(said.text).encode()
            connection.execute(RENDER, [text, said.encoding, said.segments, settled.id])
    connection.execute(SETTLE, arrays)
    connection.commit()


def requeue(connection: Connection, mts: Sequence[int], now: datetime) -> int:
    """Queue MTs again that were given up; see `Store.requeue`."""
    connection.execute(BEGIN)
    connection.execute(REOPEN, [list(mts)])
    queued = connection.execute(REQUEUE, [now, list(mts)]).rowcount
    connection.commit()
    return queued


def delivered(
    connection: Connection, name: str | int, fate: Fate, at: datetime, error: str
) -> Told | None:
    """Keep a carrier's receipt; see `Store.delivered`."""
    found = [name] if isinstance(name, int) else connection.execute(NAMED, [name]).fetchone()
    if found is None:
        return None
    told = {"fate": fate.value, "at": at, "error": error.encode("utf-8", "replace")}
    changed = [before.value for before in beneath(fate)]
    news = connection.execute(DELIVERED, {**told, "mt": found[0], "beneath": changed}).rowcount
    row = connection.execute(RECEIVED, found, binary=True).fetchone()
    return Told(read_mt(row), news > 0) if row else None


def erase(connection: Connection, number: str) -> Erased:
    """Remove the personal data of a number; see `Store.erase`."""
    asked = {"number": number, "nobody": NOBODY}
    connection.execute(BEGIN)
    for statement in ERASE_NUMBER:
        connection.execute(statement, asked)
    connection.commit()
    connection.execute(BEGIN)
    connection.execute(LOCK, [[number]])
    connection.execute(HOLD_MTS, asked)
    gone = {table: connection.execute(statement, asked) for table, statement in ERASE.items()}
    connection.commit()
    return Erased(**{table: cursor.rowcount for table, cursor in gone.items()})
