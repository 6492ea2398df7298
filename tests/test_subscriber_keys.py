"""Subscriber keys: what they name, in every store and by the service; none is left by `erase`."""

import pytest

from optin_engine.account import UnknownCode
from optin_engine.service.service import Service
from optin_engine.stores import Changes, Store, StoreError
from optin_engine.vocabulary import Contact, Origin
from tests.serving import OTHER_CODE, Phone, mos, serve
from tests.store_contract import ANNE, BILL, CODE, Opener, change, keep, keys


def test_a_subscriber_key_names_its_numbers_in_order_and_each_once(store: Store) -> None:
    pairs = [("ann", BILL), ("ann", ANNE), ("Ann", ANNE), ("ann", BILL), ("'; --", BILL)]
    with store.batch(keys(ANNE, BILL)) as batch:
        batch.commit(Changes(keys=pairs))
    change(store, keys=[("ann", ANNE)])
    asked = store.numbers_of(["Ann", "ann", "nobody", "ann", "'; --", ""])
    expected = {"Ann": [ANNE], "ann": [ANNE, BILL], "'; --": [BILL]}
    assert {key: [*numbers] for key, numbers in asked.items()} == expected
    assert store.numbers_of([]) == {}
    assert store.contacts(ANNE) == ()


def test_a_key_is_committed_with_its_batch_and_outlives_the_store(opener: Opener) -> None:
    store = opener()
    with store.batch(keys(ANNE)) as batch:
        batch.commit(Changes(keys=[("ann", ANNE)]))
        with pytest.raises(StoreError, match="commits once"):
            batch.commit(Changes(keys=[("bill", ANNE)]))
    assert [*opener().numbers_of(["ann", "bill"])] == ["ann"]


def test_no_key_names_an_erased_number_and_others_keep_theirs(store: Store) -> None:
    keep(store, Contact(ANNE, CODE))
    change(store, keys=[("ann", ANNE), ("family", ANNE)])
    change(store, BILL, keys=[("family", BILL)])
    store.erase(ANNE)
    assert {k: [*n] for k, n in store.numbers_of(["ann", "family"]).items()} == {"family": [BILL]}
    change(store, keys=[("ann", ANNE)])
    assert [*store.numbers_of(["ann"])["ann"]] == [ANNE]


def numbers_of(service: Service, *keys: str) -> list[list[str]]:
    return [[*numbers] for numbers in service.numbers_of(keys).values()]


def test_a_number_is_found_by_each_key_that_came_with_its_mo(store: Store) -> None:
    with serve(store) as service:
        service.queue_mo(CODE, {ANNE: ["ann", "family"], BILL: ["family"]}, "JOIN")
        assert numbers_of(service, "family", "ann", "bob") == [[ANNE, BILL], [ANNE], []]
        service.queue_mo(OTHER_CODE, {BILL: ["bob"]}, "JOIN")
        service.queue_mo(OTHER_CODE, [ANNE], "JOIN")
        assert numbers_of(service, "ann", "bob") == [[ANNE], [BILL]]
        service.store.erase(ANNE)
        assert numbers_of(service, "family", "ann") == [[BILL], []]


def test_a_key_is_kept_whatever_became_of_the_mo(store: Store) -> None:
    with serve(store) as service:
        Phone(service, ANNE).texts("STOP")
        (refused,) = service.queue_mo(CODE, {ANNE: ["a"]}, "JOIN", Origin.WEB, "form 7")
        assert refused.refused == "opted out"
        assert service.queue_mo(CODE, {ANNE: ["b"]}, "JOIN", Origin.WEB, "form 7") == [refused]
        assert numbers_of(service, "a", "b") == [[ANNE], [ANNE]]
        assert len(mos(store)) == 2


def test_a_call_that_fails_leaves_no_key(store: Store) -> None:
    with serve(store) as service:
        for numbers in ({ANNE: ["a"]}, {ANNE: ["a"], BILL: ["b"]}):
            with pytest.raises(UnknownCode):
                service.queue_mo("777777", numbers, "JOIN")
        for key in ("", "k" * 255):
            with pytest.raises(ValueError, match="must have 1 to 254 characters"):
                service.queue_mo(CODE, {ANNE: ["a"], BILL: [key]}, "JOIN")
        assert numbers_of(service, "a", "b") == [[], []]
        assert store.contacts(ANNE) == ()


@pytest.mark.parametrize("key", ["k" * 254, "👍🏽" * 100, "a\0b", "\ud800", 'a"],["b'])
def test_any_text_may_be_a_key(store: Store, key: str) -> None:
    with serve(store) as service:
        service.queue_mo(CODE, {ANNE: [key]}, "JOIN")
        assert service.numbers_of([key, "k"]) == {key: (ANNE,), "k": ()}
