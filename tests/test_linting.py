"""The lint's report: for people, as JSON, and as SARIF with the lines of the file."""

import json
import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from sarif_pydantic import Level, Sarif

from optin_engine.harness import starter_text
from optin_engine.harness.linting import fails, report, sarif, show
from optin_engine.harness.positions import Positions
from optin_engine.lint import RULES

BAD = '''\
# [[codes]]
[[codes]]
shortCode = "123456"
countryCode = "US"
brand = "Acme"
helpMessage = """
Acme:
stopMessage = write to help@acme.example
"""
stopMessage = "Bye."

[[ programs ]]
messageName = "News"
shortCode = "123456"
countryCode = "US"
keyword = "NEWS"
messageOptInType = "Single"
"ResponseMessage" = "Hi!"
[programs.messages]
welcome = "Acme: do not reply"

[[programs]]
keyword = "DEALS"
messageName = "News"
shortCode = "123456"
countryCode = "US"
messageOptInType = "Double"
doubleOptinInitialMessage = "Acme News: Reply YES to join. Weekly. HELP for help, STOP to stop."
doubleOptinConformationMessage = "Acme [bold]News[/]"
'''
FAULTY = """\
[[codes]]
shortCode = "123456"
countryCode = "US"
[[programs]]
messageName = "News"
shortCode = "123456"
countryCode = "US"
keyword = "STOP"
messageOptInType = "Single"
"""


def judged(text: str, *providers: str) -> dict[str, Any]:
    return report(tomllib.loads(text), text, providers)


def shown(found: dict[str, Any]) -> str:
    output = StringIO()
    show(found, Console(file=output))
    return output.getvalue()


def lines(found: dict[str, Any]) -> dict[tuple[str, str], int]:
    return {
        (finding["keyword"], finding["field"]): finding["line"] for finding in found["findings"]
    }


# ---- Lines ---------------------------------------------------------------------------------


def test_each_finding_has_the_line_of_its_field() -> None:
    assert lines(judged(BAD)) == {
        ("", "stopMessage"): 10,
        ("NEWS", "responseMessage"): 18,
        ("NEWS", "messages.welcome"): 19,
        ("DEALS", "doubleOptinInitialMessage"): 28,
        ("DEALS", "doubleOptinConfirmationMessage"): 29,
    }


def test_a_field_that_is_not_there_has_the_line_of_its_entry() -> None:
    found = judged(BAD.replace("shortCode", "longCode").replace("123456", "15555550100"))
    assert found["faults"] == []
    text = BAD.replace('brand = "Acme"\n', "")
    assert lines(judged(text))["", "brand"] == 2


def test_a_further_text_is_no_field_of_its_entry() -> None:
    text = '[[programs]]\nmessageName = "A"\n[programs.messages]\nkeyword = "x"\n'
    assert Positions(text, tomllib.loads(text)).line("A", field="keyword") == 1


def test_a_fault_has_its_line_too() -> None:
    (keyword, missing) = judged(FAULTY)["faults"]
    assert (keyword["field"], keyword["line"]) == ("keyword", 8)
    assert (missing["field"], missing["line"]) == ("responseMessage", 4)


def test_what_cannot_be_placed_is_on_the_first_line() -> None:
    text = 'codes = [{shortCode = "123456", countryCode = "US"}]'
    assert set(lines(judged(text)).values()) == {1}
    assert Positions("", 3).line("nobody") == 1


