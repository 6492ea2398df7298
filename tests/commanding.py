"""A command that is run on a store of its own, and what comes of it."""

from pathlib import Path

import pytest

from optin_engine.stores import open_store
from tests.operating import run
from tests.store_contract import ANNE


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Give the URL of a store with nothing in it."""
    made = f"sqlite:///{tmp_path}/optin.db"
    open_store(made).close()
    return made


def done(*arguments: object, status: int = 0) -> str:
    ran = run(*arguments)
    assert (ran.returncode, ran.stderr if status == 0 else "") == (status, ""), ran
    return ran.stdout


def assert_fails(status: int, reason: str, *arguments: object) -> None:
    ran = run(*arguments)
    assert (ran.returncode, ran.stdout) == (status, ""), ran
    assert ran.stderr.startswith("optin-engine: error: ")
    assert reason in ran.stderr
    assert ANNE not in ran.stderr
