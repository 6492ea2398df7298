"""`POST /sms/v1/messageContact/{id}/send`: each published error to the letter, all at once."""

# ruff: noqa: E501 - a case is one line, in columns.

import re
from collections.abc import Sequence
from typing import Any

import pytest

from optin_engine.web.identifiers import encode
from tests.mobileconnect import errors
from tests.sends_by_call import UNKNOWN, caller, id_of, keeps_nothing, path_of
from tests.web_service import ALICE, BOB, LONG, SHORT, Caller

__all__ = ["caller"]

# What MobileConnect's guide prints for this call, and for a blackout window and a time of
# sending; `test_queue_mo_history` has what is said of tokens.
PUBLISHED = (
    "Message id {0} is not valid.",
    "Message {0} is not valid for the client.",
    "The count of mobile numbers or subscribers cannot be zero.",
    "An array of mobile numbers and an array of subscribers cannot be provided at the same time.",
    "A subscriber object must have both a mobile number and subscriber key defined.",
    "Keyword cannot be blank when Subscribe or Resubscribe are true.",
    "Keyword is not necessary when Subscribe and Resubscribe are false.",
    "Keyword {0} is invalid for the code on the message.",
    "Message is blank and no override message was provided.",
    "Cannot override message text with a blank message.",
    "MessageText is not applicable when Override is false.",
    "Invalid phone number",
    "No valid subscribers were provided",
    "{0} is not a numeric string",
    "A UTC offset must be specified when using a blackout window.",
    "{0} is not a valid UTC offset.",
    "A window start time must be specified when using a blackout window.",
    "{0} is not a valid blackout window start time.",
    "A window end time must be specified when using a blackout window.",
    "{0} is not a valid blackout window end time.",
    "{0} is not a valid send time (yyyy-MM-dd HH:mm).",
)

ZERO = "The count of mobile numbers or subscribers cannot be zero."
BOTH = "An array of mobile numbers and an array of subscribers cannot be provided at the same time."
PAIR = "A subscriber object must have both a mobile number and subscriber key defined."
NOBODY = "No valid subscribers were provided"
ATTRIBUTES = "The Attributes field of a subscriber must be an object of texts by name."
NO_KEYWORD = "Keyword cannot be blank when Subscribe or Resubscribe are true."
NEEDLESS = "Keyword is not necessary when Subscribe and Resubscribe are false."
NO_TEXT = "Message is blank and no override message was provided."
BLANK = "Cannot override message text with a blank message."
NOT_APPLICABLE = "MessageText is not applicable when Override is false."
TRUTH = "{} is invalid. It must be true or false."
KEYWORD = "Keyword {} is invalid for the code on the message."
TIME = "{} is not a valid send time (yyyy-MM-dd HH:mm)."
OFFSET = "{} is not a valid UTC offset."
START = "{} is not a valid blackout window start time."
END = "{} is not a valid blackout window end time."

ANN = {"MobileNumber": ALICE, "SubscriberKey": "ann"}
OF_QUEUE_MO = encode(30, "queueMO")
OF_A_GUID = "bzZ0cENGam1FZUtNX0poTDRYZzhlQTo3ODow"


def whom(*given: Any) -> dict[str, Any]:
    return {"mobileNumbers": None, "Subscribers": [*given]}


def flags(keyword: object, *, subscribe: object = True, resubscribe: object = False) -> Any:
    return {"Subscribe": subscribe, "Resubscribe": resubscribe, "keyword": keyword}


def window(offset: object = "-0500", start: object = "1500", end: object = "2200") -> Any:
    return {"BlackoutWindow": {"UtcOffset": offset, "WindowStart": start, "WindowEnd": end}}


Row = tuple[str, dict[str, Any], Sequence[str]]

