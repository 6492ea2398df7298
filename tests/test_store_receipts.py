"""The contract of all stores: what receipts make of an MT, in whatever order they come."""

from collections.abc import Sequence

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optin_engine.stores import Fate, Mt, Settlement, Store, Told
from tests.store_contract import BILL, LATER, LEASE, NOW, Opener, fates, in_threads, said, say
from tests.store_contract import settle as settle_all

# MobileConnect's codes as its guide has them: "the highest numerical value" is the final one.
CODES = {
    Fate.SENT: 2000,
    Fate.ENROUTE: 3000,
    Fate.CARRIED: 3001,
    Fate.UNDELIVERED: 4500,
    Fate.EXPIRED: 4501,
    Fate.REJECTED: 4503,
    # But for this one, whose code is 4000: the phone has shown the text, so it is final here.
    Fate.DELIVERED: 5000,
}
TOLD = [fate for fate in CODES if fate != Fate.SENT]


def settle(store: Store, mts: Sequence[Mt], fate: Fate = Fate.SENT, name: str = "SM1") -> None:
    settle_all(store, mts, fate, provider_id=name)


def test_a_receipt_is_kept_by_the_providers_name_or_by_the_mts_own_id(store: Store) -> None:
    first, second = say(store, {}, {})
    settle(store, [first])
    settle(store, [second], name="")
    by_name = store.delivered("SM1", Fate.UNDELIVERED, LATER, "30003")
    by_id = store.delivered(second.id, Fate.DELIVERED, LATER)
    failed = attrs.evolve(first, fate=Fate.UNDELIVERED, provider_id="SM1", error="30003")
    arrived = attrs.evolve(second, fate=Fate.DELIVERED)
    failed, arrived = (attrs.evolve(each, settled_at=LATER) for each in (failed, arrived))
    assert (by_name, by_id) == (Told(failed, is_news=True), Told(arrived, is_news=True))
    assert said(store) == [failed, arrived]


def test_a_receipt_for_an_mt_that_nobody_knows_is_of_none(store: Store) -> None:
    (other,) = say(store, {})
    settle(store, [other], name="")
    for name in ("", "SM2", 7, 0):
        assert store.delivered(name, Fate.DELIVERED, NOW) is None
    assert fates(store) == [Fate.SENT]


def test_the_same_receipt_again_is_no_news_and_leaves_time_and_reason(store: Store) -> None:
    (queued,) = say(store, {})
    settle(store, [queued])
    first = store.delivered("SM1", Fate.EXPIRED, NOW, "30036")
    again = store.delivered("SM1", Fate.EXPIRED, LATER, "other")
    assert first is not None
    assert again == attrs.evolve(first, is_news=False)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(receipts=st.lists(st.sampled_from(TOLD), max_size=6))
def test_of_receipts_in_any_order_the_furthest_holds(store: Store, receipts: list[Fate]) -> None:
    (queued,) = say(store, {}, number=BILL)
    name = f"SM{queued.id}"
    settle(store, [queued], name=name)
    known = [Fate.SENT]
    for fate in receipts:
        told = store.delivered(name, fate, LATER)
        assert told is not None
        assert told.is_news == (CODES[fate] > max(CODES[each] for each in known))
        known.append(fate)
    assert fates(store, BILL)[-1] == max(known, key=CODES.__getitem__)


def test_what_is_in_hand_is_settled_before_a_receipt_of_it_is_kept(store: Store) -> None:
    (queued,) = say(store, {})
    assert store.delivered(queued.id, Fate.DELIVERED, NOW) is None
    store.claim(NOW, LEASE, 10)
    assert store.delivered(queued.id, Fate.DELIVERED, NOW) is None
    settle(store, [queued])
    assert store.delivered(queued.id, Fate.DELIVERED, NOW) is not None
    assert [(mt.fate, mt.provider_id) for mt in said(store)] == [(Fate.DELIVERED, "SM1")]


def test_what_waits_to_be_tried_again_and_was_handed_over_is_tried_no_more(store: Store) -> None:
    first, second = say(store, {}, {})
    store.claim(NOW, LEASE, 10)
    store.settle([Settlement(first.id, Fate.QUEUED, NOW, error="ReadTimeout", due_at=LATER)])
    store.delivered(first.id, Fate.ENROUTE, NOW)
    (told, _) = said(store)
    assert (told.fate, told.due_at, told.error) == (Fate.ENROUTE, None, "")
    assert [mt.id for mt in store.claim(LATER, LATER, 10)] == [second.id]


@pytest.mark.parametrize("fate", [Fate.DEAD, Fate.CANCELLED])
def test_what_was_given_up_and_was_handed_over_after_all_is_told_as_it_is(
    store: Store, fate: Fate
) -> None:
    (queued,) = say(store, {})
    settle(store, [queued], fate, name="")
    store.delivered(queued.id, Fate.CARRIED, NOW)
    assert (fates(store), store.dead()) == ([Fate.CARRIED], ())


def test_a_settlement_that_comes_after_the_receipt_does_not_undo_it(store: Store) -> None:
    (queued,) = say(store, {})
    settle(store, [queued])
    store.delivered("SM1", Fate.ENROUTE, LATER)
    settle(store, [queued])
    assert fates(store) == [Fate.ENROUTE]


def test_a_receipt_that_comes_to_many_at_once_is_news_to_one(opener: Opener) -> None:
    stores = [opener(), opener()]
    (queued,) = say(stores[0], {})
    settle(stores[0], [queued])
    told = list[Told | None]()

    def work() -> None:
        told.append(stores[len(told) % 2].delivered("SM1", Fate.DELIVERED, NOW))

    in_threads(work, 8)
    assert sorted(bool(each and each.is_news) for each in told) == [False] * 7 + [True]


def test_an_old_names_receipt_is_not_that_of_an_mt_with_another_name_now(store: Store) -> None:
    (queued,) = say(store, {})
    store.claim(NOW, LEASE, 10)
    store.settle([Settlement(queued.id, Fate.QUEUED, NOW, "SM1", due_at=LATER)])
    settle(store, [queued], name="SM2")
    assert store.delivered("SM1", Fate.DELIVERED, NOW) is None
