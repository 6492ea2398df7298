"""A Text Response answers, and leaves everything else as it is, whoever asks and whatever was."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optin_engine import consent
from optin_engine.account import Account
from optin_engine.engine import Engine
from optin_engine.vocabulary import Hears, Inbound, Instruction, Origin, State
from tests import strategies
from tests.playing import EMPTY, Codes, engine_of, happen, happenings, play, states
from tests.strategies import BEGIN, CODE, KEYWORDS, Definition, Event

ANSWER = "Acme: pumpkin soup"
SOUP = {
    **CODE, "messageName": "Soup", "keyword": "SOUP", "messageOptInType": "Text",
    "responseMessage": ANSWER,
}  # fmt: skip
LAWFUL_ENDS = {Hears.STOP, Hears.UNSUBSCRIBE, Hears.DEACTIVATE}


def with_soup(codes: Codes, **more: Any) -> Engine:
    code, programs = codes
    return engine_of((code, [*programs, {**SOUP, **more}]))


def as_text(programs: list[Definition]) -> list[Definition]:
    """Give what became of programmes whose opt-in type was changed, and nothing else."""
    return [
        {"responseMessage": ANSWER, **program, "messageOptInType": "Text"} for program in programs
    ]


@settings(max_examples=30)
@given(strategies.codes(), strategies.conversations(backwards=False), st.sampled_from(Origin))
def test_asking_changes_nothing_and_records_nothing_wherever_anybody_stands(
    codes: Codes, conversation: list[Event], origin: Origin
) -> None:
    engine = with_soup(codes)
    turns = play(engine, conversation)
    contact, at = turns[-1].outcome.contact, turns[-1].at
    passed = engine.tick(contact, at)
    asked = engine.receive(contact, Inbound("Soup please", at, "", origin))
    assert (asked.contact, asked.records) == (passed.contact, passed.records)
    texts = [outbound.text for outbound in asked.outbound]
    assert texts == ([ANSWER] if origin == Origin.HANDSET else [])
    assert bool(asked.refused) == (origin != Origin.HANDSET)


@settings(max_examples=30)
@given(strategies.codes(), strategies.conversations(backwards=False))
def test_a_form_that_may_ask_is_answered_for_everybody_but_who_opted_out(
    codes: Codes, conversation: list[Event]
) -> None:
    engine = with_soup(codes, allowSingleOptIn=True)
    turns = play(engine, conversation)
    contact, at = turns[-1].outcome.contact, turns[-1].at
    asked = engine.receive(contact, Inbound("SOUP", at, "", Origin.WEB))
    is_out = contact.state == State.UNSUBSCRIBED
    assert [outbound.text for outbound in asked.outbound] == ([] if is_out else [ANSWER])
    assert asked.refused == ("opted out" if is_out else None)
    assert asked.contact == engine.tick(contact, at).contact


@settings(max_examples=30)
@given(strategies.codes(), strategies.conversations(), strategies.conversations())
def test_a_programme_that_becomes_one_takes_no_consent_away_and_wins_none(
    codes: Codes, before: list[Event], after: list[Event]
) -> None:
    code, programs = codes
    contacts = list(EMPTY)
    for turn in play(engine_of(codes), before):
        contacts[turn.event.phone] = turn.outcome.contact
    became = engine_of((code, as_text(programs)))
    for event, at in happenings(after):
        was = contacts[event.phone]
        outcome = happen(became, was, event, at)
        contacts[event.phone] = outcome.contact
        stood, stands = states(was), states(outcome.contact)
        moved = {word for word, state in stood.items() if stands.get(word, State.NONE) != state}
        lost = {word for word in moved if stood[word] == State.SUBSCRIBED}
        assert not lost or outcome.reading.hears in LAWFUL_ENDS
        assert State.SUBSCRIBED not in {stands.get(word) for word in moved}
        assert len(outcome.records) >= len(moved)


@pytest.mark.parametrize("keyword", KEYWORDS[:2])
@pytest.mark.parametrize("hears", [Hears.UNSUBSCRIBE, Hears.DEACTIVATE])
def test_who_joined_before_it_was_one_is_ended_by_order_and_that_is_recorded(
    hears: Hears, keyword: str
) -> None:
    code = {**CODE, **strategies.CODE_TEXTS}
    single = [
        {**SOUP, "messageName": word, "keyword": word, "messageOptInType": "Single"}
        for word in KEYWORDS
    ]
    joined = engine_of((code, single)).receive(EMPTY[0], Inbound(keyword, BEGIN))
    became = Engine(Account.from_dict(strategies.account(code, as_text(single))))
    ended = became.instruct(joined.contact, Instruction(hears, BEGIN, keyword))
    assert [(r.from_state, r.event) for r in ended.records] == [(State.SUBSCRIBED, hears)]
    assert consent.verify([*joined.records, *ended.records]) is None
    assert State.SUBSCRIBED not in states(ended.contact).values()