# fmt: off
MESSAGES: list[Row] = [
    # message       changed    errors
    ("none",        {},        ["Message id none is not valid."]),
    ("%20",         {},        ["Message id   is not valid."]),
    ("A" * 41,      {},        [f"Message id {'A' * 40}... is not valid."]),
    (OF_QUEUE_MO,   {},        [f"Message id {OF_QUEUE_MO} is not valid."]),
    (UNKNOWN,       {},        [f"Message {UNKNOWN} is not valid for the client."]),
    (UNKNOWN,       {"Subscribe": 1, "keyword": "NEWS"}, [f"Message {UNKNOWN} is not valid for the client."]),
    (OF_A_GUID,     {},        [f"Message {OF_A_GUID} is not valid for the client."]),
]
RECIPIENTS: list[Row] = [
    ("Sale", {"mobileNumbers": []},                           [ZERO]),
    ("Sale", {"mobileNumbers": None},                         [ZERO]),
    ("Sale", whom(),                                          [ZERO]),
    ("Sale", {"Subscribers": [ANN]},                          [BOTH]),
    ("Sale", {"mobileNumbers": ALICE},                        ["The MobileNumbers field must be an array."]),
    ("Sale", {"mobileNumbers": None, "Subscribers": ANN},     ["The Subscribers field must be an array."]),
    ("Sale", {"mobileNumbers": [ALICE] * 251},                ["The count of mobile numbers or subscribers cannot be more than 250."]),
    ("Sale", {"mobileNumbers": ["1-317-555-1212"]},           ["1-317-555-1212 is not a numeric string"]),
    ("Sale", {"mobileNumbers": [ALICE, None, "155", "155"]},  ["null is not a numeric string", "Invalid phone number"]),
    ("Sale", whom({"MobileNumber": ALICE}, ANN),              [PAIR]),
    ("Sale", whom({"SubscriberKey": "ann"}, ANN),             [PAIR]),
    ("Sale", whom({**ANN, "SubscriberKey": " "}),             [PAIR, NOBODY]),
    ("Sale", whom("ann", None),                               [PAIR, NOBODY]),
    ("Sale", whom({**ANN, "MobileNumber": "155"}),            ["Invalid phone number", NOBODY]),
    ("Sale", whom({**ANN, "MobileNumber": "+1"}, ANN),        ["+1 is not a numeric string"]),
    ("Sale", whom({**ANN, "SubscriberKey": "k" * 255}, ANN),  ["A subscriber key cannot contain more than 254 characters."]),
    ("Sale", whom({**ANN, "Attributes": ["Day"]}),            [ATTRIBUTES, NOBODY]),
    ("Sale", whom({**ANN, "Attributes": {"Day": {}}}, ANN),   [ATTRIBUTES]),
    ("Sale", whom({**ANN, "Attributes": {"d" * 101: 1}}, ANN), ["The Attributes field cannot contain more than 100 characters."]),
    ("Sale", whom({**ANN, "Attributes": {"Day": "\0"}}, ANN), ["The Attributes.Day field cannot contain NUL or half of a surrogate pair."]),
    ("Sale", whom({"MobileNumber": "x", "Attributes": 7}),    [PAIR, ATTRIBUTES, "x is not a numeric string", NOBODY]),
]
KEYWORDS: list[Row] = [
    ("Sale", flags(None),                                     [NO_KEYWORD]),
    ("Sale", flags(" ", subscribe=0, resubscribe="TRUE"),     [NO_KEYWORD]),
    ("Sale", flags("NEWS", subscribe=False),                  [NEEDLESS]),
    ("Sale", flags("NEWS", subscribe=None, resubscribe=None), [NEEDLESS]),
    ("Sale", flags("NOTHING", subscribe="false"),             [NEEDLESS]),
    ("Sale", flags("TestKeyword"),                            [KEYWORD.format("TestKeyword")]),
    ("Sale", flags(0),                                        [KEYWORD.format("0")]),
    ("Sale", flags(["NEWS"]),                                 [KEYWORD.format('["NEWS"]')]),
    ("Sale", flags("SUMMER"),                                 [KEYWORD.format("SUMMER")]),
    ("Past", flags(None),                                     [KEYWORD.format("SUMMER")]),
    ("Paper", flags("JOIN"),                                  [KEYWORD.format("JOIN")]),
    ("Paper", flags("STOCK"),                                 [KEYWORD.format("STOCK")]),
    ("Sale", flags("NEWS", subscribe="maybe"),                [TRUTH.format("Subscribe")]),
    ("Sale", flags(None, subscribe=2, resubscribe=[]),        [TRUTH.format("Subscribe"), TRUTH.format("Resubscribe")]),
]
TEXTS: list[Row] = [
    ("Blank", {},                                             [NO_TEXT]),
    ("Blank", {"Override": "false", "messageText": " "},      [NO_TEXT]),
    ("Blank", {"messageText": "Hi"},                          [NOT_APPLICABLE, NO_TEXT]),
    ("Blank", {"Override": True, "messageText": None},        [BLANK]),
    ("Sale",  {"Override": "true"},                           [BLANK]),
    ("Sale",  {"Override": 1, "messageText": "\n"},           [BLANK]),
    ("Sale",  {"Override": False, "messageText": "Hi"},       [NOT_APPLICABLE]),
    ("Sale",  {"messageText": "Hi"},                          [NOT_APPLICABLE]),
    ("Sale",  {"Override": "no", "messageText": "Hi"},        [TRUTH.format("Override")]),
    ("Sale",  {"Override": True, "messageText": {}},          ["The MessageText field must be a text."]),
]
TIMES: list[Row] = [
    ("Sale", {"SendTime": "2026-12-24T20:01"},                [TIME.format("2026-12-24T20:01")]),
    ("Sale", {"SendTime": "2026-12-24"},                      [TIME.format("2026-12-24")]),
    ("Sale", {"SendTime": "2026-02-29 20:01"},                [TIME.format("2026-02-29 20:01")]),
    ("Sale", {"SendTime": "2026-12-24 24:00"},                [TIME.format("2026-12-24 24:00")]),
    ("Sale", {"SendTime": "\u0662026-12-24 20:01"},           [TIME.format("\u0662026-12-24 20:01")]),
    ("Sale", {"SendTime": "9999-12-31 23:59"},                [TIME.format("9999-12-31 23:59")]),
    ("Sale", {"SendTime": ["soon"]},                          [TIME.format('["soon"]')]),
    ("Sale", {"SendTime": 20261224},                          [TIME.format("20261224")]),
    ("Sale", {"BlackoutWindow": "1500-2200"},                 ["The BlackoutWindow field must be an object."]),
    ("Sale", window("EST"),                                   [OFFSET.format("EST")]),
    ("Sale", window("-1500", end="2200"),                     [OFFSET.format("-1500")]),
    ("Sale", window("-0560"),                                 [OFFSET.format("-0560")]),
    ("Sale", window(start="2400"),                            [START.format("2400")]),
    ("Sale", window(end="3pm"),                               [END.format("3pm")]),
    ("Sale", window(start="1500", end="15:00"),               [END.format("15:00")]),
    ("Sale", window(None),                                    ["A UTC offset must be specified when using a blackout window."]),
    ("Sale", window(start=""),                                ["A window start time must be specified when using a blackout window."]),
    ("Sale", window(end=None),                                ["A window end time must be specified when using a blackout window."]),
    ("Sale", window("x", [], 7),                              [OFFSET.format("x"), START.format("[]"), END.format("7")]),
]
SEVERAL: list[Row] = [
    ("Asleep", {},                                            ["Message {} is not valid for the client."]),
    ("Sale", {"mobileNumbers": ["1-317-555-1212"], **flags("TestKeyword")},
     ["1-317-555-1212 is not a numeric string", KEYWORD.format("TestKeyword")]),
    ("none", {**whom({**ANN, "MobileNumber": "1"}), **flags(None), "Override": True, "SendTime": "soon", **window("x")},
     ["Message id none is not valid.", "Invalid phone number", NOBODY, NO_KEYWORD, BLANK, TIME.format("soon"), OFFSET.format("x")]),
    ("Blank", {"mobileNumbers": [], **flags("NEWS", subscribe=0), "messageText": "Hi", **window(None, None)},
     [ZERO, NEEDLESS, NOT_APPLICABLE, NO_TEXT, "A UTC offset must be specified when using a blackout window.",
      "A window start time must be specified when using a blackout window."]),
]
# fmt: on
EVERY = [*MESSAGES, *RECIPIENTS, *KEYWORDS, *TEXTS, *TIMES, *SEVERAL]


