"""The command line as a person and a script meet it: the real command, in a process."""

import subprocess
import tomllib
from pathlib import Path

import pytest

from optin_engine import __version__
from optin_engine.harness import service_text, starter_text
from tests.operating import COMMAND
from tests.piping import assert_fails, run

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
