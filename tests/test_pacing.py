"""A code hands over no faster than its pace, whoever claims; the times are those that are given."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optin_engine.stores import Store, open_store
from optin_engine.stores.pacing import Outlook, allowance, burst, chosen, interval, moved
from tests.faults.victim import forking
from tests.sends import a_list, add, enqueue_all, join, number_of, sent_to, settle
from tests.store_contract import ANNE, BILL, CODE, LEASE, NOW, say

OTHER = "99999"
TICK = timedelta(milliseconds=50)

paces = st.sampled_from((0.1, 0.5, 1, 1.5, 3, 7, 10, 100, 333))


def assert_kept(pace: float, claims: Sequence[tuple[int, int]]) -> None:
    """Find in no stretch of time more than the pace allows; times are in microseconds."""
    ordered = sorted(claims)
    for place, (start, _) in enumerate(ordered):
        taken = 0
        for end, many in ordered[place:]:
            taken += many
            assert taken <= pace * (end - start) / 1e6 + max(1, int(pace))


@given(paces, st.lists(st.tuples(st.integers(-100_000, 1_500_000), st.integers(0, 20))))
@settings(max_examples=200)
def test_no_stretch_of_time_has_more_than_its_pace_in_whatever_order_clocks_come(
    pace: float, wishes: list[tuple[int, int]]
) -> None:
    next_at, now, claims = None, 0, []
    for later, wish in wishes:
        now += later
        taken = min(wish, allowance(pace, next_at, now))
        next_at = moved(pace, next_at, now, taken)
        claims.append((now, taken))
    assert_kept(pace, claims)


@given(paces, st.integers(1, 20))
@settings(max_examples=50)
def test_who_takes_all_that_is_allowed_is_held_to_little_less_than_the_pace(
    pace: float, seconds: int
) -> None:
    next_at, taken = None, 0
    for now in range(0, seconds * 1_000_000 + 1, 10_000):
        allowed = allowance(pace, next_at, now)
        next_at = moved(pace, next_at, now, allowed)
        taken += allowed
    assert taken >= (pace * seconds + burst(pace)) * 0.97 - 1


def test_a_clock_that_was_put_back_stops_nobody_for_long() -> None:
    a_day = 86_400 * 1_000_000
    next_at = moved(10, None, a_day, 10)
    assert allowance(10, next_at, 0) == 10


@pytest.mark.parametrize("pace", [0, -1, float("nan")])
def test_a_pace_that_is_none_is_refused(pace: float) -> None:
    with pytest.raises(ValueError, match="messages a second"):
        interval(pace)


def test_codes_that_have_no_allowance_left_hold_up_no_other() -> None:
    replies = [(place, "a" if place < 50 else "b") for place in range(60)]

    def passing_over(most: int, passed: Sequence[str]) -> list[tuple[int, str]]:
        return [found for found in replies if found[1] not in passed][:most]

    outlook = Outlook(passing_over, lambda code, most: [(1_000, code)][:most], lambda: ["a", "c"])
    found = chosen(outlook, {"a": 3, "c": 1}, 0, 10)
    assert [code for _, code in found] == ["a"] * 3 + ["b"] * 7
    found = chosen(outlook, {"a": 3, "c": 1}, 0, 20)
    assert [code for _, code in found] == ["a"] * 3 + ["b"] * 10 + ["c"]


def claim(store: Store, milliseconds: int, limit: int = 100, pace: float = 2) -> list[str]:
    now = NOW + timedelta(milliseconds=milliseconds)
    return [mt.code for mt in store.claim(now, LEASE, limit, {CODE: pace})]


def test_a_code_hands_over_its_pace_and_others_are_not_held_up(store: Store) -> None:
    numbers = [number_of(place) for place in range(6)]
    for number in numbers:
        join(store, number, code=OTHER)
    sent_to(store, *numbers)
    enqueue_all(store, add(store, a_list(store, "a", *numbers), code=OTHER))
    assert sorted(claim(store, 0)) == [CODE] * 2 + [OTHER] * 6
    assert [claim(store, at) for at in (0, 499, 500, 999, 5_000, 5_000)] == [
        [], [], [CODE], [], [CODE] * 2, [],
    ]  # fmt: skip


def test_replies_go_first_and_count(store: Store) -> None:
    send = sent_to(store, ANNE, BILL)
    say(store, {"kind": "help"}, number=number_of(1))
    first = store.claim(NOW, LEASE, 100, {CODE: 2})
    assert sorted(mt.send for mt in first) == [0, send]
    settle(store, [mt.id for mt in first])
    say(store, {"kind": "help"}, number=number_of(2))
    assert [mt.send for mt in store.claim(NOW + 10 * TICK, LEASE, 100, {CODE: 2})] == [0]
    assert claim(store, 600) == []
    assert claim(store, 1_100) == [CODE]


def test_of_many_replies_those_of_a_code_without_allowance_are_passed_over(store: Store) -> None:
    for place in range(5):
        say(store, {}, number=number_of(place))
    with store.batch([(OTHER, BILL)]) as batch:
        base = batch.base
    assert base > 0
    join(store, BILL, code=OTHER)
    enqueue_all(store, add(store, a_list(store, "a", BILL), code=OTHER))
    assert claim(store, 0, limit=4) == [CODE, CODE, OTHER]
    assert claim(store, 0, limit=4) == []


def claims_of_a_process(url: str, pace: float) -> list[tuple[int, int]]:
    """Claim at every tick of three seconds, and settle; give when and how many."""
    found = []
    with open_store(url) as store:
        for tick in range(61):
            now = NOW + tick * TICK
            mts = store.claim(now, now + timedelta(hours=1), 7, {CODE: pace})
            settle(store, [mt.id for mt in mts])
            found.append((tick * 50_000, len(mts)))
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_two_processes_together_keep_the_pace(
    kind: str, request: pytest.FixtureRequest, tmp_path: object
) -> None:
    url = f"sqlite:///{tmp_path}/optin.db" if kind == "sqlite" else None
    url = url or request.getfixturevalue("postgres")
    with open_store(url) as store:
        send = sent_to(store, *(number_of(place) for place in range(120)))
        with ProcessPoolExecutor(2, mp_context=forking) as processes:
            both = processes.map(claims_of_a_process, [url] * 2, [20] * 2)
            claims = [claim for each in both for claim in each]
        assert_kept(20, claims)
        taken = sum(many for _, many in claims)
        assert 75 <= taken <= 80
        assert store.sends.fates(send) == {"sent": taken, "queued": 120 - taken}
