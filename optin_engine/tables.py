"""What happens: the four opt-in machines, and what the number itself hears on a code.

Every change of state in this project is a row below; there is no other. A row reads:
*in* `from`, on hearing `hears`, if all answers in `if` hold, go `to`, and say `says`.
`ANY` is every state of the table, `STAYS` the same state, `ALWAYS` no condition. The
answers in `if` are those of the questions in `guards.py`. For each state and each thing
heard, the rows must answer every case exactly once, or the table does not build.
"""

from optin_engine.vocabulary import (
    Hears,
    OptInType,
    Refusal,
    Says,
    State,
)

NONE, IN_PROGRESS, SUBSCRIBED, UNSUBSCRIBED, DECLINED = State

JOIN, START, YES, NO = Hears.JOIN, Hears.START, Hears.YES, Hears.NO
BIRTH_DATE, OTHER, STOP, HELP = Hears.BIRTH_DATE, Hears.OTHER, Hears.STOP, Hears.HELP
REACTION, UNMATCHED, EXPIRE, REMIND = Hears.REACTION, Hears.UNMATCHED, Hears.EXPIRE, Hears.REMIND
SUBSCRIBE, UNSUBSCRIBE, DEACTIVATE = Hears.SUBSCRIBE, Hears.UNSUBSCRIBE, Hears.DEACTIVATE

ANY, STAYS, ALWAYS, NOTHING = "any", "stays", "", Says.NOTHING

# A table has only the states that it names in TABLES; of these groups it takes its own.
NOT_OUT = (NONE, IN_PROGRESS, SUBSCRIBED, DECLINED)
RESTING = (NONE, SUBSCRIBED, DECLINED, UNSUBSCRIBED)
IDLE = (NONE, SUBSCRIBED, DECLINED)
ANSWERS = (YES, NO, BIRTH_DATE, OTHER)
DEADLINES = (EXPIRE, REMIND)
INSTRUCTIONS = (SUBSCRIBE, UNSUBSCRIBE, DEACTIVATE)

# CTIA 5.1.3: an opt-out is honoured in every state and confirmed once; TCPA (47 CFR
# 64.1200(a)(12)) allows that one confirmation and nothing after it. HELP never moves
# anybody. A reassigned number takes no consent with it (47 CFR 64.1200(m)).
# fmt: off
EVERY = (
    # from           hears        if                              to            says
    (NOT_OUT,        STOP,        ALWAYS,                         UNSUBSCRIBED, Says.STOP),
    (UNSUBSCRIBED,   STOP,        "stop not answered today",      STAYS,        Says.STOP),
    (UNSUBSCRIBED,   STOP,        "stop answered today",          STAYS,        NOTHING),
    (ANY,            HELP,        ALWAYS,                         STAYS,        Says.HELP),
    (ANY,            REACTION,    ALWAYS,                         STAYS,        NOTHING),
    (ANY,            DEACTIVATE,  ALWAYS,                         NONE,         NOTHING),
)

# An order by API or an agent can always end a subscription, and never begins one that
# the contact has ended, unless a resubscribe is asked in so many words (MobileConnect).
ORDERS = (
    # from           hears        if                              to            says
    (ANY,            UNSUBSCRIBE, ALWAYS,                         UNSUBSCRIBED, NOTHING),
    (SUBSCRIBED,     SUBSCRIBE,   ALWAYS,                         STAYS,        NOTHING),
    (UNSUBSCRIBED,   SUBSCRIBE,   "resubscribe not asked",        STAYS,        Refusal.OPTED_OUT),
)

