"""Many stories: how they are found, played side by side, and reported."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from optin_engine.harness.refusal import CommandError
from optin_engine.harness.stories.coverage import Coverage
from optin_engine.harness.stories.junit import write_junit
from optin_engine.harness.stories.played import Played
from optin_engine.harness.stories.reports import Verdict, summary, to_json, verdict
from optin_engine.harness.stories.running import accounts_of, play_file, run, stories_in
from optin_engine.harness.targets.engine import EngineTarget
from tests.limited_targets import (
    BreakingTarget,
    CrashingTarget,
    LastingTarget,
    ReservedTarget,
    StillTarget,
    unreachable,
)

BEGIN = "programs: built-in\n"
PASSES = f"# Passes\n{BEGIN}> maybe\n= None\n"
FAILS = f"# Fails\n{BEGIN}> HELP\n"

Write = Callable[..., list[Path]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Give what writes stories, named 00.story and so on."""

    def written(*texts: str) -> list[Path]:
        paths = [tmp_path / f"{place:02}.story" for place in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8")
        return paths

    return written


def verdicts(stories: list[Played]) -> list[str]:
    return [verdict(story) for story in stories]


# -- finding


def test_a_folder_gives_its_stories_by_name_and_those_in_folders_but_hidden_ones(
    tmp_path: Path,
) -> None:
    stories = [f"{place * 7 % 20:02}.story" for place in range(20)]
    for name in (*stories, "in/a.story", ".git/b.story", "in/.c.story", "d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in stories_in([tmp_path])]
    assert found == [*sorted(stories), "in/a.story"]


def test_files_come_in_the_order_they_are_named_whatever_their_suffix_and_each_once(
    tmp_path: Path,
) -> None:
    paths = [tmp_path / "b.txt", tmp_path / "a.story"]
    for path in paths:
        path.touch()
    (tmp_path / "in").mkdir()
    assert stories_in([*paths, tmp_path, tmp_path / "in" / ".." / "b.txt"]) == paths


def test_a_path_that_is_not_there_and_a_folder_without_stories_are_errors(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(CommandError, match=r"nosuch: there is no such file or folder"):
        stories_in([tmp_path / "nosuch"])
    with pytest.raises(CommandError, match=r"there is no story in it; .* named \*\.story"):
        stories_in([tmp_path])


# -- running


def test_stories_come_in_their_order_in_however_many_processes(write: Write) -> None:
    texts = [PASSES if place % 3 else FAILS for place in range(30)]
    files = write(*texts)
    alone, together = (list(run(files, EngineTarget, jobs)) for jobs in (1, 3))
    assert [story.story.name for story in alone] == list(map(str, files))
    assert [story.passed for story in alone] == [text == PASSES for text in texts]
    assert [s.performed for s in together] == [s.performed for s in alone]
    assert [s.story for s in together] == [s.story for s in alone]


@pytest.mark.parametrize(
    ("content", "broken"),
    [
        (b"what\n", "00.story:1:1: there is no line `what`"),
        ("# Él\n> sí".encode() + b"\xe9", "00.story:2:5: from here on it is no UTF-8"),
        (b"", "00.story:1:1: nothing happens"),
        (b"programs: no.toml\n", "00.story:1: "),
    ],
)
def test_a_story_that_cannot_be_read_is_broken_and_the_others_are_played(
    write: Write, content: bytes, broken: str
) -> None:
    files = write("", PASSES)
    files[0].write_bytes(content)
    first, second = run(files, EngineTarget)
    assert broken in first.broken
    assert (first.passed, second.passed) == (False, True)


def test_a_story_that_is_gone_or_no_file_is_broken(tmp_path: Path) -> None:
    gone, folder = run([tmp_path / "gone.story", tmp_path], EngineTarget)
    assert gone.broken == f"{tmp_path / 'gone.story'}: No such file or directory"
    assert folder.broken == f"{tmp_path}: Is a directory"


def test_where_we_ourselves_fail_the_story_is_broken_and_the_fault_is_ours(write: Write) -> None:
    first, second = run(write(f"{BEGIN}> FAIL", PASSES), CrashingTarget)
    assert first.broken.endswith("our fault: ZeroDivisionError: a bug of ours")
    assert second.passed


def test_a_story_that_ends_its_process_is_lost_alone(write: Write) -> None:
    texts = [f"{BEGIN}> CRASH" if place in {3, 4, 11} else PASSES for place in range(14)]
    played = list(run(write(*texts), CrashingTarget, jobs=2))
    crashed = [place for place, story in enumerate(played) if "ended abruptly" in story.broken]
    assert crashed == [3, 4, 11]
    assert [story.passed for story in played] == [text == PASSES for text in texts]


def test_who_leaves_early_waits_for_no_more_than_the_stories_at_hand(
    write: Write, tmp_path: Path
) -> None:
    """The first batch is played; each process has some story at hand, at latest its last."""
    files, told = write(*[PASSES] * 200), tmp_path / "told"
    told.mkdir()
    playing = run(files, partial(LastingTarget, told), jobs=2)
    next(playing)
    playing.close()
    assert len(list(told.iterdir())) <= 2 * (LastingTarget.PLAYED + 1)


def test_a_target_that_cannot_be_reached_breaks_the_story(write: Write) -> None:
    (story,) = run(write(PASSES), unreachable)
    assert story.broken.endswith("00.story: nobody listens at 127.0.0.1:9")


def test_the_definitions_that_were_played_with_are_given(write: Write) -> None:
    stories = list(run(write(PASSES, f"{PASSES}programs: built-in\n", "what"), EngineTarget))
    assert [list(account.codes) for account in accounts_of(stories)] == [["123456"]] * 3


# -- reports


@pytest.fixture
def stories(write: Write) -> list[Played]:
    """Give a story of each verdict."""
    waits = f"# Waits\n{BEGIN}> maybe\n= None\nwait 1d\n> maybe\n"
    only_waits = f"# Only waits\n{BEGIN}wait 1d\n> maybe\n"
    files = write(PASSES, waits, only_waits, FAILS, f"{BEGIN}> maybe\nwait 1d\n")
    targets = (EngineTarget, StillTarget, StillTarget, EngineTarget, BreakingTarget)
    return list(map(play_file, targets, files))


def test_each_story_has_one_verdict(stories: list[Played]) -> None:
    assert verdicts(stories) == list(Verdict)


def test_the_summary_names_what_was_skipped_and_why_and_ends_with_the_figures(
    stories: list[Played],
) -> None:
    names = [story.story.name for story in stories]
    assert list(summary(stories, 1.234)) == [
        f"{names[1]}:5: skipped, and 1 turn after it: its clock cannot be moved to 12:00",
        f"{names[2]}:3: skipped, and 1 turn after it: its clock cannot be moved to 12:00",
        "5 stories: 1 passed, 1 passed in part, 1 skipped, 1 failed, 1 broken in 1.23 s",
    ]


@pytest.mark.parametrize(
    ("more", "lines"),
    [("", "1 line that begins with = was"), ("= JOIN: None\n", "2 lines that begin with = were")],
)
def test_the_summary_counts_what_the_target_does_not_tell(
    write: Write, more: str, lines: str
) -> None:
    played = play_file(ReservedTarget, *write(f"{PASSES}{more}"))
    assert list(summary([played], 0)) == [
        f"{lines} not judged: the target does not tell",
        "1 story: 1 passed in 0.00 s",
    ]


def test_the_json_report_tells_of_each_story_what_differs_and_what_was_skipped(
    stories: list[Played],
) -> None:
    report = to_json(stories, 1.0, updates={"a.story": ("-a", "+b")})
    assert report["passed"] is False
    assert report["summary"] == dict.fromkeys(map(str, Verdict), 1)
    assert [story["verdict"] for story in report["stories"]] == list(Verdict)
    assert report["updated"] == {"a.story": ["-a", "+b"]}
    assert report["stories"][1]["skipped"][0] == {
        "line": 5,
        "act": "wait 1d",
        "reason": "its clock cannot be moved to 12:00",
    }
    (difference,) = report["stories"][3]["differences"]
    assert (difference["line"], difference["act"], difference["expected"]) == (3, "> HELP", [])
    assert difference["said"][0].startswith("< Acme")
    assert difference["readings"][0]["hears"] == "HELP"
    assert difference["rows"] == ["Contact: None --HELP / help--> None"]
    assert report["stories"][4]["broken"] == [stories[4].broken]


def test_the_json_report_counts_rows_where_that_is_wanted(stories: list[Played]) -> None:
    rows = [row for story in stories for row in story.rows()]
    report = to_json(stories, 1.0, Coverage.of(rows))["coverage"]
    assert list(report) == ["Single", "Double", "Age", "Text", "Contact"]
    assert report["Contact"]["taken"] == 2
    assert report["Single"]["of"] == len(report["Single"]["missing"])


def test_the_junit_report_has_a_case_for_each_story_with_its_conversation(
    stories: list[Played], tmp_path: Path
) -> None:
    write_junit(stories, tmp_path / "out.xml")
    (suite,) = JUnitXml.fromfile(str(tmp_path / "out.xml"))
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (5, 1, 1, 1)
    cases = list(suite)
    kinds = [[type(result) for result in case.result] for case in cases]
    assert kinds == [[], [], [Skipped], [Failure], [Error]]
    assert [case.name for case in cases[:4]] == ["Passes", "Waits", "Only waits", "Fails"]
    assert cases[3].result[0].message.endswith("nothing should be said, and one message came")
    assert "  + < Acme" in cases[3].result[0].text
    assert "skipped: its clock" in cases[1].system_out
    assert cases[4].classname == stories[4].story.name


def test_the_junit_report_is_xml_whatever_a_story_holds(write: Write, tmp_path: Path) -> None:
    odd = "\x07]]>&<\ufffe\u2028"
    files = write(f"# {odd}\n{BEGIN}> {odd}\n< {odd}\n= JOIN: {odd}\n")
    write_junit([play_file(EngineTarget, files[0])], tmp_path / "out.xml")
    name = ET.parse(tmp_path / "out.xml").getroot().find("testsuite/testcase").get("name")  # type: ignore[union-attr]  # noqa: S314 - it is ours.
    assert name == odd.replace("\x07", "\ufffd").replace("\ufffe", "\ufffd")
