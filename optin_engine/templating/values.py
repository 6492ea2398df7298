"""The values of a template: how they are read, written and compared.

A value is a text, a number, a truth or a moment. A variable that was never set, an attribute
that the contact lacks and a value that is null are all the empty text.
"""

import operator
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from optin_engine.templating.dates import GENERAL, format_date, read_date
from optin_engine.templating.errors import UnfitError

Number = int | Decimal
Value = str | Number | bool | datetime

# So many digits before the point, and behind it, are exact, and more are no number that a
# text needs; without a bound, doubling in a loop would fill the memory.
DIGITS = 15
_NUMBER = re.compile(rf" {{0,9}}(-?[0-9]{{1,{DIGITS}}}(\.[0-9]{{1,{DIGITS - 5}}})?) {{0,9}}")
_LONGEST_FALSE = len("false")

Compare = Callable[[Any, Any], bool]
COMPARISONS: dict[str, Compare] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">":  operator.gt,
    "<":  operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}  # fmt: skip


def written(value: Value) -> str:
    """Write a value as a text.

    Numbers have no zeros behind their last digit, truths are `true` and `false`, a moment is
    written as American English does.

    >>> [written(value) for value in ("a", 7, Decimal("2.50"), True, datetime(2026, 1, 2, 15, 4))]
    ['a', '7', '2.5', 'true', '1/2/2026 3:04:00 PM']
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return format_date(value, GENERAL)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def number(value: Value) -> Number:
    """Read a value as a number: digits, with a minus before and a point within, and no more.

    Raises:
        UnfitError: it is none.

    >>> number(" 12.50 "), number("-3")
    (Decimal('12.50'), -3)
    """
    if (found := _as_number(value)) is None:
        message = "a number such as 12 or -3.50 is wanted, and this value is none"
        raise UnfitError(message)
    return found


def whole(value: Value) -> int:
    """Read a value as a whole number.

    Raises:
        UnfitError: it is none.

    >>> whole("12.0")
    12
    """
    if (found := number(value)) != int(found):
        message = "a whole number is wanted, and this value has a fraction"
        raise UnfitError(message)
    return int(found)


def sized(value: Number) -> Number:
    """Give a number that was worked out.

    Raises:
        UnfitError: it has more digits than a number may have.

    """
    if abs(value) >= 10**DIGITS:
        message = f"the number has more than {DIGITS} digits"
        raise UnfitError(message)
    return value


def is_true(value: Value) -> bool:
    """Tell whether a value counts as true: not an empty text, 0, or false in any case.

    >>> [is_true(value) for value in ("", "0", "False", 0, "no", "yes", 2)]
    [False, False, False, False, True, True, True]
    """
    if isinstance(value, str):
        # A longer text, however long, is true, and need not be looked through.
        return len(value) > _LONGEST_FALSE or value.lower() not in ("", "0", "false")
    return bool(value)


def lowered(text: str) -> str:
    r"""Give a text in lower case, each character in its place.

    Python makes two characters of the Turkish capital I with a dot, and of no other.

    >>> lowered("STRA\N{LATIN CAPITAL LETTER SHARP S}E \N{LATIN CAPITAL LETTER I WITH DOT ABOVE}")
    'straße i'
    """
    return text.replace("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "i").lower()


def comparable(left: Value, right: Value) -> tuple[object, object] | None:
    """Give two values as numbers if both read as numbers, as moments if one is and both read so.

    Returns:
        The two, or None where they are to be compared as texts, without regard to case.

    >>> comparable("10", 9), comparable("ten", 9)
    ((10, 9), None)
    >>> comparable(datetime(2026, 1, 2), "1/1/2026")
    (datetime.datetime(2026, 1, 2, 0, 0), datetime.datetime(2026, 1, 1, 0, 0))
    """
    if (one := _as_number(left)) is not None and (other := _as_number(right)) is not None:
        return one, other
    if isinstance(left, datetime) or isinstance(right, datetime):
        moments = (read_date(left), read_date(right))
        return moments if None not in moments else None
    return None


def _as_number(value: Value) -> Number | None:
    if isinstance(value, str):
        if not (found := _NUMBER.fullmatch(value)):
            return None
        return Decimal(found[1]) if found[2] else int(found[1])
    return None if isinstance(value, bool | datetime) else value
