"""The contract of all stores: which MTs of sends are taken in hand, and when a send is over."""

from datetime import timedelta

import pytest

from optin_engine.stores import (
    Fate,
    SendState,
    Store,
)
from tests.sends import (
    a_list,
    add,
    enqueue_all,
    join,
    number_of,
    sent_to,
    settle,
    told,
)
from tests.store_contract import ANNE, BILL, CODE, LATER, LEASE, NOW, say

CARL = "+15555550125"


def claimed(store: Store, limit: int = 100) -> list[int]:
    return [mt.id for mt in store.claim(NOW, LEASE, limit)]


def claimed_sends(store: Store, limit: int = 100) -> list[tuple[int, str]]:
    return [(mt.send, mt.number) for mt in store.claim(NOW, LEASE, limit)]


def test_replies_come_before_sends_and_wait_for_none_of_theirs(store: Store) -> None:
    before = sent_to(store, ANNE)
    (reply,) = say(store, {"kind": "help"})
    after = sent_to(store, ANNE, BILL)
    assert claimed_sends(store, 1) == [(0, ANNE)]
    assert claimed_sends(store) == [(before, ANNE), (after, BILL)]
    settle(store, [mt.id for mt in store.sends.mts(before)])
    # What is said later waits for what is said before, also for a reply.
    assert claimed_sends(store) == []
    settle(store, [reply.id])
    assert claimed_sends(store) == [(after, ANNE)]


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_replies_take_no_room_from_sends_but_their_own(store: Store, limit: int) -> None:
    sent_to(store, ANNE, BILL, CARL)
    say(store, {"kind": "help"})
    assert len(claimed(store, limit)) == limit


def test_of_two_sends_to_a_contact_the_later_waits_for_the_first(store: Store) -> None:
    first = sent_to(store, ANNE)
    second = sent_to(store, ANNE, BILL)
    assert claimed_sends(store) == [(first, ANNE), (second, BILL)]
    settle(store, [mt.id for mt in store.sends.mts(first)])
    assert claimed_sends(store) == [(second, ANNE)]


def test_sends_to_contacts_are_before_those_to_lists(store: Store) -> None:
    for number in (ANNE, BILL):
        join(store, number)
    to_list = add(store, a_list(store, "a", ANNE, BILL))
    enqueue_all(store, to_list)
    to_contact = sent_to(store, CARL)
    assert claimed_sends(store, 2) == [(to_list, ANNE), (to_contact, CARL)]


def test_codes_have_their_turns(store: Store) -> None:
    for place in range(6):
        join(store, number_of(place))
        join(store, number_of(place), code="99999")
    friends = a_list(store, "a", *map(number_of, range(6)))
    for code in (CODE, "99999"):
        enqueue_all(store, add(store, friends, code=code))
    assert [mt.code for mt in store.claim(NOW, LEASE, 6)] == [CODE] * 3 + ["99999"] * 3
    firsts = {
        mt.code
        for moment in range(2)
        for mt in store.claim(NOW + timedelta(microseconds=moment), LEASE, 1)
    }
    assert firsts == {CODE, "99999"}


def test_a_paused_send_is_passed_over_and_goes_on_later(store: Store) -> None:
    paused, other = sent_to(store, ANNE, BILL), sent_to(store, ANNE)
    (in_hand,) = store.claim(NOW, LEASE, 1)
    assert store.sends.pause(paused)
    assert not store.sends.pause(paused)
    assert claimed_sends(store) == [(other, ANNE)]
    settle(store, [in_hand.id])
    assert [fate for _, fate in told(store, paused)] == [Fate.SENT, Fate.QUEUED]
    assert store.sends.finish(NOW) == ()
    assert store.sends.resume(paused)
    assert not store.sends.resume(paused)
    assert claimed_sends(store) == [(paused, BILL)]


