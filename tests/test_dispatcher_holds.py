"""The dispatcher keeps what the codes of the account say: their paces and their quiet hours."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import attrs
import pytest

from optin_engine.service.catalog import Catalog
from optin_engine.service.dispatcher import Dispatcher
from optin_engine.service.outbound.orders import Blackout, Options
from optin_engine.service.retries import Dispatching
from optin_engine.stores import Fate, Mt, Store, open_store
from optin_engine.transports import Failed
from tests.dispatching import drain
from tests.faults.victim import forking
from tests.outbox import CODE, NOON, Clock, queue
from tests.sends import number_of, sent_to, told
from tests.test_pacing import assert_kept

NEW_YORK, BERLIN, TICK = "+12125550123", "+4915112345678", timedelta(milliseconds=50)
EVENING = datetime(2026, 11, 22, 2, tzinfo=UTC)  # 21:00 in New York
MORNING = datetime(2026, 11, 22, 13, tzinfo=UTC)


@attrs.frozen
class Gateway:
    """A transport that keeps by its clock when it was handed what to whom."""

    clock: Clock
    came: list[tuple[datetime, str]] = attrs.field(factory=list)
    failures: list[str] = attrs.field(factory=list)

    def send(self, mt: Mt, _: str) -> str:
        if self.failures:
            raise Failed(self.failures.pop())
        self.came.append((self.clock.now, mt.number))
        return ""

    def close(self) -> None: ...


def define(store: Store, **fields: object) -> None:
    code = {"shortCode": CODE, "countryCode": "US", **fields}
    Catalog(store).load({"codes": [code], "programs": []})


def hand_over(store: Store, gateway: Gateway, *moments: datetime) -> list[list[str]]:
    """Hand over what is due at each of some moments; give who was told then."""
    told_then = []
    with Dispatcher(store, gateway, clock=gateway.clock, draw=lambda: 1) as dispatcher:
        for moment in moments:
            gateway.clock.now, before = moment, len(gateway.came)
            drain(dispatcher)
            told_then.append([number for _, number in gateway.came[before:]])
    return told_then


def test_a_send_waits_for_the_morning_where_its_code_has_quiet_hours_and_a_reply_does_not(
    store: Store,
) -> None:
    define(store, quietHours="21:00-08:00")
    send = sent_to(store, NEW_YORK, BERLIN, number_of(1))
    queue(store, "help", number=NEW_YORK)
    gateway = Gateway(Clock())
    noon_in_berlin = EVENING.replace(hour=11)
    moments = EVENING, noon_in_berlin, MORNING - TICK, MORNING
    assert hand_over(store, gateway, *moments) == [[NEW_YORK], [BERLIN], [], [NEW_YORK]]
    assert {mt.attempts for mt in store.sends.mts(send) if mt.number == NEW_YORK} == {1}
    # The definition may change at any time.
    define(store)
    later = MORNING + timedelta(days=1)
    assert hand_over(store, gateway, later) == [[number_of(1)]]


def test_a_send_waits_while_its_code_is_not_defined_and_a_reply_does_not(store: Store) -> None:
    define(store, quietHours="21:00-08:00")
    sent_to(store, NEW_YORK)
    queue(store, "help", number=BERLIN)
    Catalog(store).load({"codes": [], "programs": []})
    gateway = Gateway(Clock())
    assert hand_over(store, gateway, EVENING, MORNING) == [[BERLIN], []]
    define(store, quietHours="21:00-08:00")
    assert hand_over(store, gateway, EVENING, MORNING) == [[], [NEW_YORK]]


def test_what_failed_before_the_quiet_hours_is_tried_again_after_them(store: Store) -> None:
    define(store, quietHours="21:00-08:00")
    send = sent_to(store, NEW_YORK)
    gateway = Gateway(Clock(), failures=["HTTP 503"])
    moments = EVENING - TICK, EVENING + timedelta(minutes=1), MORNING
    assert hand_over(store, gateway, *moments) == [[], [], [NEW_YORK]]
    assert [mt.attempts for mt in store.sends.mts(send)] == [2]


def test_a_send_goes_out_one_second_after_the_end_of_its_blackout(store: Store) -> None:
    # The guide's own: 15:00 to 22:00, five hours behind UTC.
    blackout = Blackout(timedelta(hours=-5), time(15), time(22))
    define(store)
    sent_to(store, NEW_YORK, options=Options(blackout).packed())
    begins, ends = EVENING.replace(day=21, hour=20), EVENING.replace(hour=3)
    second = timedelta(seconds=1)
    moments = begins, ends, ends + second - TICK, ends + second
    assert hand_over(store, Gateway(Clock()), *moments) == [[], [], [], [NEW_YORK]]
    sent_to(store, BERLIN, options=Options(blackout).packed())
    assert hand_over(store, Gateway(Clock()), begins - second) == [[BERLIN]]


def test_who_stops_in_the_quiet_hours_is_told_the_stop_message_and_nothing_else(
    store: Store,
) -> None:
    define(store, quietHours="21:00-08:00")
    send = sent_to(store, NEW_YORK)
    gateway = Gateway(Clock())
    hand_over(store, gateway, EVENING)
    queue(store, "stop", number=NEW_YORK, is_stop=True)
    assert hand_over(store, gateway, EVENING, MORNING) == [[NEW_YORK], []]
    assert told(store, send) == [(NEW_YORK, Fate.CANCELLED)]


def handed_over_by_a_process(url: str) -> Sequence[tuple[int, int]]:
    """Step a dispatcher at every tick of three seconds; give when how many were handed over."""
    clock = Clock()
    gateway = Gateway(clock)
    rules = Dispatching(concurrency=3, lease=timedelta(hours=1))
    with (
        open_store(url) as store,
        closing(Dispatcher(store, gateway, clock=clock, rules=rules)) as dispatcher,
    ):
        for _ in range(61):
            drain(dispatcher)
            clock.now += TICK
    moments = sorted({at for at, _ in gateway.came})
    since = [(at - NOON) // timedelta(microseconds=1) for at in moments]
    many = [sum(at == then for then, _ in gateway.came) for at in moments]
    return list(zip(since, many, strict=True))


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_two_processes_never_hand_over_more_than_a_codes_pace(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/optin.db" if kind == "sqlite" else None
    url = url or request.getfixturevalue("postgres")
    with open_store(url) as store:
        define(store, throughput=20)
        send = sent_to(store, *(number_of(place) for place in range(120)))
        with ProcessPoolExecutor(2, mp_context=forking) as processes:
            both = processes.map(handed_over_by_a_process, [url] * 2)
            came = [one for each in both for one in each]
        assert_kept(20, came)
        taken = sum(many for _, many in came)
        assert 75 <= taken <= 80
        assert store.sends.fates(send) == {"sent": taken, "queued": 120 - taken}
