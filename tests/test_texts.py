"""How texts are read from definitions: templates, and what is wrong with one."""

# ruff: noqa: E501 - a case is one line, in columns.

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from optin_engine.account import Account
from optin_engine.codes import CODE_FIELDS
from optin_engine.definition import FIELDS
from optin_engine.engine import Engine
from optin_engine.entries import DefinitionError
from optin_engine.fields import shown
from optin_engine.texts import messages, quoted, template
from optin_engine.vocabulary import Contact, Inbound
from tests.serving import AGE, ANN, CODE, DOUBLE, NOON, PLACE, SINGLE

TEXT = PLACE | {"messageName": "Stock", "keyword": "STOCK", "messageOptInType": "Text"}
FETCH = "ACME %%=HTTPGet('https://quotes.example/')=%%"

AS_SUCH = "Two percent signs as such are written %%='%%'=%%."
ASKS_FIRST = "It must do without attributes, too: IIf(Empty(City), 'you', City) asks first."
NO_FETCH = "HTTPGet is for the ResponseMessage of a Text programme only; leave it out."
NOTHING = "It says nothing where no attribute is known; add words."
GATED = "a code with an age gate repeats nothing that was texted, as it may be a birth date; leave MSG(0) out."


def faults(*programs: dict[str, Any], **code: str) -> list[tuple[str, str]]:
    """Give what is wrong: who has the fault, and its message."""
    try:
        Account.of([PLACE | code], programs)
    except DefinitionError as error:
        return [(fault.program, fault.message) for fault in error.faults]
    return []


# fmt: off
WRONG = [
    ("Sale: 20%%= off",                       f"at line 1, column 9: %%= has no end; end it with =%%. {AS_SUCH}"),
    ("Welcome!\n%%[ IF City THEN ]%%to you",  "at line 2, column 5: IF has no ENDIF; end it with %%[ ENDIF ]%%."),
    ("Hi %%=Upper(City)=%%",                  "at line 1, column 7: there is no function Upper; did you mean Uppercase?"),
    ("You are %%=Add(Age, 1)=%%",             f"at line 1, column 12: {{}} {ASKS_FIRST}"),
    ("Quote:\n  %%=HTTPGet('http://a.test/')=%%", f"at line 2, column 6: {NO_FETCH}"),
    ("HTTPGet: %%=httpget('http://a.test/')=%%", f"at line 1, column 13: {NO_FETCH}"),
    ("%%First Name%%",                        NOTHING),
    ("%%[ IF NOT Empty(City) THEN ]%%Hi%%[ ENDIF ]%%", NOTHING),
]
# fmt: on


@pytest.mark.parametrize(("said", "why"), WRONG)
@pytest.mark.parametrize("field", ["responseMessage", "duplicateOptInMessage"])
def test_a_template_that_is_none_is_refused_with_its_place_and_the_mend(
    field: str, said: str, why: str
) -> None:
    ((name, message),) = faults(SINGLE | {field: said})
    assert name == "News"
    assert message.startswith(f"{shown(field)} is invalid")
    before, _, after = why.partition("{}")
    assert before in message
    assert message.endswith(after)


def test_every_text_of_a_programme_and_of_a_code_is_tried() -> None:
    texts = [f.name for f in FIELDS if f.name.endswith("Message") or f.name == "messages"]
    for name in (name for name in texts if name != "responseMessage"):
        wrong: Any = {"more": "%%="} if name == "messages" else "%%="
        ((_, message),) = faults(AGE | {name: wrong})
        assert "line 1, column 1" in message
    for name in (field.name for field in CODE_FIELDS if field.name.endswith("Message")):
        ((owner, message),) = faults(**{name: "%%="})
        assert (owner, "line 1, column 1" in message) == (f"code {CODE}", True)


def test_a_text_response_may_call_http_get_and_may_say_nothing() -> None:
    assert not faults(TEXT | {"responseMessage": FETCH})
    assert not faults(TEXT | {"responseMessage": "%%MSG(0).NOUNS%%"})


def test_a_text_response_without_http_get_must_do_without_words() -> None:
    ((_, message),) = faults(TEXT | {"responseMessage": "%%=Add(MSG(0).NOUN(0), 1)=%%"})
    assert message.endswith(ASKS_FIRST)


def test_of_an_unknown_type_the_response_is_not_judged() -> None:
    found = faults(SINGLE | {"messageOptInType": "Triple", "responseMessage": FETCH})
    assert [message[:16] for _, message in found] == ["MessageOptInType"]


@pytest.mark.parametrize(
    ("changed", "code", "owner", "where"),
    [
        ({"duplicateOptInMessage": "You: %%MSG(0)%%"}, {}, "News", "DuplicateOptInMessage 6"),
        ({"messages": {"more": "You: %%=MSG(0).VERB=%%"}}, {}, "News", "Messages.more 9"),
        ({}, {"helpMessage": "MSG(: %%[ SET @a = MSG (0) ]%%"}, f"code {CODE}", "HelpMessage 20"),
    ],
)
def test_on_a_code_with_an_age_gate_no_text_repeats_what_was_texted(
    changed: dict[str, Any], code: dict[str, str], owner: str, where: str
) -> None:
    ((name, message),) = faults(SINGLE | changed, AGE, **code)
    named, column = where.split()
    assert name == owner
    assert message.startswith(f"{named} is invalid at line 1, column {column}: ")
    assert message.endswith(GATED)
    assert not faults(SINGLE | changed, DOUBLE, **code)


def test_a_text_response_may_repeat_words_on_any_code() -> None:
    assert not faults(TEXT | {"responseMessage": "You: %%=MSG(0).NOUNS=%%"}, AGE)


def test_a_template_may_be_longer_than_what_it_says() -> None:
    comment = f"%%[ /* {'x' * 2_000} */ ]%%"
    assert template("HelpMessage", f"Help{comment}").startswith("Help")
    ((_, message),) = faults(SINGLE | {"responseMessage": "%% " + "x" * 1_600})
    assert message == "The ResponseMessage field cannot contain more than 1600 characters."
    ((_, message),) = faults(SINGLE | {"responseMessage": f"Hi{comment}" * 8})
    assert message == "The ResponseMessage field cannot contain more than 16000 characters."


def test_further_texts_are_read_with_all_their_faults() -> None:
    found = faults(DOUBLE | {"messages": {"one": "%%=", "two": FETCH, "three": "fine"}})
    assert [message.split(" is")[0] for _, message in found] == ["Messages.one", "Messages.two"]
    assert messages("Messages", {"one": "Hi %%City%%"}) == {"one": "Hi %%City%%"}


SIGNS = st.text(st.sampled_from("%=[]A (1)'"), max_size=12)


@given(SIGNS)
@example("100%%=all")
@example("%%%[")
def test_a_quoted_text_says_itself(said: str) -> None:
    account = Account.of([PLACE | {"helpMessage": f"[{quoted(said)}]"}])
    outcome = Engine(account).receive(Contact(ANN, CODE), Inbound("HELP", NOON))
    assert [mt.text for mt in outcome.outbound] == [f"[{said}]"]


@given(SIGNS.filter(str.strip))
def test_a_brand_with_percent_signs_is_said_as_it_is(brand: str) -> None:
    account = Account.of([PLACE | {"brand": f"A{brand}"}])
    (mt,) = Engine(account).receive(Contact(ANN, CODE), Inbound("HELP", NOON)).outbound
    assert mt.text.startswith(f"A{brand}".strip() + ": reply STOP")
