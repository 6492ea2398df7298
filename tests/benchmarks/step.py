"""The bare step (state and event in, row out) against a dict that gives a frozen value."""

from collections.abc import Mapping, Sequence
from statistics import median
from time import process_time_ns

import attrs

from optin_engine.flow import Flow
from optin_engine.guards import Situation
from optin_engine.machines import FLOWS
from optin_engine.vocabulary import (
    Contact,
    Hears,
    Inbound,
    OptInType,
    Origin,
    Reading,
    State,
    Subscription,
)
from tests.benchmarks import mix
from tests.benchmarks.figures import Figure, ratio

AT_ONCE = 50


@attrs.frozen
class Result:
    """Where to go, and what to say."""

    target: str
    says: str


@attrs.frozen
class ByDict:
    """A machine as short as one can be: no guards, no names in its errors."""

    table: Mapping[tuple[str, str], Result]

    def step(self, state: str, hears: str) -> Result:
        """Give what happens."""
        return self.table[state, hears]


Case = tuple[str, str]


def cases(flow: Flow, *, guarded: bool) -> Sequence[Case]:
    """Give the states and events of which a flow has one row without guards, or the others."""
    return [key for key, rows in flow.table.items() if bool(rows[0][0]) == guarded]


def measure(rounds: int, times: int) -> Sequence[Figure]:
    """Give the figures of the three opt-in types together.

    Args:
        rounds: how many to take the median of.
        times: how often each case is stepped in a round.

    """
    flows = [FLOWS[opt_in_type] for opt_in_type in OptInType]
    certain = [(flow, cases(flow, guarded=False)) for flow in flows]
    asking = [(flow, cases(flow, guarded=True)) for flow in flows]
    ours, theirs, guarded = list[float](), list[float](), list[float]()
    for _ in range(rounds):
        ours.append(_nanoseconds_of_flows(certain, times))
        theirs.append(_nanoseconds_of_dicts(certain, times))
        guarded.append(_nanoseconds_of_flows(asking, times))
    of_dict = "the dict"
    return (
        Figure("a step by a dict that gives a frozen value", "ns", median(theirs)),
        Figure("a step, no guard", "ns", median(ours), ratio(ours, theirs), of_dict, most=1.5),
        Figure("a step, guarded", "ns", median(guarded), ratio(guarded, theirs), of_dict),
    )


def situation() -> Situation:
    """Give a situation that every guard can be asked of."""
    program = mix.account().code(mix.CODE).programs[1]
    subscription = Subscription("WINE", State.IN_PROGRESS, prompted_at=mix.BEGIN)
    contact = Contact(mix.number_of(1), mix.CODE, subscriptions=(subscription,))
    inbound = Inbound("1/1/1990", mix.BEGIN, "", Origin.HANDSET)
    return Situation(program, contact, subscription, inbound, Reading(Hears.OTHER, "any"))


def _nanoseconds_of_flows(asked: Sequence[tuple[Flow, Sequence[Case]]], times: int) -> float:
    spent, it, range_of_it = 0, situation(), range(AT_ONCE)
    for flow, keys in asked:
        step = flow.step
        for _ in range(times // AT_ONCE):
            for state, hears in keys:
                begun = process_time_ns()
                for _ in range_of_it:
                    step(state, hears, it)
                spent += process_time_ns() - begun - _nothing()
    return spent / times / sum(len(keys) for _, keys in asked)


def _nanoseconds_of_dicts(asked: Sequence[tuple[Flow, Sequence[Case]]], times: int) -> float:
    spent, range_of_it = 0, range(AT_ONCE)
    for flow, keys in asked:
        answers = {key: flow.table[key][0][1] for key in keys}
        step = ByDict({key: Result(row.target, row.says) for key, row in answers.items()}).step
        for _ in range(times // AT_ONCE):
            for state, hears in keys:
                begun = process_time_ns()
                for _ in range_of_it:
                    step(state, hears)
                spent += process_time_ns() - begun - _nothing()
    return spent / times / sum(len(keys) for _, keys in asked)


def _nothing() -> int:
    """Give what the loop and the clock take themselves, in nanoseconds."""
    begun, range_of_it = process_time_ns(), range(AT_ONCE)
    for _ in range_of_it:
        pass
    return process_time_ns() - begun
