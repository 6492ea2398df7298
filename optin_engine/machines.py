"""Rows -> `transitions.Machine` -> compiled `Flow`, and every check on the way.

`machine("Double")` gives a plain `transitions.Machine` of the rows in `tables`, to draw or
to extend with that library's own calls; `compile_flow` reads it back once, proves that its
rows answer every case exactly once, and gives the `Flow` that runs. The five flows of the
house are built when this module is imported: a table that is not sound does not import.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import Any

import attrs
from transitions import Machine

from optin_engine.flow import Condition, Flow, TableError
from optin_engine.guards import QUESTION_OF, Question, Situation
from optin_engine.outcome import Row
from optin_engine.tables import ANY, STAYS, TABLES, TO_A_PROGRAM
from optin_engine.vocabulary import (
    Hears,
    OptInType,
    Refusal,
    Says,
    State,
)

Rows = Sequence[tuple[Any, ...]]

SAYS = {str(says): says for says in Says}
REFUSALS = {str(refusal): refusal for refusal in Refusal}


@attrs.frozen
class Answer:
    """A guard as `transitions` calls it: true if a question gets this answer.

    >>> Answer("handset").question.answers
    ('handset', 'elsewhere')
    """

    answer: str

    @property
    def question(self) -> Question:
        """The question that it answers."""
        return QUESTION_OF[self.answer]

    def __call__(self, situation: Situation) -> bool:
        """Ask the question."""
        return self.question.ask(situation) == self.answer


def build(name: str, states: Iterable[State], rows: Rows) -> Machine:
    """Build a plain `transitions.Machine` of the rows of a table.

    Raises:
        TableError: a row has a state, an event, a guard or a text that does not exist.

    """
    states = tuple(states)
    machine = Machine(
        model=None, states=list(states), initial=states[0], auto_transitions=False, name=name
    )
    for row in rows:
        sources, heard, guards, target, says = row
        if (target != STAYS and target not in states) or not isinstance(says, (Says, Refusal)):
            message = f"{name}: row {_shown(row)} goes to no state of it, or says no known text"
            raise TableError(message)
        conditions = [Answer(_guard(name, row, guard)) for guard in guards.split(", ") if guard]
        here = states if sources == ANY else [s for s in states if s in _listed(sources)]
        for hears, source in product(_listed(heard), here):
            machine.add_transition(
                Hears(hears).name,
                source,
                None if target == STAYS else target,
                conditions=conditions,  # type: ignore[arg-type]
                before=None if says == Says.NOTHING else str(says),
            )
    return machine


def machine(opt_in_type: OptInType | str) -> Machine:
    """Give a fresh `transitions.Machine` of an opt-in type, to draw, to fire or to extend.

    >>> sorted(machine("Single").states)
    ['NONE', 'SUBSCRIBED', 'UNSUBSCRIBED']
    """
    states, _, rows = TABLES[OptInType(opt_in_type)]
    return build(OptInType(opt_in_type), states, rows)


def compile_flow(
    machine: Machine, messages: Iterable[str] = (), hears: Iterable[str] = TO_A_PROGRAM
) -> Flow:
    """Read a `transitions.Machine` once into the table that runs, under every check.

    Args:
        machine: one of ours, extended with the library's own calls: `add_states`,
            `add_transition(hears, source, dest, conditions=, unless=, before=)`. A
            condition is an answer of `guards` by name, or a function of a `Situation`;
            `before` names the one text to say.
        messages: names of further texts, which the programme's `messages` hold.
        hears: what every state must answer at the least.

    Raises:
        TableError: a state or an event without an answer, two rows that could both
            apply, an unreachable state, an unknown guard or an unknown text.

    """
    name = machine.name.removesuffix(": ")
    values = {key: getattr(state.value, "value", state.value) for key, state in _states(machine)}
    states = tuple(State(v) if v in set(State) else str(v) for v in values.values())
    of = dict(zip(values, states, strict=True))
    speakable = set(SAYS) | set(REFUSALS) | set(messages)
    table: dict[tuple[str, str], tuple[tuple[tuple[Condition, ...], Row], ...]] = {}
    for event, state in product(dict.fromkeys((*hears, *machine.events)), of):
        found = []
        for transition in _transitions(machine, event, state):
            conditions = tuple(_conditions(name, transition))
            said = _said(name, transition, speakable)
            target = of[transition.dest] if transition.dest else of[state]
            guards = tuple(" or ".join(answers) for _, answers in conditions)
            row = Row(name, of[state], event, guards, target, *said)
            found.append((conditions, row))
        _check_exactly_one(name, of[state], event, found)
        table[of[state], event] = tuple(found)
    silent = frozenset(pair for pair, rows in table.items() if all(r.is_silent for _, r in rows))
    certain = {pair: rows[0][1] for pair, rows in table.items() if not rows[0][0]}
    flow = Flow(name, states, table, silent, certain)
    _check_reachable(flow, of[machine.initial])  # type: ignore[index]
    return flow


def _states(machine: Machine) -> Iterable[tuple[str, Any]]:
    return machine.states.items()


def _transitions(machine: Machine, event: str, state: str) -> Iterable[Any]:
    known = machine.events.get(event)
    return () if known is None else dict(known.transitions.items()).get(state, ())


def _listed(value: Any) -> tuple[Any, ...]:
    return value if type(value) is tuple else (value,)


def _shown(row: tuple[Any, ...]) -> str:
    return "(" + ", ".join(str(cell) or "always" for cell in row) + ")"


def _guard(name: str, row: tuple[Any, ...], guard: str) -> str:
    if guard not in QUESTION_OF:
        message = f"{name}: row {_shown(row)} asks {guard!r}, which is no answer in guards.py"
        raise TableError(message)
    return guard


def _conditions(name: str, transition: Any) -> Iterator[Condition]:
    for condition in transition.conditions:
        func = condition.func
        if isinstance(func, str):
            if func not in QUESTION_OF:
                message = f"{name}: {_arrow(transition)} has the unknown guard {func!r}"
                raise TableError(message)
            func = Answer(func)
        if isinstance(func, Answer):
            question = func.question
            wanted: tuple[str, ...] = (func.answer,)
        else:
            question = _asked_by(func)
            wanted = question.answers[:1]
        if not condition.target:
            wanted = tuple(a for a in question.answers if a not in wanted)
        yield question, wanted


def _asked_by(function: Callable[[Situation], bool]) -> Question:
    yes = function.__name__.replace("_", " ").strip()
    question = _QUESTIONS_OF_USERS.get(function)
    if question is None:
        no = f"not {yes}"
        question = Question(lambda situation: yes if function(situation) else no, (yes, no))
        _QUESTIONS_OF_USERS[function] = question
    return question


_QUESTIONS_OF_USERS: dict[Callable[[Situation], bool], Question] = {}


def _said(name: str, transition: Any, speakable: set[str]) -> tuple[str, Refusal | None]:
    before = [str(text) for text in transition.before]
    if len(before) > 1 or not speakable.issuperset(before):
        message = f"{name}: {_arrow(transition)} says {before}: give one text that is known"
        raise TableError(message)
    said = before[0] if before else Says.NOTHING
    if said in REFUSALS:
        return Says.NOTHING, REFUSALS[said]
    return SAYS.get(said, said), None


def _arrow(transition: Any) -> str:
    return f"the row {transition.source} -> {transition.dest or 'stays'}"


def _check_exactly_one(
    name: str, state: str, hears: str, rows: Sequence[tuple[tuple[Condition, ...], Row]]
) -> None:
    asked = list(dict.fromkeys(q for conditions, _ in rows for q, _ in conditions))
    for case in product(*(question.answers for question in asked)):
        given = dict(zip(asked, case, strict=True))
        apply = [row for under, row in rows if all(given[q] in answers for q, answers in under)]
        if len(apply) != 1:
            case_shown = f" if {', '.join(case)}" if case else ""
            problem = "no row answers" if not apply else "two rows could both apply to"
            named = "; ".join(str(row) for row in apply or [row for _, row in rows])
            message = f"{name}: {problem} {hears} in {state}{case_shown}. {named}".rstrip()
            raise TableError(message)


def _check_reachable(flow: Flow, initial: str) -> None:
    reached, frontier = {initial}, [initial]
    while frontier:
        state = frontier.pop()
        for row in flow.rows():
            if row.source == state and row.target not in reached:
                reached.add(row.target)
                frontier.append(row.target)
    if unreachable := [state for state in flow.states if state not in reached]:
        message = f"{flow.name}: no row leads to {', '.join(unreachable)}"
        raise TableError(message)


def _check_every_text_is_said(flows: Iterable[Flow]) -> None:
    said = frozenset[str]().union(*(flow.says() for flow in flows))
    if unspoken := set(Says) - said:
        message = f"no row of any table says {', '.join(sorted(unspoken))}"
        raise TableError(message)


FLOWS = {
    str(name): compile_flow(build(name, states, rows), hears=hears)
    for name, (states, hears, rows) in TABLES.items()
}
_check_every_text_is_said(FLOWS.values())
