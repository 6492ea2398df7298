"""Outbound messages: how they are read, every fault of them, and the keyword they subscribe to."""

# ruff: noqa: E501 - a case is one line, in columns.

from collections.abc import Iterable
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.account import Account, read_account
from optin_engine.entries import DefinitionError
from optin_engine.harness.targets.defining import written
from optin_engine.messages import keyword_for
from optin_engine.program import Code, OutboundMessage, Program
from optin_engine.vocabulary import OptInType
from tests.serving import AGE, CODE, DOUBLE, ELSEWHERE, OTHER_CODE, PLACE, SINGLE

CONTENT = PLACE | {
    "messageName": "Stock",
    "keyword": "STOCK",
    "messageOptInType": "Text",
    "responseMessage": "x",
}
SALE = PLACE | {"messageName": "Sale", "keyword": "NEWS", "messageText": "Hi %%First Name%%!"}
CODES, PROGRAMS = [PLACE, {"longCode": OTHER_CODE}], [SINGLE, DOUBLE, ELSEWHERE, CONTENT]


def faults(*messages: object) -> list[str]:
    found = read_account({"codes": CODES, "programs": PROGRAMS, "messages": list(messages)})[1]
    return [fault.message for fault in found]


def outbound(*messages: object) -> tuple[OutboundMessage, ...]:
    definitions = {"codes": CODES, "programs": PROGRAMS, "messages": list(messages)}
    return Account.from_dict(definitions).code(CODE).outbound


def test_a_message_is_read_with_its_names_in_any_case() -> None:
    given = {
        "MESSAGENAME": " Sale ",
        "shortcode": 123456,
        "CountryCode": "us",
        "Keyword": "news",
        "messagetext": "20% off",
        "Active": "false",
    }
    assert outbound(given) == (OutboundMessage("Sale", CODE, "NEWS", "20% off", is_active=False),)


@pytest.mark.parametrize(
    "blank", [{}, {"messageText": None, "keyword": ""}, {"messageText": " ", "active": None}]
)
def test_only_name_and_code_are_needed(blank: dict[str, Any]) -> None:
    (message,) = outbound(PLACE | {"messageName": "Sale"} | blank)
    assert message == OutboundMessage("Sale", CODE)
    assert message.is_active


def test_messages_stand_on_their_own_code_in_the_order_of_the_definition() -> None:
    elsewhere = {"longCode": OTHER_CODE, "messageName": "Far", "keyword": "JOIN"}
    definitions = {
        "codes": CODES,
        "programs": PROGRAMS,
        "messages": [SALE, elsewhere, SALE | {"messageName": "B"}],
    }
    account = Account.from_dict(definitions)
    names = {digits: [m.name for m in code.outbound] for digits, code in account.codes.items()}
    assert names == {CODE: ["Sale", "B"], OTHER_CODE: ["Far"]}


AT = "MessageText is invalid at line"
NO_CODE = "A ShortCode or LongCode must be specified."

# fmt: off
REFUSED = [
    # change                                      the faults
    ({"messageName": None},                       ["The MessageName field must be specified."]),
    ({"messageName": " "},                        ["The MessageName field cannot be blank or only contain whitespace."]),
    ({"messageName": "x" * 101},                  ["The MessageName field cannot contain more than 100 characters."]),
    ({"shortCode": None},                         [NO_CODE]),
    ({"longCode": "1"},                           ["ShortCode and LongCode cannot be specified at the same time."]),
    ({"shortCode": None, "longCode": "19"},       ["The LongCode 19 does not exist for the account."]),
    ({"countryCode": "USA"},                      ["CountryCode must have a length of 2."]),
    ({"keyword": "GONE"},                         ["Keyword GONE is invalid for the code on the message."]),
    ({"keyword": "STOCK"},                        ["Keyword STOCK is invalid for the code on the message."]),
    ({"keyword": "two words"},                    ['The Keyword two words is invalid. It must be one word of letters, digits, "_" or "-".']),
    ({"active": "perhaps"},                       ["Active is invalid. It must be true or false."]),
    ({"messageText": ["a"]},                      ["The MessageText field must be a text."]),
    ({"messageText": "a\n%%=HTTPGet(URL)=%%"},    [f"{AT} 2, column 4: a send cannot call HTTPGet; give what it would fetch as an attribute."]),
    ({"messageText": "%%MSG(0).NOUN(0)%%"},       [f"{AT} 1, column 1: nobody has texted before a send; leave MSG(0) out."]),
    ({"MessageName": "Sale 2"},                   ["The MessageName field cannot be specified twice."]),
]
# fmt: on


