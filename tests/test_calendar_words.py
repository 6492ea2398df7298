# ruff: noqa: RUF001  The texts are in the characters that handsets send.
from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from optin_engine import calendar_words
from optin_engine.birthdate import Given, read_birth_date
from optin_engine.folding import fold
from optin_engine.vocabulary import Verdict

TODAY = date(2026, 11, 21)
AN_AGE = Given("an age", Verdict.OLD_ENOUGH)
OLD_ENOUGH = Given("a birth date", Verdict.OLD_ENOUGH)
TOO_YOUNG = Given("a birth date", Verdict.TOO_YOUNG)


def read(
    text: str,
    today: date = TODAY,
    *,
    orders: tuple[str, ...] = ("MDY",),
    accepts_age: bool = True,
) -> Given | None:
    return read_birth_date(fold(text), orders, today, 21, accepts_age=accepts_age)


AGES = """
25 | 25! | "25" | (25) | 25. | 25 😀 | i am 25 | I’m 25 | im 25 years old | I M 25 | 25 years old
25 yrs | 25yo | 25 y/o | 25 y.o. | 25-year-old | 25 yrs. old | 25 years of age | age 25 | age: 25
Age - 25 | my age is 25 | my age is: 25 | 25 ans | j'ai 25 ans | mon âge est 25 | 25 años
tengo 25 años | ¡tengo 25! | mi edad es 25 | yes im 25 | ok, 25 thanks | hi! i am 25. thank you
it's 25 | just turned 25 | 25 please | 25 is my age | ２５ | ٢٥ | 25 merci
"""
DATES = """
1/2/1990 | 01 / 02 / 1990 | 01. 02. 1990 | 1,2,1990 | 1-2/1990 | 1–2–1990 | 1−2−1990 | 1990.05.17.
01021990 | 19900517 | 17051990 | 1st jan 1990 | Jan 2nd, 1990 | January the 5th 1990 | 5 JAN 90
1er mai 1990 | le 1er mai 1990 | 5 de enero de 1990 | el 5 de enero del 90 | 1º de enero de 1990
Jan-05-1990 | 05Jan1990 | 5jan90 | Jan 5 '90 | 5. Jan. 1990 | jan.5,1990 | 1990 jan 5 | 5/jan/1990
my birthday is 1/2/1990 | My Birthday is on May 5, 1990 | my birthday's 1/2/90 | my bday 1/2/90
bday 1/2/1990 | birthday: 1/2/90 | birthdate 1/2/1990 | b-day 1/2/1990 | DOB01/02/1990
dob=1/2/1990 | dob: (1/2/1990) | my dob is "1/2/1990" | D.O.B. 1/2/1990 | d.o.b: 1/2/1990
date of birth - 1/2/1990 | my date of birth is the 5th of January 1990 | the 5th of jan, 1990
born 1/2/1990 | born on 1/2/1990 | born in 1990 May 5 | I was born 1/2/1990 | i was born on 1/2/90
its 1/2/1990 | It is 1/2/1990 | it's my birthday 1/2/1990 | yes 1/2/1990 | yes, born on 1/2/1990
ok 1/2/1990 | hi my dob is 1/2/1990 thanks! | sure! 1/2/1990 🎂 | 1/2/1990 thank you so much
1/2/1990 please | 1/2/1990 merci | 1/2/1990, gracias | 1/2/1990 is my birthday | on may 5th 1990
je suis née le 5 mai 1990 | Je suis né(e) le 5 mai 1990 | né le 05/05/1990 | nee le 5 mai 1990
date de naissance : 05/01/1990 | mon anniversaire est le 5 mai 1990 | c'est le 5 août 1990
nací el 5 de enero de 1990 | Fecha de nacimiento: 5/1/1990 | mi cumpleaños es el 5 de mayo de 1990
१-२-१९९० | ٠١/٠٢/١٩٩٠ | 01\u200b/02/1990 | 5 setiembre 1990 | 5 sept. 1990 | 5 févr. 1990
"""
NEITHER = """
121 | 25.5 | 25,5 | 1990 | 1/2 | 05 | 25? | 25+ | -25 | age -25 | .5 | im .5 | $25 | 25% | 25° | #25
over 25 | not 25 | im not 25 | 25 or 26 | 25 26 | 25 min | 25 and 1/2 | ½ | 25½ | 10 yes 20
my birthday is 25 | born 25 | dob 25 | the 25 | im 01/02/1990 | tengo 01/02/1990 | age 01/02/1990
01/02/1990 years old | 25 is my birthday | 01/02/1990 is my age | birthdays | old enough | tomorrow
01/02/1990 or 01/02/2015 | 1/2/3/4 | 1.2.3.4 | 1/2/3 | may 1990 | 05/1990 | 5 may | jan 51990
1/2/199 | jan 5 199 | 5 jan 199 | 010290 | 0102199 | 010219900 | 2025550123 | 555-12-1990 | 12:30
02/30/1990 | 02/29/1990 | 29 feb 1990 | 32 jan 1990 | 13/13/1990 | 0/0/1990 | 00000000 | 99999999
1990-13-05 | 1990-05-32 | 11/22/2026 | 2027-01-01 | 31 dec 2026 | 01/01/1900 | 11/21/1905 | 1/1/0000
call me at 5 on 01/02/1990 | 01/02/1990? | is 01/02/1990 ok | 01/02/1990 and im 36 | a 01/02/1990
my wifes birthday is 01/02/1990 | born 01/02/1990 in texas | yes25no | 1/2/1990/ | 1//2//1990
"""


def listed(texts: str) -> list[str]:
    return [text.strip() for line in texts.strip().splitlines() for text in line.split(" | ")]


@pytest.mark.parametrize("text", listed(AGES))
def test_an_age_is_read_in_its_wrappings(text: str) -> None:
    assert read(text) == AN_AGE
    assert read(text, accepts_age=False) is None


@pytest.mark.parametrize("text", listed(DATES))
def test_a_birth_date_is_read_in_its_wrappings(text: str) -> None:
    for accepts_age in (True, False):
        assert read(text, accepts_age=accepts_age) == OLD_ENOUGH


@pytest.mark.parametrize("text", listed(NEITHER))
def test_what_is_not_wholly_one_possible_date_or_age_is_neither(text: str) -> None:
    for orders in (("MDY",), ("DMY",), ("MDY", "DMY", "YMD")):
        assert read(text, orders=orders) is None


def words_in(data: object) -> Iterable[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, tuple):
        for part in data:
            yield from words_in(part)


def test_every_word_of_the_data_is_folded_as_the_texts_are() -> None:
    public = [value for name, value in vars(calendar_words).items() if name.isupper()]
    found = [word for data in public for word in words_in(data)]
    assert len(found) > 200
    assert [word for word in found if fold(word) != word] == []


def test_a_name_of_a_month_is_that_of_one_month_only() -> None:
    names = list(words_in(calendar_words.MONTHS))
    assert len(names) == len(set(names))


@pytest.mark.parametrize("month", range(1, 13))
def test_every_name_of_a_month_is_read_as_that_month(month: int) -> None:
    birthday = date(2026, month, 15)
    for name in calendar_words.MONTHS[month - 1]:
        for text in (f"15 {name} 2005", f"{name} 15 2005", f"2005 {name} 15"):
            assert read(text, birthday - timedelta(days=1)) == TOO_YOUNG
            assert read(text, birthday) == OLD_ENOUGH
