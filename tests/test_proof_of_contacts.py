"""The walk over every contact of a code with two programmes."""

from collections.abc import Callable

import pytest
from transitions import Machine

from optin_engine.machines import compile_flow, machine
from optin_engine.proof_of_contacts import PAIRS, prove_contacts
from optin_engine.vocabulary import OptInType, State

DOUBLE, SINGLE = OptInType.DOUBLE, OptInType.SINGLE


@pytest.mark.parametrize("pair", [*PAIRS, (DOUBLE, DOUBLE), (SINGLE, SINGLE)])
def test_every_invariant_holds_for_every_contact(pair: tuple[OptInType, OptInType]) -> None:
    (proof,) = prove_contacts([pair])
    assert proof.broken == ()
    assert proof.edges > 20 * proof.states > 0


def _demotes(double: Machine) -> None:
    double.remove_transition("JOIN", "SUBSCRIBED")
    double.add_transition("JOIN", "SUBSCRIBED", State.IN_PROGRESS, before="initial")


def _is_brought_back_by_a_form(double: Machine) -> None:
    double.remove_transition("JOIN", "UNSUBSCRIBED")
    double.add_transition("JOIN", "UNSUBSCRIBED", State.IN_PROGRESS, before="initial")


def _is_confirmed_by_order(double: Machine) -> None:
    double.remove_transition("SUBSCRIBE", "IN_PROGRESS")
    double.add_transition("SUBSCRIBE", "IN_PROGRESS", State.SUBSCRIBED)


def _survives_stop(double: Machine) -> None:
    double.remove_transition("STOP", "SUBSCRIBED")
    double.add_transition("STOP", "SUBSCRIBED", None, before="stop")


@pytest.mark.parametrize(
    ("spoil", "invariant", "conversation"),
    [
        (_demotes, "a Subscribed is ended by STOP", ("SUBSCRIBE A", "A")),
        (_is_brought_back_by_a_form, "brings a subscription back", ("STOP", "A by web")),
        (_is_confirmed_by_order, "confirmed from the handset", ("A", "SUBSCRIBE A")),
        (_survives_stop, "STOP ends every subscription", ("SUBSCRIBE A", "STOP")),
    ],
)
def test_a_broken_invariant_comes_with_the_shortest_conversation(
    spoil: Callable[[Machine], None], invariant: str, conversation: tuple[str, ...]
) -> None:
    double = machine("Double")
    spoil(double)
    (proof,) = prove_contacts([(DOUBLE, SINGLE)], flows={"A": compile_flow(double)})
    found = {b.invariant: b.conversation for b in proof.broken}
    (broken,) = (found[name] for name in found if invariant in name)
    assert broken == conversation
    assert not any(invariant in name for name in proof.invariants)