# Only the contact's own handset may bring it back after a STOP: CTIA and MMA want
# double opt-in for what a web form, an app or an API asks in somebody's name.
SINGLE = (
    # from           hears        if                              to            says
    (NONE,           JOIN,        "handset",                      SUBSCRIBED,   Says.RESPONSE),
    (NONE,           JOIN,        "elsewhere, single allowed",    SUBSCRIBED,   Says.RESPONSE),
    (NONE,           JOIN,        "elsewhere, single refused",    STAYS,        Refusal.DOUBLE_OPT_IN_REQUIRED),
    (UNSUBSCRIBED,   JOIN,        "handset",                      SUBSCRIBED,   Says.RESPONSE),
    (UNSUBSCRIBED,   JOIN,        "elsewhere",                    STAYS,        Refusal.OPTED_OUT),
    (SUBSCRIBED,     JOIN,        ALWAYS,                         STAYS,        Says.DUPLICATE),
    (UNSUBSCRIBED,   START,       ALWAYS,                         SUBSCRIBED,   Says.RESPONSE),
    (IDLE,           START,       ALWAYS,                         STAYS,        NOTHING),
    (NONE,           SUBSCRIBE,   ALWAYS,                         SUBSCRIBED,   NOTHING),
    (UNSUBSCRIBED,   SUBSCRIBE,   "resubscribe asked",            SUBSCRIBED,   NOTHING),
    (ANY,            ANSWERS,     ALWAYS,                         STAYS,        NOTHING),
    (ANY,            DEADLINES,   ALWAYS,                         STAYS,        NOTHING),
    *ORDERS,
    *EVERY,
)

DOUBLE = (
    # from           hears        if                              to            says
    (NONE,           JOIN,        ALWAYS,                         IN_PROGRESS,  Says.INITIAL),
    (UNSUBSCRIBED,   JOIN,        "handset",                      IN_PROGRESS,  Says.INITIAL),
    (UNSUBSCRIBED,   JOIN,        "elsewhere",                    STAYS,        Refusal.OPTED_OUT),
    (IN_PROGRESS,    JOIN,        "attempts left",                STAYS,        Says.INITIAL),
    (IN_PROGRESS,    JOIN,        "attempts spent",               STAYS,        NOTHING),
    (SUBSCRIBED,     JOIN,        ALWAYS,                         STAYS,        Says.DUPLICATE),
    (UNSUBSCRIBED,   START,       ALWAYS,                         IN_PROGRESS,  Says.INITIAL),
    (IDLE,           START,       ALWAYS,                         STAYS,        NOTHING),
    (IN_PROGRESS,    START,       ALWAYS,                         STAYS,        NOTHING),
    (IN_PROGRESS,    YES,         ALWAYS,                         SUBSCRIBED,   Says.CONFIRMATION),
    (IN_PROGRESS,    NO,          ALWAYS,                         NONE,         NOTHING),
    (IN_PROGRESS,    OTHER,       "attempts left",                STAYS,        Says.ERROR),
    (IN_PROGRESS,    OTHER,       "attempts spent",               STAYS,        NOTHING),
    (IN_PROGRESS,    BIRTH_DATE,  ALWAYS,                         STAYS,        NOTHING),
    (IN_PROGRESS,    EXPIRE,      ALWAYS,                         NONE,         NOTHING),
    (IN_PROGRESS,    REMIND,      "reminder due",                 STAYS,        Says.INITIAL),
    (IN_PROGRESS,    REMIND,      "reminder not due",             STAYS,        NOTHING),
    (NONE,           SUBSCRIBE,   ALWAYS,                         SUBSCRIBED,   NOTHING),
    (UNSUBSCRIBED,   SUBSCRIBE,   "resubscribe asked",            SUBSCRIBED,   NOTHING),
    (IN_PROGRESS,    SUBSCRIBE,   ALWAYS,                         STAYS,        Refusal.DOUBLE_OPT_IN_REQUIRED),
    (RESTING,        ANSWERS,     ALWAYS,                         STAYS,        NOTHING),
    (RESTING,        DEADLINES,   ALWAYS,                         STAYS,        NOTHING),
    *ORDERS,
    *EVERY,
)

