"""MOs that come again: each counts once, and its retries get the first answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optin_engine.service.answer import Delivery
from optin_engine.service.service import Rules
from optin_engine.stores import Fate, Store, open_store
from optin_engine.vocabulary import Inbound, State
from tests.serving import (
    ANN,
    BOB,
    CODE,
    NOON,
    OTHER_CODE,
    Opening,
    Phone,
    fates,
    mos,
    opening,
    said,
    serve,
    store,
)

__all__ = ["opening", "store"]


def test_one_mo_brought_by_twenty_at_once_counts_once_and_all_get_its_answer(
    opening: Opening,
) -> None:
    services = [serve(opening()) for _ in range(2)]
    mo = Inbound("JOIN", NOON, "SM1")
    with ThreadPoolExecutor(20) as pool:
        brought = [
            pool.submit(services[place % 2].receive, CODE, ANN, mo, Delivery.OUTBOX)
            for place in range(20)
        ]
        answers = [future.result() for future in brought]
    for service in services:
        service.close()
    assert [answer == answers[0] for answer in answers] == [True] * 20
    assert (len(mos(opening())), fates(opening())) == (1, [("Club: reply YES", Fate.QUEUED)])


def test_an_id_is_known_for_its_own_contact_only(store: Store) -> None:
    with serve(store) as service:
        phones = [Phone(service), Phone(service, BOB), Phone(service, ANN, OTHER_CODE)]
        ids = {phone.texts("JOIN", "SM1").id for phone in phones for _ in range(2)}
    assert len(ids) == 3


def test_a_retry_gets_the_first_answer_also_where_it_would_be_answered_otherwise_now(
    store: Store,
) -> None:
    with serve(store) as service:
        phone = Phone(service)
        first = phone.texts("JOIN", "SM1")
        phone.texts("STOP", "SM2")
        assert phone.texts("JOIN", "SM1") == first
        assert phone.state() == State.UNSUBSCRIBED


@settings(max_examples=100)
@given(
    st.integers(1, 20),
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["JOIN", "HELP"])), max_size=12),
    st.sampled_from([1, 2, 12]),
)
def test_without_an_id_a_repeat_within_the_time_is_a_retry_to_the_second(
    within: int, texts: list[tuple[int, str]], together: int
) -> None:
    counted: list[tuple[int, str]] = []
    for second, text in texts:
        if not any(text == t and abs(second - s) <= within for s, t in counted):
            counted.append((second, text))
    rules = Rules(repeats_within=timedelta(seconds=within))
    with open_store("memory:") as store, serve(store, rules) as service:
        begin = NOON - timedelta(seconds=60)
        arrivals = [
            service.arrival(CODE, ANN, Inbound(text, begin + timedelta(seconds=second)))
            for second, text in texts
        ]
        for place in range(0, len(arrivals), together):
            service.receive_all(arrivals[place : place + together])
        assert [((mo.at - begin).total_seconds(), mo.text) for mo in mos(store)] == counted


@pytest.mark.parametrize("within", [None, timedelta()])
def test_without_the_rule_every_mo_without_an_id_counts(
    store: Store, within: timedelta | None
) -> None:
    with serve(store, Rules(repeats_within=within)) as service:
        assert len({Phone(service).texts("HELP").id for _ in range(3)}) == 3


def test_a_stop_without_an_id_is_no_retry_of_one_before_the_contact_came_back(
    store: Store,
) -> None:
    with serve(store, Rules(repeats_within=timedelta(seconds=10))) as service:
        phone = Phone(service)
        stop, back, again, repeated = map(phone.texts, ["STOP", "JOIN", "STOP", "STOP"])
        assert (back.state, again.state) == (State.IN_PROGRESS, State.UNSUBSCRIBED)
        assert stop.id != again.id
        assert repeated.id == stop.id
        assert phone.state() == State.UNSUBSCRIBED


def test_repeats_are_known_in_every_process_that_shares_the_secret(opening: Opening) -> None:
    rules = Rules(repeats_within=timedelta(seconds=10))
    ids = set()
    for secret in (b"ours", b"ours", b"theirs"):
        with serve(opening(), rules, secret=secret) as service:
            ids.add(Phone(service).texts("HELP").id)
    assert len(ids) == 2


def test_after_an_erasure_even_a_retry_begins_anew(store: Store) -> None:
    with serve(store) as service:
        for text in ("JOIN", "STOP"):
            Phone(service).texts(text, text)
        store.erase(ANN)
        assert said(Phone(service).texts("JOIN", "JOIN")) == ["Club: reply YES"]
        assert Phone(service).state() == State.IN_PROGRESS
