"""The copy lint: each rule has a change that breaks it alone, and one that keeps it."""

from collections.abc import Mapping
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optin_engine.account import Account
from optin_engine.harness import starter
from optin_engine.lint import PROVIDER_BY_ID, RULES, Finding, lint
from optin_engine.lint.rules import SEVERITIES
from optin_engine.lint.words import GSM_INSTEAD
from optin_engine.program import Code, Program
from optin_engine.vocabulary import OptInType
from optin_engine.wording import GSM_7, segments

Entry = dict[str, Any]

CODE = "123456"
PLACE = {"shortCode": CODE, "countryCode": "US"}
RATES, OUT = "Msg & data rates may apply.", "Reply HELP for help, STOP to stop."
MUST = f"2 msgs/week. {RATES} {OUT}"
HELP_TEXT = "Acme: write to help@acme.example. Msg & data rates may apply. Reply STOP to stop."
CLEAN: Mapping[str, Entry] = {
    "code": {
        **PLACE,
        "brand": "Acme",
        "helpMessage": HELP_TEXT,
        "stopMessage": "Acme: You are out and will get no more messages.",
        "startMessage": "Acme: Welcome back. To get messages again text NEWS, DEALS or TEENS.",
        "defaultMessage": "Acme: Sorry? Reply HELP for help.",
    },
    "Single": {
        **PLACE,
        "messageName": "News",
        "keyword": "NEWS",
        "messageOptInType": "Single",
        "responseMessage": f"Acme News: Welcome! {MUST}",
        "duplicateOptInMessage": "Acme News: You are in already.",
        # What a Single programme never says is not judged.
        "optInErrorMessage": "Error.",
    },
    "Double": {
        **PLACE,
        "messageName": "Deals",
        "keyword": "DEALS",
        "messageOptInType": "Double",
        "doubleOptinInitialMessage": f"Acme Deals: Reply Y to join. {MUST}",
        "doubleOptinConfirmationMessage": f"Acme Deals: You are in. {MUST}",
        "doubleOptInValidResponses": "y",
        "optInErrorMessage": "Acme Deals: Sorry, reply Y to join.",
        "duplicateOptInMessage": "Acme Deals: You are in already.",
    },
    "Age": {
        **PLACE,
        "messageName": "Teens",
        "keyword": "TEENS",
        "messageOptInType": "Age",
        "minimumAge": 13,
        "doubleOptinInitialMessage": f"Acme Teens: Reply with your age to join. {MUST}",
        "doubleOptinConfirmationMessage": f"Acme Teens: You are in. {MUST}",
        "optInInvalidAgeMessage": "Acme Teens: Sorry, we cannot sign you up.",
        "birthDateMessage": "Acme Teens: Thanks! How old are you?",
        "optInErrorMessage": "Acme Teens: Sorry, reply with your age.",
    },
    "Text": {
        **PLACE,
        "messageName": "Menu",
        "keyword": "MENU",
        "messageOptInType": "Text",
        # One answer to one question tells neither how often nor how to stop.
        "responseMessage": "Acme: Today we have pumpkin soup. For one surprise text MENU again.",
        "duplicateOptInMessage": "You are in already. Reply MAYBE.",
    },
}
ALL_PROVIDERS = tuple(PROVIDER_BY_ID)

ASK, DONE = "doubleOptinInitialMessage", "doubleOptinConfirmationMessage"
WINE = {
    "messageName": "Wine",
    "minimumAge": 21,
    "acceptsAge": False,
    ASK: f"Acme Wine: Reply with your birth date to join. {MUST}",
    DONE: f"Acme Wine: You are in. {MUST}",
    "birthDateMessage": "Acme Wine: Thanks! Reply with your birth date as MM/DD/YYYY.",
}
LONG = "Acme Deals: You are in already" + ", and we are glad of it" * 10

