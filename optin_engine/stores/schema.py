"""What the databases' tables are called in queries, as data: conditions and columns.

A contact has one row for as long as the store lives; its number leaves with `erase`, its id
never. MOs and MTs name their contact by id, so that erasing one row takes the number from
all of them; subscriber keys name a number itself, whatever its codes, and their rows leave
with it. Everything else is appended but `contacts` and the fate of an MT. `migrations` has
the tables themselves.
"""

from collections.abc import Mapping

WAITING = "(due_at IS NOT NULL OR state = 'In Progress')"
"""A contact that has a deadline or is in progress; one index serves who asks for either."""

OPEN = "fate IN ('queued', 'withdrawn')"
"""An MT that is not settled; queries say it in these words, so that its index serves them."""

UNRENDERED = "fate = 'queued' AND encoding = 'template'"
"""An MT whose text is yet to be made; `rows.UNRENDERED` in the words of its index."""

TRIED = f"(NOT ({OPEN}) OR attempts > 0 AND is_claimed = 0)"
"""An MT that a receipt can be of; one in hand is settled first, which gives it its name."""

UNSAID = "fate IN ('queued', 'withdrawn', 'dead')"
"""An MT that may still be said, if only by `requeue`."""

UNASKED = "origin IN ('web', 'app', 'api')"
"""An MT that no handset asked for."""

UNDER_WAY = "state IN ('Queuing', 'Started')"
"""A send whose MTs are handed over."""

TO_QUEUE = "state IN ('New', 'Queuing')"
"""A send that has not queued all of its MTs yet."""

HELD = "state IN ('Paused', 'Cancelled', 'Error')"
"""A send whose MTs are passed over, and hold up nobody's."""

CONSENT = """
    (SELECT max(gave.sequence) FROM records AS gave
      WHERE gave.contact = contacts.id AND gave.to_state = 'Subscribed' AND gave.keyword <> ''
        AND NOT EXISTS (SELECT 1 FROM records AS later
             WHERE later.contact = gave.contact AND later.sequence > gave.sequence
               AND (later.keyword = gave.keyword
                    OR later.keyword = '' AND later.to_state = 'Unsubscribed')))"""
"""The latest record of a contact that made a subscription of it and that nothing has ended."""

CONSENTED = """
    (SELECT gave.keyword FROM records AS gave
      WHERE gave.contact = mts.contact AND gave.sequence = mts.consent)"""
"""The programme whose consent allows an MT of a send."""


def columns(row: str, table: str = "") -> str:
    """Give the columns of a row as SQL lists them, in the order that `packing` has them.

    Args:
        row: of `COLUMNS`.
        table: a name to put before each.

    >>> columns("mo", "m")
    'm.id, m.contact, m.at, m.origin, m.text, m.answer, m.claim'
    """
    names = COLUMNS[row].split()
    return ", ".join(f"{table}.{name}" if table else name for name in names)


COLUMNS: Mapping[str, str] = {
    "contact":        "id code number state sequence chain body due_at",
    "record":         "contact sequence at code keyword from_state to_state event origin rule "
                      "prompt definition mo_id text previous personal digest",
    "mo":             "id contact at origin text answer claim",
    "mt":             "id contact at mo origin kind text encoding segments keyword fate attempts "
                      "due_at settled_at provider_id error send consent",
    "subscriber_key": "key number",
    "definition":     "id version kind body digest source at ended_at",
    "list":           "id name at",
    "list_member":    "list number key attributes",
    "send":           "id kind code keyword message version text encoding segments at due_at "
                      "is_template targets excluded options state cursor queued dropped "
                      "queued_at finished_at error claim request",
}  # fmt: skip
"""What is written and read of each table, but `contacts.blocked_at` and `mts.is_claimed`."""
