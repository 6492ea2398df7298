"""What texts with marks say in a conversation: filled for the contact, and never missing."""

import re
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from optin_engine.account import Account
from optin_engine.engine import Engine
from optin_engine.outcome import Outbound, Outcome
from optin_engine.templating import TemplateError
from optin_engine.vocabulary import Contact, Inbound, Origin, from_json, to_json
from optin_engine.wording import finished, shown
from tests.serving import AGE, ANN, CODE, DOUBLE, NOON, PLACE, SINGLE

MARKED = "%%MOBILE_NUMBER%% %%SHORT_CODE%% [%%First Name%%] %%=FormatDate(Now(), 'HH:mm')=%%"
TEXT = PLACE | {"messageName": "Stock", "keyword": "STOCK", "messageOptInType": "Text"}
FETCH = "%%=Uppercase(MSG(0).NOUN(0))=%%: %%=HTTPGet('https://quotes.example/')=%%"
KNOWN = {"first name": "Ann", "City": "Oslo"}

PROGRAM_TEXTS = {
    "responseMessage": f"response {MARKED}",
    "doubleOptinInitialMessage": f"initial {MARKED}",
    "birthDateMessage": f"birth date {MARKED}",
    "doubleOptinConfirmationMessage": f"confirmation {MARKED}",
    "optInErrorMessage": f"error {MARKED}",
    "optInInvalidAgeMessage": f"invalid age {MARKED}",
    "duplicateOptInMessage": f"duplicate {MARKED}",
}
CODE_TEXTS = {f"{kind}Message": f"{kind} {MARKED}" for kind in ("help", "stop", "start", "default")}


def engine(*programs: dict[str, Any], **code: str) -> Engine:
    return Engine(Account.of([PLACE | code], programs))


def heard(
    engine: Engine, *said: str, origin: str = Origin.HANDSET, known: dict[str, str] | None = None
) -> list[Outcome]:
    """Let a contact text, a minute apart; what the caller knows of it comes with each text."""
    contact, outcomes = Contact(ANN, CODE), []
    for place, text in enumerate(said):
        mo = Inbound(text, NOON + timedelta(minutes=place), "", origin, known)
        outcomes.append(engine.receive(contact, mo))
        contact = outcomes[-1].contact
    return outcomes


def texts(outcomes: Sequence[Outcome]) -> list[str]:
    return [mt.text for outcome in outcomes for mt in outcome.outbound]


CONVERSATIONS = [
    (SINGLE, ["NEWS", "NEWS", "huh", "HELP", "STOP", "START"],
     ["response", "duplicate", "default", "help", "stop", "response"]),
    (DOUBLE, ["JOIN", "huh", "YES", "JOIN"], ["initial", "error", "confirmation", "duplicate"]),
    (AGE, ["WINE", "YES", "1/1/1980"], ["initial", "birth date", "confirmation"]),
    (AGE, ["WINE", "1/1/2020", "WINE"], ["initial", "invalid age", "invalid age"]),
    (SINGLE, ["STOP", "START"], ["stop", "start"]),
    (TEXT, ["STOCK"], ["response"]),
]  # fmt: skip


@pytest.mark.parametrize(("program", "said", "kinds"), CONVERSATIONS)
def test_every_kind_of_text_is_filled_with_who_where_what_is_known_and_when(
    program: dict[str, Any], said: list[str], kinds: list[str]
) -> None:
    played = heard(engine(program | PROGRAM_TEXTS, **CODE_TEXTS), *said, known=KNOWN)
    assert texts(played) == [
        f"{kind} 15555550123 123456 [Ann] 12:{place:02}" for place, kind in enumerate(kinds)
    ]
    assert [mt.kind for outcome in played for mt in outcome.outbound] == kinds


def test_a_reminder_is_filled_as_of_its_deadline_and_knows_no_attributes() -> None:
    club = engine(DOUBLE | PROGRAM_TEXTS | {"remindAfter": "2h"})
    (asked,) = heard(club, "JOIN", known=KNOWN)
    reminded = club.tick(asked.contact, NOON + timedelta(hours=5))
    assert texts([reminded]) == ["initial 15555550123 123456 [] 14:00"]


def test_what_is_said_is_counted_as_it_is_said() -> None:
    club = engine(SINGLE | {"responseMessage": "Hi %%Name%%"})
    counted = {}
    for name in ("Ann", "\u4f60", "x" * 158, "%%City%%"):
        (outcome,) = heard(club, "NEWS", known={"NAME": name, "CITY": "Oslo"})
        (mt,) = outcome.outbound
        counted[mt.text] = mt.encoding, mt.segments
    assert counted == {
        "Hi Ann": ("GSM-7", 1),
        "Hi \u4f60": ("UCS-2", 1),
        f"Hi {'x' * 158}": ("GSM-7", 2),
        # What is known of a contact is never read as a template itself.
        "Hi %%City%%": ("GSM-7", 1),
    }


def test_the_prompt_that_a_record_names_is_the_template_as_written() -> None:
    written = "Club for %%First Name%%: reply YES"
    club = engine(DOUBLE | {"doubleOptinInitialMessage": written})
    *_, joined = heard(club, "JOIN", "YES", known=KNOWN)
    assert [record.prompt for record in joined.records] == [sha256(written.encode()).hexdigest()]


