"""The contract of all stores: lists of numbers."""

from collections.abc import Iterator
from functools import partial

import pytest

from optin_engine.stores import Member, SendKind, Store, StoreError
from tests.sends import a_list, a_send, add, enqueue_all, join, number_of
from tests.store_contract import ANNE, BILL, LATER, NOW, Opener, in_threads

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


def test_numbers_are_taken_out_of_one_list_and_who_is_not_in_it_is_no_fault(store: Store) -> None:
    friends, foes = a_list(store, "Friends", ANNE, BILL), a_list(store, "Foes", ANNE)
    assert store.lists.remove(friends, [ANNE, CARL, ANNE]) == 1
    assert store.lists.members(friends) == (Member(BILL),)
    assert store.lists.of(ANNE) == (foes,)
    assert (store.lists.remove(friends, [ANNE]), store.lists.remove(7, [BILL])) == (0, 0)


def test_a_deleted_list_leaves_nobody_and_its_name_makes_another(store: Store) -> None:
    friends = a_list(store, "Friends", ANNE, BILL)
    assert store.lists.delete(friends) == ()
    assert (store.lists.find(friends), store.lists.every()) == (None, ())
    assert (store.lists.count(friends), store.lists.of(ANNE)) == (0, ())
    assert store.lists.delete(friends) == ()
    again = a_list(store, "Friends", BILL)
    assert again > friends
    assert store.lists.members(again) == (Member(BILL),)


@pytest.mark.parametrize("role", ["targets", "excluded"])
@pytest.mark.parametrize("steps", [[], ["pause"], ["enqueue"], ["enqueue", "pause"]], ids="-".join)
def test_a_list_stays_while_a_send_that_is_not_over_names_it(
    store: Store, role: str, steps: list[str]
) -> None:
    join(store, ANNE)
    everybody, friends = a_list(store, "Everybody", ANNE), a_list(store, "Friends", BILL)
    asked: dict[str, tuple[int, ...]] = {"targets": (everybody,), role: (everybody, friends)}
    asked |= {"excluded": (friends,)} if role == "excluded" else {}
    first, second = (store.sends.add(a_send(**asked)).id for _ in range(2))
    for step in steps:
        store.sends.enqueue(first, 9, NOW) if step == "enqueue" else store.sends.pause(first)
    assert store.lists.delete(friends) == (first, second)
    assert store.lists.members(friends) == (Member(BILL),)
    store.sends.cancel(second, NOW, 9)
    assert store.lists.delete(friends) == (first,)
    mts = store.sends.mts(first)
    store.sends.cancel(first, NOW, 9)
    assert (store.lists.delete(friends), store.lists.find(friends)) == ((), None)
    send = store.sends.find(first)
    assert send is not None
    assert (getattr(send, role)[-1], len(store.sends.mts(first))) == (friends, len(mts))


def test_a_send_is_refused_once_a_list_that_it_names_is_gone(store: Store) -> None:
    everybody, friends = a_list(store, "Everybody", ANNE), a_list(store, "Friends", BILL)
    store.lists.delete(friends)
    for asked in ({"targets": (everybody, friends)}, {"excluded": (friends,)}):
        with pytest.raises(StoreError, match=f"no list {friends}"):
            store.sends.add(a_send(**{"targets": (everybody,), **asked}))
    assert store.sends.recent() == ()


def test_who_fills_a_list_that_is_deleted_meanwhile_is_told_so(store: Store) -> None:
    friends = a_list(store, "Friends")

    def members() -> Iterator[Member]:
        yield from (Member(number_of(n)) for n in range(5_000))
        store.lists.delete(friends)
        yield Member(CARL)

    with pytest.raises(StoreError, match=f"no list {friends}"):
        store.lists.fill(friends, members())
    assert (store.lists.count(friends), store.lists.of(CARL)) == (0, ())


def test_the_list_that_a_send_keeps_for_itself_is_not_deleted(store: Store) -> None:
    send = store.sends.add(a_send(kind=SendKind.CONTACT), [Member(ANNE)])
    assert store.lists.delete(*send.targets) == (send.id,)
    store.sends.cancel(send.id, NOW, 9)
    assert store.lists.delete(*send.targets) == ()
    assert store.lists.of(ANNE) == send.targets


def test_who_is_taken_out_is_told_nothing_unless_it_was_dealt_with_before(store: Store) -> None:
    for number in (ANNE, BILL, CARL):
        join(store, number)
    friends = a_list(store, "Friends", ANNE, BILL, CARL)
    send = add(store, friends)
    store.sends.enqueue(send, 1, NOW)
    store.lists.remove(friends, [ANNE, CARL])
    progress = enqueue_all(store, send)
    assert [mt.number for mt in store.sends.mts(send)] == [ANNE, BILL]
    assert (progress.queued, progress.dropped) == (2, 0)


def test_of_who_names_a_list_and_who_deletes_it_at_once_one_is_refused(opener: Opener) -> None:
    mine, yours = opener(), opener()
    for turn in range(8):
        list_ = a_list(mine, f"List {turn}")
        acts, refused = iter(("name", "delete")), list[str]()
        in_threads(partial(_name_or_delete, mine, yours, list_, acts, refused), 2)
        assert len(refused) == 1


def _name_or_delete(
    mine: Store, yours: Store, list_: int, acts: Iterator[str], refused: list[str]
) -> None:
    act = next(acts)
    try:
        is_refused = act == "delete" and bool(mine.lists.delete(list_))
        if act == "name":
            yours.sends.add(a_send(excluded=(list_,)))
    except StoreError:
        is_refused = True
    if is_refused:
        refused.append(act)
