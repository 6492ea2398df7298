"""What is wrong with a template is said with its line, its column and the mend."""

import re
from datetime import UTC, datetime

import pytest

from optin_engine.templating import TemplateError, compile_template

NOW = datetime(2026, 11, 22, tzinfo=UTC)

# fmt: off
REFUSED = (
    # template                                       place     what is wrong, and the mend
    ("Hi\n%%[ IF 1 THEN ]%%x",                       (2, 5),   "IF has no ENDIF; end it with %%[ ENDIF ]%%"),
    ("%%[ IF 1 THEN FOR @i = 1 TO 2 DO ]%%",         (1, 15),  "FOR has no NEXT; end it"),
    ("%%[ FOR @i = 1 TO 2 DO IF 1 THEN NEXT @i ]%%", (1, 34),  "ENDIF is wanted first, for the IF of line 1, column 24"),
    ("%%[ IF 1 THEN\nNEXT @i ]%%",                   (2, 1),   "ENDIF is wanted first"),
    ("%%[ IF 1 THEN ELSE ELSE ENDIF ]%%",            (1, 20),  "ENDIF is wanted first"),
    ("a%%[ ENDIF ]%%",                               (1, 6),   "ENDIF stands without IF; begin with IF, or leave"),
    ("%%[ NEXT @i ]%%",                              (1, 5),   "NEXT stands without FOR"),
    ("%%[ ELSE ]%%",                                 (1, 5),   "ELSE stands without IF"),
    ("%%[ FOR @i = 1 TO 2 DO NEXT @j ]%%",           (1, 29),  "counts @i; write NEXT @i"),
    ("%%[ IF 1 ]%%x%%[ ENDIF ]%%",                   (1, 13),  "THEN is wanted here; IF goes: IF condition THEN"),
    ("%%[ IF @a = 1 THEN ENDIF ]%%",                 (1, 11),  "= sets a variable; compare with =="),
    ("%%[ FOR @i = 1 UNTIL 2 DO NEXT ]%%",           (1, 16),  "TO or DOWNTO is wanted here"),
    ("%%[ FOR @i = 1 TO 2 NEXT ]%%",                 (1, 21),  "DO is wanted here"),
    ("%%[ FOR i = 1 TO 2 DO NEXT ]%%",               (1, 9),   "a variable is wanted here, such as @name"),
    ("%%[ SET a = 1 ]%%",                            (1, 9),   "a variable is wanted here"),
    ("%%[ SET @a == 1 ]%%",                          (1, 12),  "= is wanted here; SET @name = value"),
    ("%%[ SET @a = ]%%",                             (1, 17),  "a value is wanted here"),
    ("%%[ SET @a = THEN ]%%",                        (1, 14),  "a value is wanted here"),
    ("%%[ VAR @a, ]%%",                              (1, 16),  "a variable is wanted here"),
    ("%%[ @a = 1 ]%%",                               (1, 5),   "SET @a = ... sets this variable"),
    ("%%[ City ]%%",                                 (1, 5),   "a value is said with %%= ... =%%"),
    ("%%[ [City] ]%%",                               (1, 5),   "a statement is wanted here"),
    ("%%[ MSG(0) ]%%",                               (1, 5),   "a value is said with %%= ... =%%"),
    ("%%[ SET @a = 1; SET @b = 2 ]%%",               (1, 15),  "leave the ; out"),
    ("%%= 1 + 2 =%%",                                (1, 7),   "there is no +; write Add(a, b)"),
    ("%%= 1 == 2 == 3 =%%",                          (1, 12),  "%%= says one expression"),
    ("%%= (1 =%%",                                   (1, 5),   "this ( has no end; end it with )"),
    ("%%= (1 2) =%%",                                (1, 8),   "AND, OR, a comparison or ) is wanted here"),
    ("%%= Concat(1, 2 =%%",                          (1, 11),  "this ( has no end"),
    ("%%= Concat(Trim(City) =%%",                    (1, 11),  "this ( has no end"),
    ("%%= Concat(1 2) =%%",                          (1, 14),  "Concat( goes on with , or ends with )"),
    ("%%[ SET @a = Trim(City ]%%Hi",                 (1, 18),  "this ( has no end"),
    ("%%[ IF\nEmpty(City THEN ]%%%%[ ENDIF ]%%",     (2, 6),   "this ( has no end"),
    ("%%= MSG(0 =%%",                                (1, 8),   "this ( has no end"),
    ("%%= MSG(0).NOUN(0 =%%",                        (1, 16),  "this ( has no end"),
    ("%%= Concat(1,) =%%",                           (1, 14),  "a value is wanted here"),
    ("%%= Uppercas(City) =%%",                       (1, 5),   "there is no function Uppercas; did you mean Uppercase?"),
    ("%%= Lookup('a', 'b') =%%",                     (1, 5),   "there is no function Lookup"),
    ("%%= Substring('a') =%%",                       (1, 5),   "Substring takes 2 to 3 arguments, and here are 1"),
    ("%%= Trim() =%%",                               (1, 5),   "Trim takes 1 argument, and here are 0"),
    ("%%= IIf(1, 2) =%%",                            (1, 5),   "IIf takes 3 arguments, and here are 2"),
    ("%%= 1234567890123456 =%%",                     (1, 5),   "a number has at most 15 digits"),
    ("%%= “City” =%%",                               (1, 5),   'this quote is none of the language; write "'),
    ('%%= "City =%%',                               (1, 5),   'a string has no end; end it with "'),
    ("%%= 'it''s =%%",                               (1, 5),   "a string has no end; end it with '"),
    ("%%= [City =%%",                                (1, 5),   "a bracketed attribute has no end; end it with ]"),
    ("%%[ /* a remark ]%%",                          (1, 5),   "a comment has no end; end it with */"),
    ("%%= @ =%%",                                    (1, 5),   "@ has no name"),
    ("%%= \0 =%%",                                   (1, 5),   "this is no character"),
    ("Hi %%=v(City)",                                (1, 4),   "%%= has no end; end it with =%%"),
    ("Hi\n  %%[ SET @a = 1",                         (2, 3),   "%%[ has no end; end it with ]%%"),
    ("%%= City ]%%",                                 (1, 10),  "%%= is closed with =%%, and not with ]%%"),
    ("%%[ SET @a = 1 =%%",                           (1, 16),  "%%[ is closed with ]%%, and not with =%%"),
    ("%%= MSG(1) =%%",                               (1, 5),   "of a message there is MSG(0)"),
    ("%%= MSG(0).ADVERB =%%",                        (1, 5),   "MSG(0).NOUN(0)"),
    ("%%= MSG(0).NOUN =%%",                          (1, 17),  "MSG(0).NOUN(0)"),
    ("%%= [MSG(0).NOUN(x)] =%%",                     (1, 5),   "MSG(0).NOUN(0)"),
    ("%%MSG(2).VERB%%",                              (1, 1),   "of a message there is MSG(0)"),
)
STRAY = (
    # template                    whether its two percent signs may be meant as such
    ("20%%= off",                 True),
    ("20%%=off!",                 True),
    ("20%%=off, 30%%=off",        True),
    ("20%%= off. %%=v(City)=%%",  True),
    ("%%=%%",                     True),
    ("Hi %%[City]!",              True),
    ("%%= 1 + 2 =%%",             False),
    ("%%= 'City =%%",             False),
    ("%%= City ]%%",              False),
    ("%%[ /* a remark ]%%",       False),
    ("%%= Upper(City) =%%",       False),
    ("%%= Trim(City =%%",         False),
    ("%%[ IF 1 THEN ]%%x",        False),
)
FAILING = (
    # template                                       place     what is wrong
    ("%%= Add('secret', 1) =%%",                     (1, 5),   "a number such as 12 or -3.50 is wanted"),
    ("a\n%%=Concat(1, Subtract(1, ''))=%%",          (2, 14),  "a number such as"),
    ("%%=Substring('secret', 1.5)=%%",               (1, 4),   "a whole number is wanted"),
    ("%%[ FOR @i = 1 TO 'secret' DO NEXT ]%%",       (1, 5),   "a number such as"),
    ("%%= MSG(0).NOUN('secret') =%%",                (1, 5),   "a number such as"),
    ("%%= FormatDate('secret', 'd') =%%",            (1, 5),   "a date such as 2026-11-21 or"),
    ("%%= FormatDate('2026-02-30', 'd') =%%",        (1, 5),   "a date such as"),
    ("%%= FormatDate('1/1/2026 13:00 PM') =%%",      (1, 5),   "a date such as"),
    ("%%= FormatDate(Now(), 'd', '', 'fr-FR') =%%",  (1, 5),   "in English only"),
    ("%%= Add(999999999999999, 1) =%%",              (1, 5),   "the number has more than 15 digits"),
    ("%%= Add(true, 1) =%%",                         (1, 5),   "a number such as"),
    ("%%= HTTPGet('http://secret.example') =%%",     (1, 5),   "HTTPGet failed: HTTPGet is off"),
)
# fmt: on


