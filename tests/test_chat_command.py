"""The commands that one talks to: `chat` from a pipe, `chat` and `replay` on a terminal."""

import json
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.operating import COMMAND
from tests.piping import definitions, run

__all__ = ["definitions"]

INITIAL = "< Acme Offers: Reply YES to get about 4 msgs/month."


def chat(*lines: str, options: tuple[object, ...] = ()) -> list[str]:
    """Give what a piped chat shows, without its first line, which tells the time."""
    done = run("chat", *options, given="\n".join(lines))
    assert (done.returncode, done.stderr) == (0, "")
    first, *rest = done.stdout.splitlines()
    assert first.startswith("at 20")
    return rest


def test_a_conversation_from_a_pipe_is_shown_as_a_story() -> None:
    shown = chat("JOIN", "YES")
    assert [line[:25] for line in shown] == [
        "> JOIN",
        "< Acme Offers: Reply YES ",
        "= In Progress",
        "> YES",
        "< Acme Offers: You are su",
        "= Subscribed",
    ]


def test_why_shows_the_rule_of_reading_and_the_row() -> None:
    shown = chat("please stop", options=("--why",))
    assert '? STOP, STOP word first: "stop"' in shown
    assert "? Contact: None --STOP / stop--> Unsubscribed" in shown


def test_waiting_shows_the_reminder_and_the_expiry() -> None:
    shown = chat("JOIN", ":wait 2d", ":wait 2d")
    assert shown[3] == "wait 2d"
    assert shown[4].startswith(INITIAL)
    assert shown[5:] == ["wait 2d", "= None"]


def test_a_refusal_and_its_origin_are_shown() -> None:
    shown = chat(":web NEWS", ":api NEWS", ":app YES")
    assert shown[:3] == ["> @web NEWS", "= refused: double opt-in required", "= None"]
    assert shown[6:] == ["> @app YES", "= refused: handset only", "= None"]


def test_somebody_else_has_a_state_of_their_own() -> None:
    shown = chat("NEWS", ":as +1 555 555 0199", "JOIN", ":wait 3d", ":as 15555550123", ":state")
    assert "# you are +15555550199" in shown
    assert "> +15555550199 JOIN" in shown
    assert shown[-2].startswith("# +15555550123 texts 123456; it is 20")
    assert shown[-1] == "= NEWS: Subscribed"


def test_the_deadline_of_somebody_else_names_the_number() -> None:
    shown = chat(":as +15555550199", "JOIN", ":as +15555550123", ":wait 4d")
    assert shown[-2].startswith("< +15555550199 Acme Offers")
    assert shown[-1] == "= +15555550199 None"


def test_a_state_names_its_keyword_where_there_are_several() -> None:
    assert chat("NEWS", "JOIN", ":state")[-4:][::3] == [
        "= JOIN: In Progress",
        "= JOIN: In Progress",
    ]


def test_another_code_is_another_conversation(tmp_path: Path) -> None:
    path = tmp_path / "two.json"
    codes = [{"shortCode": code, "countryCode": "US"} for code in ("111111", "222222")]
    path.write_text(json.dumps({"codes": codes}))
    shown = chat("STOP", ":code 222222", ":state", ":code 3", options=(path,))
    assert shown[3] == "to 222222"
    assert shown[-2:] == ["= None", "# the codes are 111111, 222222"]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (":wait", "# a length of time is a number and a unit"),
        (":wait soon", "# a length of time is a number and a unit"),
        (":as me", "# a number is 8 to 15 digits"),
        (":web", "# :web needs a text"),
        (":record", "# :record needs the name of a file"),
        (":record /none/at/all", "# /none/at/all: No such file or directory"),
        (":dance", "# there is no :dance; :help lists the commands"),
        (":help", "# Type a text as a customer would"),
    ],
)
def test_a_command_that_cannot_be_done_is_told_and_the_conversation_goes_on(
    line: str, answer: str
) -> None:
    shown = chat(line, "NEWS")
    assert shown[0].startswith(answer)
    assert shown[-1] == "= Subscribed"


def test_a_smiley_is_a_text_and_a_blank_line_is_none() -> None:
    assert chat(":) hi", "", "  ", ":-(")[::2] == ["> :) hi", "> :-("]


def test_quit_ends_the_conversation() -> None:
    assert chat("HELP", ":quit", "JOIN")[-1] == "= None"


def test_bytes_that_are_no_text_are_heard_too() -> None:
    done = run("chat", given=b"\xff\xfe STOP\x00\n")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_recording_holds_the_conversation_from_its_beginning(
    tmp_path: Path, definitions: Path
) -> None:
    story = tmp_path / "double.story"
    shown = chat("JOIN", f":record {story}", ":wait 1h", "yes", ":quit", options=(definitions,))
    remark, programs, at, *rest = story.read_text(encoding="utf-8").splitlines()
    assert (remark, programs) == ("# Recorded by optin-engine chat", "programs: optin.toml")
    assert at.startswith("at 20")
    assert at.endswith(" UTC")
    assert rest == [line for line in shown if not line.startswith("#")]
    assert chat(f":record {story}")[0] == f"# {story}: File exists"


def test_a_reader_that_goes_away_ends_the_chat_quietly() -> None:
    command = f"yes JOIN | head -5000 | {sys.executable} -m optin_engine chat | head -1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False)
    assert done.stdout.startswith(b"at 20")
    assert done.stderr == b""


@pytest.fixture
def terminal() -> "pexpect.spawn[str]":
    child = pexpect.spawn(COMMAND[0], [*COMMAND[1:], "chat"], encoding="utf-8", timeout=60)
    child.expect_exact("# Text 123456: try NEWS, JOIN, WINE, then STOP.")
    child.expect_exact("> ")
    return child


def test_on_a_terminal_there_is_a_hint_and_a_prompt(terminal: "pexpect.spawn[str]") -> None:
    terminal.sendline("JOIN")
    terminal.expect_exact(INITIAL)
    terminal.expect_exact("= In Progress")
    terminal.expect_exact("> ")
    terminal.sendline(":quit")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


@pytest.mark.parametrize(("key", "status"), [("c", 130), ("d", 0)])
def test_control_c_and_control_d_end_quietly(
    terminal: "pexpect.spawn[str]", key: str, status: int
) -> None:
    terminal.sendcontrol(key)
    terminal.expect(pexpect.EOF)
    assert "Traceback" not in (terminal.before or "")
    terminal.close()
    assert terminal.exitstatus == status


def test_replay_shows_a_progress_bar_on_a_terminal(definitions: Path) -> None:
    mos = definitions.with_name("mos.jsonl")
    mo = {"from": "15555550123", "to": "123456", "text": "HELP", "receivedAt": "2026-01-01"}
    mos.write_text(f"{json.dumps(mo)}\n" * 20_000 + "bad\n")
    arguments = [*COMMAND[1:], "replay", str(definitions), str(mos)]
    child = pexpect.spawn(COMMAND[0], arguments, encoding="utf-8", timeout=60)
    child.expect("10,000 MOs")
    child.expect_exact("optin-engine: line 20001: it is no JSON")
    child.expect("MOs +20,000")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
