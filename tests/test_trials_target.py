"""`optin-engine test --target`: the command, at real systems that run."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from signal import SIGINT, raise_signal

import pytest

from optin_engine.harness.fuzzing.fuzzer import fuzz
from optin_engine.harness.fuzzing.judges import EngineJudge
from optin_engine.harness.rules import RULES
from optin_engine.harness.stories.playing import play, programs_beside
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.harness.targets.opening import Options, open_targets
from tests.library import LIBRARY, STORIES, serving_the_library
from tests.operating import run
from tests.wrong_target import Fault, wrong_target

DOUBLE = LIBRARY / "double"
PROGRAMS = "../programs/double.toml"
NOW = datetime.now(UTC)

# So many in which the fault shows itself, whatever the day is.
ENOUGH_TEXTS = 200

# More than any search takes, which ends as soon as a rule is broken.
TEN_MINUTES = 600.0


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_the_library(tmp_path_factory.mktemp("served")) as url:
        yield url


@pytest.fixture(scope="module")
def wrong() -> Iterator[str]:
    account = programs_beside(DOUBLE / "any.story")(PROGRAMS)
    with wrong_target(account, Fault.LOWER_CASE_YES) as target:
        yield target.url


def test_our_own_service_gets_a_clean_report_on_every_rule(service: str) -> None:
    ran = run("test", LIBRARY, "--target", service, "--define", "--json")
    assert ran.returncode == 0, ran.stderr
    report = json.loads(ran.stdout)
    assert {rule["rule"]: rule["standing"] for rule in report["rules"]} == {
        rule.id: "kept" for rule in RULES
    }
    assert report["summary"]["passed"] == len(STORIES)


def test_a_wrong_system_is_shown_with_what_it_breaks_and_ends_with_status_1(wrong: str) -> None:
    ran = run("test", DOUBLE, "--target", wrong, "--adapter", "twilio")
    assert ran.returncode == 1
    assert "SPEC 5, double-yes, is broken: Double: YES to the question subscribes." in ran.stdout
    assert "skipped" in ran.stdout
    assert ran.stdout.splitlines()[-1].startswith(f"{len(list(DOUBLE.glob('*')))} stories: ")


def test_a_file_can_describe_the_system(wrong: str, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(f'url = "{wrong}"\nadapter = "twilio"\npatience = 0.5\n')
    ran = run("test", DOUBLE, "--target", file, "--json")
    assert ran.returncode == 1
    broken = {r["rule"] for r in json.loads(ran.stdout)["rules"] if r["standing"] == "broken"}
    assert "double-yes" in broken


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('adapter = "twilio"', "url"),
        ('url = "http://127.0.0.1:1"\nadaptor = "twilio"', "adaptor"),
        ('url = "http://127.0.0.1:1"\ncarrierPort = 70000', "carrierPort"),
        ("url = ", "Invalid value"),
    ],
)
def test_a_file_that_describes_none_names_the_field(
    content: str, told: str, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(content)
    ran = run("test", DOUBLE, "--target", file)
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"optin-engine: error: {file}: ")
    assert told in ran.stderr


def test_what_is_for_the_engine_alone_is_refused_with_a_target(service: str) -> None:
    for option in ("--update", "--coverage"):
        ran = run("test", DOUBLE, "--target", service, option)
        assert ran.returncode == 2
        assert "leave out --target" in ran.stderr


def test_a_system_that_is_not_there_is_one_line_that_says_what_to_do() -> None:
    ran = run("test", DOUBLE, "--target", "http://127.0.0.1:1")
    assert ran.returncode == 2
    assert "is it started" in ran.stderr


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        (Fault.LOWER_CASE_YES, "double-yes"),
        (Fault.FORGETS_PENDING, "pending-kept"),
        (Fault.YES_AFTER_STOP, "no-resurrection"),
        (Fault.REPEATS, "join-again"),
    ],
)
def test_the_fuzzer_finds_each_planted_fault_and_a_story_that_shows_it(
    fault: Fault, rule: str
) -> None:
    account = programs_beside(DOUBLE / "any.story")(PROGRAMS)
    with (
        wrong_target(account, fault) as target,
        open_targets(target.url, "twilio", Options(auth_token="")) as opened,
    ):
        findings = fuzz(
            account, PROGRAMS, opened, EngineJudge, seconds=TEN_MINUTES, seed=3, now=NOW, enough=1
        )
        assert rule in {found.rule.id for found in findings.found}
        for found in findings.found:
            assert not play(found.story, opened(), lambda _: account).passed
            assert play(found.story, EngineTarget(), lambda _: account).passed


def test_the_fuzzer_finds_nothing_at_our_own_service_whose_clock_it_moves(
    service: str, tmp_path: Path
) -> None:
    definitions = LIBRARY / "programs" / "front_desk.toml"
    ran = run(
        *("fuzz", definitions, "--target", service, "--define"),
        *("--for", "5s", "--seed", "1", "--out", tmp_path, "--json"),
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert json.loads(ran.stdout)["conversations"] > 0


def test_the_fuzzer_writes_what_it_finds_at_a_system_as_a_story(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    definitions = LIBRARY / "programs" / "double.toml"
    account, texts = programs_beside(DOUBLE / "any.story")(PROGRAMS), count(1)
    with wrong_target(account, Fault.LOWER_CASE_YES) as target:
        hear = target.hear

        def heard(*told: str) -> list[str]:
            # After so many texts, and not so long, somebody presses Ctrl-C.
            if next(texts) == ENOUGH_TEXTS:
                raise_signal(SIGINT)
            return hear(*told)

        monkeypatch.setattr(target, "hear", heard)
        ran = run(
            *("fuzz", definitions, "--target", target.url, "--adapter", "twilio"),
            *("--for", "10m", "--seed", "3", "--out", tmp_path),
        )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    told = f"optin-engine test {tmp_path / 'double-yes.story'}"
    assert told in ran.stdout
    assert run("test", tmp_path / "double-yes.story").returncode == 0


def test_where_not_one_story_could_be_played_the_status_is_2(wrong: str, tmp_path: Path) -> None:
    story = tmp_path / "later.story"
    story.write_text("programs: built-in\nwait 1d\n> JOIN\n<~ .*\n")
    ran = run("test", story, "--target", wrong, "--adapter", "twilio")
    assert ran.returncode == 2
    assert "1 story: 0 passed, 1 skipped" in ran.stdout


def test_a_report_names_only_the_rules_that_a_story_is_for_unless_all_are_asked_for(
    wrong: str,
) -> None:
    called = ("test", DOUBLE / "asked_again.story", "--target", wrong, "--adapter", "twilio")
    assert "(no story shows it)" not in run(*called).stdout
    assert run(*called, "--verbose").stdout.count("(no story shows it)") > 50