Case = tuple[str, Entry, Entry]
# fmt: off
CASES: dict[str, Case] = {
    # rule and whose it is; a change that breaks it, and it alone; one that keeps it
    "brand-unset": ("code",
        {"brand": None},
        {"brand": "ACME!"}),
    "prompt-brand": ("Double",
        {ASK: f"Deals: Reply Y to join. {MUST}"},
        {ASK: f"Get acme's deals: Reply Y to join. {MUST}"}),
    "prompt-content": ("Double",
        {ASK: f"Acme: Reply Y to join. {MUST}"},
        {ASK: f"Acme: Reply Y for a coupon. {MUST}"}),
    "prompt-frequency": ("Double",
        {ASK: f"Acme Deals: Reply Y to join. Msg&data rates may apply. {OUT}"},
        {ASK: f"Acme Deals: Reply Y for up to 6 texts a month. {RATES} {OUT}"}),
    "prompt-rates": ("Double",
        {ASK: f"Acme Deals: Reply Y to join. Weekly. {OUT}"},
        {ASK: f"Acme Deals: Reply Y to join. Weekly. Message and data rates may apply. {OUT}"}),
    "prompt-help": ("Double",
        {ASK: f"Acme Deals: Reply Y to join, STOP to stop. Weekly. {RATES} Text us for help."},
        {ASK: f"Acme Deals: Reply Y to join, STOP to stop. Weekly. {RATES} Text help for help."}),
    "prompt-stop": ("Double",
        {ASK: f"Acme Deals: Reply Y, and never stop saving. Weekly. {RATES} HELP for help."},
        {ASK: f"Acme Deals: Reply Y, or arreter to stop. Weekly. {RATES} HELP for help."}),
    "prompt-answer": ("Double",
        {ASK: f"Acme Deals: Will you join? {MUST}"},
        {ASK: f"Acme Deals: Will you join? Answer 'y'. {MUST}"}),
    "confirm-brand": ("Single",
        {"responseMessage": f"Welcome to News! {MUST}"},
        {"responseMessage": f"Welcome to News by ACME! {MUST}"}),
    "confirm-content": ("Age",
        {DONE: f"Acme: You are in. {MUST}"},
        {DONE: f"Acme: You are in for daily tips. {MUST}"}),
    "confirm-frequency": ("Single",
        {"responseMessage": f"Acme News: Hi! {RATES} {OUT}"},
        {"responseMessage": f"Acme News: Hi! 1 msg per request. {RATES} {OUT}"}),
    "confirm-rates": ("Single",
        {"responseMessage": f"Acme News: Hi! 2 msgs/week. {OUT}"},
        {"responseMessage": f"Acme News: Hi! Weekly. Pueden aplicarse tarifas de datos. {OUT}"}),
    "confirm-help": ("Double",
        {DONE: f"Acme Deals: You are in. Daily. {RATES} STOP to stop."},
        {DONE: f"Acme Deals: You are in. Daily. {RATES} AYUDA, STOP."}),
    "confirm-stop": ("Double",
        {DONE: f"Acme Deals: You are in. Daily. {RATES} HELP for help."},
        {DONE: f"Acme Deals: You are in. Daily. {RATES} HELP for help, text end to leave."}),
    "frequency-vague": ("Double",
        {ASK: f"Acme Deals: Reply Y for recurring texts. {RATES} {OUT}"},
        {ASK: f"Acme Deals: Reply Y for 4 recurring msgs/month. {RATES} {OUT}"}),
    "response-brand": ("Text",
        {"responseMessage": "Today we have pumpkin soup."},
        {"responseMessage": "Pumpkin soup, at Acme's."}),
    "response-joined": ("Text",
        {"responseMessage": "Acme: Pumpkin soup. Thanks for subscribing!"},
        {"responseMessage": "Acme: Pumpkin soup. Thanks for asking!"}),
    "help-brand": ("code",
        {"helpMessage": "Write to help@example.com. Reply STOP to stop."},
        {"helpMessage": "Write to Acme, help@example.com. Reply STOP to stop."}),
    "help-contact": ("code",
        {"helpMessage": "Acme: we are at 123456, and glad to help. Reply STOP to stop."},
        {"helpMessage": "Acme: call 1-800-555-0199. Reply STOP to stop."}),
    "stop-brand": ("code",
        {"stopMessage": "You will get no more messages."},
        {"stopMessage": "You will get no more messages from Acme."}),
    "stop-promise": ("code",
        {"stopMessage": "Acme: You are unsubscribed. Goodbye!"},
        {"stopMessage": "Acme: You won't receive messages from us."}),
    "age-told": ("Age",
        {ASK: f"Acme Teens (13+): Reply with your birth date to join. {MUST}"},
        {ASK: f"Acme Teens (13+ texts a year): Reply with your birth date to join. {MUST}"}),
    "age-claim": ("Age",
        {"optInErrorMessage": "Acme Teens: If you are old enough, reply with your age."},
        {"optInErrorMessage": "Acme Teens: Sorry, reply with year, month and day, or your age."}),
    "age-refusal": ("Age",
        {"optInInvalidAgeMessage": "Acme Teens: Come back when you are 13."},
        {"optInInvalidAgeMessage": "Acme Teens: You're not old enough for these messages."}),
    "age-birth-date": ("Age",
        WINE | {"birthDateMessage": "Acme Wine: Thanks! Your age?"},
        WINE),
    "age-bare": ("Age",
        WINE | {"acceptsAge": True},
        WINE),
    "age-low": ("Age",
        WINE | {"minimumAge": 18},
        WINE),
    "age-gate": ("Double",
        {ASK: f"Acme Deals on beer: Reply Y to join. {MUST}"},
        {ASK: f"Acme Deals on rootbeer: Reply Y to join. {MUST}"}),
    "error-answer": ("Double",
        {"optInErrorMessage": "An error occurred. Please try again."},
        {"optInErrorMessage": "Sorry? Please respond with y."}),
    "answer-unheard": ("Double",
        {ASK: f"Acme Deals: Reply Y or AGREE to join. {MUST}"},
        {ASK: f"Acme Deals: Reply Y/N. We text NFL deals. {MUST}"}),
    "deadline": ("Double",
        {ASK: f"Acme Deals: Reply Y within 24 hours. {MUST}"},
        {ASK: f"Acme Deals: Reply Y within 3 days. {MUST}"}),
    "provider-answer": ("Double",
        {"doubleOptInValidResponses": "y,td"},
        {"doubleOptInValidResponses": "y,yes please"}),
    "provider-keyword": ("Single",
        {"keyword": "JOIN"},
        {"keyword": "JOINNEWS"}),
    "attribute-gap": ("Single",
        {"responseMessage": f"Acme News: Hi %%First Name%%! {MUST}"},
        {"responseMessage": f"Acme News: Hi %%=IIf(Empty(City), 'you', City)=%%! {MUST}"}),
    "ucs2": ("code",
        {"defaultMessage": "Acme: Sorry\u2026 Reply HELP for help."},
        {"defaultMessage": "Acme: D\u00e9sol\u00e9... Reply HELP for help."}),
    "segments": ("Double",
        {"duplicateOptInMessage": LONG},
        {"duplicateOptInMessage": LONG[:160]}),
    "segments-many": ("Double",
        {"duplicateOptInMessage": LONG * 2},
        {"duplicateOptInMessage": LONG[:160]}),
    "short-link": ("Double",
        {"duplicateOptInMessage": "Acme Deals: see https://bit.ly/3abc"},
        {"duplicateOptInMessage": "Acme Deals: see https://rabbit.ly/3abc"}),
    "one-way": ("code",
        {"defaultMessage": "Acme: This number is not monitored."},
        {"defaultMessage": "Acme: This number is monitored."}),
    "lint-ignore": ("Double",
        {"lintIgnore": "prompt-brand, prompt-bland"},
        {"lintIgnore": ["prompt-brand"]}),
}
# fmt: on


