"""The contract of all stores: batches, contacts, claims, deadlines, definitions."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import attrs
import pytest
from hypothesis import HealthCheck, given, settings

from optin_engine import consent
from optin_engine.stores import ROOM, Changes, Definition, Due, Mo, Store, StoreError
from optin_engine.vocabulary import Contact, Origin, State, Subscription
from tests import strategies
from tests.playing import engine_of, play
from tests.store_contract import (
    ANNE,
    BILL,
    CODE,
    LATER,
    NOW,
    Opener,
    change,
    in_threads,
    keep,
    keys,
    mo,
    mt,
    say,
)

PROGRAM = Definition(0, 1, "program", b'{"keyword":"JOIN"}', "d" * 64, "api", NOW)


class Interruption(Exception):  # noqa: N818 - nothing is wrong, something else happened.
    pass


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(strategies.codes(), strategies.conversations())
def test_what_an_engine_makes_of_a_contact_comes_back_as_it_was(
    store: Store,
    codes: tuple[strategies.Definition, list[strategies.Definition]],
    conversation: list[strategies.Event],
) -> None:
    for number in strategies.NUMBERS:
        store.erase(number)
    engine = engine_of(codes)
    last, records = {}, {number: list[object]() for number in strategies.NUMBERS}
    for turn in play(engine, conversation):
        contact = last[turn.before.number] = turn.outcome.contact
        records[contact.number] += turn.outcome.records
        with store.batch([(contact.code, contact.number)]) as batch:
            assert batch.contacts.get((contact.code, contact.number), turn.before) == turn.before
            due = Due(contact, engine.next_deadline(contact))
            batch.commit(Changes([due], turn.outcome.records))
    for number, contact in last.items():
        assert store.contacts(number) == (contact,)
        chain = store.chain(contact.code, number)
        assert chain is not None
        assert list(chain.records) == records[number]
        assert (chain.sequence, chain.head) == (contact.sequence, contact.chain)
        assert consent.verify(chain.records) is None
    deadlines = [at for contact in last.values() if (at := engine.next_deadline(contact))]
    assert store.next_due() == min(deadlines, default=None)


def test_a_batch_left_without_a_commit_leaves_nothing(store: Store) -> None:
    with store.batch(keys(ANNE)) as batch:
        assert batch.contacts == {}
    assert store.contacts(ANNE) == ()


def test_a_batch_left_by_an_exception_leaves_nothing_and_the_store_goes_on(store: Store) -> None:
    keep(store, Contact(ANNE, CODE))
    with pytest.raises(Interruption), store.batch(keys(ANNE)):
        raise Interruption
    keep(store, Contact(BILL, CODE))
    assert [store.contacts(number) for number in (ANNE, BILL)] == [
        (Contact(ANNE, CODE),),
        (Contact(BILL, CODE),),
    ]


def test_a_batch_commits_once(store: Store) -> None:
    with store.batch(keys(ANNE)) as batch:
        batch.commit(Changes([Due(Contact(ANNE, CODE), None)]))
        with pytest.raises(StoreError, match="commits once"):
            batch.commit(Changes([Due(Contact(BILL, CODE), None)]))
    assert store.contacts(BILL) == ()


def test_a_claim_that_is_held_gives_the_first_answer(store: Store) -> None:
    with store.batch(keys(ANNE), [b"SM1", b"SM2"]) as batch:
        assert batch.answers == {}
        changes = Changes(mos=[mo(batch.base, answer=b"1", claim=b"SM1"), mo(batch.base + 1)])
        batch.commit(changes)
    with store.batch(keys(BILL), [b"SM2", b"SM1", b"SM1"]) as batch:
        assert batch.answers == {b"SM1": b"1"}


def test_the_bases_of_a_contact_grow_by_their_room_in_any_kind_of_hand(store: Store) -> None:
    bases = []
    for _ in range(2):
        with store.batch(keys(ANNE)) as batch:
            bases.append(batch.base)
            batch.commit(Changes([Due(Contact(ANNE, CODE), NOW)]))
        with store.due(NOW, 1) as batch:
            bases.append(batch.base)
            batch.commit(Changes([Due(Contact(ANNE, CODE), NOW)]))
        with store.defining() as defining:
            bases.append(defining.base)
            defining.commit([], [], NOW)
    assert all(later - base >= ROOM for base, later in pairwise(bases))
    assert bases[0] > 0


def test_batches_of_one_contact_follow_one_another_whatever_the_threads(opener: Opener) -> None:
    stores = [opener(), opener()]

    def count() -> None:
        for store in stores * 5:
            with store.batch(keys(ANNE)) as batch:
                contact = batch.contacts.get((CODE, ANNE), Contact(ANNE, CODE))
                contact = attrs.evolve(contact, sequence=contact.sequence + 1)
                batch.commit(Changes([Due(contact, None)]))

    in_threads(count)
    assert stores[0].contacts(ANNE)[0].sequence == 40


def test_a_contact_that_only_wrote_is_known(store: Store) -> None:
    change(store, mos=[mo(1, BILL)])
    assert store.contacts(BILL) == (Contact(BILL, CODE),)


def test_a_number_is_another_contact_on_another_code(store: Store) -> None:
    state = State.UNSUBSCRIBED
    keep(store, Contact(ANNE, "99999", state), Contact(ANNE, CODE))
    assert store.contacts(ANNE) == (Contact(ANNE, CODE), Contact(ANNE, "99999", state))
    with store.batch([("99999", ANNE)]) as batch:
        assert [*batch.contacts] == [("99999", ANNE)]


def test_times_come_back_to_the_microsecond_whatever_their_zone(store: Store) -> None:
    at = datetime(2026, 3, 8, 1, 59, 59, 999_999, timezone(timedelta(hours=-5)))
    change(store, mos=[mo(1, at=at), mo(2, at=datetime(1969, 1, 1, tzinfo=UTC))])
    first, second = store.conversation(CODE, ANNE)
    assert (first.at, second.at) == (at, datetime(1969, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("text", ["", "a\0b", "👍🏽 é", "'; DROP TABLE mos; --", "x" * 1600])
def test_any_text_is_kept_to_the_letter(store: Store, text: str) -> None:
    change(store, mos=[mo(1, text=text)], mts=[mt(2, text=text, error=text)])
    heard, told = store.conversation(CODE, ANNE)
    assert (heard.text, told.text, store.answers(0)) == (text, text, ())


def test_a_conversation_is_in_order_and_can_be_followed(store: Store) -> None:
    first, second = mo(1), mo(3, text="YES")
    asked, told = mt(2, mo=1), mt(4, mo=3, kind="confirmation", at=LATER)
    change(store, mos=[first, second], mts=[asked, told])
    change(store, BILL, mos=[mo(5, BILL)])
    assert store.conversation(CODE, ANNE) == (first, asked, second, told)
    assert store.conversation(CODE, ANNE, after=2) == (second, told)
    assert store.conversation("99999", ANNE) == ()
    assert [store.mo(3), store.mo(2), store.answers(3)] == [second, None, (told,)]


def test_prompts_counts_what_no_handset_asked_for_on_all_codes(store: Store) -> None:
    other = attrs.evolve(mt(7, origin=Origin.APP), code="99999")
    told = [
        mt(1, origin=Origin.WEB),
        mt(2, origin=Origin.API, at=LATER),
        mt(3, origin=Origin.HANDSET),
        mt(4, origin=""),
        mt(5, origin=Origin.WEB, at=NOW - timedelta(seconds=1)),
        mt(6, BILL, origin=Origin.HANDSET),
    ]
    with store.batch([*keys(ANNE, BILL), ("99999", ANNE)]) as batch:
        batch.commit(Changes(mts=[*told, other]))
    with store.batch(keys(ANNE, BILL)) as batch:
        assert {n: c for n, c in batch.prompts([ANNE, BILL], NOW).items() if c} == {ANNE: 3}
        assert not any(batch.prompts([], NOW).values())


def test_due_contacts_are_taken_once_each_by_any_number_of_workers(opener: Opener) -> None:
    stores = [opener(), opener()]
    contacts = [Contact(f"+1555555{n:04d}", CODE) for n in range(40)]
    for contact in contacts[:30]:
        keep(stores[0], contact, due_at=NOW)
    for contact in contacts[30:]:
        keep(stores[0], contact, due_at=LATER)
    taken = list[str]()

    def work() -> None:
        idle = 0
        while idle < 2:
            with stores[len(taken) % 2].due(NOW, 4) as batch:
                late = [*batch.contacts.values()]
                batch.commit(Changes([Due(contact, None) for contact in late]))
            taken.extend(contact.number for contact in late)
            idle = 0 if late else idle + 1

    in_threads(work)
    with stores[0].due(NOW, 40) as rest:
        taken.extend(contact.number for contact in rest.contacts.values())
    assert sorted(taken) == [contact.number for contact in contacts[:30]]
    assert stores[0].next_due() == LATER


def test_a_deadline_that_was_not_committed_is_due_again_and_the_earliest_is_first(
    store: Store,
) -> None:
    keep(store, Contact(ANNE, CODE), due_at=LATER)
    keep(store, Contact(BILL, CODE), due_at=NOW)
    for _ in range(2):
        with store.due(LATER, 1) as batch:
            assert [*batch.contacts] == keys(BILL)
    assert store.next_due() == NOW


def test_a_definition_keeps_its_versions_and_every_change_is_a_revision(store: Store) -> None:
    before, none = store.definitions()
    with store.defining() as defining:
        first = attrs.evolve(PROGRAM, id=defining.base)
        keyword = Definition(defining.base + 1, 1, "keyword", b"{}", "", "file", NOW)
        assert (defining.current, none) == ((), ())
        defining.commit([first, keyword], [], NOW)
    with store.defining() as defining:
        assert defining.current == (first, keyword)
        second = attrs.evolve(first, version=2, digest="e" * 64, at=LATER)
        defining.commit([second], [keyword.id], LATER)
    over = attrs.evolve(first, ended_at=LATER)
    after, current = store.definitions()
    assert (current, store.versions(first.id)) == ((second,), (over, second))
    assert [store.version(d) for d in ("d" * 64, "e" * 64, "", "f")] == [over, second, None, None]
    assert store.versions(keyword.id) == (attrs.evolve(keyword, ended_at=LATER),)
    with store.batch(keys(ANNE)) as batch:
        assert (batch.revision, batch.definitions()) == (after, current)
    assert before < after


def test_definitions_left_without_a_commit_are_as_before(store: Store) -> None:
    with pytest.raises(Interruption), store.defining():
        raise Interruption
    with store.defining():
        pass
    assert store.definitions() == (0, ())


def test_a_block_is_noted_and_taken_off_and_consent_stays(store: Store) -> None:
    contact = Contact(ANNE, CODE, subscriptions=(Subscription("JOIN", State.SUBSCRIBED),))
    keep(store, contact)
    assert store.blocked(CODE, ANNE) is None
    store.block(CODE, ANNE, NOW)
    keep(store, contact)
    assert (store.blocked(CODE, ANNE), store.blocked(CODE, BILL)) == (NOW, None)
    store.block(CODE, ANNE, None)
    assert (store.blocked(CODE, ANNE), store.contacts(ANNE)) == (None, (contact,))


def test_an_opened_store_has_what_the_one_before_had(opener: Opener) -> None:
    with opener() as store:
        keep(store, Contact(ANNE, CODE), due_at=NOW)
        said = say(store, {}, {"text": "second"})
        with store.defining() as defining:
            defining.commit([attrs.evolve(PROGRAM, id=defining.base)], [], NOW)
            base = defining.base
    again = opener()
    again.ping()
    assert again.contacts(ANNE) == (Contact(ANNE, CODE),)
    assert [*again.conversation(CODE, ANNE)] == said
    assert [definition.id for definition in again.definitions()[1]] == [base]
    with again.batch(keys(ANNE)) as batch:
        assert batch.base >= base + ROOM


def test_a_store_may_be_closed_twice(opener: Opener) -> None:
    store = opener()
    store.close()
    store.close()


def test_an_mo_without_a_claim_never_answers_another(store: Store) -> None:
    change(store, mos=[mo(1), mo(2)])
    kept = [item for item in store.conversation(CODE, ANNE) if isinstance(item, Mo)]
    assert [item.claim for item in kept] == [b"", b""]
