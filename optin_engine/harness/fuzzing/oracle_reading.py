"""What the oracle takes a text for, written from the specification and from nothing else.

It reads the texts of `known_texts`, and those that a definition itself gives a meaning: its
keywords and its valid responses with a little courtesy, bare ages, and birth dates in plain
writings. Of any other text it says that nobody wrote down its meaning.
"""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from optin_engine.harness.fuzzing.known_texts import (
    AGES,
    COURTESY,
    DATES,
    HELPS,
    NOES,
    ORDERS,
    OTHERS,
    REACTIONS,
    SLASHED,
    SLIPS,
    STARTS,
    STOPS,
    TREACHEROUS,
    WORDED,
    YESES,
)

Program = dict[str, Any]
Meaning = tuple[str, str, str]

OLDEST = 120
LISTED = {*REACTIONS, *STOPS, *HELPS, *STARTS, *YESES, *NOES, *OTHERS, *AGES, *DATES}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def meaning(
    text: str, keywords: Collection[str], waiting: Program | None, country: str, at: datetime
) -> Meaning | None:
    """Give what a text is, the keyword it goes to, and a verdict; None: nobody wrote it down.

    Args:
        text: any text.
        keywords: those that start a programme at that moment.
        waiting: the programme that waits for an answer.
        country: of the code.
        at: when the text arrived.

    >>> noon = datetime(2026, 1, 1, 12)
    >>> meaning("Club please", ["CLUB"], None, "US", noon)
    ('JOIN', 'CLUB', '')
    >>> meaning("who are you", ["CLUB"], None, "US", noon) is None
    True
    """
    for heard, texts in (("REACTION", REACTIONS), ("STOP", STOPS), ("HELP", HELPS)):
        if text in texts and text not in SLIPS:
            return heard, "", ""
    first = words(text)[:1] if text in LISTED else courteous(words(text))
    for keyword in keywords:
        if first == words(keyword) and (text in LISTED or is_plain(text)):
            return "JOIN", keyword, ""
    if text in SLIPS:
        return "STOP", "", ""
    if text in STARTS:
        return "START", "", ""
    return nobody_waits(text) if waiting is None else answer(text, waiting, country, at)


def nobody_waits(text: str) -> Meaning | None:
    return ("UNMATCHED", "", "") if text in LISTED or is_number(text) else None


def answer(text: str, program: Program, country: str, at: datetime) -> Meaning | None:
    keyword = program["keyword"]
    if says_yes(text, program):
        return "YES", keyword, ""
    if text in NOES:
        return "NO", keyword, ""
    verdict: str | None = "" if text in LISTED or is_number(text) else None
    if program["messageOptInType"] == "Age" and text not in OTHERS:
        verdict = judged(text, program, country, today(program, at))
    if verdict is None:
        return None
    return "BIRTH_DATE" if verdict else "OTHER", keyword, verdict


def says_yes(text: str, program: Program) -> bool:
    """Tell whether a text is a valid response, alone or with courtesy words behind it."""
    if "?" in text or not (text in LISTED or is_plain(text)):
        return False
    found = words(text)
    for response in re.split("[,|]", program.get("doubleOptInValidResponses", "y,yes")):
        wanted = words(response)
        is_ours = len(wanted) > 1 and TREACHEROUS & set(wanted)
        if wanted and not is_ours and found[: len(wanted)] == wanted:
            return set(found[len(wanted) :]) <= set(COURTESY)
    return False


def judged(text: str, program: Program, country: str, day: date) -> str | None:
    """Give what a text says about the minimum age: a verdict, nothing, or None if not known."""
    possible = ages(text, country, day, accepts_age=program.get("acceptsAge", True))
    if possible is None:
        return None
    passed = {age >= int(program["minimumAge"]) for age in possible if 0 <= age <= OLDEST}
    if len(passed) == 1:
        return "old_enough" if passed == {True} else "too_young"
    return "ambiguous" if passed else ""


def ages(text: str, country: str, day: date, *, accepts_age: bool) -> list[int] | None:
    if text in AGES or is_number(text):
        return [AGES.get(text) or int(text)] if accepts_age else []
    if text in WORDED:
        return [age(born, day) for born in WORDED[text]]
    if text in DATES:
        born_on = ORDERS.get(country, {}).get(text)
        return [age(born, day) for born in born_on] if born_on else None
    if text in LISTED:
        return []
    shape = (
        "%Y-%m-%d" if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else SLASHED.get(country)
    )
    try:
        return [age(datetime.strptime(text, shape or "").replace(tzinfo=UTC).date(), day)]
    except ValueError:
        return None


def age(born: date, day: date) -> int:
    """Give the full years, less than none for somebody who is not born yet."""
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return years if born <= day else -1


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[\w-]+", text.replace("'", "").casefold()))


def courteous(found: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the courtesy at the end."""
    return found[:-1] if found[-1:] == ("please",) else found


def is_plain(text: str) -> bool:
    """Tell whether nothing but words, and perhaps an exclamation, is in a text."""
    return re.fullmatch(r"[\w-]+( [\w-]+)*[!.]?", text) is not None


def is_number(text: str) -> bool:
    return re.fullmatch("0|[1-9][0-9]{0,2}", text) is not None


def today(program: Program, at: datetime) -> date:
    """Give the day in the programme's time zone: without one, where it ends last."""
    return at.astimezone(ZoneInfo(program.get("timeZone", "Etc/GMT+12"))).date()


def day_of(given: date | str) -> date:
    """Give a day as definitions write it: a date, ISO, or American."""
    if isinstance(given, date):
        return given
    if "/" in given:
        month, day, year = map(int, given.split("/"))
        return date(year, month, day)
    return date.fromisoformat(given)


def length(given: float | str | None) -> timedelta | None:
    """Give a length of time: hours, or a number with its unit; None is for ever."""
    if given is None or given == "never":
        return None
    if isinstance(given, str):
        return timedelta(seconds=float(given[:-1]) * UNITS[given[-1]])
    return timedelta(hours=given)