def account(**changes: Entry) -> Account:
    code, *programs = ({**entry, **changes.get(whose, {})} for whose, entry in CLEAN.items())
    news = code["startMessage"].replace("NEWS", programs[0]["keyword"])
    return Account.of([{**code, "startMessage": news}], programs)


def found(**changes: Entry) -> list[str]:
    return [finding.rule for finding in lint(account(**changes), ALL_PROVIDERS)]


def test_nothing_is_found_in_clean_copy() -> None:
    assert found() == []


def test_every_rule_has_a_case() -> None:
    assert list(CASES) == [rule.id for rule in RULES]


@pytest.mark.parametrize("rule", CASES)
def test_a_change_that_breaks_a_rule_breaks_that_one_alone(rule: str) -> None:
    whose, breaking, _ = CASES[rule]
    assert set(found(**{whose: breaking})) == {rule}


@pytest.mark.parametrize("rule", CASES)
def test_a_change_that_keeps_the_rule_breaks_none(rule: str) -> None:
    whose, _, keeping = CASES[rule]
    assert found(**{whose: keeping}) == []


@pytest.mark.parametrize("rule", [rule for rule in CASES if rule != "lint-ignore"])
def test_a_rule_that_an_entry_ignores_is_passed_over_there(rule: str) -> None:
    whose, breaking, _ = CASES[rule]
    assert found(**{whose: breaking | {"lintIgnore": f"ucs2,{rule} , "}}) == []


