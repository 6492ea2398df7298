"""Programme definitions, one at a time: the published messages, and every fault at once."""

# ruff: noqa: E501 - a case is one line, in columns.

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.account import Account
from optin_engine.definition import FIELDS
from optin_engine.entries import DefinitionError
from optin_engine.program import Program
from optin_engine.vocabulary import Says

VECTORS = json.loads((Path(__file__).parent / "vectors/definitions.json").read_text("utf-8"))
CODES = VECTORS["codes"]
PUBLISHED = {case["name"]: case for case in VECTORS["cases"]}
SINGLE, DOUBLE, AGE = (
    {**PUBLISHED[f"{kind}, as published"]["definition"], "messageName": "News"}
    for kind in ("single", "double", "age")
)
LEFT_OUT = object()


def with_(definition: dict[str, Any], **fields: object) -> dict[str, Any]:
    """Give a definition with other values; a field that is `LEFT_OUT` goes."""
    return {k: v for k, v in {**definition, **fields}.items() if v is not LEFT_OUT}


def program(definition: dict[str, Any]) -> Program:
    return next(p for c in Account.of(CODES, [definition]).codes.values() for p in c.programs)


def faults(*definitions: object) -> list[str]:
    try:
        Account.of(CODES, definitions)
    except DefinitionError as error:
        return [fault.message for fault in error.faults]
    return []


@pytest.mark.parametrize("case", VECTORS["cases"], ids=PUBLISHED)
def test_each_golden_definition_has_exactly_its_faults(case: dict[str, Any]) -> None:
    assert sorted(faults(case["definition"])) == sorted(case["faults"])


NOT_FOUND = (
    "The ShortCode {} with CountryCode {} cannot be found on the account. Please ensure that "
    "the ShortCode and CountryCode are valid and set up on the account."
)
NEEDED = "{} is invalid. It must be specified when MessageOptInType is {}."
BLANK = "The {} field cannot be blank or only contain whitespace."
MUST = "The {} field must be specified."
ONE_WORD = 'The Keyword {} is invalid. It must be one word of letters, digits, "_" or "-".'
AN_ORDER = "The Keyword {} is invalid. It is a STOP, HELP or START word."
SPAN = "{} is invalid. It must be a time such as 72h, 3d or PT72H, from 1 second to 366 days."
A_TRUTH = "{} is invalid. It must be true or false."
A_DAY = "{} is invalid. It must be M/D/YYYY or an ISO date."
A_ZONE = "TimeZone is invalid. It must be an IANA name such as America/New_York."
A_RESPONSE = "DoubleOptInValidResponses is invalid. {} is a STOP, HELP, START or NO word."
A_TEXT = "The {} field must be a text."
A_TABLE = "Messages is invalid. It must be a table of texts by name."
LONG = "The {} field cannot contain more than {} characters."
AN_AGE = "MinimumAge is invalid. It must be a whole number from 1 to 120."
A_TYPE = "MessageOptInType is invalid. It must be Single, Double, Age or Text."

