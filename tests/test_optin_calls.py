"""Programmes and keywords by API: what is answered, and each error to the letter."""

# ruff: noqa: E501 - a case is one line, in columns.

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from optin_engine.web.identifiers import decode, encode
from tests.mobileconnect import JOIN, KEYWORD, OPTIN, QUEUE, errors, queued
from tests.web_service import LONG, SHORT, Caller, calling

VECTORS = json.loads((Path(__file__).parent / "vectors/definitions.json").read_text("utf-8"))


@pytest.fixture
def caller() -> Iterator[Caller]:
    with calling() as caller:
        yield caller


@pytest.mark.parametrize("case", VECTORS["cases"], ids=[c["name"] for c in VECTORS["cases"]])
def test_a_definition_is_answered_to_the_letter(case: dict[str, Any]) -> None:
    with calling(definitions={"codes": VECTORS["codes"], "programs": []}) as caller:
        answer = caller.post(OPTIN, case["definition"])
    told = answer.json()
    if not case["faults"]:
        assert answer.status_code == 201
        assert [*told] == ["messageID"]
        assert decode(told["messageID"], "message object") is not None
        return
    assert answer.status_code == 400
    assert [fault["message"] for fault in told.pop("fieldErrors")] == case["faults"]
    expected = {"message": "Invalid data", "errorcode": 11000}
    assert told == {**expected, "documentation": "", "objectErrors": []}


DEFINITION = {
    "MessageName": "Alerts",
    "SHORTCODE": 123456,
    "countryCode": "US",
    "Keyword": "alert",
    "messageOptInType": "single",
    "responseMessage": "You get alerts.",
    "allowSingleOptIn": "TRUE",
    "startDate": "0001-01-01T00:00:00",
    "endDate": None,
    "minimumAge": "0",
    "whatever": {"else": []},
}


def test_a_definition_takes_effect_at_once_and_keeps_its_identifier(caller: Caller) -> None:
    first, again = (caller.post(OPTIN, DEFINITION).json() for _ in range(2))
    assert first == again
    changed = caller.post(OPTIN, {**DEFINITION, "responseMessage": "Alerts it is."}).json()
    assert changed == first
    (result,) = queued(caller, messageText="Alert")
    told = caller.get(f"{QUEUE}/history/{result['identifier']}").json()
    assert [said["message"] for said in told["history"]] == ["Alerts it is."]


def test_a_field_error_has_the_envelope_of_a_field(caller: Caller) -> None:
    told = caller.post(OPTIN, {**DEFINITION, "keyword": "", "Keyword": None}).json()
    message = "The Keyword field cannot be blank or only contain whitespace."
    assert told["fieldErrors"] == [{"message": message, "errorcode": 10005, "documentation": ""}]


def test_a_field_in_two_spellings_is_refused(caller: Caller) -> None:
    told = caller.post(OPTIN, {**DEFINITION, "keyword": "OTHER"}).json()
    (fault,) = told["fieldErrors"]
    assert fault["message"] == "The Keyword field cannot be specified twice."


# --- keyword ------------------------------------------------------------------------------

ON_SHORT = {"keyword": "Offers", "shortCode": SHORT, "countryCode": "us"}
ON_LONG = {"Keyword": "OFFERS", "LongCode": LONG}


def test_a_keyword_is_created_once_and_deleted_by_its_identifier(caller: Caller) -> None:
    answer = caller.post(KEYWORD, ON_SHORT)
    told = answer.json()
    assert answer.status_code == 202
    assert set(told) == {"keywordId", "KeywordId"}
    assert told["keywordId"] == told["KeywordId"]
    again = caller.post(KEYWORD, {**ON_SHORT, "keyword": "OFFERS"})
    assert (again.status_code, again.json()["errorcode"]) == (409, 30004)
    deleted = caller.delete(f"{KEYWORD}/{told['keywordId']}")
    assert deleted.status_code == 202
    assert deleted.headers["content-type"] == "application/json"
    assert deleted.json()["status"] == deleted.json()["Status"] != ""
    assert caller.post(KEYWORD, ON_SHORT).status_code == 202


