"""Conversations played on an engine, turn by turn."""

from collections.abc import Callable, Iterator
from datetime import datetime

import attrs

from optin_engine.account import Account
from optin_engine.engine import Engine
from optin_engine.outcome import Outcome
from optin_engine.vocabulary import Contact
from tests import strategies
from tests.strategies import BEGIN, NUMBERS, Definition, Event

Codes = tuple[Definition, list[Definition]]
EMPTY = tuple(Contact(number, strategies.CODE["shortCode"]) for number in NUMBERS)


@attrs.frozen
class Turn:
    """One turn of a conversation: the contact before it, what happened when, what came of it."""

    before: Contact
    event: Event
    at: datetime
    outcome: Outcome

    @property
    def is_mo(self) -> bool:
        return self.event.text is not None


def engine_of(codes: Codes) -> Engine:
    return Engine(Account.from_dict(strategies.account(*codes)))


def happenings(conversation: list[Event]) -> Iterator[tuple[Event, datetime]]:
    """Give each event and its moment; a duplicate happens twice at the same one."""
    at = BEGIN
    for event in conversation:
        at += event.after
        yield event, at
        if event.again:
            yield event, at


def happen(engine: Engine, contact: Contact, event: Event, at: datetime) -> Outcome:
    if event.text is not None:
        return engine.receive(contact, event.inbound(at))
    if event.order is not None:
        return engine.instruct(contact, event.instruction(at))
    return engine.tick(contact, at)


def play(
    engine: Engine,
    conversation: list[Event],
    meanwhile: Callable[[Contact, datetime], Contact] = lambda contact, _: contact,
) -> list[Turn]:
    """Play a conversation; `meanwhile` is what happens to a contact right before a turn."""
    contacts, turns = list(EMPTY), []
    for event, at in happenings(conversation):
        before = meanwhile(contacts[event.phone], at)
        outcome = happen(engine, before, event, at)
        contacts[event.phone] = outcome.contact
        turns.append(Turn(before, event, at, outcome))
    return turns


def states(contact: Contact) -> dict[str, str]:
    """Give the state of the contact itself, under an empty keyword, and of each subscription."""
    return {"": contact.state} | {s.keyword: s.state for s in contact.subscriptions}


def said(outcome: Outcome) -> list[tuple[str, str]]:
    return [(outbound.kind, outbound.text) for outbound in outcome.outbound]
