"""A programme's definition, as MobileConnect's clients send it, read with all its faults.

`FIELDS` is the law: for each of MobileConnect's fields, the attribute of a `Program` it
fills, how its value is read, which opt-in types heed it, and what holds where it is unset.
`entries` reads it by that table; `neighbours` judges what only several programmes together can
do wrong.
"""

from collections.abc import Mapping

from optin_engine import fields as read
from optin_engine import texts
from optin_engine.entries import ALL, NAME, WORD, Entry, read_entry
from optin_engine.fields import DEFAULT, IF_GIVEN, MUST, NEVER, Field
from optin_engine.program import Code
from optin_engine.vocabulary import OptInType

# Which types heed a field, or cannot do without it, as MobileConnect's messages name them.
ASKING, SINGLE, AGE, TEXT = "Double or Age", "Single", "Age", "Text"
OPT_IN = "Single or Double or Age"

LASTING = read.duration_or_never

# fmt: off
FIELDS = tuple(Field(*row) for row in (
    # MobileConnect's name             attribute              read as             heeded  unset
    ("messageOptInType",               "opt_in_type",         read.opt_in_type,   ALL,    MUST),
    ("messageName",                    "name",                NAME,               ALL,    MUST),
    ("keyword",                        "keyword",             read.keyword,       ALL,    MUST),
    ("messageText",                    "message_text",        read.text,          ALL,    IF_GIVEN),
    ("responseMessage",                "response",            texts.template,     OPT_IN, SINGLE),
    ("responseMessage",                "response",            texts.content,      TEXT,   TEXT),
    ("doubleOptinInitialMessage",      "initial",             texts.template,     ALL,    ASKING),
    ("doubleOptinConfirmationMessage", "confirmation",        texts.template,     ALL,    ASKING),
    ("doubleOptInValidResponses",      "valid_responses",     read.responses,     ASKING, DEFAULT),
    ("minimumAge",                     "minimum_age",         read.whole(1, 120), AGE,    AGE),
    ("optInInvalidAgeMessage",         "invalid_age",         texts.template,     ALL,    AGE),
    ("birthDateMessage",               "birth_date",          texts.template,     ALL,    DEFAULT),
    ("acceptsAge",                     "accepts_age",         read.truth,         ALL,    DEFAULT),
    ("duplicateOptInMessage",          "duplicate",           texts.template,     ALL,    DEFAULT),
    ("optInErrorMessage",              "error",               texts.template,     ALL,    DEFAULT),
    ("allowSingleOptIn",               "allow_single_opt_in", read.truth,         ALL,    DEFAULT),
    ("startDate",                      "start_date",          read.day,           ALL,    DEFAULT),
    ("endDate",                        "end_date",            read.day,           ALL,    DEFAULT),
    ("timeZone",                       "time_zone",           read.zone,          ALL,    DEFAULT),
    ("confirmWithin",                  "confirm_within",      LASTING,            ALL,    NEVER),
    ("remindAfter",                    "remind_after",        LASTING,            ALL,    NEVER),
    ("maxAttempts",                    "max_attempts",        read.whole(0, 100), ALL,    DEFAULT),
    ("ageRetryAfter",                  "age_retry_after",     read.duration,      ALL,    DEFAULT),
    ("nextKeyword",                    "next_keyword",        WORD,               ALL,    DEFAULT),
    ("messages",                       "messages",            texts.messages,     ALL,    DEFAULT),
))

# fmt: on

# Names rules of the copy lint; no part of what a programme is, nor of its digest.
LINT_IGNORE = "lintIgnore"


def read_program(number: int, given: object, codes: Mapping[str, Code]) -> Entry:
    """Read one programme by itself.

    Args:
        number: its place in the definition, from 1; it is called so where it has no name.
        given: a mapping with MobileConnect's names; anything else is a fault.
        codes: the codes of the account, by digits.

    >>> [fault.field for fault in read_program(1, {"messageName": "News"}, {}).faults]
    ['shortCode', 'messageOptInType', 'keyword']
    """
    entry = read_entry(f"program {number}", given, codes, FIELDS, LINT_IGNORE)
    _read_together(entry)
    return entry


def _read_together(entry: Entry) -> None:
    """Judge the fields of one programme against each other, and fill in what follows."""
    values = entry.read
    start, end = values.get("start_date"), values.get("end_date")
    if start and end and end < start:
        entry.refuse("endDate", "EndDate is invalid. It must not be before StartDate.")
    if values.get("opt_in_type") == OptInType.AGE and "initial" in values:
        values.setdefault("birth_date", values["initial"])
