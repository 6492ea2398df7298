"""What conversations with an account are made of: texts, waits, orders, and who writes.

All of it comes from the definitions: their keywords and answers, their lengths of time to the
second and around it, birth dates at the edge of their ages. Each pool is a tuple to choose
from at random, the simplest first; what stands there several times comes up as often.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, product

from optin_engine.account import Account
from optin_engine.harness.fuzzing import known_texts
from optin_engine.harness.mos import EARLIEST, LATEST
from optin_engine.harness.stories.story import Act, Again, Order, Ordered, Text, To, Wait
from optin_engine.program import ASKING, Program
from optin_engine.vocabulary import OptInType, Origin

Acts = tuple[Act, ...]

NUMBERS = ("", "+15555550124", "+15555550125")
OF_PROGRAM = (Ordered.SUBSCRIBE, Ordered.UNSUBSCRIBE, Ordered.RESUBSCRIBE)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)

# A wait that meets a deadline has to allow for the seconds that typing takes.
AROUND = (timedelta(), -SECOND, -2 * SECOND, -3 * SECOND, SECOND)
WAITS = (timedelta(hours=1), DAY, timedelta(days=4), SECOND)
ELSEWHERE = (Origin.WEB, Origin.APP, Origin.API)
LATE = (SECOND, 2 * SECOND, timedelta(minutes=1), DAY)
LONGEST = timedelta(days=800)

STOPS, HELPS, STARTS = (*known_texts.STOPS,), (*known_texts.HELPS,), (*known_texts.STARTS,)
NOES, OTHERS, REACTIONS = (
    (*known_texts.NOES,),
    (*known_texts.OTHERS,),
    (*known_texts.REACTIONS,),
)


def programs_of(account: Account) -> tuple[Program, ...]:
    """Give the programmes of every code."""
    return tuple(chain.from_iterable(code.programs for code in account.codes.values()))


def joins(program: Program) -> tuple[str, ...]:
    """Give texts that begin with a programme's keyword."""
    word = program.keyword
    return word, word.lower(), f"{word}!", f"{word.lower()} please"


def answers(program: Program, begin: datetime) -> tuple[str, ...]:
    """Give texts that a programme asks for: valid responses, birth dates, ages."""
    if program.opt_in_type not in ASKING:
        return ()
    yes = [
        text
        for response in program.valid_responses
        for text in (response, response.upper(), f"{response}!", f"{response} please")
    ]
    if program.opt_in_type == OptInType.DOUBLE:
        return (*yes, *known_texts.YESES)
    gate = program.minimum_age
    ages = (*known_texts.AGES, str(gate), str(gate - 1))
    born = [str(edge(program, begin) + timedelta(days=days)) for days in (0, 1, -1, 2, 4)]
    return (*ages, *known_texts.DATES, *born, "1980-02-29", *yes)


def edge(program: Program, at: datetime) -> date:
    """Give the last birth date that passes a programme's age gate at a moment."""
    today = at.astimezone(program.zone).date()
    return year_of(today, today.year - program.minimum_age)


