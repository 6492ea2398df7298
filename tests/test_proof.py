"""The walk over every place that a flow can reach: what holds, and what breaks it."""

from collections.abc import Callable

import pytest
from transitions import Machine

from optin_engine.machines import FLOWS, build, compile_flow, machine
from optin_engine.proof import prove
from optin_engine.tables import TABLES
from optin_engine.vocabulary import OptInType, Says, State


def _demotes(double: Machine) -> None:
    double.remove_transition("JOIN", "SUBSCRIBED")
    double.add_transition("JOIN", "SUBSCRIBED", State.IN_PROGRESS, before="initial")


def _forgets_stop(double: Machine) -> None:
    double.remove_transition("STOP", "IN_PROGRESS")
    double.add_transition("STOP", "IN_PROGRESS", State.NONE, before="stop")


def _revives(double: Machine) -> None:
    double.remove_transition("YES", "UNSUBSCRIBED")
    double.add_transition("YES", "UNSUBSCRIBED", State.SUBSCRIBED, before="confirmation")


def _takes_other_for_yes(double: Machine) -> None:
    double.remove_transition("OTHER", "IN_PROGRESS")
    double.add_transition("OTHER", "IN_PROGRESS", State.SUBSCRIBED, before="confirmation")


def _reminds_after_stop(double: Machine) -> None:
    double.remove_transition("REMIND", "UNSUBSCRIBED")
    double.add_transition("REMIND", "UNSUBSCRIBED", None, before="initial")


@pytest.mark.parametrize(
    ("spoil", "invariant", "length"),
    [
        (_demotes, "demotes a Subscribed", 2),
        (_forgets_stop, "STOP ends in Unsubscribed", 2),
        (_revives, "ends Unsubscribed", 2),
        (_takes_other_for_yes, "what is consent", 2),
        (_reminds_after_stop, "did not write", 2),
    ],
)
def test_a_broken_invariant_comes_with_the_shortest_conversation(
    spoil: Callable[[Machine], None], invariant: str, length: int
) -> None:
    double = machine("Double")
    spoil(double)
    broken = [b for b in prove(compile_flow(double)).broken if invariant in b.invariant]
    assert [len(b.conversation) for b in broken] == [length]


@pytest.mark.parametrize("name", FLOWS)
def test_every_invariant_holds_in_every_place_of_every_flow(name: str) -> None:
    assert prove(FLOWS[name]).broken == ()


def test_a_young_contact_is_never_subscribed_by_an_age_table_that_forgets_the_verdict() -> None:
    states, _, rows = TABLES[OptInType.AGE]
    wrong = [
        (*row[:3], State.SUBSCRIBED, Says.CONFIRMATION) if row[2] == "too young" else row
        for row in rows
    ]
    reached = [s for s in states if s != State.DECLINED]
    wrong = [row for row in wrong if row[0] != State.DECLINED]
    names = [b.invariant for b in prove(compile_flow(build("Age", reached, wrong))).broken]
    assert "nobody is subscribed below the minimum age" in names
