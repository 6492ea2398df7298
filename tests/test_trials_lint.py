"""`optin-engine lint`: what it prints and writes, and its exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from optin_engine.harness import starter_text

BARE = {"shortCode": "123456", "countryCode": "US", "brand": "Acme"}


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    path = tmp_path / "clean.toml"
    path.write_text(starter_text())
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.json"
    path.write_text(json.dumps({"codes": [BARE]}, indent=1))
    return path


def lint(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "optin_engine", "lint", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_clean_copy_is_status_0(clean: Path) -> None:
    done = lint(clean)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("No findings.\n")


def test_a_warning_fails_only_if_asked(clean: Path) -> None:
    done = lint(clean, "--provider", "Twilio")
    assert done.returncode == 0
    assert "provider-answer" in done.stdout
    assert lint(clean, "--provider", "twilio", "--fail-on", "warning").returncode == 1


def test_what_comes_by_a_pipe_has_its_lines(tmp_path: Path) -> None:
    written = "# ours\n\n[[codes]]\nshortCode = '123456'\ncountryCode = 'US'\nbrand = 'Acme'\n"
    file = tmp_path / "optin.toml"
    file.write_text(written)
    command = [sys.executable, "-m", "optin_engine", "lint", "/dev/stdin", "--json"]
    piped = subprocess.run(command, input=written, capture_output=True, text=True, check=False)
    assert piped.stdout == lint(file, "--json").stdout
    assert {finding["line"] for finding in json.loads(piped.stdout)["findings"]} == {3}


def test_an_error_is_status_1(broken: Path) -> None:
    done = lint(broken)
    assert (done.returncode, done.stderr) == (1, "")
    assert "help-contact" in done.stdout


def test_json_has_the_findings_and_nothing_else(broken: Path) -> None:
    done = lint(broken, "--json", "--provider", "telnyx")
    found = json.loads(done.stdout)
    assert list(found) == ["faults", "findings", "providers", "counts"]
    (finding,) = found["findings"]
    assert (finding["rule"], finding["line"]) == ("help-contact", 3)
    assert found["providers"] == ["telnyx"]


def test_sarif_goes_to_a_file_beside_the_table_or_here_alone(broken: Path, tmp_path: Path) -> None:
    log = tmp_path / "lint.sarif"
    assert "help-contact" in lint(broken, "--sarif", log).stdout
    here = lint(broken, "--sarif", "-")
    assert here.returncode == 1
    assert json.loads(here.stdout) == json.loads(log.read_text())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nosuch.toml"], "nosuch.toml: No such file"),
        (["{clean}", "--provider", "pigeon"], "pigeon is no provider that this lint knows: aws, "),
        (["{clean}", "--json", "--sarif", "-"], "would both be written here"),
        (["{clean}", "--sarif", "/nosuch/x.sarif"], "/nosuch/x.sarif: No such file"),
        (["{clean}", "--fail-on", "never"], "'never' is not one of"),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_done_is_a_line_and_status_2(
    clean: Path, arguments: list[str], told: str
) -> None:
    done = lint(*(argument.format(clean=clean) for argument in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_faulty_definitions_are_status_1_in_every_form(tmp_path: Path) -> None:
    path, log = tmp_path / "a.toml", tmp_path / "a.sarif"
    path.write_text("codes = 1\n")
    done = lint(path, "--sarif", log)
    assert done.returncode == 1
    assert "The Codes field must be a list of tables." in done.stdout
    (result,) = json.loads(log.read_text())["runs"][0]["results"]
    assert result["ruleId"] == "definition"
    assert json.loads(lint(path, "--json").stdout)["faults"][0]["field"] == "codes"
