"""What the tests of MobileConnect's calls share: paths, bodies, and short ways to call."""

from datetime import timedelta
from typing import Any

from optin_engine.vocabulary import Inbound
from tests.web_service import ALICE, SHORT, Caller, Clock

OPTIN, KEYWORD, QUEUE = "/sms/v1/message/optin", "/sms/v1/keyword", "/sms/v1/queueMO"
ASKED = "/sms/v1/contacts/subscriptions"
JOIN = {"mobileNumbers": [ALICE], "shortCode": SHORT, "messageText": "JOIN"}
AGE = {
    "messageName": "Wine",
    "shortCode": SHORT,
    "countryCode": "US",
    "keyword": "WINE",
    "messageOptInType": "Age",
    "minimumAge": 21,
    "doubleOptinInitialMessage": "When were you born?",
    "doubleOptinConfirmationMessage": "Welcome.",
    "optInInvalidAgeMessage": "Sorry.",
}


def queued(caller: Caller, **change: Any) -> list[dict[str, str]]:
    """Queue Alice's JOIN, or what is changed of it; give the results."""
    answer = caller.post(QUEUE, {**JOIN, **change})
    assert answer.status_code == 202, answer.text
    results: list[dict[str, str]] = answer.json()["results"]
    return results


def texted(caller: Caller, clock: Clock, text: str, number: str = ALICE) -> None:
    """Let a handset text, a second later."""
    clock.time += timedelta(seconds=1)
    caller.service.receive(SHORT, f"+{number}", Inbound(text, clock.time))


def errors(caller: Caller, body: Any, path: str = QUEUE) -> Any:
    """Give the errors of a call that is refused in the older envelope."""
    answer = caller.post(path, body)
    assert answer.status_code == 400
    assert [*answer.json()] == ["errors"]
    return answer.json()["errors"]
