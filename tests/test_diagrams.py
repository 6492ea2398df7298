"""`python -m optin_engine.harness.diagrams`: what it asks for, and what it refuses."""

import subprocess
import sys
from pathlib import Path


def diagrams(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "optin_engine.harness.diagrams", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_help_is_shown_and_nothing_is_written(tmp_path: Path) -> None:
    done = diagrams(tmp_path, "--help")
    assert (done.returncode, [*tmp_path.iterdir()]) == (0, [])
    assert "folder" in done.stdout


def test_a_file_in_place_of_the_folder_is_told_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    done = diagrams(tmp_path, "taken")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "taken" in done.stderr.splitlines()[-1]
