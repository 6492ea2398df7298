"""What carriers, platforms and the law want of copy: every rule of the lint, as data.

An error is what makes carriers reject a programme, a law broken, or a conversation that
cannot succeed; a warning what they advise, or what may only look like a mistake; a note what
costs money. The call to action may have told what an opt-in prompt leaves out; the
confirmation is the one message that must tell all of it.
"""

from collections.abc import Iterator

import attrs

from optin_engine.lint import answers, checks
from optin_engine.lint import words as say
from optin_engine.lint.place import Check, Place
from optin_engine.phrases import HELP_WORDS, STOP_WORDS
from optin_engine.vocabulary import OptInType

ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = (NOTE, WARNING, ERROR)


@attrs.frozen
class Rule:
    """One rule.

    Attributes:
        id: short words, by which `lintIgnore` names it.
        severity: `error`, `warning` or `note`.
        owners: the opt-in types whose programmes it looks at; `code` for the code's own fields,
            `message` for outbound messages.
        fields: MobileConnect's names of the fields it looks at.
        countries: where it holds, ISO 3166 alpha-2; empty for everywhere. Where the country of
            a code is not known, it holds.
        check: finds what breaks it.
        source: who says so, and where.
        reason: why it is so, in a sentence.

    """

    id: str
    severity: str
    owners: tuple[str, ...]
    fields: tuple[str, ...]
    countries: frozenset[str]
    check: Check
    source: str
    reason: str


# What a programme of each type, and a code, can say. MobileConnect's clients send other texts
# too, and nobody ever hears those.
CODE, OUTBOUND = "code", "message"
SPOKEN = {
    OptInType.SINGLE: ("responseMessage", "duplicateOptInMessage"),
    OptInType.DOUBLE: (
        "doubleOptinInitialMessage",
        "doubleOptinConfirmationMessage",
        "optInErrorMessage",
        "duplicateOptInMessage",
    ),
    OptInType.AGE: (
        "doubleOptinInitialMessage",
        "birthDateMessage",
        "doubleOptinConfirmationMessage",
        "optInInvalidAgeMessage",
        "optInErrorMessage",
        "duplicateOptInMessage",
    ),
    OptInType.TEXT: ("responseMessage",),
    CODE: ("helpMessage", "stopMessage", "startMessage", "defaultMessage"),
}

# Whose fields, and which; EVERY_TEXT is all that it can say.
SINGLE, DOUBLE, AGE, TEXT = ((str(opt_in_type),) for opt_in_type in OptInType)
ASKING, JOINED, UNGATED = DOUBLE + AGE, SINGLE + DOUBLE + AGE, SINGLE + DOUBLE + TEXT
EACH, CODES = JOINED + TEXT, (CODE,)
BOTH = EACH + CODES
SAYING = (*BOTH, OUTBOUND)
EVERY_TEXT = "every text"
TEXTS = (EVERY_TEXT,)
PROMPT, ERRORS = ("doubleOptinInitialMessage",), ("optInErrorMessage",)
RESPONSE = ("responseMessage",)
AGE_ASK, ALL_ASKS = (*PROMPT, "birthDateMessage"), (*PROMPT, "birthDateMessage", *ERRORS)
CONFIRM, REFUSAL = (
    (*RESPONSE, "doubleOptinConfirmationMessage"),
    ("optInInvalidAgeMessage",),
)
HELP, STOP, BRAND = ("helpMessage",), ("stopMessage",), ("brand",)
TYPE, KEYWORD, ANSWERS = ("messageOptInType",), ("keyword",), ("doubleOptInValidResponses",)
BARE, LEAST, IGNORED = ("acceptsAge",), ("minimumAge",), ("lintIgnore",)

# CTIA is the carriers' association of the United States; Canada's carriers ask the same.
CTIA = frozenset({"US", "PR", "VI", "GU", "AS", "MP", "CA"})
ALL: frozenset[str] = frozenset()

# Who says so.
_CTIA = "CTIA Messaging Principles and Best Practices (May 2023)"
INVITE, CONFIRMED, OPT_OUT, LINKS = (
    f"{_CTIA}, {section}" for section in ("5.1.1", "5.1.2.1", "5.1.3", "5.3.2")
)
AUDIT = "CTIA Short Code Monitoring Handbook, audit standards of the message flow"
TCPA_STOP, TCPA_REPLY = f"{OPT_OUT}; 47 CFR 64.1200(a)(12)", "47 CFR 64.1200(a)(10)"
COPPA = "16 CFR 312; FTC, Complying with COPPA: FAQ, blocking children under 13"
GATE = "AWS End User Messaging SMS, Age-restricted content opt-in; Twilio error 30956"
LAW_OF_21 = "23 U.S.C. 158 (alcohol); 21 U.S.C. 387f(d)(5) (tobacco)"
OURS = "optin-engine: how it reads a text, and its machines"
GSM = "3GPP TS 23.038 (alphabets) and 23.040 (concatenation)"
TAKEN = "The documentation of the platform, which the message names"

