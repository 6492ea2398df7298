"""One byte changed in any record: the ledger names the contact and the place, first of all."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from optin_engine.service.ledger import verify
from optin_engine.service.service import Service
from optin_engine.stores import open_store
from optin_engine.vocabulary import Inbound
from tests.faults.definitions import DEFINITIONS, DIGITS
from tests.faults.victim import NO_LIMIT

NUMBERS = ("+12125550100", "+12125550101", "+12125550102")
TEXTS = ("CLUB", "YES", "ADULT", "25", "NEWS", "STOP", "club please", "STOP", "START", "no")
COLUMNS = (
    *("contact", "sequence", "at", "code", "keyword", "from_state", "to_state", "event"),
    *("origin", "rule", "prompt", "definition", "mo_id", "text", "previous", "personal", "digest"),
)
INTEGER_BYTES = 8


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file in which three contacts have some ten records each."""
    file = tmp_path_factory.mktemp("ledger") / "whole.db"
    with open_store(f"sqlite:///{file}") as store, Service(store, NO_LIMIT) as service:
        service.catalog.load(DEFINITIONS)
        for place, text in enumerate(TEXTS):
            for number in NUMBERS:
                mo = Inbound(text, datetime.now(UTC), f"{number} {place}")
                service.receive(DIGITS, number, mo)
    return file


def flipped(value: int | str, at: int, bit: int) -> int | bytes:
    """Give a value as SQLite keeps it, with one bit of one byte of it flipped."""
    if isinstance(value, int):
        content = bytearray(value.to_bytes(INTEGER_BYTES, "big", signed=True))
    else:
        content = bytearray(value.encode())
    assume(content)
    content[at % len(content)] ^= 1 << bit
    if isinstance(value, int):
        return int.from_bytes(content, "big", signed=True)
    return bytes(content)


@given(
    place=st.integers(0, 99),
    column=st.sampled_from(COLUMNS),
    at=st.integers(0, 63),
    bit=st.integers(0, 7),
)
@settings(max_examples=200)
def test_a_byte_flipped_in_any_column_of_any_record_is_found_and_named_first(
    ledger: Path, place: int, column: str, at: int, bit: int
) -> None:
    with TemporaryDirectory() as folder:
        file = Path(shutil.copy(ledger, folder))
        contact, sequence = flip(file, place, column, at, bit)
        with open_store(f"sqlite:///{file}") as store:
            broken = verify(store).broken
    assert broken is not None
    assert (broken.contact, broken.sequence) == (contact, sequence)


def flip(file: Path, place: int, column: str, at: int, bit: int) -> tuple[int, int]:
    """Flip one bit of a record, where keys allow it; give where its chain breaks then."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        rows = connection.execute(f"SELECT rowid, contact, sequence, {column} FROM records")  # noqa: S608 - of COLUMNS.
        every = rows.fetchall()
        row, contact, sequence, value = every[place % len(every)]
        new = flipped(value, at, bit)
        kind = "INTEGER" if isinstance(new, int) else "TEXT"
        change = f"UPDATE records SET {column} = CAST(? AS {kind}) WHERE rowid = ?"  # noqa: S608 - of COLUMNS.
        try:
            connection.execute(change, (new, row))
        except sqlite3.IntegrityError:
            reject()
    # A record that says that it is before the first, is where the first should be.
    return contact, 1 if column == "sequence" and isinstance(new, int) and new < 1 else sequence


def test_a_ledger_that_nobody_touched_is_whole(ledger: Path) -> None:
    with open_store(f"sqlite:///{ledger}") as store:
        walked = verify(store)
    assert walked.broken is None
    assert walked.chains == len(NUMBERS)
    assert walked.records > 5 * len(NUMBERS)
