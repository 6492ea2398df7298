"""Any text whatever has an outcome, and no birth date is kept of any."""

import re
from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from optin_engine import consent
from optin_engine.outcome import Outcome
from optin_engine.vocabulary import (
    Contact,
    Hears,
    Inbound,
    Instruction,
    Origin,
    State,
    from_json,
    to_json,
)
from tests import strategies
from tests.playing import EMPTY, Codes, Turn, engine_of, play, states
from tests.strategies import BEGIN, Event

AGE = {
    "messageName": "Adults",
    "keyword": "ADULT",
    "messageOptInType": "Age",
    "doubleOptinInitialMessage": "How old?",
    "doubleOptinConfirmationMessage": "In!",
    "optInErrorMessage": "Pardon?",
    "optInInvalidAgeMessage": "Sorry",
    "minimumAge": 21,
    **strategies.CODE,
}
DOUBLE = {
    "messageName": "Club",
    "keyword": "CLUB",
    "messageOptInType": "Double",
    "doubleOptinInitialMessage": "Sure?",
    "doubleOptinConfirmationMessage": "In!",
    "optInErrorMessage": "Pardon?",
    **strategies.CODE,
}
GATED: Codes = (strategies.CODE | strategies.CODE_TEXTS, [AGE, DOUBLE])
WRAPPINGS = (
    "{}",
    "my birthday is {}",
    "ADULT {}",
    "STOP {}",
    "CLUB {}",
    "HELP {}",
    "yes {}",
    "{}?",
)
SHAPES = ("%m/%d/%Y", "%Y-%m-%d", "%d.%m.%Y", "%m%d%Y", "%B %d, %Y")
HASHES = re.compile(r"[0-9a-f]{64}")


def kept(turns: list[Turn]) -> tuple[str, str]:
    """Give all that a conversation leaves, as text, its digests apart."""
    outcomes = [
        attrs.evolve(turn.outcome, contact=attrs.evolve(turn.outcome.contact, chain=b""))
        for turn in turns
    ]
    return HASHES.sub("#", repr(outcomes)), HASHES.sub("#", repr(to_json(outcomes)))


@given(
    first=st.sampled_from(("ADULT", "CLUB", "hello")),
    wrapping=st.sampled_from(WRAPPINGS),
    shape=st.sampled_from(SHAPES),
    born=st.dates(date(1930, 10, 10), date(1999, 12, 28)),
)
def test_nothing_that_is_kept_of_a_conversation_holds_a_digit_of_a_birth_date(
    first: str, wrapping: str, shape: str, born: date
) -> None:
    text = wrapping.format(born.strftime(shape))
    other = wrapping.format(born.replace(year=born.year + 1, day=min(born.day, 28)).strftime(shape))
    conversation = [[Event(0, timedelta(), said) for said in (first, given, "STOP")]
                    for given in (text, other)]  # fmt: skip
    engine = engine_of(GATED)
    one, two = (kept(play(engine, turns)) for turns in conversation)
    assert one == two, "nor does anything depend on it but the verdict"
    for kind in one:
        assert str(born.year) not in kind


ANYTHING = st.one_of(
    st.text(st.characters(codec=None, exclude_categories=())),
    st.text(st.characters(codec=None, exclude_categories=()), min_size=1).map(
        lambda piece: (piece * 5000)[:5000]
    ),
    st.lists(
        st.sampled_from(
            ("stop", "ADULT", "yes", "5/6/2020", "\u200f", "\ud83d", "\0", "\u0301", "'", " ", "1")
        )
    ).map("".join),
)
STATES: dict[str, tuple[str, ...]] = {
    "new": (),
    "asked": ("CLUB",),
    "asked for an age": ("ADULT",),
    "asked twice": ("ADULT", "CLUB"),
    "subscribed": ("ADULT", "25"),
    "declined": ("ADULT", "5"),
    "out": ("CLUB", "STOP"),
}


@pytest.mark.parametrize("before", STATES)
@given(text=ANYTHING, origin=st.sampled_from(Origin))
@example(text="\ud800" * 5000, origin=Origin.HANDSET)
@example(text="\u0e33" * 5000, origin=Origin.HANDSET)
def test_any_text_whatever_in_any_state_gives_an_outcome_that_can_be_kept(
    before: str, text: str, origin: Origin
) -> None:
    engine = engine_of(GATED)
    turns = play(engine, [Event(0, timedelta(), earlier) for earlier in STATES[before]])
    contact = turns[-1].outcome.contact if turns else EMPTY[0]
    outcome = engine.receive(contact, Inbound(text, BEGIN, "id", origin))
    assert isinstance(outcome.reading.hears, Hears)
    assert from_json(Contact, to_json(outcome.contact)) == outcome.contact
    records = [r for turn in turns for r in turn.outcome.records] + list(outcome.records)
    assert consent.verify(records) is None
    plain: Any = to_json(outcome)
    assert from_json(Outcome, plain) == outcome


def test_an_order_for_a_keyword_is_obeyed_in_any_case() -> None:
    order = Instruction(Hears.SUBSCRIBE, BEGIN, "club")
    outcome = engine_of(GATED).instruct(EMPTY[0], order)
    assert states(outcome.contact)["CLUB"] == State.SUBSCRIBED


def test_too_young_an_age_takes_back_that_the_contact_once_passed_the_gate() -> None:
    texts = ("ADULT", "25", "STOP", "ADULT", "5", "STOP")
    turns = play(engine_of(GATED), [Event(0, timedelta(), text) for text in texts])
    order = Instruction(Hears.SUBSCRIBE, BEGIN, "ADULT", resubscribe=True)
    passed, declined = turns[2].outcome.contact, turns[-1].outcome.contact
    assert engine_of(GATED).instruct(passed, order).state == State.SUBSCRIBED
    assert engine_of(GATED).instruct(declined, order).refused == "age not confirmed"
