"""Transports, against a real HTTP server: what they send, and how they take each answer."""

import base64
import json
import logging
from collections.abc import Iterator
from contextlib import closing, nullcontext
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from optin_engine.transports import (
    Failed,
    Rejected,
    Transport,
    TransportError,
    masked,
    open_transport,
)
from optin_engine.transports.posting import seconds_until
from tests.outbox import NUMBER, TEXT, an_mt
from tests.receivers import SECRET, Receiver, Reply, receiver, receiving

__all__ = ["receiver"]

WANTED = "the base64 of 24 to 64 random bytes"
TWILIO = {"kind": "twilio", "account_sid": "AC" + "0" * 32, "auth_token": "tok-en"}


def webhook_to(url: str, timeout: float = 15.0) -> Transport:
    settings = {"kind": "webhook", "url": url, "secret": SECRET, "timeout": timeout}
    return open_transport(settings)


@pytest.fixture
def webhook(receiver: Receiver) -> Iterator[Transport]:
    transport = webhook_to(f"{receiver.url}/mt?a=1")
    yield transport
    transport.close()


def test_a_webhook_gets_every_fact_of_the_mt_as_json(
    receiver: Receiver, webhook: Transport
) -> None:
    receiver.replies = [Reply(201, b'{"id": "gw-1"}')]
    assert webhook.send(an_mt(2**62), "mt-x") == "gw-1"
    (received,) = receiver.received
    assert received.path == "/mt?a=1"
    assert json.loads(received.body) == {
        "id": "4611686018427387904",
        "from": "123456",
        "to": NUMBER,
        "text": TEXT,
        "kind": "initial",
        "keyword": "JOIN",
        "encoding": "GSM-7",
        "segments": 1,
        "createdAt": "2026-11-21T12:00:00Z",
    }


