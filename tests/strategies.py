"""Hypothesis strategies: accounts, conversations of several contacts, situations, tables.

Times are whole hours and minutes from `BEGIN`, and the programmes' durations whole hours,
so that deadlines are often met to the second. Texts are those of `known_texts`.
"""

from datetime import UTC, datetime, timedelta
from itertools import chain, product
from typing import Any

import attrs
from hypothesis import strategies as st
from transitions import Machine

from optin_engine.guards import QUESTIONS, RESUBSCRIBE, Question, Situation
from optin_engine.harness.fuzzing import known_texts
from optin_engine.harness.strategies import program_definitions
from optin_engine.machines import build
from optin_engine.program import Program
from optin_engine.vocabulary import (
    Contact,
    Hears,
    Inbound,
    Instruction,
    OptInType,
    Origin,
    Reading,
    Refusal,
    Says,
    State,
    Subscription,
    Verdict,
)

BEGIN = datetime(2026, 3, 8, 6, tzinfo=UTC)
NUMBERS = ("+15555550123", "+15555550124")
CODE = {"shortCode": "123456", "countryCode": "US"}
KEYWORDS = ("JOIN", "CLUB", "NEWS", "ADULT")
Definition = dict[str, Any]

CODE_TEXTS = {
    "helpMessage": "Acme: write to help@example.com. Reply STOP to end",
    "stopMessage": "Acme: you are out",
    "startMessage": "Acme: you are back",
}


@attrs.frozen
class Event:
    """Something that happens to one contact, `after` what happened before it.

    Attributes:
        phone: the place of the contact in `NUMBERS`.
        after: may be negative: clocks jump.
        what: an MO's text and origin, an instruction's words, or neither: time passes.
        again: the same MO once more, as it was, before anything else happens.

    """

    phone: int
    after: timedelta
    text: str | None = None
    origin: str = Origin.HANDSET
    order: Hears | None = None
    keyword: str = ""
    resubscribe: bool = False
    again: bool = False

    def inbound(self, at: datetime) -> Inbound:
        """Give the MO that arrives at that moment."""
        return Inbound(self.text or "", at, "", self.origin)

    def instruction(self, at: datetime) -> Instruction:
        """Give the instruction that is ordered at that moment."""
        return Instruction(self.order or Hears.DEACTIVATE, at, self.keyword, self.resubscribe)


JUMPS = (0, 0, 0, 0, 0, 1, 1, 1, 2, 12, 23, 24, 24, 48, 72)
BACKWARDS = (-1, -24)
TEXTS = {
    "keyword": st.builds(
        str.format,
        st.sampled_from(("{}", "{}!", "{} please")),
        st.sampled_from((*KEYWORDS, *map(str.lower, KEYWORDS), "Nosuch")),
    ),
    "yes": st.sampled_from(tuple(known_texts.YESES)),
    "age": st.sampled_from((*known_texts.DATES, *known_texts.AGES)),
    "no": st.sampled_from(tuple(known_texts.NOES)),
    "stop": st.sampled_from(tuple(known_texts.STOPS)),
    "start": st.sampled_from(tuple(known_texts.STARTS)),
    "rest": st.sampled_from((*known_texts.OTHERS, *known_texts.HELPS, *known_texts.REACTIONS)),
}


def jumps(*, backwards: bool) -> st.SearchStrategy[timedelta]:
    """Mostly forwards, often not at all."""
    hours = st.sampled_from(JUMPS * 4 + BACKWARDS if backwards else JUMPS)
    minutes = st.sampled_from((0, 0, 0, 1))
    return st.builds(lambda h, m: timedelta(hours=h, minutes=m), hours, minutes)


def events(*, backwards: bool = True) -> st.SearchStrategy[Event]:
    """MOs of every kind, ticks, and instructions, to any contact."""
    phone = st.sampled_from((0, 0, 0, 1))
    after = jumps(backwards=backwards)
    kinds = ("keyword",) * 3 + ("yes",) * 2 + ("age",) * 2 + ("no", "stop", "start", "rest")
    text = st.sampled_from(kinds).flatmap(TEXTS.__getitem__)
    origin = st.sampled_from((Origin.HANDSET,) * 6 + tuple(Origin))
    again = st.sampled_from((False, False, False, True))
    mo = st.builds(Event, phone, after, text, origin, again=again)
    orders = (Hears.SUBSCRIBE,) * 3 + (Hears.UNSUBSCRIBE,) * 2 + (Hears.DEACTIVATE,)
    keyword = st.sampled_from((*KEYWORDS, "Nosuch"))
    order = st.builds(
        Event,
        phone,
        after,
        order=st.sampled_from(orders),
        keyword=keyword,
        resubscribe=st.booleans(),
    )
    tick = st.builds(Event, phone, after)
    kind = st.sampled_from((mo,) * 8 + (order, tick))
    return kind.flatmap(lambda strategy: strategy)


