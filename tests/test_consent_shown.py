"""By which consent a send told a number: in its history, its consent proof, and on the page."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from optin_engine.stores import open_store
from tests.operating import run
from tests.ordering import SALE, joined, queued, to
from tests.sends import settle
from tests.serving import ANN, BOB, NOON, Phone, SetClock, serve
from tests.test_proof_page import Page

MARKUP = "Sale <b>on</b> Sunday!"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Give a store in which ANN was sent one text by her first programme, one by her second."""
    made, clock = f"sqlite:///{tmp_path}/optin.db", SetClock()
    with open_store(made) as store, serve(store, clock=clock) as service:
        joined(service, ANN)
        send = queued(service, service.sender.to_contacts(to(ANN)))
        Phone(service).texts("JOIN")
        Phone(service).texts("yes")
        clock.passes(minutes=5)
        queued(service, service.sender.to_contacts(to(ANN, text=MARKUP)))
        (mt,) = store.sends.mts(send.id)
        is_sent = False
        while not is_sent:
            (taken,) = store.claim(NOON, NOON + timedelta(minutes=1), 1)
            settle(store, [taken.id])
            is_sent = taken.id == mt.id
        Phone(service, BOB).texts("NEWS")
    return made


def exported(url: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(run("ledger", "export", ANN, "--store", url).stdout)
    return report


def test_each_message_of_a_send_is_shown_with_the_record_that_allows_it(url: str) -> None:
    (code,) = json.loads(run("history", ANN, "--json", "--store", url).stdout)["codes"]
    mts = [said for said in code["messages"] if said["type"] == "MT"]
    assert [(mt["text"], mt["consent"]) for mt in mts if mt["kind"] == "outbound"] == [
        (SALE, 1),
        (MARKUP, 3),
    ]
    assert {mt["consent"] for mt in mts if mt["kind"] != "outbound"} == {None}
    shown = run("history", ANN, "--store", url).stdout
    assert f"< {SALE} (outbound, sent, by record 1)" in shown
    assert f"< {MARKUP} (outbound, queued, by record 3)" in shown
    assert shown.count("by record") == 2


def test_a_proof_has_what_was_sent_and_each_names_a_record_that_subscribed(url: str) -> None:
    proof = exported(url)
    told = [(mt["text"], mt["fate"], mt["settledAt"]) for mt in proof["messages"]]
    assert told == [(SALE, "sent", "2026-11-21T12:00:00Z"), (MARKUP, "queued", None)]
    records = {record["sequence"]: record for record in proof["records"]}
    allowed = [records[mt["consent"]] for mt in proof["messages"]]
    assert [(r["keyword"], r["to_state"]) for r in allowed] == [
        ("NEWS", "Subscribed"),
        ("JOIN", "Subscribed"),
    ]


def test_the_page_has_a_table_of_what_was_sent(url: str, tmp_path: Path) -> None:
    file = tmp_path / "proof.html"
    assert run("ledger", "export", ANN, "--page", file, "--store", url).returncode == 0
    told = "\n".join(Page(file.read_text()).texts)
    heading = r"When \(UTC\)\nWhat\nWhat came of it\nOn the strength of record"
    first = rf"2026-11-21 12:00:00\n{SALE}\nsent\n1"
    assert re.search(rf"{heading}\n{first}\n2026-11-21 12:05:00\n{MARKUP}\nqueued\n3\n", told)


def test_who_was_sent_nothing_has_no_table_and_who_was_erased_has_no_text(
    url: str, tmp_path: Path
) -> None:
    file = tmp_path / "proof.html"
    run("ledger", "export", BOB, "--page", file, "--store", url)
    assert "On the strength of record" not in file.read_text()
    erased = run("erase", ANN, "--yes", "--store", url).stdout
    contact = erased.split()[-1]
    proof = json.loads(run("ledger", "export", "--contact", contact, "--store", url).stdout)
    assert (proof["messages"], len(proof["records"])) == ([], 3)
