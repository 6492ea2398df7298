"""The command `replay`: its streams, its files, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mo_lines import line, many
from tests.operating import COMMAND
from tests.piping import definitions

__all__ = ["definitions"]


def run(*arguments: object, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [*COMMAND, "replay", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def test_outcomes_are_in_the_order_of_the_file_and_decode_line_by_line(definitions: Path) -> None:
    mos, outcomes = definitions.with_name("mos.jsonl"), definitions.with_name("outcomes.jsonl")
    mos.write_bytes(b"".join(many(12_000)))
    done = run(definitions, mos, "--outcomes", outcomes)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"MOs        12,000\n")
    ids = [json.loads(outcome)["id"] for outcome in outcomes.read_bytes().splitlines()]
    assert ids == [f"MO-{number:012d}" for number in range(12_000)]


def test_standard_input_gives_outcomes_on_standard_output(definitions: Path) -> None:
    done = run(definitions, "-", "--outcomes", "-", given=line() + line("YES", 1))
    assert [json.loads(o)["state"] for o in done.stdout.splitlines()] == [
        "In Progress",
        "Subscribed",
    ]
    assert done.stderr.startswith(b"MOs        2\n")


def test_a_bad_line_is_reported_with_its_number_and_without_what_it_held(definitions: Path) -> None:
    secret = b'{"from": "+15555550123", "text": "SECRET"}\n'
    done = run(definitions, "-", "--json", given=line() + secret + line("YES", 1))
    assert done.returncode == 0
    assert done.stderr == b"optin-engine: line 2: to is missing\n"
    assert json.loads(done.stdout)["badLines"] == 1


def test_strict_stops_at_the_first_bad_line_and_keeps_what_came_before(definitions: Path) -> None:
    outcomes = definitions.with_name("outcomes.jsonl")
    given = line() + b"bad\n" + line("YES", 1) + b"bad\n"
    done = run(definitions, "-", "--strict", "--outcomes", outcomes, given=given)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"optin-engine: error: -: line 2: it is no JSON\n"
    assert len(outcomes.read_bytes().splitlines()) == 1


def test_no_lines_at_all_are_no_error(definitions: Path) -> None:
    done = run(definitions, "-", "--json")
    assert (done.returncode, json.loads(done.stdout)["mos"]) == (0, 0)


def test_files_that_cannot_be_used_are_one_line_and_status_2(definitions: Path) -> None:
    folder, mos = definitions.parent, definitions.with_name("mos.csv")
    mos.write_text("a,b\n")
    for arguments, reason in [
        ((definitions, folder / "none"), "No such file or directory"),
        ((definitions, folder), "Is a directory"),
        ((definitions, mos), "it lacks from, to, text, receivedAt"),
        ((definitions, mos, "--outcomes", mos), f"the outcomes would be written over {mos}"),
        (
            (definitions, mos, "--outcomes", definitions),
            f"the outcomes would be written over {definitions}",
        ),
        ((definitions, mos, "--outcomes", folder / "none" / "o"), "No such file or directory"),
    ]:
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.startswith(b"optin-engine: error: ")
        assert done.stderr.decode().endswith(f"{reason}\n")
        assert done.stderr.count(b"\n") == 1
    assert mos.read_text() == "a,b\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line_and_status_2(definitions: Path) -> None:
    done = run(definitions, "-", "--outcomes", "/dev/full", given=line())
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"error: /dev/full: No space left on device" in done.stderr


def test_a_reader_that_goes_away_ends_it_quietly(definitions: Path) -> None:
    mos = definitions.with_name("mos.jsonl")
    mos.write_bytes(b"".join(many(30_000)))
    command = f"{sys.executable} -m optin_engine replay {definitions} {mos} --outcomes - | head -1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False)
    assert json.loads(done.stdout)["reading"] == "HELP"
    assert b"Traceback" not in done.stderr
    assert b"rror" not in done.stderr
