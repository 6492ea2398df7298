"""The ledger as an operator meets it: every change is found, and a proof can be verified."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from optin_engine.harness.consent_proof import verdict
from optin_engine.stores import open_store
from tests.operated_store import assert_fails, known, lines, store
from tests.operating import CODE, INITIAL, NUMBER, run, run_apart

__all__ = ["known", "store"]


def test_a_whole_ledger_verifies(known: str) -> None:
    assert lines("ledger", "verify", "--store", known) == [
        "Every chain holds: 5 records of 4 contacts."
    ]


def _change(url: str, statement: str) -> int:
    """Change the file behind the engine's back; give the id of the contact of `NUMBER`."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        query = "SELECT id FROM contacts WHERE number = ? AND code = ?"
        (contact,) = connection.execute(query, (NUMBER, CODE)).fetchone()
        connection.execute(statement)
        return int(contact)


def test_a_flipped_byte_is_named_with_its_contact_and_record(store: str) -> None:
    contact = _change(store, "UPDATE records SET rule = 'Valid response' WHERE sequence = 2")
    done = run_apart("ledger", "verify", "--store", store)
    said = f"Broken at record 2 of contact {contact} on {CODE}: record 2 was changed"
    assert (done.returncode, done.stdout.startswith(said)) == (1, True), done
    assert NUMBER not in done.stdout
    report = json.loads(run("ledger", "verify", "--store", store, "--json").stdout)
    assert not report["holds"]
    assert (report["broken"]["contact"], report["broken"]["sequence"]) == (str(contact), 2)


COLUMNS = ("at", "code", "keyword", "from_state", "to_state", "event", "origin", "rule", "prompt",
           "definition", "mo_id", "text", "previous", "personal", "digest")  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_one_changed_byte_of_any_column_of_a_record_is_found(store: str, column: str) -> None:
    flip = "at + 1" if column == "at" else f"'~' || substr({column}, 2)"
    change = f"UPDATE records SET {column} = {flip} WHERE sequence = 2"  # noqa: S608
    contact = _change(store, change)
    assert _broken(store) == (str(contact), 2)


@pytest.mark.parametrize(
    ("change", "sequence"),
    [
        ("DELETE FROM records WHERE sequence = 2", 2),
        ("UPDATE contacts SET chain = zeroblob(32) WHERE sequence = 2", 2),
        ("UPDATE contacts SET number = '+15555550124' WHERE sequence = 2", 1),
    ],
)
def test_a_record_cut_off_another_end_and_another_number_are_found(
    store: str, change: str, sequence: int
) -> None:
    contact = _change(store, change)
    assert _broken(store) == (str(contact), sequence)


def _broken(url: str) -> tuple[str, int]:
    with open_store(url) as store:
        broken = verdict(store)["broken"]
        return broken["contact"], broken["sequence"]


def test_a_proof_can_be_verified_by_whoever_reads_how(known: str) -> None:
    proof = json.loads(run("ledger", "export", NUMBER, "--store", known).stdout)
    assert (proof["number"], proof["brand"], proof["code"]) == (NUMBER, "Acme", CODE)
    assert proof["verification"]["holds"]
    previous = ""
    public = proof["howToVerify"][0].partition(", previous, ")[2]
    names = public.removesuffix(" and personal.").replace(" and ", ", ").split(", ")
    for record in proof["records"]:
        personal = _digest(record[name] for name in ("number", "mo_id", "text"))
        values = [previous, *(record[name] for name in names), personal]
        assert record["digest"] == _digest(values)
        previous = record["digest"]
    assert previous == proof["verification"]["head"]
    asked = proof["records"][1]["prompt"]
    assert proof["prompts"] == {asked: INITIAL}
    assert sha256(INITIAL.encode()).hexdigest() == asked
    (definition,) = proof["definitions"].values()
    assert (definition["holds"], definition["body"]["messageName"]) == (True, "Offers short")


def _digest(values: Iterable[str]) -> str:
    array = ["optin-engine consent 1", *values]
    return sha256(json.dumps(array, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def test_a_page_is_written_for_people(known: str, tmp_path: Path) -> None:
    page = tmp_path / "proof.html"
    assert lines("ledger", "export", NUMBER, "--page", page, "--store", known) == [f"Wrote {page}."]
    assert NUMBER in page.read_text(encoding="utf-8")
    nowhere = tmp_path / "none" / "proof.html"
    assert_fails(2, "No such file", "ledger", "export", NUMBER, "--page", nowhere, "--store", known)
