"""A damaged SQLite file: every break of the ledger is named, and nothing in it is told."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from optin_engine.service.ledger import verify
from optin_engine.stores import Changes, Due, Store, StoreError, open_store
from optin_engine.stores.schema import COLUMNS
from optin_engine.vocabulary import Contact, State, Subscription
from tests.store_contract import ANNE, BILL, CODE, NOW, change, keys, mt
from tests.test_store_erasure import linked

LENGTH = 3
NUMBERS = ("+15555550122", ANNE, BILL)
RECORD = COLUMNS["record"].split()
# Beside what no record tells: a contact's state and body, and when it is due.
HEAD = ("code", "sequence", "chain")

# Bytes that are no UTF-8, numbers that are no moments, and values of another type.
ODD = (
    "x'ff41'", "CAST(x'ff41' AS TEXT)", "CAST(x'00' AS TEXT)", "'2026-11-21'", "9e999", "-9e999",
    "0.5", "9223372036854775807", "-9223372036854775808", "-1", "0", "zeroblob(64)",
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with three contacts, of three records each."""
    file = tmp_path_factory.mktemp("damage") / "whole.db"
    with open_store(f"sqlite:///{file}") as store:
        for number in NUMBERS:
            records = linked(number, LENGTH)
            head = bytes.fromhex(records[-1].digest)
            prompted = (Subscription("JOIN", State.IN_PROGRESS),)
            contact = Contact(number, CODE, State.NONE, prompted, None, (), LENGTH, head)
            change(store, number, contacts=[Due(contact, NOW)], records=records)
        assert verify(store).broken is None
    return file


