"""A code and its programmes as the oracle takes them: plain values under MobileConnect's names.

This is the only place that knows both the engine's values and the oracle's.
"""

from datetime import timedelta
from typing import Any

from optin_engine.program import Code, Program

Plain = dict[str, Any]

PROGRAM_FIELDS = {
    "keyword": "keyword",
    "messageOptInType": "opt_in_type",
    "responseMessage": "response",
    "doubleOptinInitialMessage": "initial",
    "doubleOptinConfirmationMessage": "confirmation",
    "birthDateMessage": "birth_date",
    "optInInvalidAgeMessage": "invalid_age",
    "duplicateOptInMessage": "duplicate",
    "optInErrorMessage": "error",
    "minimumAge": "minimum_age",
    "acceptsAge": "accepts_age",
    "allowSingleOptIn": "allow_single_opt_in",
    "startDate": "start_date",
    "endDate": "end_date",
    "timeZone": "time_zone",
    "confirmWithin": "confirm_within",
    "remindAfter": "remind_after",
    "maxAttempts": "max_attempts",
    "ageRetryAfter": "age_retry_after",
}
CODE_FIELDS = {
    "countryCode": "country",
    "helpMessage": "help",
    "stopMessage": "stop",
    "startMessage": "start",
    "defaultMessage": "default",
}


def plain_code(code: Code) -> Plain:
    """Give a code, without its programmes.

    >>> plain_code(Code("123456", "US", stop="Bye"))["stopMessage"]
    'Bye'
    """
    return {name: str(getattr(code, attribute)) for name, attribute in CODE_FIELDS.items()}


def plain_program(program: Program) -> Plain:
    """Give a programme; its lengths of time in seconds.

    >>> from optin_engine.vocabulary import OptInType
    >>> plain_program(Program("News", "123456", "JOIN", OptInType.DOUBLE))["confirmWithin"]
    '259200.0s'
    """
    values = {name: getattr(program, attribute) for name, attribute in PROGRAM_FIELDS.items()}
    return {
        **{name: _plain(value) for name, value in values.items()},
        "doubleOptInValidResponses": ",".join(program.valid_responses),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return f"{value.total_seconds()}s"
    return str(value) if isinstance(value, str) else value
