"""`POST /sms/v1/contacts/subscriptions`: where numbers stand."""

# ruff: noqa: E501 - a case is one line, in columns.

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from optin_engine.vocabulary import Inbound
from tests.mobileconnect import AGE, ASKED, OPTIN, queued, texted
from tests.web_service import ALICE, BOB, LONG, SHORT, Caller, Clock, calling


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def caller(clock: Clock) -> Iterator[Caller]:
    with calling(clock=clock) as caller:
        yield caller


def test_subscriptions_tell_where_each_number_stands(caller: Caller, clock: Clock) -> None:
    queued(caller)
    texted(caller, clock, "YES")
    texted(caller, clock, "JOIN", BOB)
    caller.service.receive(LONG, f"+{ALICE}", Inbound("NEWS", clock.time))
    caller.service.receive(LONG, f"+{ALICE}", Inbound("STOP", clock.time))
    answer = caller.post(ASKED, {"MobileNumber": [ALICE, BOB, ALICE, "15555550125"]}).json()
    assert answer.pop("createDate") == answer.pop("completeDate") == "2026-11-21T12:00:02.5100000Z"
    row = {"mobileNumber": ALICE, "shortCode": SHORT, "keyword": "JOIN"}
    news = {**row, "shortCode": LONG, "keyword": "NEWS"}
    assert answer == {
        "count": "3",
        "contacts": [
            {**row, "optInDate": "2026-11-21T12:00:01.5100000Z", "status": "Subscribed"},
            {**news, "optInDate": None, "status": "Unsubscribed"},
            {**row, "mobileNumber": BOB, "optInDate": None, "status": "In Progress"},
        ],
    }


def test_none_and_declined_give_no_row(caller: Caller, clock: Clock) -> None:
    caller.post(OPTIN, AGE)
    texted(caller, clock, "WINE")
    texted(caller, clock, "6/6/2020")
    texted(caller, clock, "JOIN", BOB)
    texted(caller, clock, "NO", BOB)
    answer = caller.post(ASKED, {"mobileNumber": [ALICE, BOB]}).json()
    assert (answer["count"], answer["contacts"]) == ("0", [])


def test_a_deadline_that_passed_is_told_without_a_timer(caller: Caller, clock: Clock) -> None:
    queued(caller)
    clock.time += timedelta(hours=73)
    later = caller.as_client("everything")
    assert later.post(ASKED, {"mobileNumber": [ALICE]}).json()["count"] == "0"


def subscriber(number: str, key: object) -> dict[str, object]:
    return {"mobilenumber": number, "subscriberkey": key}


def numbers_by(caller: Caller, *keys: object) -> list[str]:
    answer = caller.post(ASKED, {"SubscriberKey": keys}).json()
    assert answer["count"] == str(len(answer["contacts"]))
    return [row["mobileNumber"] for row in answer["contacts"]]


def test_a_subscriber_key_gives_the_rows_of_all_its_numbers(caller: Caller) -> None:
    pairs = [(BOB, "family"), (ALICE, " a@x "), (ALICE, "family"), (ALICE, 7)]
    subscribers = [subscriber(*pair) for pair in pairs]
    queued(caller, mobileNumbers=None, subscribers=subscribers)
    assert numbers_by(caller, "family") == [ALICE, BOB]
    assert [numbers_by(caller, key) for key in ("a@x", "7", 7)] == [[ALICE]] * 3
    assert numbers_by(caller, "a@x", "family", "a@x") == [ALICE, BOB]
    by_key = caller.post(ASKED, {"subscriberKey": ["a@x"]}).json()
    assert by_key == caller.post(ASKED, {"mobileNumber": [ALICE]}).json()


def test_a_key_that_names_no_number_gives_no_row_even_where_it_is_one(caller: Caller) -> None:
    queued(caller, mobileNumbers=None, subscribers=[subscriber(ALICE, "a@x")])
    assert numbers_by(caller, ALICE, "A@x", "nobody", "", "a\0b") == []
    queued(caller, mobileNumbers=None, subscribers=[subscriber(ALICE, ALICE)])
    assert numbers_by(caller, int(ALICE)) == [ALICE]
    caller.service.store.erase(f"+{ALICE}")
    assert numbers_by(caller, ALICE, "a@x") == []


# fmt: off
WRONG_ASKED: list[tuple[dict[str, Any], list[str]]] = [
    ({},                                            ["A MobileNumber or SubscriberKey must be specified."]),
    ({"mobileNumber": [], "subscriberKey": []},     ["MobileNumber and SubscriberKey cannot be specified at the same time."]),
    ({"mobileNumber": ALICE},                       ["The MobileNumber field must be an array."]),
    ({"subscriberKey": {}},                         ["The SubscriberKey field must be an array."]),
    ({"subscriberKey": ["a", {}]},                  ["A SubscriberKey must be a text or a whole number."]),
    ({"subscriberKey": [True]},                     ["A SubscriberKey must be a text or a whole number."]),
    ({"mobileNumber": [ALICE] * 251},               ["The MobileNumber field cannot contain more than 250 elements."]),
    ({"mobileNumber": ["x", "155", ALICE, "x"]},    ["x is not a numeric string", "Invalid phone number"]),
]
# fmt: on


@pytest.mark.parametrize(("body", "faults"), WRONG_ASKED)
def test_a_wrong_question_is_refused_with_all_its_faults(
    caller: Caller, body: dict[str, Any], faults: list[str]
) -> None:
    answer = caller.post(ASKED, body)
    assert (answer.status_code, answer.json()["errorcode"]) == (400, 11000)
    assert [fault["message"] for fault in answer.json()["fieldErrors"]] == faults
