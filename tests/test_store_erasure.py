"""The contract of all stores: chains of consent records, and what `erase` leaves."""

from optin_engine import consent
from optin_engine.outcome import ConsentRecord
from optin_engine.stores import (
    Backlog,
    Changes,
    Due,
    Erased,
    Fate,
    Mo,
    Store,
)
from optin_engine.vocabulary import Contact, State, Subscription
from tests.store_contract import (
    ANNE,
    BILL,
    CODE,
    LEASE,
    NOW,
    change,
    keys,
    mo,
    mt,
    say,
    settle,
)


def linked(number: str, count: int = 2) -> list[ConsentRecord]:
    """Give a chain of records."""
    records, previous = list[ConsentRecord](), b""
    for place in range(1, count + 1):
        states = ("None", "In Progress", "JOIN", "handset", "keyword first", "", "d" * 64)
        fields = (place, NOW, CODE, "JOIN", *states, number, f"SM{place}", "JOIN")
        records.append(consent.write(previous, fields))
        previous = bytes.fromhex(records[-1].digest)
    return records


def remember(store: Store, number: str) -> Contact:
    """Keep a contact with a chain of two records."""
    records = linked(number)
    head = bytes.fromhex(records[-1].digest)
    prompted = (Subscription("JOIN", State.IN_PROGRESS),)
    contact = Contact(number, CODE, subscriptions=prompted, sequence=2, chain=head)
    change(store, number, contacts=[Due(contact, NOW)], records=records)
    return contact


def test_an_erased_number_is_nowhere_and_its_chain_still_verifies(store: Store) -> None:
    remember(store, ANNE)
    others = remember(store, BILL)
    change(store, mos=[mo(1, claim=b"SM1")], mts=[mt(2, mo=1), mt(3, fate=Fate.SENT)])
    store.block(CODE, ANNE, NOW)
    assert store.erase(ANNE) == Erased(contacts=1, records=2, mos=1, mts=2)
    assert (store.contacts(ANNE), store.conversation(CODE, ANNE)) == ((), ())
    assert (store.chain(CODE, ANNE), store.blocked(CODE, ANNE)) == (None, None)
    assert store.mo(1) == Mo(1, CODE, "", NOW, "handset", "", b"")
    assert [(mt.number, mt.text, mt.fate) for mt in store.answers(1)] == [("", "", "cancelled")]
    erased = [chain for chain in store.chains() if not chain.number]
    assert [(chain.sequence, len(chain.records)) for chain in erased] == [(2, 2)]
    assert not any(r.number + r.mo_id + r.text for r in erased[0].records)
    assert consent.verify(erased[0].records) is None
    assert erased[0].head.hex() == erased[0].records[-1].digest
    assert store.contacts(BILL) == (others,)
    with store.batch(keys(BILL), [b"SM1"]) as batch:
        assert batch.answers == {}
    assert (store.backlog().pending, store.erase(ANNE)) == (1, Erased())


def test_a_number_that_was_erased_begins_anew(store: Store) -> None:
    remember(store, ANNE)
    store.erase(ANNE)
    with store.batch(keys(ANNE)) as batch:
        assert batch.contacts == {}
    again = remember(store, ANNE)
    chain = store.chain(CODE, ANNE)
    assert chain is not None
    assert (store.contacts(ANNE), chain.records) == ((again,), tuple(linked(ANNE)))
    assert len({chain.contact for chain in store.chains()}) == 2


def test_what_is_erased_while_in_hand_is_not_sent_again(store: Store) -> None:
    (queued,) = say(store, {})
    store.claim(NOW, LEASE, 10)
    store.erase(ANNE)
    settle(store, [queued], Fate.QUEUED, due_at=NOW)
    assert (store.claim(NOW, LEASE, 10), store.backlog()) == ((), Backlog(0, 0, 0, None))


def test_what_was_given_up_is_cancelled_by_an_erasure_at_no_time(store: Store) -> None:
    change(store, mos=[mo(1)], mts=[mt(2, mo=1), mt(3, mo=1)])
    (dead, sent) = store.answers(1)
    settle(store, [dead], Fate.DEAD, error="gone")
    settle(store, [sent], Fate.SENT)
    store.erase(ANNE)
    told = [(mt.fate, mt.settled_at, mt.error) for mt in store.answers(1)]
    assert told == [(Fate.CANCELLED, None, "gone"), (Fate.SENT, NOW, "")]


def test_the_chains_of_all_contacts_come_by_id_each_once(store: Store) -> None:
    numbers = [f"+1555{n:07d}" for n in range(1001)]
    with store.batch(keys(*numbers)) as batch:
        contacts = [Due(Contact(n, CODE, sequence=2), None) for n in numbers]
        records = [record for n in numbers[::100] for record in linked(n)]
        batch.commit(Changes(contacts, records))
    chains = [*store.chains()]
    assert sorted(chain.number for chain in chains) == numbers
    assert [chain.contact for chain in chains] == sorted(chain.contact for chain in chains)
    assert [r for c in chains for r in c.records if c.number == numbers[100]] == linked(
        numbers[100]
    )
    assert sum(len(chain.records) for chain in chains) == 22