@pytest.mark.parametrize(("template", "place", "message"), REFUSED)
def test_a_text_that_is_no_template_is_refused_at_its_place_with_the_mend(
    template: str, place: tuple[int, int], message: str
) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)) as refused:
        compile_template(template)
    assert (refused.value.line, refused.value.column) == place


@pytest.mark.parametrize(("template", "place", "message"), FAILING)
def test_a_rendering_that_fails_says_where_and_why_and_tells_no_value(
    template: str, place: tuple[int, int], message: str
) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)) as failed:
        compile_template(template).render({}, NOW)
    assert (failed.value.line, failed.value.column) == place
    assert "secret" not in str(failed.value)


@pytest.mark.parametrize(("template", "is_stray"), STRAY)
def test_percent_signs_count_as_stray_where_the_mark_that_they_begin_is_never_ended(
    template: str, is_stray: object
) -> None:
    with pytest.raises(TemplateError) as refused:
        compile_template(template)
    assert refused.value.is_stray == is_stray


def test_an_error_is_a_line_that_a_person_can_read() -> None:
    with pytest.raises(TemplateError) as refused:
        compile_template("Hi\n%%= Nmae( =%%")
    assert str(refused.value).startswith(
        "line 2, column 5: there is no function Nmae; there are v,"
    )