@pytest.mark.parametrize(("change", "expected"), REFUSED)
def test_a_wrong_message_has_its_own_faults_and_no_others(
    change: dict[str, Any], expected: list[str]
) -> None:
    assert faults(SALE | change) == expected
    assert faults(SALE) == []


def test_a_text_that_is_no_template_is_refused_with_line_and_column() -> None:
    (fault,) = faults(SALE | {"messageText": "Hi\nyou %%= x"})
    assert fault.startswith(f"{AT} 2, column 5: ")


def test_all_faults_of_a_message_are_told_at_once() -> None:
    text = "%%=HTTPGet(URL)=%% %%MSG(0)%%"
    found = faults({"messageText": text, "keyword": "STOP", "active": 7})
    assert len(found) == len(set(found)) == 6
    assert NO_CODE in found


def test_what_is_no_table_is_a_fault_of_that_message() -> None:
    found = read_account({"codes": CODES, "messages": [None, {"messageName": "x"}]})[1]
    assert [(fault.program, fault.field) for fault in found] == [
        ("message 1", ""),
        ("x", "shortCode"),
    ]
    (fault,) = read_account({"codes": CODES, "messages": {"messageName": "x"}})[1]
    assert fault.message == "The Messages field must be a list of tables."


def test_a_name_is_taken_once_on_a_code_for_a_keyword() -> None:
    taken = "The MessageName Sale is already used on the code by another message of its keyword."
    assert faults(SALE, SALE | {"messageText": "else"}) == [taken]
    assert faults(SALE, SALE | {"keyword": "JOIN"}, SALE | {"keyword": None}) == []


def test_a_message_on_a_faulty_programme_is_not_blamed_for_it() -> None:
    definitions = {
        "codes": CODES,
        "programs": [SINGLE | {"responseMessage": ""}],
        "messages": [SALE],
    }
    assert [fault.program for fault in read_account(definitions)[1]] == ["News"]


def test_a_field_that_nobody_knows_is_a_warning() -> None:
    account = Account.from_dict(
        {"codes": CODES, "programs": PROGRAMS, "messages": [SALE | {"colour": "red"}]}
    )
    assert [(w.program, w.field) for w in account.unknown] == [("Sale", "colour")]


TYPES = {
    str(body["keyword"]): str(body["messageOptInType"]) for body in (SINGLE, DOUBLE, AGE, CONTENT)
}


@given(st.sets(st.sampled_from(sorted(TYPES))), st.sampled_from(["", "GONE", *sorted(TYPES)]))
def test_the_keyword_of_a_send_is_the_messages_own_or_the_only_one(
    there: set[str], named: str
) -> None:
    programs = tuple(Program(word, CODE, word, OptInType(TYPES[word])) for word in sorted(there))
    found = keyword_for(OutboundMessage("Sale", CODE, named), Code(CODE, "US", programs=programs))
    joined = there - {"STOCK"}
    if named:
        assert found == (named if named in joined else "")
    elif len(joined) == 1:
        assert {found} == joined
    else:
        assert found == ""


def test_a_keyword_of_two_programmes_on_other_days_is_still_the_only_one() -> None:
    programs = tuple(Program(name, CODE, "NEWS", OptInType.SINGLE) for name in ("Spring", "Autumn"))
    assert keyword_for(OutboundMessage("Sale", CODE), Code(CODE, programs=programs)) == "NEWS"


def bodies(names: Iterable[str]) -> st.SearchStrategy[dict[str, Any]]:
    values = (
        st.none()
        | st.booleans()
        | st.integers(-1, 2)
        | st.sampled_from(["", "Sale", "NEWS", "true", "Hi %%a%%", "%%["])
        | st.text(max_size=5)
    )
    return st.dictionaries(st.sampled_from([*names, "else"]), values)


@given(st.lists(st.none() | bodies(SALE).map(lambda body: SALE | body) | bodies(SALE), max_size=4))
def test_any_messages_whatever_are_refused_or_can_be_written_out_and_read_again(
    messages: list[Any],
) -> None:
    definitions = {"codes": CODES, "programs": PROGRAMS, "messages": messages}
    account, found = read_account(definitions)
    assert (account is None) == bool(found)
    if account is not None:
        assert len(account.code(CODE).outbound) == len(messages)
        assert Account.from_dict(attrs.asdict(written(account))) == account


def test_a_message_may_be_read_onto_an_account_without_its_keyword() -> None:
    account = Account.of(CODES)
    (message,) = account.with_messages([SALE]).code(CODE).outbound
    assert message.keyword == "NEWS"
    with pytest.raises(DefinitionError, match="MessageName"):
        account.with_messages([PLACE])
