"""Mobile numbers as MobileConnect's clients write them, and other texts that may be numbers.

A mobile number is digits, with the calling code.
"""

import re
from collections.abc import Iterable

import msgspec

MOST = 250

_DIGITS = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"[1-9][0-9]{7,14}")

# How much of what is no number an error repeats.
_LONGEST = 40


def read_numbers(given: Iterable[object], faults: list[str]) -> list[str]:
    """Read numbers, each fault of them noted once.

    Args:
        given: texts, or whole numbers; anything else is a fault.
        faults: those found are added, in MobileConnect's words.

    Returns:
        Those that are numbers, as digits.

    >>> faults = []
    >>> read_numbers(["15555550123", 15555550124, "x", "1555"], faults)
    ['15555550123', '15555550124']
    >>> faults
    ['x is not a numeric string', 'Invalid phone number']
    """
    numbers = []
    for number in given:
        written = str(number) if isinstance(number, int) else number
        if not isinstance(written, str) or not _DIGITS.fullmatch(written):
            fault = f"{shown(number)} is not a numeric string"
        elif not _NUMBER.fullmatch(written):
            fault = "Invalid phone number"
        else:
            numbers.append(written)
            continue
        if fault not in faults:
            faults.append(fault)
    return numbers


def written(given: object) -> str:
    """Give a text, or a whole number as one, bare of white space; empty for anything else.

    >>> written(" ann@example.com "), written(7), written(None)
    ('ann@example.com', '7', '')
    """
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    return given.strip() if isinstance(given, str) else ""


def shown(given: object) -> str:
    """Give what an error repeats of a value: a text as it is, else its JSON, but no more than 40.

    >>> shown("1-317"), shown(None), shown("9" * 41)[-5:]
    ('1-317', 'null', '99...')
    """
    written = given if isinstance(given, str) else msgspec.json.encode(given).decode()
    return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}..."
