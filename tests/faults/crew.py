"""Processes that take MOs at the same instants over one store."""

from collections.abc import Sequence
from multiprocessing.synchronize import Barrier
from typing import TYPE_CHECKING

from optin_engine.service.answer import Answer
from optin_engine.vocabulary import Inbound
from tests.faults.definitions import DIGITS
from tests.faults.victim import Place, forking, running
from tests.faults.waiting import PATIENCE_SECONDS

if TYPE_CHECKING:
    from tests.faults.victim import Line

Order = tuple[str, Inbound]


def take_at_once(place: Place, orders: Sequence[Sequence[Order]]) -> list[list[Answer]]:
    """Let one process for each list take its MOs, the nth of every list at the same instant.

    Returns:
        For each list its answers.

    """
    together = forking.Barrier(len(orders))
    lines, processes = [], []
    for mine in orders:
        ours, theirs = forking.Pipe()
        process = forking.Process(target=work, args=(theirs, place, together, mine), daemon=True)
        process.start()
        theirs.close()
        lines.append(ours)
        processes.append(process)
    answers = [line.recv() for line in lines if line.poll(PATIENCE_SECONDS)]
    for line, process in zip(lines, processes, strict=True):
        line.send("all have answered")
        process.join(PATIENCE_SECONDS)
        assert process.exitcode == 0
    return answers


def work(line: "Line", place: Place, together: Barrier, orders: Sequence[Order]) -> None:
    """Take MOs, each when all others are about to take theirs; serve on until told to end."""
    with running(place) as service:
        answers = []
        for number, mo in orders:
            together.wait(PATIENCE_SECONDS)
            answers.append(service.receive(DIGITS, number, mo))
        line.send(answers)
        line.recv()
