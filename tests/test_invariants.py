"""Each invariant of SPEC section 5: a turn that breaks it, and one like it that does not."""

from datetime import UTC, datetime

import pytest

from optin_engine.harness import starter
from optin_engine.harness.fuzzing.invariants import INVARIANTS, OneTurn, broken
from optin_engine.harness.rules import BY_ID
from optin_engine.harness.stories.story import Order, Ordered
from optin_engine.harness.targets.target import Came, Message
from optin_engine.vocabulary import Hears, Inbound, Origin, Reading, Verdict

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CODE = starter().code("123456")
NONE = {"NEWS": "None", "JOIN": "None", "WINE": "None"}
NOTHING_CHANGES: dict[str, str] = {}
OUT = dict.fromkeys(NONE, "Unsubscribed")
BY_HAND, BY_WEB = Inbound("", NOON), Inbound("", NOON, "", Origin.WEB)
SUBSCRIBE, RESUBSCRIBE = Order(Ordered.SUBSCRIBE, "NEWS"), Order(Ordered.RESUBSCRIBE, "NEWS")
ADULT, CHILD = Verdict.OLD_ENOUGH, Verdict.TOO_YOUNG


def turn(
    asked: Inbound | Order | None,
    heard: Hears | Verdict | None,
    before: dict[str, str] = NONE,
    *,
    says: tuple[str, ...] = (),
    then: dict[str, str] = NOTHING_CHANGES,
) -> OneTurn:
    """Give a turn; a verdict is heard of a birth date, and `then` has what changes."""
    verdict = heard if isinstance(heard, Verdict) else None
    hears = Hears.BIRTH_DATE if isinstance(heard, Verdict) else heard
    readings = () if hears is None else (Reading(hears, "a rule", verdict=verdict),)
    came = Came(tuple(Message("+15555550123", text) for text in says), None, readings)
    return OneTurn(CODE, asked, came, before, before | then)


# fmt: off
TURNS = {
    # of each invariant, in their order: what breaks it, and what does not
    "Subscribed": (
        turn(BY_HAND, Hears.JOIN, then={"JOIN": "Subscribed"}),
        turn(BY_HAND, Hears.YES, then={"JOIN": "Subscribed"}),
    ),
    "minimum age": (
        turn(BY_HAND, CHILD, then={"WINE": "Subscribed"}),
        turn(BY_HAND, ADULT, then={"WINE": "Subscribed"}),
    ),
    "never demoted": (
        turn(BY_HAND, Hears.JOIN, NONE | {"NEWS": "Subscribed"}, then={"NEWS": "None"}),
        turn(BY_HAND, Hears.STOP, NONE | {"NEWS": "Subscribed"}, then=OUT),
    ),
    "never out": (
        turn(SUBSCRIBE, Hears.SUBSCRIBE, OUT, then={"NEWS": "Subscribed"}),
        turn(RESUBSCRIBE, Hears.SUBSCRIBE, OUT, then={"NEWS": "Subscribed"}),
    ),
    "confirmed": (
        turn(BY_WEB, Hears.YES, then={"JOIN": "Subscribed"}),
        turn(BY_HAND, Hears.YES, then={"JOIN": "Subscribed"}),
    ),
    "at most one": (
        turn(BY_HAND, Hears.HELP, says=("Hi", "Hi")),
        turn(None, Hears.REMIND, says=("Hi", "Hi")),
    ),
    "STOP": (
        turn(BY_HAND, Hears.STOP, then=OUT | {"JOIN": "None"}),
        turn(BY_HAND, Hears.STOP, then=OUT),
    ),
    "nothing is said": (
        turn(None, Hears.REMIND, OUT, says=("Hi",)),
        turn(BY_HAND, Hears.HELP, OUT, says=("Hi",)),
    ),
}
# fmt: on


@pytest.mark.parametrize(("place", "name"), list(enumerate(TURNS)))
def test_each_invariant_tells_a_turn_that_breaks_it_from_one_that_does_not(
    place: int, name: str
) -> None:
    wrong, right = TURNS[name]
    law = INVARIANTS[place]
    assert name in law.says
    assert not law.holds(wrong)
    assert broken(wrong) is not None
    assert broken(right) is None


def test_every_invariant_has_its_turns_and_a_rule_of_spec() -> None:
    assert len(TURNS) == len(INVARIANTS)
    assert {law.rule for law in INVARIANTS} <= set(BY_ID)


@pytest.mark.parametrize(
    "name", ["Subscribed", "minimum age", "never demoted", "confirmed", "STOP"]
)
def test_what_a_target_does_not_tell_breaks_nothing(name: str) -> None:
    wrong, _ = TURNS[name]
    untold = OneTurn(CODE, wrong.asked, Came(), wrong.before, wrong.after)
    law = next(law for law in INVARIANTS if name in law.says)
    assert law.holds(untold)


def test_an_agents_stop_may_be_confirmed_once_and_no_other_order_says_a_word() -> None:
    stop, subscribe = Order(Ordered.STOP), SUBSCRIBE
    assert broken(turn(stop, Hears.STOP, says=(CODE.stop,), then=OUT)) is None
    assert (
        broken(turn(subscribe, Hears.SUBSCRIBE, says=("Hi",), then={"NEWS": "Subscribed"}))
        is not None
    )