no_rates = checks.lacks(say.RATES, 'does not tell of charges: add "Msg & data rates may apply."')
no_help = answers.tells_none_of(
    HELP_WORDS, 'does not tell how to get help: add "Reply HELP for help."'
)
no_stop = answers.tells_none_of(
    STOP_WORDS, 'does not tell how to get out: add "Reply STOP to stop."'
)
no_promise = checks.lacks(
    say.NO_MORE, 'does not promise an end: add "You will get no more messages."'
)
age_told = checks.holds(
    say.AGE_TOLD, 'tells the age that passes ("{}"): ask for the birth date, and name no age.'
)
age_claimed = checks.holds(
    say.AGE_CLAIMED, 'invites to claim an age ("{}"): ask for the birth date, and nothing else.'
)
age_betrayed = checks.holds(
    say.AGE_TOLD, 'tells the age that passes ("{}"): say only that you cannot sign them up.'
)
ungated, low_age = map(checks.of_restricted, (checks.ungated, checks.low_age))
bare_asked, bare_taken = map(checks.of_restricted, (checks.bare_age_asked, checks.bare_age_taken))
joined = checks.holds(
    say.JOINED,
    'says "{}", while a Text programme subscribes nobody: make it Single, or take it out.',
)
one_way = checks.holds(
    say.ONE_WAY, 'says "{}", while STOP, HELP and answers come by reply: take it out.'
)


def unknown_rules(place: Place) -> Iterator[str]:
    """Find ids in a `lintIgnore` that no rule has."""
    for name in place.passed_over:
        if name not in BY_ID:
            yield f"names {name}, which is no rule of the lint."