def test_a_webhooks_signature_verifies_with_its_secret_and_with_no_other(
    receiver: Receiver, webhook: Transport
) -> None:
    webhook.send(attrs.evolve(an_mt(), text="Grüße 👍"), "mt-7")
    (received,) = receiver.received
    headers = dict(received.headers)
    assert Webhook(SECRET).verify(received.body, headers)["text"] == "Grüße 👍"
    assert {name.lower(): value for name, value in headers.items()}["webhook-id"] == "mt-7"
    with pytest.raises(WebhookVerificationError):
        Webhook(base64.b64encode(b"another").decode()).verify(received.body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(received.body + b" ", headers)


@pytest.mark.parametrize("body", [b"", b"ok", b"[]", b'{"id": 7}', b'{"id": "\\u0000"}', b"\xff"])
def test_any_2xx_is_sent_and_only_a_printable_string_names_it(
    receiver: Receiver, webhook: Transport, body: bytes
) -> None:
    receiver.replies = [Reply(202, body)]
    assert webhook.send(an_mt(), "mt-7") == ""


def test_an_answer_whose_body_breaks_off_or_has_no_end_is_sent_all_the_same(
    receiver: Receiver, webhook: Transport
) -> None:
    receiver.replies = [
        Reply(200, b'{"id": "a', {"Content-Length": "100"}),
        Reply(200, b'{"id": "a"}' + b" " * 10**6),
    ]
    assert [webhook.send(an_mt(), "mt-7") for _ in range(2)] == ["", ""]


@pytest.mark.parametrize("status", [401, 408, 425, 429, 500, 502, 503, 504, 599])
def test_a_status_that_may_pass_is_failed_and_says_after_how_long_to_try_again(
    receiver: Receiver, webhook: Transport, status: int
) -> None:
    receiver.replies = [Reply(status, TEXT.encode(), {"Retry-After": "120"}), Reply(status)]
    with pytest.raises(Failed, match=f"^HTTP {status}$") as named:
        webhook.send(an_mt(), "mt-7")
    assert named.value.retry_after == 120
    with pytest.raises(Failed) as unnamed:
        webhook.send(an_mt(), "mt-7")
    assert unnamed.value.retry_after is None


@pytest.mark.parametrize("status", [300, 301, 302, 304, 307, 308, 400, 403, 404, 410, 422])
def test_any_other_status_is_rejected_and_a_redirect_is_not_followed(
    receiver: Receiver, webhook: Transport, status: int
) -> None:
    receiver.replies = [Reply(status, headers={"Location": receiver.url + "/elsewhere"})]
    with pytest.raises(Rejected, match=f"^HTTP {status}$") as rejected:
        webhook.send(an_mt(), "mt-7")
    assert not rejected.value.is_blocked
    assert len(receiver.received) == 1


def test_a_dead_server_is_failed() -> None:
    with receiving() as gone:
        url = gone.url
    transport = webhook_to(url)
    with pytest.raises(Failed, match=r"^ConnectError$"):
        transport.send(an_mt(), "mt-7")
    transport.close()


def test_a_server_that_does_not_answer_in_time_is_failed(receiver: Receiver) -> None:
    receiver.replies = [Reply(is_held=True)]
    transport = webhook_to(receiver.url, timeout=0.1)
    with pytest.raises(Failed, match=r"^ReadTimeout$"):
        transport.send(an_mt(), "mt-7")
    transport.close()


def test_the_environments_proxy_is_not_asked_for_this_machine(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        inside, outside = webhook_to(receiver.url), webhook_to("http://gateway.invalid/mt")
        inside.send(an_mt(), "mt-7")
        outside.send(an_mt(), "mt-8")
        inside.close()
        outside.close()
        assert [received.path for received in receiver.received] == ["/"]
        assert [received.path for received in proxy.received] == ["http://gateway.invalid/mt"]


def test_retry_after_may_be_an_http_date() -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    later, earlier = (now + timedelta(hours=hours) for hours in (2, -2))
    assert seconds_until(format_datetime(later, usegmt=True), now) == 7200
    assert seconds_until(format_datetime(earlier, usegmt=True), now) == 0


@given(st.text() | st.from_regex(r"\A[A-Za-z0-9,:+ -]*\Z"))
def test_any_retry_after_whatever_is_read_or_passed_over(header: str) -> None:
    seconds = seconds_until(header, datetime(2026, 11, 21, tzinfo=UTC))
    assert seconds is None or seconds >= 0


def test_the_log_has_one_line_of_an_mt_without_its_text_or_its_number(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    assert open_transport({}).send(an_mt(), "mt-7") == ""
    (record,) = caplog.records
    assert record.levelno == logging.INFO
    assert record.getMessage() == (
        "MT logged id=mt-7 code=123456 number=+*********23 kind=initial keyword=JOIN"
        " encoding=GSM-7 segments=1"
    )


def test_no_transport_logs_a_text_or_a_number(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    twilio = open_transport({**TWILIO, "base_url": receiver.url})
    with closing(webhook_to(receiver.url)) as webhook, closing(twilio):
        for transport in (webhook, twilio):
            for status in (200, 400, 500):
                receiver.replies = [Reply(status, json.dumps({"message": TEXT + NUMBER}).encode())]
                with pytest.raises((Failed, Rejected)) if status > 200 else nullcontext():
                    transport.send(an_mt(), "mt-7")
    assert caplog.text
    for private in (NUMBER, NUMBER[1:], "dear", TWILIO["auth_token"], SECRET):
        assert private not in caplog.text


@pytest.mark.parametrize(
    ("settings", "faults"),
    [
        ({"kind": "sms"}, ["transport.kind is invalid. It must be one of log, webhook, twilio."]),
        ({"kind": ["log"]}, ["transport.kind is invalid. It must be one of log, webhook, twilio."]),
        (
            {"kind": "log", "url": "x"},
            ["transport.url is not a field of this kind, which has none but kind."],
        ),
        (
            {"kind": "webhook", "url": "", "secret": None},
            ["transport.url must be specified.", "transport.secret must be specified."],
        ),
        (
            {"kind": "webhook", "url": "https://me:pw@host/", "secret": "whsec_c2hvcnQ="},
            [
                "transport.url is invalid. It must be a URL such as https://gateway.example/mt.",
                f"transport.secret is invalid. It must be whsec_ and {WANTED}.",
            ],
        ),
        (
            {"kind": "webhook", "url": "http://h", "secret": SECRET, "timeout": 0, "token": "pw"},
            [
                "transport.timeout is invalid. It must be a number of seconds above 0, at most 15.",
                "transport.token is not a field of this kind, which has url, secret, timeout.",
            ],
        ),
        (
            {**TWILIO, "account_sid": "SK1", "base_url": "http://api.twilio.example"},
            [
                "transport.account_sid is invalid. It must be AC and 32 hexadecimal digits.",
                "transport.base_url is invalid. It must be an https URL without a path.",
            ],
        ),
    ],
)
def test_settings_are_refused_with_every_fault_and_without_a_value(
    settings: dict[str, object], faults: list[str]
) -> None:
    with pytest.raises(TransportError) as refused:
        open_transport(settings)
    assert str(refused.value).splitlines() == faults


@given(st.text() | st.from_regex(r"\A\+?[0-9]{0,15}\Z"))
def test_a_masked_number_tells_its_length_and_at_most_two_of_its_digits(number: str) -> None:
    shown = masked(number)
    assert len(shown) == len(number)
    told = [place for place, sign in enumerate(shown) if sign != "*"]
    assert [shown[place] for place in told] == [number[place] for place in told]
    assert len([place for place in told if shown[place] != "+" or place]) <= 2
