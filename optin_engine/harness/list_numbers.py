"""Mobile numbers as files of list members have them, each read into E.164.

Digits with the calling code are read as the API reads them; a number with a plus may have
spaces, dots, hyphens and parentheses too. What has no calling code is read only where the
country is told: then every number without a plus is dialled as people there do.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import phonenumbers

from optin_engine.harness.mos import UnfitError
from optin_engine.harness.refusal import CommandError

ReadNumber = Callable[[str], str]
"""Gives a number in E.164, or raises `UnfitError`."""

MISSING = "the number is missing"
NO_NUMBER = "the number is not 8 to 15 digits with the calling code"
NATIONAL = "the number has no calling code: write it with a plus, or say --country"
ROUNDED = "a spreadsheet has rounded the number: format its column as text there"
NONE_OF_COUNTRY = "the number is none of the country"

GUESSED = "no + and no --country; taken as"

# People in many countries dial so many digits, or fewer, without their calling code.
SHORT = 10

_DIGITS = re.compile(r"[1-9][0-9]{7,14}")
_WRITTEN = re.compile(r"[0-9 .()/-]+")
_ROUNDED = re.compile(r"[0-9][.,][0-9]+E\+?[0-9]+", re.IGNORECASE | re.ASCII)
_DECORATION = str.maketrans("", "", " -.()")


def reads_numbers(country: str = "") -> ReadNumber:
    """Give what reads the numbers of a file.

    Args:
        country: ISO 3166, two letters: numbers without a plus are as they are dialled there;
            empty: all have their calling code.

    Raises:
        CommandError: there is no such country, or it has no telephones.

    >>> [reads_numbers()("+1 (555) 555-0123"), reads_numbers("US")("(555) 555-0123")]
    ['+15555550123', '+15555550123']
    """
    if not country:
        return international
    region = country.strip().upper()
    if region not in phonenumbers.SUPPORTED_REGIONS:
        message = "--country is invalid. It must be two letters of ISO 3166, such as US"
        raise CommandError(message)

    def national(written: str) -> str:
        if not written or written.startswith("+"):
            return international(written)
        return _national(written, region)

    return national


def remarks_on(country: str = "") -> Callable[[str], str]:
    """Give what tells, by a number as it is written, how it was understood where that may be wrong.

    People leave the calling code out; what they write then may be a number of another country.

    Args:
        country: as in `reads_numbers`; with one, nothing is left to guess.

    >>> remarks_on()("5555550123"), remarks_on()("15555550123"), remarks_on("US")("5555550123")
    ('no + and no --country; taken as +55 (Brazil)', '', '')
    """
    return (lambda _: "") if country else _remark


def international(written: str) -> str:
    """Read a number with its calling code.

    Raises:
        UnfitError: it is none.

    """
    if not written:
        raise UnfitError(MISSING)
    has_plus = written.startswith("+")
    digits = written[1:].translate(_DECORATION) if has_plus else written
    if _DIGITS.fullmatch(digits):
        return f"+{digits}"
    if _ROUNDED.fullmatch(written):
        raise UnfitError(ROUNDED)
    raise UnfitError(NATIONAL if not has_plus and _WRITTEN.fullmatch(written) else NO_NUMBER)


def _national(written: str, region: str) -> str:
    if _ROUNDED.fullmatch(written):
        raise UnfitError(ROUNDED)
    # The library would dial letters, and cut off what looks like an extension.
    if not _WRITTEN.fullmatch(written):
        raise UnfitError(NONE_OF_COUNTRY)
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        raise UnfitError(NONE_OF_COUNTRY) from None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise UnfitError(NONE_OF_COUNTRY)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _remark(written: str) -> str:
    if written.startswith("+"):
        return ""
    try:
        number = phonenumbers.parse(f"+{written}")
    except phonenumbers.NumberParseException:
        return f"{GUESSED} a number of no country"
    reason = phonenumbers.is_possible_number_with_reason(number)
    is_short = len(written) <= SHORT or reason == phonenumbers.ValidationResult.TOO_SHORT
    return f"{GUESSED} {_calling(number.country_code)}" if is_short else ""


@lru_cache
def _calling(code: int) -> str:
    """Give a calling code with its country; one that many countries share, alone."""
    # It comes with the names of all places of the world, and takes its time.
    from phonenumbers import geocoder  # noqa: PLC0415

    some = phonenumbers.PhoneNumber(country_code=code)
    name = geocoder.country_name_for_number(some, "en")
    return f"+{code} ({name})" if name else f"+{code}"
