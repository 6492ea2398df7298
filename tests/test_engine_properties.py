"""The engine against the oracle, and the laws of SPEC sections 5 to 8, on random conversations."""

from datetime import datetime, timedelta
from typing import Any

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from optin_engine import consent
from optin_engine.outcome import ConsentRecord
from optin_engine.vocabulary import (
    Contact,
    Hears,
    OptInType,
    Origin,
    Says,
    State,
    from_json,
    to_json,
)
from tests import strategies
from tests.oracle import Heard, Phone
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
def test_the_laws_of_consent_hold_in_every_turn(codes: Codes, conversation: list[Event]) -> None:
    types = {p["keyword"]: OptInType(p["messageOptInType"]) for p in codes[1]}
    for turn in play(engine_of(codes), conversation):
        check_one_mt_at_most(turn)
        check_stop(turn)
        check_what_joins_never_demotes(turn)
        for keyword, opt_in_type in types.items():
            before = turn.before.subscription(keyword).state
            after = turn.outcome.contact.subscription(keyword).state
            if before != after == State.SUBSCRIBED:
                check_entry(turn, opt_in_type)
            if before == State.UNSUBSCRIBED != after:
                check_return(turn)


def check_one_mt_at_most(turn: Turn) -> None:
    """An order says nothing, an MO gets one MT at most, and so does a tick."""
    assert len(turn.outcome.outbound) <= (turn.event.order is None)


def check_stop(turn: Turn) -> None:
    """STOP from any state, from anywhere, ends in Unsubscribed everywhere."""
    stale = turn.before.stopped_at is not None and turn.at < turn.before.stopped_at
    if turn.is_mo and turn.outcome.reading.hears == Hears.STOP and not stale:
        assert set(states(turn.outcome.contact).values()) == {State.UNSUBSCRIBED}


def check_what_joins_never_demotes(turn: Turn) -> None:
    """JOIN, SUBSCRIBE and START leave every Subscribed programme Subscribed."""
    if turn.outcome.reading.hears in (Hears.JOIN, Hears.SUBSCRIBE, Hears.START):
        for subscription in turn.before.subscriptions:
            if subscription.state == State.SUBSCRIBED:
                after = turn.outcome.contact.subscription(subscription.keyword)
                assert after.state == State.SUBSCRIBED


def check_entry(turn: Turn, opt_in_type: OptInType) -> None:
    """Subscribed is entered as its opt-in type allows, and confirmed only by the handset."""
    heard = turn.outcome.reading.hears
    if heard == Hears.SUBSCRIBE:
        assert turn.event.order == Hears.SUBSCRIBE
    elif opt_in_type == OptInType.SINGLE:
        assert heard in (Hears.JOIN, Hears.START)
    else:
        assert turn.event.origin == Origin.HANDSET
        assert heard == (Hears.YES if opt_in_type == OptInType.DOUBLE else Hears.BIRTH_DATE)
    if heard == Hears.BIRTH_DATE:
        assert turn.outcome.reading.verdict == "old_enough"


def check_return(turn: Turn) -> None:
    """Only the contact's own handset, an explicit resubscribe or a reassignment lift a STOP."""
    event = turn.event
    if event.order is None:
        assert turn.is_mo
        assert event.origin == Origin.HANDSET
        assert turn.outcome.reading.hears in (Hears.JOIN, Hears.START)
    else:
        assert event.resubscribe or event.order == Hears.DEACTIVATE


@given(codes=strategies.codes(), conversation=strategies.conversations())
def test_after_the_stop_message_nothing_is_said_until_the_contact_writes_again(
    codes: Codes, conversation: list[Event]
) -> None:
    stopped = dict.fromkeys(range(len(NUMBERS)), False)
    for turn in play(engine_of(codes), conversation):
        kinds, phone = [kind for kind, _ in said(turn.outcome)], turn.event.phone
        if turn.is_mo and turn.event.origin == Origin.HANDSET:
            stopped[phone] = False
        if stopped[phone] and turn.outcome.contact.state == State.UNSUBSCRIBED:
            assert set(kinds) <= {Says.STOP}
        stopped[phone] = stopped[phone] or Says.STOP in kinds


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
