"""The engine against the oracle, and the laws of SPEC sections 5 to 8, on random conversations."""

from datetime import datetime, timedelta
from typing import Any

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from optin_engine import consent
from optin_engine.engine import Engine
from optin_engine.harness.fuzzing.invariants import OneTurn, broken
from optin_engine.harness.fuzzing.oracle import Heard, Phone
from optin_engine.harness.stories.story import Order, Ordered
from optin_engine.harness.targets.target import Came, Message
from optin_engine.outcome import ConsentRecord
from optin_engine.vocabulary import (
    Contact,
    Hears,
    State,
    from_json,
    to_json,
)
from tests import strategies
from tests.playing import Codes, Turn, engine_of, happen, play, said, states
from tests.strategies import NUMBERS, Event


def happen_to(phone: Phone, event: Event, at: datetime) -> Heard:
    if event.text is not None:
        return phone.receive(event.text, at, event.origin)
    if event.order is not None:
        return phone.instruct(event.order, event.keyword, at, resubscribe=event.resubscribe)
    return phone.tick(at), ""


@given(codes=strategies.codes(), conversation=strategies.conversations())
def test_every_turn_of_any_conversation_is_the_oracles(
    codes: Codes, conversation: list[Event]
) -> None:
    phones = [Phone(*codes) for _ in NUMBERS]
    for turn in play(engine_of(codes), conversation):
        phone, outcome = phones[turn.event.phone], turn.outcome
        expected = happen_to(phone, turn.event, turn.at)
        subscriptions = {key: sub["state"] for key, sub in phone.subscriptions.items()}
        assert (said(outcome), outcome.refused or "") == expected
        assert states(outcome.contact) == {"": phone.state} | subscriptions


@given(codes=strategies.codes(), conversation=strategies.conversations())
def test_a_contact_written_out_and_read_back_between_two_turns_changes_nothing(
    codes: Codes, conversation: list[Event]
) -> None:
    engine = engine_of(codes)
    reread = play(engine, conversation, lambda c, _: from_json(Contact, to_json(c)))
    assert [turn.outcome for turn in reread] == [t.outcome for t in play(engine, conversation)]


@given(codes=strategies.codes(), conversation=strategies.conversations())
def test_an_engine_remembers_nothing_between_two_turns(
    codes: Codes, conversation: list[Event]
) -> None:
    turns = play(engine_of(codes), conversation)
    fresh = engine_of(codes)
    for turn in reversed(turns):
        assert happen(fresh, turn.before, turn.event, turn.at) == turn.outcome


@given(codes=strategies.codes(), conversation=strategies.conversations(backwards=False))
def test_it_makes_no_difference_to_an_mo_whether_a_timer_fired_at_every_deadline(
    codes: Codes, conversation: list[Event]
) -> None:
    engine = engine_of(codes)
    conversation = [event for event in conversation if event.text is not None]

    def with_a_timer(contact: Contact, at: datetime) -> Contact:
        while (deadline := engine.next_deadline(contact)) is not None and deadline <= at:
            ticked = engine.tick(contact, deadline).contact
            assert ticked != contact, "a deadline that has passed is no longer next"
            contact = ticked
        return contact

    lazy, punctual = play(engine, conversation), play(engine, conversation, with_a_timer)
    for one, other in zip(lazy, punctual, strict=True):
        assert said(one.outcome) == said(other.outcome)
        assert one.outcome.refused == other.outcome.refused
        assert states(one.outcome.contact) == states(other.outcome.contact)


@given(codes=strategies.codes(), conversation=strategies.conversations())
def test_the_invariants_of_spec_hold_in_every_turn(codes: Codes, conversation: list[Event]) -> None:
    engine = engine_of(codes)
    for turn in play(engine, conversation):
        assert broken(seen_from_outside(turn, engine)) is None


def seen_from_outside(turn: Turn, engine: Engine) -> OneTurn:
    """Give a turn as the invariants look at it."""
    code, outcome, event = engine.account.code(turn.before.code), turn.outcome, turn.event
    came = Came(
        tuple(Message(turn.before.number, mt.text) for mt in outcome.outbound),
        outcome.refused,
        (outcome.reading,),
    )
    asked = event.inbound(turn.at) if turn.is_mo else ordered(event)
    before, after = (
        {p.keyword: contact.subscription(p.keyword).state for p in code.programs}
        for contact in (turn.before, outcome.contact)
    )
    return OneTurn(code, asked, came, before, after)


def ordered(event: Event) -> Order | None:
    if event.order is None:
        return None
    resubscribes = event.resubscribe and event.order == Hears.SUBSCRIBE
    return Order(Ordered.RESUBSCRIBE if resubscribes else Ordered(event.order), event.keyword)


@given(codes=strategies.codes(), conversation=strategies.conversations())
def test_the_records_alone_retell_every_state_and_their_chain_verifies(
    codes: Codes, conversation: list[Event]
) -> None:
    turns = play(engine_of(codes), conversation)
    for phone, number in enumerate(NUMBERS):
        told, records = {"": str(State.NONE)}, list[ConsentRecord]()
        for turn in turns:
            if turn.event.phone == phone:
                retell(told, turn)
                records += turn.outcome.records
        assert consent.verify(records) is None
        assert {record.number for record in records} <= {number}


def retell(told: dict[str, str], turn: Turn) -> None:
    """Apply the records of a turn to the states told so far; they must be the contact's."""
    for record in turn.outcome.records:
        assert record.from_state == told.get(record.keyword, told[""])
        assert record.from_state != record.to_state
        assert record.at <= turn.at if record.event == Hears.EXPIRE else record.at == turn.at
        told[record.keyword] = record.to_state
    # One that is older than the last STOP is stale, and nothing is forgotten.
    if turn.event.order == Hears.DEACTIVATE and turn.outcome.refused is None:
        assert set(told.values()) == {State.NONE}
        told.clear()
        told[""] = State.NONE
    assert states(turn.outcome.contact) == told
    assert len(turn.outcome.records) == sum(
        s.row.source != s.row.target for s in turn.outcome.steps
    )


@given(
    codes=strategies.codes(),
    conversation=strategies.conversations(),
    at=st.integers(0),
    field=st.sampled_from([f.name for f in attrs.fields(ConsentRecord)]),
)
def test_a_record_changed_left_out_or_doubled_breaks_the_chain(
    codes: Codes, conversation: list[Event], at: int, field: str
) -> None:
    turns = play(engine_of(codes), conversation)
    records = [r for turn in turns if turn.event.phone == 0 for r in turn.outcome.records]
    assume(records)
    at %= len(records)
    value = getattr(records[at], field)
    more: Any = {int: 1, datetime: timedelta(1)}.get(type(value), "x")
    changed = attrs.evolve(records[at], **{field: value + more})
    assert consent.verify([*records[:at], changed, *records[at + 1 :]]) is not None
    assert consent.verify([*records[: at + 1], *records[at:]]) is not None
    assert consent.verify(records[at + 1 :]) is None or at + 1 < len(records)
    if at + 1 < len(records):
        assert consent.verify([*records[:at], *records[at + 1 :]]) is not None
