"""The closed list of texts that the oracle understands, each kind with its meaning.

`YESES` gives the valid response that a text holds, `AGES` the years that a bare age says,
and `DATES` every date that a text can mean where months come first.
"""

from datetime import date

REACTIONS = (
    "Liked \u201cReply YES or STOP\u201d",
    '\U0001f44d to "STOP"',
    'Reacted \U0001f44d to "y"',
)
STOPS = ("STOP", "stop!", "please stop", "Arr\u00eat", "opt me out", "St0p", "QUIT")
HELPS = ("HELP", "help me please", "Aide")
STARTS = ("START", "unstop", "Resume!")
YESES = {"YES": "yes", "y.": "y", "Yes please": "yes", "agree!": "agree", "AGREE thanks": "agree"}
NOES = ("no", "Nope!", "N", "no thanks")
OTHERS = ("what is this?", "yes but not now", "y?", "", "02/30/1990", "don't stop", "\ud800")
AGES = {"25": 25, "I am 12": 12, "20 years old": 20}
DATES = {
    "03/10/2005": (date(2005, 3, 10),),
    "my birthday is July 4 1980": (date(1980, 7, 4),),
    "5 June 2020": (date(2020, 6, 5),),
    "25.12.1999": (date(1999, 12, 25),),
    "3/4/12": (date(2012, 3, 4), date(1912, 3, 4)),
}