# COPPA wants a neutral gate that cannot be tried again at once with a better date: a
# verdict below the minimum age cools down, and the lock outlives STOP, NO and expiry.
AGE = (
    # from           hears        if                              to            says
    (NONE,           JOIN,        "cooled down",                  IN_PROGRESS,  Says.INITIAL),
    (NONE,           JOIN,        "cooling down",                 STAYS,        Says.INVALID_AGE),
    (DECLINED,       JOIN,        "cooled down",                  IN_PROGRESS,  Says.INITIAL),
    (DECLINED,       JOIN,        "cooling down",                 STAYS,        Says.INVALID_AGE),
    (UNSUBSCRIBED,   JOIN,        "handset, cooled down",         IN_PROGRESS,  Says.INITIAL),
    (UNSUBSCRIBED,   JOIN,        "handset, cooling down",        STAYS,        Says.INVALID_AGE),
    (UNSUBSCRIBED,   JOIN,        "elsewhere",                    STAYS,        Refusal.OPTED_OUT),
    (IN_PROGRESS,    JOIN,        "attempts left",                STAYS,        Says.INITIAL),
    (IN_PROGRESS,    JOIN,        "attempts spent",               STAYS,        NOTHING),
    (SUBSCRIBED,     JOIN,        ALWAYS,                         STAYS,        Says.DUPLICATE),
    (UNSUBSCRIBED,   START,       "cooled down",                  IN_PROGRESS,  Says.INITIAL),
    (UNSUBSCRIBED,   START,       "cooling down",                 STAYS,        Says.INVALID_AGE),
    (IDLE,           START,       ALWAYS,                         STAYS,        NOTHING),
    (IN_PROGRESS,    START,       ALWAYS,                         STAYS,        NOTHING),
    (IN_PROGRESS,    YES,         "attempts left",                STAYS,        Says.BIRTH_DATE),
    (IN_PROGRESS,    YES,         "attempts spent",               STAYS,        NOTHING),
    (IN_PROGRESS,    NO,          ALWAYS,                         NONE,         NOTHING),
    (IN_PROGRESS,    BIRTH_DATE,  "old enough",                   SUBSCRIBED,   Says.CONFIRMATION),
    (IN_PROGRESS,    BIRTH_DATE,  "too young",                    DECLINED,     Says.INVALID_AGE),
    (IN_PROGRESS,    BIRTH_DATE,  "ambiguous, attempts left",     STAYS,        Says.ERROR),
    (IN_PROGRESS,    BIRTH_DATE,  "ambiguous, attempts spent",    STAYS,        NOTHING),
    (IN_PROGRESS,    OTHER,       "attempts left",                STAYS,        Says.ERROR),
    (IN_PROGRESS,    OTHER,       "attempts spent",               STAYS,        NOTHING),
    (IN_PROGRESS,    EXPIRE,      ALWAYS,                         NONE,         NOTHING),
    (IN_PROGRESS,    REMIND,      "reminder due",                 STAYS,        Says.INITIAL),
    (IN_PROGRESS,    REMIND,      "reminder not due",             STAYS,        NOTHING),
    (NONE,           SUBSCRIBE,   "of age",                       SUBSCRIBED,   NOTHING),
    (NONE,           SUBSCRIBE,   "age unknown",                  STAYS,        Refusal.AGE_NOT_CONFIRMED),
    (UNSUBSCRIBED,   SUBSCRIBE,   "resubscribe asked, of age",    SUBSCRIBED,   NOTHING),
    (UNSUBSCRIBED,   SUBSCRIBE,   "resubscribe asked, age unknown", STAYS,      Refusal.AGE_NOT_CONFIRMED),
    (IN_PROGRESS,    SUBSCRIBE,   ALWAYS,                         STAYS,        Refusal.DOUBLE_OPT_IN_REQUIRED),
    (DECLINED,       SUBSCRIBE,   ALWAYS,                         STAYS,        Refusal.AGE_NOT_CONFIRMED),
    (RESTING,        ANSWERS,     ALWAYS,                         STAYS,        NOTHING),
    (RESTING,        DEADLINES,   ALWAYS,                         STAYS,        NOTHING),
    *ORDERS,
    *EVERY,
)

