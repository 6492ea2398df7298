"""A store on which the operator's commands are run, and what they say of it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.operating import BEGAN, CODE, LONG_CODE, NUMBER, OTHER, run, seeded, text

THIRD = "+15555550177"
HOSTILE = "JOIN \x1b[2J<script>alert(1)</script>"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the URL of a store that is only looked at."""
    return _fill(tmp_path_factory.mktemp("known") / "optin.db")


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Give the URL of a store of the test's own."""
    return _fill(tmp_path / "optin.db")


def _fill(path: Path) -> str:
    """NUMBER joined on the short code; OTHER is asked on both; THIRD is hostile."""
    url = f"sqlite:///{path}"
    with seeded(url) as (opened, service):
        text(service, "JOIN", "what?", "Yes!")
        text(service, "JOIN", number=OTHER)
        text(service, "JOIN", number=OTHER, code=LONG_CODE)
        text(service, HOSTILE, number=THIRD)
        opened.block(CODE, OTHER, BEGAN)
    return url


def lines(*arguments: object) -> list[str]:
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout.splitlines()


def as_json(*arguments: object) -> Any:
    done = run(*arguments, "--json")
    assert done.stderr == "", done
    return json.loads(done.stdout)


def assert_fails(status: int, reason: str, *arguments: object) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (status, ""), done
    (line,) = done.stderr.splitlines()
    assert line.startswith("optin-engine: error: ")
    assert reason in line
    assert NUMBER not in line.replace(f"such as {NUMBER}", "")


def moment(**later: int) -> str:
    return (BEGAN + timedelta(**later)).isoformat().replace("+00:00", "Z")
