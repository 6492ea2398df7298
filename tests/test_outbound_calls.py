"""Outbound messages by API: what is answered, each fault in the older envelope, its identity."""

from collections.abc import Iterator
from typing import Any

import pytest

from optin_engine.web.identifiers import decode
from tests.mobileconnect import KEYWORD, errors
from tests.web_service import DEFINITIONS, IN_THE_US, LONG, SHORT, Caller, calling

OUTBOUND = "/sms/v1/message/outbound"
SALE = {**IN_THE_US, "messageName": "Sale", "keyword": "NEWS", "messageText": "Hi %%First Name%%!"}
NO_CODE = (
    f"The ShortCode {SHORT} with CountryCode CA cannot be found on the account. Please ensure "
    "that the ShortCode and CountryCode are valid and set up on the account."
)
MSG = (
    "MessageText is invalid at line 1, column 1: nobody has texted before a send; leave MSG(0) out."
)


@pytest.fixture
def caller() -> Iterator[Caller]:
    with calling() as caller:
        yield caller


def defined(caller: Caller, body: Any) -> int:
    """Define a message; give the id of its definition."""
    answer = caller.post(OUTBOUND, body)
    assert answer.status_code == 201, answer.text
    assert [*answer.json()] == ["messageID"]
    inner = decode(answer.json()["messageID"], "message object")
    assert isinstance(inner, int)
    return inner


def test_a_message_is_created_and_changed_under_one_identifier(caller: Caller) -> None:
    first = defined(caller, SALE)
    loudly = {name.upper(): value for name, value in SALE.items()}
    assert defined(caller, {**loudly, "SHORTCODE": int(SHORT), "else": [1]}) == first
    assert defined(caller, {**SALE, "messageText": None, "Active": "FALSE"}) == first
    found = caller.service.catalog.message(first)
    assert found is not None
    assert (found.version, found.message.text, found.message.is_active) == (2, "", False)


def test_a_message_of_a_long_code_needs_no_country(caller: Caller) -> None:
    body = {"longCode": f"+{LONG}", "messageName": "Far", "messageText": "x", "keyword": "news"}
    found = caller.service.catalog.message(defined(caller, body))
    assert found is not None
    assert (found.message.code, found.message.keyword) == (LONG, "NEWS")


def test_every_fault_is_told_at_once_in_the_older_envelope(caller: Caller) -> None:
    wrong = {"shortCode": SHORT, "countryCode": "CA", "messageText": "%%MSG(0)%%", "active": 2}
    assert errors(caller, wrong, OUTBOUND) == [
        NO_CODE,
        "The MessageName field must be specified.",
        MSG,
        "Active is invalid. It must be true or false.",
    ]
    assert errors(caller, {**SALE, "keyword": "GONE"}, OUTBOUND) == [
        "Keyword GONE is invalid for the code on the message."
    ]
    assert errors(caller, {**SALE, "Keyword": "JOIN"}, OUTBOUND) == [
        "The Keyword field cannot be specified twice."
    ]


def test_a_deleted_keyword_leaves_its_messages_under_their_identifiers(caller: Caller) -> None:
    message = defined(caller, SALE)
    assert caller.delete(f"{KEYWORD}/NEWS/{SHORT}/US").status_code == 202
    found = caller.service.catalog.message(message)
    assert found is not None
    assert found.message.keyword == "NEWS"
    assert errors(caller, SALE, OUTBOUND) == [
        "Keyword NEWS is invalid for the code on the message."
    ]


def test_a_message_without_a_keyword_or_a_text_is_defined(caller: Caller) -> None:
    body = {**IN_THE_US, "messageName": "Bare", "keyword": "", "messageText": " "}
    found = caller.service.catalog.message(defined(caller, body))
    assert found is not None
    assert (found.message.keyword, found.message.text) == ("", "")


def test_messages_are_listed_with_the_ids_that_sends_take_those_of_a_file_too() -> None:
    filed = {**IN_THE_US, "messageName": "Filed", "messageText": "Hi!", "active": False}
    with calling(definitions={**DEFINITIONS, "messages": [filed]}) as caller:
        far = {"longCode": f"+{LONG}", "messageName": "Far", "messageText": "x", "keyword": "news"}
        sale, last = (caller.post(OUTBOUND, body).json()["messageID"] for body in (SALE, far))
        caller.post(OUTBOUND, {**SALE, "messageText": "Another"})
        told = caller.get(OUTBOUND, headers=caller.bearer("sms_read"))
        assert told.status_code == 200
        first, *others = told.json()["messages"]
        (of_file,) = caller.service.catalog.account().code(SHORT).outbound[:1]
        known = caller.service.catalog.message(
            int(str(decode(first.pop("messageID"), "message object")))
        )
    assert [*told.json()] == ["messages"]
    assert first == {"messageName": "Filed", "shortCode": SHORT, "keyword": "", "active": False}
    assert known is not None
    assert known.message == of_file
    assert others == [
        {**one, "active": True}
        for one in (
            {"messageID": sale, "messageName": "Sale", "shortCode": SHORT, "keyword": "NEWS"},
            {"messageID": last, "messageName": "Far", "longCode": LONG, "keyword": "NEWS"},
        )
    ]


def test_only_who_may_read_is_told_of_messages(caller: Caller) -> None:
    assert caller.get(OUTBOUND).json() == {"messages": []}
    refused = caller.get(OUTBOUND, headers=caller.bearer("sms_write", "sms_send"))
    assert (refused.status_code, refused.json()["errorcode"]) == (403, 20000)


@pytest.mark.parametrize("scope", ["sms_read", "sms_send"])
def test_only_who_may_write_defines_messages(caller: Caller, scope: str) -> None:
    refused = caller.post(OUTBOUND, SALE, headers=caller.bearer(scope))
    assert (refused.status_code, refused.json()["errorcode"]) == (403, 20000)
    assert caller.post(OUTBOUND, SALE, headers=caller.bearer("sms_write")).status_code == 201


@pytest.mark.parametrize("body", [[], "x", 7])
def test_what_is_no_object_is_unreadable(caller: Caller, body: object) -> None:
    refused = caller.post(OUTBOUND, body)
    assert (refused.status_code, refused.json()["errorcode"]) == (400, 10004)
