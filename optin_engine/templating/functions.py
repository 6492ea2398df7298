"""The functions that a template can call, and how many arguments each takes.

They are AMPscript's. Positions count from 1, lengths are in characters. What its documentation
leaves open is said at the function.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import Any

import attrs

from optin_engine.templating.dates import LONGEST_PATTERN, format_date, read_date
from optin_engine.templating.errors import UnfitError
from optin_engine.templating.evaluation import Evaluation, Expression, check_length
from optin_engine.templating.values import Value, is_true, lowered, number, sized, whole, written

Call = Callable[..., Value]
MANY = 1_000

_WORD = re.compile(r"\S+")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_RESERVED = frozenset(b":/?#[]@!$&'()*+,;=%")


@attrs.frozen
class Function:
    """One row of the table of functions.

    Attributes:
        name: as it is documented; any case calls it.
        call: takes the evaluation and the values of the arguments.
        least, most: how many arguments.
        is_lazy: its call takes the arguments as expressions, to work out which it needs.

    """

    name: str
    call: Call
    least: int
    most: int
    is_lazy: bool = False

    def takes(self) -> str:
        """Give how many arguments it takes, in words."""
        if self.least == self.most:
            return f"{self.least} argument{'s' * (self.most > 1)}"
        return f"{self.least} to {self.most} arguments"


def _v(_: Evaluation, value: Value) -> Value:
    return value


def _concat(_: Evaluation, *values: Value) -> Value:
    texts = [written(value) for value in values]
    check_length(sum(map(len, texts)))
    return "".join(texts)


def _substring(_: Evaluation, text: Value, start: Value, length: Value | None = None) -> Value:
    """Give a part; a start below 1 counts as 1, and what lies past the end is empty."""
    begin = max(whole(start), 1) - 1
    end = None if length is None else begin + max(whole(length), 0)
    return written(text)[begin:end]


def _lowercase(_: Evaluation, text: Value) -> Value:
    return written(text).lower()


def _uppercase(_: Evaluation, text: Value) -> Value:
    return written(text).upper()


def _proper_case(_: Evaluation, text: Value) -> Value:
    """Begin each word with a capital and go on small; words are parted by white space only."""
    return _WORD.sub(lambda word: word[0].capitalize(), written(text))


def _trim(it: Evaluation, text: Value) -> Value:
    given = written(text)
    it.make(len(given))
    return given.strip()


def _length(_: Evaluation, text: Value) -> Value:
    return len(written(text))


def _index_of(it: Evaluation, text: Value, wanted: Value) -> Value:
    """Give where a text first stands in another, 0 for nowhere; case does not matter."""
    within, what = written(text), written(wanted)
    it.make(len(within))
    it.make(len(what))
    return lowered(within).find(lowered(what)) + 1


def _replace(it: Evaluation, text: Value, old: Value, new: Value) -> Value:
    """Replace a text everywhere; case matters, and an empty text is nowhere."""
    within, what, by = written(text), written(old), written(new)
    if not what:
        return within
    it.make(len(within))
    check_length(len(within) + within.count(what) * (len(by) - len(what)))
    return within.replace(what, by)


def _empty(_: Evaluation, value: Value) -> Value:
    """Tell whether a value is the empty text; white space is none."""
    return value == ""


def _iif(it: Evaluation, condition: Expression, then: Expression, other: Expression) -> Value:
    """Work out one of two, so that an HTTPGet in the other is not made."""
    return then(it) if is_true(condition(it)) else other(it)


def _add(_: Evaluation, one: Value, other: Value) -> Value:
    """Add exactly: a tenth and two tenths are three tenths."""
    return sized(number(one) + number(other))


def _subtract(_: Evaluation, one: Value, other: Value) -> Value:
    return sized(number(one) - number(other))


def _now(it: Evaluation, _: Value = "") -> Value:
    """Give the time in UTC; whether it is the send's time makes no difference here."""
    return it.now.astimezone(UTC).replace(tzinfo=None)


def _format_date(
    _: Evaluation, date: Value, days: Value = "", hours: Value = "", culture: Value = ""
) -> Value:
    """Write a moment by one pattern, or by one for the day and one for the time of day."""
    if (when := read_date(date)) is None:
        message = "a date such as 2026-11-21 or 11/21/2026 3:04 PM is wanted, and this is none"
        raise UnfitError(message)
    if culture and not written(culture).lower().startswith("en"):
        message = "dates are written in English only; leave the culture out, or write en-US"
        raise UnfitError(message)
    patterns = [written(days), *([written(hours)] if hours else [])]
    if max(map(len, patterns)) > LONGEST_PATTERN:
        message = f"the pattern is longer than {LONGEST_PATTERN} characters"
        raise UnfitError(message)
    return " ".join(format_date(when, pattern) for pattern in patterns)


def _url_encode(_: Evaluation, text: Value, every: Value = "", everywhere: Value = "") -> Value:
    """Make a text fit for a URL.

    Alone, it makes %20 of spaces and leaves the rest. With `every`, it encodes what no URL may
    hold in all that follows the first `?`. With `everywhere` as well, it encodes all but
    letters, digits and `-._~` in the whole text, as a value needs that a contact has texted:
    `URLEncode(MSG(0).NOUN(0), 1, 1)`.
    """
    given = written(text)
    if is_true(every) and is_true(everywhere):
        return _percent_encoded(given, _UNRESERVED)
    head, mark, query = given.partition("?")
    if is_true(every):
        query = _percent_encoded(query, _UNRESERVED | _RESERVED)
    return f"{head}{mark}{query}".replace(" ", "%20")


def _percent_encoded(text: str, kept: frozenset[int]) -> str:
    octets = text.encode(errors="replace")
    return "".join(chr(octet) if octet in kept else f"%{octet:02X}" for octet in octets)


def _http_get(it: Evaluation, url: Value, goes_on: Value = "") -> Value:
    """Fetch a text; where it cannot be had, going on gives the empty text, and not is an error."""
    try:
        return it.get(written(url))
    except OSError as error:
        if is_true(goes_on):
            return ""
        message = f"HTTPGet failed: {error}"
        raise UnfitError(message) from None


# fmt: off
_ROWS: Sequence[tuple[Any, ...]] = (
    # name         call           least  most
    ("v",          _v,            1,     1),
    ("Concat",     _concat,       1,     MANY),
    ("Substring",  _substring,    2,     3),
    ("Lowercase",  _lowercase,    1,     1),
    ("Uppercase",  _uppercase,    1,     1),
    ("ProperCase", _proper_case,  1,     1),
    ("Trim",       _trim,         1,     1),
    ("Length",     _length,       1,     1),
    ("IndexOf",    _index_of,     2,     2),
    ("Replace",    _replace,      3,     3),
    ("Empty",      _empty,        1,     1),
    ("IIf",        _iif,          3,     3, "lazy"),
    ("Add",        _add,          2,     2),
    ("Subtract",   _subtract,     2,     2),
    ("Now",        _now,          0,     1),
    ("FormatDate", _format_date,  1,     4),
    ("URLEncode",  _url_encode,   1,     3),
    ("HTTPGet",    _http_get,     1,     2),
)
# fmt: on

HTTP_GET = "httpget"

FUNCTIONS: Mapping[str, Function] = {
    name.lower(): Function(name, call, least, most, bool(lazy))
    for name, call, least, most, *lazy in _ROWS
}