INITIAL, CONFIRMATION = "DoubleOptinInitialMessage", "DoubleOptinConfirmationMessage"
# fmt: off
REFUSED: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    (SINGLE, {"messageName": LEFT_OUT},                  [MUST.format("MessageName")]),
    (SINGLE, {"messageName": None},                      [MUST.format("MessageName")]),
    (SINGLE, {"messageName": ""},                        [BLANK.format("MessageName")]),
    (SINGLE, {"messageName": "n" * 101},                 [LONG.format("MessageName", 100)]),
    (SINGLE, {"messageName": ["News"]},                  [A_TEXT.format("MessageName")]),
    (SINGLE, {"messageName": "\ud83d"},                  ["The MessageName field cannot contain NUL or half of a surrogate pair."]),
    (SINGLE, {"shortCode": None},                        ["A ShortCode or LongCode must be specified."]),
    (SINGLE, {"shortCode": ""},                          ["A ShortCode or LongCode must be specified."]),
    (SINGLE, {"longCode": 15555550100},                  ["ShortCode and LongCode cannot be specified at the same time."]),
    (SINGLE, {"shortCode": " \t"},                       ["ShortCode cannot only contain whitespace."]),
    (SINGLE, {"shortCode": LEFT_OUT, "longCode": "  "},  ["LongCode cannot only contain whitespace."]),
    (SINGLE, {"shortCode": {"a": 1}},                    [A_TEXT.format("ShortCode")]),
    (SINGLE, {"countryCode": LEFT_OUT},                  ["CountryCode must have a length of 2."]),
    (SINGLE, {"countryCode": 12},                        ["CountryCode must have a length of 2."]),
    (SINGLE, {"countryCode": "\ud800\ud800"},            ["CountryCode must have a length of 2."]),
    (SINGLE, {"shortCode": 99999, "countryCode": "us"},  [NOT_FOUND.format(99999, "us")]),
    (SINGLE, {"countryCode": "CA"},                      [NOT_FOUND.format(12345678, "CA")]),
    (SINGLE, {"shortCode": "15555550100"},               [NOT_FOUND.format(15555550100, "US")]),
    (SINGLE, {"shortCode": LEFT_OUT, "longCode": "+1 999"}, ["The LongCode +1 999 does not exist for the account."]),
    (SINGLE, {"shortCode": LEFT_OUT, "longCode": "123456"}, ["The LongCode 123456 does not exist for the account."]),
    (SINGLE, {"messageText": None},                      [MUST.format("MessageText")]),
    (SINGLE, {"messageText": " "},                       [BLANK.format("MessageText")]),
    (SINGLE, {"responseMessage": " "},                   [NEEDED.format("ResponseMessage", "Single")]),
    (SINGLE, {"messageOptInType": "TEXT", "responseMessage": ""}, [NEEDED.format("ResponseMessage", "Text")]),
    (SINGLE, {"responseMessage": "x" * 1601},            [LONG.format("ResponseMessage", 1600)]),
    (SINGLE, {"allowSingleOptIn": "perhaps"},            [A_TRUTH.format("AllowSingleOptIn")]),
    (SINGLE, {"responsemessage": "Another"},             ["The ResponseMessage field cannot be specified twice."]),
    (SINGLE, {"keyword": LEFT_OUT},                      [MUST.format("Keyword")]),
    (SINGLE, {"keyword": "\n"},                          [BLANK.format("Keyword")]),
    (SINGLE, {"keyword": "K" * 35},                      [LONG.format("Keyword", 34)]),
    (SINGLE, {"keyword": {"a": "b"}},                    [A_TEXT.format("Keyword")]),
    (SINGLE, {"keyword": "JOIN NOW"},                    [ONE_WORD.format("JOIN NOW")]),
    (SINGLE, {"keyword": "JOIN!"},                       [ONE_WORD.format("JOIN!")]),
    (SINGLE, {"keyword": "_-_"},                         [ONE_WORD.format("_-_")]),
    (SINGLE, {"keyword": "Opt-Out"},                     [AN_ORDER.format("Opt-Out")]),
    (SINGLE, {"keyword": "stop_all"},                    [AN_ORDER.format("stop_all")]),
    (SINGLE, {"keyword": "Arrêt"},                       [AN_ORDER.format("Arrêt")]),
    (SINGLE, {"keyword": "info"},                        [AN_ORDER.format("info")]),
    (SINGLE, {"keyword": "START"},                       [AN_ORDER.format("START")]),
    (SINGLE, {"messageOptInType": LEFT_OUT, "responseMessage": LEFT_OUT}, [MUST.format("MessageOptInType")]),
    (AGE,    {"messageOptInType": "Adult", "MinimumAge": "x"}, [A_TYPE]),
    (DOUBLE, {"messageOptInType": ["Double"]},           [A_TYPE]),
    (DOUBLE, {"messageOptInType": "Double Response"},    [A_TYPE]),
    (DOUBLE, {"doubleOptinInitialMessage": None},        [NEEDED.format(INITIAL, "Double or Age")]),
    (AGE,    {"doubleOptinConfirmationMessage": ""},     [NEEDED.format(CONFIRMATION, "Double or Age")]),
    (DOUBLE, {"doubleOptInValidResponses": "y,!"},       ["DoubleOptInValidResponses is invalid. Each response must hold a letter or a digit."]),
    (DOUBLE, {"doubleOptInValidResponses": "y|Nope, end"}, [A_RESPONSE.format("Nope"), A_RESPONSE.format("end")]),
    (DOUBLE, {"doubleOptInValidResponses": ["y"]},       [A_TEXT.format("DoubleOptInValidResponses")]),
    (AGE,    {"MinimumAge": ""},                         [NEEDED.format("MinimumAge", "Age")]),
    (AGE,    {"MinimumAge": 0},                          [AN_AGE]),
    (AGE,    {"MinimumAge": "121"},                      [AN_AGE]),
    (AGE,    {"MinimumAge": 13.5},                       [AN_AGE]),
    (AGE,    {"MinimumAge": 10**5000},                   [AN_AGE]),
    (AGE,    {"MinimumAge": float("nan")},               [AN_AGE]),
    (AGE,    {"MinimumAge": True},                       [AN_AGE]),
    (AGE,    {"optInInvalidAgeMessage": LEFT_OUT},       [NEEDED.format("OptInInvalidAgeMessage", "Age")]),
    (AGE,    {"acceptsAge": 2},                          [A_TRUTH.format("AcceptsAge")]),
    (AGE,    {"maxAttempts": -1},                        ["MaxAttempts is invalid. It must be a whole number from 0 to 100."]),
    (AGE,    {"ageRetryAfter": "never"},                 [SPAN.format("AgeRetryAfter")]),
    (DOUBLE, {"startDate": "13/31/2015"},                [A_DAY.format("StartDate")]),
    (DOUBLE, {"endDate": "tomorrow"},                    [A_DAY.format("EndDate")]),
    (DOUBLE, {"endDate": "12/31/2014"},                  ["EndDate is invalid. It must not be before StartDate."]),
    (DOUBLE, {"timeZone": "Mars/Olympus"},               [A_ZONE]),
    (DOUBLE, {"timeZone": "../../etc/passwd"},           [A_ZONE]),
    (DOUBLE, {"timeZone": "America"},                    [A_ZONE]),
    (DOUBLE, {"confirmWithin": "0h"},                    [SPAN.format("ConfirmWithin")]),
    (DOUBLE, {"confirmWithin": "367d"},                  [SPAN.format("ConfirmWithin")]),
    (DOUBLE, {"remindAfter": float("inf")},              [SPAN.format("RemindAfter")]),
    (DOUBLE, {"remindAfter": "P"},                       [SPAN.format("RemindAfter")]),
    (DOUBLE, {"nextKeyword": "K" * 35},                  [LONG.format("NextKeyword", 34)]),
    (DOUBLE, {"messages": "text"},                       [A_TABLE]),
    (DOUBLE, {"messages": {1: "text"}},                  [A_TABLE]),
    (DOUBLE, {"messages": {"postcode": None}},           [A_TEXT.format("Messages.postcode")]),
    (DOUBLE, {"messages": {"Birth Date": "When?"}},      ['Messages is invalid. "Birth Date" cannot name a text of its own.']),
]
# fmt: on


