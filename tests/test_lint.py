"""The copy lint: each rule has a change that breaks it alone, and one that keeps it."""

import pytest

from optin_engine.lint import RULES, Finding, lint
from optin_engine.lint.rules import SEVERITIES
from tests.clean_copy import ASK, CODE, DONE, MUST, OUT, RATES, Entry, account, found

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
    "keyword-misread": ("Single",
        {"keyword": "STOP-SMOKING"},
        {"keyword": "NONSTOP"}),
    "response-misread": ("Double",
        {"doubleOptInValidResponses": "y,yes stop"},
        {"doubleOptInValidResponses": "y,yes go on"}),
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
    for rule in RULES:
        assert rule.severity in SEVERITIES
        assert rule.reason.endswith(".")
        assert rule.source
