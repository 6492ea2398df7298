"""What leaves SQLite with a number."""

import sqlite3

from optin_engine.stores.packing import NOBODY
from optin_engine.stores.rows import Erased

ERASE = {
    "records": "mo_id = '', text = ''",
    "mos": "text = '', answer = x'', claim = NULL",
    "mts": """text = '', fate = CASE
           WHEN fate = 'queued' AND is_claimed = 1 THEN 'withdrawn'
           WHEN fate IN ('queued', 'dead') THEN 'cancelled' ELSE fate END,
           settled_at = CASE fate WHEN 'dead' THEN NULL ELSE settled_at END""",
}
ERASE_CONTACTS = """
    UPDATE contacts SET number = NULL, state = 'None', body = ?, due_at = NULL, blocked_at = NULL
     WHERE number = ?"""

ERASE_KEYS = "DELETE FROM subscriber_keys WHERE number = ?"

# What a send to this number alone says may be personal, and so is the place in a list.
ERASE_TEXTS = """
    UPDATE sends SET text = ''
     WHERE kind = 'contact' AND id IN (SELECT list FROM list_members WHERE number = :number)
       AND NOT EXISTS (SELECT 1 FROM list_members WHERE list = sends.id AND number <> :number)"""
ERASE_MEMBERS = "DELETE FROM list_members WHERE number = :number"
ERASE_CURSORS = """
    UPDATE sends SET cursor = coalesce(
           (SELECT max(number) FROM list_members WHERE number < :number), '')
     WHERE cursor = :number AND cursor <> ''"""


def erase(connection: sqlite3.Connection, number: str) -> Erased:
    """Remove the personal data of a number; see `Store.erase`.

    The contact is the last, because it is how its rows in the other tables are found.
    """
    gone = {
        table: connection.execute(
            f"UPDATE {table} SET {what} WHERE contact IN"
            " (SELECT id FROM contacts WHERE number = ?)",
            (number,),
        ).rowcount
        for table, what in ERASE.items()
    }
    connection.execute(ERASE_KEYS, (number,))
    for statement in (ERASE_TEXTS, ERASE_MEMBERS, ERASE_CURSORS):
        connection.execute(statement, {"number": number})
    contacts = connection.execute(ERASE_CONTACTS, (NOBODY, number)).rowcount
    return Erased(contacts, **gone)
