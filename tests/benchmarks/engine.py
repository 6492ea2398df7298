"""Speed and memory of the engine beside its peers, as one Markdown table.

`python -m tests.benchmarks.engine [--json FILE] [--rounds N] [--lines N] [--contacts N]`;
`--quick` tries that everything runs. The peers come with `pip install .[benchmarks]`.

Every peer must first give the same outcomes as the engine, MO by MO. Then each round takes
a slice of the MOs through every contestant in turn, so that whatever else the machine does
falls on all of them alike; the clock counts this process's own time, and the garbage
collector rests, as in `timeit`. Ratios are medians over the rounds of the rounds' ratios.
"""

import argparse
import gc
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from time import process_time_ns

import attrs

from optin_engine.account import Account
from optin_engine.engine import Engine
from optin_engine.vocabulary import Contact
from tests.benchmarks import memory, mix, replay, step
from tests.benchmarks.figures import Figure, keep, ratio, table
from tests.benchmarks.mix import MO, Contestant
from tests.benchmarks.peers.automat_ import Automat
from tests.benchmarks.peers.fired import Fired
from tests.benchmarks.peers.handwritten import Handwritten
from tests.benchmarks.peers.sismic_ import Sismic
from tests.benchmarks.peers.statemachine import Statemachine
from tests.benchmarks.verification import joined, verify

OURS, BY_HAND = "optin_engine", "by hand, if and elif"
PEERS: Mapping[str, Callable[[Account], Contestant]] = {
    BY_HAND: Handwritten,
    "automat": Automat,
    "transitions, one machine fired": Fired,
    "python-statemachine": Statemachine,
    "sismic": Sismic,
}
AT_LEAST = {"transitions, one machine fired": 1.8, "python-statemachine": 8.0}
AT_MOST = 1.5
SLICE = 250


@attrs.frozen
class Effort:
    """How much is measured.

    Attributes:
        rounds: of everything but memory.
        mos, contacts: of the mix, in each round.
        steps: how often each bare step is taken in a round.
        live: how many contacts are held in memory.
        lines: how many are replayed.

    """

    rounds: int = 5
    mos: int = 5_000
    contacts: int = 2_500
    steps: int = 5_000
    live: int = 1_000_000
    lines: int = 1_000_000


QUICK = Effort(rounds=2, mos=500, contacts=250, steps=100, live=2_000, lines=2_000)


def measure_receive(effort: Effort) -> Sequence[Figure]:
    """Give the figures of a whole `receive`, the engine's first.

    Raises:
        DisagreementError: a peer does not do the same.

    """
    account, mos = mix.account(), mix.mix(effort.mos, effort.contacts)
    for make in PEERS.values():
        verify(make(account), mos, effort.contacts)
    makers = {OURS: Engine, **PEERS}
    spent: dict[str, list[float]] = {name: [] for name in makers}
    for _ in range(effort.rounds):
        contestants = {name: make(account) for name, make in makers.items()}
        for name, microseconds in _round(contestants, mos, effort.contacts).items():
            spent[name].append(microseconds)
    ours, by_hand = spent[OURS], spent[BY_HAND]
    figures = [
        Figure(
            f"receive: {OURS}", "us", median(ours), ratio(ours, by_hand), "by hand", most=AT_MOST
        )
    ]
    for name in PEERS:
        times = ratio(spent[name], ours)
        least = AT_LEAST.get(name)
        what = f"receive: {name}"
        figures.append(Figure(what, "us", median(spent[name]), times, "ours", least=least))
    return figures


def _round(
    contestants: Mapping[str, Contestant], mos: Sequence[MO], contacts: int
) -> Mapping[str, float]:
    """Take all MOs through all contestants, slice by slice; give the microseconds an MO."""
    held = {name: joined(contestant, contacts) for name, contestant in contestants.items()}
    spent = dict.fromkeys(contestants, 0)
    gc.collect()
    gc.disable()
    try:
        for start in range(0, len(mos), SLICE):
            some = mos[start : start + SLICE]
            for name, contestant in contestants.items():
                spent[name] += _nanoseconds(contestant, held[name], some)
    finally:
        gc.enable()
    return {name: nanoseconds / len(mos) / 1_000 for name, nanoseconds in spent.items()}


def _nanoseconds(contestant: Contestant, held: dict[str, Contact], mos: Sequence[MO]) -> int:
    receive, begun = contestant.receive, process_time_ns()
    for mo in mos:
        held[mo.number] = receive(held[mo.number], mo.inbound).contact
    return process_time_ns() - begun


def measure(effort: Effort) -> Sequence[Figure]:
    """Give every figure."""
    return (
        *measure_receive(effort),
        *step.measure(effort.rounds, effort.steps),
        *memory.measure(effort.live),
        *replay.measure(effort.rounds, effort.lines),
    )


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="Speed and memory, beside the peers.")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--quick", action="store_true", help="only try that everything runs")
    parser.add_argument("--rounds", type=int, help="how many rounds to take the median of")
    parser.add_argument("--lines", type=int, help="how many lines to replay")
    parser.add_argument("--contacts", type=int, help="how many contacts to hold in memory")
    given = parser.parse_args()
    asked = {"rounds": given.rounds, "lines": given.lines, "live": given.contacts}
    changes = {name: value for name, value in asked.items() if value is not None}
    effort = attrs.evolve(QUICK if given.quick else Effort(), **changes)
    figures = measure(effort)
    print(table(figures))
    if given.json is not None:
        keep(figures, effort, given.json)


if __name__ == "__main__":
    main()
