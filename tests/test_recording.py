"""Chats and files of texts, as stories: what is recorded is read again, and passes."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optin_engine.harness import starter, starter_text
from optin_engine.harness.chat import Chat
from optin_engine.harness.phone import Phone
from optin_engine.harness.replay import Replay
from optin_engine.harness.stories.playing import programs_beside
from optin_engine.harness.stories.recording import Stories
from optin_engine.harness.stories.story import Text
from tests.operating import run
from tests.recording import BEGAN, CODES, NUMBER, OTHER, TEXTS, assert_passes, definitions

__all__ = ["definitions"]


LINES = st.lists(
    st.sampled_from(
        (
            *TEXTS,
            *(":web JOIN", ":api STOP", ":app NEWS", ":wait 2d", ":wait 90m", ":wait 1w", ":wait"),
            *(":wait 999999d", ":as +15555550199", ":as +15555550123", ":code 222222", ":state"),
            *(":code 123456", ":help", ":nothing"),
        )
    )
    | st.text(st.characters(codec=None), max_size=12),
    max_size=20,
)


@given(lines=LINES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_the_recorded_chat_passes(
    tmp_path_factory: pytest.TempPathFactory, definitions: Path, lines: list[str]
) -> None:
    path = tmp_path_factory.mktemp("chat") / "a.story"
    account = programs_beside(definitions)(definitions.name)
    chat = Chat(Phone(account), lambda _: None, definitions)
    chat.record(path)
    for line in lines:
        chat.hear(line)
    chat.close()
    assert_passes(path)


def test_a_chat_tells_what_concerns_another_than_the_usual_number() -> None:
    shown: list[str] = []
    chat = Chat(Phone(starter()), shown.append)
    for line in ("NEWS", ":as +15555550199", "JOIN", ":wait 30h"):
        chat.hear(line)
    states = [line for line in shown if line.startswith("=")]
    assert states == ["= Subscribed", "= +15555550199 In Progress"]
    assert shown[-1].startswith("< +15555550199 Acme Offers: Reply YES")


@pytest.mark.parametrize("named", [False, True])
def test_a_file_that_is_called_built_in_is_never_taken_for_the_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    definitions, story = Path("built-in"), Path("stories/a.story" if not named else "a.story")
    definitions.write_text("[]", encoding="utf-8")
    story.parent.mkdir(exist_ok=True)
    chat = Chat(Phone(starter()), lambda _: None, definitions if named else None)
    chat.record(story)
    chat.close()
    programs = story.read_text(encoding="utf-8").splitlines()[1]
    assert programs == ("programs: ./built-in" if named else "programs: built-in")


def test_a_chat_tells_no_state_that_stands_on_another_code(definitions: Path) -> None:
    shown: list[str] = []
    chat = Chat(Phone(programs_beside(definitions)(definitions.name)), shown.append)
    for line in ("JOIN", ":code 222222", ":wait 4d"):
        chat.hear(line)
    assert shown[-2:] == ["= In Progress", "< Reply YES"]


def test_the_command_records_a_chat_and_writes_over_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.story"
    assert run("chat", "--record", path).returncode == 0
    assert path.read_text().splitlines()[:2] == [
        "# Recorded by optin-engine chat",
        "programs: built-in",
    ]
    done = run("chat", "--record", path)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        2,
        f"optin-engine: error: {path}: File exists",
    )


@st.composite
def logs(draw: st.DrawFn) -> list[dict[str, str]]:
    """Make a file of MOs: of two numbers and codes, partly out of order, some of them twice."""
    moment, log = BEGAN, []
    for _ in range(draw(st.integers(1, 15))):
        moment += timedelta(seconds=draw(st.sampled_from([0, 1, 60, -30, 90_000, 260_000, -9000])))
        mo = {
            "from": draw(st.sampled_from([NUMBER, OTHER])).lstrip("+"),
            "to": draw(st.sampled_from(CODES)),
            "text": draw(st.sampled_from(TEXTS)),
            "receivedAt": moment.isoformat(),
            "origin": draw(st.sampled_from(["handset", "handset", "web", "api"])),
            "id": draw(st.sampled_from(["", "", "1", "2"])),
        }
        log += [mo] * draw(st.sampled_from([1, 1, 2]))
    return log


@given(log=logs())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_each_contact_of_a_file_becomes_a_story_that_says_what_the_replay_said(
    tmp_path_factory: pytest.TempPathFactory, definitions: Path, log: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("replay") / "stories"
    account = programs_beside(definitions)(definitions.name)
    stories, outcomes = Stories(account, definitions, folder), bytearray()
    replay = Replay(account, outcomes.extend, keep=stories.keep)
    replay.play([json.dumps(mo).encode() for mo in log])
    assert stories.write() == len({(mo["from"], mo["to"]) for mo in log})

    answers = [json.loads(line) for line in outcomes.splitlines()]
    contacts = list(dict.fromkeys((answer["from"], answer["to"]) for answer in answers))
    for contact, path in zip(contacts, sorted(folder.iterdir()), strict=True):
        done = assert_passes(path)
        texts = [one for one in done.performed if isinstance(one.turn.act, Text)]
        told = [([said.text for said in one.said], one.came.refused) for one in texts]
        assert told == [
            ([said["text"] for said in answer["says"]], answer["refused"])
            for answer in answers
            if (answer["from"], answer["to"]) == contact and not answer["duplicate"]
        ]
        assert not any(number.strip("+") in path.read_text() for number in (NUMBER, OTHER))


def mos(*texts: tuple[int, str, str]) -> list[bytes]:
    """Give lines of a file: after how many seconds, what, and with which id."""
    return [
        json.dumps(
            {
                "from": NUMBER,
                "to": CODES[0],
                "text": text,
                "receivedAt": (BEGAN + timedelta(seconds=after)).isoformat(),
                "id": mo_id,
            }
        ).encode()
        for after, text, mo_id in texts
    ]


def test_gaps_retries_and_late_texts_are_told_as_such(tmp_path: Path, definitions: Path) -> None:
    stories = Stories(programs_beside(definitions)(definitions.name), definitions, tmp_path)
    log = mos((0, "JOIN", "a"), (0, "JOIN", "a"), (3600, "stop", "b"), (1800, "yes", "c"),
              (3600, "JOIN", "a"), (200_000, "HELP", ""))  # fmt: skip
    Replay(starter(), keep=stories.keep).play(log)
    assert stories.write() == 1
    path = tmp_path / "contact-001.story"
    assert_passes(path)
    lines = path.read_text().splitlines()
    assert [line for line in lines if not line.startswith(("<", "="))] == [
        "# Contact 1, recorded from a file of texts",
        "programs: two.json",
        "at 2026-03-01 17:00 UTC",
        "> JOIN",
        "again",
        "wait 59m 59s",
        "> stop",
        "> -30m1s yes",
        "# a text with the id of an earlier one came, and counted not",
        "at 2026-03-04 00:33:20 UTC",
        "> HELP",
    ]
    assert "= refused: stale" in lines


def test_the_command_records_a_replay_and_never_over_another(tmp_path: Path) -> None:
    path, log, folder = tmp_path / "optin.toml", tmp_path / "mos.jsonl", tmp_path / "deep" / "er"
    path.write_text(starter_text(), encoding="utf-8")
    log.write_bytes(b"\n".join(mos((0, "JOIN", ""), (60, "YES", ""))))
    done = run("replay", path, log, "--record", folder)
    assert (done.returncode, done.stderr) == (0, f"Wrote 1 stories to {folder}.\n")
    assert_passes(folder / "contact-001.story")
    again = run("replay", path, log, "--record", folder)
    assert again.returncode == 2
    assert "it holds recorded stories already" in again.stderr
