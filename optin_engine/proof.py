"""The invariants of SPEC section 5, proved by walking every state that can be reached.

`prove` walks one flow: every row, under every truth of every guard, with two things
remembered on the way that the rows alone do not show, whether YES was said and what the
age gate last said. `proof_of_contacts` does the same for the engine itself. A broken
invariant comes with the shortest conversation that breaks it.
"""

from collections import deque
from collections.abc import Callable, Mapping

import attrs

from optin_engine.facts import waits
from optin_engine.flow import Flow
from optin_engine.outcome import Row
from optin_engine.tables import ANSWERS
from optin_engine.vocabulary import Hears, OptInType, Says, State


@attrs.frozen
class Broken:
    """An invariant that does not hold, and the shortest conversation that shows it."""

    invariant: str
    conversation: tuple[str, ...]


@attrs.frozen
class Proof:
    """What was walked and what holds.

    Attributes:
        name: the flow, or the programmes on the code.
        states: how many states were reached, with what is remembered of the way there.
        edges: how many steps between them were checked.
        invariants: those that hold.
        broken: those that do not.

    """

    name: str
    states: int
    edges: int
    invariants: tuple[str, ...]
    broken: tuple[Broken, ...] = ()


@attrs.frozen
class Place:
    """A state of a flow, and what the way there leaves behind.

    Attributes:
        state: the state.
        yes: a YES was heard since the contact was asked.
        gate: what the age gate said last: `unknown`, `passed` or `failed`.

    """

    state: str
    yes: bool = False
    gate: str = "unknown"


Invariant = Callable[[str, Place, Row], bool]

# What the handset of the contact itself sends; the rest comes from timers, agents and forms.
BY_HANDSET = {Hears.START, Hears.HELP, Hears.REACTION, Hears.STOP, *ANSWERS}


def _enters(row: Row, state: str) -> bool:
    return row.target == state != row.source


def _consented(flow: str, place: Place, row: Row) -> bool:
    """Subscribed is entered only by what is consent to that opt-in type."""
    if not _enters(row, State.SUBSCRIBED):
        return True
    if flow == OptInType.TEXT:
        return False
    if row.hears == Hears.SUBSCRIBE:
        return True
    if flow == OptInType.SINGLE:
        return row.hears in {Hears.JOIN, Hears.START}
    if flow == OptInType.AGE:
        return row.hears == Hears.BIRTH_DATE and "old enough" in row.guards
    return row.hears == Hears.YES or (place.yes and row.hears in ANSWERS)


def _of_age(flow: str, place: Place, row: Row) -> bool:
    passed = "old enough" in row.guards or place.gate == "passed"
    return flow != OptInType.AGE or not _enters(row, State.SUBSCRIBED) or passed


def _not_demoted(_flow: str, _place: Place, row: Row) -> bool:
    leaves = row.source == State.SUBSCRIBED != row.target
    return not (leaves and row.hears in {Hears.JOIN, Hears.START, Hears.SUBSCRIBE, *ANSWERS})


def _stays_out(_flow: str, _place: Place, row: Row) -> bool:
    if row.source != State.UNSUBSCRIBED or row.target == State.UNSUBSCRIBED:
        return True
    if row.hears == Hears.JOIN:
        return "elsewhere" not in row.guards
    if row.hears == Hears.SUBSCRIBE:
        return "resubscribe asked" in row.guards or "came back" in row.guards
    return row.hears in {Hears.START, Hears.DEACTIVATE}


def _stops(_flow: str, _place: Place, row: Row) -> bool:
    return row.hears != Hears.STOP or row.target == State.UNSUBSCRIBED


def _silent_after_stop(_flow: str, _place: Place, row: Row) -> bool:
    heard = row.hears in BY_HANDSET or row.hears == Hears.UNMATCHED
    heard = heard or (row.hears == Hears.JOIN and "elsewhere" not in row.guards)
    return row.source != State.UNSUBSCRIBED or heard or row.says == Says.NOTHING


def _prompts_only(_flow: str, _place: Place, row: Row) -> bool:
    """In Progress receives nothing but the flow's own prompts and the code's answers."""
    stays = waits(row.source) and waits(row.target)
    return not stays or row.says not in {Says.RESPONSE, Says.CONFIRMATION, Says.DUPLICATE}


def _cools_down(_flow: str, _place: Place, row: Row) -> bool:
    return "cooling down" not in row.guards or row.stays


def _refuses_in_silence(_flow: str, _place: Place, row: Row) -> bool:
    return row.refusal is None or (row.stays and row.says == Says.NOTHING)


def _asks_nobody(flow: str, _place: Place, row: Row) -> bool:
    return flow != OptInType.TEXT or row.target in {State.NONE, State.UNSUBSCRIBED}


def _voids(_flow: str, _place: Place, row: Row) -> bool:
    return row.hears != Hears.DEACTIVATE or row.target == State.NONE


INVARIANTS: Mapping[str, Invariant] = {
    "Subscribed is entered only by what is consent to its type": _consented,
    "nobody is subscribed below the minimum age": _of_age,
    "no JOIN, START, SUBSCRIBE or reply demotes a Subscribed": _not_demoted,
    "only its own handset, a resubscribe or DEACTIVATE ends Unsubscribed": _stays_out,
    "STOP ends in Unsubscribed from every state": _stops,
    "nothing is said to an Unsubscribed that did not write": _silent_after_stop,
    "In Progress receives nothing but prompts": _prompts_only,
    "while the age gate cools down nobody moves": _cools_down,
    "what is refused changes nothing and says nothing": _refuses_in_silence,
    "a Text Response subscribes nobody and asks nothing": _asks_nobody,
    "DEACTIVATE voids everything": _voids,
}


def prove(flow: Flow) -> Proof:
    """Walk every place that a flow can reach and check each invariant on every edge.

    >>> from optin_engine.machines import FLOWS
    >>> proof = prove(FLOWS["Double"])
    >>> proof.broken, len(proof.invariants)
    ((), 11)
    """
    start = Place(flow.states[0])
    ways: dict[Place, tuple[str, ...]] = {start: ()}
    queue, edges = deque([start]), 0
    broken: dict[str, Broken] = {}
    while queue:
        place = queue.popleft()
        for row in flow.rows():
            if row.source != place.state or not _possible(place, row):
                continue
            edges += 1
            way = (*ways[place], str(row).partition(": ")[2])
            for name, holds in INVARIANTS.items():
                if name not in broken and not holds(flow.name, place, row):
                    broken[name] = Broken(name, way)
            after = _after(place, row)
            if after not in ways:
                ways[after] = way
                queue.append(after)
    proved = tuple(name for name in INVARIANTS if name not in broken)
    return Proof(flow.name, len(ways), edges, proved, tuple(broken.values()))


def _possible(place: Place, row: Row) -> bool:
    """Only what the age gate really said can be remembered of it."""
    passed = place.gate == "passed"
    return not ("of age" in row.guards and not passed) and not (
        "age unknown" in row.guards and passed
    )


def _after(place: Place, row: Row) -> Place:
    if row.hears == Hears.DEACTIVATE:
        return Place(row.target)
    gate = place.gate
    if row.hears == Hears.BIRTH_DATE and waits(row.source):
        gate = "passed" if "old enough" in row.guards else gate
        gate = "failed" if "too young" in row.guards else gate
    return Place(row.target, waits(row.target) and (place.yes or row.hears == Hears.YES), gate)
