"""What stories take of the machines: counted exactly, and nothing asked that cannot be."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine import proof_of_contacts
from optin_engine.harness.stories.coverage import (
    Coverage,
    coverage_lines,
    diagrams,
    flows_of,
)
from optin_engine.harness.stories.out_of_reach import OUT_OF_REACH, why_out_of_reach
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.playing import play
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.machines import FLOWS, compile_flow, machine
from optin_engine.outcome import Row
from optin_engine.vocabulary import from_json, to_json
from tests import changing_definitions, strategies
from tests.playing import EMPTY, Codes, engine_of, happen, happenings
from tests.rows_and_conversations import CONVERSATIONS, DEFINITIONS
from tests.strategies import BEGIN, Event

ROWS = tuple(chain(*(flow.rows() for flow in FLOWS.values())))
YES = Row("Double", "In Progress", "YES", (), "Subscribed", "confirmation")
NO_JOIN = """\
Row coverage: Single 26/32, Double 34/40, Age 48/58, Text 20/25, Contact 14/16

Single: 6 rows that no story takes
  in            hears  if                         goes to     says
  None          JOIN   handset                    Subscribed  response
  None          JOIN   elsewhere, single allowed  Subscribed  response
  None          JOIN   elsewhere, single refused  stays       refused: double opt-in required
  Subscribed    JOIN                              stays       duplicate
  Unsubscribed  JOIN   handset                    Subscribed  response
  Unsubscribed  JOIN   elsewhere                  stays       refused: opted out