@pytest.mark.parametrize("rule", [rule for rule, case in CASES.items() if case[0] == "Double"])
def test_a_rule_that_a_code_ignores_is_passed_over_in_its_programmes(rule: str) -> None:
    _, breaking, _ = CASES[rule]
    assert found(code={"lintIgnore": [rule]}, Double=breaking) == []


def test_a_finding_names_who_what_and_why() -> None:
    (one,) = lint(account(Age={"minimumAge": 13, DONE: f"Teens: You are in. {MUST}"}))
    rule = next(rule for rule in RULES if rule.id == "confirm-brand")
    message = 'DoubleOptinConfirmationMessage does not name Acme: begin with "Acme: ".'
    assert one == Finding(
        rule="confirm-brand",
        severity="error",
        code=CODE,
        keyword="TEENS",
        program="Teens",
        field=DONE,
        message=message,
        reason=rule.reason,
        source=rule.source,
    )


def test_a_finding_on_a_code_has_no_keyword() -> None:
    (one,) = lint(account(code=CASES["help-contact"][1]))
    assert (one.code, one.keyword, one.program) == (CODE, "", f"code {CODE}")


def test_every_rule_is_explained() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.severity in SEVERITIES
        assert rule.reason.endswith(".")
        assert rule.source


# ---- What people write, and what is right --------------------------------------------------


def test_the_example_account_is_clean() -> None:
    assert lint(starter()) == ()


def test_the_example_says_yes_which_twilio_takes_for_itself() -> None:
    (one,) = lint(starter(), ["twilio", "telnyx"])
    assert (one.rule, one.keyword) == ("provider-answer", "JOIN")
    assert "YES, which Twilio takes for itself" in one.message


def test_without_a_provider_nothing_is_said_of_its_words() -> None:
    for rule in ("provider-answer", "provider-keyword"):
        whose, breaking, _ = CASES[rule]
        assert lint(account(**{whose: breaking})) == ()


@pytest.mark.parametrize(
    ("provider", "answer", "rules"),
    [
        ("twilio", "yes", ["provider-answer"]),
        ("twilio", "Yes", ["provider-answer"]),
        ("twilio", "oui", []),
        ("telnyx", "yes", []),
        ("braze", "yes", ["provider-answer"]),
        ("aws", "td", ["provider-answer"]),
        ("sinch", "subscribe", ["provider-answer"]),
        ("vonage", "join", ["provider-answer"]),
    ],
)
def test_each_platform_takes_words_of_its_own(provider: str, answer: str, rules: list[str]) -> None:
    judged = lint(account(Double={"doubleOptInValidResponses": f"y,{answer}"}), [provider])
    assert [finding.rule for finding in judged] == rules


def test_an_answer_of_an_age_gate_may_be_taken_unless_it_is_told() -> None:
    assert lint(account(Age={}), ["twilio"]) == ()
    told = {ASK: f"Acme Teens: Reply YES, or your age. {MUST}"}
    assert [finding.rule for finding in lint(account(Age=told), ["twilio"])] == ["provider-answer"]


def test_an_unknown_provider_is_an_error() -> None:
    with pytest.raises(KeyError, match="nosuch"):
        lint(account(), ["nosuch"])


