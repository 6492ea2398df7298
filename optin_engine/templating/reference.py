"""The reference of the template language: what can be written, each with an example.

The functions are those of the table that templates call, and the comparisons those that they
compare by: one that is not explained here cannot be printed, and fails the tests.
"""

# ruff: noqa: E501 - a row is one line, in columns.

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import attrs

from optin_engine.templating.functions import FUNCTIONS
from optin_engine.templating.message import message_context
from optin_engine.templating.template import compile_template
from optin_engine.templating.values import COMPARISONS

# Of whom the examples speak, and when; HTTPGet gives them a price.
TEXTED, FETCHED = "STOCK acme now", "42.10"
CONTEXT = message_context(
    "+15555550123", "123456", TEXTED, "STOCK", {"First Name": "ann", "City": "Rome"}
)
NOW = datetime(2026, 11, 21, 15, 4, 5, tzinfo=UTC)


@attrs.frozen
class Shown:
    """One line of the reference.

    Attributes:
        what: how it is written in general, or what it is.
        example: a template.
        says: what the example renders as.
        note: what else one has to know; empty for nothing.

    """

    what: str
    example: str
    says: str
    note: str = ""


# fmt: off
_MARKS = tuple(Shown(*row) for row in (
    ("%%Attribute%%",      "%%First Name%%",                                "ann",  "any case; empty where it is not known"),
    ("%%=expression=%%",   "%%=Uppercase([First Name])=%%",                 "ANN",  "[brackets] where a name has a space"),
    ("%%[ statements ]%%", '%%[ SET @n = "you" ]%%Hi %%=v(@n)=%%',          "Hi you"),
    ("two percent signs",  "20%%='%%'=%% off",                              "20%% off", "a single % is text"),
))
_NAMES = tuple(Shown(*row) for row in (
    ("the contact's number", "%%MOBILE_NUMBER%%",   "15555550123"),
    ("the code",             "%%SHORT_CODE%%",      "123456"),
    ("what was texted",      "%%MSG(0)%%",          TEXTED, "also the next three: not in a send"),
    ("its keyword",          "%%MSG(0).VERB%%",     "STOCK"),
    ("all behind it",        "%%MSG(0).NOUNS%%",    "acme now"),
    ("one word behind it",   "%%MSG(0).NOUN(0)%%",  "acme", "counts from 0"),
))
_STATEMENTS = tuple(Shown(*row) for row in (
    ("VAR @a, @b",                             "%%[ VAR @a ]%%Hi%%=v(@a)=%%",                                "Hi"),
    ("SET @a = value",                         "%%[ SET @a = Add(1, 2) ]%%%%=v(@a)=%%",                      "3"),
    ("IF THEN [ELSEIF THEN] [ELSE] ENDIF",     '%%[ IF City == "rome" THEN ]%%Ciao%%[ ELSE ]%%Hi%%[ ENDIF ]%%', "Ciao"),
    ("FOR @i = 1 TO|DOWNTO 3 DO NEXT @i",      "%%[ FOR @i = 3 DOWNTO 1 DO ]%%%%=v(@i)=%% %%[ NEXT @i ]%%",  "3 2 1 "),
    ("a remark",                               "%%[ /* for us */ ]%%Hi",                                     "Hi"),
))
_VALUES = tuple(Shown(*row) for row in (
    ('"text" or \'text\'',          """%%="it's"=%%""",                            "it's"),
    ("a number",                    "%%=-12.5=%%",                                 "-12.5"),
    ("true, false",                 "%%=true=%%",                                  "true"),
    (" ".join(COMPARISONS),         '%%=City == "ROME"=%%',                        "true", "without regard to case"),
    ("AND OR NOT ( )",              '%%=NOT (Empty(City) OR City == "Bath")=%%',   "true"),
))

