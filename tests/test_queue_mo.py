"""`POST /sms/v1/queueMO`: what is answered, and each error to the letter."""

# ruff: noqa: E501 - a case is one line, in columns.

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import attrs
import pytest

from optin_engine.web.identifiers import decode
from tests.mobileconnect import ASKED, JOIN, QUEUE, errors, queued, texted
from tests.web_service import ALICE, BOB, LONG, SETTINGS, SHORT, Caller, Clock, calling


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def caller(clock: Clock) -> Iterator[Caller]:
    with calling(clock=clock) as caller:
        yield caller


def test_each_number_has_its_own_identifier_and_result(caller: Caller) -> None:
    body = {"MOBILENUMBERS": [ALICE, int(BOB), ALICE], "ShortCode": 123456, "messagetext": "join"}
    answer = caller.post(f"{QUEUE}/", {**body, "unknown": 1, "origin": None})
    assert answer.status_code == 202
    results = answer.json()["results"]
    told = [(r["mobileNumber"], r["result"], "subscriberKey" in r) for r in results]
    assert told == [(ALICE, "OK", False), (BOB, "OK", False)]
    identifiers = [decode(r["identifier"], "queueMO") for r in results]
    mos = [caller.service.store.mo(i) for i in identifiers if isinstance(i, int)]
    assert [mo and (mo.number, mo.origin) for mo in mos] == [(f"+{n}", "api") for n in (ALICE, BOB)]


def test_the_keys_of_subscribers_come_back(caller: Caller) -> None:
    pairs = [
        {"MobileNumber": ALICE, "subscriberkey": "a@x"},
        {"mobilenumber": BOB, "SubscriberKey": 7},
    ]
    results = queued(caller, mobileNumbers=None, subscribers=pairs)
    assert [(r["mobileNumber"], r["subscriberKey"]) for r in results] == [
        (ALICE, "a@x"),
        (BOB, "7"),
    ]


@pytest.mark.parametrize(
    ("given", "origin"), [(None, "api"), ("WEB", "web"), ("app", "app"), ("", "api")]
)
def test_an_origin_is_kept(caller: Caller, given: Any, origin: str) -> None:
    (result,) = queued(caller, origin=given)
    inner = decode(result["identifier"], "queueMO")
    assert isinstance(inner, int)
    mo = caller.service.store.mo(inner)
    assert mo is not None
    assert mo.origin == origin


def test_the_same_id_is_answered_as_the_first_time(caller: Caller) -> None:
    first, again = queued(caller, id="form-1"), queued(caller, id="form-1")
    assert first == again
    assert len(caller.service.history(SHORT, f"+{ALICE}")) == 2


def test_what_the_engine_refuses_says_so_in_its_own_element(caller: Caller, clock: Clock) -> None:
    texted(caller, clock, "STOP")
    clock.time += timedelta(seconds=1)
    results = queued(caller, mobileNumbers=[ALICE, BOB])
    assert [r["result"] for r in results] == ["Refused: opted out", "OK"]
    news = {"shortCode": LONG, "messageText": "News today"}
    assert queued(caller, **news)[0]["result"] == "Refused: double opt-in required"


def test_a_number_gets_no_more_than_its_prompts_of_a_day() -> None:
    with calling(settings=attrs.evolve(SETTINGS, prompts_per_day=2)) as caller:
        results = [queued(caller)[0]["result"] for _ in range(3)]
    assert results == ["OK", "OK", "Refused: rate limit"]


def test_an_opt_out_counts_whatever_its_origin(caller: Caller) -> None:
    queued(caller)
    assert queued(caller, messageText="Stop texting me")[0]["result"] == "OK"
    (row,) = caller.post(ASKED, {"mobileNumber": [ALICE]}).json()["contacts"]
    assert row["status"] == "Unsubscribed"


BOTH = "An array of mobile numbers and an array of subscribers cannot be provided at the same time."
NONE = "The count of mobile numbers or subscribers cannot be zero."
PAIR = "A subscriber object must have both a mobile number and subscriber key defined."
COMBINATION = "The combination of ShortCode {} and Keyword {} is invalid."
SUBSCRIBER = {"mobileNumber": ALICE, "subscriberKey": "a"}


def subscribers(*given: Any) -> dict[str, Any]:
    return {"mobileNumbers": [], "subscribers": list(given)}


