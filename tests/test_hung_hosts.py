"""Hosts that hang while HTTPGet asks them: nobody else waits, and neither does who closes."""

import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from optin_engine.service.dispatcher import Dispatcher
from optin_engine.service.fetching import Fetcher
from optin_engine.service.places import PLACES
from optin_engine.service.retries import Dispatching
from optin_engine.stores import Fate, Store, open_store
from tests.answering import Answer, Host, answering
from tests.dispatching import drain
from tests.faults.waiting import PATIENCE_SECONDS, wait_until
from tests.outbox import DAY, Clock, fates, mts_of
from tests.test_http_get import Carrier, ask

HANGS = {"/quote": Answer(b"12.50", drips=True)}
ANSWERS = {"/quote": Answer(b"99")}
# A fetch that nobody breaks off goes on for longer than any test waits.
FOR_EVER = 3600.0


@pytest.fixture
def hung() -> Iterator[Host]:
    with answering(HANGS) as host:
        yield host


def fetcher(*hosts: Host, seconds: float = FOR_EVER) -> Fetcher:
    """Give one that reaches each host by a name of its own."""
    allowed = [f"{name(host)}:{host.port}" for host in hosts]
    here = lambda *_: ["127.0.0.1"]  # noqa: E731 - where every name leads.
    return Fetcher(allowed, resolve=here, allows_loopback=True, seconds=seconds)


def name(host: Host) -> str:
    return f"stock{host.port}.example"


def template(host: Host) -> str:
    return f"%%=HTTPGet('http://{name(host)}:{host.port}/quote')=%%"


def test_while_a_host_hangs_the_texts_of_another_are_filled(hung: Host) -> None:
    carrier = Carrier()
    with (
        answering(ANSWERS) as other,
        open_store("memory:") as store,
        fetcher(hung, other) as fetch,
        Dispatcher(store, carrier, fetch=fetch) as dispatcher,
    ):
        for _ in range(2 * Dispatching().fills):
            ask(store, template(hung))
        key = ask(store, template(other))
        wait_until(lambda: bool(dispatcher.step() and carrier.said), "the other's was filled")
        assert carrier.said == [(key, "99", "GSM-7", 1)]
        assert len(hung.asked) == PLACES
        hung.closed.set()


def test_a_host_that_is_back_is_asked_for_every_text_that_it_owes(hung: Host) -> None:
    clock, carrier = Clock(), Carrier()
    with open_store("memory:") as store, fetcher(hung, seconds=0.3) as fetch:
        keys = [ask(store, template(hung)) for _ in range(PLACES)]
        rules = Dispatching(attempts=1_000)
        with Dispatcher(store, carrier, fetch=fetch, rules=rules, clock=clock) as dispatcher:
            drain(dispatcher)
            assert fates(store) == [Fate.QUEUED] * PLACES
            hung.answers |= ANSWERS
            while Fate.QUEUED in fates(store):
                clock.now += DAY
                drain(dispatcher)
    assert sorted(said[0] for said in carrier.said) == sorted(keys)
    assert {said[1] for said in carrier.said} == {"99"}


def test_closing_waits_for_no_host_and_its_text_is_said_once_by_who_serves_next(
    store: Store, hung: Host
) -> None:
    carrier, only_once = Carrier(), Dispatching(attempts=1)
    with fetcher(hung) as fetch:
        key = ask(store, template(hung))
        dispatcher = Dispatcher(store, carrier, fetch=fetch, rules=only_once)
        dispatcher.wake()
        dispatcher.step()
        wait_until(lambda: bool(hung.asked), "the host is asked")
        closing = threading.Thread(target=dispatcher.close, daemon=True)
        closing.start()
        closing.join(PATIENCE_SECONDS)
        assert not closing.is_alive()
        (mt,) = mts_of(store)
        assert (mt.fate, carrier.said) == (Fate.QUEUED, [])
        hung.answers |= ANSWERS
        with Dispatcher(store, carrier, fetch=fetch) as successor:
            drain(successor)
            hung.closed.set()
            drain(successor)
    assert carrier.said == [(key, "99", "GSM-7", 1)]
    assert fates(store) == [Fate.SENT]


def test_a_fetcher_that_is_closed_asks_nobody(hung: Host) -> None:
    fetch = fetcher(hung)
    fetch.close()
    with pytest.raises(OSError, match="has ended"):
        fetch(f"http://{name(hung)}:{hung.port}/quote")
    assert hung.asked == []


A_LOOKUP_HANGS = """
import threading
from optin_engine.service.fetching import Fetcher

with Fetcher(["stock.example"], resolve=lambda *_: threading.Event().wait(), seconds=0.1) as fetch:
    try:
        fetch("http://stock.example/")
    except OSError as error:
        print(error)
"""


def test_a_process_ends_though_the_lookup_of_a_name_does_not() -> None:
    command = [sys.executable, "-c", A_LOOKUP_HANGS]
    ended = subprocess.run(command, capture_output=True, timeout=PATIENCE_SECONDS, check=True)
    assert ended.stdout.strip() == b"the host takes longer than 0.1 seconds"
    assert ended.stderr == b""
