"""The code and the programmes under load: every opt-in type, and both kinds of deadline."""

from typing import Any

from tests.strategies import CODE, CODE_TEXTS

Definition = dict[str, Any]

DIGITS = CODE["shortCode"]
THE_CODE: Definition = CODE | CODE_TEXTS | {"defaultMessage": "Acme: pardon?"}
PROGRAMS: list[Definition] = [
    {
        "messageName": "News",
        "keyword": "NEWS",
        "messageOptInType": "Single",
        "responseMessage": "NEWS response",
        "duplicateOptInMessage": "NEWS duplicate",
        **CODE,
    },
    {
        "messageName": "Club",
        "keyword": "CLUB",
        "messageOptInType": "Double",
        "doubleOptinInitialMessage": "CLUB initial",
        "doubleOptinConfirmationMessage": "CLUB confirmation",
        "duplicateOptInMessage": "CLUB duplicate",
        "optInErrorMessage": "CLUB error",
        **CODE,
    },
    {
        "messageName": "Adult",
        "keyword": "ADULT",
        "messageOptInType": "Age",
        "minimumAge": 18,
        "doubleOptinInitialMessage": "ADULT initial",
        "doubleOptinConfirmationMessage": "ADULT confirmation",
        "birthDateMessage": "ADULT birth date",
        "optInInvalidAgeMessage": "ADULT invalid age",
        "optInErrorMessage": "ADULT error",
        "maxAttempts": 2,
        **CODE,
    },
    # These two have deadlines that a joiner of yesterday has already met, or met and passed.
    {
        "messageName": "Later",
        "keyword": "LATER",
        "messageOptInType": "Double",
        "doubleOptinInitialMessage": "LATER initial",
        "doubleOptinConfirmationMessage": "LATER confirmation",
        "remindAfter": 1,
        **CODE,
    },
    {
        "messageName": "Flash",
        "keyword": "FLASH",
        "messageOptInType": "Double",
        "doubleOptinInitialMessage": "FLASH initial",
        "doubleOptinConfirmationMessage": "FLASH confirmation",
        "confirmWithin": 1,
        **CODE,
    },
]
DEFINITIONS: Definition = {"codes": [THE_CODE], "programs": PROGRAMS}
