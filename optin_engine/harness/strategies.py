"""Hypothesis strategies of opt-in conversations, for property tests of your own.

    from hypothesis import given
    from optin_engine import Account, Engine
    from optin_engine.harness.strategies import mos
    from optin_engine.vocabulary import Contact

    ACCOUNT = Account.load("optin.toml")

    @given(mos(ACCOUNT))
    def test_a_stranger_gets_one_text_at_most(mo):
        outcome = Engine(ACCOUNT).receive(Contact("+15555550123", "123456"), mo)
        assert len(outcome.outbound) <= 1

All are built of your definitions: your keywords, your valid responses, birth dates around your
minimum age, waits that meet your deadlines to the second. What is found shrinks to the simplest
text, at the usual number, from a handset. They need `pip install 'optin-engine[harness]'`.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, TypeVar

from hypothesis import strategies as st

from optin_engine.account import Account
from optin_engine.harness.fuzzing import pools
from optin_engine.harness.fuzzing.pools import Acts
from optin_engine.harness.phone import NOON
from optin_engine.harness.stories.story import Again, Text
from optin_engine.program import Program
from optin_engine.vocabulary import Inbound, OptInType, Origin, Verdict

T = TypeVar("T")
Definition = dict[str, Any]

KEYWORDS = ("JOIN", "CLUB", "NEWS", "ADULT")
CODES = (
    {"shortCode": "123456", "countryCode": "US"},
    {"shortCode": "54321", "countryCode": "GB"},
    {"longCode": "15555550100"},
)
OLDEST = 120

# How often nobody knows beforehand what a text means, where other kinds of scene have 90.
ODDLY = 6

# Letters of many scripts, accents, invisible marks, wide forms, emoji, and broken characters.
BLOCKS = (
    range(0x20, 0x7F), range(0xA1, 0x180), range(0x300, 0x320), range(0x370, 0x400),
    range(0x410, 0x450), range(0x5D0, 0x5EB), range(0x660, 0x66A), range(0x966, 0x970),
    range(0x2000, 0x2070), range(0x3041, 0x3060), range(0xFE00, 0xFE10), range(0xFF01, 0xFF5F),
    range(0x1F44D, 0x1F450), range(0x1F600, 0x1F610), (0, 9, 10, 13, 0xD800, 0xDFFF, 0xFEFF),
)  # fmt: skip
ODD_WORDS = ("stop", "yes", "no", "dont", "help", "1", "?", "\u200f", "25", "1990", "\u0661")
ODD = st.text("".join(map(chr, chain(*BLOCKS))), max_size=20) | st.lists(
    st.sampled_from(ODD_WORDS), max_size=8
).map(" ".join)


def mos(account: Account, at: datetime = NOON) -> st.SearchStrategy[Inbound]:
    """MOs to an account: its keywords and answers, STOP, HELP, odd texts, from anywhere.

    Args:
        account: whose words they hold.
        at: when they arrive, timezone-aware; birth dates lie around what passes then.

    >>> from optin_engine.harness import starter
    >>> from hypothesis import find
    >>> find(mos(starter()), lambda mo: mo.origin == "web").text
    'NEWS'
    """
    kinds = [(often, st.sampled_from(said)) for often, said in pools.kinds_of_text(account, at)]
    texts = _often([*kinds, (1, ODD)])
    origins = st.sampled_from((Origin.HANDSET,) * 5 + tuple(Origin))
    return st.builds(Inbound, texts, st.just(at), st.just(""), origins)


def replies(program: Program, at: datetime = NOON) -> st.SearchStrategy[str]:
    """Texts that answer a programme's question, well or badly.

    Args:
        program: a Double or an Age programme; one that asks nothing gets the rest.
        at: when they are given; birth dates lie around what passes then.

    >>> from optin_engine.harness import starter
    >>> from hypothesis import find
    >>> find(replies(starter().code("123456").programs[1]), lambda text: True)
    'y'
    """
    asked = pools.answers(program, at)
    others = st.sampled_from((*pools.NOES, *pools.OTHERS)) | ODD
    return st.sampled_from(asked) | others if asked else others


@st.composite
def birth_dates(draw: st.DrawFn, program: Program, at: datetime = NOON) -> tuple[str, Verdict]:
    """Birth dates, and ages where the programme accepts them, each with its verdict.

    Args:
        draw: given by Hypothesis.
        program: an Age programme.
        at: when they are texted; the verdict is that of this moment, in the programme's zone.

    >>> from optin_engine.harness import starter
    >>> from hypothesis import find
    >>> wine = starter().code("123456").programs[2]
    >>> find(birth_dates(wine), lambda given: given[1] == "too_young")
    ('2005-01-02', <Verdict.TOO_YOUNG: 'too_young'>)
    """
    today = at.astimezone(program.zone).date()
    if program.accepts_age and draw(st.sampled_from((False, False, True))):
        years = draw(
            st.sampled_from((0, -1, 1)).map(program.minimum_age.__add__) | st.integers(1, OLDEST)
        )
        return draw(st.sampled_from(AGES)).format(years), _verdict([years], program)
    oldest = pools.year_of(today, today.year - OLDEST)
    near = st.integers(-3, 3).map(lambda days: pools.edge(program, at) + timedelta(days=days))
    born = min(draw(near | st.dates(oldest, today)), today)
    written = draw(st.sampled_from(WRITINGS)).format(born, month=MONTHS[born.month - 1])
    return written, _verdict([_age(born, today)], program)


AGES = ("{}", "I am {}", "{} years old", "{}yo")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WRITINGS = (
    "{:%Y-%m-%d}", "{month} {0.day}, {0.year}", "{0.day} {month} {0.year}", "{0:%Y/%m/%d}",
    "dob: {0:%Y-%m-%d}", "my birthday is {month} {0.day} {0.year}",
    "born on {0.day} {month} {0.year}",
)  # fmt: skip


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _verdict(ages: Sequence[int], program: Program) -> Verdict:
    passed = {age >= program.minimum_age for age in ages}
    return Verdict.OLD_ENOUGH if passed == {True} else Verdict.TOO_YOUNG


def conversations(
    account: Account, begin: datetime = NOON, most: int = 24
) -> st.SearchStrategy[Acts]:
    """Conversations of several people with an account, as the acts of a story.

    Retries (`Again`), texts that come late (`Text.ago`), waits that meet a deadline of the
    definitions to the second, orders, other origins, all codes, odd texts.

    Args:
        account: has one code at the least.
        begin: what the clock shows at first.
        most: how many scenes there are; each is an act, or a few that belong together.

    >>> from optin_engine.harness import starter
    >>> from hypothesis import find
    >>> acts = find(conversations(starter()), lambda acts: Again() in acts)
    >>> isinstance(acts[0], Text), Again() in acts
    (True, True)
    """
    odd = ODD.map(lambda text: (Text(text),))
    kinds = [(often, st.sampled_from(kind)) for often, kind in pools.scenes(account, begin)]
    scene = _often([*kinds, (ODDLY, odd)])
    # Of one list Hypothesis makes but a short one; of three, one that is worth its while.
    part = st.lists(scene, max_size=most // 3)
    return st.tuples(part, part, part).map(lambda parts: _in_order([*chain(*parts)]))


def _often(kinds: Iterable[tuple[int, st.SearchStrategy[T]]]) -> st.SearchStrategy[T]:
    """Choose among strategies, each as often as stands beside it; the first is the simplest."""
    each = [strategy for often, strategy in kinds for _ in range(often)]
    return st.sampled_from(each).flatmap(lambda strategy: strategy)


def _in_order(scenes: list[Acts]) -> Acts:
    """Join scenes; nothing can come again before the first text."""
    acts = tuple(chain.from_iterable(scenes))
    first = next((place for place, act in enumerate(acts) if isinstance(act, Text)), len(acts))
    return tuple(act for place, act in enumerate(acts) if place > first or act != Again())


def definitions(begin: datetime = NOON) -> st.SearchStrategy[dict[str, list[Definition]]]:
    """Sound definitions of one code or more, for `Account.from_dict`.

    Args:
        begin: their dates, where they have any, lie around this day.

    >>> from hypothesis import find
    >>> found = find(definitions(), lambda given: True)
    >>> Account.from_dict(found).codes["123456"].programs[0].keyword
    'JOIN'
    """
    return _definitions(begin)


@st.composite
def _definitions(draw: st.DrawFn, begin: datetime) -> dict[str, list[Definition]]:
    codes = CODES[: draw(st.sampled_from((1, 1, 1, 2, 3)))]
    spoken = [code | draw(st.sampled_from(CODE_TEXTS)) for code in codes]
    programs = [
        draw(program_definitions(keyword, code, begin.date()))
        for code in codes
        for keyword in KEYWORDS[: draw(st.sampled_from((2, 3, 1, 4)))]
    ]
    return {"codes": spoken, "programs": programs}


CODE_TEXTS: tuple[Definition, ...] = (
    {},
    {"brand": "Acme", "defaultMessage": "Acme: pardon?"},
    {"stopMessage": "Acme: you are out", "startMessage": "Acme: you are back"},
)
LENGTHS = (24, 1, 48, "90m", "45s", "3d")
ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati")

# What each opt-in type cannot do without, and what it may have, with the values to choose from.
TEXTS = {
    OptInType.SINGLE: ("responseMessage",),
    OptInType.TEXT: ("responseMessage",),
    OptInType.DOUBLE: ("doubleOptinInitialMessage", "doubleOptinConfirmationMessage"),
    OptInType.AGE: (
        "doubleOptinInitialMessage", "doubleOptinConfirmationMessage", "optInInvalidAgeMessage",
    ),
}  # fmt: skip
_ASKING: dict[str, tuple[object, ...]] = {
    "optInErrorMessage": (),
    "doubleOptInValidResponses": ("yes", "agree", "y,yes,agree", "1|i agree"),
    "confirmWithin": (None, *LENGTHS),
    "remindAfter": (None, *LENGTHS, 80),
    "maxAttempts": (1, 2),
}
CHOICES: dict[OptInType, dict[str, tuple[object, ...]]] = {
    OptInType.SINGLE: {"allowSingleOptIn": (True, False)},
    OptInType.TEXT: {"allowSingleOptIn": (True, False)},
    OptInType.DOUBLE: _ASKING,
    OptInType.AGE: {
        **_ASKING,
        "birthDateMessage": (),
        "acceptsAge": (False, True),
        "ageRetryAfter": LENGTHS,
    },
}


@st.composite
def program_definitions(draw: st.DrawFn, keyword: str, code: Definition, day: date) -> Definition:
    """One programme of any type, its texts after its keyword and their fields.

    Args:
        draw: given by Hypothesis.
        keyword: its keyword.
        code: the code's place, such as `{"longCode": "15555550100"}`.
        day: its first and last day, if it has any, lie around this.

    """
    kind = draw(st.sampled_from((OptInType.DOUBLE, OptInType.AGE, *OptInType)))
    program: Definition = {"messageName": keyword.title(), "keyword": keyword, **code}
    program["messageOptInType"] = str(kind)
    program |= {field: f"{keyword} {field}" for field in TEXTS[kind]}
    if kind == OptInType.AGE:
        program["minimumAge"] = draw(st.sampled_from((18, 21)))
    choices = {"duplicateOptInMessage": (), "timeZone": ZONES, **CHOICES[kind]}
    for field, values in choices.items():
        if draw(st.booleans()):
            program[field] = draw(st.sampled_from(values or (f"{keyword} {field}",)))
    return program | draw(st.sampled_from(_days(day)))


def _days(day: date) -> list[Definition]:
    """Give first and last days; most programmes have neither."""
    before, after = day - timedelta(days=7), day + timedelta(days=2)
    american = f"{before.month}/{before.day}/{before.year}"
    return [
        *({},) * 6,
        {"startDate": str(day + timedelta(days=1))},
        {"startDate": american, "endDate": str(day)},
        {"endDate": str(after)},
    ]
