"""What the tests of sends share: contacts that join and leave with their records, and sends."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import attrs

from optin_engine import consent
from optin_engine.outcome import ConsentRecord
from optin_engine.stores import (
    Changes,
    Due,
    Fate,
    Member,
    Send,
    SendKind,
    SendState,
    Settlement,
    Store,
    Text,
    Withdrawal,
)
from optin_engine.vocabulary import Contact, State, Subscription
from tests.store_contract import CODE, NOW

TEXT = Text("Ice cream!", "GSM-7", 1)
# So many contacts are in one batch.
MOST = 5_000


def number_of(place: int) -> str:
    return f"+1555555{place:04d}"


def becomes(
    store: Store, number: str, states: Sequence[tuple[str, State]], code: str = CODE
) -> list[ConsentRecord]:
    """Let programmes of a contact, or the contact itself (no keyword), reach states."""
    records = []
    with store.batch([(code, number)]) as batch:
        contact = batch.contacts.get((code, number), Contact(number, code))
        for keyword, state in states:
            before = _state(contact, keyword)
            words = (before, state, "JOIN", "handset", "keyword first", "", "d" * 64)
            fields = (contact.sequence + 1, NOW, code, keyword, *words, number, "SM1", "join us")
            record = consent.write(contact.chain, fields)
            records.append(record)
            contact = _with(contact, keyword, state, bytes.fromhex(record.digest))
        batch.commit(Changes([Due(contact, None)], records=records))
    return records


def join(store: Store, number: str, keyword: str = "JOIN", code: str = CODE) -> int:
    """Subscribe a contact, and give the sequence of its consent record."""
    (record,) = becomes(store, number, [(keyword, State.SUBSCRIBED)], code)
    return record.sequence


def subscribe_all(
    store: Store, numbers: Sequence[str], keyword: str, code: str, at: datetime
) -> None:
    """Let many have asked for a Double programme and said yes, by whole batches of them."""
    for start in range(0, len(numbers), MOST):
        portion = numbers[start : start + MOST]
        contacts, records = [], []
        for number in portion:
            chain, state = b"", State.NONE
            for sequence, target in enumerate((State.IN_PROGRESS, State.SUBSCRIBED), 1):
                words = (state, target, "YES", "handset", "whole text", "", "d" * 64)
                fields = (sequence, at, code, keyword, *words, number, f"SM{number}", "yes")
                records.append(consent.write(chain, fields))
                chain, state = bytes.fromhex(records[-1].digest), target
            joined = (Subscription(keyword, state, since=at),)
            contact = Contact(number, code, State.NONE, joined, None, (), 2, chain)
            contacts.append(Due(contact, None))
        with store.batch([(code, number) for number in portion]) as batch:
            batch.commit(Changes(contacts, records))


def stop(store: Store, number: str, keyword: str = "", at: datetime = NOW) -> None:
    """Let a contact leave the code, or one programme of it, as the service does it."""
    with store.batch([(CODE, number)]) as batch:
        known, base = batch.contacts[CODE, number], batch.base
    out = [s.keyword for s in known.subscriptions if keyword in {"", s.keyword}]
    out += [] if keyword else [""]
    becomes(store, number, [(each, State.UNSUBSCRIBED) for each in out])
    with store.batch([(CODE, number)]) as batch:
        assert batch.base > base
        batch.commit(Changes(withdrawn=[Withdrawal(CODE, number, keyword, batch.base, at)]))


def a_list(store: Store, name: str, *numbers: str) -> int:
    made = store.lists.make(name, NOW)
    store.lists.fill(made.id, map(Member, numbers))
    return made.id


def a_send(**fields: Any) -> Send:
    given: dict[str, Any] = {"kind": SendKind.LIST, "code": CODE, "keyword": "NEWS"}
    fixed: dict[str, Any] = {"message": 30, "version": 1, "text": TEXT, "at": NOW}
    return Send(**{"id": 0, **given, **fixed, **fields})


def add(store: Store, *targets: int, **fields: Any) -> int:
    return store.sends.add(a_send(targets=targets, **fields)).id


def enqueue_all(store: Store, send: int, limit: int = 1000, now: datetime = NOW) -> Send:
    progress = store.sends.enqueue(send, limit, now)
    while progress.begins(now):
        progress = store.sends.enqueue(send, limit, now)
    return progress


def sent_to(store: Store, *numbers: str, **fields: Any) -> int:
    """Let numbers join, and queue a send to them."""
    for number in numbers:
        join(store, number)
    send = store.sends.add(a_send(kind=SendKind.CONTACT, **fields), [Member(n) for n in numbers])
    assert enqueue_all(store, send.id).state == SendState.STARTED
    return send.id


def told(store: Store, send: int) -> list[tuple[str, Fate]]:
    return [(mt.number, mt.fate) for mt in store.sends.mts(send)]


def settle(store: Store, mts: Sequence[int], fate: Fate = Fate.SENT, **fields: Any) -> None:
    store.settle([Settlement(mt, fate, NOW, **fields) for mt in mts])


def _state(contact: Contact, keyword: str) -> State:
    if not keyword:
        return State(contact.state)
    states = {s.keyword: State(s.state) for s in contact.subscriptions}
    return states.get(keyword, State.NONE)


def _with(contact: Contact, keyword: str, state: State, chain: bytes) -> Contact:
    others = tuple(s for s in contact.subscriptions if s.keyword != keyword)
    # Who joins again is not out of the code any more.
    itself = state if not keyword else State.NONE if state == State.SUBSCRIBED else contact.state
    subscriptions = (*others, Subscription(keyword, state)) if keyword else others
    return attrs.evolve(
        contact,
        state=itself,
        subscriptions=subscriptions,
        sequence=contact.sequence + 1,
        chain=chain,
    )
