"""Texts that HTTPGet fills as they are handed over: kept as said, and led to no inner address."""

import json
import logging
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest

from optin_engine.outcome import Outbound
from optin_engine.service.dispatcher import Dispatcher
from optin_engine.service.fetching import Fetcher
from optin_engine.service.outbound.unrendered import packed
from optin_engine.service.retries import Dispatching
from optin_engine.stores import UNRENDERED, Changes, Fate, Mt, Store, open_store
from optin_engine.transports import Failed, open_transport
from tests.answering import Answer, Host, answering
from tests.dispatching import Timer, drain
from tests.faults.waiting import wait_until
from tests.operating import serving
from tests.outbox import CODE, DAY, NUMBER, Clock, an_mt, mts_of
from tests.receivers import SECRET, receiving
from tests.test_serving import SECRETS, Caller
from tests.test_stock_example import STOCK
from tests.web_service import calling

HERE = "127.0.0.1"
TEMPLATE = "%%=v(Secret)=%%%%=HTTPGet('http://stock.example:PORT/quote')=%%"
QUOTE = {"/quote": Answer("12.50 €".encode())}
THREE = Dispatching(attempts=3)

connected: list[tuple[str, int]] = []


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        connected.append(arguments[1][:2])


# It cannot be taken away again, and costs nothing.
sys.addaudithook(_audit)


@pytest.fixture
def host() -> Iterator[Host]:
    with answering(QUOTE) as host:
        yield host


@attrs.frozen
class Carrier:
    """A transport that keeps what it was handed, and fails as often as it is told to."""

    said: list[tuple[str, str, str, int]] = attrs.field(factory=list)
    failures: list[str] = attrs.field(factory=list)

    def send(self, mt: Mt, key: str) -> str:
        self.said.append((key, mt.text, mt.encoding, mt.segments))
        if self.failures:
            raise Failed(self.failures.pop())
        return ""

    def close(self) -> None: ...


def fetcher(host: Host, resolve: Callable[[str, int], Sequence[str]] | None = None) -> Fetcher:
    allowed = [f"{name}:{host.port}" for name in ("stock.example", "inner.example")]
    here = resolve or (lambda *_: [HERE])
    return Fetcher(allowed, resolve=here, allows_loopback=True, seconds=60)


def ask(store: Store, template: str) -> str:
    """Queue an MT with a template; give its key."""
    with store.batch([(CODE, NUMBER)]) as batch:
        text = packed(Outbound("response", template, "", 0, "STOCK", {"SECRET": "dear "}))
        mt = attrs.evolve(an_mt(batch.base), text=text, encoding=UNRENDERED, segments=0)
        batch.commit(Changes(mts=[mt]))
    return f"mt-{mt.id}"


def test_a_text_is_filled_as_it_is_handed_over_and_kept_as_it_was_said(
    store: Store, host: Host
) -> None:
    key, carrier = ask(store, TEMPLATE.replace("PORT", str(host.port))), Carrier()
    with fetcher(host) as fetch, Dispatcher(store, carrier, fetch=fetch) as dispatcher:
        drain(dispatcher)
    (mt,) = mts_of(store)
    assert carrier.said == [(key, "dear 12.50 €", "GSM-7", 1)]
    assert (mt.fate, mt.text, mt.encoding, mt.segments) == (Fate.SENT, "dear 12.50 €", "GSM-7", 1)


def test_a_host_that_is_down_is_asked_again_and_what_it_said_once_is_said_at_every_attempt(
    host: Host,
) -> None:
    clock, carrier = Clock(), Carrier(failures=["HTTP 500"])
    host.answers["/quote"] = Answer(b"", 503)
    with open_store("memory:") as store, fetcher(host) as fetch:
        key = ask(store, TEMPLATE.replace("PORT", str(host.port)))
        with Dispatcher(store, carrier, fetch=fetch, clock=clock, rules=THREE) as dispatcher:
            drain(dispatcher)
            assert carrier.said == []
            host.answers |= QUOTE
            for _ in range(2):
                clock.now += DAY
                drain(dispatcher)
                host.answers["/quote"] = Answer(b"99")
        assert [mt.fate for mt in mts_of(store)] == [Fate.SENT]
    assert carrier.said == [(key, "dear 12.50 €", "GSM-7", 1)] * 2
    assert len(host.asked) == 2


