"""What the tests of tracking share: a message, and short ways to ask what came of its sends."""

from typing import Any

import pytest

from optin_engine.stores import Text
from optin_engine.web.identifiers import encode
from tests.store_contract import ANNE
from tests.web_service import SHORT, Caller

CARL = "+15555550125"
MESSAGE = {
    "messageName": "Ice cream",
    "shortCode": SHORT,
    "countryCode": "US",
    "messageText": "Ice cream!",
}

# What the store has no part in is tried over one store only.
IN_MEMORY = pytest.mark.parametrize("opener", ["memory"], indirect=True)


def text(said: str) -> Text:
    return Text(said, "GSM-7", 1)


def path(what: str, message: int, send: int, kind: str = "messageContact") -> str:
    return f"/sms/v1/{kind}/{encode(message, 'message')}/{what}/{encode(send, 'send')}"


def of_number(message: int, send: int, number: str = ANNE, kind: str = "messageContact") -> str:
    digits = number.removeprefix("+")
    return f"{path('history', message, send, kind)}/mobileNumber/{digits}"


def told(caller: Caller, address: str, **query: Any) -> Any:
    answer = caller.get(address, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def deliveries(caller: Caller, message: int, send: int, **query: Any) -> Any:
    return told(caller, path("deliveries", message, send), **query)


def history(caller: Caller, message: int, send: int, number: str = ANNE) -> Any:
    return told(caller, of_number(message, send, number))


def faults(caller: Caller, address: str, **query: Any) -> Any:
    """Give the errors of a call that is refused in the older envelope."""
    answer = caller.get(address, params=query)
    assert answer.status_code == 400
    assert [*answer.json()] == ["errors"]
    return answer.json()["errors"]
