"""The calls of `serve --dev`: its clock, what is known of a contact, and orders."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate

from optin_engine.harness import starter
from optin_engine.harness.targets.defining import written
from optin_engine.service.clock import MovableClock
from optin_engine.web.calls import CALLS, with_dev_calls
from optin_engine.web.openapi import document
from tests.running import running

ANN, CODE = "+15555550123", "123456"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def dev() -> Iterator[httpx.Client]:
    with running(is_dev=True) as served, httpx.Client(base_url=served.url) as client:
        yield client


def set_clock(dev: httpx.Client, at: datetime | None) -> Any:
    answer = dev.post("/dev/clock", json={"at": at.isoformat() if at else None})
    assert answer.status_code == 200
    return answer.json()


def bring(dev: httpx.Client, text: str, **more: object) -> Any:
    login = {"grant_type": "client_credentials", "client_id": "dev", "client_secret": "dev"}
    token = dev.post("/v2/token", json=login).json()["access_token"]
    body = {"from": ANN, "to": CODE, "text": text, **more}
    return dev.post("/inbound", json=body, headers={"Authorization": f"Bearer {token}"}).json()


def known(dev: httpx.Client, after: str = "0") -> Any:
    return dev.get(f"/dev/contacts/{CODE}/{ANN}", params={"after": after}).json()


def mts(dev: httpx.Client) -> list[tuple[str, str]]:
    return [(row["at"], row["text"]) for row in known(dev)["said"] if row["type"] == "MT"]


def test_the_clock_stands_where_it_is_set_and_goes_with_the_wall_s_again(dev: httpx.Client) -> None:
    assert dev.get("/dev/clock").json()["isSet"] is False
    assert set_clock(dev, NOON) == {"at": "2026-03-01T12:00:00Z", "isSet": True}
    assert dev.get("/dev/clock").json() == {"at": "2026-03-01T12:00:00Z", "isSet": True}
    before = datetime.now(UTC)
    shown = set_clock(dev, None)
    assert shown["isSet"] is False
    assert before <= datetime.fromisoformat(shown["at"]) <= datetime.now(UTC)


def test_the_clock_can_be_set_back(dev: httpx.Client) -> None:
    set_clock(dev, NOON)
    set_clock(dev, NOON - timedelta(days=400))
    assert bring(dev, "JOIN")["state"] == "In Progress"
    assert [at for at, _ in mts(dev)] == ["2025-01-25T12:00:00Z"]


def test_deadlines_pass_each_at_its_own_time_before_the_clock_answers(dev: httpx.Client) -> None:
    set_clock(dev, NOON)
    bring(dev, "JOIN")
    set_clock(dev, NOON + timedelta(days=30))
    # The example's JOIN reminds after a day, and ends after three.
    assert [at for at, _ in mts(dev)] == ["2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z"]
    assert known(dev)["state"] == "None"


def test_deadlines_can_be_left_to_the_contact_s_next_text(dev: httpx.Client) -> None:
    set_clock(dev, NOON)
    bring(dev, "JOIN")
    later = NOON + timedelta(days=1)
    dev.post("/dev/clock", json={"at": later.isoformat(), "passDeadlines": False})
    # The reminder is due, but who writes at that moment needs none.
    assert bring(dev, "YES")["state"] == "Subscribed"
    assert len(mts(dev)) == 2


def test_a_token_outlives_whatever_the_clock_is_set_to(dev: httpx.Client) -> None:
    login = {"grant_type": "client_credentials", "client_id": "dev", "client_secret": "dev"}
    token = dev.post("/v2/token", json=login).json()["access_token"]
    set_clock(dev, datetime.now(UTC) + timedelta(days=365))
    answer = dev.post(
        "/sms/v1/contacts/subscriptions",
        json={"mobileNumber": [ANN.removeprefix("+")]},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200


def test_a_contact_is_known_with_its_states_and_what_was_said_since(dev: httpx.Client) -> None:
    assert known(dev)["said"] == []
    bring(dev, "NEWS")
    seen = known(dev)
    assert seen["state"] == "Subscribed"
    states = {one["keyword"]: one["state"] for one in seen["subscriptions"]}
    assert states == {"NEWS": "Subscribed", "JOIN": "None", "WINE": "None"}
    assert [row["type"] for row in seen["said"]] == ["MO", "MT"]
    bring(dev, "STOP")
    later = known(dev, seen["said"][-1]["id"])
    assert later["said"][0]["text"] == "STOP"
    assert {one["state"] for one in later["subscriptions"]} == {"Unsubscribed"}


@pytest.mark.parametrize(
    ("order", "keyword", "state"),
    [
        ("SUBSCRIBE", "JOIN", "Subscribed"),
        ("STOP", "", "Unsubscribed"),
        ("UNSUBSCRIBE", "NEWS", "Unsubscribed"),
        ("DEACTIVATE", "", "None"),
    ],
)
def test_an_order_is_carried_out(dev: httpx.Client, order: str, keyword: str, state: str) -> None:
    bring(dev, "NEWS")
    body = {"code": CODE, "number": ANN, "order": order, "keyword": keyword}
    answer = dev.post("/dev/orders", json=body).json()
    assert answer["refused"] is None
    assert known(dev)["state"] == state


def test_only_a_resubscribe_brings_back_who_opted_out(dev: httpx.Client) -> None:
    bring(dev, "STOP")
    body = {"code": CODE, "number": ANN, "keyword": "NEWS"}
    refused = dev.post("/dev/orders", json={**body, "order": "SUBSCRIBE"}).json()
    assert refused["refused"] == "opted out"
    dev.post("/dev/orders", json={**body, "order": "RESUBSCRIBE"})
    assert known(dev)["state"] == "Subscribed"


def test_the_definitions_are_those_that_hold(dev: httpx.Client) -> None:
    definitions = written(starter())
    told = dev.get("/dev/definitions").json()
    assert (told["codes"], told["programs"]) == (definitions.codes, definitions.programs)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/dev/clock", {}, 400),
        ("POST", "/dev/clock", {"at": "tomorrow"}, 400),
        ("POST", "/dev/clock", {"at": "2026-03-01T12:00:00"}, 400),
        ("POST", "/dev/clock", {"at": 5}, 400),
        ("POST", "/dev/clock", {"at": None, "passDeadlines": "no"}, 400),
        ("POST", "/dev/orders", {"code": CODE, "number": ANN, "order": "DELETE"}, 400),
        ("POST", "/dev/orders", {"code": CODE, "number": "Ann", "order": "STOP"}, 400),
        ("POST", "/dev/orders", {"code": "9", "number": ANN, "order": "STOP"}, 400),
        ("GET", f"/dev/contacts/{CODE}/Ann", None, 400),
        ("GET", f"/dev/contacts/{CODE}/{ANN}?after=x", None, 400),
        ("GET", f"/dev/contacts/{CODE}/{ANN}?after={'9' * 30}", None, 400),
        ("GET", f"/dev/contacts/999999/{ANN}", None, 404),
    ],
)
def test_what_cannot_be_meant_is_refused(
    dev: httpx.Client, method: str, path: str, body: object, status: int
) -> None:
    assert dev.request(method, path, json=body).status_code == status


def test_they_are_documented_where_they_are(dev: httpx.Client) -> None:
    paths = dev.get("/openapi.json").json()["paths"]
    ours = [path for path in paths if path.startswith("/dev/")]
    assert set(ours) == {
        "/dev/clock",
        "/dev/contacts/{code}/{number}",
        "/dev/orders",
        "/dev/definitions",
    }
    validate(json.loads(json.dumps(document(with_dev_calls(MovableClock())))))
    assert all(op["tags"] == ["Trial"] for path in ours for op in paths[path].values())


def test_without_dev_they_are_not_there() -> None:
    assert not [call.path for call in CALLS if call.path.startswith("/dev")]
    with running() as served:
        for path in ("/dev/clock", f"/dev/contacts/{CODE}/{ANN}", "/dev/definitions"):
            assert httpx.get(served.url + path).status_code == 404
        assert httpx.post(f"{served.url}/dev/clock", json={"at": None}).status_code == 404