# A Text Response gives what was asked for, once, and is consent to nothing more (FCC 15-72, of
# on-demand texts): nobody is subscribed. Who opted out and asks again has asked for this one text,
# gets it, and stays out. Of nobody anything is kept but that an agent ended it: then no form may
# ask in that number's name any more, until its own handset says START.
TEXT = (
    # from           hears        if                              to            says
    (ANY,            JOIN,        "handset",                      STAYS,        Says.RESPONSE),
    (NONE,           JOIN,        "elsewhere, single allowed",    STAYS,        Says.RESPONSE),
    (NONE,           JOIN,        "elsewhere, single refused",    STAYS,        Refusal.DOUBLE_OPT_IN_REQUIRED),
    (UNSUBSCRIBED,   JOIN,        "elsewhere",                    STAYS,        Refusal.OPTED_OUT),
    (UNSUBSCRIBED,   START,       ALWAYS,                         NONE,         NOTHING),
    (NONE,           START,       ALWAYS,                         STAYS,        NOTHING),
    (NONE,           SUBSCRIBE,   ALWAYS,                         STAYS,        Refusal.SUBSCRIBES_NOBODY),
    (UNSUBSCRIBED,   SUBSCRIBE,   "resubscribe asked",            STAYS,        Refusal.SUBSCRIBES_NOBODY),
    (UNSUBSCRIBED,   SUBSCRIBE,   "resubscribe not asked",        STAYS,        Refusal.OPTED_OUT),
    (ANY,            UNSUBSCRIBE, ALWAYS,                         UNSUBSCRIBED, NOTHING),
    (ANY,            ANSWERS,     ALWAYS,                         STAYS,        NOTHING),
    (ANY,            DEADLINES,   ALWAYS,                         STAYS,        NOTHING),
    *EVERY,
)

# The number itself on the code, whatever it joined: an opt-out is remembered also where
# there never was a subscription, and lifted only when the contact comes back.
CONTACT = (
    # from           hears        if                              to            says
    (UNSUBSCRIBED,   JOIN,        "came back",                    NONE,         NOTHING),
    (UNSUBSCRIBED,   JOIN,        "stayed out",                   STAYS,        NOTHING),
    (UNSUBSCRIBED,   SUBSCRIBE,   "came back",                    NONE,         NOTHING),
    (UNSUBSCRIBED,   SUBSCRIBE,   "stayed out",                   STAYS,        NOTHING),
    (UNSUBSCRIBED,   START,       ALWAYS,                         NONE,         Says.START),
    (NONE,           (JOIN, SUBSCRIBE, START), ALWAYS,            STAYS,        NOTHING),
    (ANY,            UNMATCHED,   "default not said today",       STAYS,        Says.DEFAULT),
    (ANY,            UNMATCHED,   "default said today",           STAYS,        NOTHING),
    *EVERY,
)

TO_A_PROGRAM = (*ANSWERS, *DEADLINES, JOIN, START, STOP, HELP, REACTION, *INSTRUCTIONS)
TO_THE_CONTACT = (JOIN, SUBSCRIBE, START, STOP, HELP, REACTION, UNMATCHED, DEACTIVATE)

TABLES = {
    # name              its states, the initial one first                          what it hears   rows
    OptInType.SINGLE: ((NONE, SUBSCRIBED, UNSUBSCRIBED),                           TO_A_PROGRAM,   SINGLE),
    OptInType.DOUBLE: ((NONE, IN_PROGRESS, SUBSCRIBED, UNSUBSCRIBED),              TO_A_PROGRAM,   DOUBLE),
    OptInType.AGE:    ((NONE, IN_PROGRESS, SUBSCRIBED, UNSUBSCRIBED, DECLINED),    TO_A_PROGRAM,   AGE),
    OptInType.TEXT:   ((NONE, UNSUBSCRIBED),                                       TO_A_PROGRAM,   TEXT),
    "Contact":        ((NONE, UNSUBSCRIBED),                                       TO_THE_CONTACT, CONTACT),
}
# fmt: on