def execute(file: Path, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Change the file behind the store's back."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        return connection.execute(statement, values).fetchall()


def broken(whole: Path, statement: str, *values: object) -> int | None:
    """Give the contact that the ledger names once the statement has changed the file."""
    with TemporaryDirectory() as folder:
        file = Path(shutil.copy(whole, folder))
        try:
            execute(file, statement, *values)
        except sqlite3.IntegrityError:
            reject()
        with open_store(f"sqlite:///{file}") as store:
            found = verify(store).broken
    assert found is None or not any(number[1:] in str(found) for number in NUMBERS)
    return found.contact if found else None


def flipped(value: int | str | bytes, at: int, bit: int) -> int | bytes:
    """Give a value with one bit flipped."""
    if isinstance(value, int):
        return int.from_bytes(flip(value.to_bytes(8, "big", signed=True), at, bit), signed=True)
    return flip(value.encode() if isinstance(value, str) else value, at, bit)


def flip(content: bytes, at: int, bit: int) -> bytes:
    assume(content)
    changed = bytearray(content)
    changed[at % len(content)] ^= 1 << bit
    return bytes(changed)


# Of a value: the byte, and the bit in it.
BITS = st.tuples(st.integers(0, 63), st.integers(0, 7))


@settings(max_examples=100)
@given(column=st.sampled_from(RECORD), place=st.integers(0, len(NUMBERS) * LENGTH - 1), bit=BITS)
def test_a_bit_flipped_in_any_column_of_a_record_names_its_contact_first(
    whole: Path, column: str, place: int, bit: tuple[int, int]
) -> None:
    query = f"SELECT rowid, contact, {column} FROM records"  # noqa: S608 - of COLUMNS.
    row, owner, value = execute(whole, query)[place]
    kind = "INTEGER" if isinstance(value, int) else "TEXT"
    change = f"UPDATE records SET {column} = CAST(? AS {kind}) WHERE rowid = ?"  # noqa: S608 - of COLUMNS.
    assert broken(whole, change, flipped(value, *bit), row) == owner


@settings(max_examples=50)
@given(column=st.sampled_from(HEAD), place=st.integers(0, len(NUMBERS) - 1), bit=BITS)
def test_a_bit_flipped_in_what_a_contact_remembers_of_its_records_names_it(
    whole: Path, column: str, place: int, bit: tuple[int, int]
) -> None:
    query = f"SELECT id, {column} FROM contacts"  # noqa: S608 - of HEAD.
    owner, value = execute(whole, query)[place]
    kind = {"code": "TEXT", "sequence": "INTEGER", "chain": "BLOB"}[column]
    change = f"UPDATE contacts SET {column} = CAST(? AS {kind}) WHERE id = ?"  # noqa: S608 - of HEAD.
    assert broken(whole, change, flipped(value, *bit), owner) == owner


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("column", [column for column in RECORD if column != "contact"])
def test_a_value_of_any_type_in_a_record_names_its_contact(
    whole: Path, column: str, odd: str
) -> None:
    owner = second(whole)
    change = f"UPDATE records SET {column} = {odd} WHERE contact = ? AND sequence = ?"  # noqa: S608 - of COLUMNS.
    assert broken(whole, change, owner, LENGTH) == owner


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("column", HEAD)
def test_a_value_of_any_type_in_a_contact_names_it(whole: Path, column: str, odd: str) -> None:
    owner = second(whole)
    change = f"UPDATE contacts SET {column} = {odd} WHERE id = ?"  # noqa: S608 - of HEAD.
    assert broken(whole, change, owner) == owner


def second(whole: Path) -> int:
    """Give the contact in the midst of others."""
    _, (owner,), _ = execute(whole, "SELECT id FROM contacts ORDER BY id")
    return int(owner)


def test_records_whose_contact_is_gone_are_named_after_all_others(whole: Path) -> None:
    ids = [row[0] for row in execute(whole, "SELECT id FROM contacts ORDER BY id")]
    with TemporaryDirectory() as folder:
        file = Path(shutil.copy(whole, folder))
        execute(file, "DELETE FROM contacts WHERE id = ?", ids[0])
        with open_store(f"sqlite:///{file}") as store:
            chains = [*store.chains()]
            found = verify(store).broken
    assert [chain.contact for chain in chains] == [*ids[1:], ids[0]]
    stray = chains[-1]
    assert (stray.code, stray.number, stray.sequence, stray.head) == (CODE, "", 0, b"")
    assert [record.sequence for record in stray.records] == [*range(1, LENGTH + 1)]
    assert found is not None
    assert found.contact == ids[0]


def test_a_record_that_went_to_a_contact_there_is_not_names_whose_it_was(whole: Path) -> None:
    (owner,) = execute(whole, "SELECT max(id) FROM contacts")[0]
    moved = "UPDATE records SET contact = 1 WHERE contact = ? AND sequence = 2"
    assert broken(whole, moved, owner) == owner


@pytest.mark.parametrize("body", [b"\0", b"\xff", "{}", 7, f'["{ANNE}"]'])
def test_a_contact_that_cannot_be_read_is_named_and_its_body_is_not_told(
    whole: Path, body: bytes | str | int
) -> None:
    (owner,) = execute(whole, "SELECT id FROM contacts WHERE number = ?", ANNE)[0]
    with TemporaryDirectory() as folder:
        file = Path(shutil.copy(whole, folder))
        execute(file, "UPDATE contacts SET body = ? WHERE id = ?", body, owner)
        with open_store(f"sqlite:///{file}") as store:
            assert refusal(store) == (
                f"The contact {owner} is damaged in the store. Restore the store from a backup;"
                " `optin-engine ledger verify` tells which records hold."
            )
            assert verify(store).broken is None
            with store.batch(keys(BILL)) as batch:
                assert [*batch.contacts] == keys(BILL)


def refusal(store: Store) -> str:
    with pytest.raises(StoreError) as refused, store.batch(keys(ANNE)):
        pass
    with pytest.raises(StoreError, match="is damaged in the store"):
        store.contacts(ANNE)
    assert refused.value.__suppress_context__
    return str(refused.value)


def test_an_mt_of_an_unknown_fate_is_named(whole: Path) -> None:
    with TemporaryDirectory() as folder:
        file = Path(shutil.copy(whole, folder))
        with open_store(f"sqlite:///{file}") as store:
            with store.batch(keys(ANNE)) as batch:
                batch.commit(Changes(mts=[mt(7)]))
            execute(file, "UPDATE mts SET fate = CAST(x'ff41' AS TEXT)")
            with pytest.raises(StoreError, match="The MT 7 is damaged in the store"):
                store.conversation(CODE, ANNE)
