"""A live contact in memory: run as a command, so that nothing else is in the process.

`python -m tests.benchmarks.memory subscribed 1000000` prints, as JSON, the bytes that each
contact takes with and without its share of the dict that holds them all.
"""

import gc
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

from optin_engine.engine import Engine
from optin_engine.vocabulary import Contact, Inbound
from tests.benchmarks import mix
from tests.benchmarks.figures import Figure

BYTES = 600
KINDS = ("pending", "subscribed")


def fill(contacts: dict[str, Contact], kind: str, many: int) -> None:
    """Let the engine make contacts of a Double programme, pending or subscribed."""
    engine = Engine(mix.account())
    texts = ("JOIN", "YES") if kind == "subscribed" else ("JOIN",)
    for place in range(many):
        number = mix.number_of(place)
        contact = Contact(number, mix.CODE)
        for text in texts:
            at = mix.BEGIN + place * mix.A_CONTACT
            contact = engine.receive(contact, Inbound(text, at, f"{text}-{place}")).contact
        contacts[number] = contact


def resident() -> int:
    """Give the bytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def weigh(kind: str, many: int, *, traced: bool) -> dict[str, float]:
    """Give the bytes a contact, with and without its share of the dict."""
    fill({}, kind, 1_000)
    contacts: dict[str, Contact] = {}
    gc.collect()
    if traced:
        tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0] if traced else resident()
    fill(contacts, kind, many)
    gc.collect()
    whole = (tracemalloc.get_traced_memory()[0] if traced else resident()) - before
    of_the_dict = sys.getsizeof(contacts)
    return {"whole": whole / many, "alone": (whole - of_the_dict) / many}


def measure(many: int) -> Sequence[Figure]:
    """Give the figures, each from a process of its own.

    Args:
        many: how many contacts; a tenth of them for the cross-check by tracemalloc.

    """
    figures = []
    for kind in KINDS:
        what = f"memory of a {kind} contact"
        found, traced = _weighed(kind, many), _weighed(kind, many // 10, "traced")
        with_dict = f"{what}, with its share of the dict"
        figures += [
            Figure(with_dict, "bytes", found["whole"], most=BYTES),
            Figure(f"{what}, without", "bytes", found["alone"]),
            Figure(f"{what}, without, by tracemalloc", "bytes", traced["alone"]),
        ]
    return figures


def _weighed(*arguments: object) -> dict[str, float]:
    command = [sys.executable, "-m", __name__, *map(str, arguments)]
    answer = subprocess.run(command, check=True, capture_output=True)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


if __name__ == "__main__":
    kind, many, *traced = sys.argv[1:]
    print(json.dumps(weigh(kind, int(many), traced=bool(traced))))
