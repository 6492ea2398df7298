"""The requests of MobileConnect's guide, end to end.

npm's `fuel-rest`, as it is, sends them to `optin-engine serve` as an operator runs it, and what
is said comes out at the webhook of a gateway. The definitions are made by API, too; the handset
is `POST /inbound`, which MobileConnect does not have.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest
from standardwebhooks import Webhook

from tests.faults.waiting import wait_until
from tests.operating import serving
from tests.receivers import Receiver, receiving
from tests.test_real_clients import NPM, installed, ran

CODE = "123456"
SECRET = "whsec_" + "c2VjcmV0" * 4
PLACE = {"shortCode": CODE, "countryCode": "US"}
CONFIGURATION = """
definitions = "definitions.json"

[service]
token_secret_env = "TOKEN_SECRET"

[inbound]
secret_env = "GATEWAY_SECRET"

[[clients]]
id = "guide"
secret_env = "CLIENT_SECRET"
scopes = ["sms_read", "sms_write", "sms_send"]

[transport]
kind = "webhook"
url = "{}"
secret_env = "GATEWAY_SECRET"
"""
SECRETS = {"TOKEN_SECRET": "t" * 32, "GATEWAY_SECRET": SECRET, "CLIENT_SECRET": "c" * 32}

OPT_IN = {
    **PLACE,
    "messageName": "Offers by text",
    "keyword": "JOINSMS",
    "messageOptInType": "Double",
    "doubleOptinInitialMessage": "Reply Y or YES to get offers.",
    "doubleOptinConfirmationMessage": "You will get offers at %%MOBILE_NUMBER%%.",
}
OFFER = {**PLACE, "messageName": "The offer", "messageText": "Hello %%First Name%%, two for one!"}

# As the guide prints them, but for the numbers of the second one.
QUEUED = {"mobileNumbers": ["15555551212"], "shortCode": CODE, "messageText": "JOINSMS"}
SUBSCRIBING = {
    "mobileNumbers": ["13175551212"],
    "Subscribe": True,
    "Resubscribe": True,
    "keyword": "JOINSMS",
}
ATTRIBUTED = {
    "Subscribers": [
        {
            "MobileNumber": "13175551212",
            "SubscriberKey": "ann@example.com",
            "Attributes": {"First Name": "Ann"},
        }
    ],
    "Subscribe": True,
    "Resubscribe": True,
    "keyword": "JOINSMS",
    "Override": True,
    "messageText": "%%First Name%%, it ends at noon.",
}


@attrs.frozen
class Guided:
    """A service, the client that speaks to it, and the gateway behind it."""

    home: Path
    url: str
    gateway: Receiver

    def call(self, method: str, uri: str, body: object = None) -> Any:
        """Make a call by fuel-rest; give what was answered in the range of 200."""
        calls = [{"method": method, "uri": uri, "json": body}]
        task = {"url": self.url, "id": "guide", "secret": SECRETS["CLIENT_SECRET"], "calls": calls}
        (answer,) = ran(self.home, task, "node", "--no-deprecation", "fuel_rest_calls.cjs")
        assert answer["status"] // 100 == 2, answer
        return answer["body"]

    def text(self, number: str, said: str, mo_id: str) -> None:
        """Let a handset text."""
        now = datetime.now(UTC)
        body = json.dumps({"id": mo_id, "from": number, "to": CODE, "text": said})
        headers = {
            "content-type": "application/json",
            "webhook-id": mo_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SECRET).sign(mo_id, now, body),
        }
        with httpx.Client(trust_env=False) as client:
            client.post(f"{self.url}/inbound", content=body, headers=headers).raise_for_status()

    def said(self, count: int) -> list[tuple[str, str]]:
        """Give what the gateway was handed, to whom, once it is so much."""
        came = [json.loads(received.body) for received in self.gateway.wait_for(count)]
        return [(mt["to"], mt["text"]) for mt in came]

    def deliveries(self, path: str, is_there: Callable[[Any], bool]) -> Any:
        """Give the deliveries once they are as they should become."""
        found: list[Any] = []

        def reached() -> bool:
            found[:] = [self.call("get", path)]
            return is_there(found[0])

        wait_until(reached, f"{path} says so")
        return found[0]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(tmp_path_factory, *NPM)


@pytest.fixture
def guided(home: Path, tmp_path: Path) -> Iterator[Guided]:
    with receiving() as gateway, served(tmp_path, gateway) as url:
        yield Guided(home, url, gateway)


@contextmanager
def served(folder: Path, gateway: Receiver) -> Iterator[str]:
    """Run the service with a code, and without any programme, until the block ends."""
    (folder / "definitions.json").write_text(json.dumps({"codes": [PLACE]}))
    (folder / "serve.toml").write_text(CONFIGURATION.format(gateway.url))
    arguments = "--config", "serve.toml", "--store", f"sqlite:///{folder}/optin.db"
    with serving(folder, *arguments, **SECRETS) as running:
        yield running.url


def test_the_queue_mo_flow_asks_once_and_subscribes_who_says_yes(guided: Guided) -> None:
    guided.call("post", "/sms/v1/message/optin", OPT_IN)
    (result,) = guided.call("post", "/sms/v1/queueMO", QUEUED)["results"]
    assert (result["mobileNumber"], result["result"]) == ("15555551212", "OK")
    asked = ("+15555551212", "Reply Y or YES to get offers.")
    assert guided.said(1) == [asked]
    guided.text("+15555551212", "Yes!", "SM1")
    assert guided.said(2) == [asked, ("+15555551212", "You will get offers at 15555551212.")]
    numbers = {"mobileNumber": ["15555551212"]}
    (contact,) = guided.call("post", "/sms/v1/contacts/subscriptions", numbers)["contacts"]
    assert (contact["keyword"], contact["status"]) == ("JOINSMS", "Subscribed")
    history = guided.call("get", f"/sms/v1/queueMO/history/{result['identifier']}")["history"]
    told = [(line["type"], line["message"]) for line in history]
    confirmed = "You will get offers at 15555551212."
    assert told == [("MT", "Reply Y or YES to get offers."), ("MO", "Yes!"), ("MT", confirmed)]
    path = f"/sms/v1/queueMO/deliveries/{result['identifier']}"
    tracked = guided.deliveries(path, lambda found: found["tracking"][0]["statusCode"] == "2000")
    assert [row["mobileNumber"] for row in tracked["tracking"]] == ["15555551212"]


def test_message_contact_subscribes_and_sends_and_resubscribes_after_a_stop(
    guided: Guided,
) -> None:
    guided.call("post", "/sms/v1/message/optin", OPT_IN)
    message = guided.call("post", "/sms/v1/message/outbound", OFFER)["messageID"]
    send = f"/sms/v1/messageContact/{message}/send"
    token = guided.call("post", send, SUBSCRIBING)["tokenId"]
    number, first = "+13175551212", "Hello , two for one!"
    assert guided.said(1) == [(number, first)]
    path = f"/sms/v1/messageContact/{message}/deliveries/{token}"
    tracked = guided.deliveries(path, lambda found: found["status"] == "Finished")
    assert (int(tracked["count"]), tracked["message"]) == (1, OFFER["messageText"])
    (row,) = tracked["tracking"]
    assert (row["mobileNumber"], str(row["standardStatusCode"])) == ("13175551212", "2000")
    guided.text(number, "Stop. Thank you", "SM2")
    (_, stopped) = guided.said(2)[-1]
    assert "opted out" in stopped
    again = guided.call("post", send, ATTRIBUTED)["tokenId"]
    assert guided.said(3)[-1] == (number, "Ann, it ends at noon.")
    keys = {"subscriberKey": ["ann@example.com"]}
    (contact,) = guided.call("post", "/sms/v1/contacts/subscriptions", keys)["contacts"]
    assert (contact["mobileNumber"], contact["status"]) == ("13175551212", "Subscribed")
    path = f"/sms/v1/messageContact/{message}/history/{again}/mobileNumber/13175551212"
    (line,) = guided.call("get", path)["history"]
    assert (line["type"], line["message"]) == ("MT", "Ann, it ends at noon.")
