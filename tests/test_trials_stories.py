"""`optin-engine test`, as a user runs it."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pexpect
import pytest
from junitparser import JUnitXml

from optin_engine.cli import main
from optin_engine.harness import starter_text
from tests.operating import COMMAND, PATIENCE_SECONDS
from tests.piping import assert_fails

Run = Callable[..., subprocess.CompletedProcess[str]]
OutOf = Callable[..., str]

PASSES = "# Passes\nprograms: built-in\n> maybe\n= None\n"
FAILS = "# Fails\nprograms: built-in\n> maybe\n= Subscribed\n"


@pytest.fixture
def stories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder to run in, with a story that passes and one that fails."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "passes.story").write_text(PASSES, encoding="utf-8")
    (tmp_path / "fails.story").write_text(FAILS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Give what runs the command in this process."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = ["optin-engine", "test", *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(command, int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def out_of(run: Run) -> OutOf:
    """Give what runs the command, and gives what it shows."""

    def out_of(*arguments: object, status: int = 0) -> str:
        done = run(*arguments)
        assert (done.returncode, done.stderr) == (status, "")
        return done.stdout

    return out_of


def test_a_story_that_passes_is_only_counted(stories: Path, out_of: OutOf) -> None:
    assert re.fullmatch(r"1 story: 1 passed in \d+\.\d\d s\n", out_of("passes.story"))
    assert list(stories.glob("*.xml")) == []


@pytest.mark.usefixtures("stories")
def test_a_story_that_fails_is_shown_and_the_status_is_1(out_of: OutOf) -> None:
    lines = out_of(".", status=1).splitlines()
    assert lines[0] == "fails.story:3: the state is None, and should be Subscribed"
    assert lines[5:7] == ["  - = Subscribed", "  + = None"]
    assert lines[-1].startswith("2 stories: 1 passed, 1 failed in ")
    assert not any("passes.story" in line for line in lines)


@pytest.mark.usefixtures("stories")
def test_verbose_names_also_what_passes(out_of: OutOf) -> None:
    assert "passed: passes.story: Passes\n" in out_of(".", "--verbose", status=1)


@pytest.mark.usefixtures("stories")
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("nosuch.story",), "nosuch.story: there is no such file or folder"),
        (("passes.story", "nosuch"), "nosuch: there is no such file or folder"),
        ((), "Missing argument 'PATH'"),
        (("passes.story", "--jobs", "0"), "greater than or equal to 1"),
        (("passes.story", "--junit", "no/such/file.xml"), "No such file or directory"),
        (("passes.story", "--diagrams", "passes.story/in"), "Not a directory"),
        ((".", "--junit", "./fails.story"), "fails.story: --junit would be written over this"),
        (("passes.story", "--target", ""), "that is no URL of a target"),
        (("passes.story", "--adapter", "twilio"), "name it by --target"),
        (("passes.story", "--define"), "name it by --target"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_status_2(
    arguments: tuple[str, ...], reason: str, run: Run
) -> None:
    assert_fails(run(*arguments), 2, reason)


def test_a_folder_without_stories_is_an_error(stories: Path, run: Run) -> None:
    (stories / "empty").mkdir()
    assert_fails(run("empty"), 2, "empty: there is no story in it")


def test_a_story_that_cannot_be_read_is_named_by_line_and_column(
    stories: Path, out_of: OutOf
) -> None:
    (stories / "broken.story").write_text("programs: built-in\n>JOIN\nwiat 2d\n")
    out = out_of("broken.story", "passes.story", status=1)
    assert out.startswith("broken.story:3:1: there is no line `wiat`; did you mean `wait`?\n")
    assert "2 stories: 1 passed, 1 broken in " in out


def test_definitions_are_looked_for_beside_the_story(stories: Path, out_of: OutOf) -> None:
    (stories / "in").mkdir()
    text = starter_text().replace("NEWS", "TEA")
    (stories / "in" / "own.toml").write_text(text, encoding="utf-8")
    (stories / "in" / "a.story").write_text("programs: own.toml\n> TEA\n<~ .*\n")
    assert "1 passed" in out_of("in")


def test_update_rewrites_a_story_shows_how_and_it_passes(stories: Path, out_of: OutOf) -> None:
    out = out_of(".", "--update")
    assert "-= Subscribed\n+= None\n" in out
    assert "2 stories: 2 passed, 1 updated in " in out
    fixed = FAILS.replace("= Subscribed", "= None")
    assert (stories / "fails.story").read_text() == fixed
    assert (stories / "passes.story").read_text() == PASSES
    assert "--- " not in out_of(".", "--update")


def test_update_leaves_what_is_no_file_alone(stories: Path, run: Run) -> None:
    os.mkfifo(stories / "pipe")
    writer = Thread(target=(stories / "pipe").write_text, args=(FAILS,), daemon=True)
    writer.start()
    done = run("pipe", "--update")
    writer.join()
    assert_fails(done, 2, "pipe: it cannot be updated: it is no file that can be written again")


def test_an_interruption_at_a_terminal_ends_all_processes_without_a_word(stories: Path) -> None:
    pipe = stories / "pipe"
    os.mkfifo(pipe)
    arguments = [*COMMAND, "test", "fails.story", "pipe", "--jobs", "2"]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline().startswith(b"fails.story:3:")
        # It opens here once a process reads it there, and is read to its end when it is closed.
        with pipe.open("w"):
            os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, errors) == (130, b"")


@pytest.mark.usefixtures("stories")
def test_json_is_the_whole_output(out_of: OutOf) -> None:
    report = json.loads(out_of(".", "--json", "--coverage", "--update"))
    assert report["passed"] is True
    assert [story["name"] for story in report["stories"]] == ["fails.story", "passes.story"]
    assert list(report["updated"]) == ["fails.story"]
    assert set(report["coverage"]) == {"Single", "Double", "Age", "Contact"}
    plain = json.loads(out_of("passes.story", "--json"))
    assert "coverage" not in plain


@pytest.mark.usefixtures("stories")
def test_coverage_tells_which_rows_of_the_programmes_machines_no_story_takes(out_of: OutOf) -> None:
    out = out_of("passes.story", "--coverage")
    assert out.startswith("Row coverage: Single 0/")
    assert "Contact: 15 rows that no story takes" in out
    assert out.splitlines()[-1].startswith("1 story: ")


def test_diagrams_draw_the_machines_that_the_programmes_run(stories: Path, out_of: OutOf) -> None:
    out_of("passes.story", "--diagrams", "drawn/here")
    drawn = stories / "drawn" / "here"
    names = sorted(file.name for file in drawn.iterdir())
    assert names == ["age.mmd", "contact.mmd", "double.mmd", "single.mmd"]
    assert (drawn / "double.mmd").read_text().count("In Progress") > 0


def test_junit_xml_is_written_also_where_a_story_fails(stories: Path, out_of: OutOf) -> None:
    out_of(".", "--junit", "out.xml", status=1)
    (suite,) = JUnitXml.fromfile(str(stories / "out.xml"))
    assert (suite.tests, suite.failures) == (2, 1)


@pytest.mark.usefixtures("stories")
def test_several_processes_say_the_same(out_of: OutOf) -> None:
    one, two = (out_of(".", "--jobs", jobs, status=1).splitlines() for jobs in (1, 2))
    assert one[:-1] == two[:-1]


BARE = """
import sys
for name in ("hypothesis", "pytest", "httpx", "starlette", "junitparser", "psycopg"):
    sys.modules[name] = None