# The definitions that MobileConnect's documentation publishes: what is right to say of each.
MISSING = {"content", "rates", "help", "stop", "brand"}
PUBLISHED: dict[str, tuple[Entry, set[str]]] = {
    "Single": (
        {"responseMessage": "Hey, thanks for subscribing!"},
        {f"confirm-{part}" for part in MISSING} | {"confirm-frequency"},
    ),
    "Double": (
        {
            "messageName": "Your Message Name",
            ASK: "Thanks for your interest! Please respond with Y or YES to confirm your"
            " subscription.",
            DONE: "Thanks for subscribing! You will receive approx. 4 messages per month.",
            "optInErrorMessage": "An error occurred. Please try again.",
        },
        {f"{text}-{part}" for text in ("prompt", "confirm") for part in MISSING}
        | {"prompt-frequency", "answer-unheard", "error-answer"},
    ),
    "Age": (
        {
            "messageName": "Your Message Name",
            ASK: "Thanks for subscribing! Please respond with your age to confirm your"
            " subscription.",
            DONE: "Thanks for subscribing! You will receive approx. 4 messages per month.",
            "optInInvalidAgeMessage": "Sorry, but you're not old enough to subscribe to these"
            " messages.",
            "optInErrorMessage": "An error occurred. Please try again.",
        },
        {f"{text}-{part}" for text in ("prompt", "confirm") for part in MISSING}
        | {"prompt-frequency", "error-answer"},
    ),
}


@pytest.mark.parametrize("whose", PUBLISHED)
def test_the_published_examples_are_warned_about(whose: str) -> None:
    texts, rules = PUBLISHED[whose]
    assert set(found(**{whose: texts})) == rules


def test_a_valid_response_that_is_told_in_words_may_be_missing() -> None:
    texts = {ASK: f"Acme Deals: Respond with Y or YES to join. {MUST}"}
    (one,) = lint(account(Double=texts))
    assert one.message == (
        "DoubleOptinInitialMessage tells to send YES, which is not among "
        "DoubleOptInValidResponses (y): add it there, or tell another."
    )


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


def test_what_the_carriers_of_north_america_ask_is_not_asked_elsewhere() -> None:
    abroad = {"shortCode": CODE, "countryCode": "DE"}
    bare = {"responseMessage": "Acme News: Welcome! Reply STOP to stop."}
    assert {"confirm-rates", "confirm-help", "confirm-frequency"} == set(found(Single=bare))
    code, program = ({**CLEAN[whose], **abroad} for whose in ("code", "Single"))
    code["startMessage"] = "Acme: Welcome back."
    assert lint(Account.of([code], [{**program, **bare}])) == ()


def test_where_the_country_is_not_known_the_carriers_rules_hold() -> None:
    (code,) = account(
        Single={"responseMessage": "Acme News: Hi! Reply STOP to stop."}
    ).codes.values()
    judged = lint(Account({CODE: attrs.evolve(code, country="")}))
    assert {"confirm-rates", "confirm-help"} <= {finding.rule for finding in judged}


def test_a_programme_that_is_called_as_the_brand_does_not_say_what_is_sent() -> None:
    named = {"messageName": "ACME", "responseMessage": f"Acme: Welcome! {MUST}"}
    assert found(Single=named) == ["confirm-content"]


def test_where_all_is_in_capitals_no_word_stands_out() -> None:
    shouted = f"ACME DEALS: REPLY YOUR WAY, Y TO JOIN. {MUST}".upper()
    assert found(Double={ASK: shouted}) == []


def test_without_a_brand_a_name_in_front_is_taken_for_one() -> None:
    texts = {"stopMessage": "Acme: You will get no more messages."}
    assert found(code={"brand": None} | texts) == ["brand-unset"]
    texts = {"stopMessage": "You will get no more messages."}
    assert found(code={"brand": None} | texts) == ["brand-unset", "stop-brand"]


def test_a_prompt_that_is_said_again_for_a_birth_date_is_judged_once() -> None:
    again = {"birthDateMessage": None, ASK: f"Teens: Reply with your age. See bit.ly/x. {MUST}"}
    assert found(Age=again) == ["prompt-brand", "short-link"]


