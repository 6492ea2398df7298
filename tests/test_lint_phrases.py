"""The copy lint understands what people write, in words other than those of its rules."""

import pytest

from optin_engine.account import Account
from optin_engine.lint import lint
from tests.clean_copy import ASK, MUST, OUT, RATES, account, found

FRENCH = (
    "Acme Deals: R\u00e9pondez OUI pour 4 msgs/mois. Des frais de messagerie et de donn\u00e9es "
    "peuvent s\u2019appliquer. AIDE pour aide, ARRET pour arr\u00eater."
)
SPANISH = (
    "Acme Deals: Responda SI para 4 mensajes al mes. Pueden aplicarse tarifas de mensajes y datos."
    " AYUDA para ayuda, ALTO para salir."
)


@pytest.mark.parametrize(("text", "yes"), [(FRENCH, "oui"), (SPANISH, "si")])
def test_copy_in_french_and_spanish_is_understood(text: str, yes: str) -> None:
    said = {ASK: text, "doubleOptInValidResponses": yes, "optInErrorMessage": text}
    assert set(found(Double=said)) <= {"ucs2", "segments", "segments-many"}


@pytest.mark.parametrize(
    "often",
    [
        "up to 8 msgs/mo",
        "4MSGS/MO",
        "2x/week",
        "approx. 4 messages per month",
        "1 msg every 2 weeks",
        "4-6 recurring automated texts a month",
        "one message per request",
        "daily deals",
        "2 texts every Monday, each week",
        "4 msgs/mois",
        "2 mensajes al mes",
    ],
)
def test_how_often_may_be_said_in_other_words(often: str) -> None:
    assert found(Double={ASK: f"Acme Deals, {often}: Reply Y. {RATES} {OUT}"}) == []


@pytest.mark.parametrize(
    "seldom", ["save $10 a month", "for a month", "15% off each order", "4 reasons to text us"]
)
def test_other_numbers_do_not_say_how_often(seldom: str) -> None:
    asked = {ASK: f"Acme Deals, {seldom}: Reply Y. {RATES} {OUT}"}
    assert found(Double=asked) == ["prompt-frequency"]


@pytest.mark.parametrize("vague", ["msg frequency varies", "occasional texts", "regular updates"])
def test_vague_words_do_not_say_how_often(vague: str) -> None:
    assert found(Double={ASK: f"Acme Deals, {vague}: Reply Y. {RATES} {OUT}"}) == [
        "frequency-vague"
    ]


@pytest.mark.parametrize(
    "rates",
    [
        "Msg&Data rates may apply",
        "MESSAGE AND DATA RATES MAY APPLY",
        "Std. msg & data charges apply",
        "Msg&DataRatesMayApply",
    ],
)
def test_charges_may_be_told_in_other_words(rates: str) -> None:
    assert found(Double={ASK: f"Acme Deals, weekly: Reply Y. {rates}. {OUT}"}) == []


@pytest.mark.parametrize(
    "text",
    [
        "Acme Deals: Reply with Y",
        "Acme Deals: to confirm text back Y now",
        "Acme Deals: send 'Y' to join",
        "Acme Deals: answer Y, or N",
        "Acme Deals: Reply Y with DOB, ASAP, by SMS",
        "Acme Deals: Reply Y PLEASE to join",
    ],
)
def test_the_answer_may_be_told_in_other_words(text: str) -> None:
    assert found(Double={ASK: f"{text}. {MUST}"}) == []


@pytest.mark.parametrize(
    "text",
    ["Text LEAVE to stop", 'Reply "leave"', "Reply STOP, HELP or LEAVE", "Text Y, LEAVE to go"],
)
def test_a_word_that_nobody_hears_is_found_wherever_it_is_told(text: str) -> None:
    (one,) = lint(account(Double={ASK: f"Acme Deals: Reply Y. {text}. {MUST}"}))
    assert one.rule == "answer-unheard"
    assert "to send leave" in one.message.lower()


@pytest.mark.parametrize(
    "text",
    [
        "Acme : vous ne recevrez plus de messages.",
        "Acme: no recibir\u00e1s m\u00e1s mensajes.",
        "Acme: this was our last message.",
        "Acme: opt-out confirmed. No msgs will be sent.",
    ],
)
def test_an_end_may_be_promised_in_other_words(text: str) -> None:
    assert "stop-promise" not in found(code={"stopMessage": text})


@pytest.mark.parametrize(
    "text",
    [
        "Acme: see acme.example/help",
        "Acme: write to care+us@mail.acme.com",
        "Acme: www.acme.com",
        "Acme: call (800) 555-0199",
        "Acme: call 1-800-ACME-HELP",
    ],
)
def test_a_contact_is_a_number_an_address_or_a_link(text: str) -> None:
    assert found(code={"helpMessage": text}) == []


def test_the_code_itself_is_no_contact() -> None:
    long = {
        "longCode": "+1 555 555 0100",
        "brand": "Acme",
        "helpMessage": "Acme: +1 (555) 555-0100",
    }
    assert [finding.rule for finding in lint(Account.of([long]))] == ["help-contact"]


@pytest.mark.parametrize(
    "told",
    [
        "21 or older",
        "21+",
        "over 20",
        "at least 18",
        "18 years old",
        "must be 21",
        "18 ans",
        "18 anos",
    ],
)
def test_the_passing_age_may_be_told_in_many_ways(told: str) -> None:
    text = {"birthDateMessage": f"Acme Teens, {told}: reply with your birth date."}
    assert found(Age=text) == ["age-told"]


@pytest.mark.parametrize("said", ["over 20 deals", "at least 12 texts", "within 15 minutes"])
def test_other_numbers_tell_no_age(said: str) -> None:
    text = {"birthDateMessage": f"Acme Teens, {said}. Reply with your birth date."}
    assert found(Age=text) == []


def test_where_all_is_in_capitals_no_word_stands_out() -> None:
    shouted = f"ACME DEALS: REPLY YOUR WAY, Y TO JOIN. {MUST}".upper()
    assert found(Double={ASK: shouted}) == []
