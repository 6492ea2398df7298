"""Copy in which the lint finds nothing, to be changed in one place by each test."""

from collections.abc import Mapping
from typing import Any

from optin_engine.account import Account
from optin_engine.lint import PROVIDER_BY_ID, lint

Entry = dict[str, Any]

CODE = "123456"
PLACE = {"shortCode": CODE, "countryCode": "US"}
RATES, OUT = "Msg & data rates may apply.", "Reply HELP for help, STOP to stop."
MUST = f"2 msgs/week. {RATES} {OUT}"
HELP_TEXT = "Acme: write to help@acme.example. Msg & data rates may apply. Reply STOP to stop."
CLEAN: Mapping[str, Entry] = {
    "code": {
        **PLACE,
        "brand": "Acme",
        "helpMessage": HELP_TEXT,
        "stopMessage": "Acme: You are out and will get no more messages.",
        "startMessage": "Acme: Welcome back. To get messages again text NEWS, DEALS or TEENS.",
        "defaultMessage": "Acme: Sorry? Reply HELP for help.",
    },
    "Single": {
        **PLACE,
        "messageName": "News",
        "keyword": "NEWS",
        "messageOptInType": "Single",
        "responseMessage": f"Acme News: Welcome! {MUST}",
        "duplicateOptInMessage": "Acme News: You are in already.",
        # What a Single programme never says is not judged.
        "optInErrorMessage": "Error.",
    },
    "Double": {
        **PLACE,
        "messageName": "Deals",
        "keyword": "DEALS",
        "messageOptInType": "Double",
        "doubleOptinInitialMessage": f"Acme Deals: Reply Y to join. {MUST}",
        "doubleOptinConfirmationMessage": f"Acme Deals: You are in. {MUST}",
        "doubleOptInValidResponses": "y",
        "optInErrorMessage": "Acme Deals: Sorry, reply Y to join.",
        "duplicateOptInMessage": "Acme Deals: You are in already.",
    },
    "Age": {
        **PLACE,
        "messageName": "Teens",
        "keyword": "TEENS",
        "messageOptInType": "Age",
        "minimumAge": 13,
        "doubleOptinInitialMessage": f"Acme Teens: Reply with your age to join. {MUST}",
        "doubleOptinConfirmationMessage": f"Acme Teens: You are in. {MUST}",
        "optInInvalidAgeMessage": "Acme Teens: Sorry, we cannot sign you up.",
        "birthDateMessage": "Acme Teens: Thanks! How old are you?",
        "optInErrorMessage": "Acme Teens: Sorry, reply with your age.",
    },
    "Text": {
        **PLACE,
        "messageName": "Menu",
        "keyword": "MENU",
        "messageOptInType": "Text",
        # One answer to one question tells neither how often nor how to stop.
        "responseMessage": "Acme: Today we have pumpkin soup. For one surprise text MENU again.",
        "duplicateOptInMessage": "You are in already. Reply MAYBE.",
    },
}
ALL_PROVIDERS = tuple(PROVIDER_BY_ID)
ASK, DONE = "doubleOptinInitialMessage", "doubleOptinConfirmationMessage"


def account(**changes: Entry) -> Account:
    """Give the account of the clean copy, some fields of which are others.

    Args:
        changes: fields by whose they are: `code`, or the type of a programme.

    """
    code, *programs = ({**entry, **changes.get(whose, {})} for whose, entry in CLEAN.items())
    news = code["startMessage"].replace("NEWS", programs[0]["keyword"])
    return Account.of([{**code, "startMessage": news}], programs)


def found(**changes: Entry) -> list[str]:
    """Give the rules that the clean copy breaks once it was changed."""
    return [finding.rule for finding in lint(account(**changes), ALL_PROVIDERS)]
