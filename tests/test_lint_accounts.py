"""What the copy lint asks of whom: examples, platforms, countries, brands, texts said again."""

import attrs
import pytest

from optin_engine.account import Account
from optin_engine.harness import starter
from optin_engine.lint import lint
from optin_engine.lint.words import GSM_INSTEAD
from optin_engine.wording import GSM_7, segments
from tests.clean_copy import ASK, CLEAN, CODE, DONE, MUST, Entry, account, found


def test_the_example_account_is_clean() -> None:
    assert lint(starter()) == ()


def test_the_example_says_yes_which_twilio_takes_for_itself() -> None:
    (one,) = lint(starter(), ["twilio", "telnyx"])
    assert (one.rule, one.keyword) == ("provider-answer", "JOIN")
    assert "YES, which Twilio takes for itself" in one.message


def test_without_a_provider_nothing_is_said_of_its_words() -> None:
    taken = {"Double": {"doubleOptInValidResponses": "y,td"}, "Single": {"keyword": "JOIN"}}
    assert set(found(**taken)) == {"provider-answer", "provider-keyword"}
    assert lint(account(**taken)) == ()


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