@pytest.mark.parametrize(("definition", "change", "expected"), REFUSED)
def test_a_wrong_field_is_refused_in_these_words_and_no_others(
    definition: dict[str, Any], change: dict[str, Any], expected: list[str]
) -> None:
    assert faults(with_(definition, **change)) == expected


def test_every_fault_of_several_programmes_is_reported_at_once() -> None:
    found = faults(
        {"messageOptInType": "Age", "shortCode": " ", "startDate": "soon"},
        "no table",
        with_(SINGLE, responseMessage=LEFT_OUT, keyword="A B"),
    )
    assert found == [
        "ShortCode cannot only contain whitespace.",
        MUST.format("MessageName"),
        MUST.format("Keyword"),
        NEEDED.format(INITIAL, "Double or Age"),
        NEEDED.format(CONFIRMATION, "Double or Age"),
        NEEDED.format("MinimumAge", "Age"),
        NEEDED.format("OptInInvalidAgeMessage", "Age"),
        A_DAY.format("StartDate"),
        "The program must be a table of fields.",
        ONE_WORD.format("A B"),
        NEEDED.format("ResponseMessage", "Single"),
    ]


def test_a_fault_names_the_programme_and_the_field() -> None:
    with pytest.raises(DefinitionError) as caught:
        Account.of(CODES, [with_(SINGLE, keyword=None), with_(SINGLE, messageName=None)])
    assert [(fault.program, fault.field) for fault in caught.value.faults] == [
        ("News", "keyword"),
        ("program 2", "messageName"),
    ]
    assert str(caught.value).splitlines() == [
        "News: The Keyword field must be specified.",
        "program 2: The MessageName field must be specified.",
    ]


