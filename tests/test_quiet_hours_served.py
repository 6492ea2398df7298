"""Quiet hours at a running service: a send waits for the morning of whoever receives it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import httpx

from tests.faults.waiting import wait_until
from tests.operating import serving

CODE, IN_NEW_YORK = "123456", "12125550123"
PLACE = {"shortCode": CODE, "countryCode": "US"}
DEFINITIONS = {
    "codes": [PLACE | {"quietHours": "21:00-08:00"}],
    "programs": [
        PLACE
        | {
            "messageName": "News",
            "keyword": "NEWS",
            "messageOptInType": "Single",
            "responseMessage": "Welcome!",
        }
    ],
}
OFFER = PLACE | {"messageName": "Offer", "messageText": "Two for one!"}
# By the clock of New York it is ten in the evening, and then nine in the morning.
EVENING = datetime(2026, 3, 2, 3, tzinfo=UTC)
MORNING = datetime(2026, 3, 2, 14, tzinfo=UTC)


@attrs.frozen
class Caller:
    """Whoever calls the service."""

    client: httpx.Client

    def post(self, path: str, body: object) -> Any:
        answer = self.client.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def codes(self, path: str) -> list[str]:
        """Give the status codes of a send's deliveries."""
        found = self.client.get(path).json()["tracking"]
        return [row["standardStatusCode"] for row in found]


def test_a_send_in_the_evening_goes_out_in_the_morning_and_a_reply_at_once(tmp_path: Path) -> None:
    (tmp_path / "definitions.json").write_text(json.dumps(DEFINITIONS))
    (tmp_path / "serve.toml").write_text('definitions = "definitions.json"\n')
    with (
        serving(tmp_path, "--dev", "--config", "serve.toml") as served,
        httpx.Client(base_url=served.url, trust_env=False) as client,
    ):
        login = {"grant_type": "client_credentials", "client_id": "dev", "client_secret": "dev"}
        token = client.post("/v2/token", json=login).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        caller = Caller(client)
        caller.post("/dev/clock", {"at": EVENING.isoformat()})
        caller.post("/inbound", {"from": f"+{IN_NEW_YORK}", "to": CODE, "text": "NEWS"})
        message = caller.post("/sms/v1/message/outbound", OFFER)["messageID"]
        path = f"/sms/v1/messageContact/{message}"
        sent = caller.post(f"{path}/send", {"mobileNumbers": [IN_NEW_YORK]})["tokenId"]
        deliveries = f"{path}/deliveries/{sent}"
        wait_until(lambda: caller.codes(deliveries) == ["1000"], "the offer is queued")
        caller.post("/inbound", {"from": f"+{IN_NEW_YORK}", "to": CODE, "text": "HELP"})
        wait_until(lambda: served.log.read_text().count('"kind":"help"') == 1, "HELP is answered")
        assert caller.codes(deliveries) == ["1000"]
        caller.post("/dev/clock", {"at": MORNING.isoformat()})
        wait_until(lambda: caller.codes(deliveries) == ["2000"], "the offer is sent")
