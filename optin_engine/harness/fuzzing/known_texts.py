"""The closed list of texts that the oracle understands, each kind with its meaning.

Beside each text stands the rule of SPEC (`harness.rules`) that whoever takes it for something
else breaks. `YESES` gives the valid response that a text holds, `AGES` the years that a bare
age says, and `DATES` every date that a text can mean where months come first, and where days do.
"""

from datetime import date

REACTIONS = {
    "Liked \u201cReply YES or STOP\u201d": "reaction",
    '\U0001f44d to "STOP"': "reaction",
    'Reacted \U0001f44d to "y"': "reaction",
}

# These are STOP only where the code has no such keyword.
SLIPS = {"St0p": "stop-slip"}
STOPS = {
    "STOP": "stop-word",
    "stop!": "stop-any-writing",
    "please stop": "stop-word",
    "Arr\u00eat": "stop-other-languages",
    "opt me out": "stop-phrase",
    "QUIT": "stop-word",
    **SLIPS,
}
HELPS = {"HELP": "help", "help me please": "help", "Aide": "help"}
STARTS = {"START": "start", "unstop": "start", "Resume!": "start"}
YESES = {"YES": "yes", "y.": "y", "Yes please": "yes", "agree!": "agree", "AGREE thanks": "agree"}
NOES = {"no": "no", "Nope!": "no", "N": "no", "no thanks": "no"}
OTHERS = {
    "what is this?": "other",
    "yes but not now": "yes-not-meant",
    "y?": "yes-not-meant",
    "": "other",
    "02/30/1990": "birth-date-none",
    "don't stop": "stop-not-meant",
    "\ud800": "bounded",
}
AGES = {"25": 25, "I am 12": 12, "20 years old": 20}

Dates = tuple[date, ...]
WORDED: dict[str, Dates] = {
    "my birthday is July 4 1980": (date(1980, 7, 4),),
    "5 June 2020": (date(2020, 6, 5),),
    "25.12.1999": (date(1999, 12, 25),),
}
MONTH_FIRST: dict[str, Dates] = {
    "03/10/2005": (date(2005, 3, 10),),
    "3/4/12": (date(2012, 3, 4), date(1912, 3, 4)),
}
DAY_FIRST: dict[str, Dates] = {
    "03/10/2005": (date(2005, 10, 3),),
    "3/4/12": (date(2012, 4, 3), date(1912, 4, 3)),
}
DATES = MONTH_FIRST | WORDED

# How people of a country write a date, as far as the oracle knows.
ORDERS = {"US": MONTH_FIRST} | dict.fromkeys(("AU", "DE", "ES", "FR", "GB", "IE", "IT"), DAY_FIRST)
SLASHED = {"US": "%m/%d/%Y"} | dict.fromkeys(("AU", "DE", "ES", "FR", "GB", "IE", "IT"), "%d/%m/%Y")

# A valid response of several words is none of ours if it holds one of these: SPEC's STOP and
# HELP words, and what its revoking phrases are made of, are read before it.
TREACHEROUS = frozenset(
    (
        "stop", "stopp", "stopall", "end", "quit", "cancel", "unsubscribe", "unsub", "revoke",
        "optout", "opt", "out", "remove", "terminate", "arret", "arreter", "alto", "parar",
        "cancelar", "basta", "help", "info", "hlp", "aide", "ayuda", "take", "off", "texting",
        "messaging", "text", "texts", "message", "messages", "contact", "sending", "leave",
        "wrong",
    )
)  # fmt: skip
COURTESY = ("please", "thanks")