# fmt: off
RULES = tuple(Rule(*row) for row in (
    # id                  severity owners   fields    where check                      source      reason
    ("brand-unset",       WARNING, CODES,   BRAND,    ALL,  checks.brand_unset,        INVITE,     "Every message must say who speaks; without a brand the default texts can name only digits."),

    ("prompt-brand",      ERROR,   ASKING,  PROMPT,   ALL,  checks.no_brand,           INVITE,     "Who is asked must know who asks."),
    ("prompt-content",    WARNING, ASKING,  PROMPT,   ALL,  checks.no_content,         INVITE,     "Who is asked must know what will be sent."),
    ("prompt-frequency",  WARNING, ASKING,  PROMPT,   CTIA, checks.no_frequency,       INVITE,     "Who is asked must know how many messages will come."),
    ("prompt-rates",      WARNING, ASKING,  PROMPT,   CTIA, no_rates,                  INVITE,     "Who is asked must know that messages may cost money."),
    ("prompt-help",       WARNING, ASKING,  PROMPT,   CTIA, no_help,                   INVITE,     "Every programme offers help, and says how to get it."),
    ("prompt-stop",       ERROR,   ASKING,  PROMPT,   ALL,  no_stop,                   INVITE,     "Who is asked must know how to get out again."),
    ("prompt-answer",     ERROR,   ASKING,  PROMPT,   ALL,  answers.no_answer,         INVITE,     "Nobody can confirm who is not told how."),

    ("confirm-brand",     ERROR,   JOINED,  CONFIRM,  ALL,  checks.no_brand,           CONFIRMED,  "The confirmation names the programme and who runs it."),
    ("confirm-content",   WARNING, JOINED,  CONFIRM,  ALL,  checks.no_content,         CONFIRMED,  "The confirmation names the programme, or describes what it sends."),
    ("confirm-frequency", ERROR,   JOINED,  CONFIRM,  CTIA, checks.no_frequency,       CONFIRMED,  "The confirmation says how often messages come."),
    ("confirm-rates",     ERROR,   JOINED,  CONFIRM,  CTIA, no_rates,                  CONFIRMED,  "The confirmation tells of charges."),
    ("confirm-help",      ERROR,   JOINED,  CONFIRM,  CTIA, no_help,                   CONFIRMED,  "The confirmation says how to reach customer care."),
    ("confirm-stop",      ERROR,   JOINED,  CONFIRM,  ALL,  no_stop,                   CONFIRMED,  "The confirmation says how to opt out."),
    ("frequency-vague",   WARNING, JOINED,  PROMPT + CONFIRM, CTIA, checks.vague_frequency, CONFIRMED, "A number is what people agree to; reviewers send vague words back."),

    ("response-brand",    ERROR,   TEXT,    RESPONSE, ALL,  checks.no_brand,           INVITE,     "Who gets an answer must know whose it is."),
    ("response-joined",   ERROR,   TEXT,    RESPONSE, ALL,  joined,                    OURS,       "A Text Response subscribes nobody: whoever is told so waits for what never comes."),

    ("help-brand",        ERROR,   CODES,   HELP,     ALL,  checks.no_brand,           AUDIT,      "Who asks for help must learn whose messages these are."),
    ("help-contact",      ERROR,   CODES,   HELP,     CTIA, checks.no_contact,         AUDIT,      "HELP leads to customer care: a phone number, an e-mail address or a link."),
    ("stop-brand",        ERROR,   CODES,   STOP,     ALL,  checks.no_brand,           OPT_OUT,    "The one message after STOP says what was stopped."),
    ("stop-promise",      ERROR,   CODES,   STOP,     ALL,  no_promise,                TCPA_STOP,  "The one message after STOP confirms that no more will come, and nothing else."),

    ("age-told",          ERROR,   AGE,     ALL_ASKS, ALL,  age_told,                  COPPA,      "An age screen is neutral: a child that knows the passing age gives it."),
    ("age-claim",         ERROR,   AGE,     ALL_ASKS, ALL,  age_claimed,               COPPA,      "An age screen is neutral: nobody is invited to claim to be old enough."),
    ("age-refusal",       WARNING, AGE,     REFUSAL,  ALL,  age_betrayed,              COPPA,      "Who learns the passing age by being refused comes back with it."),
    ("age-birth-date",    ERROR,   AGE,     AGE_ASK,  ALL,  bare_asked,                GATE,       "For alcohol and tobacco carriers want day, month and year of birth, no age and no yes."),
    ("age-bare",          ERROR,   AGE,     BARE,     ALL,  bare_taken,                GATE,       "For alcohol and tobacco carriers want day, month and year of birth, no age and no yes."),
    ("age-low",           WARNING, AGE,     LEAST,    ALL,  low_age,                   LAW_OF_21,  "Alcohol and tobacco may not be sold to anybody younger."),
    ("age-gate",          WARNING, UNGATED, TYPE,     ALL,  ungated,                   GATE,       "Alcohol and tobacco may be promoted only to who has passed an age gate."),

    ("error-answer",      WARNING, ASKING,  ERRORS,   ALL,  answers.no_answer,         OURS,       "Who was not understood must learn what would be."),
    ("answer-unheard",    ERROR,   BOTH,    TEXTS,    ALL,  answers.unheard,           OURS,       "What a message tells to send must be understood."),
    ("keyword-misread",   ERROR,   EACH,    KEYWORD,  ALL,  answers.misread_keyword,   OURS,       "STOP and HELP are read first: who texts such a keyword is opted out, or helped, and never joins."),
    ("response-misread",  WARNING, ASKING,  ANSWERS,  ALL,  answers.misread_responses, OURS,       "Who answers as a programme asks, and is not understood, cannot confirm."),
    ("deadline",          WARNING, ASKING,  ALL_ASKS, ALL,  answers.other_deadline,    OURS,       "Who answers in the time that a message gives must be heard."),
    ("provider-answer",   WARNING, ASKING,  ANSWERS,  ALL,  answers.swallowed_answers, TAKEN,      "A platform that takes an answer for itself may say its own text instead of the confirmation."),
    ("provider-keyword",  WARNING, EACH,    KEYWORD,  ALL,  answers.swallowed_keyword, TAKEN,      "A platform that takes a keyword for itself may say its own text instead of the programme's."),

    ("attribute-gap",     WARNING, SAYING,  TEXTS,    ALL,  checks.gaps,               OURS,       "Only a queueMO brings attributes; in the text of whoever texts by hand they are blank."),
    ("ucs2",              WARNING, BOTH,    TEXTS,    ALL,  checks.wide_characters,    GSM,        "One character outside GSM-7 makes every SMS hold 70 characters instead of 160."),
    ("segments",          NOTE,    BOTH,    TEXTS,    ALL,  checks.two_segments,       GSM,        "Each SMS of a text is paid for."),
    ("segments-many",     WARNING, BOTH,    TEXTS,    ALL,  checks.many_segments,      GSM,        "Each SMS of a text is paid for, and long chains of them may arrive torn."),
    ("short-link",        ERROR,   BOTH,    TEXTS,    ALL,  checks.short_links,        LINKS,      "Carriers block links by public shorteners: nobody can see where they lead."),
    ("one-way",           ERROR,   BOTH,    TEXTS,    ALL,  one_way,                   TCPA_REPLY, "Consent can be revoked by reply, and a sender that takes none must tell another way."),

    ("lint-ignore",       WARNING, BOTH,    IGNORED,  ALL,  unknown_rules,             OURS,       "A rule that is not there cannot be passed over."),
))
# fmt: on

BY_ID = {rule.id: rule for rule in RULES}
