"""The contract of all stores: MTs and their fates."""

from datetime import timedelta

import attrs
import pytest

from optin_engine.stores import (
    Backlog,
    Changes,
    Fate,
    Mt,
    Settlement,
    Store,
    Withdrawal,
)
from optin_engine.vocabulary import Contact, State, Subscription
from tests.store_contract import (
    ANNE,
    BILL,
    CODE,
    LATER,
    LEASE,
    NOW,
    Opener,
    change,
    fates,
    in_threads,
    keep,
    keys,
    mt,
    said,
    say,
    settle,
)


def claim(store: Store, limit: int = 10) -> list[int]:
    return [mt.id for mt in store.claim(NOW, LEASE, limit)]


def withdraw(store: Store, keyword: str = "", before: int = 1 << 62) -> None:
    change(store, withdrawn=[Withdrawal(CODE, ANNE, keyword, before, LATER)])


def test_an_mt_is_claimed_with_its_attempt_and_its_lease(store: Store) -> None:
    (queued,) = say(store, {})
    assert store.claim(NOW, LEASE, 10) == (attrs.evolve(queued, attempts=1, due_at=LEASE),)
    assert store.claim(NOW, LEASE, 10) == ()
    assert store.claim(LEASE, LATER, 10) == (attrs.evolve(queued, attempts=2, due_at=LATER),)


def test_only_the_first_of_a_contact_that_is_not_settled_is_claimed(store: Store) -> None:
    first, second = say(store, {}, {})
    (others,) = say(store, {}, number=BILL)
    assert claim(store) == [first.id, others.id]
    settle(store, [first], Fate.SENT)
    assert claim(store) == [second.id]


@pytest.mark.parametrize("fate", [Fate.SENT, Fate.DEAD])
def test_an_mt_that_waits_to_be_tried_again_holds_up_its_contact(store: Store, fate: Fate) -> None:
    first, second = say(store, {}, {})
    claim(store)
    settle(store, [first], Fate.QUEUED, due_at=LATER, error="timeout")
    assert claim(store) == []
    assert [(mt.id, mt.attempts) for mt in store.claim(LATER, LATER, 10)] == [(first.id, 2)]
    settle(store, [first], fate)
    assert claim(store) == [second.id]


def test_an_mt_is_not_claimed_before_it_is_due_and_the_longest_due_are_first(store: Store) -> None:
    (late,) = say(store, {"due_at": NOW})
    (early,) = say(store, {"due_at": NOW - timedelta(seconds=1)}, number=BILL)
    say(store, {"due_at": LATER}, number="+15555550125")
    assert [claim(store, 1), claim(store), claim(store)] == [[early.id], [late.id], []]


def test_what_is_claimed_comes_by_id_whichever_was_due_first(store: Store) -> None:
    (late,) = say(store, {"due_at": NOW})
    (early,) = say(store, {"due_at": NOW - timedelta(seconds=1)}, number=BILL)
    assert claim(store) == [late.id, early.id]


def test_every_mt_is_claimed_once_by_any_number_of_workers(opener: Opener) -> None:
    stores = [opener(), opener()]
    queued = [say(stores[0], {}, number=f"+1555555{n:04d}")[0].id for n in range(40)]
    taken = list[int]()

    def work() -> None:
        while mine := claim(stores[len(taken) % 2], 3):
            taken.extend(mine)

    in_threads(work)
    assert sorted(taken) == queued


def test_settling_says_what_became_of_an_mt(store: Store) -> None:
    sent, dead = say(store, {}, {})
    settle(store, [sent], Fate.SENT, provider_id="SM1")
    settle(store, [dead], Fate.DEAD, error="rejected")
    assert said(store) == [
        attrs.evolve(sent, fate=Fate.SENT, settled_at=NOW, provider_id="SM1"),
        attrs.evolve(dead, fate=Fate.DEAD, settled_at=NOW, error="rejected"),
    ]
    store.settle([Settlement(1 << 60, Fate.SENT, NOW)])
    assert fates(store) == [Fate.SENT, Fate.DEAD]


@pytest.mark.parametrize("late", [Fate.QUEUED, Fate.DEAD, Fate.SENT])
def test_a_worker_that_comes_too_late_does_not_unsend(store: Store, late: Fate) -> None:
    (queued,) = say(store, {})
    settle(store, [queued], Fate.SENT, provider_id="SM1")
    settle(store, [queued], late, provider_id="SM2", due_at=NOW)
    assert (fates(store), claim(store)) == ([Fate.SENT], [])
    assert said(store)[0].provider_id == "SM1"


@pytest.mark.parametrize("told", [Fate.DEAD, Fate.CANCELLED])
def test_an_mt_that_was_given_up_and_was_sent_after_all_is_sent(store: Store, told: Fate) -> None:
    (queued,) = say(store, {})
    settle(store, [queued], told)
    settle(store, [queued], Fate.SENT, provider_id="SM1")
    assert [(mt.fate, mt.provider_id) for mt in said(store)] == [(Fate.SENT, "SM1")]


