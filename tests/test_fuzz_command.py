"""The command `fuzz`: the stories that it writes, what it tells, and what it refuses."""

import json
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
import typer

from optin_engine import machines
from optin_engine.harness import starter_text
from optin_engine.harness.fuzzing.fuzzer import Findings
from optin_engine.harness.fuzzing.report import lines
from optin_engine.harness.refusal import CommandError
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.playing import play, programs_beside
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.trials.fuzz import fuzz as fuzz_command
from tests.wrong_rows import JOINS_IN_SILENCE


def run(definitions: Path, out: Path, *, as_json: bool = False, length: str = "4s") -> int:
    """Run the command; give its exit status."""
    with pytest.raises(typer.Exit) as ended:
        fuzz_command(definitions, length=length, seed=1, out=out, as_json=as_json)
    return ended.value.exit_code


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give the example's file."""
    path = tmp_path / "optin.toml"
    path.write_text(starter_text().replace('"Acme"', f'"{tmp_path.name}"'), encoding="utf-8")
    return path


def test_the_command_writes_a_story_that_fails_and_never_over_a_file(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = file.parent / "found"
    out.mkdir()
    (out / "single-join.story").write_text("mine")
    with mock.patch.dict(machines.FLOWS, {"Single": JOINS_IN_SILENCE}):
        assert run(file, out) == 1
        shown = capsys.readouterr().out
        path = out / "single-join-2.story"
        story = read_story(str(path), path.read_text(encoding="utf-8"))
        assert not play(story, EngineTarget(), programs_beside(path)).passed
    assert (out / "single-join.story").read_text() == "mine"
    assert shown.startswith("single-join: Single: the keyword from the handset subscribes (SPEC 5)")
    assert "but it said nothing" in shown
    assert shown.splitlines()[-1].endswith("--seed 1")


@pytest.mark.parametrize(("played", "told"), [(1, "1 conversation in"), (2, "2 conversations in")])
def test_conversations_are_counted_as_one_says_it(played: int, told: str) -> None:
    (line,) = lines(Findings((), played, 1.0, seed=1), [])
    assert told in line


def test_the_command_tells_programs_what_it_found(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with mock.patch.dict(machines.FLOWS, {"Single": JOINS_IN_SILENCE}):
        assert run(file, file.parent / "new", as_json=True) == 1
    report = json.loads(capsys.readouterr().out)
    (broken,) = [one for one in report["broken"] if one["rule"] == "single-join"]
    assert broken["story"] == Path(broken["file"]).read_text(encoding="utf-8")
    assert report["seed"] == 1


def test_the_command_leaves_nothing_behind_where_nothing_is_wrong(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    assert run(file, Path(), length="1s") == 0
    assert capsys.readouterr().out.startswith("No rule is broken: ")
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("length", ["soon", "0s", ""])
def test_a_length_that_is_none_is_refused(file: Path, length: str) -> None:
    with pytest.raises(CommandError, match="--for"):
        fuzz_command(file, length=length, seed=1, out=file.parent)


def test_a_folder_that_is_a_file_is_refused(file: Path) -> None:
    with pytest.raises(CommandError, match="no folder"):
        fuzz_command(file, seed=1, out=file)


def test_without_hypothesis_the_command_names_the_extra(file: Path) -> None:
    script = (
        "import sys; sys.modules['hypothesis'] = None; sys.argv[0] = 'optin-engine';"
        "from optin_engine.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "fuzz", file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "pip install 'optin-engine[harness]'" in done.stderr
