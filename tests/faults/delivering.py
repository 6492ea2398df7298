"""A carrier and the process that serves it, until something holds."""

from collections.abc import Callable
from typing import Protocol

from optin_engine.service.answer import Answer
from optin_engine.vocabulary import Inbound
from tests.faults.load import Carrier
from tests.faults.waiting import GLANCE_SECONDS, deadline


class Serving(Protocol):
    """A process that takes MOs."""

    def send(self, ticket: int, number: str, mo: Inbound) -> None:
        """Hand it an MO."""

    def heard(self, seconds: float) -> list[tuple[int, Answer | Exception]]:
        """Give the answers that have come; wait for the first, but only so long."""


def deliver(
    carrier: Carrier, victim: Serving, until: Callable[[], bool], *, is_ending: bool = False
) -> None:
    """Deliver MOs and take answers until it holds; at the end only what is unanswered."""
    in_time = deadline("what is delivered until then")
    while not until():
        in_time()
        carrier.offer(victim.send, is_ending=is_ending)
        for ticket, answer in victim.heard(GLANCE_SECONDS):
            carrier.take(ticket, answer)


def deliver_the_rest(carrier: Carrier, victim: Serving) -> None:
    """Deliver until everything that was ever said is answered."""
    deliver(carrier, victim, lambda: not carrier.is_waiting, is_ending=True)


def deliver_more(carrier: Carrier, victim: Serving, what: str, number: int) -> None:
    """Deliver until so many more MOs were answered, or refused."""
    enough = carrier.figures[what] + number
    deliver(carrier, victim, lambda: carrier.figures[what] >= enough)
