import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.birthdate import Given, date_orders, read_birth_date
from optin_engine.folding import fold
from optin_engine.vocabulary import Verdict

VECTORS = Path(__file__).parent / "vectors"
TODAY = date(2026, 11, 21)
MDY, DMY = ("MDY",), ("DMY",)
CANADA = ("MDY", "DMY", "YMD")

ENGLISH = "January February March April May June July August September October November December"
FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
SHORT = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"


def read(
    text: str,
    orders: tuple[str, ...] = MDY,
    *,
    minimum: int = 21,
    today: date = TODAY,
    accepts_age: bool = True,
) -> Given | None:
    return read_birth_date(fold(text), orders, today, minimum, accepts_age=accepts_age)


# The oracle counts one birthday at a time.
def birthdays_passed(born: date, today: date) -> int:
    passed = 0
    for year in range(born.year + 1, today.year + 1):
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        falls_on_first_of_march = (born.month, born.day) == (2, 29) and not leap
        birthday = date(year, 3, 1) if falls_on_first_of_march else born.replace(year=year)
        passed += birthday <= today
    return passed


def possible(year: int, month: int, day: int, today: date) -> list[date]:
    try:
        born = date(year, month, day)
    except ValueError:
        return []
    return [born] if born <= today and birthdays_passed(born, today) <= 120 else []


def judged(born: Iterable[date], today: date, minimum: int) -> Verdict | None:
    verdicts = {birthdays_passed(day, today) >= minimum for day in born}
    if not verdicts:
        return None
    if len(verdicts) == 2:
        return Verdict.AMBIGUOUS
    return Verdict.OLD_ENOUGH if verdicts.pop() else Verdict.TOO_YOUNG


def verdict_on(
    text: str, orders: tuple[str, ...], today: date, minimum: int, what: str = "a birth date"
) -> Verdict | None:
    found = read(text, orders, minimum=minimum, today=today)
    assert found is None or found.what == what
    return found.verdict if found else None


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VECTORS / name).read_text())["cases"]
    return found


@pytest.mark.parametrize("case", cases("birthdates.json"), ids=lambda c: c["text"])
def test_every_golden_birth_date_has_its_verdict(case: dict[str, Any]) -> None:
    received_at = datetime.fromisoformat(case["receivedAt"])
    found = read(
        case["text"],
        date_orders(case["country"]),
        minimum=case["minimumAge"],
        today=received_at.astimezone(ZoneInfo(case["timeZone"])).date(),
        accepts_age=case["acceptsAge"],
    )
    assert (found.verdict if found else "other") == case["verdict"]


@pytest.mark.parametrize(
    "case",
    [c for c in cases("readings.json") if c["context"] == "age"],
    ids=lambda c: c["text"],
)
def test_every_golden_reply_to_an_age_gate_is_a_birth_date_or_is_not(case: dict[str, Any]) -> None:
    assert (read(case["text"]) is not None) == (case["reading"] == "BIRTH_DATE")


Format = tuple[tuple[str, ...], Callable[[date], str]]


def form(orders: tuple[str, ...], shape: str, names: str = "") -> Format:
    """Give a way to write a date: number or name of the month, day, ordinal and year."""

    def write(born: date) -> str:
        last = 0 if 11 <= born.day <= 13 else born.day % 10
        th = str(born.day) + {1: "st", 2: "nd", 3: "rd"}.get(last, "th")
        name = names.split()[born.month - 1] if names else ""
        return shape.format(m=born.month, n=name, d=born.day, th=th, y=born.year)

    return orders, write


