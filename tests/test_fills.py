"""HTTPGet and the outbox: a host that hangs keeps nobody waiting, and what is refused is over."""

import pytest

from optin_engine.service.dispatcher import Dispatcher
from optin_engine.service.retries import Dispatching
from optin_engine.service.unfetched import FetchError, FetchRefused
from optin_engine.stores import Fate, Store, open_store
from optin_engine.vocabulary import Says
from tests.answering import Answer, answering
from tests.dispatching import Told, drain
from tests.faults.waiting import wait_until
from tests.outbox import DAY, Clock, fates, mts_of, queue
from tests.test_http_get import THREE, Carrier, ask, fetcher

OTHERS = [f"+1555555020{place}" for place in range(9)]
ONE_AT_A_TIME = Dispatching(concurrency=1, fills=2)


def test_while_a_host_hangs_all_else_goes_out_and_only_so_many_texts_wait_for_it(
    store: Store,
) -> None:
    with (
        answering({"/quote": Answer(b"12.50", drips=True)}) as host,
        fetcher(host) as fetch,
        Dispatcher(store, Carrier(), fetch=fetch, rules=ONE_AT_A_TIME) as dispatcher,
    ):
        for _ in range(5):
            ask(store, f"%%=HTTPGet('http://stock.example:{host.port}/quote')=%%")
        queue(store, Says.HELP)
        for number in OTHERS:
            queue(store, Says.INITIAL, number=number)
        dispatcher.step()
        wait_until(lambda: len(host.asked) == 2, "the host was not asked")
        dispatcher.wake()
        while any(fates(store, number) != [Fate.SENT] for number in OTHERS):
            assert dispatcher.step()
            assert len(host.asked) == ONE_AT_A_TIME.fills
        # Whoever asked for a quote waits for it, and for nothing else.
        assert fates(store) == [Fate.QUEUED] * 5 + [Fate.SENT]
        assert len(host.asked) == 2
        host.closed.set()
        drain(dispatcher)
        assert fates(store) == [Fate.SENT] * 6


def refused(_: str) -> str:
    message = "the host is not on the allow-list"
    raise FetchRefused(message)


def down(_: str) -> str:
    message = "the host answers with status 503"
    raise FetchError(message)


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("%%=HTTPGet('http://other.example/')=%%", "the host is not on the allow-list"),
        ("%%=Add('dear', 1)=%%%%=HTTPGet('http://stock.example/')=%%", "a number such as"),
        ("%%=HTTPGet('http://other.example/', true)=%%", "the text says nothing"),
    ],
)
def test_a_text_that_can_never_be_filled_is_dead_at_the_first_attempt(
    store: Store, template: str, why: str
) -> None:
    carrier, told = Carrier(), Told()
    ask(store, template)
    with Dispatcher(store, carrier, fetch=refused, observers=[told]) as dispatcher:
        drain(dispatcher)
    (dead,) = store.dead()
    assert (dead.attempts, why in dead.error, carrier.said) == (1, True, [])
    assert [fate for _, fate in told.settlements] == [Fate.DEAD]


def test_a_text_that_says_nothing_because_a_host_is_down_is_tried_again() -> None:
    clock = Clock()
    with open_store("memory:") as store:
        ask(store, "%%=HTTPGet('http://stock.example/', true)=%%")
        with Dispatcher(store, Carrier(), fetch=down, clock=clock, rules=THREE) as dispatcher:
            drain(dispatcher)
            (waiting,) = mts_of(store)
            assert (waiting.fate, waiting.attempts) == (Fate.QUEUED, 1)
            clock.now += DAY
            drain(dispatcher)
            clock.now += DAY
            drain(dispatcher)
        assert store.dead()[0].attempts == 3


def test_a_stop_while_a_text_is_filled_is_answered_at_once_and_the_text_is_not_said(
    store: Store,
) -> None:
    carrier = Carrier()

    def stopping(_: str) -> str:
        queue(store, Says.STOP, is_stop=True)
        return "12.50"

    ask(store, "%%=HTTPGet('http://stock.example/')=%%")
    with Dispatcher(store, carrier, fetch=stopping) as dispatcher:
        drain(dispatcher)
    assert fates(store) == [Fate.CANCELLED, Fate.SENT]
    assert len(carrier.said) == 1


def test_that_a_text_was_filled_is_no_news_but_that_it_was_sent_is(store: Store) -> None:
    told = Told()
    ask(store, "%%=HTTPGet('http://stock.example/')=%%")
    with Dispatcher(store, Carrier(), fetch=lambda _: "1", observers=[told]) as dispatcher:
        drain(dispatcher)
    ((mt, fate),) = told.settlements
    assert (mt.text, mt.attempts, fate) == ("1", 1, Fate.SENT)
