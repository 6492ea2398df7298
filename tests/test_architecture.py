"""The walls of the house: imports point down, the core asks no world, and no file is too large."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import optin_engine

SHELLS = {"cli", "mailings", "operations", "__main__"}
ROOM = Path(optin_engine.__file__).parent
TESTS = Path(__file__).parent
CORE = sorted(
    path
    for path in (*ROOM.glob("*.py"), *ROOM.glob("lint/*.py"), *ROOM.glob("templating/*.py"))
    if path.stem not in SHELLS
)

# What reads a clock, a file or the environment without an import that the contracts forbid.
WORLDLY = frozenset(
    (
        "now", "utcnow", "today", "fromtimestamp", "open", "print", "input", "getenv",
        "read_bytes", "read_text", "write_bytes", "write_text", "exists", "iterdir", "unlink",
    )
)  # fmt: skip

# Account.load is the one door by which a file comes in, and only when it is asked to.
ALLOWED = {("account", "read_bytes")}

CONTRACTS = tomllib.loads(ROOM.with_name("pyproject.toml").read_text())["tool"]["importlinter"]
LAYERS, OF_THE_CORE, OF_THE_STORES, *_ = CONTRACTS["contracts"]

# What a store may know: what is kept, and what came of an MO.
KNOWN_TO_STORES = {"optin_engine.vocabulary", "optin_engine.outcome"}


def imported(path: Path) -> Iterator[str]:
    """Give the first name of every module that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]
        elif isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)


def rooms_of_the_core() -> set[str]:
    """Give every layer below the stores, which are the last to touch the world."""
    below = LAYERS["layers"][LAYERS["layers"].index("stores") + 1 :]
    return {f"optin_engine.{room}" for layer in below for room in layer.split(" : ")}


def test_the_imports_keep_their_contracts() -> None:
    # In a process of its own, because import-linter turns off the loggers that are there.
    command = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run(
        [command, "--no-cache"], cwd=ROOM.parent, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_contracts_name_every_room_of_the_core() -> None:
    assert set(OF_THE_CORE["source_modules"]) == rooms_of_the_core()
    assert set(OF_THE_STORES["forbidden_modules"]) == rooms_of_the_core() - KNOWN_TO_STORES


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_the_core_calls_no_clock_no_file_and_no_screen(path: Path) -> None:
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Attribute, ast.Name))
    }
    assert {(path.stem, name) for name in called & WORLDLY} <= ALLOWED


def test_only_machines_imports_transitions() -> None:
    importing = [path.stem for path in ROOM.rglob("*.py") if "transitions" in imported(path)]
    assert importing == ["machines"]


@pytest.mark.parametrize("room", [ROOM, TESTS], ids=lambda room: room.name)
def test_no_file_is_longer_than_300_lines(room: Path) -> None:
    lengths = {
        str(path.relative_to(room)): path.read_text(encoding="utf-8").count("\n")
        for path in room.rglob("*.py")
    }
    assert {path: lines for path, lines in lengths.items() if lines > 300} == {}
