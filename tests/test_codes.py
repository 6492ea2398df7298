"""The codes of an account: what an entry may say, and what a code says by itself."""

# ruff: noqa: E501 - a case is one line.

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.account import Account, read_account
from optin_engine.wording import GSM_7, segments

US = {"shortCode": "123456", "countryCode": "US"}
LONG = {"longCode": "+1 555 555 0100"}


def faults(definitions: object) -> list[tuple[str, str, str]]:
    _, found = read_account(definitions)
    return [(fault.program, fault.field, fault.message) for fault in found]


@pytest.mark.parametrize(
    ("entry", "country"),
    [
        ({"longCode": 15555550100}, "US"),
        ({"longCode": "+14165550100"}, "CA"),
        ({"longCode": "+447700900123"}, "GB"),
        ({"longCode": "+88213300655"}, ""),
        ({"longCode": "+99955501000"}, ""),
        ({"longCode": "+1 416 555 0100", "countryCode": "us"}, "US"),
    ],
)
def test_the_country_of_a_long_code_is_its_own_or_else_its_calling_codes(
    entry: dict[str, object], country: str
) -> None:
    (code,) = Account.of([entry]).codes.values()
    assert (code.country, code.is_short) == (country, False)


TWICE = "is already set up on the account, and an MO names nothing but the digits."
COUNTRIES = "AllowedCountries is invalid. It must be two-letter countries, such as US, CA, or any."
NO_COUNTRY = "CountryCode must have a length of 2."


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([US, {**US, "countryCode": "CA"}], ("code 123456", "shortCode", f"The ShortCode 123456 {TWICE}")),
        ([{"shortCode": "12"}], ("code 1", "countryCode", NO_COUNTRY)),
        ([{**US, "shortCode": "12"}], ("code 12", "shortCode", "ShortCode is invalid. It must be 3 to 8 digits.")),
        ([{**US, "countryCode": "1!"}], ("code 123456", "countryCode", "CountryCode is invalid. It must be two letters, as US.")),
        ([{**LONG, "countryCode": "USA"}], ("code 15555550100", "countryCode", NO_COUNTRY)),
        ([{"longCode": "555-0100"}], ("code 5550100", "longCode", "LongCode is invalid. It must be a number in E.164, such as +15555550100.")),
        ([{}], ("code 1", "shortCode", "A ShortCode or LongCode must be specified.")),
        ([US, 7], ("code 2", "", "The code must be a table of fields.")),
        ([{**US, "brand": []}], ("code 123456", "brand", "The Brand field must be a text.")),
        ([{**US, "helpMessage": "x" * 1601}], ("code 123456", "helpMessage", "The HelpMessage field cannot contain more than 1600 characters.")),
        ({"shortCode": "123456"}, ("account", "codes", "The Codes field must be a list of tables.")),
        (None, ("account", "codes", "The Codes field must be specified.")),
        ([{**US, "allowedCountries": "US,UK"}], ("code 123456", "allowedCountries", COUNTRIES)),
        ([{**US, "allowedCountries": []}], ("code 123456", "allowedCountries", COUNTRIES)),
        ([{**US, "allowedCountries": ["US", 1]}], ("code 123456", "allowedCountries", COUNTRIES)),
        ([{**US, "allowedCountries": {"US": True}}], ("code 123456", "allowedCountries", COUNTRIES)),
        ([{**US, "allowedCountries": "US,any"}], ("code 123456", "allowedCountries", COUNTRIES)),
    ],
)  # fmt: skip
def test_a_wrong_entry_of_the_codes_is_refused(
    codes: object, expected: tuple[str, str, str]
) -> None:
    assert faults({"codes": codes}) == [expected]


def test_no_programme_is_blamed_for_a_wrong_text_of_its_code() -> None:
    program = {**US, "messageName": "News", "keyword": "JOIN", "messageOptInType": "Single"}
    program["responseMessage"] = "Welcome!"
    definitions = {"codes": [{**US, "stopMessage": {}}], "programs": [program]}
    found = faults(definitions)
    assert found == [("code 123456", "stopMessage", "The StopMessage field must be a text.")]


@given(
    st.text("ABCabc &'-", min_size=1, max_size=20).filter(str.strip), st.sampled_from([US, LONG])
)
def test_default_texts_name_brand_and_code_in_one_segment(
    brand: str, entry: dict[str, str]
) -> None:
    (code,) = Account.of([{**entry, "brand": brand}]).codes.values()
    for text in (code.help, code.stop, code.start):
        assert text.startswith(f"{brand.strip()}: ")
        assert code.digits in text
        assert segments(text) == (GSM_7, 1)
    assert "Msg & data rates may apply" in code.help
    assert "STOP" in code.help
    assert "no more messages will be sent" in code.stop
    assert code.default == ""


def test_a_code_without_a_brand_is_named_once() -> None:
    code = Account.of([US]).code("123456")
    assert [text.count("123456") for text in (code.help, code.stop, code.start)] == [1, 1, 1]


def test_texts_of_a_code_are_kept_where_given() -> None:
    given_texts = {f"{kind}Message": f"My {kind}." for kind in ("help", "stop", "start", "default")}
    code = Account.of([{**US, **given_texts}]).code("123456")
    assert (code.help, code.stop) == ("My help.", "My stop.")
    assert (code.start, code.default) == ("My start.", "My default.")


@pytest.mark.parametrize(
    ("entry", "countries"),
    [
        (US, ("US",)),
        ({"longCode": "+447700900123"}, ("GB",)),
        ({"longCode": "+88213300655"}, ()),
        ({**US, "allowedCountries": " "}, ("US",)),
        ({**US, "allowedCountries": "ca, US,ca"}, ("CA", "US")),
        ({**US, "ALLOWEDCOUNTRIES": ["ca"]}, ("CA",)),
        ({**US, "allowedCountries": "Any"}, ()),
        ({**US, "allowedCountries": ["any"]}, ()),
    ],
)
def test_a_code_may_write_unasked_to_its_own_country_unless_it_says_otherwise(
    entry: dict[str, object], countries: tuple[str, ...]
) -> None:
    (code,) = Account.of([entry]).codes.values()
    assert code.countries == countries
