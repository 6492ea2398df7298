"""One batch: its jobs in their order, each all or none."""

from collections.abc import Sequence

import pytest

from optin_engine.account import UnknownCode
from optin_engine.service.arrivals import Work
from optin_engine.service.batches import Batches
from optin_engine.service.service import Rules, Service
from optin_engine.stores import Store
from optin_engine.vocabulary import Hears, Inbound, Instruction, Origin, State
from tests.serving import ANN, BOB, CODE, NOON, Phone, fates, mos, opening, said, serve, store

__all__ = ["opening", "store"]


def commit(service: Service, *jobs: Sequence[Work]) -> list[object]:
    """Commit jobs in one batch: give what each says, or the name of what it raised."""
    rules = Rules(prompts_per_day=1)
    batches = Batches(service.store, service.catalog, rules, service.now)
    results = batches.commit(jobs).results
    return [r if isinstance(r, Exception) else said(r) for r in results]


def mo(service: Service, text: str, number: str = ANN, code: str = CODE) -> Work:
    return service.arrival(code, number, Inbound(text, NOON, text, Origin.HANDSET))


def asked(service: Service, code: str = CODE) -> Work:
    return service.arrival(code, ANN, Inbound("JOIN", NOON, "form", Origin.WEB))


def test_a_group_that_fails_halfway_leaves_nothing_to_those_after_it(store: Store) -> None:
    with serve(store) as service:
        lost = [asked(service), mo(service, "STOP", BOB), asked(service, "777777")]
        failed, first, again = commit(service, lost, [asked(service)], [asked(service)])
    assert isinstance(failed, UnknownCode)
    assert first == again == ["Club: reply YES"]
    assert [m.text for m in mos(store)] == ["JOIN"]
    assert [text for text, _ in fates(store)] == ["Club: reply YES"]
    assert store.contacts(BOB) == ()
    chain = store.chain(CODE, ANN)
    assert chain is not None
    assert len(chain.records) == 1


def test_a_group_that_fails_takes_its_keys_along_and_those_of_others_stay(store: Store) -> None:
    with serve(store) as service:

        def named(key: str, code: str = CODE) -> Work:
            inbound = Inbound("JOIN", NOON, key, Origin.WEB)
            return service.reception.arrival(code, ANN, inbound, named=[key])

        lost = [named("lost"), named("nowhere", "777777")]
        commit(service, [named("one")], lost, [named("two"), named("three")])
    keys = ["one", "lost", "nowhere", "two", "three"]
    assert sorted(store.numbers_of(keys)) == ["one", "three", "two"]


def test_each_job_finds_what_those_before_it_left(store: Store) -> None:
    with serve(store) as service:
        jobs = [[mo(service, text)] for text in ("JOIN", "YES", "JOIN again", "STOP")]
        order = Instruction(Hears.SUBSCRIBE, NOON, "JOIN", resubscribe=True)
        commit(service, *jobs, [service.reception.order(CODE, ANN, order)])
        assert Phone(service).state() == State.SUBSCRIBED
        (contact,) = store.contacts(ANN)
    chain = store.chain(CODE, ANN)
    assert chain is not None
    assert [record.event for record in chain.records] == [
        "JOIN",
        "YES",
        "STOP",
        "STOP",
        "SUBSCRIBE",
        "SUBSCRIBE",
    ]
    assert contact.chain == chain.head


def test_a_batch_of_nothing_that_counts_is_not_written(store: Store) -> None:
    with serve(store) as service:
        assert isinstance(commit(service, [asked(service, "777777")])[0], UnknownCode)
        assert commit(service, []) == [[]]
        with pytest.raises(UnknownCode):
            Phone(service, ANN, "777777").texts("JOIN")
    assert store.contacts(ANN) == ()
