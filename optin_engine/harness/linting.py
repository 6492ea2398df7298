"""What `optin-engine lint` says of copy: for people, as JSON, and as SARIF 2.1.0.

As in `check`, a report is plain values first, and everything else is made of it.
"""

import hashlib
from collections.abc import Sequence
from itertools import groupby
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import attrs
from rich.console import Console
from rich.table import Table
from rich.text import Text

from optin_engine.account import read_account
from optin_engine.harness.positions import Positions
from optin_engine.harness.shell import widen
from optin_engine.lint import RULES, lint
from optin_engine.lint.rules import SEVERITIES

Report = dict[str, Any]

STYLES = {"error": "red", "warning": "yellow", "note": "cyan"}
HINT = (
    "No --provider was named: nothing is said of words that a platform takes for itself, "
    "as Twilio does YES."
)

# The rule that a faulty definition breaks in SARIF, which knows no results without a rule.
FAULT = "definition"
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def report(definitions: object, text: str = "", providers: Sequence[str] = ()) -> Report:
    """Judge the copy of definitions.

    Args:
        definitions: what a definition file holds, as `account.read_account` takes it.
        text: the file's own; without it every line is 1.
        providers: the platforms that the texts go through.

    Returns:
        `faults`, each with `program`, `field`, `message` and `line`, where the definitions are
        refused, and then no findings; `findings`, each as a `lint.Finding` and with its `line`;
        the `providers`; and how many `counts` of each severity there are.

    Raises:
        KeyError: there is no such provider.

    >>> found = report({"codes": [{"shortCode": "123456", "countryCode": "US"}]})
    >>> [finding["rule"] for finding in found["findings"]]
    ['brand-unset', 'help-contact']
    """
    account, faults = read_account(definitions)
    at = Positions(text, definitions)
    findings = lint(account, providers) if account else ()
    return {
        "faults": [
            {**attrs.asdict(fault), "line": at.line(fault.program, field=fault.field)}
            for fault in faults
        ],
        "findings": [
            {**attrs.asdict(found), "line": at.line(found.program, found.keyword, found.field)}
            for found in findings
        ],
        "providers": list(providers),
        "counts": {s: sum(f.severity == s for f in findings) for s in reversed(SEVERITIES)},
    }


def fails(found: Report, fail_on: str) -> bool:
    """Tell whether there is a fault, or a finding of this severity or above."""
    grave = SEVERITIES[SEVERITIES.index(fail_on) :]
    return bool(found["faults"]) or any(found["counts"][severity] for severity in grave)


def show(found: Report, console: Console) -> None:
    """Print a report for people: a table for each programme, then why, then the sums."""
    widen(console)
    if found["faults"]:
        _show_faults(found["faults"], console)
        return
    for (program, keyword, code), findings in groupby(found["findings"], _owner):
        named = f"{program} ({keyword} on {code})" if keyword else program
        _show_findings(named, list(findings), console)
    broken = {finding["rule"]: finding for finding in found["findings"]}
    if broken:
        why = _table("Why", "bold", ("rule", "reason", "source"))
        for rule in (rule for rule in RULES if rule.id in broken):
            why.add_row(rule.id, Text(rule.reason), Text(rule.source))
        console.print(why)
    sums = [f"{n} {name}{'s' * (n != 1)}" for name, n in found["counts"].items() if n]
    console.print(f"{', '.join(sums)}." if sums else "No findings.", style="" if sums else "green")
    if not found["providers"]:
        console.print(HINT, style="dim")


def _owner(finding: Report) -> tuple[str, str, str]:
    return finding["program"], finding["keyword"], finding["code"]


def _show_faults(faults: Sequence[Report], console: Console) -> None:
    title = f"{len(faults)} fault{'s' * (len(faults) > 1)}; the copy is judged once they are mended"
    table = _table(title, "red", ("line", "program", "field", "message"))
    for fault in faults:
        said = (Text(fault[name]) for name in ("program", "field", "message"))
        table.add_row(str(fault["line"]), *said)
    console.print(table)


def _show_findings(named: str, findings: Sequence[Report], console: Console) -> None:
    table = _table(named, "bold", ("line", "severity", "rule", "message"))
    for finding in findings:
        severity = Text(finding["severity"], style=STYLES[finding["severity"]])
        table.add_row(str(finding["line"]), severity, finding["rule"], Text(finding["message"]))
    console.print(table)
    console.print()


def _table(title: str, style: str, headings: Sequence[str]) -> Table:
    table = Table(
        title=Text(title, style), title_justify="left", box=None, pad_edge=False, show_header=True
    )
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def sarif(found: Report, path: PurePath, version: str) -> Report:
    """Give a report as a SARIF 2.1.0 log of one run, faults as results of the rule `definition`.

    Args:
        found: the report.
        path: of the definitions, as it was named; SARIF's readers want it relative to the
            repository.
        version: this package's.

    >>> sarif(report({"codes": []}), PurePath("optin.toml"), "1")["runs"][0]["results"]
    []
    """
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    driver = {"name": "optin-engine lint", "version": version, "rules": _descriptors()}
    faults = [
        {"rule": FAULT, "severity": "error", "code": "", "keyword": "", **fault}
        for fault in found["faults"]
    ]
    results = [_result(finding, uri) for finding in (*faults, *found["findings"])]
    run = {"tool": {"driver": driver}, "results": results, "columnKind": "utf16CodeUnits"}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _descriptors() -> list[Report]:
    fault = {
        "id": FAULT,
        "shortDescription": {"text": "A definition that is refused has no copy to judge."},
        "help": {"text": "`optin-engine check` says the same of it."},
        "defaultConfiguration": {"level": "error"},
    }
    return [fault] + [
        {
            "id": rule.id,
            "shortDescription": {"text": rule.reason},
            "help": {"text": f"{rule.reason} Source: {rule.source}."},
            "defaultConfiguration": {"level": rule.severity},
            "properties": {"source": rule.source},
        }
        for rule in RULES
    ]


def _result(finding: Report, uri: str) -> Report:
    place = "/".join(filter(None, (finding["code"], finding["program"], finding["field"])))
    same = f"{finding['rule']}/{finding['keyword']}/{place}/{finding['message']}"
    physical = {"artifactLocation": {"uri": uri}, "region": {"startLine": finding["line"]}}
    logical = {"name": finding["field"], "fullyQualifiedName": place}
    return {
        "ruleId": finding["rule"],
        "level": finding["severity"],
        "message": {"text": f"{finding['program']}: {finding['message']}"},
        "locations": [{"physicalLocation": physical, "logicalLocations": [logical]}],
        "partialFingerprints": {"finding/v1": hashlib.sha256(same.encode()).hexdigest()},
    }
