"""`optin-engine replay` against msgspec alone: the same lines decoded, the same outcomes encoded.

The whole command is measured, its start included, by the processor time of the process; what
msgspec alone would take, by the processor time of nothing but its calls.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

import msgspec

from tests.benchmarks import mix
from tests.benchmarks.figures import Figure, ratio

TIMES = 5.0
AT_ONCE = 10_000
MOS_A_CONTACT = 4
ORIGIN = "handset"


class Line(msgspec.Struct, gc=False, rename={"sender": "from", "received_at": "receivedAt"}):
    """A line of the file, as the command's documentation describes it."""

    id: str
    sender: str
    to: str
    text: str
    received_at: datetime
    origin: str = ORIGIN


class Said(msgspec.Struct, gc=False):
    """An MT of a line of the outcomes."""

    kind: str
    text: str
    encoding: str
    segments: int


class Answer(msgspec.Struct, gc=False, rename={"sender": "from", "from_state": "fromState"}):
    """A line of the outcomes."""

    id: str | None
    sender: str
    to: str
    keyword: str | None
    reading: str
    rule: str
    verdict: str | None
    from_state: str
    state: str
    says: list[Said]
    refused: str | None
    duplicate: bool


def measure(rounds: int, lines: int) -> Sequence[Figure]:
    """Give the figures, each a million lines in microseconds a line.

    Args:
        rounds: how many to take the median of.
        lines: how many to replay.

    """
    with TemporaryDirectory() as folder:
        mos, outcomes = Path(folder, "mos.jsonl"), Path(folder, "outcomes.jsonl")
        definitions = Path(folder, "account.json")
        definitions.write_text(json.dumps(mix.definitions()), encoding="utf-8")
        write_mos(mos, lines)
        whole, alone = list[float](), list[float]()
        for _ in range(rounds):
            whole.append(_replayed(definitions, mos, outcomes) / lines * 1e6)
            alone.append((_decoded(mos) + _encoded(outcomes)) / lines * 1e6)
    named = f"replay of {lines:,} lines"
    against = "msgspec alone"
    return (
        Figure(f"{named}: optin-engine", "us", median(whole), ratio(whole, alone), against, TIMES),
        Figure(f"{named}: {against}", "us", median(alone)),
    )


def write_mos(path: Path, lines: int) -> None:
    """Write the file: every contact joins, then the mix."""
    contacts = max(lines // MOS_A_CONTACT, 1)
    encode = msgspec.json.Encoder().encode
    with path.open("wb") as file:
        for mo in (*mix.joins(contacts), *mix.mix(lines - contacts, contacts)):
            text, at, name = mo.inbound.text, mo.inbound.received_at, mo.inbound.id
            file.write(encode(Line(name, mo.number, mix.CODE, text, at)) + b"\n")


def _replayed(definitions: Path, mos: Path, outcomes: Path) -> float:
    """Run the command; give the seconds of processor time that it took."""
    command = [sys.executable, "-m", "optin_engine", "replay", str(definitions), str(mos)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*command, "--outcomes", str(outcomes)], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _decoded(path: Path) -> float:
    decode, spent = msgspec.json.Decoder(Line).decode, 0.0
    with path.open("rb") as file:
        while lines := list(islice(file, AT_ONCE)):
            begun = process_time()
            for line in lines:
                decode(line)
            spent += process_time() - begun
    return spent


def _encoded(path: Path) -> float:
    decode, encode = msgspec.json.Decoder(Answer).decode, msgspec.json.Encoder().encode
    spent = 0.0
    with path.open("rb") as file:
        while lines := list(islice(file, AT_ONCE)):
            answers = [decode(line) for line in lines]
            begun = process_time()
            for answer in answers:
                encode(answer)
            spent += process_time() - begun
    return spent