def rushes() -> st.SearchStrategy[list[Event]]:
    """Several programmes asked for in one moment, a wait, and an answer: who gets it?"""
    keywords = st.lists(st.sampled_from(KEYWORDS), min_size=2, max_size=3)
    wait = st.sampled_from((1, 1, 24, 24, 48)).map(lambda hours: timedelta(hours=hours))
    kinds = ("yes", "yes", "age", "no", "rest", "stop", "keyword")
    answer = st.sampled_from(kinds).flatmap(TEXTS.__getitem__)
    return st.builds(
        lambda asked, hours, text, ticks: [
            *(Event(0, timedelta(), keyword) for keyword in asked),
            *([Event(0, hours)] if ticks else []),
            Event(0, timedelta() if ticks else hours, text),
        ],
        keywords,
        wait,
        answer,
        st.sampled_from((True, True, False)),
    )


def gates() -> st.SearchStrategy[list[Event]]:
    """An age gate passed or not, left in some way, and tried again as the lock opens."""
    keyword = st.sampled_from(KEYWORDS)
    ages = st.lists(st.sampled_from(("25", "5 June 2020", "STOP", "no")), min_size=1, max_size=2)
    hours = st.sampled_from((0, 1, 24, 48)).map(lambda hours: timedelta(hours=hours))
    return st.builds(
        lambda word, first, then, after, again: [
            *(Event(0, timedelta(), text) for text in (word, *first, word, *then)),
            attrs.evolve(again, keyword=word, after=after, text=again.text and word),
        ],
        keyword,
        ages,
        ages,
        hours,
        st.sampled_from(
            (
                Event(0, timedelta(), "its keyword"),
                Event(0, timedelta(), order=Hears.SUBSCRIBE, resubscribe=True),
            )
        ),
    )


def conversations(*, backwards: bool = True) -> st.SearchStrategy[list[Event]]:
    """Up to some forty events, some of them in a rush or at a gate."""
    one = events(backwards=backwards).map(lambda event: [event])
    scene = st.sampled_from((one,) * 6 + (rushes(), gates())).flatmap(lambda strategy: strategy)
    scenes = st.lists(scene, min_size=1, max_size=8) | st.lists(scene, min_size=10, max_size=30)
    return scenes.map(lambda scenes: list(chain(*scenes)))


@st.composite
def codes(draw: st.DrawFn) -> tuple[Definition, list[Definition]]:
    """A code and the one to four programmes on it."""
    code = CODE | CODE_TEXTS
    if draw(st.booleans()):
        code = code | {"defaultMessage": "Acme: pardon?"}
    keywords = draw(st.sampled_from((2, 3, 1, 4)))
    return code, [
        draw(program_definitions(keyword, CODE, BEGIN.date())) for keyword in KEYWORDS[:keywords]
    ]


def account(code: Definition, programs: list[Definition]) -> Definition:
    """Put a code and its programmes together, as `Account.from_dict` reads them."""
    return {"codes": [code], "programs": programs}


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Anything that a question of a table may look at, each answer about as often."""
    moments = st.sampled_from(
        (None, BEGIN - timedelta(hours=25), BEGIN, BEGIN + timedelta(hours=1))
    )
    program = Program(
        "News", "123456", "JOIN", OptInType.AGE, allow_single_opt_in=draw(st.booleans())
    )
    subscription = Subscription(
        "JOIN",
        draw(st.sampled_from(tuple(State))),
        prompted_at=draw(moments),
        attempts=draw(st.sampled_from((0, program.max_attempts))),
        remind_at=draw(moments),
        locked_until=draw(moments),
        of_age_at=draw(moments),
    )
    contact = Contact(
        NUMBERS[0],
        "123456",
        subscriptions=(subscription,),
        said=tuple(
            (kind, at) for kind in (Says.STOP, Says.DEFAULT) if (at := draw(moments)) is not None
        ),
    )
    origin = draw(st.sampled_from((Origin.HANDSET, Origin.WEB)))
    rule = draw(st.sampled_from((RESUBSCRIBE, "a rule")))
    verdict = draw(st.sampled_from(tuple(Verdict)))
    reading = Reading(Hears.OTHER, rule, verdict=verdict)
    return Situation(program, contact, subscription, Inbound("", BEGIN, "", origin), reading)


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    """A machine of a random sound table: total, exclusive, every state reachable."""
    states = draw(st.permutations(tuple(State)))[: draw(st.integers(2, 5))]
    heard = draw(st.lists(st.sampled_from(tuple(Hears)), min_size=1, max_size=3, unique=True))
    says = st.sampled_from((*Says, *Refusal))
    rows: list[tuple[Any, ...]] = []
    for place, (hears, state) in enumerate(product(heard, states)):
        asked: list[Question] = draw(st.lists(st.sampled_from(QUESTIONS), max_size=2, unique=True))
        for case in product(*(question.answers for question in asked)):
            target = draw(st.sampled_from((*states, "stays")))
            if place < len(states) and case == tuple(q.answers[0] for q in asked):
                target = states[(place + 1) % len(states)]
            rows.append((state, hears, ", ".join(case), target, draw(says)))
    return build("Random", states, draw(st.permutations(rows)))
