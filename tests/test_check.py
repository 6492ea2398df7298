"""What `check` finds: every fault, what is suspicious, and the proof of the machines."""

import json
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from optin_engine.harness.check import Report, is_sound, show
from optin_engine.harness.check import report as report_on

TODAY = date(2026, 1, 1)
CODE = {"shortCode": "123456", "countryCode": "US"}
NEWS = {
    **CODE,
    "messageName": "News",
    "keyword": "NEWS",
    "messageOptInType": "Single",
    "responseMessage": "Welcome!",
}


def check(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "optin_engine", "check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def ours() -> subprocess.CompletedProcess[str]:
    """The report on the built-in account; the proof is walked once for all tests of it."""
    return check("--json")


@pytest.fixture(scope="module")
def faulty() -> Report:
    programs = [{**NEWS, "keyword": "STOP", "responseMessage": ""}, {"messageName": " "}]
    return report_on({"codes": [CODE], "programs": programs}, TODAY)


@pytest.fixture(scope="module")
def suspicious() -> Report:
    program = {**NEWS, "endDate": "12/31/2025", "colour": "red"}
    return report_on({"codes": [CODE], "programs": [program]}, TODAY)


def shown(report: Report) -> str:
    output = StringIO()
    show(report, Console(file=output))
    return output.getvalue()


def test_definitions_without_a_code_are_sound_and_suspicious() -> None:
    report = report_on({"codes": []}, TODAY)
    assert is_sound(report)
    (warning,) = report["warnings"]
    assert (warning["program"], warning["field"]) == ("account", "codes")
    assert "no code" in warning["message"]


def test_the_built_in_account_is_sound_and_the_proof_holds(
    ours: subprocess.CompletedProcess[str],
) -> None:
    report = json.loads(ours.stdout)
    assert (ours.returncode, ours.stderr) == (0, "")
    assert (report["faults"], report["warnings"]) == ([], [])
    assert report["proof"]["holds"] is True


def test_the_proof_names_what_was_walked_and_what_was_proved(
    ours: subprocess.CompletedProcess[str],
) -> None:
    machines = {
        machine["name"]: machine for machine in json.loads(ours.stdout)["proof"]["machines"]
    }
    assert {"Single", "Double", "Age", "Contact", "Single and Double"} <= machines.keys()
    assert list(machines["Age"]) == ["name", "states", "edges", "invariants", "broken"]
    assert machines["Age"]["states"] >= 5
    assert "STOP ends in Unsubscribed from every state" in machines["Age"]["invariants"]


def test_every_fault_is_listed_with_its_programme_and_field(faulty: Report) -> None:
    found = {(fault["program"], fault["field"]) for fault in faulty["faults"]}
    assert {("News", "keyword"), ("News", "responseMessage")} <= found
    assert ("program 2", "messageName") in found
    assert all(list(fault) == ["program", "field", "message"] for fault in faulty["faults"])
    assert not is_sound(faulty)


def test_what_is_suspicious_is_a_warning_and_no_fault(suspicious: Report) -> None:
    fields = [warning["field"] for warning in suspicious["warnings"]]
    assert fields[:2] == ["colour", "endDate"]
    assert suspicious["faults"] == []
    assert is_sound(suspicious) == suspicious["proof"]["holds"]


def test_what_the_lint_finds_is_a_warning_that_begins_with_its_rule(suspicious: Report) -> None:
    found = [warning for warning in suspicious["warnings"] if "confirm-stop" in warning["message"]]
    message = "confirm-stop: ResponseMessage does not tell how to get out: add"
    assert [(warning["program"], warning["field"]) for warning in found] == [
        ("News", "responseMessage")
    ]
    assert found[0]["message"].startswith(message)
    assert all(list(warning) == ["program", "field", "message"] for warning in found)


def test_a_rule_that_the_definition_ignores_is_no_warning() -> None:
    ignoring = {**NEWS, "lintIgnore": "confirm-stop"}
    warnings = report_on({"codes": [CODE], "programs": [ignoring]}, TODAY)["warnings"]
    assert "confirm-help" in str(warnings)
    assert "confirm-stop" not in str(warnings)


def test_a_piped_report_has_each_fault_on_a_line_of_its_own(faulty: Report) -> None:
    lines = shown(faulty).splitlines()
    for fault in faulty["faults"]:
        assert any(fault["field"] in line and fault["message"] in line for line in lines)
    assert "Warnings follow once the faults are mended." in lines
    assert "No warnings." not in lines


def test_only_what_is_sound_is_said_to_have_no_warnings(faulty: Report) -> None:
    lines = shown({**faulty, "faults": []}).splitlines()
    assert lines[:2] == ["No faults.", "No warnings."]


def test_brackets_in_a_definition_are_shown_as_they_are(faulty: Report) -> None:
    fault = {"program": "[red]News[/]", "field": "x", "message": "[bold]"}
    text = shown({**faulty, "faults": [fault]})
    assert "[red]News[/]" in text
    assert "[bold]" in text


def test_outbound_messages_are_shown_with_what_their_sends_subscribe_to() -> None:
    sale = {**CODE, "messageName": "Sale", "messageText": "20% [off]", "active": False}
    found = report_on({"codes": [CODE], "programs": [NEWS], "messages": [sale]}, TODAY)
    told = {"name": "Sale", "code": "123456", "keyword": "NEWS", "active": False}
    assert found["messages"] == [told | {"text": "20% [off]"}]
    assert "Sale     123456  NEWS           no      20% [off]" in shown(found)
    assert "Outbound messages" not in shown({**found, "messages": []})


def test_a_broken_invariant_is_shown_with_the_conversation_that_breaks_it() -> None:
    broken = {"invariant": "STOP ends it", "conversation": ["JOIN", "STOP"]}
    machine: dict[str, Any] = {
        "name": "Toy",
        "states": 2,
        "edges": 3,
        "invariants": [],
        "broken": [broken],
    }
    proof = {"holds": False, "machines": [machine]}
    report = {"faults": [], "warnings": [], "messages": [], "proof": proof}
    assert "Toy: broken: STOP ends it, by JOIN, STOP\n" in shown(report)
    assert not is_sound(report)


def test_a_file_that_cannot_be_parsed_is_json_too_and_status_2(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("codes = [1,,]\n")
    done = check(path, "--json")
    (fault,) = json.loads(done.stdout)["faults"]
    assert done.returncode == 2
    assert "line 1, column 12" in fault["message"]
    assert done.stderr == f"optin-engine: error: {fault['message']}\n"


def test_faults_are_status_1(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"codes": 1}')
    done = check(path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "The Codes field must be a list of tables." in done.stdout
