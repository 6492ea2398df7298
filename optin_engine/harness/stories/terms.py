"""The words of a story that mean something anywhere: numbers, lengths, times, closed sets."""

from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from optin_engine.harness.mos import EARLIEST, LATEST
from optin_engine.harness.phone import NUMBER, duration, phone_number
from optin_engine.harness.stories.words import Words, near

W = TypeVar("W", bound=StrEnum)


def read_number(words: Words) -> str:
    """Take the number that may stand here; empty where none does, or the story's usual one.

    Raises:
        StoryError: it is none.

    """
    if not words.next.startswith("+"):
        return ""
    try:
        number = phone_number(words.next)
    except ValueError as error:
        message = f"{error} (a text that begins so is written `\\+`)"
        raise words.wrong(message) from None
    words.take()
    return "" if number == NUMBER else number


def one_of(kind: type[W], words: Words, word: str, called: str, mend: str = "") -> W:
    """Read a word of a closed set, in any case.

    Args:
        kind: the set.
        words: the line; the word is its next.
        word: as it is written.
        called: what it is, for what is wrong with it.
        mend: what else is said to who wrote another word.

    Raises:
        StoryError: it is not of the set.

    """
    for known in kind:
        if known.casefold() == word.casefold():
            return known
    listed = ", ".join(kind)
    message = f"{called} is missing: {listed}"
    if word:
        guess = near(word, kind) or f"; there are {listed}"
        message = f"`{word}` is not {called}{guess}{mend}"
    raise words.wrong(message)


def read_length(words: Words, written: str, mend: str = "") -> timedelta:
    """Read a length of time, which begins where the next word does.

    Raises:
        StoryError: it is none.

    """
    try:
        return duration(written)
    except (ValueError, OverflowError) as error:
        message = f"{error}{mend}"
        raise words.wrong(message) from None


def read_zone(words: Words) -> tzinfo:
    """Give the time zone that the next word names; UTC where there is no word.

    Raises:
        StoryError: there is no such zone.

    """
    name = words.next or "UTC"
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        guess = near(name, available_timezones()) or ", such as America/New_York or UTC"
        message = f"there is no time zone `{name}`{guess}"
        raise words.wrong(message) from None


def read_moment(local: datetime, zone: tzinfo, words: Words, begins: int) -> datetime:
    """Give a local time in UTC; of one that comes twice, the first.

    Raises:
        StoryError: it never comes, or no story is of that time; it stands at `begins`.

    """
    try:
        moment = local.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        moment = None
    if moment is None or not EARLIEST <= moment <= LATEST:
        message = f"a story is between {EARLIEST.year} and {LATEST.year}"
        raise words.wrong(message, begins)
    if moment.astimezone(zone).replace(tzinfo=None) != local:
        message = f"{zone} has no such hour that day, for its clocks are put forward; mend the time"
        raise words.wrong(message, begins)
    return moment
