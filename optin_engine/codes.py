"""The codes of an account, as a definition lists them, each with what it says itself.

An entry names a `shortCode` with its `countryCode`, or a `longCode`, and may set `brand`,
`helpMessage`, `stopMessage`, `startMessage`, `defaultMessage` and `allowedCountries`. All
have sound defaults; without a `defaultMessage`, silence answers what nobody waits for.
`allowedCountries` says where the code may write to a number whose handset did not ask for
it; without it that is the code's own country only, and everywhere where a long code has none.

`throughput` is how many messages a second the carrier lets the code hand over, decimals
allowed; without it there is no limit. `quietHours`, such as `21:00-08:00`, is when its sends
wait, by the clock of whoever receives them; replies never do. Without it, sends never wait.
"""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any

import phonenumbers

from optin_engine import fields as read
from optin_engine import texts
from optin_engine.definition import LINT_IGNORE
from optin_engine.entries import ALL, NAME, PLACE, Entry, Place, place, read_fields, take
from optin_engine.fields import DEFAULT, Field, Wrong, shown
from optin_engine.program import Code, QuietHours

EVERYWHERE = "ANY"

# The slowest pace still gets a send to a thousand numbers done; the fastest is more than any
# carrier takes from one code. A number beyond them is a slip.
SLOWEST, FASTEST = 0.001, 10_000.0


def countries(named: str, given: object) -> tuple[str, ...]:
    """Read countries (ISO 3166 alpha-2), as a list or with commas between; none for `any`.

    >>> countries("AllowedCountries", "us, CA")
    ('US', 'CA')
    """
    parts = given.split(",") if isinstance(given, str) else given
    if isinstance(parts, (list, tuple)) and all(isinstance(part, str) for part in parts):
        read = tuple(dict.fromkeys(part.strip().upper() for part in parts))
        if read == (EVERYWHERE,):
            return ()
        if read and phonenumbers.SUPPORTED_REGIONS.issuperset(read):
            return read
    message = f"{named} is invalid. It must be two-letter countries, such as US, CA, or any."
    raise Wrong(message)


def throughput(named: str, given: object) -> float:
    """Read messages a second, as a number or a text.

    >>> throughput("Throughput", "0.5")
    0.5
    """
    written = read.scalar(given)
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,18})?", written):
        pace = float(written)
        if SLOWEST <= pace <= FASTEST:
            return pace
    rule = f"messages a second, from {SLOWEST:g} to {FASTEST:g}"
    message = f"{named} is invalid. It must be {rule}."
    raise Wrong(message)


_TIME_OF_DAY = r"([01]?[0-9]|2[0-3]):([0-5][0-9])"
_WINDOW = re.compile(rf"{_TIME_OF_DAY}\s*[-\N{{EN DASH}}]\s*{_TIME_OF_DAY}", re.ASCII)


def quiet_hours(named: str, given: object) -> QuietHours:
    """Read a daily window of hours and minutes; its end may be on the next day.

    >>> str(quiet_hours("QuietHours", "21:00 - 8:00"))
    '21:00-08:00'
    """
    found = _WINDOW.fullmatch(given.strip()) if isinstance(given, str) else None
    if found:
        start, end = (time(int(found[at]), int(found[at + 1])) for at in (1, 3))
        if start != end:
            return QuietHours(start, end)
    message = f"{named} is invalid. It must be two times of day, such as 21:00-08:00."
    raise Wrong(message)


# fmt: off
CODE_FIELDS = tuple(Field(*row) for row in (
    # name               attribute      read as         heeded unset
    ("brand",            "brand",       NAME,           ALL,   DEFAULT),
    ("helpMessage",      "help",        texts.template, ALL,   DEFAULT),
    ("stopMessage",      "stop",        texts.template, ALL,   DEFAULT),
    ("startMessage",     "start",       texts.template, ALL,   DEFAULT),
    ("defaultMessage",   "default",     texts.template, ALL,   DEFAULT),
    ("allowedCountries", "countries",   countries,      ALL,   DEFAULT),
    ("throughput",       "throughput",  throughput,     ALL,   DEFAULT),
    ("quietHours",       "quiet_hours", quiet_hours,    ALL,   DEFAULT),
))

