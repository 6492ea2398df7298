"""What the copy lint says of texts with marks."""

import pytest

from optin_engine.account import Account
from optin_engine.lint import lint
from tests.clean_copy import CLEAN, CODE, MUST, account

RESPONSE = "responseMessage"


def found(owner: str, text: str) -> list[tuple[str, str]]:
    """Give the rule and the message of what a response breaks."""
    return [(one.rule, one.message) for one in lint(account(**{owner: {RESPONSE: text}}))]


def test_a_text_with_marks_is_judged_as_it_is_said_of_nobody() -> None:
    aside = "%%[ /* Reply MAYBE, see bit.ly/3abc: \u4f60 */ ]%%"
    assert found("Single", f"%%=Concat('Ac', 'me')=%% News: Hi! {MUST}{aside}") == []
    wide = found("Single", f"Acme News: Hi %%='\u4f60'=%%! {MUST}")
    assert [rule for rule, _ in wide] == ["ucs2", "segments"]


def test_of_a_text_that_http_get_fills_all_else_is_judged() -> None:
    fetched = f"%%=HTTPGet('https://quotes.example/{'x' * 400}')=%%"
    assert found("Text", f"Acme: {fetched}") == []
    assert rules(fetched) == ["response-brand"]
    assert rules(f"Acme: {fetched} {'x' * 160}") == ["segments"]


def test_a_text_that_cannot_do_without_what_it_fetches_is_judged_as_it_is_written() -> None:
    fetched = f"%%=Add(HTTPGet('https://quotes.example/{'x' * 160}'), 1)=%%"
    assert rules(f"Acme: {fetched}") == ["segments"]


@pytest.mark.parametrize("name", ["SHORT_CODE", "MOBILE_NUMBER"])
def test_the_code_and_the_number_are_known_of_everybody(name: str) -> None:
    assert rules(f"Acme:{'x' * 155}") == []
    assert rules(f"Acme:{'x' * 155}%%{name}%%") == ["segments"]


def rules(said: str) -> list[str]:
    """Give the rules that a Text Response breaks."""
    return [rule for rule, _ in found("Text", said)]


@pytest.mark.parametrize("name", ["MOBILENUMBER", "Mobile Number", "MOBILE_NUMBERS"])
def test_a_name_that_is_nearly_one_of_ours_is_called_a_slip(name: str) -> None:
    ((rule, message),) = found("Single", f"Acme News: Hi %%=v([{name}])=%%! {MUST}")
    assert (rule, message.endswith(": write MOBILE_NUMBER.")) == ("attribute-gap", True)


@pytest.mark.parametrize("said", ["%%MOBILE_NUMBER%%", "%%SHORT_CODE%%", "%%=v(MSG(0))=%%"])
def test_what_every_contact_has_leaves_no_gap(said: str) -> None:
    assert found("Text", f"Acme: You are %%='on'=%% {said}") == []


def of_message(text: str, name: str = "Sale", ignored: str = "") -> list[tuple[str, str, str]]:
    """Give what is found of an outbound message: whose it is, the rule and the message."""
    place = {"shortCode": CODE, "countryCode": "US"}
    programs = [program for whose, program in CLEAN.items() if whose != "code"]
    definitions = {
        "codes": [{**CLEAN["code"], "lintIgnore": ignored}],
        "programs": programs,
        "messages": [{**place, "messageName": name, "messageText": text}],
    }
    findings = lint(Account.from_dict(definitions))
    return [(one.program, one.rule, one.message) for one in findings if one.program == name]


@pytest.mark.parametrize("said", ["Hi %%First Name%%!", "%%MOBILE_NUMBER%% %%SHORT_CODE%%", ""])
def test_attributes_are_expected_in_an_outbound_message(said: str) -> None:
    assert of_message(said) == []


@pytest.mark.parametrize("mark", ["%%{}%%", "%%=v([{}])=%%"])
def test_a_slip_in_the_name_of_the_code_is_told_of_an_outbound_message(mark: str) -> None:
    said = f"Hi %%City%%, reply to {mark.format('SHORTCODE')}"
    mend = "MessageText looks up SHORTCODE, which is no SHORT_CODE: write SHORT_CODE."
    assert of_message(said) == [("Sale", "attribute-gap", mend)]
    assert of_message(said, ignored="attribute-gap") == []


def test_the_mend_that_a_gap_is_told_mends_it() -> None:
    said = CLEAN["Text"][RESPONSE]
    ((_, message),) = found("Text", f"{said} %%First Name%%")
    mend = message.partition(": say ")[2].removesuffix(".")
    assert found("Text", f"{said} {mend}") == []
