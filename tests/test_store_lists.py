"""The contract of all stores: lists of numbers."""

from collections.abc import Iterator

import pytest

from optin_engine.stores import (
    Member,
    Store,
    StoreError,
)
from tests.sends import (
    a_list,
    a_send,
    number_of,
)
from tests.store_contract import ANNE, BILL, LATER, NOW

CARL = "+15555550125"
BROKEN = "the file is broken"


def test_a_list_is_made_once_whoever_makes_it(store: Store) -> None:
    made = store.lists.make("Friends", NOW)
    assert store.lists.make("Friends", LATER) == made == store.lists.find(made.id)
    other = store.lists.make("Foes", LATER)
    assert store.lists.every() == (other, made)
    assert store.lists.find(1 << 40) is None
    with pytest.raises(StoreError, match="name"):
        store.lists.make("", NOW)


def test_a_list_is_filled_twice_and_has_everybody_once_as_given_last(store: Store) -> None:
    friends = a_list(store, "Friends")
    first, again = Member(ANNE, "ann"), Member(ANNE, "anne", {"Näme": "Ann\0"})
    store.lists.fill(friends, [first, Member(BILL)])
    store.lists.fill(friends, [again, Member(CARL), Member(CARL, "carl")])
    members = (again, Member(BILL), Member(CARL, "carl"))
    assert store.lists.members(friends) == members
    assert store.lists.members(friends, after=ANNE, limit=1) == members[1:2]
    assert store.lists.count(friends) == 3


def test_the_lists_of_a_number_are_told_also_those_of_sends_until_it_is_erased(
    store: Store,
) -> None:
    friends, foes = a_list(store, "Friends", ANNE, BILL), a_list(store, "Foes", BILL)
    send = store.sends.add(a_send(), [Member(ANNE)])
    assert store.lists.of(ANNE) == (friends, *send.targets)
    assert store.lists.of(BILL) == (friends, foes)
    assert store.lists.of(CARL) == ()
    store.erase(BILL)
    assert store.lists.of(BILL) == ()


def test_a_list_streams_and_what_was_cut_off_is_begun_again(store: Store) -> None:
    friends, many = a_list(store, "Friends"), 5_300

    def broken() -> Iterator[Member]:
        yield from (Member(number_of(n)) for n in range(5_100))
        raise OSError(BROKEN)

    with pytest.raises(OSError, match="broken"):
        store.lists.fill(friends, broken())
    assert 0 < store.lists.count(friends) <= 5_100
    store.lists.fill(friends, (Member(number_of(n)) for n in range(many)))
    assert store.lists.count(friends) == many


def test_there_is_nothing_to_fill_or_queue_where_nothing_is(store: Store) -> None:
    with pytest.raises(StoreError, match="no list 7"):
        store.lists.fill(7, [Member(ANNE)])
    with pytest.raises(StoreError, match="no send 7"):
        store.sends.enqueue(7, 10, NOW)
    assert (store.sends.find(7), store.lists.count(7), store.lists.members(7)) == (None, 0, ())
    assert (store.sends.pause(7), store.sends.resume(7)) == (False, False)
    assert store.sends.cancel(7, NOW, 9) == 0
