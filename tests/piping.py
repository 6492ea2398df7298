"""The real command in a process of its own, with what a pipe gives it."""

import subprocess
from pathlib import Path

import pytest

from optin_engine.harness import starter_text
from tests.operating import COMMAND


def run(*arguments: object, given: str | bytes = b"") -> subprocess.CompletedProcess[str]:
    """Run a command to its end; what it writes must be UTF-8."""
    raw = given.encode() if isinstance(given, str) else given
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], input=raw, capture_output=True, check=False
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def assert_fails(done: subprocess.CompletedProcess[str], status: int, *reasons: str) -> None:
    """It ended with a status, and with a line for each of some reasons, in their order."""
    lines = done.stderr.splitlines()
    assert (done.returncode, len(lines)) == (status, len(reasons)), done
    for line, reason in zip(lines, reasons, strict=True):
        assert line.startswith("optin-engine: error: ")
        assert reason in line


@pytest.fixture
def definitions(tmp_path: Path) -> Path:
    path = tmp_path / "optin.toml"
    path.write_text(starter_text(), encoding="utf-8")
    return path