FIELDS = st.sampled_from(["keyword", "Brand", "doubleOptinInitialMessage", "x"])
VALUES = st.recursive(
    st.text() | st.integers() | st.none() | st.sampled_from(['{"', '"}', "[\n", "\\", ',":']),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
ENTRIES = st.lists(st.dictionaries(FIELDS, VALUES, max_size=4), max_size=3)


@given(ENTRIES, ENTRIES, VALUES, st.sampled_from([None, 0, 2]))
def test_the_lines_of_any_json_are_those_where_its_keys_stand(
    codes: list[Any], programs: list[Any], stranger: object, indent: int | None
) -> None:
    named = [{"messageName": f"P{n}", **entry} for n, entry in enumerate(programs)]
    definitions = {"stranger": stranger, "Programs": named, "codes": codes}
    text = json.dumps(definitions, indent=indent)
    at = Positions(text, definitions)
    marked = json.dumps({**definitions, "Programs": _marked(named)}, indent=indent).splitlines()
    for n, entry in enumerate(named):
        for field in entry:
            (line,) = [k for k, line in enumerate(marked, 1) if f'"<<{n}:{field}>>"' in line]
            assert at.line(f"P{n}", field=field) == line


def _marked(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{f"<<{n}:{key}>>": value for key, value in e.items()} for n, e in enumerate(entries)]


@given(st.text() | st.lists(st.sampled_from([*"[]{}\"':,=.\n", "[[a]]", "a ="])).map("".join))
def test_no_text_whatever_fails_to_have_lines(text: str) -> None:
    assert Positions(f"codes = 1\n{text}", {"codes": [{}]}).line("codes 1", field="brand") >= 1


# ---- For people ----------------------------------------------------------------------------


def test_people_read_each_programme_with_its_findings_the_reasons_and_the_sums() -> None:
    told = shown(judged(BAD)).splitlines()
    titles = [line.strip() for line in told if line.startswith(("code 123456", "News (", "Why"))]
    assert titles == ["code 123456", "News (NEWS on 123456)", "News (DEALS on 123456)", "Why"]
    (rates,) = [line.split() for line in told if line.startswith("18") and "confirm-rates" in line]
    assert rates[:4] == ["18", "error", "confirm-rates", "ResponseMessage"]
    (why,) = [line for line in told if line.startswith("confirm-rates")]
    assert "The confirmation tells of charges." in why
    assert "5.1.2.1" in why
    assert told[-2] == "12 errors, 2 warnings."
    assert told[-1].startswith("No --provider was named")


def test_brackets_in_a_name_are_shown_as_they_are() -> None:
    named = BAD.replace('messageName = "News"', 'messageName = "[red]News"')
    assert "[red]News (NEWS on 123456)" in shown(judged(named))


def test_clean_copy_has_no_findings() -> None:
    told = shown(judged(starter_text(), "telnyx"))
    assert told == "No findings.\n"


def test_faults_are_shown_instead_of_findings() -> None:
    told = shown(judged(FAULTY))
    assert "2 faults" in told
    assert "It is a STOP, HELP or START word." in told
    assert "No findings" not in told


@pytest.mark.parametrize("text", [BAD, FAULTY])
@pytest.mark.parametrize("severity", ["error", "warning"])
def test_errors_and_faults_fail_from_every_severity_on(text: str, severity: str) -> None:
    assert fails(judged(text), severity)
    assert not fails(judged(starter_text()), severity)


def test_an_error_alone_fails_where_warnings_do() -> None:
    found = report({"codes": [{"shortCode": "123456", "countryCode": "US", "brand": "Acme"}]})
    assert found["counts"] == {"error": 1, "warning": 0, "note": 0}
    assert fails(found, "warning")


def test_a_warning_alone_fails_only_where_warnings_do() -> None:
    found = judged(starter_text(), "twilio")
    assert found["counts"] == {"error": 0, "warning": 1, "note": 0}
    assert (fails(found, "error"), fails(found, "warning")) == (False, True)


def test_a_report_is_plain_values() -> None:
    found = judged(BAD)
    assert json.loads(msgspec.json.encode(found)) == found


# ---- SARIF ---------------------------------------------------------------------------------


def log_of(text: str, path: str = "optin.toml") -> Sarif:
    log = sarif(judged(text, "twilio"), Path(path), "1.2.3")
    return Sarif.model_validate(log, strict=False)


def test_the_log_is_sarif_of_one_run_with_every_rule_explained() -> None:
    log = log_of(BAD)
    (run,) = log.runs
    driver = run.tool.driver
    assert (log.version, driver.name, driver.version) == ("2.1.0", "optin-engine lint", "1.2.3")
    described = {rule.id: rule for rule in driver.rules or []}
    assert set(described) == {"definition", *(rule.id for rule in RULES)}
    for rule in RULES:
        told = described[rule.id].model_dump()
        assert rule.reason in str(told)
        assert rule.source in str(told)


def test_each_finding_is_a_result_at_its_line() -> None:
    found = judged(BAD, "twilio")
    results = log_of(BAD).runs[0].results or []
    assert len(results) == len(found["findings"])
    for result, finding in zip(results, found["findings"], strict=True):
        assert (result.rule_id, result.level) == (finding["rule"], Level(finding["severity"]))
        assert result.message.text == f"{finding['program']}: {finding['message']}"
        (location,) = result.locations or []
        physical = location.physical_location
        assert physical is not None
        assert physical.region is not None
        assert physical.region.start_line == finding["line"]
        assert physical.artifact_location is not None
        assert physical.artifact_location.uri == "optin.toml"


def test_faults_are_results_of_a_rule_of_their_own() -> None:
    results = log_of(FAULTY).runs[0].results or []
    assert [result.rule_id for result in results] == ["definition", "definition"]
    assert {result.level for result in results} == {Level.ERROR}


def test_a_path_is_a_uri() -> None:
    for path, uri in (
        ("my files/\u00e9.toml", "my%20files/%C3%A9.toml"),
        ("/a b", "file:///a%20b"),
    ):
        log = sarif(judged(BAD), Path(path), "1")
        place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == uri


def test_a_finding_keeps_its_fingerprint_where_only_lines_move() -> None:
    def prints(text: str) -> list[str]:
        results = sarif(judged(text), Path("a.toml"), "1")["runs"][0]["results"]
        return [result["partialFingerprints"]["finding/v1"] for result in results]

    assert prints(f"\n\n{BAD}") == prints(BAD)
    assert len(set(prints(BAD))) == len(prints(BAD))