# fmt: off
WRONG_QUEUED: list[tuple[dict[str, Any], list[str]]] = [
    # changed in a right request                        errors
    ({"subscribers": [SUBSCRIBER]},                     [BOTH]),
    ({"mobileNumbers": []},                             [NONE]),
    ({"mobileNumbers": None},                           [NONE]),
    (subscribers(),                                     [NONE]),
    ({"mobileNumbers": ALICE},                          ["The MobileNumbers field must be an array."]),
    ({"mobileNumbers": None, "subscribers": {"a": 1}},  ["The Subscribers field must be an array."]),
    ({"mobileNumbers": [ALICE] * 251},                  ["The count of mobile numbers or subscribers cannot be more than 250."]),
    ({"mobileNumbers": ["1555555012x"]},                ["1555555012x is not a numeric string"]),
    ({"mobileNumbers": ["+15555550123"]},               ["+15555550123 is not a numeric string"]),
    ({"mobileNumbers": [""]},                           [" is not a numeric string"]),
    ({"mobileNumbers": ["\u0661" * 10]},                ["\u0661" * 10 + " is not a numeric string"]),
    ({"mobileNumbers": [None, True, 1.5]},              ["null is not a numeric string", "true is not a numeric string", "1.5 is not a numeric string"]),
    ({"mobileNumbers": ["9" * 41 + "x"]},               ["9" * 40 + "... is not a numeric string"]),
    ({"mobileNumbers": ["1234567", "1" * 16, 7]},       ["Invalid phone number"]),
    ({"mobileNumbers": ["0" * 10]},                     ["Invalid phone number"]),
    ({"mobileNumbers": [ALICE, "x", "155"]},            ["x is not a numeric string", "Invalid phone number"]),
    (subscribers({"mobileNumber": ALICE}),              [PAIR]),
    (subscribers({"subscriberKey": "a"}, "a", None),    [PAIR]),
    (subscribers({**SUBSCRIBER, "subscriberKey": " "}), [PAIR]),
    (subscribers({**SUBSCRIBER, "subscriberKey": "k" * 255}), ["A subscriber key cannot contain more than 254 characters."]),
    (subscribers({**SUBSCRIBER, "mobileNumber": "155"}), ["Invalid phone number"]),
    ({"shortCode": None},                               ["The ShortCode field must be specified."]),
    ({"shortCode": "999999"},                           [COMBINATION.format("999999", "JOIN")]),
    ({"shortCode": LONG},                               [COMBINATION.format(LONG, "JOIN")]),
    ({"messageText": None},                             ["The MessageText field must be specified."]),
    ({"messageText": " \n"},                            ["The MessageText field cannot be blank or only contain whitespace."]),
    ({"messageText": ["JOIN"]},                         ["The MessageText field must be a text."]),
    ({"messageText": "JOIN\0"},                         ["The MessageText field cannot contain NUL or half of a surrogate pair."]),
    ({"messageText": "JOIN" + " x" * 800},              ["The MessageText field cannot contain more than 1600 characters."]),
    ({"messageText": "Y"},                              [COMBINATION.format(SHORT, "Y")]),
    ({"messageText": "Help JOIN"},                      [COMBINATION.format(SHORT, "Help")]),
    ({"messageText": "?!"},                             [COMBINATION.format(SHORT, "?!")]),
    ({"origin": "handset"},                             ["Origin is invalid. It must be web, app or api."]),
    ({"origin": 7},                                     ["Origin is invalid. It must be web, app or api."]),
    ({"id": "x" * 256},                                 ["The Id field cannot contain more than 255 characters."]),
    ({"mobileNumbers": ["x"], "shortCode": "", "messageText": None, "origin": "fax"},
     ["x is not a numeric string", "The ShortCode field cannot be blank or only contain whitespace.",
      "The MessageText field must be specified.", "Origin is invalid. It must be web, app or api."]),
]
# fmt: on


@pytest.mark.parametrize(("change", "faults"), WRONG_QUEUED)
def test_a_wrong_queue_mo_is_refused_with_all_its_faults_and_queues_nothing(
    caller: Caller, change: dict[str, Any], faults: list[str]
) -> None:
    assert errors(caller, {**JOIN, **change}) == faults
    assert caller.service.history(SHORT, f"+{ALICE}") == ()


def test_two_hundred_and_fifty_numbers_are_queued_at_once(caller: Caller) -> None:
    numbers = [str(15555550000 + place) for place in range(250)]
    results = queued(caller, mobileNumbers=numbers)
    assert [r["mobileNumber"] for r in results] == numbers
    assert len({r["identifier"] for r in results}) == 250