@pytest.mark.parametrize(("message", "change", "expected"), EVERY)
def test_a_wrong_call_is_refused_with_all_its_faults_and_nothing_is_kept(
    caller: Caller, message: str, change: dict[str, Any], expected: Sequence[str]
) -> None:
    found = errors(caller, {"mobileNumbers": [ALICE], **change}, path_of(caller, message))
    assert found == [text.replace("{}", id_of(caller, message)) for text in expected]
    assert keeps_nothing(caller)


@pytest.mark.parametrize("published", PUBLISHED)
def test_each_published_error_is_produced_by_a_call(published: str) -> None:
    said = re.escape(published).replace(r"\{0\}", r"(?s:.*)")
    assert [row for row in EVERY if any(re.fullmatch(said, text) for text in row[2])]


@pytest.mark.parametrize("text", ["Hi %%=", '%%=HTTPGet("http://x.example/")=%%', "%%=MSG(0)=%%"])
def test_a_text_of_the_caller_s_own_is_judged_as_that_of_a_message(
    caller: Caller, text: str
) -> None:
    body = {"mobileNumbers": [ALICE], "Override": True, "messageText": text}
    (fault,) = errors(caller, body, path_of(caller, "Sale"))
    place = {"shortCode": SHORT, "countryCode": "US", "messageName": "Other"}
    assert [fault] == errors(caller, {**place, "messageText": text}, "/sms/v1/message/outbound")
    assert "line 1, column" in fault
    assert keeps_nothing(caller)


def test_a_message_that_was_put_to_sleep_is_sent_no_more(caller: Caller) -> None:
    place = {"longCode": LONG, "messageName": "Weekly", "messageText": "It is Monday."}
    made = caller.post("/sms/v1/message/outbound", place).json()["messageID"]
    path = f"/sms/v1/messageContact/{made}/send"
    assert caller.post(path, {"mobileNumbers": [BOB]}).status_code == 202
    again = caller.post("/sms/v1/message/outbound", {**place, "active": False})
    assert again.json()["messageID"] == made
    refused = [f"Message {made} is not valid for the client."]
    assert errors(caller, {"mobileNumbers": [BOB]}, path) == refused


@pytest.mark.parametrize("scopes", [("sms_read", "sms_write"), ()])
def test_only_who_may_send_sends(caller: Caller, scopes: Sequence[str]) -> None:
    headers = caller.bearer(*scopes) if scopes else {"Authorization": "Bearer none"}
    answer = caller.post(path_of(caller, "Sale"), {"mobileNumbers": [ALICE]}, headers=headers)
    assert answer.status_code == (403 if scopes else 401)
    assert keeps_nothing(caller)
