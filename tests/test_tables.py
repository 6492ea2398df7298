"""A table that is broken on purpose does not import, and the message names the row."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import optin_engine

PACKAGE = Path(optin_engine.__file__).parent


def importing(folder: Path, old: str, new: str) -> subprocess.CompletedProcess[str]:
    """Import a copy of the package in whose tables one text was replaced."""
    copy = shutil.copytree(PACKAGE, folder / PACKAGE.name)
    tables = copy / "tables.py"
    text = tables.read_text()
    assert text.count(old) >= 1
    tables.write_text(text.replace(old, new, 1))
    return subprocess.run(
        [sys.executable, "-c", "import optin_engine.engine"],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )


CONFIRMS = "    (IN_PROGRESS,    YES,         ALWAYS,                         SUBSCRIBED,   Says.CONFIRMATION),\n"  # noqa: E501 - a row is one line.


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (CONFIRMS, "", "Double: no row answers YES in In Progress."),
        (
            CONFIRMS,
            CONFIRMS * 2,
            "two rows could both apply to YES in In Progress. Double: In Progress --YES / conf",
        ),
        ('"stop answered today"', '"answered"', "row (Unsubscribed, STOP, answered, stays, "),
        ("Says.DEFAULT", "NOTHING", "no row of any table says default"),
    ],
)
def test_a_broken_table_does_not_import(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    ran = importing(tmp_path, old, new)
    assert ran.returncode == 1
    assert complaint in ran.stderr


def test_the_table_as_it_is_imports(tmp_path: Path) -> None:
    assert importing(tmp_path, CONFIRMS, CONFIRMS).returncode == 0
