"""The walls of the house: imports point down, and the core neither asks nor tells the world."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import optin_engine

SHELLS = {"cli", "mailings", "operations", "__main__"}
ROOM = Path(optin_engine.__file__).parent
CORE = sorted(
    path
    for path in (*ROOM.glob("*.py"), *ROOM.glob("lint/*.py"), *ROOM.glob("templating/*.py"))
    if path.stem not in SHELLS
)

# What reads a clock, a file or the environment without an import that the contracts forbid.
WORLDLY = {
    "now",
    "utcnow",
    "today",
    "open",
    "print",
    "input",
    "getenv",
    "read_bytes",
    "write_bytes",
}

# Account.load is the one door by which a file comes in, and only when it is asked to.
ALLOWED = {("account", "read_bytes")}


def test_the_imports_keep_their_contracts() -> None:
    # In a process of its own, because import-linter turns off the loggers that are there.
    command = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run(
        [command, "--no-cache"], cwd=ROOM.parent, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_the_core_calls_no_clock_no_file_and_no_screen(path: Path) -> None:
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Attribute, ast.Name))
    }
    assert {(path.stem, name) for name in called & WORLDLY} <= ALLOWED


def test_only_machines_imports_transitions() -> None:
    importing = [path.stem for path in ROOM.rglob("*.py") if "from transitions" in path.read_text()]
    assert importing == ["machines"]


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: path.stem)
def test_no_room_is_too_large(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300