FORMATS = [
    form(MDY, "{m:02}/{d:02}/{y}"),
    form(MDY, "{m:02}{d:02}{y}"),
    form(DMY, "{d:02}/{m:02}/{y}"),
    form(DMY, "{d} , {m} - {y}"),
    form(DMY, "{y}-{m:02}-{d:02}"),
    form(CANADA, "{y}{m:02}{d:02}"),
    form(DMY, "{n} {th}, {y}", ENGLISH),
    form(MDY, "the {th} of {n} {y}", ENGLISH),
    form(CANADA, "{d:02}{n}{y}", SHORT),
    form(MDY, "le {d} {n} {y}", FRENCH),
    form(MDY, "{d} de {n} del {y}", SPANISH),
]
ZONES = ["Etc/GMT+12", "America/New_York", "UTC", "Asia/Kolkata", "Pacific/Kiritimati"]
A_CENTURY = st.dates(date(1908, 1, 1), date(2008, 12, 31)) | st.builds(
    lambda leap: date(1908 + 4 * leap, 2, 29), st.integers(0, 25)
)
Written = tuple[date, str, tuple[str, ...]]
WRITTEN = st.builds(lambda d, form: (d, form[1](d), form[0]), A_CENTURY, st.sampled_from(FORMATS))
MOMENTS = st.integers(1_262_304_000, 1_830_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(WRITTEN, MOMENTS, st.sampled_from(ZONES), st.integers(-1, 1))
def test_the_verdict_on_any_day_of_a_century_is_that_of_counting_birthdays(
    written: Written, now: datetime, zone: str, beside: int
) -> None:
    born, text, orders = written
    today = now.astimezone(ZoneInfo(zone)).date()
    minimum = birthdays_passed(born, today) + beside
    assert verdict_on(text, orders, today, minimum) == judged([born], today, minimum)


@given(WRITTEN, st.integers(1, 99), st.integers(-1, 1))
def test_the_day_before_a_birthday_is_too_young_and_the_birthday_is_not(
    written: Written, minimum: int, beside: int
) -> None:
    born, text, orders = written
    year = born.year + minimum
    leap_day = (born.month, born.day) == (2, 29)
    birthday = date(year, 3, 1) if leap_day and minimum % 4 else born.replace(year=year)
    expected = Verdict.TOO_YOUNG if beside < 0 else Verdict.OLD_ENOUGH
    assert verdict_on(text, orders, birthday + timedelta(days=beside), minimum) == expected


def test_a_birthday_on_29_february_is_the_first_of_march_in_a_common_year() -> None:
    leap_day = "02/29/2004"
    assert verdict_on(leap_day, MDY, date(2025, 2, 28), 21) == Verdict.TOO_YOUNG
    assert verdict_on(leap_day, MDY, date(2025, 3, 1), 21) == Verdict.OLD_ENOUGH
    assert verdict_on(leap_day, MDY, date(2024, 2, 29), 20) == Verdict.OLD_ENOUGH


ANY_NUMBER, MINIMUM = st.integers(0, 40), st.integers(1, 120)
TODAYS = st.dates(date(1999, 1, 1), date(2101, 12, 31))


def two_digit_years(yy: int, month: int, day: int, today: date) -> list[date]:
    return [
        born
        for century in range(1700, 2300, 100)
        for born in possible(century + yy, month, day, today)
    ]


@given(ANY_NUMBER, ANY_NUMBER, st.integers(0, 99), TODAYS, MINIMUM)
def test_two_digits_of_a_year_are_those_of_every_possible_century(
    first: int, second: int, yy: int, today: date, minimum: int
) -> None:
    meant = two_digit_years(yy, first, second, today)
    meant = meant or two_digit_years(yy, second, first, today)
    text = f"{first}/{second}/{yy:02}"
    assert verdict_on(text, MDY, today, minimum) == judged(meant, today, minimum)


@given(st.integers(1, 12), st.integers(1, 31), st.integers(0, 99), TODAYS, MINIMUM)
def test_two_digits_after_a_month_by_name_are_a_year_of_every_possible_century(
    month: int, day: int, yy: int, today: date, minimum: int
) -> None:
    meant = two_digit_years(yy, month, day, today)
    text = f"{SHORT.split()[month - 1]} {day} '{yy:02}"
    assert verdict_on(text, MDY, today, minimum) == judged(meant, today, minimum)


@given(ANY_NUMBER, ANY_NUMBER, st.integers(1900, 2030), TODAYS, MINIMUM)
def test_the_other_order_is_meant_where_the_country_has_no_possible_date(
    first: int, second: int, year: int, today: date, minimum: int
) -> None:
    month_first = possible(year, first, second, today)
    day_first = possible(year, second, first, today)
    text = f"{first}.{second}.{year}"
    assert verdict_on(text, MDY, today, minimum) == judged(month_first or day_first, today, minimum)
    assert verdict_on(text, DMY, today, minimum) == judged(day_first or month_first, today, minimum)


@given(ANY_NUMBER, ANY_NUMBER, st.integers(1900, 2030), TODAYS, MINIMUM)
def test_canada_keeps_both_orders_and_asks_again_where_they_disagree(
    first: int, second: int, year: int, today: date, minimum: int
) -> None:
    meant = possible(year, first, second, today) + possible(year, second, first, today)
    expected = judged(meant, today, minimum)
    for text in (f"{first}/{second}/{year}", f"{first:02}{second:02}{year}"):
        assert verdict_on(text, date_orders("CA"), today, minimum) == expected


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), TODAYS, MINIMUM)
def test_canada_keeps_all_three_orders_of_three_numbers_of_two_digits(
    a: int, b: int, c: int, today: date, minimum: int
) -> None:
    meant = two_digit_years(c, a, b, today) + two_digit_years(c, b, a, today)
    meant += two_digit_years(a, b, c, today)
    text = f"{a:02}-{b:02}-{c:02}"
    assert verdict_on(text, CANADA, today, minimum) == judged(meant, today, minimum)


