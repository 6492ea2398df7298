"""Rows as PostgreSQL takes them, a column at a time, and as it gives them back.

A statement gets each column as one array, so that a batch of any size is one statement.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from optin_engine.stores.packing import Row, unpack_chain, unpack_mo, unpack_mt
from optin_engine.stores.rows import Chain, Mo, Mt
from optin_engine.stores.schema import COLUMNS, columns

T = TypeVar("T")

TYPES = {
    "bigint":      "id contact sequence mo segments attempts version send consent message "
                   "is_template queued dropped list",
    "timestamptz": "at due_at settled_at ended_at queued_at finished_at",
    "bytea":       "chain body answer claim request mo_id text error options",
}  # fmt: skip
"""The types of columns, whatever their table; the others are text, and so are definitions'."""

TYPE_OF = {name: kind for kind, names in TYPES.items() for name in names.split()}

# What people write, kept as UTF-8, because PostgreSQL's text has no room for NUL.
PROSE = frozenset({"mo_id", "text", "error"})


def moment(at: datetime | None) -> datetime | None:
    """Give a moment as the driver takes and gives it: as it is."""
    return at


def insert(row: str) -> str:
    """Give the statement that adds rows, from one binary array a column.

    >>> insert("definition")[:70]
    'INSERT INTO definitions (id, version, kind, body, digest, source, at, '
    """
    arrays = ", ".join(f"%b::{TYPE_OF.get(name, 'text')}[]" for name in COLUMNS[row].split())
    return f"INSERT INTO {row}s ({columns(row)}) SELECT * FROM unnest({arrays})"


def arrays(row: str, rows: Sequence[Row]) -> list[list[Any]]:
    """Give the columns of rows, for the statement of `insert`; there must be a row."""
    names = COLUMNS[row].split()
    return [
        [value.encode() for value in column] if name in PROSE else list(column)
        for name, column in zip(names, zip(*rows, strict=True), strict=True)
    ]


def read(row: str, values: Sequence[Any], before: int = 0) -> list[Any]:
    """Give a row with its prose as text again, as far as it is any.

    Args:
        row: of `COLUMNS`.
        values: as they came.
        before: so many values stand before the row's own.

    """
    found = list(values)
    for place, name in enumerate(COLUMNS[row].split(), before):
        if name in PROSE:
            found[place] = bytes(found[place]).decode(errors="replace")
    return found


def read_mo(values: Row) -> Mo:
    """Give the MO of a row that begins with its contact's code and number."""
    return unpack_mo(read("mo", values, 2), moment)


def read_mt(values: Row) -> Mt:
    """Give the MT of a row that begins with its contact's code and number."""
    return unpack_mt(read("mt", values, 2), moment)


def read_chain(rows: Iterable[Row]) -> Chain:
    """Give the chain of one contact, by its row with each of its records' beside it."""
    width = len(COLUMNS["contact"].split())
    every = list(rows)
    # A contact without a record stands beside an empty one.
    records = [read("record", row[width:]) for row in every if row[width] is not None]
    return unpack_chain(every[0], records, moment)


def each(reading: Callable[[Row], T], rows: Iterable[Row]) -> tuple[T, ...]:
    """Give the values of rows."""
    return tuple(map(reading, rows))
