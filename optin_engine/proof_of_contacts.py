"""The same invariants where it counts: the engine itself, two programmes on one code.

Every contact that can come about is walked, over an alphabet of everything that can be
heard: each reading, from a handset and from a web form, every instruction, and the passing
of a day. Contacts that differ only in when things happened count as one.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Self

import attrs

from optin_engine.account import Account
from optin_engine.engine import Engine
from optin_engine.flow import Flow
from optin_engine.guards import A_DAY
from optin_engine.outcome import Outcome
from optin_engine.proof import Broken, Proof
from optin_engine.vocabulary import (
    Contact,
    Hears,
    Inbound,
    Instruction,
    OptInType,
    Origin,
    State,
    Subscription,
)

# fmt: off
CODE = {"shortCode": "123456", "countryCode": "CA"}
RULES = {
    "shortCode": "123456", "countryCode": "CA", "maxAttempts": 1, "minimumAge": 21,
    "confirmWithin": "40h", "remindAfter": "20h", "ageRetryAfter": "20h",
    "responseMessage": "response", "doubleOptinInitialMessage": "initial",
    "doubleOptinConfirmationMessage": "confirmation", "optInInvalidAgeMessage": "invalid age",
    "duplicateOptInMessage": "duplicate", "optInErrorMessage": "error",
}
EVENTS: tuple[tuple[str, str | Hears | None, str], ...] = (
    # name                     text, instruction or a wait             from, or of
    ("A",                      "A",                                    Origin.HANDSET),
    ("B",                      "B",                                    Origin.HANDSET),
    ("YES",                    "Yes!",                                 Origin.HANDSET),
    ("NO",                     "no thanks",                            Origin.HANDSET),
    ("a date, old enough",     "1990-05-17",                           Origin.HANDSET),
    ("a date, too young",      "2020-05-17",                           Origin.HANDSET),
    ("a date, ambiguous",      "04/12/2005",                           Origin.HANDSET),
    ("hello",                  "hello",                                Origin.HANDSET),
    ("STOP",                   "STOP",                                 Origin.HANDSET),
    ("HELP",                   "HELP",                                 Origin.HANDSET),
    ("START",                  "START",                                Origin.HANDSET),
    ("a tapback",              'Liked "Reply YES"',                    Origin.HANDSET),
    ("A by web",               "A",                                    Origin.WEB),
    ("B by web",               "B",                                    Origin.WEB),
    ("YES by web",             "YES",                                  Origin.WEB),
    ("STOP by web",            "STOP",                                 Origin.WEB),
    ("SUBSCRIBE A",            Hears.SUBSCRIBE,                        "A"),
    ("SUBSCRIBE B",            Hears.SUBSCRIBE,                        "B"),
    ("resubscribe A",          Hears.SUBSCRIBE,                        "A again"),
    ("UNSUBSCRIBE A",          Hears.UNSUBSCRIBE,                      "A"),
    ("UNSUBSCRIBE B",          Hears.UNSUBSCRIBE,                      "B"),
    ("DEACTIVATE",             Hears.DEACTIVATE,                       ""),
    ("a day passes",           None,                                   ""),
)
# fmt: on
WRITTEN_BY_HANDSET = {name for name, _, origin in EVENTS if origin == Origin.HANDSET}
BEGAN = datetime(2026, 11, 21, 18, tzinfo=UTC)
A_MOMENT = timedelta(seconds=1)


@attrs.frozen
class Edge:
    """One event, and what came of it.

    Attributes:
        event: its name.
        before: the contact before it.
        outcome: what came of it.
        changes: each subscription before and after; one that is not kept did not change.

    """

    event: str
    before: Contact
    outcome: Outcome
    changes: Sequence[tuple[Subscription, Subscription]]

    @classmethod
    def of(cls, event: str, before: Contact, outcome: Outcome) -> Self:
        """Make the edge of an outcome."""
        kept = {s.keyword: s for s in outcome.contact.subscriptions}
        subscriptions = [before.subscription(keyword) for keyword in ("A", "B")]
        return cls(event, before, outcome, [(s, kept.get(s.keyword, s)) for s in subscriptions])

    def entered(self, state: str, of: str) -> bool:
        """Tell whether some subscription went from one state to another."""
        return any(a.state == of and b.state == state for a, b in self.changes)


def _one_mt(edge: Edge) -> bool:
    return len(edge.outcome.outbound) <= 1


def _stops_all(edge: Edge) -> bool:
    states = {edge.outcome.contact.state, *(s.state for s in edge.outcome.contact.subscriptions)}
    return not edge.event.startswith("STOP") or states == {State.UNSUBSCRIBED}


def _back_by_itself(edge: Edge) -> bool:
    back = [a.keyword for a, b in edge.changes if a.state == State.UNSUBSCRIBED != b.state]
    if edge.event in {"DEACTIVATE", "START"} or not back:
        return True
    return edge.event in {"A", "B", "resubscribe A"} and back[0] in edge.event


def _confirmed_by_itself(edge: Edge) -> bool:
    confirmed = edge.entered(State.SUBSCRIBED, of=State.IN_PROGRESS)
    return not confirmed or edge.event in {"YES", "a date, old enough"}


def _never_demoted(edge: Edge) -> bool:
    left = any(a.state == State.SUBSCRIBED != b.state for a, b in edge.changes)
    return not left or edge.event.partition(" ")[0] in {"STOP", "UNSUBSCRIBE", "DEACTIVATE"}


def _silent_after_stop(edge: Edge) -> bool:
    silent = edge.before.state != State.UNSUBSCRIBED or edge.event in WRITTEN_BY_HANDSET
    return silent or edge.event == "STOP by web" or not edge.outcome.outbound


def _moves_one(edge: Edge) -> bool:
    moved = sum(a != b for a, b in edge.changes)
    all_at_once = edge.event in {"STOP", "STOP by web", "DEACTIVATE"} or "pass" in edge.event
    return all_at_once or moved <= 1


def _recorded(edge: Edge) -> bool:
    changed = sum(a.state != b.state for a, b in edge.changes)
    changed += edge.before.state != edge.outcome.contact.state
    return len(edge.outcome.records) >= changed


INVARIANTS: Mapping[str, Callable[[Edge], bool]] = {
    "at most one MT for an MO": _one_mt,
    "STOP ends every subscription, and the contact": _stops_all,
    "only its own handset or a resubscribe brings a subscription back": _back_by_itself,
    "a pending subscription is confirmed from the handset only": _confirmed_by_itself,
    "a Subscribed is ended by STOP, UNSUBSCRIBE or DEACTIVATE only": _never_demoted,
    "nothing is said to a contact that stopped until it writes": _silent_after_stop,
    "a keyword or a reply moves one programme only": _moves_one,
    "each change of state is recorded": _recorded,
}


PAIRS = tuple(combinations(OptInType, 2))


def prove_contacts(
    pairs: Sequence[tuple[OptInType, OptInType]] = PAIRS, flows: Mapping[str, Flow] | None = None
) -> Sequence[Proof]:
    """Walk every contact of a code with two programmes.

    Args:
        pairs: the opt-in types of the two; each two different ones where not given.
        flows: extended flows by keyword (`A`, `B`) that run instead, as in `Engine`.

    """
    return [_walk(f"{a} and {b}", Engine(_account(a, b), flows)) for a, b in pairs]


def _account(*types: OptInType) -> Account:
    programs = [
        {**RULES, "messageName": keyword, "keyword": keyword, "messageOptInType": kind}
        for keyword, kind in zip("AB", types, strict=True)
    ]
    return Account.from_dict({"codes": [CODE], "programs": programs})


def _walk(name: str, engine: Engine) -> Proof:
    start = Contact("+15555550123", "123456")
    ways: dict[object, tuple[str, ...]] = {_kind(start, BEGAN): ()}
    queue = deque([(start, BEGAN)])
    broken: dict[str, Broken] = {}
    edges = 0
    while queue:
        before, then = queue.popleft()
        way = ways[_kind(before, then)]
        for event, what, which in EVENTS:
            now = then + (A_DAY if what is None else A_MOMENT)
            edge = Edge.of(event, before, _outcome(engine, before, now, what, which))
            edges += 1
            for invariant, holds in INVARIANTS.items():
                if invariant not in broken and not holds(edge):
                    broken[invariant] = Broken(invariant, (*way, event))
            after = edge.outcome.contact
            if (kind := _kind(after, now)) not in ways:
                ways[kind] = (*way, event)
                queue.append((after, now))
    held = tuple(invariant for invariant in INVARIANTS if invariant not in broken)
    return Proof(name, len(ways), edges, held, tuple(broken.values()))


def _outcome(
    engine: Engine, contact: Contact, now: datetime, what: str | Hears | None, which: str
) -> Outcome:
    if what is None:
        return engine.tick(contact, now)
    if isinstance(what, Hears):
        keyword, _, again = which.partition(" ")
        return engine.instruct(contact, Instruction(what, now, keyword, bool(again)))
    return engine.receive(contact, Inbound(what, now, origin=which))


def _kind(contact: Contact, now: datetime) -> object:
    """Give what a contact is, with what is left of each time instead of the time itself."""
    asked = sorted(s.prompted_at for s in contact.subscriptions if s.prompted_at)
    return (
        contact.state,
        *((kind, _left(at + A_DAY, now)) for kind, at in contact.said),
        *(
            (
                s.keyword,
                s.state,
                s.prompt,
                s.prompted_at and asked.index(s.prompted_at),
                s.attempts,
                _left(s.expires_at, now),
                _left(s.remind_at, now),
                _left(s.locked_until, now),
                s.of_age_at is not None,
            )
            for s in contact.subscriptions
        ),
    )


def _left(at: datetime | None, now: datetime) -> int | None:
    """Give the hours that are left until then, none at the least; moments do not count."""
    return None if at is None else max(0, round((at - now) / timedelta(hours=1)))