# fmt: off
READ: list[tuple[dict[str, Any], str, object, str, object]] = [
    (SINGLE, "keyword",          " join ",              "keyword",             "JOIN"),
    (SINGLE, "keyword",          "Été-2024",            "keyword",             "ÉTÉ-2024"),
    (SINGLE, "keyword",          "\uff2a\uff2f\uff29\uff2e", "keyword",             "JOIN"),
    (SINGLE, "keyword",          2024,                  "keyword",             "2024"),
    (SINGLE, "keyword",          "K" * 34,              "keyword",             "K" * 34),
    (SINGLE, "messageName",      "n" * 100,             "name",                "n" * 100),
    (SINGLE, "allowSingleOptIn", " TRUE",               "allow_single_opt_in", True),
    (SINGLE, "allowSingleOptIn", False,                 "allow_single_opt_in", False),
    (SINGLE, "allowSingleOptIn", 1,                     "allow_single_opt_in", True),
    (SINGLE, "minimumAge",       0,                     "minimum_age",         0),
    (SINGLE, "messageOptInType", "sInGlE",              "opt_in_type",         "Single"),
    (SINGLE, "messageOptInType", " text",               "opt_in_type",         "Text"),
    (SINGLE, "messageOptInType", "Text Response",       "opt_in_type",         "Text"),
    (SINGLE, "messageOptInType", "text  response ",     "opt_in_type",         "Text"),
    (SINGLE, "countryCode",      "us",                  "code",                "12345678"),
    (SINGLE, "longCode",         "",                    "code",                "12345678"),
    (SINGLE, "duplicateOptInMessage", " ",              "duplicate",           ""),
    (DOUBLE, "doubleOptInValidResponses", "Y| oui ,,d'accord", "valid_responses", ("Y", "oui", "d'accord")),
    (DOUBLE, "doubleOptInValidResponses", " , |",       "valid_responses",     ("y", "yes")),
    (DOUBLE, "doubleOptInValidResponses", None,         "valid_responses",     ("y", "yes")),
    (DOUBLE, "startDate",        "2015-02-03",          "start_date",          date(2015, 2, 3)),
    (DOUBLE, "startDate",        "2015-02-03T10:00:00.1234567Z", "start_date", date(2015, 2, 3)),
    (DOUBLE, "startDate",        "2/3/2015 12:00:00 AM", "start_date",         date(2015, 2, 3)),
    (DOUBLE, "startDate",        date(2015, 2, 3),      "start_date",          date(2015, 2, 3)),
    (DOUBLE, "startDate",        "1/1/0001 12:00:00 AM", "start_date",         None),
    (DOUBLE, "endDate",          "",                    "end_date",            None),
    (DOUBLE, "endDate",          "1/1/2015",            "end_date",            date(2015, 1, 1)),
    (DOUBLE, "timeZone",         "America/New_York",    "time_zone",           "America/New_York"),
    (DOUBLE, "timeZone",         None,                  "time_zone",           "Etc/GMT+12"),
    (DOUBLE, "confirmWithin",    "90m",                 "confirm_within",      timedelta(minutes=90)),
    (DOUBLE, "confirmWithin",    "2w",                  "confirm_within",      timedelta(weeks=2)),
    (DOUBLE, "confirmWithin",    "45s",                 "confirm_within",      timedelta(seconds=45)),
    (DOUBLE, "confirmWithin",    1.5,                   "confirm_within",      timedelta(minutes=90)),
    (DOUBLE, "confirmWithin",    "P1DT12H",             "confirm_within",      timedelta(hours=36)),
    (DOUBLE, "confirmWithin",    "366d",                "confirm_within",      timedelta(days=366)),
    (DOUBLE, "confirmWithin",    None,                  "confirm_within",      None),
    (DOUBLE, "confirmWithin",    "Never",               "confirm_within",      None),
    (DOUBLE, "confirmWithin",    "",                    "confirm_within",      timedelta(hours=72)),
    (DOUBLE, "remindAfter",      "PT24H",               "remind_after",        timedelta(hours=24)),
    (DOUBLE, "messages",         {"postcode": "Where?"}, "messages",           {"postcode": "Where?"}),
    (AGE,    "maxAttempts",      "0",                   "max_attempts",        0),
    (AGE,    "ageRetryAfter",    None,                  "age_retry_after",     timedelta(hours=24)),
    (AGE,    "MinimumAge",       120.0,                 "minimum_age",         120),
    (AGE,    "birthDateMessage", "Born when?",          "birth_date",          "Born when?"),
    (AGE,    "birthDateMessage", None,                  "birth_date",          AGE["doubleOptinInitialMessage"]),
    (AGE,    "acceptsAge",       "false",               "accepts_age",         False),
]
# fmt: on