@pytest.mark.parametrize(
    ("body", "path"),
    [(ON_LONG, f"/offers/{LONG}"), (ON_SHORT, f"/OFFERS/{SHORT}/us")],
)
def test_a_keyword_is_deleted_by_its_name_and_code(
    caller: Caller, body: dict[str, str], path: str
) -> None:
    assert caller.post(KEYWORD, body).status_code == 202
    assert caller.delete(f"{KEYWORD}{path}").status_code == 202
    assert caller.delete(f"{KEYWORD}{path}").status_code == 400


def test_a_deleted_keyword_starts_nothing_any_more(caller: Caller) -> None:
    assert caller.delete(f"{KEYWORD}/JOIN/{SHORT}/US").status_code == 202
    assert errors(caller, JOIN) == [
        f"The combination of ShortCode {SHORT} and Keyword JOIN is invalid."
    ]


UNKNOWN_KEYWORD = encode(7, "keyword")

# fmt: off
NO_KEYWORD = [
    # path                           error
    ("/x",                           "Keyword id x is not valid."),
    ("/Mjg6NjI1OjA",                 "Keyword id Mjg6NjI1OjA is not valid."),
    (f"/{UNKNOWN_KEYWORD}",          f"Keyword {UNKNOWN_KEYWORD} is not valid for the client."),
    (f"/Nope/{LONG}",                f"The combination of LongCode {LONG} and Keyword Nope is invalid."),
    ("/JOIN/999999999",              "The combination of LongCode 999999999 and Keyword JOIN is invalid."),
    (f"/JOIN/{SHORT}",               f"The combination of LongCode {SHORT} and Keyword JOIN is invalid."),
    (f"/JOIN/{SHORT}/CA",            f"The combination of ShortCode {SHORT} and Keyword JOIN is invalid."),
    (f"/Nope/{SHORT}/US",            f"The combination of ShortCode {SHORT} and Keyword Nope is invalid."),
    (f"/NEWS/{LONG}/US",             f"The combination of ShortCode {LONG} and Keyword NEWS is invalid."),
]
# fmt: on


@pytest.mark.parametrize(("path", "error"), NO_KEYWORD)
def test_a_keyword_that_is_not_there_cannot_be_deleted(
    caller: Caller, path: str, error: str
) -> None:
    answer = caller.delete(f"{KEYWORD}{path}")
    assert (answer.status_code, answer.json()) == (400, {"errors": [error]})


# fmt: off
WRONG_KEYWORD: list[tuple[dict[str, Any], list[str]]] = [
    ({},                            ["A ShortCode or LongCode must be specified.",
                                     "The Keyword field must be specified."]),
    ({**ON_SHORT, **ON_LONG},       ["ShortCode and LongCode cannot be specified at the same time."]),
    ({**ON_SHORT, "countryCode": "USA"}, ["CountryCode must have a length of 2."]),
    ({**ON_SHORT, "shortCode": " "},     ["ShortCode cannot only contain whitespace."]),
    ({**ON_LONG, "longCode": "1999"},    ["The LongCode 1999 does not exist for the account."]),
    ({**ON_SHORT, "keyword": "stop"}, ["The Keyword stop is invalid. It is a STOP, HELP or START word."]),
    ({**ON_SHORT, "keyword": "y"},  ["The Keyword y is invalid. It is a valid response of Club on the code."]),
]
# fmt: on


@pytest.mark.parametrize(("body", "faults"), WRONG_KEYWORD)
def test_a_wrong_keyword_is_refused_with_all_its_faults(
    caller: Caller, body: dict[str, Any], faults: list[str]
) -> None:
    assert errors(caller, body, KEYWORD) == faults
