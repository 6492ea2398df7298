"""A transport that is dead or slow: MOs are answered all the same, and every MT arrives later."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import attrs
import pytest

from optin_engine.stores import Fate, Mt, Store, open_store
from optin_engine.vocabulary import Hears
from tests.faults.delivering import deliver_more, deliver_the_rest
from tests.faults.figures import Report
from tests.faults.load import Carrier, Talk
from tests.faults.receiver import TAKEN, Receiver
from tests.faults.verdicts import check, conversation, is_quiet
from tests.faults.victim import SOON, STEADY, Place, Victim, steady
from tests.faults.waiting import wait_until

DOWN = 503
MOS = 150


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def fates(store: Store, carrier: Carrier) -> set[Fate]:
    """Give what became of all MTs so far."""
    return {mt.fate for talk in carrier.talks for mt in conversation(store, talk.number)[1]}


def check_withdrawn(talk: Talk, mts: Sequence[Mt]) -> None:
    """Of what waited, nothing that a programme said before the last STOP is said any more."""
    stops = [a.id for a in talk.answers.values() if a.reading.hears == Hears.STOP]
    waiting = [mt for mt in mts if mt.keyword and mt.fate == Fate.QUEUED]
    assert all(mt.id > max(stops, default=0) for mt in waiting)


def is_repeating(receiver: Receiver) -> bool:
    """Tell whether anything arrived more than once."""
    keys = [arrival.key for arrival in receiver.arrivals]
    return len(set(keys)) < len(keys)


def test_while_the_transport_is_dead_mos_are_answered_and_afterwards_every_mt_arrives(
    url: str, receiver: Receiver, report: Report
) -> None:
    carrier, receiver.status = Carrier(seed=8), DOWN
    with Victim(steady(url, receiver.url)) as victim, open_store(url) as store:
        deliver_more(carrier, victim, "answered", MOS)
        deliver_the_rest(carrier, victim)
        wait_until(lambda: is_repeating(receiver), "MTs are refused, and sent again")
        assert Fate.SENT not in fates(store, carrier)
        for talk in carrier.talks:
            check_withdrawn(talk, conversation(store, talk.number)[1])
        receiver.status = TAKEN
        wait_until(lambda: is_quiet(store), "everything is sent")
        report(carrier.figures | check(store, carrier.talks, receiver.arrivals))


def test_while_the_transport_never_answers_mos_are_answered_and_every_mt_arrives_at_last(
    url: str, receiver: Receiver, report: Report
) -> None:
    carrier = Carrier(seed=9)
    receiver.may_answer.clear()
    with Victim(Place(url, receiver.url, SOON)) as victim, open_store(url) as store:
        deliver_more(carrier, victim, "answered", MOS)
        wait_until(lambda: is_repeating(receiver), "a call is given up, and made again")
        assert Fate.SENT not in fates(store, carrier)
        receiver.may_answer.set()
        deliver_the_rest(carrier, victim)
        wait_until(lambda: is_quiet(store), "everything is sent")
        report(carrier.figures | check(store, carrier.talks, receiver.arrivals))


def test_what_is_given_up_is_dead_and_arrives_in_order_once_it_is_requeued(
    url: str, receiver: Receiver, report: Report
) -> None:
    soon = attrs.evolve(STEADY, attempts=2, first_wait=timedelta(milliseconds=20))
    carrier, receiver.status = Carrier(seed=10), DOWN
    place = attrs.evolve(steady(url, receiver.url), dispatching=soon)
    with Victim(place) as victim, open_store(url) as store:
        deliver_more(carrier, victim, "answered", MOS)
        deliver_the_rest(carrier, victim)
        wait_until(lambda: is_quiet(store), "everything is given up")
        assert fates(store, carrier) == {Fate.DEAD, Fate.CANCELLED}
        dead = [mt.id for mt in store.dead(limit=10 * MOS)]
        receiver.status = TAKEN
        assert store.requeue(dead, datetime.now(UTC)) == len(dead)
        wait_until(lambda: is_quiet(store), "everything is sent")
        report({"dead": len(dead)} | check(store, carrier.talks, receiver.arrivals))