def test_two_digits_of_a_year_reach_back_to_an_age_of_120() -> None:
    for text in ("1/1/06", "12/31/05"):
        assert verdict_on(text, MDY, TODAY, 21) == Verdict.AMBIGUOUS


def test_a_month_by_name_may_follow_two_digits_of_a_year() -> None:
    assert verdict_on("90 jan 5", MDY, TODAY, 36) == Verdict.OLD_ENOUGH
    assert verdict_on("90-jan-05", MDY, TODAY, 37) == Verdict.TOO_YOUNG
    # Day first where that is possible; both where the country writes the year first.
    assert verdict_on("05 jan 30", MDY, TODAY, 50) == Verdict.OLD_ENOUGH
    assert verdict_on("05 jan 30", CANADA, TODAY, 50) == Verdict.AMBIGUOUS


@given(st.integers(0, 999), st.integers(1, 120))
def test_a_bare_age_counts_up_to_120_and_only_where_it_is_accepted(age: int, minimum: int) -> None:
    expected = Verdict.OLD_ENOUGH if age >= minimum else Verdict.TOO_YOUNG
    for text in (f"{age}", f"I'm {age}!", f"{age} years old"):
        found = verdict_on(text, MDY, TODAY, minimum, "an age")
        assert found == (expected if age <= 120 else None)
        assert read(text, accepts_age=False) is None


SOUP = st.lists(
    st.sampled_from([*"0123456789 /.-,:!?'()", "1990", "01", "jan", "mai", "th", "de", "the"])
    | st.sampled_from(["my birthday is", "im", "years old", "yes", "thanks", "born on", "٣", "🎂"]),
    max_size=12,
).map("".join)


@given(
    text=st.text() | SOUP,
    orders=st.sampled_from([MDY, DMY, CANADA]),
    today=st.dates(),
    accepts_age=st.booleans(),
)
def test_any_text_on_any_day_gives_a_verdict_or_nothing(
    *, text: str, orders: tuple[str, ...], today: date, accepts_age: bool
) -> None:
    for raw in (text, fold(text)):
        found = read_birth_date(raw, orders, today, 21, accepts_age=accepts_age)
        assert found is None or isinstance(found.verdict, Verdict)


@given(WRITTEN, MINIMUM)
def test_what_is_given_never_tells_the_date(written: Written, minimum: int) -> None:
    found = read(written[1], written[2], minimum=minimum)
    assert isinstance(found, Given)
    assert not any(character.isdigit() for character in repr(found))
    assert {field.name for field in attrs.fields(Given)} == {"what", "verdict"}


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "yes ", "my birthday is ", "! ", "01/02/1990 ", "5th "]
)
def test_the_longest_of_texts_is_read_as_any_other(piece: str) -> None:
    assert read(piece * 1600 + "x1") is None


@pytest.mark.parametrize(
    ("orders", "countries"),
    [
        (MDY, "US PH PR us"),
        (DMY, "GB FR MX DE AU IN BR ES IT IE NZ CH PL CO AR NG KE NO VU"),
        (CANADA, "CA JP HU SE ZA CN KR"),
        (("DMY", "YMD"), "FI"),
        (("MDY", "DMY"), " ZZ QQ X ÅÅ ../.. 840"),
    ],
)
def test_a_country_writes_its_dates_in_its_orders(orders: tuple[str, ...], countries: str) -> None:
    names = countries.split(" ")
    assert {name: date_orders(name) for name in names} == dict.fromkeys(names, orders)
