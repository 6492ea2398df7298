"""Sends under way: each member once whoever is killed, paused, resumed, cancelled, handed over."""

import threading
from collections.abc import Sequence

import pytest

from optin_engine.service.answer import Heard
from optin_engine.service.dispatcher import Dispatcher
from optin_engine.service.outbound.enqueuer import Enqueuer
from optin_engine.service.service import Service
from optin_engine.service.workers import Workers
from optin_engine.stores import Fate, Mt, SendState, Store, Unavailable, open_store
from optin_engine.transports import open_transport
from tests.ordering import SALE, joined, queued, to, to_lists, told
from tests.receivers import PATIENCE_SECONDS
from tests.sends import a_list, number_of
from tests.serving import ANN, DEFINITIONS, NOON, Phone, SetClock, serve
from tests.store_contract import LEASE, Opener, settle

NUMBERS = [number_of(place) for place in range(10)]
EVERYBODY = [(number, SALE) for number in NUMBERS]


def step(store: Store, page: int = 4) -> int:
    """Let an enqueuer come up, deal with one page of each send, and be no more."""
    return Enqueuer(store, lambda: NOON, page).step()


def test_enqueuers_killed_after_each_page_repeat_nobody_and_pass_over_nobody(
    opener: Opener,
) -> None:
    with serve(opener()) as service:
        joined(service, *NUMBERS)
        send = service.sender.to_contacts(to(*reversed(NUMBERS)))
    seen = []
    while step(opener()):
        seen.append(told(opener(), send))
    assert seen == [EVERYBODY[:4], EVERYBODY[:8], EVERYBODY]


def test_each_send_that_waits_has_a_page_in_turn(store: Store) -> None:
    with serve(store) as service:
        joined(service, *NUMBERS)
        sends = [service.sender.to_contacts(to(*NUMBERS)) for _ in range(2)]
        assert step(store) == 2
        assert [told(store, send) for send in sends] == [EVERYBODY[:4]] * 2


def test_a_send_is_finished_when_the_last_of_it_was_handed_over(store: Store) -> None:
    with serve(store) as service:
        joined(service, ANN)
        send = service.sender.to_contacts(to(ANN))
        assert queued(service, send).state == SendState.STARTED
        settle(store, store.sends.mts(send.id), Fate.SENT)
        done = queued(service, send)
    assert (done.state, done.finished_at) == (SendState.FINISHED, NOON)


def test_a_paused_send_stays_where_it_is_until_it_is_resumed(store: Store) -> None:
    with serve(store) as service:
        joined(service, *NUMBERS)
        send = service.sender.to_contacts(to(*NUMBERS))
        step(store)
        assert (service.sender.pause(send.id), service.sender.pause(send.id)) == (True, False)
        assert step(store) == 0
        # The programme's answers go out all the same.
        assert not any(mt.send for mt in store.claim(NOON, LEASE, 100))
        paused = service.sender.find(send.id)
        assert paused is not None
        assert (paused.state, paused.queued) == (SendState.PAUSED, 4)
        assert (service.sender.resume(send.id), service.sender.resume(send.id)) == (True, False)
        assert queued(service, send).state == SendState.STARTED
    assert told(store, send) == EVERYBODY


def test_a_cancelled_send_goes_no_further_and_what_was_queued_is_cancelled(store: Store) -> None:
    with serve(store) as service:
        joined(service, *NUMBERS)
        send = service.sender.to_contacts(to(*NUMBERS))
        step(store)
        assert (service.sender.cancel(send.id), service.sender.cancel(send.id)) == (True, False)
        assert step(store) == 0
        assert service.sender.resume(send.id) is False
        assert queued(service, send).state == SendState.CANCELLED
    assert store.sends.fates(send.id) == {Fate.CANCELLED: 4}


def test_a_paused_send_can_be_cancelled_and_a_finished_one_cannot(store: Store) -> None:
    with serve(store) as service:
        paused, finished = (service.sender.to_contacts(to(ANN)) for _ in range(2))
        service.sender.pause(paused.id)
        assert queued(service, finished).state == SendState.FINISHED
        assert [service.sender.cancel(send.id) for send in (paused, finished)] == [True, False]
        assert queued(service, finished).state == SendState.FINISHED


def test_a_cancellation_that_broke_off_is_completed_by_the_next(store: Store) -> None:
    with serve(store) as service:
        joined(service, *NUMBERS)
        send = service.sender.to_contacts(to(*NUMBERS))
        queued(service, send)
        store.sends.cancel(send.id, NOON, 3)
        assert service.sender.cancel(send.id) is False
    assert store.sends.fates(send.id) == {Fate.CANCELLED: 10}


def test_a_send_that_nobody_ordered_is_not_there(store: Store) -> None:
    with serve(store) as service:
        sender = service.sender
        assert sender.find(77) is None
        assert (sender.pause(77), sender.resume(77), sender.cancel(77)) == (False, False, False)


def test_who_stops_halfway_is_told_nothing_more(store: Store) -> None:
    with serve(store) as service:
        joined(service, *NUMBERS)
        send = service.sender.to_lists(to_lists(a_list(store, "All", *NUMBERS)))
        step(store)
        for number in (NUMBERS[1], NUMBERS[6]):
            Phone(service, number).texts("STOP")
        queued(service, send)
    left = [each for each in EVERYBODY if each[0] not in {NUMBERS[1], NUMBERS[6]}]
    assert told(store, send) == left


class Settled:
    """An observer by which a test waits until so many MTs of sends were handed over."""

    def __init__(self) -> None:
        self._each = threading.Semaphore(0)
        self.mts: list[Mt] = []

    def committed(self, heard: Sequence[Heard], *, repeated: int, seconds: float) -> None: ...

    def settled(self, mts: Sequence[tuple[Mt, Fate]]) -> None:
        for mt, _ in mts:
            if mt.send:
                self.mts.append(mt)
                self._each.release()

    def wait_for(self, many: int) -> None:
        for _ in range(many):
            assert self._each.acquire(timeout=PATIENCE_SECONDS)


def test_the_workers_queue_a_send_and_hand_it_over() -> None:
    settled, clock = Settled(), SetClock()
    with open_store("memory:") as store:
        dispatcher = Dispatcher(
            store, open_transport({"kind": "log"}), clock=clock, observers=[settled]
        )
        with (
            Service(store, clock=clock, observers=[dispatcher]) as service,
            Workers(service, dispatcher),
        ):
            service.catalog.load(DEFINITIONS)
            joined(service, *NUMBERS)
            send = service.sender.to_contacts(to(*NUMBERS))
            settled.wait_for(len(NUMBERS))
    assert sorted(mt.number for mt in settled.mts) == NUMBERS
    assert store.sends.fates(send.id) == {Fate.SENT: len(NUMBERS)}


def test_an_order_wakes_the_enqueuer() -> None:
    with open_store("memory:") as store, serve(store) as service:
        # Longer than the test is patient; it ends with the tests if nothing wakes it.
        long = [PATIENCE_SECONDS * 10]
        idle = threading.Thread(target=service.enqueuer.idle, args=long, daemon=True)
        idle.start()
        service.sender.to_contacts(to(ANN))
        idle.join(PATIENCE_SECONDS)
        assert not idle.is_alive()


def test_a_closed_service_takes_no_order_that_subscribes(store: Store) -> None:
    service = serve(store)
    service.close()
    with pytest.raises(Unavailable):
        service.sender.to_contacts(to(ANN, keyword="NEWS", subscribe=True))
    assert store.sends.waiting(NOON) == ()
