"""Moments in a template: how one is read, and how FormatDate writes it.

Names of months and days are English, as an American account has them, whatever the locale of
this machine. Moments have no time zone; Now() is UTC.
"""

import re
from collections.abc import Callable
from datetime import datetime

GENERAL = "M/d/yyyy h:mm:ss tt"
LONGEST_PATTERN = 100

# The hours of half a day.
HALF = 12

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# Patterns that have a name; a single letter counts as a part only beside others.
NAMED = {
    "":         GENERAL,
    "d":        "M/d/yyyy",
    "s":        "M/d/yyyy",
    "D":        "dddd, MMMM d, yyyy",
    "l":        "dddd, MMMM d, yyyy",
    "M":        "MMMM d",
    "y":        "MMMM yyyy",
    "t":        "h:mm tt",
    "T":        "h:mm:ss tt",
    "g":        "M/d/yyyy h:mm tt",
    "iso":      "yyyy-MM-ddTHH:mm:ss",
    "sortable": "yyyy-MM-dd",
    "rfc":      "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
}  # fmt: skip

# A part longer than any here is written as the longest of its letter.
PARTS: dict[str, Callable[[datetime], str]] = {
    "d":    lambda when: str(when.day),
    "dd":   lambda when: f"{when.day:02}",
    "ddd":  lambda when: DAYS[when.weekday()][:3],
    "dddd": lambda when: DAYS[when.weekday()],
    "M":    lambda when: str(when.month),
    "MM":   lambda when: f"{when.month:02}",
    "MMM":  lambda when: MONTHS[when.month - 1][:3],
    "MMMM": lambda when: MONTHS[when.month - 1],
    "y":    lambda when: str(when.year % 100),
    "yy":   lambda when: f"{when.year % 100:02}",
    "yyy":  lambda when: f"{when.year:03}",
    "yyyy": lambda when: f"{when.year:04}",
    "h":    lambda when: str(when.hour % HALF or HALF),
    "hh":   lambda when: f"{when.hour % HALF or HALF:02}",
    "H":    lambda when: str(when.hour),
    "HH":   lambda when: f"{when.hour:02}",
    "m":    lambda when: str(when.minute),
    "mm":   lambda when: f"{when.minute:02}",
    "s":    lambda when: str(when.second),
    "ss":   lambda when: f"{when.second:02}",
    "t":    lambda when: "AP"[when.hour // HALF],
    "tt":   lambda when: ("AM", "PM")[when.hour // HALF],
}  # fmt: skip
_LONGEST_PARTS = {part[0]: part for part in PARTS}
_PIECE = re.compile(r"""'([^']*)'|"([^"]*)"|\\(.)|(d+|M+|y+|h+|H+|m+|s+|t+)""", re.DOTALL)

_CLOCK = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?)?"
_WRITINGS = (
    re.compile(
        rf"(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{1,2}})-(?P<day>[0-9]{{1,2}})"
        rf"(?:[T ]{_CLOCK}Z?(?P<half>))?"
    ),
    re.compile(
        rf"(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}})/(?P<year>[0-9]{{4}})"
        rf"(?: {_CLOCK}(?: (?P<half>[AP]M))?)?",
        re.IGNORECASE,
    ),
)
_ISO = "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"


def read_date(value: object) -> datetime | None:
    """Read a moment: ISO or American, with or without a time of day; None if it is none.

    >>> read_date("2026-11-21T15:04"), read_date("11/21/2026 3:04:05 PM")
    (datetime.datetime(2026, 11, 21, 15, 4), datetime.datetime(2026, 11, 21, 15, 4, 5))
    """
    if isinstance(value, datetime):
        return value
    text = value.strip() if isinstance(value, str) else ""
    found = next((found for form in _WRITINGS if (found := form.fullmatch(text))), None)
    if not found:
        return None
    parts = {name: int(found[name] or 0) for name in found.groupdict() if name != "half"}
    if half := (found["half"] or "").upper():
        if not 1 <= parts["hour"] <= HALF:
            return None
        parts["hour"] = parts["hour"] % HALF + (HALF if half == "PM" else 0)
    try:
        return datetime.fromisoformat(_ISO.format_map(parts))
    except ValueError:
        return None


def format_date(when: datetime, pattern: str) -> str:
    """Write a moment by a pattern of .NET; what is none of its parts stands for itself.

    Args:
        when: the moment.
        pattern: one of `NAMED`, or `PARTS` with anything between, of which letters are kept
            from being parts by quotes or a backslash.

    >>> moment = datetime(2026, 11, 1, 15, 4, 5)
    >>> format_date(moment, "ddd, MMM d yyyy 'at' h:mm tt"), format_date(moment, "d")
    ('Sun, Nov 1 2026 at 3:04 PM', '11/1/2026')
    """
    return _PIECE.sub(lambda piece: _piece(when, piece), NAMED.get(pattern, pattern))


def _piece(when: datetime, piece: re.Match[str]) -> str:
    if part := piece[4]:
        return PARTS.get(part, PARTS[_LONGEST_PARTS[part[0]]])(when)
    return piece[1] or piece[2] or piece[3] or ""
