"""The contract of all stores: what sends wait for."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from optin_engine.stores import Fate, Store
from optin_engine.stores.holding import MOST_PUT_OFF, Holds, held_back
from optin_engine.stores.pacing import Outlook
from tests.sends import a_list, add, enqueue_all, join, number_of, sent_to, settle, stop, told
from tests.store_contract import ANNE, BILL, CODE, LATER, LEASE, NOW, say

OTHER = "99999"
SECOND = timedelta(seconds=1)


def quiet_for(*numbers: str, code: str = CODE) -> Holds:
    return Holds(until={code: lambda number: LATER if number in numbers else None})


def claim(
    store: Store, holds: Holds, now: datetime = NOW, limit: int = 100, pace: float = 1000
) -> list[str]:
    until = now + (LEASE - NOW)
    return [mt.number for mt in store.claim(now, until, limit, {CODE: pace}, holds)]


def test_whom_a_send_may_not_tell_now_is_told_later_at_the_cost_of_no_attempt(store: Store) -> None:
    numbers = [number_of(place) for place in range(9)]
    send = sent_to(store, *numbers)
    quiet = quiet_for(*numbers[:7])
    assert claim(store, quiet, limit=2) == numbers[7:]
    waiting = [mt for mt in store.sends.mts(send) if mt.number in numbers[:7]]
    assert [(mt.fate, mt.attempts, mt.due_at) for mt in waiting] == [(Fate.QUEUED, 0, LATER)] * 7
    assert claim(store, Holds(), LATER - SECOND) == numbers[7:]
    assert claim(store, Holds(), LATER) == numbers[:7]
    assert [mt.attempts for mt in store.sends.mts(send)] == [1] * 7 + [2] * 2


def test_what_is_held_takes_none_of_its_codes_pace(store: Store) -> None:
    numbers = [number_of(place) for place in range(8)]
    sent_to(store, *numbers)
    assert claim(store, quiet_for(*numbers[:5]), pace=2) == numbers[5:7]
    assert claim(store, Holds(), NOW + SECOND / 2, pace=2) == numbers[7:]


def test_replies_and_other_codes_wait_for_no_quiet_hours(store: Store) -> None:
    join(store, BILL, code=OTHER)
    enqueue_all(store, add(store, a_list(store, "a", BILL), code=OTHER))
    sent_to(store, ANNE)
    say(store, {"kind": "help"})
    assert [mt.send > 0 for mt in store.claim(NOW, LEASE, 9, {}, quiet_for(ANNE, BILL))] == [
        True, False,
    ]  # fmt: skip


def test_a_contacts_texts_stay_in_their_order_while_it_is_not_to_be_told(store: Store) -> None:
    first, second = sent_to(store, ANNE), sent_to(store, ANNE)
    assert claim(store, quiet_for(ANNE)) == []
    for send in (first, second):
        (taken,) = store.claim(LATER, LATER + SECOND, 9)
        assert taken.send == send
        settle(store, [taken.id])


def test_a_send_that_rests_is_passed_over_and_holds_up_no_other(store: Store) -> None:
    resting = sent_to(store, ANNE, options=b'{"rests": true}')
    sent_to(store, ANNE, BILL)
    rests = Holds(rests=lambda options: options == b'{"rests": true}')
    assert claim(store, rests, limit=1) == [ANNE]
    assert claim(store, rests, limit=9) == [BILL]
    assert claim(store, rests, limit=9) == []
    (taken,) = store.claim(NOW, LEASE, 9)
    assert taken.send == resting


def test_who_stops_while_held_is_told_nothing_at_all(store: Store) -> None:
    send = sent_to(store, ANNE, BILL)
    assert claim(store, quiet_for(ANNE)) == [BILL]
    stop(store, ANNE)
    assert dict(told(store, send))[ANNE] == Fate.CANCELLED
    assert claim(store, Holds(), LATER - SECOND) == [BILL]


def test_a_great_send_is_put_off_in_several_claims_and_others_have_their_turn_then() -> None:
    last = MOST_PUT_OFF + 700
    due = dict.fromkeys(range(last + 1), CODE)

    def put_off(dues: Mapping[int, datetime]) -> None:
        for mt in dues:
            del due[mt]

    def numbers(mts: Sequence[int]) -> Mapping[int, str]:
        return {mt: BILL if mt == last else ANNE for mt in mts}

    outlook = Outlook(lambda *_: (), lambda _, most: [*due.items()][:most], lambda: [CODE])
    held = held_back(outlook, quiet_for(ANNE), numbers, put_off)
    assert held.of_code(CODE, 16) == []
    assert 0 < len(due) <= 700
    assert held.of_code(CODE, 16) == [(last, CODE)]
    assert list(due) == [last]