def test_further_texts_of_an_extended_flow_are_judged_by_name() -> None:
    (one,) = lint(account(Single={"messages": {"thanks": "Acme: do not reply"}}))
    assert (one.rule, one.field) == ("one-way", "messages.thanks")


def test_each_wide_character_is_named_with_what_would_do() -> None:
    text = "Acme: \u201cHi\u201d \u2013 caf\u00ea\u00a0\u200b\U0001f600 \u2026 \ufb01n \u4e2d"
    (one,) = lint(account(Single={"duplicateOptInMessage": text}))
    assert one.message == (
        "DuplicateOptInMessage needs UCS-2 (70 characters an SMS, not 160) for "
        '\u201c (U+201C), write ", \u201d (U+201D), write ", '
        "\u2013 (U+2013), write -, \u00ea (U+00EA), write e, "
        "U+00A0, write a space and 5 more."
    )


def test_what_stands_for_a_wide_character_is_gsm() -> None:
    for wide, instead in GSM_INSTEAD.items():
        assert segments(wide)[0] != GSM_7
        assert segments(instead)[0] == GSM_7


# ---- Laws ----------------------------------------------------------------------------------

PARTS = {
    "brand": "Acme.",
    "content": "Deals.",
    "answer": "Reply Y.",
    "frequency": "4 msgs/month.",
    "rates": "Msg & data rates may apply.",
    "help": "Reply HELP.",
    "stop": "Reply STOP.",
}
FILLER = st.lists(st.sampled_from(["Hello.", "Thanks!", "Nice to see you.", "Ok?"]), max_size=3)


@given(st.sets(st.sampled_from(sorted(PARTS))), FILLER, st.randoms(use_true_random=False))
def test_exactly_what_is_left_out_is_missed(told: set[str], filler: list[str], chance: Any) -> None:
    sentences = [*(PARTS[part] for part in told), *filler, "Hi."]
    chance.shuffle(sentences)
    texts = dict.fromkeys((ASK, DONE), " ".join(sentences))
    asked = {f"prompt-{part}" for part in PARTS.keys() - told}
    done = {f"confirm-{part}" for part in PARTS.keys() - told - {"answer"}}
    code = CLEAN["code"] | {"startMessage": None}
    judged = lint(Account.of([code], [CLEAN["Double"] | texts]))
    assert {finding.rule for finding in judged} == asked | done


TEXTS = st.text() | st.lists(
    st.sampled_from(["Reply", "text", "YES", "or", '"', "'", "within 3", "days", "21+", "bit.ly/",
                     "age", "STOP", "a@b.c", "\u2026", "\ud800", "wine", "%%x%%", "+1555", "I"]),
    max_size=30,
).map(" ".join)  # fmt: skip


SAID = ("response", "initial", "confirmation", "birth_date", "invalid_age", "duplicate", "error")


@st.composite
def whatever(draw: st.DrawFn) -> Account:
    several = draw(st.lists(TEXTS, min_size=3, max_size=3))
    texts: dict[str, Any] = dict(zip(SAID, several * len(SAID), strict=False))
    texts |= {"valid_responses": tuple(several[1:]), "messages": {several[0]: several[1]}}
    programs = tuple(
        Program(several[2], CODE, opt_in_type.upper(), opt_in_type, **texts)
        for opt_in_type in OptInType
    )
    said: dict[str, Any] = dict(zip(("help", "stop", "default"), several, strict=True))
    country, brand = draw(st.sampled_from(["US", "", "DE"])), draw(TEXTS)
    return Account({CODE: Code(CODE, country, brand=brand, programs=programs, **said)})


@settings(max_examples=60)
@given(whatever())
def test_any_texts_whatever_are_judged_and_always_alike(judged: Account) -> None:
    first = lint(judged, ALL_PROVIDERS)
    again = attrs.evolve(judged, codes={d: attrs.evolve(c) for d, c in judged.codes.items()})
    assert lint(again, ALL_PROVIDERS) == first
    assert {finding.rule for finding in first} <= {rule.id for rule in RULES}
    assert all(finding.message and finding.field for finding in first)
