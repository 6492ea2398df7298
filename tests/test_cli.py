"""The command line as a person, a pipe and a script meet it: the real command, in a process."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pexpect
import pytest

from optin_engine import __version__
from optin_engine.harness import service_text, starter_text

COMMAND = [sys.executable, "-m", "optin_engine"]
COMMANDS = (
    *("chat", "replay", "check", "diagram", "init"),
    *("test", "fuzz", "lint", "templates"),
    *("serve", "status", "history", "erase", "migrate", "messages", "ledger", "outbox"),
    *("lists", "sends"),
)
INNER = (
    *("ledger verify", "ledger export", "outbox list", "outbox requeue"),
    *("lists import", "lists show", "sends list", "sends show"),
    *("sends pause", "sends resume", "sends cancel"),
)
INITIAL = "< Acme Offers: Reply YES to get about 4 msgs/month."


def run(*arguments: object, given: str | bytes = b"") -> subprocess.CompletedProcess[str]:
    raw = given.encode() if isinstance(given, str) else given
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], input=raw, capture_output=True, check=False
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def chat(*lines: str, options: tuple[object, ...] = ()) -> list[str]:
    """Give what a piped chat shows, without its first line, which tells the time."""
    done = run("chat", *options, given="\n".join(lines))
    assert (done.returncode, done.stderr) == (0, "")
    first, *rest = done.stdout.splitlines()
    assert first.startswith("at 20")
    return rest


def assert_fails(done: subprocess.CompletedProcess[str], status: int, *reasons: str) -> None:
    lines = done.stderr.splitlines()
    assert (done.returncode, len(lines)) == (status, len(reasons)), done
    for line, reason in zip(lines, reasons, strict=True):
        assert line.startswith("optin-engine: error: ")
        assert reason in line


@pytest.fixture
def definitions(tmp_path: Path) -> Path:
    path = tmp_path / "optin.toml"
    path.write_text(starter_text(), encoding="utf-8")
    return path


# -- the command itself


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_names_every_command(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    for command in COMMANDS:
        assert f"\n  {command} " in done.stdout
    assert "..." not in done.stdout.split("Commands:")[1]


@pytest.mark.parametrize("command", [*COMMANDS[:-4], *INNER])
def test_the_help_of_a_command_shows_an_example_on_a_line_of_its_own(command: str) -> None:
    assert f"\n    optin-engine {command} " in run(*command.split(), "--help").stdout + " "


def test_the_version_is_the_package_s() -> None:
    assert run("--version").stdout == f"optin-engine {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("dance",), "No such command 'dance'"),
        (("chat", "--loud"), "No such option: --loud"),
        (("replay", "optin.toml"), "Missing argument 'MOS'"),
        (("diagram", "triple"), "'triple' is not one of 'single', 'double', 'age'"),
        (("diagram", "age", "--format", "png"), "'png' is not one of"),
    ],
)
def test_a_wrong_call_is_one_line_and_status_2(arguments: tuple[str, ...], reason: str) -> None:
    assert_fails(run(*arguments), 2, reason)


@pytest.mark.parametrize("command", [("chat",), ("check",), ("replay",)])
@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.toml", b"", "the file is empty"),
        ("a.toml", b" \n\n", "the file is empty"),
        ("a.toml", b"codes = [\n1,,\n]", "line 2, column 3"),
        ("a.json", b'{"codes": [}', "line 1 column 12"),
        ("a.json", b"codes = []", "The file is not JSON"),
        ("a.yaml", b"codes:\n- shortCode: 1\n", "The file is not TOML"),
        ("a.toml", "codes = 'é'".encode("latin-1"), "is not UTF-8"),
        ("a.toml", b"\xff\xfec\x00", "is not UTF-8"),
    ],
)
def test_definitions_that_cannot_be_read_are_one_line_and_status_2(
    tmp_path: Path, command: tuple[str], name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    more = ("-",) if command == ("replay",) else ()
    assert_fails(run(*command, tmp_path / name, *more), 2, reason)


def test_definitions_that_are_no_file_are_one_line_and_status_2(tmp_path: Path) -> None:
    assert_fails(run("chat", tmp_path / "none.toml"), 2, "none.toml: No such file or directory")
    assert_fails(run("chat", tmp_path), 2, "Is a directory")


def test_every_fault_of_definitions_is_a_line_and_status_1(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text('{"codes": [{"shortCode": "1"}], "programs": [{}]}')
    done = run("chat", path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == done.stderr.count("optin-engine: error: ") > 3
    assert "The MessageName field must be specified." in done.stderr


def test_an_account_without_a_code_cannot_be_texted(tmp_path: Path) -> None:
    path = tmp_path / "bare.toml"
    path.write_text("codes = []")
    assert_fails(run("chat", path), 2, "it has no code to text to")


# -- chat, from a pipe


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


@pytest.mark.parametrize("command", ["check", "check --json", "chat", "test {story}"])
@pytest.mark.parametrize(
    ("streams", "status", "error"),
    [
        (">/dev/full", 2, b"optin-engine: error: input or output: No space left on device\n"),
        (">&-", 0, b""),
        ("<&- >&- 2>&-", 0, b""),
    ],
)
def test_what_cannot_be_shown_ends_the_command_in_one_line(
    tmp_path: Path, command: str, streams: str, status: int, error: bytes
) -> None:
    story = tmp_path / "a.story"
    story.write_text("programs: built-in\n", encoding="utf-8")
    shell = f"{' '.join(COMMAND)} {command.format(story=story)} {streams}"
    done = subprocess.run(
        ["/bin/sh", "-c", shell], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (status, error)


# -- chat, on a terminal


@pytest.fixture
def terminal() -> "pexpect.spawn[str]":
    child = pexpect.spawn(COMMAND[0], [*COMMAND[1:], "chat"], encoding="utf-8", timeout=30)
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


# -- diagram and init


@pytest.mark.parametrize("machine", ["single", "Double", "AGE"])
def test_a_diagram_is_written_in_each_format(machine: str) -> None:
    assert run("diagram", machine).stdout.splitlines()[-1].strip()
    assert "stateDiagram" in run("diagram", machine).stdout
    assert run("diagram", machine, "--format", "markdown").stdout.startswith("| in | hears |")
    assert run("diagram", machine, "--format", "SVG").stdout.startswith("<svg")


def test_init_writes_the_example_and_never_over_a_file(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    assert run("init", path).returncode == 0
    assert len(tomllib.loads(path.read_text(encoding="utf-8"))["programs"]) == 3
    path.write_text("mine")
    assert_fails(run("init", path), 2, "acme.toml exists; --force writes over it")
    assert path.read_text() == "mine"
    assert run("init", path, "--force").returncode == 0
    assert path.read_text(encoding="utf-8") == starter_text()
    assert_fails(run("init", tmp_path / "none" / "x.toml"), 2, "No such file or directory")


def test_init_service_writes_the_configuration_of_serve(tmp_path: Path) -> None:
    path = tmp_path / "serve.toml"
    assert run("init", "--service", path).returncode == 0
    assert path.read_text(encoding="utf-8") == service_text()
    assert_fails(run("init", "--service", path), 2, "serve.toml exists; --force writes over it")


def test_init_without_a_name_writes_optin_toml(tmp_path: Path) -> None:
    subprocess.run([*COMMAND, "init"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "optin.toml").read_text(encoding="utf-8") == starter_text()
