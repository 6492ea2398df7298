"""The dispatcher: at least once, the same key, in order, not for ever; over real HTTP."""

from datetime import timedelta

from optin_engine.service.dispatcher import Dispatcher
from optin_engine.stores import Fate, Store
from optin_engine.transports import Transport, open_transport
from optin_engine.vocabulary import Says
from tests.dispatching import THREE, Told, clock, drain, keys_of, kinds_of, transport
from tests.outbox import CODE, DAY, NOON, NUMBER, Clock, fates, mts_of, queue
from tests.receivers import Receiver, Reply, receiver

__all__ = ["clock", "receiver", "transport"]


def test_what_is_queued_is_sent_once_in_order_and_its_observers_are_told(
    store: Store, transport: Transport, receiver: Receiver, clock: Clock
) -> None:
    receiver.replies = [Reply(201, b'{"id": "gw-1"}')]
    ids = queue(store, Says.INITIAL, Says.HELP, Says.CONFIRMATION)
    told = Told()
    with Dispatcher(store, transport, clock=clock, observers=[told]) as dispatcher:
        drain(dispatcher)
    assert keys_of(receiver.received) == [f"mt-{mt}" for mt in ids]
    first, *_ = mts_of(store)
    assert (first.provider_id, first.settled_at, first.attempts) == ("gw-1", NOON, 1)
    assert fates(store) == [Fate.SENT] * 3
    assert [(mt.id, fate) for mt, fate in told.settlements] == [(mt, Fate.SENT) for mt in ids]


def test_the_texts_of_a_contact_stay_in_order_when_one_fails(
    store: Store, transport: Transport, receiver: Receiver, clock: Clock
) -> None:
    receiver.replies = [Reply(503), Reply(200), Reply(500)]
    queue(store, Says.INITIAL, Says.HELP, Says.CONFIRMATION)
    with Dispatcher(store, transport, clock=clock) as dispatcher:
        for _ in range(3):
            drain(dispatcher)
            clock.now += DAY
    came = kinds_of(receiver.received)
    assert came == ["initial", "initial", "help", "help", "confirmation"]


def test_a_failure_is_tried_again_no_sooner_than_the_other_side_wants(
    store: Store, transport: Transport, receiver: Receiver, clock: Clock
) -> None:
    receiver.replies = [Reply(429, headers={"Retry-After": "600"})]
    queue(store, Says.INITIAL)
    told = Told()
    with Dispatcher(store, transport, clock=clock, observers=[told], draw=lambda: 0) as dispatcher:
        drain(dispatcher)
        (mt,) = mts_of(store)
        assert (mt.fate, mt.error, mt.due_at) == (
            Fate.QUEUED,
            "HTTP 429",
            NOON + timedelta(minutes=10),
        )
        clock.now += timedelta(seconds=599)
        assert dispatcher.step() == 0
        clock.now += timedelta(seconds=1)
        drain(dispatcher)
    assert [fate for _, fate in told.settlements] == [Fate.QUEUED, Fate.SENT]
    assert len(set(keys_of(receiver.received))) == 1


def test_after_its_last_attempt_an_mt_is_dead_and_once_requeued_it_is_sent_with_the_same_key(
    store: Store, transport: Transport, receiver: Receiver, clock: Clock
) -> None:
    receiver.replies = [Reply(500), Reply(502), Reply(503)]
    (mt,) = queue(store, Says.INITIAL)
    with Dispatcher(store, transport, rules=THREE, clock=clock) as dispatcher:
        for _ in range(5):
            drain(dispatcher)
            clock.now += DAY
        (dead,) = store.dead()
        assert (dead.id, dead.attempts, dead.error) == (mt, 3, "HTTP 503")
        assert store.requeue([mt], clock.now) == 1
        drain(dispatcher)
    assert fates(store) == [Fate.SENT]
    assert keys_of(receiver.received) == [f"mt-{mt}"] * 4


def test_a_rejected_mt_is_dead_at_once_and_the_next_one_goes_out(
    store: Store, transport: Transport, receiver: Receiver
) -> None:
    receiver.replies = [Reply(400)]
    queue(store, Says.INITIAL, Says.CONFIRMATION)
    with Dispatcher(store, transport) as dispatcher:
        drain(dispatcher)
    assert fates(store) == [Fate.DEAD, Fate.SENT]
    assert store.dead()[0].error == "HTTP 400"
    assert store.blocked(CODE, NUMBER) is None


def test_who_is_blocked_by_twilio_is_noted(store: Store, receiver: Receiver, clock: Clock) -> None:
    receiver.replies = [Reply(400, b'{"code": 21610}')]
    account = {"account_sid": "AC" + "0" * 32, "auth_token": "token"}
    transport = open_transport({"kind": "twilio", **account, "base_url": receiver.url})
    queue(store, Says.INITIAL)
    with Dispatcher(store, transport, clock=clock) as dispatcher:
        drain(dispatcher)
    transport.close()
    assert fates(store) == [Fate.DEAD]
    assert store.blocked(CODE, NUMBER) == NOON


def test_the_stop_message_does_not_wait_for_a_text_that_was_to_be_tried_again_later(
    store: Store, transport: Transport, receiver: Receiver, clock: Clock
) -> None:
    receiver.replies = [Reply(503, headers={"Retry-After": "9000"})]
    queue(store, Says.CONFIRMATION)
    with Dispatcher(store, transport, clock=clock) as dispatcher:
        drain(dispatcher)
        queue(store, Says.STOP, is_stop=True)
        drain(dispatcher)
    assert kinds_of(receiver.received) == ["confirmation", "stop"]
    assert fates(store) == [Fate.CANCELLED, Fate.SENT]