""".splitlines()

# With each chapter the definitions change, and the contacts stay.
Chapters = list[tuple[Codes, list[Event]]]
SCENES = st.lists(strategies.events(), min_size=1, max_size=4) | strategies.gates()
CHAPTERS = st.lists(st.tuples(strategies.codes(), SCENES), min_size=2, max_size=3)


def rows_of(chapters: Chapters) -> Iterator[Row]:
    contacts, passed = list(EMPTY), timedelta()
    for codes, conversation in chapters:
        engine, at = engine_of(codes), BEGIN
        for event, at in happenings(conversation):
            outcome = happen(engine, contacts[event.phone], event, at + passed)
            contacts[event.phone] = outcome.contact
            yield from (step.row for step in outcome.steps)
        passed += at - BEGIN


def key(row: Row) -> tuple[str, str, str, str]:
    return row.flow, str(row.source), str(row.hears), ", ".join(row.guards)


def listed(cell: str | tuple[str, ...]) -> tuple[str, ...]:
    return cell if type(cell) is tuple else (str(cell),)


@given(CHAPTERS)
def test_no_conversation_takes_a_row_out_of_reach_however_definitions_change(
    chapters: Chapters,
) -> None:
    assert [str(row) for row in rows_of(chapters) if why_out_of_reach(row)] == []


def test_a_walk_over_everything_while_definitions_change_takes_every_row_within_reach() -> None:
    taken = frozenset(changing_definitions.rows())
    left_out = {row for row in ROWS if row not in taken and not why_out_of_reach(row)}
    # A reminder is passed over only where another programme asked later, and there is none.
    assert {row.guards for row in left_out} == {("reminder not due",)}
    assert {str(row) for row in taken if why_out_of_reach(row)} == set()


def test_no_walk_over_two_programmes_takes_a_row_out_of_reach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def holds(edge: proof_of_contacts.Edge) -> bool:
        return not any(why_out_of_reach(step.row) for step in edge.outcome.steps)

    monkeypatch.setattr(proof_of_contacts, "INVARIANTS", {"within reach": holds})
    proofs = proof_of_contacts.prove_contacts()
    assert [broken for proof in proofs for broken in proof.broken] == []


@pytest.mark.parametrize(
    ("row", "programs", "conversation"),
    [(conversation[:4], *conversation[4:]) for conversation in CONVERSATIONS],
)
def test_the_last_act_of_the_conversation_takes_the_row(
    row: tuple[str, str, str, str], programs: str, conversation: str
) -> None:
    story = read_story("a.story", "\n".join([f"programs: {programs}", *conversation.split(" ; ")]))
    played = play(story, EngineTarget(), DEFINITIONS.__getitem__)
    assert played.broken == ""
    assert row in map(key, played.performed[-1].came.rows)


def test_each_row_has_a_conversation_that_takes_it_or_a_reason_why_none_does() -> None:
    reached = [conversation[:4] for conversation in CONVERSATIONS]
    beyond = [key(row) for row in ROWS if why_out_of_reach(row)]
    assert Counter([*reached, *beyond]) == Counter(map(key, ROWS))


def test_no_reason_stands_for_a_row_that_does_not_exist_or_has_another_reason() -> None:
    cells = [
        (flow, state, hears)
        for flows, states, heard, _ in OUT_OF_REACH
        for flow, state, hears in product(listed(flows), listed(states), listed(heard))
        if state in FLOWS[flow].states
    ]
    known = {key(row)[:3] for row in ROWS}
    assert set(cells) <= known
    assert max(Counter(cells).values()) == 1


@given(st.sets(st.sampled_from(ROWS)))
def test_each_row_is_taken_or_missing_or_out_of_reach(taken: set[Row]) -> None:
    for flow in Coverage.of(taken).flows:
        assert set(flow.taken) == {row for row in taken if row.flow == flow.name}
        beyond = [row for group in flow.out_of_reach for row in group.rows]
        together = Counter([*flow.taken, *flow.missing, *beyond])
        assert together == Counter(FLOWS[flow.name].rows())
        assert all(why_out_of_reach(row) for row in beyond)
        assert not any(why_out_of_reach(row) for row in flow.missing)


def test_what_is_missing_stands_as_a_row_of_the_table_on_a_line_of_its_own() -> None:
    coverage = Coverage.of(row for row in ROWS if row.hears != "JOIN" and not why_out_of_reach(row))
    told = list(coverage_lines(coverage))
    assert told[: len(NO_JOIN)] == NO_JOIN
    titles = [line for line in told if line.endswith("takes")]
    assert titles[1:] == [
        "Double: 6 rows that no story takes",
        "Age: 10 rows that no story takes",
        "Text: 5 rows that no story takes",
        "Contact: 2 rows that no story takes",
    ]


def test_who_asks_is_told_what_no_conversation_can_take_and_why() -> None:
    told = list(coverage_lines(Coverage.of([], [FLOWS["Double"]]), verbose=True))
    beyond = told[told.index("Double: 22 rows that no conversation can take") + 1 :]
    assert [line.partition(": ")[0] for line in beyond] == [
        "  18  in None, Subscribed, Unsubscribed on YES, NO, BIRTH_DATE, OTHER, EXPIRE, REMIND",
        "   1  in In Progress on BIRTH_DATE",
        "   3  in None, In Progress, Subscribed on START",
    ]
    assert beyond[1].endswith(why_out_of_reach(Row("Double", "In Progress", "BIRTH_DATE", (), "")))


def test_nothing_is_missing_of_what_can_be_taken_once_it_was() -> None:
    coverage = Coverage.of(row for row in ROWS if not why_out_of_reach(row))
    assert coverage.missing == ()
    assert list(coverage_lines(coverage)) == [
        "Row coverage: Single 32/32, Double 40/40, Age 58/58, Text 25/25, Contact 16/16"
    ]


def test_only_the_machines_in_use_are_asked_for() -> None:
    flows = flows_of([DEFINITIONS["double"], DEFINITIONS["age-and-club"]])
    assert [flow.name for flow in flows] == ["Double", "Age", "Contact"]


def test_rows_of_machines_that_are_not_in_use_or_not_known_are_passed_over() -> None:
    unknown = Row("Raffle", "In the draw", "JOIN", (), "In the draw")
    extended = Row("Double", "Waiting", "YES", (), "Subscribed", "confirmation")
    coverage = Coverage.of([unknown, extended, *ROWS], [FLOWS["Contact"]])
    assert str(coverage) == "Contact 21/21"


def test_an_extended_machine_is_counted_and_told_as_any_other() -> None:
    extended = machine("Double")
    extended.add_state("WAITING")
    for hears in FLOWS["Double"].table:
        if hears[0] == "None":
            extended.add_transition(hears[1], "WAITING", None)
    extended.add_transition("REFER", "NONE", "WAITING")
    for state in ("IN_PROGRESS", "SUBSCRIBED", "UNSUBSCRIBED", "WAITING"):
        extended.add_transition("REFER", state, None)
    coverage = Coverage.of([YES], [compile_flow(extended)])
    assert str(coverage).startswith("Double 1/")
    assert any(line.split()[:2] == ["None", "REFER"] for line in coverage_lines(coverage))


def test_a_coverage_is_written_as_json_and_read_back() -> None:
    coverage = Coverage.of([YES])
    assert from_json(Coverage, json.loads(json.dumps(to_json(coverage)))) == coverage


def test_a_drawing_marks_what_no_story_takes_and_nothing_else() -> None:
    taken = {row for row in ROWS if row.hears != "NO" and not why_out_of_reach(row)}
    drawn = diagrams(Coverage.of(taken))
    assert "    InProgress --> None : ✗ NO / nothing<br/>EXPIRE / nothing" in drawn["Double"]
    assert drawn["Double"].count("✗") == 2
    assert "✗" not in drawn["Contact"]
