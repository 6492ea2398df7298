"""A template cut into tokens, each with its place.

Outside the marks all is text. Inside, statements and expressions are words, numbers, strings,
variables and signs, separated by white space, comments, or nothing at all.
"""

import re
from collections.abc import Generator, Iterator
from enum import StrEnum

import attrs

from optin_engine.templating.errors import TemplateError, error_at

MARK = "%%"
"""Every mark begins so; a text without it is quicker said than compiled."""

LONGEST_TEMPLATE = 65_536
"""Characters; reading a longer one would take too long."""


class Kind(StrEnum):
    """What a token is."""

    TEXT = "text"
    ATTRIBUTE = "attribute"
    OPEN = "open"
    CLOSE = "close"
    BRACKET = "bracket"
    STRING = "string"
    VARIABLE = "variable"
    NUMBER = "number"
    NAME = "name"
    SIGN = "sign"
    END = "end"


@attrs.frozen
class Token:
    """A piece of a template.

    Attributes:
        kind: `ATTRIBUTE` is one between percent signs, `BRACKET` one between brackets;
            `OPEN` and `CLOSE` are the marks around an expression that is said.
        value: what it says, without quotes, `@`, brackets and percent signs.
        at: where it begins in the template, from 0.

    """

    kind: Kind
    value: str
    at: int


_MARK = re.compile(
    r"""
      (?P<block> %%\[ )
    | (?P<open>  %%= )
    | %% (?P<attribute> MSG \( [0-9]+ \) (?: \. [A-Z]+ (?: \( [0-9]+ \) )? )?
                      | [A-Z_] [A-Z0-9_ ]* ) %%
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_INSIDE = re.compile(
    r"""
      (?P<blank>    \s+ | /\* .*? \*/ )
    | (?P<leave>    \]%% )
    | (?P<close>    =%% )
    | (?P<bracket>  \[ [^\[\]]+ \] )
    | (?P<string>   "[^"]*(?:""[^"]*)*"(?!") | '[^']*(?:''[^']*)*'(?!') )
    | (?P<variable> @ [A-Z0-9_]+ )
    | (?P<number>   [0-9]+ (?:\.[0-9]+)? )
    | (?P<name>     [A-Z_][A-Z0-9_]* )
    | (?P<sign>     == | != | >= | <= | [=><(),.\-] )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)

# What a mark is closed with.
_CLOSING = {"%%[": "]%%", "%%=": "=%%"}

# What people write that the language does not have, and what they want.
_MENDS = {
    '"': 'a string has no end; end it with "',
    "'": "a string has no end; end it with '",
    "[": "a bracketed attribute has no end; end it with ]",
    "/": "a comment has no end; end it with */",
    "\u201c": 'this quote is none of the language; write "',
    "\u201d": 'this quote is none of the language; write "',
    "\u2018": "this quote is none of the language; write '",
    "\u2019": "this quote is none of the language; write '",
    "@": "@ has no name; a variable is such as @name",
    "+": "there is no +; write Add(a, b) or Concat(a, b)",
    "&": "there is no &; write AND",
    "|": "there is no |; write OR",
    "!": "there is no !; write NOT or !=",
    ";": "statements are separated by white space only; leave the ; out",
}


def has_marks(template: str) -> bool:
    """Tell whether anything in a text is more than text."""
    return _MARK.search(template) is not None


def tokens(template: str) -> Iterator[Token]:
    """Cut a template into tokens; the last is its end.

    A percent sign that begins no mark is text.

    Raises:
        TemplateError: the template is too long, a mark or a string has no end, or a sign is
            none of the language.

    >>> [str(token.kind) for token in tokens("Hi %%First Name%%, %%= v(@x) =%%")]
    ['text', 'attribute', 'text', 'open', 'name', 'sign', 'variable', 'sign', 'close', 'end']
    """
    if len(template) > LONGEST_TEMPLATE:
        message = f"the template is longer than {LONGEST_TEMPLATE:,} characters"
        raise TemplateError(1, 1, message)
    at = 0
    while mark := _MARK.search(template, at):
        if mark.start() > at:
            yield Token(Kind.TEXT, template[at : mark.start()], at)
        at = mark.end()
        if mark["attribute"]:
            yield Token(Kind.ATTRIBUTE, mark["attribute"], mark.start())
        else:
            at = yield from _inside(template, mark)
    if at < len(template):
        yield Token(Kind.TEXT, template[at:], at)
    yield Token(Kind.END, "", len(template))


def _inside(template: str, mark: re.Match[str]) -> Generator[Token, None, int]:
    """Cut what stands between a mark and its end; give where that ends."""
    closing, at = _CLOSING[mark[0]], mark.end()
    if mark["open"]:
        yield Token(Kind.OPEN, mark[0], mark.start())
    while found := _INSIDE.match(template, at):
        group, value = str(found.lastgroup), found[0]
        if group == "close" and mark["open"]:
            yield Token(Kind.CLOSE, value, at)
        if value == closing:
            return found.end()
        if group in ("leave", "close"):
            message = f"{mark[0]} is closed with {closing}, and not with {value}"
            raise error_at(template, at, message)
        if group != "blank":
            yield Token(Kind(group), _bare(group, value), at)
        at = found.end()
    is_stray = not _ends(template, mark)
    if at == len(template):
        message = f"{mark[0]} has no end; end it with {closing}"
        raise error_at(template, mark.start(), message, is_stray=is_stray)
    sign = template[at]
    default = f"{sign} is none of the language" if sign.isprintable() else "this is no character"
    raise error_at(template, at, _MENDS.get(sign, default), is_stray=is_stray)


def _ends(template: str, mark: re.Match[str]) -> bool:
    """Tell whether the next two percent signs end a mark, rightly or not."""
    following = template.find(MARK, mark.end())
    return following > mark.end() and template[following - 1] in "]="


def _bare(group: str, value: str) -> str:
    match group:
        case "string":
            quote = value[0]
            return value[1:-1].replace(quote * 2, quote)
        case "bracket":
            return value[1:-1]
        case "variable":
            return value[1:].lower()
    return value
