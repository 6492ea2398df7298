"""Whether a peer does what the engine does: the same outcomes over the mix, MO by MO."""

from collections.abc import Iterator, Sequence

import attrs

from optin_engine.engine import Engine
from optin_engine.outcome import Outcome
from optin_engine.vocabulary import Contact
from tests.benchmarks import mix
from tests.benchmarks.mix import MO, Contestant


class DisagreementError(Exception):
    """A peer gave another outcome than the engine: it is no peer."""


def joined(contestant: Contestant, contacts: int) -> dict[str, Contact]:
    """Give the contacts by number once all of them have texted their keyword."""
    return {
        mo.number: contestant.receive(Contact(mo.number, mix.CODE), mo.inbound).contact
        for mo in mix.joins(contacts)
    }


def outcomes(contestant: Contestant, mos: Sequence[MO], contacts: int) -> Iterator[Outcome]:
    """Give what comes of each MO, once every contact has joined."""
    held = joined(contestant, contacts)
    for mo in mos:
        outcome = contestant.receive(held[mo.number], mo.inbound)
        held[mo.number] = outcome.contact
        yield outcome


def verify(peer: Contestant, mos: Sequence[MO], contacts: int) -> None:
    """Check that a peer gives the engine's outcomes, records and all, but for the rows taken.

    Raises:
        DisagreementError: it does not; names the MO and both outcomes.

    """
    engine = Engine(mix.account())
    pairs = zip(outcomes(engine, mos, contacts), outcomes(peer, mos, contacts), strict=True)
    for mo, (wanted, given) in zip(mos, pairs, strict=True):
        if attrs.evolve(wanted, steps=()) != given:
            message = f"{type(peer).__name__} on {mo.inbound}: {given}; the engine: {wanted}"
            raise DisagreementError(message)
