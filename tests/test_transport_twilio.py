"""Twilio as a transport, played by a real HTTP server: what it is sent, and what its codes mean."""

import base64
import json
from collections.abc import Iterator
from urllib.parse import parse_qs

import attrs
import pytest

from optin_engine.transports import Failed, Rejected, Transport, open_transport
from tests.outbox import NUMBER, TEXT, an_mt
from tests.receivers import Receiver, Reply, receiver

__all__ = ["receiver"]

ACCOUNT, TOKEN, SERVICE = "AC" + "0" * 32, "tok-en", "MG" + "f" * 32
TWILIO = {"kind": "twilio", "account_sid": ACCOUNT, "auth_token": TOKEN}


@pytest.fixture
def twilio(receiver: Receiver) -> Iterator[Transport]:
    transport = open_transport({**TWILIO, "base_url": receiver.url, "timeout": None})
    yield transport
    transport.close()


def test_twilio_gets_what_its_messages_api_asks_for(receiver: Receiver, twilio: Transport) -> None:
    receiver.replies = [Reply(201, b'{"sid": "SM1", "status": "queued"}')]
    assert twilio.send(an_mt(), "mt-7") == "SM1"
    (received,) = receiver.received
    assert received.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    expected = {"To": [NUMBER], "From": ["123456"], "Body": [TEXT]}
    assert parse_qs(received.body.decode(), strict_parsing=True) == expected
    credentials = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    assert received.headers["Authorization"] == f"Basic {credentials}"


def test_twilio_is_called_from_a_long_code_with_its_plus_sign(
    receiver: Receiver, twilio: Transport
) -> None:
    twilio.send(attrs.evolve(an_mt(), code="15555550100"), "mt-7")
    assert parse_qs(receiver.received[0].body.decode())["From"] == ["+15555550100"]


def test_twilio_is_told_its_messaging_service_and_whom_to_tell(receiver: Receiver) -> None:
    told = {"messaging_service_sid": SERVICE, "status_callback": "https://sms.example/status"}
    transport = open_transport({**TWILIO, **told, "base_url": receiver.url + "/"})
    transport.send(an_mt(), "mt-7")
    transport.close()
    form = parse_qs(receiver.received[0].body.decode())
    assert form == {
        "To": [NUMBER],
        "MessagingServiceSid": [SERVICE],
        "StatusCallback": ["https://sms.example/status"],
        "Body": [TEXT],
    }


@pytest.mark.parametrize(
    ("status", "code", "refusal", "reason", "is_blocked"),
    [
        (400, 21610, Rejected, "Twilio 21610", True),
        (400, 21211, Rejected, "Twilio 21211", False),
        (404, 20404, Rejected, "Twilio 20404", False),
        (400, None, Rejected, "HTTP 400", False),
        (400, "21610 " + NUMBER, Rejected, "HTTP 400", False),
        (400, 21611, Failed, "Twilio 21611", False),
        (401, 20003, Failed, "Twilio 20003", False),
        (429, 20429, Failed, "Twilio 20429", False),
        (500, 20500, Failed, "Twilio 20500", False),
        (503, None, Failed, "HTTP 503", False),
    ],
)
def test_twilios_codes_are_the_reason_and_its_message_is_not(  # noqa: PLR0913, PLR0917 - one row of a table.
    receiver: Receiver,
    twilio: Transport,
    status: int,
    code: object,
    refusal: type[Failed | Rejected],
    reason: str,
    is_blocked: bool,  # noqa: FBT001 - as above.
) -> None:
    body = json.dumps({"code": code, "message": f"No {NUMBER}: {TEXT}", "status": status})
    receiver.replies = [Reply(status, body.encode(), {"Retry-After": "3"})]
    with pytest.raises(refusal) as refused:
        twilio.send(an_mt(), "mt-7")
    assert str(refused.value) == reason
    assert getattr(refused.value, "is_blocked", False) == is_blocked
    assert getattr(refused.value, "retry_after", 3) == 3