def test_a_send_paused_while_it_is_queued_goes_on_where_it_was(store: Store) -> None:
    for number in (ANNE, BILL):
        join(store, number)
    send = add(store, a_list(store, "a", ANNE, BILL))
    states = []
    for limit in (1, 1, 1):
        store.sends.pause(send)
        assert store.sends.enqueue(send, limit, NOW).state == SendState.PAUSED
        store.sends.resume(send)
        states.append(store.sends.find(send))
        store.sends.enqueue(send, limit, NOW)
    assert [one.state for one in states if one] == [
        SendState.NEW, SendState.QUEUING, SendState.QUEUING,
    ]  # fmt: skip
    store.sends.pause(send)
    store.sends.resume(send)
    last = store.sends.find(send)
    assert last is not None
    assert (last.state, told(store, send)) == (
        SendState.STARTED,
        [(ANNE, Fate.QUEUED), (BILL, Fate.QUEUED)],
    )


@pytest.mark.parametrize(("error", "state"), [("", "Cancelled"), ("no definition", "Error")])
def test_a_cancelled_send_hands_over_nothing_more(store: Store, error: str, state: str) -> None:
    numbers = [number_of(place) for place in range(6)]
    send = sent_to(store, *numbers)
    in_hand, dead, sent = store.claim(NOW, LEASE, 3)
    settle(store, [dead.id], Fate.DEAD)
    settle(store, [sent.id])
    # All five: three queued, one in hand, one dead that could have been queued again.
    assert [store.sends.cancel(send, LATER, 2, error) for _ in range(4)] == [2, 2, 1, 0]
    assert store.sends.fates(send) == {Fate.CANCELLED: 4, Fate.WITHDRAWN: 1, Fate.SENT: 1}
    settle(store, [in_hand.id], Fate.QUEUED, due_at=NOW)
    assert claimed(store) == []
    assert store.sends.fates(send) == {Fate.CANCELLED: 5, Fate.SENT: 1}
    one = store.sends.find(send)
    assert one is not None
    assert (one.state, one.finished_at, one.error) == (state, LATER, error)
    assert store.sends.enqueue(send, 10, NOW) == one
    assert (store.sends.pause(send), store.sends.resume(send)) == (False, False)
    assert (store.sends.finish(LATER), store.requeue([dead.id], NOW)) == ((), 0)


def test_a_send_is_passed_over_as_soon_as_it_is_cancelled(store: Store) -> None:
    send, other = sent_to(store, ANNE, BILL), sent_to(store, ANNE, BILL)
    assert store.sends.cancel(send, NOW, 1) == 1
    assert claimed_sends(store) == [(other, ANNE), (other, BILL)]


def test_a_send_is_finished_when_nothing_of_it_is_queued(store: Store) -> None:
    empty = add(store, a_list(store, "a"))
    send = sent_to(store, ANNE, BILL)
    assert store.sends.finish(NOW) == ()
    assert store.sends.enqueue(empty, 10, NOW).state == SendState.STARTED
    first, second = claimed(store)
    settle(store, [first], Fate.DEAD)
    assert store.sends.finish(LATER) == (empty,)
    settle(store, [second])
    assert store.sends.finish(LATER) == (send,)
    one = store.sends.find(send)
    assert one is not None
    assert (one.state, one.finished_at) == (SendState.FINISHED, LATER)
    assert (store.sends.pause(send), store.sends.cancel(send, NOW, 10)) == (False, 0)
    assert store.requeue([first], NOW) == 1
    again = store.sends.find(send)
    assert again is not None
    assert (again.state, again.finished_at) == (SendState.STARTED, None)
    assert claimed(store) == [first]


def test_tracking_gives_the_mts_of_a_send_in_pages_and_counts_their_fates(store: Store) -> None:
    send, other = sent_to(store, ANNE, BILL, CARL), sent_to(store, ANNE)
    first, second, third = store.sends.mts(send)
    settle(store, [first.id], provider_id="SM1")
    store.delivered("SM1", Fate.DELIVERED, LATER)
    assert [mt.fate for mt in store.sends.mts(send, limit=2)] == [Fate.DELIVERED, Fate.QUEUED]
    assert store.sends.mts(send, after=second.id) == (third,)
    assert store.sends.fates(send) == {Fate.DELIVERED: 1, Fate.QUEUED: 2}
    assert (store.sends.fates(other), store.sends.fates(0)) == ({Fate.QUEUED: 1}, {})
