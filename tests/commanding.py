"""A command that is run on a store of its own, and what comes of it."""

from tests.operating import run
from tests.store_contract import ANNE


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
