"""DATA: the rows that no conversation can take, and why.

The tables are total: each state answers everything that can be heard, silence included. But
what is heard goes only to those whom it concerns (`Exchange.concerned`), and so no text, no
order and no deadline ever comes to some rows. They are there for a programme that is extended,
and for the day on which somebody sends more to more.

The tests hold this both ways: no conversation takes a row that stands here, and each of the
others is taken by a conversation that is written down.
"""

from typing import Any

from optin_engine.outcome import Row
from optin_engine.tables import (
    ANSWERS,
    BIRTH_DATE,
    DEADLINES,
    IN_PROGRESS,
    JOIN,
    NONE,
    NOT_OUT,
    REACTION,
    RESTING,
    START,
    SUBSCRIBE,
    SUBSCRIBED,
    UNSUBSCRIBED,
)
from optin_engine.vocabulary import OptInType

SINGLE, DOUBLE, AGE, TEXT = OptInType
CONTACT = "Contact"

NOT_ASKED = "answers and deadlines come only to who was asked, and there no question is open"
NOT_AN_AGE = "a birth date is read as one only where an Age programme has asked"
NOT_LEFT = "START comes only to the programme that was left last, and there none was left"
NOT_ITS_OWN = "the programmes hear it; the number itself has nothing to answer or to remember"

# A definition may change to Single or Text while a question of Double or Age is open. Whoever was
# asked counts as None there, and can still answer: with those, None is not among the first.
# fmt: off
OUT_OF_REACH = (
    # flow                    in                          hears                     why
    ((SINGLE, TEXT),          (SUBSCRIBED, UNSUBSCRIBED), (*ANSWERS, *DEADLINES),   NOT_ASKED),
    ((DOUBLE, AGE),           RESTING,                    (*ANSWERS, *DEADLINES),   NOT_ASKED),
    ((SINGLE, TEXT),          NONE,                       BIRTH_DATE,               NOT_AN_AGE),
    (DOUBLE,                  IN_PROGRESS,                BIRTH_DATE,               NOT_AN_AGE),
    (tuple(OptInType),        NOT_OUT,                    START,                    NOT_LEFT),
    (CONTACT,                 NONE,                       (JOIN, SUBSCRIBE, START), NOT_ITS_OWN),
    (CONTACT,                 (NONE, UNSUBSCRIBED),       REACTION,                 NOT_ITS_OWN),
)
# fmt: on


def why_out_of_reach(row: Row) -> str:
    """Say why no conversation can take a row; empty where one can.

    Args:
        row: of any flow; of one that is not of the house nothing is known, and it is empty.

    >>> why_out_of_reach(Row("Double", "None", "START", (), "None"))
    'START comes only to the programme that was left last, and there none was left'
    >>> why_out_of_reach(Row("Double", "In Progress", "YES", (), "Subscribed", "confirmation"))
    ''
    """
    for flows, states, heard, why in OUT_OF_REACH:
        if (
            row.flow in _listed(flows)
            and row.source in _listed(states)
            and row.hears in _listed(heard)
        ):
            return why
    return ""


def _listed(cell: Any) -> tuple[Any, ...]:
    return cell if type(cell) is tuple else (cell,)
