"""The rules of SPEC by name: what stories show, and what a conformance report tells of.

Each is one sentence of `SPEC.md` that a conversation can keep or break.
"""

import attrs


@attrs.frozen
class Rule:
    """A rule: its id, the section of SPEC, and what it says."""

    id: str
    section: str
    says: str


# fmt: off
RULES = (
    # id                        section  what it says
    Rule("reaction",             "3.1",   "A tapback quotes our own words: it changes nothing and is not answered"),
    Rule("stop-word",            "3.2",   "A STOP word that comes first, after courtesy words or as the whole text, is STOP"),
    Rule("stop-any-writing",     "3.2",   "An opt-out never depends on case, spacing or punctuation"),
    Rule("stop-phrase",          "3.2",   "A revoking phrase is STOP, wherever in the text it stands"),
    Rule("stop-other-languages", "3.2",   "French and Spanish STOP words count, with or without accents"),
    Rule("stop-slip",            "3.2",   "A slip in stop, unsubscribe or cancel as the whole text is STOP"),
    Rule("stop-slip-keyword",    "3.2",   "What looks like a slip of STOP and is a keyword of the code is the keyword"),
    Rule("stop-in-doubt",        "3.2",   "When in doubt between STOP and anything else, it is STOP"),
    Rule("stop-not-meant",       "3.2",   "don't stop, non-stop and bus stop are no STOP"),
    Rule("help",                 "3.3",   "HELP is answered in every state, and the flow goes on where it was"),
    Rule("keyword",              "3.4",   "The first word is the keyword, in any case and with words behind it"),
    Rule("keyword-dates",        "3.4",   "Outside its days a keyword starts nothing; the first and the last are inside"),
    Rule("start",                "3.5",   "START as the whole text is JOIN to the programme that was left last"),
    Rule("yes-any-writing",      "3.6",   "A valid response counts in any case, with punctuation and courtesy words"),
    Rule("yes-not-meant",        "3.6",   "yes but not now, y? and yesterday are no YES"),
    Rule("valid-responses",      "3.6",   "Only the programme's own valid responses are a YES"),
    Rule("no",                   "3.6",   "NO to the question ends it, without a word"),
    Rule("other",                "3.6",   "What is no answer gets the error message"),
    Rule("unmatched",            "3.7",   "What nobody waits for gets the default message once a day, else silence"),
    Rule("bounded",              "3",     "Any text whatever yields a reading, never an error"),
    Rule("birth-date-writing",   "4",     "Birth dates count in the writings of the programme's country"),
    Rule("birth-date-order",     "4",     "Where the country's order gives no possible date, the other order is meant"),
    Rule("birth-date-words",     "4",     "Birth dates with month names and short wrappings count"),
    Rule("bare-age",             "4",     "A bare age counts where the programme accepts one, and only there"),
    Rule("birth-date-doubt",     "4",     "A date that can be read in two ways with two verdicts is asked again"),
    Rule("birth-date-none",      "4",     "Impossible, future, incomplete and too old dates are no answer"),
    Rule("birthday",             "4",     "The age is that at the MO's time in the programme's time zone"),
    Rule("leap-day",             "4",     "Who was born on 29 February has a birthday on 1 March in common years"),
    Rule("single-join",          "5",     "Single: the keyword from the handset subscribes"),
    Rule("single-elsewhere",     "5",     "Single: from a web form, an app or an API only where allowSingleOptIn says so"),
    Rule("double-join",          "5",     "Double: the keyword asks, and only the answer subscribes"),
    Rule("double-yes",           "5",     "Double: YES to the question subscribes"),
    Rule("double-elsewhere",     "5",     "Double and Age: the keyword from a web form, an app or an API asks the handset"),
    Rule("confirmed-by-handset", "5",     "YES and birth dates count from the handset only, never from an agent"),
    Rule("join-again",           "5",     "Double and Age: the keyword once more repeats the question, and its time begins anew"),
    Rule("pending-kept",         "5",     "Who was asked stays asked, whatever is written in between"),
    Rule("age-asks",             "5",     "Age: YES tells no age; the birth date is asked for"),
    Rule("age-passes",           "5",     "Age: who is old enough is subscribed"),
    Rule("age-refuses",          "5",     "Age: who is too young is declined"),
    Rule("age-lock",             "5",     "Age: until the cool-down is over nobody is asked again; it outlives STOP, NO and expiry"),
    Rule("age-cooled-down",      "5",     "Age: once the cool-down is over the keyword asks again"),
    Rule("text-response",        "5",     "Text: the keyword is answered with content, and nobody is subscribed or asked"),
    Rule("text-after-stop",      "5",     "Text: who opted out and asks gets this one answer, and stays out"),
    Rule("text-elsewhere",       "5",     "Text: from a web form, an app or an API only where allowSingleOptIn says so"),
    Rule("attempts",             "5",     "After maxAttempts there is silence, and a valid answer still counts"),
    Rule("duplicate",            "5",     "A keyword never demotes who is Subscribed"),
    Rule("expiry",               "5",     "An answer after confirmWithin comes too late"),
    Rule("reminder",             "5",     "One reminder, where remindAfter asks for it and no answer came"),
    Rule("stop-message",         "5",     "STOP is confirmed once; again at most once a day"),
    Rule("never-subscribed",     "5",     "STOP is confirmed and remembered also where nothing was joined"),
    Rule("silent-after-stop",    "5",     "Nothing is said after the stop message until the contact writes again"),
    Rule("no-resurrection",      "5",     "YES never brings an Unsubscribed contact back"),
    Rule("own-handset",          "5",     "After STOP only JOIN or START from the own handset, or a resubscribe, brings back"),
    Rule("order-subscribe",      "5",     "SUBSCRIBE by an agent subscribes who may be, and answers nobody's pending question"),
    Rule("order-age",            "5",     "Age: SUBSCRIBE only for who passed the gate before"),
    Rule("order-unsubscribe",    "5",     "UNSUBSCRIBE by an agent ends one programme in any state, without a word"),
    Rule("deactivate",           "5",     "A reassigned number takes no consent with it"),
    Rule("one-mt",               "5",     "At most one MT for an MO"),
    Rule("retry",                "5",     "A retried MO is acted on and answered once"),
    Rule("stop-ends-all",        "6",     "STOP ends all subscriptions of the contact on the code"),
    Rule("asked-last",           "6",     "A reply goes to the programme that asked last"),
    Rule("second-keyword",       "6",     "A keyword of another programme leaves the first pending"),
    Rule("stale",                "6",     "An MO from before the last STOP is never acted on"),
    Rule("handset-only",         "6",     "From a web form, an app or an API only keywords count, and STOP"),
    Rule("own-code",             "6",     "Each code remembers a number by itself"),
    Rule("lazy-deadlines",       "7",     "Deadlines hold whether or not a timer fired before the next MO"),
    Rule("changed-definition",   "2",     "A definition that changes under a subscription subscribes nobody, and STOP still counts"),
)
# fmt: on

BY_ID = {rule.id: rule for rule in RULES}
