"""What an operator does to a store, by the real commands, on a real file."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pexpect
import pytest

from optin_engine.stores import Fate, Settlement, open_store
from optin_engine.stores.migrations import latest
from tests.operated_store import THIRD, as_json, assert_fails, known, lines, moment, store
from tests.operating import (
    BEGAN,
    CODE,
    COMMAND,
    CONFIRMATION,
    INITIAL,
    LONG_CODE,
    NUMBER,
    OTHER,
    QUEUED,
    run,
    run_apart,
)

__all__ = ["known", "store"]


def test_help_imports_neither_the_service_nor_the_web() -> None:
    code = (
        "import sys; from optin_engine import cli; sys.argv = ['optin-engine', '--help']\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if 'starlette' in name or '.web' in name"
        " or '.service' in name or '.stores' in name], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stderr == "[]\n"


def test_what_nobody_knows_is_one_line(known: str) -> None:
    at = "--store", known
    assert_fails(2, "a number is 8 to 15 digits", "status", "me", *at)
    assert_fails(1, "does not know +*********00", "status", "+15555550100", *at)
    assert_fails(1, "+*********23 is not known on 99; it is on 123456", "history", NUMBER,
                 "--code", "99", *at)  # fmt: skip
    assert_fails(2, "choose by --code, of 123456, 15555550100", "ledger", "export", OTHER, *at)
    assert_fails(1, "the store has no contact 7", "ledger", "export", "--contact", "7", *at)
    assert_fails(2, "name a NUMBER, or a contact", "ledger", "export", *at)
    assert_fails(2, "--json and --page", "ledger", "export", NUMBER, "--json", "--page", "x", *at)
    assert_fails(2, "say --all", "outbox", "requeue", *at)
    assert_fails(2, "ID", "outbox", "requeue", 2**63, *at)
    assert_fails(2, "--limit", "outbox", "list", "--limit", 2**63, *at)


def test_a_store_that_is_not_there_is_one_line_and_is_not_created(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    assert_fails(2, "none.db", "status", NUMBER, "--store", f"sqlite:///{path}")
    assert not path.exists()
    assert_fails(2, "The store URL is invalid", "ledger", "verify", "--store", "mysql://x")


def test_the_store_may_be_named_by_the_environment(known: str) -> None:
    done = run_apart("status", NUMBER, OPTIN_ENGINE_STORE=known)
    assert done.stdout.startswith(f"{NUMBER} on {CODE}: Subscribed\n")


def test_status_shows_states_deadlines_and_the_provider_s_block(known: str) -> None:
    joined = f"  JOIN: Subscribed, since {moment(minutes=2)}"
    for number in (NUMBER, NUMBER.removeprefix("+")):
        told = lines("status", number, "--store", known)
        assert told == [f"{NUMBER} on {CODE}: Subscribed", joined]
    asked = f"  JOIN: In Progress, since {moment()}, asked {moment()}, expires {moment(hours=72)}"
    assert lines("status", OTHER, "--store", known) == [
        f"{OTHER} on {CODE}: In Progress",
        f"  blocked by the provider since {moment()}",
        asked,
        f"{OTHER} on {LONG_CODE}: In Progress",
        asked,
    ]


def test_status_as_json_has_every_fact_by_its_name(known: str) -> None:
    first, second = as_json("status", OTHER, "--store", known)["codes"]
    assert (first["code"], first["blockedAt"], first["stoppedAt"]) == (CODE, moment(), None)
    assert (second["state"], second["blockedAt"]) == ("In Progress", None)
    (subscription,) = second["subscriptions"]
    assert subscription["expiresAt"] == moment(hours=72)
    assert subscription["keyword"] == "JOIN"


def test_history_shows_a_conversation_with_fates_and_nothing_that_steers_a_terminal(
    known: str,
) -> None:
    assert lines("history", NUMBER, "--code", CODE, "--store", known) == [
        f"{NUMBER} on {CODE}",
        f"{moment()} > JOIN (handset)",
        f"{moment(hours=1)} < {INITIAL} (initial, queued)",
        f"{moment(minutes=1)} > what? (handset)",
        f"{moment(minutes=2)} > Yes! (handset)",
        f"{moment(hours=1)} < {CONFIRMATION} (confirmation, queued)",
    ]
    assert r"> JOIN \x1b[2J<script>" in lines("history", THIRD, "--store", known)[1]


def test_history_as_json_ties_each_mt_to_its_mo(known: str) -> None:
    (code,) = as_json("history", NUMBER, "--store", known)["codes"]
    mo, mt, *_ = code["messages"]
    assert (mo["type"], mo["text"], mo["origin"]) == ("MO", "JOIN", "handset")
    assert (mt["type"], mt["answers"], mt["fate"]) == ("MT", mo["id"], "queued")
    assert (mt["kind"], mt["keyword"], mt["encoding"]) == ("initial", "JOIN", "GSM-7")
    codes = as_json("history", OTHER, "--store", known)["codes"]
    assert [code["code"] for code in codes] == [CODE, LONG_CODE]


def test_erase_says_what_is_gone_and_the_proof_stays_without_personal_data(
    store: str, tmp_path: Path
) -> None:
    assert_fails(2, "say --yes", "erase", NUMBER, "--store", store)
    gone, kept = lines("erase", NUMBER, "--yes", "--store", store)
    assert gone == "Erased 1 contact, 2 records, 3 MOs, 2 MTs"
    assert_fails(1, "does not know", "status", NUMBER, "--store", store)
    assert lines("ledger", "verify", "--store", store)[0].startswith("Every chain holds")
    page = tmp_path / "proof.html"
    named = kept.removeprefix("Its proof: optin-engine ").split()
    shown = run(*named, "--store", store).stdout
    run(*named, "--page", page, "--store", store)
    for written in (shown, page.read_text(encoding="utf-8")):
        assert NUMBER[1:] not in written
        assert "Yes!" not in written
        assert "In Progress" in written
    assert json.loads(shown)["verification"]["holds"]


@pytest.mark.parametrize(("answer", "status"), [("n", 1), ("y", 0)])
def test_erase_asks_on_a_terminal(store: str, answer: str, status: int) -> None:
    arguments = [*COMMAND[1:], "erase", NUMBER, "--store", store]
    child = pexpect.spawn(COMMAND[0], arguments, encoding="utf-8", timeout=60)
    child.expect_exact(f"Erase {NUMBER} on {CODE}? It cannot be undone.")
    child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == status
    assert run("status", NUMBER, "--store", store).returncode == 1 - status


@pytest.fixture
def given_up(store: str) -> tuple[str, list[int]]:
    """Give a store in which two MTs are dead, and their ids."""
    with open_store(store) as opened:
        mts = opened.claim(QUEUED, QUEUED + timedelta(hours=1), 2)
        opened.settle([Settlement(mt.id, Fate.DEAD, BEGAN, error="HTTP 500") for mt in mts])
    return store, [mt.id for mt in mts]


def test_the_outbox_lists_what_was_given_up_with_the_reason(
    given_up: tuple[str, list[int]],
) -> None:
    store, (first, _) = given_up
    queued, dead, *listed = lines("outbox", "list", "--store", store)
    assert queued == f"queued: 3, the oldest since {moment(hours=1)}"
    assert dead == "dead: 2"
    assert len(listed) == 2
    assert listed[0].startswith(f"{first} {moment(hours=1)} {CODE} to +*********")
    assert listed[0].endswith("initial JOIN, 1 attempt: HTTP 500")
    assert "+1555" not in "\n".join(listed)
    report = as_json("outbox", "list", "--limit", 1, "--store", store)
    assert (report["dead"], len(report["messages"])) == (2, 1)
    assert report["messages"][0]["id"] == str(first)


def test_what_was_given_up_is_requeued_by_id_or_all_of_it(
    given_up: tuple[str, list[int]],
) -> None:
    store, (first, _) = given_up
    done = run("outbox", "requeue", first, 7, "--store", store)
    assert (done.returncode, done.stdout) == (1, "Requeued 1 of 2.\n")
    assert lines("outbox", "requeue", "--all", "--store", store) == ["Requeued 1."]
    assert lines("outbox", "list", "--store", store)[1:] == ["dead: 0"]


def test_migrate_says_from_where_to_where_and_refuses_what_is_newer(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    assert lines("migrate", "--store", url) == [f"The schema is {latest()} now; it was 0."]
    assert lines("migrate", "--store", url) == [f"The schema is {latest()} already."]
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection, connection:
        connection.execute("UPDATE meta SET version = 99")
    for command in (("migrate",), ("status", NUMBER), ("serve", "--dev", "--port", "0")):
        assert_fails(2, "The store has schema 99, and this version needs", *command, "--store", url)