def test_a_withdrawal_cancels_what_programmes_still_had_to_say(store: Store) -> None:
    say(store, {}, {"keyword": "CLUB"}, {"keyword": "", "kind": "help"})
    (later,) = say(store, {})
    withdraw(store, before=later.id)
    assert fates(store) == [Fate.CANCELLED, Fate.CANCELLED, Fate.QUEUED, Fate.QUEUED]
    assert [mt.settled_at for mt in said(store)] == [LATER, LATER, None, None]


def test_a_withdrawal_from_one_programme_leaves_the_others_and_other_contacts(
    store: Store,
) -> None:
    say(store, {}, {"keyword": "CLUB"})
    say(store, {}, number=BILL)
    withdraw(store, "CLUB")
    assert fates(store) == [Fate.QUEUED, Fate.CANCELLED]
    assert fates(store, BILL) == [Fate.QUEUED]


def test_a_withdrawal_in_the_batch_of_its_stop_message_leaves_that(store: Store) -> None:
    (asked,) = say(store, {})
    with store.batch(keys(ANNE)) as batch:
        stop = mt(batch.base, keyword="", kind="stop")
        over = Withdrawal(CODE, ANNE, "", batch.base, NOW)
        batch.commit(Changes(mts=[stop], withdrawn=[over]))
    assert [(mt.id, mt.fate) for mt in said(store)] == [
        (asked.id, Fate.CANCELLED),
        (stop.id, Fate.QUEUED),
    ]


@pytest.mark.parametrize(
    ("told", "becomes"),
    [
        (Fate.SENT, Fate.SENT),
        (Fate.QUEUED, Fate.CANCELLED),
        (Fate.DEAD, Fate.CANCELLED),
    ],
)
def test_an_mt_withdrawn_while_in_hand_is_sent_or_never_said(
    store: Store, told: Fate, becomes: Fate
) -> None:
    first, stop = say(store, {}, {"keyword": "", "kind": "stop"})
    claim(store)
    withdraw(store)
    assert (fates(store)[0], said(store)[0].settled_at) == (Fate.WITHDRAWN, None)
    assert claim(store) == []
    settle(store, [first], told, due_at=NOW if told == Fate.QUEUED else None)
    assert (fates(store)[0], said(store)[0].settled_at, store.dead()) == (becomes, NOW, ())
    assert claim(store) == [stop.id]


def test_an_mt_withdrawn_in_a_hand_that_died_is_cancelled_as_its_lease_ends(store: Store) -> None:
    _, stop = say(store, {}, {"keyword": "", "kind": "stop"})
    claim(store)
    withdraw(store)
    assert [mt.id for mt in store.claim(LEASE, LATER, 10)] == [stop.id]
    assert (fates(store)[0], said(store)[0].settled_at) == (Fate.CANCELLED, LEASE)


def test_an_mt_withdrawn_between_two_attempts_is_cancelled_at_once(store: Store) -> None:
    (queued,) = say(store, {})
    claim(store)
    settle(store, [queued], Fate.QUEUED, due_at=LATER)
    withdraw(store)
    assert fates(store) == [Fate.CANCELLED]


def test_the_dead_are_listed_requeued_once_and_withdrawn_too(store: Store) -> None:
    first, second = say(store, {}, {})
    for each in (first, second):
        claim(store)
        settle(store, [each], Fate.DEAD, error="rejected")
    assert [mt.id for mt in store.dead()] == [first.id, second.id]
    assert [mt.id for mt in store.dead(after=first.id)] == [second.id]
    assert [mt.id for mt in store.dead(limit=1)] == [first.id]
    assert store.requeue([second.id, second.id, 7], LATER) == 1
    again = said(store)[1]
    assert (again.fate, again.attempts, again.due_at) == (Fate.QUEUED, 0, LATER)
    assert again.settled_at is None
    withdraw(store)
    assert (fates(store), store.requeue([first.id], NOW)) == ([Fate.CANCELLED] * 2, 0)


def test_the_backlog_counts_what_waits(store: Store) -> None:
    assert store.backlog() == Backlog(0, 0, 0, None)
    keep(store, Contact(BILL, CODE, subscriptions=(Subscription("JOIN", State.IN_PROGRESS),)))
    dead, *_ = say(store, {}, {"at": LATER}, {"at": NOW}, {"fate": Fate.SENT})
    settle(store, [dead], Fate.DEAD)
    assert store.backlog() == Backlog(pending=1, queued=2, dead=1, oldest=NOW)


def test_a_whole_mt_comes_back_as_it_was(store: Store) -> None:
    whole = Mt(
        9, CODE, ANNE, NOW, 8, "web", "reminder", "text", "UCS-2", 2, "CLUB", Fate.DELIVERED, 3,
        LATER, LEASE, "SM9", "late",
    )  # fmt: skip
    change(store, mts=[whole])
    assert said(store) == [whole]