def year_of(day: date, year: int) -> date:
    """Give a day in another year; 29 February of a common year is the day before."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def kinds_of_text(account: Account, begin: datetime) -> tuple[tuple[int, Sequence[str]], ...]:
    """Give texts by what they are for, each kind with how often it comes up, in 12."""
    programs = programs_of(account)
    answered = chain.from_iterable(answers(program, begin) for program in programs)
    asked = tuple(chain.from_iterable(map(joins, programs)))
    return (
        (4, asked or NOES),
        (4, tuple(dict.fromkeys(answered)) or NOES),
        (1, STOPS),
        (2, (*NOES, *STARTS, *OTHERS)),
        (1, (*HELPS, *REACTIONS, *known_texts.YESES)),
    )


def scenes(account: Account, begin: datetime) -> tuple[tuple[int, Sequence[Acts]], ...]:
    """Give what a conversation is made of: an act, or a few that belong together, by kind.

    Hypothesis prefers what comes first wherever it chooses among very many, so each kind is
    small, and how often it comes up stands beside it.
    """
    texts, few = kinds_of_text(account, begin), moving(account)
    tos = [(To(code),) for code in account.codes] if len(account.codes) > 1 else []
    kinds: tuple[tuple[int, Sequence[Acts]], ...] = (
        *((3 * often, sent(said, Text(""))) for often, said in texts),
        *((often, sent(said, Text("", NUMBERS[1]))) for often, said in texts),
        *((5, talks(program, begin)) for program in programs_of(account)),
        (12, [(wait,) for wait in waits(account, begin)]),
        (5, [(order,) for order in orders(account)]),
        (4, [(Again(),)]),
        (3, sent(few, *(Text("", origin=origin) for origin in ELSEWHERE))),
        (3, sent(few, *(Text("", ago=ago) for ago in LATE))),
        (2, sent(few, Text("", NUMBERS[2]))),
        (4, tos),
    )
    return tuple((often, kind) for often, kind in kinds if kind)


def sent(words: Iterable[str], *frames: Text) -> list[Acts]:
    """Give texts as they are sent: by whom, from where, how long ago."""
    return [
        (Text(text, frame.number, frame.origin, frame.ago),)
        for frame, text in product(frames, words)
    ]


def moving(account: Account) -> tuple[str, ...]:
    """Give few texts that move most people."""
    keywords = (program.keyword for program in programs_of(account))
    return (*dict.fromkeys(keywords), "YES", "STOP", "25", "no", "START", "what is this?")


def talks(program: Program, begin: datetime) -> list[Acts]:
    """Give how somebody comes to stand somewhere, and what is done then: chance is too slow."""
    word, asked = program.keyword, answers(program, begin)
    if program.opt_in_type == OptInType.AGE:
        asked = (str(edge(program, begin)), str(program.minimum_age), str(begin.date()))
    ways = [(word,), *((word, answer) for answer in asked[:3]), (word, "STOP")]
    texts = (word, *asked[:1], "no", "STOP", "START", "HELP", *OTHERS[:1])
    orders = [*(Order(order, word) for order in OF_PROGRAM), Order(Ordered.DEACTIVATE)]
    then: list[Act] = [*map(Text, texts), *orders, Text(word, origin=Origin.WEB), Again()]
    return [(*map(Text, way), act) for way in ways for act in then]


def waits(account: Account, begin: datetime) -> tuple[Wait, ...]:
    """Give waits that meet a deadline of the definitions, or miss it by a second or two."""
    lengths = dict.fromkeys((*WAITS, *_lengths(account), *_edges(account, begin)))
    around = [length + more for more in AROUND for length in lengths]
    return tuple(Wait(length) for length in dict.fromkeys(around) if length > timedelta())


def _lengths(account: Account) -> Iterator[timedelta]:
    for program in programs_of(account):
        for length in (program.confirm_within, program.remind_after, program.age_retry_after):
            if length is not None and program.opt_in_type in ASKING:
                yield length


def _edges(account: Account, begin: datetime) -> Iterator[timedelta]:
    """Give how far off the moments are at which a programme begins or is over."""
    for program in programs_of(account):
        for day in days_of(program):
            if day is not None and timedelta() < (length := day - begin) <= LONGEST:
                yield length


def days_of(program: Program) -> tuple[datetime | None, datetime | None]:
    """Give when a programme begins, and when it is over."""
    first, last = program.start_date, program.end_date
    after = last + DAY if last is not None and last < date.max else None
    return _midnight(program, first), _midnight(program, after)


def _midnight(program: Program, day: date | None) -> datetime | None:
    return datetime.combine(day, time(), program.zone).astimezone(UTC) if day else None


def orders(account: Account) -> tuple[Order, ...]:
    """Give every order of an agent, to the usual number and another."""
    keywords = dict.fromkeys(program.keyword for program in programs_of(account))
    some = [
        *(Order(order, keyword) for order, keyword in product(OF_PROGRAM, keywords)),
        Order(Ordered.DEACTIVATE),
        Order(Ordered.STOP),
    ]
    return (*some, *(Order(one.order, one.keyword, NUMBERS[1]) for one in some))


def beginning(account: Account, usually: datetime) -> datetime:
    """Give the moment to begin at: where most programmes run, `usually` if that is one.

    It is one that a story can begin at, too, so that what is found there can be written.

    >>> from optin_engine.harness import starter
    >>> print(beginning(starter(), datetime(2026, 1, 1, 12, tzinfo=UTC)))
    2026-01-01 12:00:00+00:00
    """
    programs = programs_of(account)
    firsts = [first for program in programs if (first := days_of(program)[0])]
    ends = [last - SECOND for program in programs if (last := days_of(program)[1])]
    told = (moment for moment in (*sorted(firsts), *sorted(ends)) if EARLIEST <= moment <= LATEST)
    return max((usually, *told), key=lambda moment: sum(p.is_active(moment) for p in programs))
