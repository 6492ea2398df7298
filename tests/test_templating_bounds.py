"""Whatever a template is, reading and rendering it end soon, and the bound that is met is named.

Time is not asserted: each of these took minutes, or all the memory, if its bound were missing.
"""

import re
from datetime import UTC, datetime

import pytest

from optin_engine.templating import TemplateError, compile_template

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FETCHED = "Ä" * 65_536

STEPS = "it takes more than 100,000 steps"
SAYS = "it says more than 1,600 characters"
MAKES = "it makes a text of more than 65,536 characters"
TOGETHER = "it makes texts of more than 1,048,576 characters together"
FETCHES = "it calls HTTPGet more than 3 times"
DEEP = "nested more than 32 deep"
LONG = "longer than 65,536 characters"

LOOP = "FOR @{0} = 1 TO 999999999999999 DO "
GROWN = "SET @b = 'x' FOR @i = 1 TO 16 DO SET @b = Concat(@b, @b) NEXT "

# fmt: off
BOMBS = (
    # template                                                              bound
    (f"%%[ {LOOP.format('i')}NEXT ]%%",                                     STEPS),
    (f"%%[ {''.join(map(LOOP.format, 'abcdefgh'))}{'NEXT ' * 8}]%%",        STEPS),
    ("%%[ FOR @i = 1 DOWNTO -99999999999 DO SET @a = @i NEXT ]%%",          STEPS),
    (f"%%[ {LOOP.format('i')}IF {'1 == 1 AND ' * 5000} 1 THEN ENDIF NEXT ]%%", STEPS),
    (f"%%[ {LOOP.format('i')}SET @a = Length(@a) NEXT ]%%",                 STEPS),
    ("%%[ FOR @i = 1 TO 2000 DO ]%%x%%[ NEXT @i ]%%",                       SAYS),
    ("x" * 1601,                                                            SAYS),
    ("%%Long%%",                                                            SAYS),
    ("%%[ SET @a = 'x' FOR @i = 1 TO 99 DO SET @a = Concat(@a, @a) NEXT ]%%", MAKES),
    (f"%%[ {GROWN} SET @c = Replace(@b, 'x', @b) ]%%",                      MAKES),
    (f"%%[ {GROWN} SET @c = URLEncode(Replace(@b, 'x', '/'), 1, 1) ]%%",    MAKES),
    (f"%%[ {GROWN} SET @c = Uppercase(Replace(@b, 'x', 'ß')) ]%%",          MAKES),
    (f"%%[ {GROWN} {LOOP.format('i')}SET @c = IndexOf(@b, 'y') NEXT ]%%",   TOGETHER),
    (f"%%[ {GROWN} {LOOP.format('i')}IF @b == 'y' THEN ENDIF NEXT ]%%",     TOGETHER),
    (f"%%[ {GROWN} {LOOP.format('i')}SET @c = Replace(@b, 'y', 'z') NEXT ]%%", TOGETHER),
    (f"%%[ {GROWN} {LOOP.format('i')}SET @c = ProperCase(@b) NEXT ]%%",     TOGETHER),
    (f"%%[ {GROWN.replace('x', ' ')} {LOOP.format('i')}SET @c = Trim(@b) NEXT ]%%", TOGETHER),
    (f"%%[ {GROWN} SET @c = FormatDate(Now(), @b) ]%%",                     "the pattern is longer than 100"),
    (f"%%[ SET @a = 1 {LOOP.format('i')}SET @a = Add(@a, @a) NEXT ]%%",     "more than 15 digits"),
    (f"%%[ {LOOP.format('i')}SET @a = HTTPGet('u') NEXT ]%%",               FETCHES),
    (f"%%[ {LOOP.format('i')}SET @a = HTTPGet('u', true) NEXT ]%%",         FETCHES),
)
TOO_MUCH = (
    # template                                                              bound
    ("x" * 1_000_000,                                                       LONG),
    ("%%=v(1)=%%" * 100_000,                                                LONG),
    (f"%%={'(' * 33}1{')' * 33}=%%",                                        DEEP),
    (f"%%={'v(' * 20_000}1{')' * 20_000}=%%",                               DEEP),
    (f"%%={'NOT ' * 10_000}1=%%",                                           DEEP),
    (f"%%[ {'IF 1 THEN ' * 33}]%%",                                         DEEP),
    (f"%%[ {'FOR @i = 1 TO 2 DO ' * 3_000}]%%",                             DEEP),
    (f"%%={'MSG(0).NOUN(' * 5_000}=%%",                                     DEEP),
    (f"%%={'x' * 60_000}()=%%",                                             "there is no function"),
    (f"%%={'9' * 60_000}=%%",                                               "at most 15 digits"),
)
LARGE = (
    "%%=Trim(City)=%%" * 4_000,
    f"%%[ {'SET @a = Trim(City) ' * 3_000}]%%",
    f"%%=Concat({', '.join(['1'] * 1_000)})=%%",
    f"%%={'(' * 31}1{')' * 31}=%%",
    f"%%[ {'IF 1 THEN ' * 31}{'ENDIF ' * 31}]%%",
    "%%" * 32_000,
    "%%a" * 21_000,
    f"%%{'a' * 65_000}",
    f"%%='{2 * chr(39) * 30_000}'=%%",
)
# fmt: on


@pytest.mark.parametrize(("template", "bound"), BOMBS)
def test_a_template_bomb_ends_in_an_error_that_names_the_bound(template: str, bound: str) -> None:
    compiled = compile_template(template)
    with pytest.raises(TemplateError, match=re.escape(bound)) as failed:
        compiled.render({"LONG": "x" * 2_000}, NOW, lambda _: FETCHED)
    assert template[failed.value.column - 1 :]


@pytest.mark.parametrize(("template", "bound"), TOO_MUCH)
def test_a_text_too_long_or_too_deep_is_no_template(template: str, bound: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(bound)):
        compile_template(template)


@pytest.mark.parametrize("template", LARGE)
def test_a_large_template_within_the_bounds_is_read(template: str) -> None:
    assert compile_template(template).text == template


def test_a_bound_is_no_error_that_going_on_passes_over() -> None:
    template = compile_template("%%=HTTPGet('u', true)=%%" * 4)
    with pytest.raises(TemplateError, match=FETCHES):
        template.render({}, NOW, lambda _: "")


def test_what_is_fetched_may_be_longer_than_what_is_said() -> None:
    template = compile_template("%%=Substring(HTTPGet('u'), 1, 3)=%%")
    assert template.render({}, NOW, lambda _: FETCHED) == "ÄÄÄ"


def test_a_template_may_work_as_much_as_a_message_needs() -> None:
    template = compile_template(
        "%%[ FOR @i = 1 TO 800 DO IF @i == 800 OR MSG(0).NOUN(@i) == 'x' THEN ]%%"
        "%%=Concat(Uppercase('at '), @i)=%%%%[ ENDIF NEXT @i ]%%"
    )
    assert template.render({}, NOW) == "AT 800"
