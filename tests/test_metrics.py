"""What Prometheus reads, told by its own parser."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from optin_engine.stores import Backlog, Fate, Settlement
from optin_engine.vocabulary import Hears, Instruction, Origin
from optin_engine.web.metrics import Queue
from tests.web_bench import CODE, NOW, NUMBER, Bench, bench

Samples = dict[tuple[str, ...], float]


@pytest.fixture
def served() -> Iterator[Bench]:
    with bench() as running:
        yield running


def scrape(served: Bench) -> httpx.Response:
    return served.call("GET", "/metrics", headers=served.bearer("sms_read"))


def samples(served: Bench) -> Samples:
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


def named(served: Bench, name: str) -> Samples:
    """Give the samples of one name, by the values of its labels."""
    found = samples(served).items()
    return {key[1:]: value for key, value in found if key[0] == name}


def test_mos_are_counted_by_what_they_were_read_as_and_by_origin(served: Bench) -> None:
    for text in ("JOIN", "hm", "YES", "HELP"):
        served.bring(text)
    served.service.queue_mo(CODE, ["+15555550124"], "JOIN", Origin.WEB)
    assert named(served, "mos_total") == {
        ("handset", "JOIN"): 1,
        ("handset", "OTHER"): 1,
        ("handset", "YES"): 1,
        ("handset", "HELP"): 1,
        ("web", "JOIN"): 1,
    }


def test_a_repeated_mo_is_counted_as_that_alone(served: Bench) -> None:
    served.bring("JOIN", id="m1")
    served.bring("JOIN", id="m1")
    assert named(served, "mos_total") == {("handset", "JOIN"): 1}
    assert named(served, "repeated_mos_total") == {(): 1}


def test_states_entered_are_counted_by_opt_in_type(served: Bench) -> None:
    for text in ("JOIN", "YES", "NEWS", "STOP", "STOP"):
        served.bring(text)
    assert named(served, "states_entered_total") == {
        ("Double", "In Progress"): 1,
        ("Double", "Subscribed"): 1,
        ("Single", "Subscribed"): 1,
        ("Double", "Unsubscribed"): 1,
        ("Single", "Unsubscribed"): 1,
        ("Contact", "Unsubscribed"): 1,
    }


def test_orders_and_deadlines_are_no_mos(served: Bench) -> None:
    served.bring("JOIN")
    served.clock.pass_by(hours=73)
    assert served.service.tick() == 1
    order = Instruction(Hears.DEACTIVATE, served.clock.now)
    served.service.instruct(CODE, NUMBER, order)
    assert named(served, "mos_total") == {("handset", "JOIN"): 1}
    assert named(served, "deadlines_total") == {("EXPIRE",): 1}
    assert named(served, "orders_total") == {("DEACTIVATE",): 1}


def test_refusals_are_counted_by_reason_the_engines_and_the_services() -> None:
    with bench(prompts_per_day=1) as served:
        for keyword in ("NEWS", "JOIN", "JOIN"):
            served.service.queue_mo(CODE, [NUMBER], keyword, Origin.WEB)
        assert named(served, "refusals_total") == {
            ("double opt-in required",): 1,
            ("rate limit",): 1,
        }


def test_mts_are_counted_by_kind_and_fate(served: Bench) -> None:
    served.bring("JOIN")
    (mt,) = served.store.claim(NOW, NOW, 1)
    served.metrics.settled([(mt, Fate.QUEUED), (mt, Fate.SENT)])
    assert named(served, "mts_total") == {("queued", "initial"): 1, ("sent", "initial"): 1}


def test_what_waits_is_as_the_store_has_it_now(served: Bench) -> None:
    served.bring("JOIN")
    served.bring("HELP")
    served.clock.pass_by(seconds=90)
    waiting = samples(served)
    assert waiting[("store_up",)] == 1
    assert waiting[("pending",)] == 1
    assert waiting[("queue", "queued")] == 2
    assert waiting[("queue_oldest_seconds",)] == 90
    mts = served.store.claim(served.clock.now, served.clock.now, 1)
    dead = [Settlement(mt.id, Fate.DEAD, served.clock.now) for mt in mts]
    served.store.settle(dead)
    assert samples(served)[("queue", "dead")] == 1
    assert samples(served)[("queue", "queued")] == 1


def test_an_empty_queue_has_no_age(served: Bench) -> None:
    assert samples(served)[("queue_oldest_seconds",)] == 0


def test_time_to_confirm_is_from_in_progress_to_subscribed(served: Bench) -> None:
    served.bring("JOIN")
    served.clock.pass_by(minutes=7)
    served.bring("JOIN")
    served.clock.pass_by(minutes=3)
    served.bring("YES")
    counted = samples(served)
    assert counted[("confirmation_seconds_count", "Double")] == 1
    assert counted[("confirmation_seconds_sum", "Double")] == 600


def test_opt_out_latency_is_from_the_receipt_to_the_disk(served: Bench) -> None:
    received = NOW.replace(hour=11, minute=59, second=50)
    served.bring("STOP", receivedAt=received.isoformat())
    counted = samples(served)
    assert counted[("opt_out_seconds_count",)] == 1
    assert counted[("opt_out_seconds_sum",)] == 10


def test_an_mt_queued_by_a_process_whose_clock_is_ahead_has_no_age() -> None:
    ahead = Backlog(pending=0, queued=1, dead=0, oldest=NOW + timedelta(hours=1))
    ages = [s.value for m in Queue(ahead, NOW).collect() for s in m.samples if "oldest" in s.name]
    assert ages == [0]


def test_commits_are_counted_with_their_size(served: Bench) -> None:
    served.bring("JOIN")
    served.service.queue_mo(CODE, [f"+1555555{n:04}" for n in range(100)], "JOIN", Origin.API)
    counted = samples(served)
    assert counted[("commit_size_sum",)] == 101
    assert counted[("commit_size_count",)] == counted[("commit_seconds_count",)]


def test_nothing_of_a_person_stands_in_the_metrics(served: Bench) -> None:
    for text in ("JOIN please", "my name is Zaphod", "YES", "STOP"):
        served.bring(text, id="a-secret-id")
    written = scrape(served).text
    assert not [word for word in ("5550123", "Zaphod", "please", "a-secret") if word in written]


def test_without_its_store_a_scrape_says_so_and_gives_the_rest(tmp_path: Path) -> None:
    with bench(f"sqlite:///{tmp_path}/optin.db") as served:
        served.bring("JOIN")
        served.store.close()
        counted = samples(served)
        assert counted[("store_up",)] == 0
        assert counted[("mos_total", "handset", "JOIN")] == 1
        assert ("pending",) not in counted


def test_a_scrape_needs_a_token_that_may_read(served: Bench) -> None:
    assert served.call("GET", "/metrics").status_code == 401
    inbound = served.bearer("sms_inbound")
    assert served.call("GET", "/metrics", headers=inbound).status_code == 403
    assert scrape(served).headers["content-type"].startswith("text/plain; version=")
