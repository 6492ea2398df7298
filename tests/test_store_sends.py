"""The contract of all stores: sends, who of their lists is told, and who is forgotten."""

import attrs
import pytest

from optin_engine.stores import (
    OUTBOUND,
    Fate,
    Member,
    Mt,
    Send,
    SendKind,
    SendState,
    Store,
    Text,
)
from optin_engine.vocabulary import State
from tests.sends import (
    TEXT,
    a_list,
    a_send,
    add,
    becomes,
    enqueue_all,
    join,
    number_of,
    sent_to,
    settle,
    stop,
    told,
)
from tests.store_contract import ANNE, BILL, CODE, LATER, LEASE, NOW, Opener, in_threads, said

CARL = "+15555550125"


def test_a_send_comes_back_as_it_was_added(store: Store) -> None:
    one, two, three = (a_list(store, name) for name in ("one", "two", "three"))
    given = a_send(
        due_at=LATER, is_template=True, targets=(one, two), excluded=(three,), options=b'{"a": 1}',
        text=Text("Hi %%Name%%\0", "UCS-2", 2),
    )  # fmt: skip
    added = store.sends.add(given)
    assert added == attrs.evolve(given, id=added.id) == store.sends.find(added.id)
    assert added.id > 0


def test_a_send_to_contacts_has_a_list_of_its_own_without_a_name(store: Store) -> None:
    members = [Member(ANNE, "ann", {"Name": "Ann"}), Member(BILL)]
    send = store.sends.add(a_send(kind=SendKind.CONTACT), members)
    (own,) = send.targets
    assert store.lists.members(own) == tuple(members)
    assert store.lists.every() == ()


def test_only_who_is_subscribed_is_told_and_by_which_consent(store: Store) -> None:
    join(store, ANNE, "CLUB")
    consent = join(store, ANNE)
    becomes(store, BILL, [("JOIN", State.IN_PROGRESS)])
    join(store, CARL, code="99999")
    send = add(store, a_list(store, "Friends", ANNE, BILL, CARL))
    done = store.sends.enqueue(send, 10, NOW)
    assert (done.state, done.queued, done.dropped, done.queued_at) == (
        SendState.STARTED, 1, 2, NOW,
    )  # fmt: skip
    assert done == store.sends.find(send)
    (mt,) = store.sends.mts(send)
    expected = Mt(
        mt.id, CODE, ANNE, NOW, 0, "", OUTBOUND, TEXT.text, TEXT.encoding, TEXT.segments, "NEWS",
        send=send, consent=consent,
    )  # fmt: skip
    assert [mt] == said(store) == [expected]


