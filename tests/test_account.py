"""An account as a whole: programmes that disturb each other, files, warnings."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.account import Account, UnknownCode, parse, read_account
from optin_engine.codes import CODE_FIELDS
from optin_engine.definition import FIELDS
from optin_engine.entries import DefinitionError

US = {"shortCode": "123456", "countryCode": "US"}
CA = {"shortCode": "654321", "countryCode": "CA"}
LONG = {"longCode": "+1 555 555 0100"}
SINGLE = {**US, "messageName": "News", "keyword": "JOIN", "messageOptInType": "Single"}
SINGLE |= {"responseMessage": "Welcome!"}
DOUBLE = {**US, "messageName": "Club", "keyword": "CLUB", "messageOptInType": "Double"}
DOUBLE |= {"doubleOptinInitialMessage": "Reply YES.", "doubleOptinConfirmationMessage": "Done."}
DOUBLE |= {"optInErrorMessage": "Reply YES, please."}
TODAY = date(2024, 6, 1)


def faults(definitions: object) -> list[tuple[str, str, str]]:
    account, found = read_account(definitions)
    assert (account is None) == bool(found)
    return [(fault.program, fault.field, fault.message) for fault in found]


def of_programs(*programs: dict[str, Any]) -> list[tuple[str, str, str]]:
    return faults({"codes": [US, CA], "programs": list(programs)})


def test_a_programme_stands_on_its_own_code_in_the_order_of_the_definition() -> None:
    other = {**SINGLE, **CA, "messageName": "Nouvelles"}
    account = Account.of([US, CA, LONG], [DOUBLE, other, SINGLE])
    names = {digits: [p.name for p in code.programs] for digits, code in account.codes.items()}
    assert names == {"123456": ["Club", "News"], "654321": ["Nouvelles"], "15555550100": []}


def test_a_code_is_found_by_its_digits_with_or_without_a_plus() -> None:
    account = Account.of([US, LONG])
    assert account.code("+15555550100") is account.code("15555550100")
    assert account.code(" 123456 ").digits == "123456"


def test_an_unknown_code_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnknownCode) as caught:
        Account.of([US, LONG]).code("+15555550123")
    expected = "A code of 11 digits is not on the account; its codes are: 123456, 15555550100."
    assert str(caught.value) == expected
    assert isinstance(caught.value, KeyError)


def _keyword_fault(written: str, rule: str, program: str = "News") -> list[tuple[str, str, str]]:
    return [(program, "keyword", f"The Keyword {written} {rule}")]


USED = "is already used on the code by Club on days that both run."


@pytest.mark.parametrize(
    ("days", "others", "overlap"),
    [
        ({}, {}, True),
        ({"endDate": "2024-01-31"}, {"startDate": "2024-01-31"}, True),
        ({"endDate": "2024-01-31"}, {"startDate": "2024-02-01"}, False),
        ({"startDate": "2024-02-01"}, {"endDate": "2024-01-31"}, False),
        ({"startDate": "2024-01-01", "endDate": "2024-12-31"}, {"startDate": "2024-06-01"}, True),
    ],
)
def test_a_keyword_is_one_programmes_on_any_day(
    days: dict[str, str],
    others: dict[str, str],
    overlap: bool,  # noqa: FBT001 - a column.
) -> None:
    found = of_programs(
        {**DOUBLE, **days, "keyword": "Été"}, {**SINGLE, **others, "keyword": "ete"}
    )
    assert found == (_keyword_fault("ete", f"{USED}") if overlap else [])


def test_a_keyword_may_live_on_two_codes() -> None:
    assert of_programs(SINGLE, {**SINGLE, **CA}) == []


def test_a_keyword_of_a_programme_with_other_faults_is_taken_all_the_same() -> None:
    nameless = {**SINGLE, "messageName": None}
    rule = "is already used on the code by program 1 on days that both run."
    assert of_programs(nameless, SINGLE)[1:] == _keyword_fault("JOIN", rule)


def test_wrong_dates_are_not_judged_for_overlap() -> None:
    late = {**DOUBLE, "keyword": "JOIN", "startDate": "soon"}
    assert [fault[1] for fault in of_programs(late, SINGLE)] == ["startDate"]


ANSWER = "is invalid. It {} Club on the code."


@pytest.mark.parametrize(
    ("keyword", "responses", "rule"),
    [
        ("Yes", None, ANSWER.format("is a valid response of")),
        ("OUI", "oui|si", ANSWER.format("is a valid response of")),
        ("I", "i agree", ANSWER.format("begins a valid response of")),
        ("Nope", "y", ANSWER.format("is a NO to")),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_keyword_is_no_answer_to_another_programme(
    keyword: str, responses: str | None, rule: str, order: int
) -> None:
    asking = {**DOUBLE, "doubleOptInValidResponses": responses}
    programs: list[dict[str, Any]] = [asking, {**SINGLE, "keyword": keyword}]
    found = of_programs(*programs[::order])
    assert found == _keyword_fault(keyword, rule)


def test_a_keyword_may_be_an_answer_where_nobody_asks() -> None:
    assert of_programs({**DOUBLE, **CA}, {**SINGLE, "keyword": "YES"}) == []


def test_a_keyword_is_no_answer_to_its_own_programme() -> None:
    rule = ANSWER.format("is a valid response of")
    assert of_programs({**DOUBLE, "keyword": "y"}) == _keyword_fault("y", rule, "Club")


WARNED: list[tuple[dict[str, object], list[str]]] = [
    ({}, []),
    ({"endDate": "2024-05-31"}, ["endDate"]),
    ({"endDate": "2024-06-01"}, []),
    ({"startDate": "2024-06-02"}, ["startDate"]),
    ({"startDate": "2024-06-01"}, []),
    ({"confirmWithin": "24h", "remindAfter": "1d"}, ["remindAfter"]),
    ({"confirmWithin": "never", "remindAfter": "1d"}, []),
    ({"optInErrorMessage": None}, ["optInErrorMessage"]),
    ({"colour": "red"}, ["colour"]),
]


@pytest.mark.parametrize(("change", "fields"), WARNED)
def test_what_is_suspicious_is_allowed_and_warned_of(
    change: dict[str, object], fields: list[str]
) -> None:
    account = Account.of([US], [{**DOUBLE, **change}])
    warned = [(warning.program, warning.field) for warning in account.warnings(TODAY)]
    assert warned == [("Club", field) for field in fields]


def test_unknown_fields_are_warned_of_wherever_they_stand() -> None:
    definitions = {"Codes": [{**US, "colour": 1}], "PROGRAMS": [{**SINGLE, "x\ud800": 1}], 7: 1}
    warned = [(w.program, w.field) for w in Account.from_dict(definitions).warnings(TODAY)]
    assert warned == [("account", "(int)"), ("code 123456", "colour"), ("News", "x\\ud800")]


@pytest.mark.parametrize("given", ["ucs2, one-way", ["ucs2", "one-way"], " ucs2,,one-way "])
def test_the_rules_that_the_lint_passes_over_are_kept_apart_from_what_is_defined(
    given: object,
) -> None:
    plain = Account.of([US], [SINGLE])
    ignoring = Account.of([{**US, "lintIgnore": given}], [{**SINGLE, "LintIgnore": given}])
    rules = ("ucs2", "one-way")
    keys = ("123456", "", "code 123456"), ("123456", "JOIN", "News")
    assert ignoring.lint_ignore == dict.fromkeys(keys, rules)
    assert ignoring == plain
    assert ignoring.warnings(TODAY) == ()


@pytest.mark.parametrize("given", [3, True, ["ucs2", 3], {"ucs2": True}])
def test_rules_to_pass_over_are_texts(given: object) -> None:
    fault = ("News", "lintIgnore", "LintIgnore is invalid. It must be rules of the lint.")
    assert of_programs({**SINGLE, "lintIgnore": given}) == [fault]


TOML = """
codes = [{shortCode = "123456", countryCode = "US"}]
[[programs]]
shortCode = 123456
countryCode = "US"
messageName = "Club"
keyword = "CLUB"
messageOptInType = "Double"
doubleOptinInitialMessage = "Reply YES."
doubleOptinConfirmationMessage = "Done."
optInErrorMessage = "Reply YES, please."
startDate = 2024-01-01
confirmWithin = 48
"""
JSON = {"codes": [US], "programs": [{**DOUBLE, "startDate": "1/1/2024", "confirmWithin": "2d"}]}


@pytest.mark.parametrize("suffix", ["proper", ".txt"])
def test_toml_and_json_of_the_same_content_are_equal_accounts(tmp_path: Path, suffix: str) -> None:
    accounts = []
    for kind, content in ((".toml", TOML), (".json", "\ufeff" + json.dumps(JSON))):
        file = tmp_path / f"account{kind if suffix == 'proper' else suffix}"
        file.write_text(content, "utf-8")
        accounts.append(Account.load(file))
    assert accounts[0] == accounts[1]
    assert accounts[0].code("123456").programs[0].start_date == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("content", "suffix", "message"),
    [
        (b"codes = [", ".toml", "The file is not TOML: Invalid value (at end of document)."),
        (b'{"codes": ]', "", "The file is not JSON: Expecting value: line 1 column 11 (char 10)."),
        (b'{"\xff": 1}', ".json", "The file is not JSON: byte 2 is not UTF-8."),
        (b"[" * 200_000, ".json", "The file is not JSON: it is nested too deep."),
    ],
)
def test_a_file_that_cannot_be_parsed_says_where(content: bytes, suffix: str, message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(content, suffix)
    assert [fault.message for fault in caught.value.faults] == [message]


def test_a_file_that_is_not_there_is_the_systems_own_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Account.load(tmp_path / "none.toml")


# Whatever JSON can hold, and what Python can besides: NaN, broken halves, huge numbers.
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**4200),
    st.floats(),
    st.text(st.characters(exclude_categories=())),
    st.sampled_from(["123456", "US", "Age", "Double", "JOIN", "72h", "PT1H", "1/1/2020", "y,,|"]),
)
JSONS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
PLACE = ["shortCode", "longCode", "countryCode", "lintIgnore"]
NAMES = st.sampled_from([*PLACE, *(field.name for field in (*FIELDS, *CODE_FIELDS))])
TABLES = st.dictionaries(NAMES, JSONS, max_size=8)
ENTRIES = st.lists(st.one_of(JSONS, TABLES, TABLES.map(lambda t: {**DOUBLE, **t})), max_size=4)
CODES = st.lists(st.one_of(JSONS, TABLES, TABLES.map(lambda t: {**US, **t})), max_size=3)


def read(definitions: object) -> Account | DefinitionError:
    try:
        return Account.from_dict(definitions)
    except DefinitionError as error:
        return error


@given(JSONS | st.fixed_dictionaries({"codes": CODES | JSONS, "programs": ENTRIES | JSONS}))
def test_any_value_whatever_is_an_account_or_has_faults(definitions: object) -> None:
    found = read(definitions)
    if isinstance(found, DefinitionError):
        assert found.faults
        assert str(found).encode()
    else:
        programs = [p for code in found.codes.values() for p in code.programs]
        assert all(p in found.codes[p.code].programs for p in programs)
        assert all(len(p.digest) == 64 for p in programs)
        assert all(w.message.encode() for w in found.warnings(TODAY))
