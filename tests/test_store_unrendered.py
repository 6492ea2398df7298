"""The contract of all stores: replies whose text is yet to be made, and then is."""

from collections.abc import Sequence
from typing import Any

import attrs
import pytest

from optin_engine.stores import UNRENDERED, Fate, Mt, Settlement, Store, Text, Withdrawal
from tests.sends import sent_to, settle
from tests.store_contract import ANNE, CODE, LATER, LEASE, NOW, change, mo, mt, said, say

YET_TO_BE: dict[str, Any] = {"encoding": UNRENDERED, "segments": 0, "text": "%%=1=%%"}
MADE = Text("12.50 \u20ac\0", "UCS-2", 2)


def to_make(store: Store, limit: int = 10) -> Sequence[Mt]:
    return store.claim_unrendered(NOW, LEASE, limit)


def make(store: Store, mt: int, text: Text = MADE) -> None:
    store.settle([Settlement(mt, Fate.QUEUED, NOW, text=text)])


def test_it_is_taken_in_hand_to_be_made_for_a_lease_and_never_to_be_handed_over(
    store: Store,
) -> None:
    (queued,) = say(store, YET_TO_BE)
    assert store.claim(NOW, LEASE, 10) == ()
    assert to_make(store) == (attrs.evolve(queued, attempts=1, due_at=LEASE),)
    assert to_make(store) == ()
    again = store.claim_unrendered(LEASE, LATER, 10)
    assert again == (attrs.evolve(queued, attempts=2, due_at=LATER),)
    assert store.claim(LATER, LATER, 10) == ()


def test_as_many_are_taken_as_asked_for_the_longest_due_first(store: Store) -> None:
    first, second, third = say(store, YET_TO_BE, YET_TO_BE, YET_TO_BE)
    say(store, {})
    assert [mt.id for mt in to_make(store, 2)] == [first.id, second.id]
    assert [mt.id for mt in to_make(store, 2)] == [third.id]


def test_it_holds_up_neither_replies_nor_sends(store: Store) -> None:
    say(store, YET_TO_BE)
    (reply,) = say(store, {})
    send = sent_to(store, ANNE)
    assert [mt.id for mt in store.claim(NOW, LEASE, 10)] == [reply.id]
    settle(store, [reply.id])
    assert [mt.send for mt in store.claim(NOW, LEASE, 10)] == [send]


def test_once_made_it_is_handed_over_as_any_other_with_no_attempt_behind_it(store: Store) -> None:
    (queued,) = say(store, YET_TO_BE)
    say(store, {})
    to_make(store)
    make(store, queued.id)
    made = attrs.evolve(
        queued, text=MADE.text, encoding="UCS-2", segments=2, attempts=1, due_at=LEASE
    )
    assert to_make(store) == ()
    assert store.claim(NOW, LEASE, 10) == (made,)


def test_to_make_it_takes_none_of_its_codes_pace(store: Store) -> None:
    (queued,) = say(store, YET_TO_BE)
    to_make(store)
    make(store, queued.id)
    assert len(store.claim(NOW, LEASE, 10, {CODE: 1})) == 1


def test_who_makes_it_first_has_made_it(store: Store) -> None:
    (queued,) = say(store, YET_TO_BE)
    to_make(store)
    make(store, queued.id)
    make(store, queued.id, Text("13", "GSM-7", 1))
    assert said(store)[0].text == MADE.text


@pytest.mark.parametrize("fate", [Fate.DEAD, Fate.QUEUED])
def test_one_that_could_not_be_made_stays_as_it_is(store: Store, fate: Fate) -> None:
    (queued,) = say(store, YET_TO_BE)
    to_make(store)
    settle(store, [queued.id], fate, due_at=LATER if fate == Fate.QUEUED else None, error="why")
    (kept,) = said(store)
    assert (kept.text, kept.encoding, kept.attempts, kept.fate, kept.error) == (
        queued.text, UNRENDERED, 1, fate, "why",
    )  # fmt: skip
    store.requeue([queued.id], LATER)
    assert [mt.id for mt in store.claim_unrendered(LATER, LATER, 10)] == [queued.id]


def test_a_stop_cancels_it_at_once_though_it_is_being_made(store: Store) -> None:
    (queued,) = say(store, YET_TO_BE)
    to_make(store)
    change(store, withdrawn=[Withdrawal(CODE, ANNE, "", queued.id + 1, NOW)])
    (cancelled,) = said(store)
    assert (cancelled.fate, cancelled.settled_at) == (Fate.CANCELLED, NOW)
    make(store, queued.id)
    assert said(store) == [cancelled]


def test_what_was_erased_while_it_was_made_stays_so(store: Store) -> None:
    heard = mo(7)
    change(store, mos=[heard], mts=[mt(8, mo=heard.id, **YET_TO_BE)])
    to_make(store)
    store.erase(ANNE)
    make(store, 8)
    (kept,) = store.answers(heard.id)
    assert (kept.text, kept.fate) == ("", Fate.CANCELLED)
