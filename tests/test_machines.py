"""Rows to machines to flows: what does not build, and what a user may add."""

from typing import Any

import attrs
import pytest

from optin_engine.flow import TableError
from optin_engine.machines import FLOWS, build, compile_flow, machine
from optin_engine.tables import ALWAYS, ANY, NOTHING, STAYS, TABLES
from optin_engine.vocabulary import (
    Contact,
    Hears,
    Refusal,
    Says,
    State,
)

JOIN, STOP = Hears.JOIN, Hears.STOP
NONE, SUBSCRIBED, DECLINED = State.NONE, State.SUBSCRIBED, State.DECLINED

SOUND = [
    (NONE, JOIN, "handset", SUBSCRIBED, Says.RESPONSE),
    (NONE, JOIN, "elsewhere", STAYS, NOTHING),
    (SUBSCRIBED, JOIN, ALWAYS, STAYS, NOTHING),
    (ANY, STOP, ALWAYS, NONE, Says.STOP),
]


def compiled(rows: list[tuple[Any, ...]], states: tuple[State, ...] = (NONE, SUBSCRIBED)) -> None:
    compile_flow(build("Mine", states, rows), hears=[JOIN, STOP])


def test_a_sound_table_compiles() -> None:
    compiled(SOUND)


@pytest.mark.parametrize("left_out", range(len(SOUND)))
def test_a_table_without_one_of_its_rows_does_not_compile(left_out: int) -> None:
    with pytest.raises(TableError, match=r"^Mine: no row (answers|leads to)"):
        compiled(SOUND[:left_out] + SOUND[left_out + 1 :])


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (
            (SUBSCRIBED, STOP, ALWAYS, STAYS, NOTHING),
            "two rows could both apply to STOP in Subscribed. .*--STOP / stop--> None.*nothing",
        ),
        (
            (NONE, JOIN, "old enough", STAYS, NOTHING),
            "two rows could both apply to JOIN in None if handset, old enough",
        ),
        ((NONE, JOIN, "handset?", STAYS, NOTHING), "'handset[?]', which is no answer in guards"),
        ((NONE, JOIN, ALWAYS, DECLINED, NOTHING), r"row \(None, JOIN, always, Declined, nothing\)"),
        ((NONE, JOIN, ALWAYS, STAYS, "hello"), "says no known text"),
    ],
)
def test_an_unsound_row_is_named(row: tuple[Any, ...], complaint: str) -> None:
    with pytest.raises(TableError, match=complaint):
        compiled([*SOUND, row])


def test_a_state_that_no_row_leads_to_is_named() -> None:
    with pytest.raises(TableError, match="no row leads to Declined"):
        compiled([*SOUND, (DECLINED, JOIN, ALWAYS, STAYS, NOTHING)], (NONE, SUBSCRIBED, DECLINED))


def test_the_same_row_twice_is_refused() -> None:
    with pytest.raises(TableError, match="two rows could both apply"):
        compiled([*SOUND, SOUND[0]])


@pytest.mark.parametrize("name", TABLES)
def test_every_state_answers_everything_that_its_table_hears(name: str) -> None:
    flow = FLOWS[name]
    heard = {hears for _, hears in flow.table}
    assert set(flow.table) == {(state, hears) for state in flow.states for hears in heard}
    assert name == "Contact" or heard == set(Hears) - {Hears.UNMATCHED}
    assert all(flow.table.values())


def test_an_unknown_guard_or_two_texts_added_by_a_user_are_named() -> None:
    for extra, complaint in (
        ({"conditions": "of legal age"}, "unknown guard 'of legal age'"),
        ({"before": ["stop", "help"]}, r"says \['stop', 'help'\]: give one text"),
        ({"before": "howdy"}, r"says \['howdy'\]: give one text that is known"),
    ):
        double = machine("Double")
        double.remove_transition("NO", "IN_PROGRESS")
        double.add_transition("NO", "IN_PROGRESS", State.NONE, **extra)
        with pytest.raises(TableError, match=complaint):
            compile_flow(double)


def test_a_flow_tells_what_it_cannot_hear() -> None:
    contact = Contact("+15555550123", "123456")
    situation: Any = contact
    with pytest.raises(TableError, match="Single cannot hear YES in state Asked"):
        FLOWS["Single"].step("Asked", Hears.YES, situation)


def test_a_refusal_in_a_table_is_a_refusal_of_the_row() -> None:
    refused = {row.refusal for row in FLOWS["Single"].rows() if row.hears == JOIN}
    assert refused == {None, Refusal.DOUBLE_OPT_IN_REQUIRED, Refusal.OPTED_OUT}


def test_a_user_may_name_a_guard_of_ours_and_a_guard_must_give_an_answer_of_its_own() -> None:
    double = machine("Double")
    double.remove_transition("YES", "IN_PROGRESS")
    double.add_transition("YES", "IN_PROGRESS", State.SUBSCRIBED, conditions="handset")
    double.add_transition("YES", "IN_PROGRESS", None, unless="handset", before="error")
    flow = compile_flow(double)
    assert {row.guards for row in flow.rows() if row.hears == "YES" and row.guards} == {
        ("handset",),
        ("elsewhere",),
    }
    ((((question, _),), row), *_) = flow.table["In Progress", "YES"]
    vague = attrs.evolve(question, ask=lambda _: "perhaps")
    table = {("In Progress", "YES"): ((((vague, ("handset",)),), row),)}
    situation: Any = None
    with pytest.raises(TableError, match="a guard gave no known answer"):
        attrs.evolve(flow, table=table).step("In Progress", "YES", situation)