# What CTIA wants said: who speaks, how to stop, that it may cost; after STOP that nothing
# more will come. Each fits one SMS of GSM-7 with a brand of up to 20 such characters.
DEFAULT_TEXTS = {
    "help":  "{brand}: reply STOP to get no more messages from {code}. Msg & data rates may apply.",
    "stop":  "{brand}: you have opted out and no more messages will be sent from {code}.",
    "start": "{brand}: you may receive messages from {code} again. Reply HELP for help, STOP to"
             " opt out. Msg & data rates may apply.",
}
# fmt: on


def read_code(number: int, given: object, codes: dict[str, Code]) -> Entry:
    """Read one entry of the account's codes and add the code to `codes`.

    It is added also where only its texts are wrong, so that no programme on it is blamed.

    Args:
        number: its place in the definition, from 1; it is called so where it has no digits.
        given: a mapping with MobileConnect's names; anything else is a fault.
        codes: the codes so far, by digits.

    >>> codes = {}
    >>> read_code(1, {"longCode": "+1 555 555 0100", "brand": "Acme"}, codes).faults
    []
    >>> codes["15555550100"].country, codes["15555550100"].stop
    ('US', 'Acme: you have opted out and no more messages will be sent from +15555550100.')
    """
    entry = Entry(f"code {number}")
    if not isinstance(given, Mapping):
        entry.refuse("", "The code must be a table of fields.")
        return entry
    names = (*PLACE, *(field.name for field in CODE_FIELDS), LINT_IGNORE)
    take(entry, given, names)
    there = place(entry)
    if there is not None:
        entry = Entry(f"code {there.digits}")
        take(entry, given, names)
    read_fields(entry, CODE_FIELDS)
    if there is not None and _is_allowed(entry, there, codes):
        codes[there.digits] = _code(there, entry.read)
    return entry


def _is_allowed(entry: Entry, there: Place, codes: Mapping[str, Code]) -> bool:
    is_short, name = there.field == "shortCode", shown(there.field)
    if not re.fullmatch(r"[0-9]{3,8}" if is_short else r"[1-9][0-9]{7,14}", there.digits):
        rule = "3 to 8 digits" if is_short else "a number in E.164, such as +15555550100"
        entry.refuse(there.field, f"{name} is invalid. It must be {rule}.")
    elif there.digits in codes:
        rule = "is already set up on the account, and an MO names nothing but the digits"
        entry.refuse(there.field, f"The {name} {there.written} {rule}.")
    elif is_short or not read.is_unset(entry.given.get("countryCode")):
        if len(there.country) != len("US"):
            entry.refuse("countryCode", "CountryCode must have a length of 2.")
        elif not re.fullmatch("[A-Za-z]{2}", there.country):
            entry.refuse("countryCode", "CountryCode is invalid. It must be two letters, as US.")
    return entry.is_sound(*PLACE)


def _code(there: Place, said: Mapping[str, Any]) -> Code:
    is_short = there.field == "shortCode"
    country = there.country.upper() or _region(there.digits)
    spoken = there.digits if is_short else f"+{there.digits}"
    brand = said.get("brand", there.digits)
    # A brand that is the code itself is not named twice.
    named = "this code" if brand in {there.digits, spoken} else spoken
    spoken_brand = texts.quoted(brand)
    said_by_default = {
        kind: text.format(brand=spoken_brand, code=named) for kind, text in DEFAULT_TEXTS.items()
    }
    own = {"brand": brand, "countries": said.get("countries", (country,) if country else ())}
    return Code(there.digits, country, is_short, **{**said_by_default, **said, **own})


def _region(digits: str) -> str:
    """Give the country of a long code; of a calling code that several share, its main one."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return ""
    region = phonenumbers.region_code_for_number(number)
    region = region or phonenumbers.region_code_for_country_code(number.country_code or 0)
    return region if re.fullmatch("[A-Z]{2}", region) and region != "ZZ" else ""
