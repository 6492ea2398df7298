"""Texts with marks on the wire: attributes that a call brings, and what nobody must see."""

from collections.abc import Iterator

import pytest

from optin_engine.stores import Mt
from tests.mobileconnect import OPTIN, QUEUE, queued
from tests.twilio_forms import mo, post, text_in
from tests.web_service import ALICE, BOB, IN_THE_US, SHORT, Caller, calling

GREETING = {
    **IN_THE_US,
    "messageName": "Greeting",
    "keyword": "HELLO",
    "messageOptInType": "Double",
    "doubleOptinInitialMessage": "Hi %%First Name%% from %%City%%, reply YES",
    "doubleOptinConfirmationMessage": "You are in.",
}
STOCK = {
    **IN_THE_US,
    "messageName": "Stock",
    "keyword": "STOCK",
    "messageOptInType": "Text",
    "responseMessage": "%%=MSG(0).NOUN(0)=%% %%=HTTPGet('https://quotes.example/')=%%",
}
UNFILLED = f"(to be filled by HTTPGet) {STOCK['responseMessage']}"


@pytest.fixture
def caller() -> Iterator[Caller]:
    with calling() as caller:
        for program in (GREETING, STOCK):
            assert caller.post(OPTIN, program).status_code == 201
        yield caller


def test_the_attributes_of_a_subscriber_fill_the_texts_of_its_queued_mo(caller: Caller) -> None:
    subscribers = [
        {"mobilenumber": ALICE, "subscriberkey": "a", "Attributes": {"First Name": "Ann"}},
        {"mobilenumber": ALICE, "subscriberkey": "b", "attributes": {"CITY": "Rome"}},
        {"mobilenumber": ALICE, "subscriberkey": "c", "attributes": {"CITY": "Oslo"}},
        {"mobilenumber": BOB, "subscriberkey": "d", "attributes": None},
    ]
    queued(caller, mobileNumbers=None, subscribers=subscribers, messageText="HELLO")
    said = [caller.service.history(SHORT, f"+{number}") for number in (ALICE, BOB)]
    assert [[mt.text for mt in rows if isinstance(mt, Mt)] for rows in said] == [
        ["Hi Ann from Oslo, reply YES"],
        ["Hi  from , reply YES"],
    ]
    assert caller.service.numbers_of(["c"]) == {"c": (f"+{ALICE}",)}


def test_attributes_that_are_no_texts_are_refused(caller: Caller) -> None:
    subscriber = {"mobilenumber": ALICE, "subscriberkey": "a", "attributes": {"City": ["Oslo"]}}
    answer = caller.post(
        QUEUE, {"subscribers": [subscriber], "shortCode": SHORT, "messageText": "HELLO"}
    )
    assert answer.status_code == 400
    assert caller.mos() == []


def test_a_template_that_is_none_is_refused_by_the_api_with_its_place(caller: Caller) -> None:
    wrong = GREETING | {"messageName": "Wrong", "keyword": "WRONG", "optInErrorMessage": "A\n%%="}
    answer = caller.post(OPTIN, wrong)
    assert answer.status_code == 400
    (fault,) = answer.json()["fieldErrors"]
    assert fault["message"].startswith("OptInErrorMessage is invalid at line 2, column 1: ")


def test_what_http_get_has_yet_to_fill_is_shown_as_such_without_its_context(
    caller: Caller,
) -> None:
    told = caller.bring("STOCK ACME").json()
    assert told["messages"] == [
        {"kind": "response", "text": UNFILLED, "encoding": "", "segments": 0, "keyword": "STOCK"}
    ]
    assert [mt.fate for mt in caller.mts()] == ["queued"]


def test_twilio_is_never_told_a_template(caller: Caller) -> None:
    response = post(caller.anonymous(), "/twilio/inbound", mo("STOCK ACME"))
    assert text_in(response) == []
    assert [(mt.fate, mt.encoding) for mt in caller.mts()] == [("queued", "template")]


def test_the_history_of_a_queued_mo_shows_a_template_without_its_context(caller: Caller) -> None:
    program = STOCK | {"messageName": "Open", "keyword": "OPEN", "allowSingleOptIn": True}
    assert caller.post(OPTIN, program).status_code == 201
    (result,) = queued(caller, messageText="OPEN ACME")
    history = caller.get(f"{QUEUE}/history/{result['identifier']}").json()["history"]
    assert [(said["type"], said["message"]) for said in history] == [("MT", UNFILLED)]