def test_a_text_that_is_never_filled_is_dead_and_says_why_and_nothing_of_it(
    host: Host, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    clock, carrier = Clock(), Carrier()
    host.answers["/quote"] = Answer(b"secret", 503)
    with open_store("memory:") as store, fetcher(host) as fetch:
        ask(store, TEMPLATE.replace("PORT", str(host.port)))
        with Dispatcher(store, carrier, fetch=fetch, clock=clock, rules=THREE) as dispatcher:
            for _ in range(4):
                drain(dispatcher)
                clock.now += DAY
        (dead,) = store.dead()
    assert (dead.attempts, dead.error.partition(": ")[2]) == (
        3,
        "HTTPGet failed: the host answers with status 503",
    )
    assert (len(host.asked), carrier.said) == (3, [])
    for private in ("dear", "secret", "stock", NUMBER):
        assert private not in dead.error + caplog.text


def test_nothing_is_fetched_where_nobody_said_that_it_may_be() -> None:
    with open_store("memory:") as store, Dispatcher(store, Carrier()) as dispatcher:
        ask(store, "%%=HTTPGet('http://stock.example/', true)=%%none")
        ask(store, "%%=HTTPGet('http://stock.example/')=%%")
        drain(dispatcher)
        first, second = mts_of(store)
        assert (first.text, second.error.partition(": ")[2]) == (
            "none", "HTTPGet failed: HTTPGet is off",
        )  # fmt: skip


def test_a_text_that_took_long_to_fill_is_kept_and_handed_over_in_a_lease_of_its_own() -> None:
    timer, carrier, asked = Timer(), Carrier(), list[str]()

    def slowly(url: str) -> str:
        asked.append(url)
        timer.seconds += 30
        return "12.50"

    with open_store("memory:") as store:
        ask(store, "%%=HTTPGet('http://stock.example/')=%%")
        with Dispatcher(store, carrier, fetch=slowly, timer=timer) as dispatcher:
            dispatcher.step()
            assert carrier.said == []
            assert [mt.text for mt in mts_of(store)] == ["12.50"]
            drain(dispatcher)
    assert ([text for _, text, *_ in carrier.said], len(asked)) == (["12.50"], 1)


def test_a_text_that_is_no_template_at_all_holds_up_nobody_for_ever() -> None:
    clock, carrier = Clock(), Carrier()
    with open_store("memory:") as store:
        with store.batch([(CODE, NUMBER)]) as batch:
            broken = attrs.evolve(an_mt(batch.base), text="dear", encoding=UNRENDERED)
            batch.commit(Changes(mts=[broken, an_mt(batch.base + 1)]))
        with Dispatcher(store, carrier, clock=clock, rules=THREE) as dispatcher:
            for _ in range(3):
                drain(dispatcher)
                clock.now += DAY
            drain(dispatcher)
        assert [mt.fate for mt in mts_of(store)] == [Fate.DEAD, Fate.SENT]
        assert "dear" not in store.dead()[0].error


def rebinding(*answers: str) -> Callable[[str, int], Sequence[str]]:
    left = list(answers)
    return lambda *_: [left.pop(0) if len(left) > 1 else left[0]]


# fmt: off
FORBIDDEN: Mapping[str, tuple[str, Sequence[str], str]] = {
    # what              url                            what its names lead to       why
    "private":          ("10.0.0.1/",                   ["10.0.0.1"],                "private"),
    "loopback":         ("127.0.0.1:PORT/",             [HERE],                      "loopback"),
    "link-local":       ("169.254.169.254/",            ["169.254.169.254"],         "link-local"),
    "IPv6 loopback":    ("[::1]:PORT/",                 ["::1"],                     "loopback"),
    "IPv6-mapped":      ("[::ffff:7f00:1]/",            ["::ffff:127.0.0.1"],        "IPv4-mapped"),
    "a name":           ("inner.example/",              ["192.168.0.1"],             "private"),
    "a redirect":       ("stock.example:PORT/away",     [HERE, "10.1.1.1"],          "private"),
    "a rebinding name": ("stock.example:PORT/again",    [HERE, "169.254.169.254"],   "link-local"),
}
# fmt: on


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_connection_is_made_to_a_forbidden_address(what: str, host: Host) -> None:
    url, addresses, why = FORBIDDEN[what]
    # Who redirects, or is another the next time, is asked once, and is here.
    asks_first = len(addresses) > 1
    away = f"http://inner.example:{host.port}/"
    host.answers["/away"] = Answer(status=302, headers={"Location": away})
    host.answers["/again"] = Answer(status=302, headers={"Location": "/quote"})
    url = url.replace("PORT", str(host.port))
    name = url.partition("/")[0]
    allowed, carrier = [name, f"inner.example:{host.port}"], Carrier()
    resolve = rebinding(*addresses)
    with (
        Fetcher(allowed, resolve=resolve, allows_loopback=asks_first) as fetch,
        open_store("memory:") as store,
        Dispatcher(store, carrier, fetch=fetch) as dispatcher,
    ):
        ask(store, f"%%=HTTPGet('http://{url}')=%%")
        connected.clear()
        dispatcher.step()
        (mt,) = mts_of(store)
    assert mt.fate == Fate.DEAD
    assert f"the host has a {why} address" in mt.error.replace("an ", "a ")
    assert connected == [(HERE, host.port)] * asks_first
    assert len(host.asked) == asks_first
    assert carrier.said == []


STOCK_PROGRAM = {
    "shortCode": CODE,
    "countryCode": "US",
    "messageName": "Stock",
    "keyword": "STOCK",
    "messageOptInType": "Text",
}


def stock(text: str) -> dict[str, Any]:
    place = {"shortCode": CODE, "countryCode": "US", "brand": "Acme"}
    return {"codes": [place], "programs": [STOCK_PROGRAM | {"responseMessage": text}]}


def test_the_stock_example_is_answered_at_a_gateway_with_what_a_host_says(host: Host) -> None:
    with (
        receiving() as gateway,
        fetcher(host) as fetch,
        calling(definitions=stock(STOCK.replace("PORT", str(host.port)))) as caller,
    ):
        transport = open_transport({"kind": "webhook", "url": gateway.url, "secret": SECRET})
        with Dispatcher(caller.store, transport, fetch=fetch) as dispatcher:
            for said in ("stock acme", "Stock"):
                assert caller.bring(said).status_code == 200
                drain(dispatcher)
        transport.close()
        texts = [json.loads(received.body)["text"] for received in gateway.received]
        assert texts == [
            "Acme: 12.50 €. Reply STOP to end.",
            "Acme: text STOCK and a symbol.",
        ]
        assert [path for path, _ in host.asked] == ["/quote?q=acme"]
        assert [mt.text for mt in caller.mts()] == texts


CONFIGURATION = """
definitions = "optin.json"
[service]
token_secret_env = "OPTIN_TOKEN_SECRET"
http_get_hosts = ["127.0.0.1:PORT"]
[[clients]]
id = "gateway"
secret_env = "OPTIN_GATEWAY_SECRET"
scopes = ["sms_inbound"]
"""


def test_a_service_that_runs_calls_no_inner_host_though_its_operator_allowed_it(
    host: Host, tmp_path: Path
) -> None:
    calls = f"%%=HTTPGet('http://{HERE}:{host.port}/quote')=%%"
    (tmp_path / "optin.json").write_text(json.dumps(stock(calls)))
    (tmp_path / "serve.toml").write_text(CONFIGURATION.replace("PORT", str(host.port)))
    url = f"sqlite:///{tmp_path}/optin.db"
    with (
        serving(tmp_path, "--config", "serve.toml", "--store", url, **SECRETS) as served,
        open_store(url) as store,
    ):
        gateway = Caller(served.url, "gateway", SECRETS["OPTIN_GATEWAY_SECRET"])
        assert gateway.text("STOCK", "1")["refused"] is None
        wait_until(lambda: any(mt.error for mt in mts_of(store)), "nothing was tried")
        (mt,) = mts_of(store)
    assert mt.error.endswith("HTTPGet failed: the host has a loopback address")
    assert host.asked == []
