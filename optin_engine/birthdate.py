"""A reply to an age gate: text -> the dates or the age it can mean -> one verdict.

A reply is read whole or not at all: a date or an age, alone or in a short wrapping of
`calendar_words`. Every date that it can mean is kept, and they must agree on the verdict.
The date itself never leaves this module. Decisions where the specification is silent:

- `25?` and `01/02/1990?` are no answer, as `y?` is no YES; nor are `25+`, `-25` or `$25`.
- A year-first country (Canada, Japan) leaves the order of day and month open, unless
  another of its languages settles it; there `90-05-17` may start with the year too.
- `90 Jan 5` starts with the year where that alone gives a possible date.
- Emoji count as punctuation, and dashes of any script as hyphens.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

import attrs
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from optin_engine import calendar_words as say
from optin_engine.phrases import CLOSERS
from optin_engine.vocabulary import Verdict

OLDEST = 120

A_BIRTH_DATE = "a birth date"
AN_AGE = "an age"

# Where year, month and day stand in each order.
_PLACES = {
    "MDY": (2, 0, 1),
    "DMY": (2, 1, 0),
    "YMD": (0, 1, 2),
}
_EITHER = ("MDY", "DMY")


@attrs.frozen
class Given:
    """What a reply to an age gate gave; never the date or the age itself.

    Attributes:
        what: `a birth date` or `an age`.
        verdict: what it says about the minimum age.

    """

    what: str
    verdict: Verdict


def read_birth_date(
    folded: str, orders: tuple[str, ...], today: date, minimum_age: int, *, accepts_age: bool
) -> Given | None:
    """Read a reply to an age gate.

    Args:
        folded: any text, as `folding.fold` gives it.
        orders: the country's orders of day, month and year, from `date_orders`.
        today: the day of the reply, in the programme's time zone.
        minimum_age: in years; exactly this age is old enough.
        accepts_age: whether a bare age such as `25` counts.

    Returns:
        What was given, and the verdict on it; None where the whole text is not one
        possible date or age: incomplete, in the future, or more than 120 years ago.

    >>> read_birth_date("dob: 01/02/1990", ("MDY",), date(2026, 11, 21), 21, accepts_age=True)
    Given(what='a birth date', verdict=<Verdict.OLD_ENOUGH: 'old_enough'>)
    >>> read_birth_date("may 1990", ("MDY",), date(2026, 11, 21), 21, accepts_age=True)
    """
    if not _DIGIT.search(folded):
        return None
    text = folded if folded.isascii() else _plain(folded)
    if (found := _DATE.fullmatch(text)) is not None:
        ages = _ages(found, orders, today)
        return Given(A_BIRTH_DATE, _verdict(ages, minimum_age)) if ages else None
    if accepts_age and (found := _AGE.fullmatch(text)) is not None:
        age = int(found["age"])
        return Given(AN_AGE, _verdict([age], minimum_age)) if age <= OLDEST else None
    return None


@cache
def date_orders(country: str) -> tuple[str, ...]:
    """Give the orders in which people of a country may write a date.

    They are those of CLDR's short date pattern in every official language of it. Both
    MDY and DMY where the languages disagree, where none of them tells (the year comes
    first), and where the country is not known; YMD besides where the year comes first.

    Args:
        country: ISO 3166 alpha-2, in any case; anything else is a country not known.

    >>> date_orders("US"), date_orders("FR"), date_orders("CA")
    (('MDY',), ('DMY',), ('MDY', 'DMY', 'YMD'))
    """
    territory = country.upper()
    customary = set(_customary(territory))
    told = tuple(order for order in _EITHER if order in customary)
    return (told or _EITHER) + (("YMD",) if customary - {*_EITHER} else ())


def _customary(territory: str) -> Iterator[str]:
    for language in get_official_languages(territory, de_facto=True):
        try:
            locale = Locale.parse(f"{language}_{territory}")
        except (UnknownLocaleError, ValueError):  # A language that CLDR has no dates of.
            continue
        pattern = re.sub("'[^']*'", "", locale.date_formats["short"].pattern)
        yield "".join(dict.fromkeys(re.findall("[YMD]", pattern.upper())))


def _verdict(ages: list[int], minimum_age: int) -> Verdict:
    if min(ages) >= minimum_age:
        return Verdict.OLD_ENOUGH
    return Verdict.TOO_YOUNG if max(ages) < minimum_age else Verdict.AMBIGUOUS


def _ages(found: re.Match[str], orders: tuple[str, ...], today: date) -> list[int]:
    """Give the ages of a person born on any of the possible dates that a match can mean."""
    shape = next(shape for shape in _SHAPES if found[shape])
    if shape == "numbers":
        parts = found.group("n1", "n2", "n3")
        if len(parts[0]) == len("1990"):
            return _ages_by(("YMD",), parts, today)
        return _ages_by(orders, parts, today) or _ages_by(_EITHER, parts, today)
    if shape == "run_together":
        run = found["run_together"]
        parts = run[:2], run[2:4], run[4:]
        ages = _ages_by(orders, parts, today) or _ages_by(_EITHER, parts, today)
        return ages or _ages_by(("YMD",), (run[:4], run[4:6], run[6:]), today)
    if shape == "month_first":
        parts = _MONTHS[found["m1"]], found["m2"], found["m3"]
        return _ages_by(("MDY",), parts, today)
    parts = found["d1"], _MONTHS[found["d2"]], found["d3"]
    customary = ("DMY", "YMD") if "YMD" in orders else ("DMY",)
    return _ages_by(customary, parts, today) or _ages_by(("YMD",), parts, today)


def _ages_by(orders: Iterable[str], parts: tuple[str, ...], today: date) -> list[int]:
    ages = []
    for order in orders:
        y, m, d = _PLACES[order]
        year, month, day = parts[y], int(parts[m]), parts[d]
        # These are no days of any calendar; most of them a wrong order gives.
        if month > 12 or len(day) > 2:  # noqa: PLR2004  Months of a year, digits of a day.
            continue
        for full_year in _years(year, today):
            try:
                born = date(full_year, month, int(day))
            except ValueError:
                continue
            # A birthday on 29 February comes after the 28th: in a common year, 1 March.
            birthday_ahead = (today.month, today.day) < (born.month, born.day)
            age = today.year - full_year - birthday_ahead
            if born <= today and age <= OLDEST:
                ages.append(age)
    return ages


def _years(written: str, today: date) -> Iterable[int]:
    """Give the years that four digits mean, or two: of every century a person can be of."""
    year = int(written)
    if len(written) == len("1990"):
        return (year,)
    if len(written) != len("90"):
        return ()
    latest = today.year - (today.year - year) % 100
    return range(latest, today.year - OLDEST - 2, -100)


def _plain(text: str) -> str:
    return "".join(map(_plain_character, text))


# Emoji come after the arrows in Unicode; before them stand signs that mean something, as
# the degree does.
_FIRST_PICTURE = "\u2190"


def _plain_character(character: str) -> str:
    """Give a digit or a dash of any script as ASCII, and an emoji as an exclamation mark."""
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    if category in {"So", "Sk"} and character >= _FIRST_PICTURE:
        return "!"
    return character


# What may stand before the answer, between its wrappings and it, and behind it. A sign
# that would change a number (`-25`, `.5`, `25+`, `25?`) is in none of them. What may repeat is
# taken once and for all, so that no text whatever makes an expression try for long: these by
# `*+`, and words by a look ahead, because `*+` on a group misses matches before Python 3.11.5.
_BEFORE = r'[ !"(\[{*_:;\u00a1]*+'
_AFTER = r'[ !"(\[{*_:;=,.-]*+'
_BEHIND = r'[ !")\]}*_:;,.]*+'
_WORD = "(?=[a-z])"  # Most answers are bare: this spares them the lists of words.
_WORD_ENDS = "(?![a-z])"


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _phrase(before: tuple[str, ...], words: tuple[str, ...], after: tuple[str, ...] = ()) -> str:
    """Give the expression of a phrase in three places, of which the second must be filled."""
    opening = f"(?:(?:{_any(before)}) )?" if before else ""
    ending = f"(?:{_AFTER}(?:{_any(after)}))?" if after else ""
    return f"{opening}(?:{_any(words)}){ending}"


def _wrapped(openings: Iterable[str], answer: str, endings: Iterable[str]) -> re.Pattern[str]:
    return re.compile(
        rf"{_BEFORE}"
        rf"(?=(?P<greeted>(?:{_WORD}(?:{_any(say.GREETINGS)}){_WORD_ENDS}{_AFTER})*))(?P=greeted)"
        rf"(?:{_WORD}(?:{'|'.join(openings)}){_WORD_ENDS}{_AFTER})?"
        rf"(?:{answer}){_BEHIND}"
        rf"(?=(?P<ended>(?:{_WORD}(?:{'|'.join(endings)}|{_any(CLOSERS)}){_WORD_ENDS}{_BEHIND})*))"
        r"(?P=ended)"
    )


_SHAPES = ("numbers", "run_together", "day_first", "month_first")
_DIGIT = re.compile(r"\d")
_MONTHS = {name: str(number) for number, names in enumerate(say.MONTHS, 1) for name in names}

_MARK = r"(?: ?[/.,-] ?| )"
_LINK = rf"(?:(?:{_any(say.LINKS)}) )?"
_ORDINAL = rf"(?: ?(?:{_any(say.ORDINALS)}){_WORD_ENDS})?"

# Three parts in the order they are written. A number has one, two or four digits.
_NUMBERS = (
    rf"(?P<n1>\d{{4}}|\d{{1,2}}){_MARK}"
    rf"(?P<n2>\d{{1,2}}){_MARK}"
    r"(?P<n3>\d{4}|\d{1,2})"
)  # fmt: skip
_DAY_FIRST = (
    rf"(?P<d1>\d{{4}}|\d{{1,2}}){_ORDINAL}[ /.,-]{{0,3}}+{_LINK}"
    rf"(?P<d2>{_any(_MONTHS)})[ /.,-]{{0,3}}+{_LINK}"
    rf"(?P<d3>\d{{4}}|\d{{1,2}}){_ORDINAL}"
)
_MONTH_FIRST = (
    rf"(?P<m1>{_any(_MONTHS)})[ /.,-]{{0,3}}+{_LINK}"
    rf"(?P<m2>\d{{1,2}}){_ORDINAL}[ /.,-]{{1,3}}+{_LINK}"
    r"(?P<m3>\d{4}|\d{2})"
)
_DATE = _wrapped(
    [_phrase(*places) for places in say.BIRTH_DATE_OPENINGS],
    rf"(?:{_WORD}(?:{_any(say.ARTICLES)}) )?"
    rf"(?:(?P<numbers>{_NUMBERS})|(?P<run_together>\d{{8}})"
    rf"|(?P<day_first>{_DAY_FIRST})|(?P<month_first>{_MONTH_FIRST}))",
    [_phrase(*places) for places in say.BIRTH_DATE_ENDINGS],
)
_AGE = _wrapped(
    [_phrase(*places) for places in say.AGE_OPENINGS],
    rf"(?<![ :=][.,-])(?P<age>0|[1-9]\d{{0,2}})(?:[ -]?(?:{_any(say.AGE_UNITS)}){_WORD_ENDS})?",
    [_phrase(*places) for places in say.AGE_ENDINGS],
)