sys.argv = ["optin-engine", "test", *sys.argv[1:]]
from optin_engine.cli import main
main()
"""


def bare(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command where none of the extras is installed."""
    return subprocess.run(
        [sys.executable, "-c", BARE, *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.usefixtures("stories")
def test_the_engine_s_stories_need_no_extra_and_junit_says_which_it_needs() -> None:
    assert bare("passes.story", "--coverage").returncode == 0
    done = bare("passes.story", "--junit", "out.xml")
    assert_fails(done, 2, "pip install 'optin-engine[harness]'")


@pytest.mark.usefixtures("stories")
def test_there_are_colours_on_a_terminal_only(out_of: OutOf) -> None:
    colour = {"TERM": "xterm-256color", "COLUMNS": "20"}
    plain = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR"}}
    arguments = [*COMMAND[1:], "test", "fails.story"]
    seen = pexpect.run(
        " ".join([COMMAND[0], *arguments]), env={**plain, **colour}, encoding="utf-8"
    )
    assert "\x1b[31m  - = Subscribed\x1b[0m\r\n" in seen
    assert "\x1b[32m  + = None\x1b[0m\r\n" in seen
    assert "should be Subscribed" in seen
    assert "\x1b" not in out_of("fails.story", status=1)


def test_a_state_in_a_programme_that_there_is_not_breaks_the_story_and_names_those_there_are(
    out_of: OutOf, tmp_path: Path
) -> None:
    story = tmp_path / "no_such.story"
    story.write_text("programs: built-in\n> JOIN\n<~ .*\n= WHAT: None\n")
    told = out_of(story, status=1)
    assert "123456 has no programme WHAT; it has NEWS, JOIN, WINE" in told


def test_a_text_that_nobody_waits_for_is_shown_with_the_keywords_there_are(
    out_of: OutOf, tmp_path: Path
) -> None:
    story = tmp_path / "unmatched.story"
    story.write_text("programs: built-in\n> JION\n< Hello!\n")
    told = out_of(story, status=1)
    assert "it begins with no keyword of the code, which has NEWS, JOIN, WINE" in told
