"""What Prometheus reads, told by its own parser."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import attrs
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from optin_engine.stores import Backlog, Fate, Settlement
from optin_engine.vocabulary import Hears, Inbound, Instruction, Origin
from optin_engine.web.app import create_app
from optin_engine.web.metrics import Queue
from tests.twilio_forms import sign
from tests.web_service import (
    NOW,
    NUMBER,
    SETTINGS,
    SHORT,
    URL,
    Caller,
    calling,
    calling_app,
    is_envelope,
)

Samples = dict[tuple[str, ...], float]


@pytest.fixture
def served() -> Iterator[Caller]:
    with calling() as caller:
        yield caller.anonymous()


def scrape(served: Caller) -> httpx.Response:
    return served.call("GET", "/metrics", headers=served.bearer("sms_read"))


def samples(served: Caller) -> Samples:
    """Give every sample but buckets, by its name and its labels' values, by the labels' names."""
    families = text_string_to_metric_families(scrape(served).text)
    found = {
        (
            sample.name.removeprefix("optin_"),
            *(v for _, v in sorted(sample.labels.items())),
        ): sample.value
        for family in families
        for sample in family.samples
        if "le" not in sample.labels and not sample.name.endswith("_created")
    }
    assert found
    return found


def bring(served: Caller, text: str, mo_id: str = "", at: datetime | None = None) -> None:
    """Let Alice text; a thread that brings an MO itself has told the observers when it is back."""
    served.service.receive(SHORT, NUMBER, Inbound(text, at or served.clock(), mo_id))


def named(served: Caller, name: str) -> Samples:
    """Give the samples of one name, by the values of its labels."""
    found = samples(served).items()
    return {key[1:]: value for key, value in found if key[0] == name}


def test_mos_are_counted_by_what_they_were_read_as_and_by_origin(served: Caller) -> None:
    for text in ("JOIN", "hm", "YES", "HELP"):
        bring(served, text)
    served.service.queue_mo(SHORT, ["+15555550124"], "JOIN", Origin.WEB)
    assert named(served, "mos_total") == {
        ("handset", "JOIN"): 1,
        ("handset", "OTHER"): 1,
        ("handset", "YES"): 1,
        ("handset", "HELP"): 1,
        ("web", "JOIN"): 1,
    }


def test_a_repeated_mo_is_counted_as_that_alone(served: Caller) -> None:
    bring(served, "JOIN", mo_id="m1")
    bring(served, "JOIN", mo_id="m1")
    assert named(served, "mos_total") == {("handset", "JOIN"): 1}
    assert named(served, "repeated_mos_total") == {(): 1}


def test_states_entered_are_counted_by_opt_in_type(served: Caller) -> None:
    for text in ("JOIN", "YES", "NEWS", "STOP", "STOP"):
        bring(served, text)
    assert named(served, "states_entered_total") == {
        ("Double", "In Progress"): 1,
        ("Double", "Subscribed"): 1,
        ("Single", "Subscribed"): 1,
        ("Double", "Unsubscribed"): 1,
        ("Single", "Unsubscribed"): 1,
        ("Contact", "Unsubscribed"): 1,
    }


def test_orders_and_deadlines_are_no_mos(served: Caller) -> None:
    bring(served, "JOIN")
    served.clock.pass_by(hours=73)
    assert served.service.tick() == 1
    order = Instruction(Hears.DEACTIVATE, served.clock.time)
    served.service.instruct(SHORT, NUMBER, order)
    assert named(served, "mos_total") == {("handset", "JOIN"): 1}
    assert named(served, "deadlines_total") == {("EXPIRE",): 1}
    assert named(served, "orders_total") == {("DEACTIVATE",): 1}


def test_refusals_are_counted_by_reason_the_engines_and_the_services() -> None:
    with calling(settings=attrs.evolve(SETTINGS, prompts_per_day=1)) as served:
        for keyword in ("NEWS", "JOIN", "JOIN"):
            served.service.queue_mo(SHORT, [NUMBER], keyword, Origin.WEB)
        assert named(served, "refusals_total") == {
            ("double opt-in required",): 1,
            ("rate limit",): 1,
        }


def test_mts_are_counted_by_kind_and_fate(served: Caller) -> None:
    bring(served, "JOIN")
    (mt,) = served.store.claim(NOW, NOW, 1)
    served.app.metrics.settled([(mt, Fate.QUEUED), (mt, Fate.SENT)])
    assert named(served, "mts_total") == {("queued", "initial"): 1, ("sent", "initial"): 1}


def receipt(served: Caller, status: str) -> None:
    served.clock.pass_by(seconds=1)
    fields = [("MessageSid", "SM9"), ("MessageStatus", status)]
    headers = sign(f"{URL}/twilio/status", fields)
    answer = served.call("POST", "/twilio/status", content=urlencode(fields), headers=headers)
    assert answer.status_code == 200


def test_a_receipt_counts_once_however_often_it_comes(served: Caller) -> None:
    bring(served, "JOIN")
    (mt,) = served.store.claim(NOW, NOW, 1)
    served.store.settle([Settlement(mt.id, Fate.SENT, NOW, "SM9")])
    for status in ("sent", "undelivered", "undelivered", "delivered", "delivered", "undelivered"):
        receipt(served, status)
    assert named(served, "mts_total") == {
        ("carried", "initial"): 1,
        ("delivered", "initial"): 1,
        ("undelivered", "initial"): 1,
    }


def test_where_nothing_is_counted_there_are_no_metrics(served: Caller) -> None:
    app = create_app(served.service, SETTINGS)
    with calling_app(app) as caller:
        answer = caller.get("/metrics", headers=served.bearer())
    assert (answer.status_code, is_envelope(answer, 30003)) == (404, True)


def test_what_waits_is_as_the_store_has_it_now(served: Caller) -> None:
    bring(served, "JOIN")
    bring(served, "HELP")
    served.clock.pass_by(seconds=90)
    waiting = samples(served)
    assert waiting[("store_up",)] == 1
    assert waiting[("pending",)] == 1
    assert waiting[("queue", "queued")] == 2
    assert waiting[("queue_oldest_seconds",)] == 90
    mts = served.store.claim(served.clock.time, served.clock.time, 1)
    dead = [Settlement(mt.id, Fate.DEAD, served.clock.time) for mt in mts]
    served.store.settle(dead)
    assert samples(served)[("queue", "dead")] == 1
    assert samples(served)[("queue", "queued")] == 1


def test_an_empty_queue_has_no_age(served: Caller) -> None:
    assert samples(served)[("queue_oldest_seconds",)] == 0


def test_time_to_confirm_is_from_in_progress_to_subscribed(served: Caller) -> None:
    bring(served, "JOIN")
    served.clock.pass_by(minutes=7)
    bring(served, "JOIN")
    served.clock.pass_by(minutes=3)
    bring(served, "YES")
    counted = samples(served)
    assert counted[("confirmation_seconds_count", "Double")] == 1
    assert counted[("confirmation_seconds_sum", "Double")] == 600


def test_opt_out_latency_is_from_the_receipt_to_the_disk(served: Caller) -> None:
    received = NOW.replace(hour=11, minute=59, second=50)
    bring(served, "STOP", at=received)
    counted = samples(served)
    assert counted[("opt_out_seconds_count",)] == 1
    assert counted[("opt_out_seconds_sum",)] == 10


def test_an_mt_queued_by_a_process_whose_clock_is_ahead_has_no_age() -> None:
    ahead = Backlog(pending=0, queued=1, dead=0, oldest=NOW + timedelta(hours=1))
    ages = [s.value for m in Queue(ahead, NOW).collect() for s in m.samples if "oldest" in s.name]
    assert ages == [0]


def test_commits_are_counted_with_their_size(served: Caller) -> None:
    bring(served, "JOIN")
    served.service.queue_mo(SHORT, [f"+1555555{n:04}" for n in range(100)], "JOIN", Origin.API)
    counted = samples(served)
    assert counted[("commit_size_sum",)] == 101
    assert counted[("commit_size_count",)] == counted[("commit_seconds_count",)]


def test_nothing_of_a_person_stands_in_the_metrics(served: Caller) -> None:
    for text in ("JOIN please", "my name is Zaphod", "YES", "STOP"):
        bring(served, text, mo_id="a-secret-id")
    written = scrape(served).text
    assert not [word for word in ("5550123", "Zaphod", "please", "a-secret") if word in written]


def test_without_its_store_a_scrape_says_so_and_gives_the_rest(tmp_path: Path) -> None:
    with calling(f"sqlite:///{tmp_path}/optin.db") as served:
        bring(served, "JOIN")
        served.store.close()
        counted = samples(served)
        assert counted[("store_up",)] == 0
        assert counted[("mos_total", "handset", "JOIN")] == 1
        assert ("pending",) not in counted


def test_a_scrape_needs_a_token_that_may_read(served: Caller) -> None:
    assert served.call("GET", "/metrics").status_code == 401
    inbound = served.bearer("sms_inbound")
    assert served.call("GET", "/metrics", headers=inbound).status_code == 403
    assert scrape(served).headers["content-type"].startswith("text/plain; version=")