@pytest.mark.parametrize(("definition", "field", "value", "attribute", "expected"), READ)
def test_a_field_is_read_as_its_senders_mean_it(
    definition: dict[str, Any], field: str, value: object, attribute: str, expected: object
) -> None:
    assert getattr(program(with_(definition, **{field: value})), attribute) == expected


def test_a_long_code_may_be_written_as_people_write_it() -> None:
    change = {"shortCode": LEFT_OUT, "countryCode": LEFT_OUT}
    for written in ("15555550100", "+1 (555) 555-0100", 15555550100):
        assert program(with_(SINGLE, **change, longCode=written)).code == "15555550100"


def test_the_misspelt_confirmation_is_the_confirmation() -> None:
    text = DOUBLE["doubleOptinConfirmationMessage"]
    misspelt = with_(DOUBLE, doubleOptinConfirmationMessage=LEFT_OUT)
    assert program({**misspelt, "doubleOptinConformationMessage": text}).confirmation == text


def test_both_spellings_are_fine_where_they_say_the_same() -> None:
    assert faults(with_(SINGLE, optInErrorMessage=SINGLE["optinErrorMessage"])) == []


@pytest.mark.parametrize("says", Says)
def test_no_further_text_takes_the_name_of_ours(says: Says) -> None:
    expected = f'Messages is invalid. "{says}" cannot name a text of its own.'
    assert faults(with_(DOUBLE, messages={says.value: "x"})) == [expected]


def test_the_table_fills_every_attribute_of_a_programme_but_its_code() -> None:
    filled = [field.attribute for field in FIELDS]
    assert sorted({*filled, "code"}) == sorted(field.name for field in attrs.fields(Program))


@given(st.sampled_from([SINGLE, DOUBLE, AGE]), st.data())
def test_case_of_keys_numbers_as_texts_and_strangers_leave_the_digest(
    definition: dict[str, Any], data: st.DataObject
) -> None:
    plain = with_(definition, maxAttempts=5, confirmWithin=48, acceptsAge=True)
    spelt: dict[str, Any] = {}
    for key, value in plain.items():
        name = "".join(data.draw(st.sampled_from([c.lower(), c.upper()])) for c in key)
        as_text = data.draw(st.booleans()) and not isinstance(value, str)
        spelt[name] = str(value) if as_text else value
    strangers = st.dictionaries(st.text().map("x-{}".format), st.integers() | st.text())
    assert program({**data.draw(strangers), **spelt}).digest == program(plain).digest


@pytest.mark.parametrize(
    ("attribute", "value"), [("error", "Sorry?"), ("minimum_age", 14), ("messages", {"a": "b"})]
)
def test_another_value_of_any_attribute_is_another_digest(attribute: str, value: Any) -> None:
    before = program(AGE)
    assert attrs.evolve(before, **{attribute: value}).digest != before.digest