def test_consent_is_the_latest_that_nothing_has_ended(store: Store) -> None:
    first = join(store, ANNE, "CLUB")
    join(store, ANNE)
    stop(store, ANNE, "JOIN")
    join(store, BILL)
    stop(store, BILL)
    again = join(store, BILL, "CLUB")
    # The record of a subscription that nobody can show is no consent.
    becomes(store, CARL, [("JOIN", State.SUBSCRIBED), ("", State.UNSUBSCRIBED)])
    becomes(store, CARL, [("", State.NONE)])
    send = add(store, a_list(store, "Friends", ANNE, BILL, CARL))
    enqueue_all(store, send)
    assert [(mt.number, mt.consent) for mt in store.sends.mts(send)] == [
        (ANNE, first),
        (BILL, again),
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_a_union_of_lists_is_queued_page_by_page_without_those_left_out(
    store: Store, limit: int
) -> None:
    numbers = [number_of(place) for place in range(8)]
    for number in numbers:
        join(store, number)
    lists = [a_list(store, "a", *numbers[::2]), a_list(store, "b", *reversed(numbers[1:]))]
    out = [a_list(store, "c", numbers[3]), a_list(store, "d", numbers[0], numbers[4])]
    send = add(store, *lists, excluded=tuple(out))
    seen = list[str]()
    while (done := store.sends.enqueue(send, limit, NOW)).state == SendState.QUEUING:
        mts = store.sends.mts(send)
        seen = [mt.number for mt in mts]
        assert done.queued == len(mts)
        assert done.cursor == seen[-1]
    assert [number for number, _ in told(store, send)] == [*numbers[1:3], *numbers[5:]]
    assert seen == [number for number, _ in told(store, send)][: len(seen)]
    assert store.sends.enqueue(send, limit, NOW) == done


def test_each_member_of_a_template_has_a_text_of_its_own_or_none(store: Store) -> None:
    first, second = a_list(store, "a"), a_list(store, "b")
    store.lists.fill(first, [Member(ANNE, "ann", {"Name": "Ann"}), Member(BILL)])
    store.lists.fill(second, [Member(ANNE, "ann", {"Name": "Anne"}), Member(CARL, "", {})])
    for number in (ANNE, BILL, CARL):
        join(store, number)

    def render(member: Member) -> Text | None:
        if member.attributes is None:
            return None
        return Text(f"Hi {member.attributes.get('Name', 'you')}\0", "UCS-2", 2)

    send = add(store, second, first, is_template=True)
    done = store.sends.enqueue(send, 10, NOW, render)
    assert [(mt.number, mt.text, mt.encoding) for mt in store.sends.mts(send)] == [
        (ANNE, "Hi Anne\0", "UCS-2"),
        (CARL, "Hi you\0", "UCS-2"),
    ]
    assert (done.queued, done.dropped) == (2, 1)


def test_a_page_that_fails_leaves_nothing_and_is_dealt_with_again(store: Store) -> None:
    for number in (ANNE, BILL):
        join(store, number)
    send = add(store, a_list(store, "a", ANNE, BILL), is_template=True)

    def broken(member: Member) -> Text:
        if member.number == BILL:
            raise ZeroDivisionError
        return TEXT

    before = store.sends.find(send)
    with pytest.raises(ZeroDivisionError):
        store.sends.enqueue(send, 10, NOW, broken)
    assert (store.sends.find(send), store.sends.mts(send)) == (before, ())
    store.sends.enqueue(send, 10, NOW, lambda _: TEXT)
    assert [number for number, _ in told(store, send)] == [ANNE, BILL]


def test_a_send_that_has_only_dropped_goes_on_as_begun(store: Store) -> None:
    send = add(store, a_list(store, "a", ANNE, BILL))
    store.sends.enqueue(send, 1, NOW)
    assert (store.sends.pause(send), store.sends.resume(send)) == (True, True)
    one = store.sends.find(send)
    assert one is not None
    assert (one.state, one.dropped) == (SendState.QUEUING, 1)


def test_a_send_waits_until_it_is_due(store: Store) -> None:
    friends = a_list(store, "a", ANNE)
    late, now = add(store, friends, due_at=LATER), add(store, friends)
    early = add(store, friends, due_at=NOW)
    assert [send.id for send in store.sends.waiting(NOW)] == [now, early]
    assert [send.id for send in store.sends.waiting(LATER, 2)] == [now, early]
    assert store.sends.enqueue(late, 10, NOW).state == SendState.NEW
    for send in (now, early, late):
        store.sends.enqueue(send, 10, LATER)
    assert store.sends.waiting(LATER) == ()


def test_any_number_of_workers_queue_everybody_once(opener: Opener) -> None:
    stores = [opener(), opener()]
    numbers = [number_of(place) for place in range(60)]
    for number in numbers:
        join(stores[0], number)
    send, turns = add(stores[0], a_list(stores[0], "a", *numbers)), list[Send]()

    def work() -> None:
        while True:
            turns.append(stores[len(turns) % 2].sends.enqueue(send, 7, NOW))
            if turns[-1].state == SendState.STARTED:
                return

    in_threads(work)
    assert [number for number, _ in told(stores[0], send)] == numbers
    last = stores[0].sends.find(send)
    assert last is not None
    assert (last.queued, last.dropped) == (60, 0)


def test_a_stop_withdraws_what_sends_have_to_say_whatever_their_keyword(store: Store) -> None:
    send = sent_to(store, ANNE, BILL, keyword="")
    stop(store, ANNE, at=LATER)
    assert told(store, send) == [(ANNE, Fate.CANCELLED), (BILL, Fate.QUEUED)]
    (in_hand,) = [mt.id for mt in store.claim(NOW, LEASE, 100)]
    stop(store, BILL)
    assert told(store, send)[1] == (BILL, Fate.WITHDRAWN)
    settle(store, [in_hand])
    assert told(store, send)[1] == (BILL, Fate.SENT)


def test_leaving_one_programme_withdraws_what_its_consent_allowed(store: Store) -> None:
    join(store, BILL, "CLUB")
    send = sent_to(store, ANNE, BILL)
    join(store, ANNE, "CLUB")
    by_club = sent_to(store, CARL)
    stop(store, BILL, "CLUB")
    stop(store, ANNE, "JOIN")
    stop(store, CARL, "JOIN")
    assert told(store, send) == [(ANNE, Fate.CANCELLED), (BILL, Fate.QUEUED)]
    assert told(store, by_club) == [(CARL, Fate.CANCELLED)]


def test_a_number_that_is_erased_is_in_no_list_and_no_send(store: Store) -> None:
    numbers = [number_of(place) for place in range(4)]
    friends = a_list(store, "Friends", *numbers)
    for number in numbers:
        join(store, number)
    send, alone = add(store, friends), sent_to(store, numbers[1], text=Text("Dear Ann", "GSM-7", 1))
    store.sends.enqueue(send, 2, NOW)
    store.erase(numbers[1])
    assert [member.number for member in store.lists.members(friends)] == [
        numbers[0], *numbers[2:],
    ]  # fmt: skip
    one, private = store.sends.find(send), store.sends.find(alone)
    assert one is not None
    assert private is not None
    assert (one.cursor, private.text.text) == (numbers[0], "")
    enqueue_all(store, send)
    assert [(mt.number, mt.text != "") for mt in store.sends.mts(send)] == [
        (numbers[0], True), ("", False), (numbers[2], True), (numbers[3], True),
    ]  # fmt: skip
    assert numbers[1] not in repr((store.sends.find(send), store.sends.mts(send)))


def test_a_number_may_be_erased_while_it_is_queued(opener: Opener) -> None:
    numbers = [number_of(place) for place in range(40)]
    store = opener()
    for number in numbers:
        join(store, number)
    send, doomed = add(store, a_list(store, "Friends", *numbers)), iter(numbers)

    def work() -> None:
        for number in doomed:
            store.erase(number)
            store.sends.enqueue(send, 1, NOW)

    in_threads(work)
    enqueue_all(store, send)
    assert not any(mt.number or mt.text for mt in store.sends.mts(send))
    one = store.sends.find(send)
    assert one is not None
    assert (one.cursor, store.lists.count(one.targets[0])) == ("", 0)


def test_a_text_to_several_stays_while_one_of_them_does(store: Store) -> None:
    send = sent_to(store, ANNE, BILL)
    store.erase(ANNE)
    one = store.sends.find(send)
    assert one is not None
    assert one.text == TEXT
