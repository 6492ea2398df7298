"""The invariants of SPEC section 5, each a law that one turn of any conversation keeps.

They look at a turn from outside, at what a target tells of it; what it does not tell breaks
nothing. The last of SPEC's, that an outcome depends on nothing but definitions, contact and MO,
is none of a single turn: the tests play turns anew, and out of order, for that.
"""

from collections.abc import Callable, Mapping, Sequence

import attrs

from optin_engine.harness.stories.story import Order, Ordered
from optin_engine.harness.targets.target import Came
from optin_engine.program import Code
from optin_engine.vocabulary import Hears, Inbound, OptInType, Origin, State, Verdict

JOINING = (Hears.JOIN, Hears.START)
ENTERING = (*JOINING, Hears.SUBSCRIBE)
RETURNING = (*JOINING, None)
CONFIRMING = (Hears.YES, Hears.BIRTH_DATE)
SUBSCRIBING = (Ordered.SUBSCRIBE, Ordered.RESUBSCRIBE)
LIFTING = (Ordered.RESUBSCRIBE, Ordered.DEACTIVATE)

# A programme is entered by what its opt-in type says, and by nothing else.
WAYS_IN: Mapping[OptInType, tuple[str, ...]] = {
    OptInType.SINGLE: JOINING,
    OptInType.DOUBLE: (Hears.YES,),
    OptInType.AGE: (Hears.BIRTH_DATE,),
    OptInType.TEXT: (),
}


@attrs.frozen
class OneTurn:
    """One turn of one contact on one code.

    Attributes:
        code: the code.
        asked: what was texted or ordered; None where time passed.
        came: what came of it, as far as it went to this contact.
        before, after: the state of each programme of the code, by keyword.
        heard: what the target took it for; None where it does not tell.
        moved: the keywords whose states changed.

    """

    code: Code
    asked: Inbound | Order | None
    came: Came
    before: Mapping[str, str]
    after: Mapping[str, str]
    heard: str | None = attrs.field(init=False)
    moved: Sequence[str] = attrs.field(init=False)

    @heard.default
    def _last_heard(self) -> str | None:
        return self.came.readings[-1].hears if self.came.readings else None

    @moved.default
    def _all_moved(self) -> Sequence[str]:
        return [word for word, was in self.before.items() if was != self.after[word]]

    @property
    def ordered(self) -> Ordered | None:
        """What an agent ordered."""
        return self.asked.order if isinstance(self.asked, Order) else None

    @property
    def is_by_hand(self) -> bool:
        """Whether the contact's own handset texted it."""
        return isinstance(self.asked, Inbound) and self.asked.origin == Origin.HANDSET

    def into(self, state: str) -> Sequence[str]:
        """Give the keywords whose programmes came into a state."""
        return [word for word in self.moved if self.after[word] == state]

    def out_of(self, state: str) -> Sequence[str]:
        """Give the keywords whose programmes left a state."""
        return [word for word in self.moved if self.before[word] == state]

    def types(self, keyword: str) -> set[OptInType]:
        """Give the opt-in types of a keyword: several where its programmes follow each other."""
        return {p.opt_in_type for p in self.code.programs if p.keyword == keyword}


def _is_entered_rightly(turn: OneTurn) -> bool:
    joined, heard = turn.into(State.SUBSCRIBED), turn.heard
    if not joined or heard is None or turn.ordered in SUBSCRIBING:
        return True
    return all(any(heard in WAYS_IN[kind] for kind in turn.types(word)) for word in joined)


def _is_of_age(turn: OneTurn) -> bool:
    if turn.heard != Hears.BIRTH_DATE or not turn.into(State.SUBSCRIBED):
        return True
    return turn.came.readings[-1].verdict == Verdict.OLD_ENOUGH


def _is_not_demoted(turn: OneTurn) -> bool:
    return turn.heard not in ENTERING or not turn.out_of(State.SUBSCRIBED)


def _came_back_itself(turn: OneTurn) -> bool:
    if not turn.out_of(State.UNSUBSCRIBED) or turn.ordered in LIFTING:
        return True
    return turn.is_by_hand and turn.heard in RETURNING


def _is_confirmed_by_hand(turn: OneTurn) -> bool:
    is_answer = turn.heard in CONFIRMING
    return not is_answer or turn.is_by_hand or not turn.into(State.SUBSCRIBED)


def _is_one_mt_at_most(turn: OneTurn) -> bool:
    is_mo = isinstance(turn.asked, Inbound) or turn.ordered == Ordered.STOP
    return turn.asked is None or len(turn.came.said) <= is_mo


def _is_stopped(turn: OneTurn) -> bool:
    obeyed = turn.heard == Hears.STOP and not turn.came.refused
    return not obeyed or set(turn.after.values()) <= {State.UNSUBSCRIBED}


def _is_silent_after_stop(turn: OneTurn) -> bool:
    if turn.is_by_hand or set(turn.before.values()) != {State.UNSUBSCRIBED}:
        return True
    return all(message.text == turn.code.stop for message in turn.came.said)


ENTERED = "Subscribed is entered only by Single's JOIN, Double's YES, Age's verdict or SUBSCRIBE"
OUT = (
    "never out of Unsubscribed except by JOIN or START from the contact's own handset, an"
    " explicit resubscribe, or DEACTIVATE"
)


@attrs.frozen
class Invariant:
    """A law: as SPEC says it, the rule of `harness.rules` that breaks it, and whether it holds."""

    says: str
    rule: str
    holds: Callable[[OneTurn], bool]


# fmt: off
INVARIANTS = tuple(Invariant(*row) for row in (
    # as SPEC says it                                                        rule                   holds
    (ENTERED,                                                                "double-join",         _is_entered_rightly),
    ("never below the minimum age",                                          "age-refuses",         _is_of_age),
    ("never demoted by JOIN",                                                "duplicate",           _is_not_demoted),
    (OUT,                                                                    "own-handset",         _came_back_itself),
    ("confirmed (YES, BIRTH_DATE) only from the handset",                    "confirmed-by-handset", _is_confirmed_by_hand),
    ("at most one MT per MO",                                                "one-mt",              _is_one_mt_at_most),
    ("STOP from any state ends in Unsubscribed",                             "stop-ends-all",       _is_stopped),
    ("nothing is said after the stopMessage until the contact writes again", "silent-after-stop",   _is_silent_after_stop),
))
# fmt: on


def broken(turn: OneTurn) -> Invariant | None:
    """Give the first invariant that a turn breaks, if it breaks any."""
    return next((law for law in INVARIANTS if not law.holds(turn)), None)
