"""What the README shows is what happens."""

import doctest
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from optin_engine.machines import FLOWS
from optin_engine.render import mermaid
from tests.operating import serving

README = Path(__file__).parents[1] / "README.md"
TEXT = README.read_text(encoding="utf-8")


def test_its_examples_run_as_printed() -> None:
    results = doctest.testfile(str(README), module_relative=False)
    assert results.failed == 0
    assert results.attempted == TEXT.count("\n>>> ")


def test_its_conversation_is_what_the_command_prints() -> None:
    command = re.search(r"printf '(.*)' \| \.venv/bin/optin-engine (\w+)", TEXT)
    shown = re.search(r"```text\n(.*?)```", TEXT, re.DOTALL)
    assert command is not None
    assert shown is not None
    texts = command[1].replace("\\n", "\n")
    ran = subprocess.run(
        [sys.executable, "-m", "optin_engine", command[2]],
        input=texts,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown[1] in ran.stdout


def test_its_story_fails_as_printed_and_passes_once_it_is_updated(tmp_path: Path) -> None:
    story = re.search(r"```story\n(.*?)```", TEXT, re.DOTALL)
    command = re.search(r"`\.venv/bin/optin-engine (test next_day\.story)`", TEXT)
    shown = re.search(r"```text\n(next_day\.story:.*?)```", TEXT, re.DOTALL)
    assert story is not None
    assert command is not None
    assert shown is not None
    (tmp_path / "next_day.story").write_text(story[1])

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command_line = [sys.executable, "-m", "optin_engine", *command[1].split(), *options]
        return subprocess.run(
            command_line, cwd=tmp_path, capture_output=True, text=True, check=False
        )

    failed = run()
    assert failed.returncode == 1
    assert failed.stdout.startswith(shown[1])
    assert run("--update").returncode == 0
    assert run().returncode == 0


def test_its_diagram_is_drawn_from_the_rows() -> None:
    shown = re.search(r"<!-- double.mmd -->\n```mermaid\n(.*?)```", TEXT, re.DOTALL)
    assert shown is not None
    assert shown[1] == mermaid(FLOWS["Double"])


def test_the_first_example_is_on_the_first_screen() -> None:
    assert "optin-engine chat" in "\n".join(TEXT.splitlines()[:20])


def test_its_calls_lead_from_the_published_definitions_to_a_subscription(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None or shutil.which("curl") is None:
        pytest.skip("bash and curl are not installed")
    block = re.search(r"```sh\n(url=.*?)```", TEXT, re.DOTALL)
    assert block is not None
    with serving(tmp_path, "--dev") as served:
        calls = re.sub(r"^url=.*", f"url={served.url}", block[1])
        ran = subprocess.run([bash, "-c", calls], capture_output=True, text=True, check=True)
    *defined, joined, confirmed, subscriptions = map(json.loads, ran.stdout.splitlines())
    assert [list(answer) for answer in defined] == [["messageID"]] * 4
    assert [joined["state"], confirmed["state"]] == ["In Progress", "Subscribed"]
    (contact,) = subscriptions["contacts"]
    assert (contact["keyword"], contact["status"]) == ("JOIN", "Subscribed")
