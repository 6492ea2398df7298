"""The carrier that is played for whoever is tested, with Twilio's own library as its caller."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from optin_engine.harness.targets.carrier import Carrier, Sent

ANN, CODE = "+12125550123", "123456"


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    with Carrier() as opened:
        yield opened


class Redirected(TwilioHttpClient):  # type: ignore[misc]  # it has no types
    """Twilio's client, but for where it calls."""

    def __init__(self, url: str) -> None:
        super().__init__(pool_connections=False)
        self._url = url

    def request(self, method: str, url: str, *arguments: Any, **further: Any) -> Any:
        url = url.replace("https://api.twilio.com", self._url)
        return super().request(method, url, *arguments, **further)


@pytest.fixture
def twilio(carrier: Carrier) -> Client:
    return Client("AC" + "0" * 32, "any token", http_client=Redirected(carrier.url))


def test_twilio_s_own_library_sends_by_it(carrier: Carrier, twilio: Client) -> None:
    text = "Fish & <chips>? 100 % 🐟\nYes"
    first = twilio.messages.create(to=ANN, from_=CODE, body=text)
    second = twilio.messages.create(to=ANN, messaging_service_sid="MG1", body="Bye")
    assert first.status == "queued"
    assert len({first.sid, second.sid}) == 2
    assert carrier.sent() == (Sent(ANN, text), Sent(ANN, "Bye"))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "", "from_": CODE, "body": "Hi"}, 21604),
        ({"to": ANN, "from_": CODE, "body": ""}, 21602),
        ({"to": ANN, "body": "Hi"}, 21603),
    ],
)
def test_what_is_missing_is_refused_as_twilio_does(
    carrier: Carrier, twilio: Client, fields: dict[str, str], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(**fields)
    assert (refused.value.status, refused.value.code) == (400, code)
    assert carrier.sent() == ()


def test_other_paths_are_not_there(carrier: Carrier) -> None:
    assert httpx.post(f"{carrier.url}/2010-04-01/Accounts/AC1/Calls.json").status_code == 404


def test_whoever_waits_is_told_when_it_came_and_that_it_did_not(carrier: Carrier) -> None:
    carrier.take(Sent(ANN, "1"))
    carrier.take(Sent("+12125550124", "2"))
    assert carrier.wait_for([ANN], 1, seconds=0)
    assert not carrier.wait_for([ANN], 2, seconds=0.01)
    assert carrier.sent([ANN]) == (Sent(ANN, "1"),)
    assert carrier.sent(after=1) == (Sent("+12125550124", "2"),)


def test_a_number_without_its_plus_sign_is_the_same_number(
    carrier: Carrier, twilio: Client
) -> None:
    twilio.messages.create(to=ANN.removeprefix("+"), from_=CODE, body="Hi")
    assert carrier.sent([ANN]) == (Sent(ANN, "Hi"),)
