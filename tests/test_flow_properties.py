"""The compiled flows equal the machines they come from, and the oracle's own steps."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transitions import Machine

from optin_engine import machines
from optin_engine.flow import Flow
from optin_engine.guards import Situation
from optin_engine.machines import FLOWS, build, compile_flow
from optin_engine.outcome import Row
from optin_engine.tables import TABLES
from optin_engine.vocabulary import Hears, Refusal, Says
from tests import strategies
from tests.flows_and_oracle import difference_from_oracle

Spoken = tuple[str, str, str]


class Listener:
    """A model of a `transitions.Machine` that writes down what its `before` says."""

    def __init__(self) -> None:
        self.said: list[str] = []
        for text in (*Says, *Refusal):
            setattr(self, text, self._sayer(text))

    def _sayer(self, text: str) -> Any:
        return lambda _: self.said.append(text)


def fired(machine: Machine, model: Listener, hears: str, situation: Situation) -> Spoken:
    """Fire an event as the library does; give the state after it and what was said."""
    model.said.clear()
    assert model.trigger(hears, situation), "a sound table answers every case"  # type: ignore[attr-defined]
    assert len(model.said) <= 1
    said = model.said[0] if model.said else Says.NOTHING
    refused = said if said in set(Refusal) else ""
    return state_of(machine, model), Says.NOTHING if refused else said, refused


def state_of(machine: Machine, model: Listener) -> str:
    value = machine.get_model_state(model).value
    return str(getattr(value, "value", value))


def taken(row: Row) -> Spoken:
    return row.target, row.says, row.refusal or ""


def machine_of(name: str) -> Machine:
    """Give the machine of a flow of the house."""
    if name == "Contact":
        states, _, rows = TABLES[name]
        return build(name, states, rows)
    return machines.machine(name)


def events_of(flow: Flow) -> list[str]:
    return sorted({hears for _, hears in flow.table})


def check_walk(flow: Flow, machine: Machine, walk: list[tuple[int, Situation]]) -> None:
    """Walk flow and machine side by side."""
    model = Listener()
    machine.add_model(model)
    state, events = state_of(machine, model), events_of(flow)
    assert state == flow.states[0]
    for place, situation in walk:
        hears = events[place % len(events)]
        row = flow.step(state, hears, situation)
        assert taken(row) == fired(machine, model, hears, situation)
        state = row.target


walks = st.lists(st.tuples(st.integers(0, 100), strategies.situations()), max_size=30)


@pytest.mark.parametrize("name", FLOWS)
@given(walk=walks)
def test_a_compiled_flow_walks_as_its_machine_does_when_fired(
    name: str, walk: list[tuple[int, Situation]]
) -> None:
    check_walk(FLOWS[name], machine_of(name), walk)


@given(machine=strategies.machines(), walk=walks)
def test_any_sound_machine_walks_compiled_as_it_does_fired(
    machine: Machine, walk: list[tuple[int, Situation]]
) -> None:
    check_walk(compile_flow(machine, hears=()), machine, walk)


@pytest.mark.parametrize("name", FLOWS)
@given(situation=strategies.situations())
def test_in_every_state_a_compiled_flow_hears_everything_as_its_machine_does(
    name: str, situation: Situation
) -> None:
    flow, machine, model = FLOWS[name], machine_of(name), Listener()
    machine.add_model(model)
    names = {
        str(getattr(state.value, "value", state.value)): key
        for key, state in machine.states.items()
    }
    for state, hears in flow.table:
        machine.set_state(names[state], model)
        assert taken(flow.step(state, hears, situation)) == fired(machine, model, hears, situation)


@pytest.mark.parametrize("name", FLOWS)
def test_every_state_hears_everything_in_every_case_as_the_oracle_does(name: str) -> None:
    assert difference_from_oracle(FLOWS[name]) is None


@pytest.mark.parametrize("name", FLOWS)
def test_a_programme_hears_all_but_unmatched(name: str) -> None:
    if name != "Contact":
        assert {hears for _, hears in FLOWS[name].table} == set(Hears) - {"UNMATCHED"}
