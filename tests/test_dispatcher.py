"""The dispatcher: at least once, the same key, in order, not for ever; over real HTTP."""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.service.answer import Heard
from optin_engine.service.dispatcher import Dispatcher
from optin_engine.service.retries import Dispatching
from optin_engine.stores import Fate, Mt, Store, Unavailable, open_store
from optin_engine.stores.sqlite import SqliteStore
from optin_engine.transports import Failed, Rejected, Transport, open_transport
from optin_engine.vocabulary import Says
from tests.outbox import CODE, DAY, NOON, NUMBER, TEXT, Clock, fates, mts_of, queue
from tests.receivers import Received, Receiver, Reply, receiving
from tests.test_transports import SECRET

OTHERS = [f"+1555555020{n}" for n in range(5)]
THREE = Dispatching(attempts=3)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    urls = {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path}/optin.db"}
    with open_store(urls.get(request.param) or request.getfixturevalue("postgres")) as store:
        yield store


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def transport(receiver: Receiver) -> Iterator[Transport]:
    transport = open_transport({"kind": "webhook", "url": receiver.url, "secret": SECRET})
    yield transport
    transport.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Told:
    """An observer that keeps what became of MTs."""

    def __init__(self) -> None:
        self.settlements: list[tuple[Mt, Fate]] = []

    def committed(self, heard: Sequence[Heard], *, repeated: int, seconds: float) -> None: ...

    def settled(self, mts: Sequence[tuple[Mt, Fate]]) -> None:
        self.settlements += mts


class Breaking:
    """A transport that breaks, and quotes in its error what it must not."""

    def send(self, mt: Mt, key: str) -> str:
        message = f"{key}: cannot send {mt.text} to {mt.number}"
        raise ZeroDivisionError(message)

    def close(self) -> None: ...


class Calling:
    """A transport that does something while it has an MT in hand, and takes it."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act = act

    def send(self, mt: Mt, key: str) -> str:
        self._act()
        return f"{key} at {mt.attempts}"

    def close(self) -> None: ...


def drain(dispatcher: Dispatcher) -> None:
    while dispatcher.step():
        pass


def kinds_of(received: Sequence[Received]) -> list[str]:
    return [json.loads(one.body)["kind"] for one in received]


def keys_of(received: Sequence[Received]) -> list[str]:
    return [
        {name.lower(): value for name, value in one.headers.items()}["webhook-id"]
        for one in received
    ]


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


def test_one_that_hangs_holds_back_neither_the_others_nor_what_is_queued_later(
    store: Store, transport: Transport, receiver: Receiver
) -> None:
    receiver.replies = [Reply(is_held=True)]
    queue(store, Says.INITIAL)
    with Dispatcher(store, transport, rules=Dispatching(concurrency=2)) as dispatcher:
        dispatcher.wake()
        assert dispatcher.step() == 1
        receiver.wait_for(1)
        for number in OTHERS:
            queue(store, Says.INITIAL, number=number)
        for _ in OTHERS:
            dispatcher.step()
        assert [fates(store, number) for number in OTHERS] == [[Fate.SENT]] * len(OTHERS)
        assert fates(store) == [Fate.QUEUED]
        receiver.released.set()
    assert fates(store) == [Fate.SENT]


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


def test_what_a_killed_process_had_in_hand_comes_again_with_the_same_key(
    store: Store, transport: Transport, receiver: Receiver, clock: Clock
) -> None:
    (mt,) = queue(store, Says.INITIAL)
    lease = Dispatching().lease
    (claimed,) = store.claim(clock.now, clock.now + lease, 1)
    transport.send(claimed, f"mt-{claimed.id}")
    with Dispatcher(store, transport, clock=clock) as dispatcher:
        assert dispatcher.step() == 0
        clock.now += lease
        drain(dispatcher)
    assert keys_of(receiver.received) == [f"mt-{mt}"] * 2
    assert fates(store) == [Fate.SENT]


def test_a_transport_that_breaks_fails_the_mt_and_nothing_private_is_logged(
    store: Store, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    queue(store, Says.INITIAL)
    with Dispatcher(store, Breaking(), rules=THREE, clock=clock) as dispatcher:
        for _ in range(3):
            drain(dispatcher)
            clock.now += DAY
    assert [mt.error for mt in store.dead()] == ["ZeroDivisionError"]
    assert "test_dispatcher.py:" in caplog.text
    assert "+*********23" in caplog.text
    for private in (NUMBER, NUMBER[1:], "dear", TEXT):
        assert private not in caplog.text


def test_what_came_of_an_mt_is_kept_once_the_store_can_be_written_again(tmp_path: Path) -> None:
    file = tmp_path / "optin.db"
    sent = []
    with SqliteStore(f"sqlite:///{file}", patience=0.1) as store:
        other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)

        def lock() -> None:
            sent.append(other.execute("BEGIN IMMEDIATE"))

        queue(store, Says.INITIAL)
        told = Told()
        with Dispatcher(store, Calling(lock), observers=[told]) as dispatcher:
            for _ in range(2):
                with pytest.raises(Unavailable):
                    dispatcher.step()
            other.execute("ROLLBACK")
            drain(dispatcher)
        other.close()
        assert fates(store) == [Fate.SENT]
    assert len(sent) == len(told.settlements) == 1


class Timer:
    """Gives the seconds it was set to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_failure_that_is_known_only_after_the_lease_leaves_the_mt_in_the_others_hand(
    store: Store, clock: Clock
) -> None:
    timer = Timer()
    theirs: list[Mt] = []

    def be_overtaken() -> None:
        clock.now += DAY
        timer.seconds += DAY.total_seconds()
        theirs.extend(store.claim(clock.now, clock.now + DAY, 1))
        raise Failed("slow")  # noqa: EM101 - what the other side says.

    queue(store, Says.INITIAL)
    with Dispatcher(store, Calling(be_overtaken), clock=clock, timer=timer) as dispatcher:
        drain(dispatcher)
    assert theirs == mts_of(store)
    assert theirs[0].due_at == NOON + 2 * DAY