# Each says something of nobody, and fails, is blank or too long for somebody.
CAPRICIOUS = [
    ("Points: %%=IIf(Empty(Points), 0, Add(Points, 1))=%%", "Points: 0"),
    ("Hi %%Points%%", "Hi"),
    ("%%[ IF Empty(Points) THEN ]%%Welcome%%[ ENDIF ]%%", "Welcome"),
    ("A%%=Substring('text', IIf(Empty(Points), 1, Points), 2)=%%", "Ate"),
    ("%%[ FOR @i = 1 TO IIf(Empty(Points), 1, Points) DO ]%%*%%[ NEXT @i ]%%", "*"),
]


@pytest.mark.parametrize(("written", "of_nobody"), CAPRICIOUS)
@given(points=st.text(max_size=9) | st.integers(-5, 10**9).map(str) | st.just("x" * 1_700))
@example(points="many")
@example(points="999999999")
@example(points="x" * 1_700)
def test_whatever_is_known_something_is_said_and_the_state_moves_alike(
    written: str, of_nobody: str, points: str
) -> None:
    club = engine(DOUBLE | {"doubleOptinInitialMessage": written})
    (plain,), (filled,) = heard(club, "JOIN"), heard(club, "JOIN", known={"points": points})
    assert texts([plain]) == [of_nobody]
    assert filled.contact == plain.contact
    (said,) = texts([filled])
    assert said == said.strip()
    assert 0 < len(said) <= 1_600


@pytest.mark.parametrize(("written", "of_nobody"), [CAPRICIOUS[0], CAPRICIOUS[2]])
def test_what_cannot_be_filled_for_a_contact_is_said_as_of_nobody(
    written: str, of_nobody: str
) -> None:
    club = engine(DOUBLE | {"doubleOptinInitialMessage": written})
    assert texts(heard(club, "JOIN", known={"Points": "many"})) == [of_nobody]


# A mark takes two percent signs, but two percent signs alone make none.
PLAIN = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=99)


@given(PLAIN.map(lambda said: re.sub("%+", "%", said)))
@example("100% off, 50%% more, %%, %%%, % %A%")
@example(" white space is kept \n")
def test_a_text_without_marks_is_said_as_it_is(said: str) -> None:
    club = engine(SINGLE | {"responseMessage": f"{said}."})
    assert texts(heard(club, "NEWS", known=KNOWN)) == [f"{said}."]


def test_no_birth_date_is_said_again_on_a_code_with_an_age_gate() -> None:
    stock = TEXT | {"responseMessage": "You: %%=MSG(0)=%%, %%=MSG(0).NOUN(0)=%%"}
    gated, open_to_all = engine(stock, AGE), engine(stock)
    assert texts(heard(gated, "stock 1/1/1990")) == ["You: stock #/#/####, #/#/####"]
    assert texts(heard(open_to_all, "stock 1/1/1990")) == ["You: stock 1/1/1990, 1/1/1990"]


def test_a_text_response_that_says_nothing_is_silence() -> None:
    stock = engine(TEXT | {"responseMessage": "%%MSG(0).NOUNS%%"})
    assert texts(heard(stock, "STOCK", "STOCK ACME")) == ["ACME"]


def test_what_http_get_has_to_fill_goes_out_as_the_template_with_all_it_needs() -> None:
    (outcome,) = heard(engine(TEXT | {"responseMessage": FETCH}), "stock acme", known=KNOWN)
    (mt,) = outcome.outbound
    assert (mt.text, mt.encoding, mt.segments, mt.keyword) == (FETCH, "", 0, "STOCK")
    assert shown(mt) == f"(to be filled by HTTPGet) {FETCH}"
    assert from_json(Outcome, to_json(outcome)) == outcome
    asked: list[str] = []

    def fetch(url: str) -> str:
        asked.append(url)
        return " 12.50\n"

    said = finished(mt, NOON, fetch)
    assert said == Outbound("response", "ACME:  12.50", "GSM-7", 1, "STOCK")
    assert asked == ["https://quotes.example/"]
    assert finished(said, NOON, fetch) == said
    assert len(asked) == 1


def test_what_cannot_be_filled_at_last_is_an_error_that_names_its_place_and_no_value() -> None:
    def failing(_: str) -> str:
        message = "the host takes too long"
        raise OSError(message)

    mt = Outbound("response", FETCH, "", 0, "STOCK", {"MSG(0).NOUN(0)": "secret"})
    with pytest.raises(TemplateError, match=r"line 1, column 37: .* too long") as failed:
        finished(mt, NOON, failing)
    assert "secret" not in str(failed.value)
    blank = Outbound("response", "%%=HTTPGet('https://quotes.example/')=%%", "", 0, "", {})
    with pytest.raises(TemplateError, match="says nothing"):
        finished(blank, NOON, lambda _: " \n")


def test_a_web_form_may_bring_what_is_known_and_a_handset_brings_nothing() -> None:
    club = engine(DOUBLE | {"doubleOptinInitialMessage": "Hi %%First Name%%, reply YES"})
    by_web = heard(club, "JOIN", origin=Origin.WEB, known=KNOWN)
    assert texts(by_web) == ["Hi Ann, reply YES"]
    assert texts(heard(club, "JOIN")) == ["Hi , reply YES"]