# Each function's arguments, those in brackets as one likes; an expression, what it gives, a note.
_EXPLAINED: Mapping[str, Sequence[str]] = {
    "v":          ("value",                               "v([First Name])",                       "ann"),
    "Concat":     ("text ...",                            'Concat("No. ", 7)',                     "No. 7"),
    "Substring":  ("text, start [, length]",              'Substring("Hello", 2, 3)',              "ell", "counts from 1"),
    "Lowercase":  ("text",                                'Lowercase("ACME")',                     "acme"),
    "Uppercase":  ("text",                                'Uppercase("acme")',                     "ACME"),
    "ProperCase": ("text",                                'ProperCase("ann LEE")',                 "Ann Lee"),
    "Trim":       ("text",                                'Trim("  ann ")',                        "ann"),
    "Length":     ("text",                                'Length("Hello")',                       "5"),
    "IndexOf":    ("text, wanted",                        'IndexOf("Hello", "L")',                 "3", "counts from 1; 0: nowhere"),
    "Replace":    ("text, old, new",                      'Replace("1-2-3", "-", "/")',            "1/2/3"),
    "Empty":      ("value",                               "Empty(Town)",                           "true"),
    "IIf":        ("condition, then, else",               'IIf(Empty(Town), "you", Town)',         "you"),
    "Add":        ("number, number",                      "Add(1, 2.5)",                           "3.5"),
    "Subtract":   ("number, number",                      "Subtract(3, 1)",                        "2"),
    "Now":        ("[as sent]",                           "Now()",                                 "11/21/2026 3:04:05 PM", "UTC"),
    "FormatDate": ("date [, day] [, time] [, culture]",   'FormatDate(Now(), "MMM d", "h:mm tt")', "Nov 21 3:04 PM", ".NET's patterns"),
    "URLEncode":  ("text [, every] [, everywhere]",       'URLEncode("a b&c", 1, 1)',              "a%20b%26c", "1, 1 for what was texted"),
    "HTTPGet":    ("url [, goes on]",                     'HTTPGet("https://quotes.example/")',    FETCHED, "only in a Text programme; goes on: empty if it fails"),
}
# fmt: on


def functions() -> tuple[Shown, ...]:
    """Give every function that a template can call.

    Raises:
        KeyError: one is not explained.

    """
    return tuple(_function(each.name, *_EXPLAINED[each.name]) for each in FUNCTIONS.values())


def _function(name: str, arguments: str, example: str, says: str, note: str = "") -> Shown:
    return Shown(f"{name}({arguments})", f"%%={example}=%%", says, note)


def sections() -> Mapping[str, Sequence[Shown]]:
    """Give the whole reference by the titles of its parts."""
    return {
        "Marks": _MARKS,
        "Names": _NAMES,
        "Statements": _STATEMENTS,
        "Values and comparisons": _VALUES,
        "Functions": functions(),
    }


def rendered(template: str) -> str:
    """Render an example as the reference tells it.

    Raises:
        TemplateError: it is no template, or cannot be rendered.

    >>> rendered("%%First Name%% texted %%MSG(0)%%.")
    'ann texted STOCK acme now.'
    """
    return compile_template(template).render(CONTEXT, NOW, lambda _: FETCHED)


def reference_lines() -> Iterator[str]:
    """Give the reference as lines for people, in columns."""
    yield "Texts are templates. In the examples ann of Rome has texted"
    yield f'"{TEXTED}" to 123456; empty: an attribute that is not known, a variable not set.'
    for title, rows in sections().items():
        yield ""
        yield title
        yield from _columns(rows)
    yield ""
    yield "A text says at most 1,600 characters. An opt-in text must say something also where no"
    yield "attribute is known. Names of functions and statements are read in any case."


def _columns(rows: Sequence[Shown]) -> Iterator[str]:
    wide, wider = max(len(row.what) for row in rows), max(len(row.example) for row in rows)
    for row in rows:
        says = row.says if row.says == row.says.strip() else f'"{row.says}"'
        note = f"   ({row.note})" if row.note else ""
        yield f"  {row.what:<{wide}}  {row.example:<{wider}}  ->  {says}{note}"