def test_an_mt_that_comes_to_its_thread_late_in_its_lease_is_not_handed_over(
    store: Store, transport: Transport, receiver: Receiver, clock: Clock
) -> None:
    asleep = iter(range(0, 1000, 30))
    queue(store, Says.INITIAL)
    dispatcher = Dispatcher(store, transport, clock=clock, timer=lambda: next(asleep))
    with dispatcher:
        drain(dispatcher)
    assert receiver.received == []
    clock.now += Dispatching().lease
    with Dispatcher(store, transport, clock=clock) as dispatcher:
        drain(dispatcher)
    assert fates(store) == [Fate.SENT]


def test_closing_waits_for_what_is_in_hand_and_settles_it(
    store: Store, transport: Transport, receiver: Receiver
) -> None:
    receiver.replies = [Reply(200, b'{"id": "late"}', is_held=True)]
    queue(store, Says.INITIAL)
    dispatcher = Dispatcher(store, transport)
    dispatcher.wake()
    dispatcher.step()
    receiver.released.set()
    dispatcher.close()
    dispatcher.close()
    assert [mt.provider_id for mt in mts_of(store)] == ["late"]


def test_a_rejection_while_a_stop_is_committed_leaves_nothing_to_requeue(
    store: Store, clock: Clock
) -> None:
    def stop_and_refuse() -> None:
        queue(store, Says.STOP, is_stop=True)
        raise Rejected("no")  # noqa: EM101 - what the other side says.

    queue(store, Says.CONFIRMATION)
    with Dispatcher(store, Calling(stop_and_refuse), clock=clock) as dispatcher:
        dispatcher.step()
    assert store.requeue([mt.id for mt in mts_of(store)], clock.now) == 0
    assert fates(store) == [Fate.CANCELLED, Fate.QUEUED]


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


@given(
    attempts=st.integers(1, 10**6),
    drawn=st.floats(0, 1),
    retry_after=st.none() | st.floats(0, 1e9),
)
def test_a_wait_is_at_least_what_was_asked_for_and_never_longer_than_the_longest(
    attempts: int, drawn: float, retry_after: float | None
) -> None:
    wait = Dispatching().wait(attempts, drawn, retry_after)
    longest = timedelta(hours=6)
    asked = min(timedelta(seconds=retry_after or 0), longest)
    jitter = min(longest, timedelta(seconds=5) * 4 ** min(attempts - 1, 10))
    assert asked <= wait <= min(longest, asked + jitter)


def test_all_waits_of_an_mt_together_last_at_most_a_day_and_a_half_and_at_least_a_day() -> None:
    rules = Dispatching()
    longest = sum(
        (rules.wait(attempt, 1) for attempt in range(1, rules.attempts)), start=timedelta()
    )
    assert DAY <= longest <= 1.5 * DAY
