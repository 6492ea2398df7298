"""How one value of a definition is read: texts, truths, numbers, days, durations, keywords.

A reader takes the field's name as messages show it and a value that is neither null nor
blank, whatever JSON, TOML or Python may hold; it gives the value as a `Program` keeps it,
or raises `Wrong` with the messages of its faults. `definition` says what is read how.
"""

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from optin_engine.folding import LONGEST, fold, words
from optin_engine.phrases import HELP_WORDS, NO_WORDS, START_WORDS, STOP_WORDS
from optin_engine.vocabulary import OptInType

LONGEST_NAME = 100
LONGEST_KEYWORD = 34
LONGEST_WAIT = timedelta(days=366)

Reader = Callable[[str, object], Any]

# Python writes out no whole number of unlimited length, and no field needs one.
LARGEST = 10**40

# What a reader gives where the attribute's default holds; what stands for no value at all.
UNSET, ABSENT = object(), object()


class Wrong(ValueError):  # noqa: N818 - it never leaves the house; `Fault` values come of it.
    """What a reader says of a value it cannot take: the messages of its faults."""


# What holds where a field is unset: the attribute's default; a fault; a fault only if it
# was given as null or blank; None for null. Else the types that cannot do without it.
DEFAULT, MUST, IF_GIVEN, NEVER = "default", "must", "if given", "null is never"


@attrs.frozen
class Field:
    """One row of a table of fields.

    Attributes:
        name: MobileConnect's.
        attribute: what it fills.
        read: its reader.
        heeded: the opt-in types that heed it, such as `Double or Age`; empty for all.
        unset: what holds where it is unset.

    """

    name: str
    attribute: str
    read: Reader
    heeded: str = ""
    unset: str = DEFAULT

    def is_heeded(self, opt_in_type: str | None) -> bool:
        """Tell whether a programme of this type (None: it is not known) heeds it."""
        return not self.heeded or opt_in_type in self.heeded.split(" or ")

    def value(self, given: object, opt_in_type: str | None) -> Any:
        """Read its value, `UNSET` where its default holds.

        Args:
            given: any value; `ABSENT` where the field is not there at all.
            opt_in_type: of the programme; None where it is not known.

        Raises:
            Wrong: the value cannot be taken, or must be given.

        """
        if not is_unset(given):
            return self.read(shown(self.name), given)
        if self.unset == MUST or (self.unset == IF_GIVEN and given is not ABSENT):
            missing = given is ABSENT or given is None
            rule = "must be specified" if missing else "cannot be blank or only contain whitespace"
            message = f"The {shown(self.name)} field {rule}."
            raise Wrong(message)
        if opt_in_type in self.unset.split(" or "):
            rule = f"It must be specified when MessageOptInType is {self.unset}."
            message = f"{shown(self.name)} is invalid. {rule}"
            raise Wrong(message)
        return None if self.unset == NEVER and given is None else UNSET


def shown(name: str) -> str:
    """Give a field's name as MobileConnect's messages show it.

    >>> shown("messageName")
    'MessageName'
    """
    return name[0].upper() + name[1:]


def is_unset(given: object) -> bool:
    """Tell whether a value is absent, null or blank."""
    return given is ABSENT or given is None or (isinstance(given, str) and not given.strip())


def text(named: str, given: object, most: int = LONGEST) -> str:
    """Read a text as it is, or a whole number as a text.

    Args:
        named: the field's name as messages show it.
        given: any value.
        most: how many characters it may have.

    Raises:
        Wrong: it is no text, too long, or could not be stored or sent as Unicode.

    """
    if isinstance(given, int) and not isinstance(given, bool) and abs(given) < LARGEST:
        given = str(given)
    if not isinstance(given, str):
        message = f"The {named} field must be a text."
        raise Wrong(message)
    if len(given) > most:
        message = f"The {named} field cannot contain more than {most} characters."
        raise Wrong(message)
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in given):
        message = f"The {named} field cannot contain NUL or half of a surrogate pair."
        raise Wrong(message)
    return given


def text_of(most: int) -> Reader:
    """Give a reader of texts of at most `most` characters, white space around them stripped."""

    def read(named: str, given: object) -> str:
        return text(named, given.strip() if isinstance(given, str) else given, most)

    return read


def _invalid(named: str, rule: str) -> Wrong:
    return Wrong(f"{named} is invalid. It must be {rule}.")


def scalar(given: object) -> str:
    """Give a scalar as a text in lower case; empty for what is none."""
    if isinstance(given, int) and abs(given) >= LARGEST:
        return ""
    return str(given).strip().lower() if isinstance(given, (str, int, float)) else ""


# MobileConnect calls the fourth one Text Response wherever a person reads it.
_OPT_IN_TYPES = {each.lower(): each for each in OptInType} | {"text response": OptInType.TEXT}


def opt_in_type(named: str, given: object) -> OptInType:
    """Read `Single`, `Double`, `Age` or `Text`, in any case; `Text Response` is `Text`, too.

    >>> str(opt_in_type("MessageOptInType", "Text Response"))
    'Text'
    """
    try:
        return _OPT_IN_TYPES[" ".join(scalar(given).split())]
    except KeyError:
        raise _invalid(named, "Single, Double, Age or Text") from None


def truth(named: str, given: object) -> bool:
    """Read a truth, also as a text or as 1 and 0."""
    try:
        return {"true": True, "1": True, "false": False, "0": False}[scalar(given)]
    except KeyError:
        raise _invalid(named, "true or false") from None


def whole(least: int, most: int) -> Reader:
    """Give a reader of whole numbers from `least` to `most`."""

    def read(named: str, given: object) -> int:
        found = re.fullmatch(r"([0-9]{1,9})(\.0+)?", scalar(given))
        if found is None or not least <= int(found[1]) <= most:
            raise _invalid(named, f"a whole number from {least} to {most}")
        return int(found[1])

    return read


# .NET clients write the time of day behind the day, in either order of writing a date.
_AMERICAN_DAY = re.compile(
    r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>[0-9]{4})"
    r"( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( [ap]m)?)?"
)


def day(named: str, given: object) -> Any:
    """Read a day, American or ISO; `UNSET` for one in year 1, which is .NET's blank date."""
    try:
        if isinstance(given, date):
            day = given.date() if isinstance(given, datetime) else given
        elif found := _AMERICAN_DAY.fullmatch(scalar(given)):
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        else:
            day = datetime.fromisoformat(scalar(given).upper()).date()
    except ValueError:
        raise _invalid(named, "M/D/YYYY or an ISO date") from None
    return UNSET if day.year == 1 else day


_ONE_UNIT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?([smhdw]?)")
_ISO_UNITS = re.compile(
    r"p(?:([0-9]{1,9})w)?(?:([0-9]{1,9})d)?(?:t(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?)?"
)
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1, "": 3_600}


def duration(named: str, given: object) -> timedelta:
    """Read a time span: `72h`, `3d`, `90m`, `2w`, `45s`, `PT72H`, or a number of hours."""
    seconds, plain = 0.0, scalar(given)
    if found := _ONE_UNIT.fullmatch(plain):
        seconds = float(found[1]) * _SECONDS[found[2]]
    elif found := _ISO_UNITS.fullmatch(plain):
        parts = zip(found.groups("0"), "wdhms", strict=True)
        seconds = sum(int(count) * _SECONDS[unit] for count, unit in parts)
    if not 1 <= seconds <= LONGEST_WAIT.total_seconds():
        raise _invalid(named, "a time such as 72h, 3d or PT72H, from 1 second to 366 days")
    return timedelta(seconds=seconds)


def duration_or_never(named: str, given: object) -> timedelta | None:
    """Read a time span, or `never` as None."""
    return None if scalar(given) == "never" else duration(named, given)


def zone(named: str, given: object) -> str:
    """Read the name of a time zone that this machine knows."""
    name = given.strip() if isinstance(given, str) else ""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}", name):
        with suppress(LookupError, OSError, ValueError):
            return ZoneInfo(name).key
    raise _invalid(named, "an IANA name such as America/New_York")


def compact(said: str) -> str:
    """Give a text folded and without gaps, so that OPT-OUT, OPT_OUT and optout are one.

    >>> compact("Opt-Out"), compact("stop all")
    ('optout', 'stopall')
    """
    return re.sub("[-_ ]", "", fold(said))


_ORDERS = {compact(word) for word in (*STOP_WORDS, *HELP_WORDS, *START_WORDS)}
_DENIALS = {compact(word) for word in NO_WORDS}
_KEYWORD = re.compile(r"[\w-]+")


def keyword(named: str, given: object) -> str:
    """Read a keyword; what it is stored as must fold to itself as one word of a text."""
    written = text_of(LONGEST_KEYWORD)(named, given)
    stored = unicodedata.normalize("NFKC", written).upper()
    if not _KEYWORD.fullmatch(stored) or words(fold(stored)) != (fold(stored),):
        rule = 'It must be one word of letters, digits, "_" or "-".'
    elif compact(stored) in _ORDERS:
        rule = "It is a STOP, HELP or START word."
    else:
        return stored
    message = f"The {named} {written} is invalid. {rule}"
    raise Wrong(message)


def responses(named: str, given: object) -> Any:
    """Read what counts as YES; where nothing is left between the commas, the default holds."""
    parts = re.split(r"[,|]", text(named, given))
    said = [part.strip() for part in parts if part.strip()]
    faults = [f"{named} is invalid. {rule}" for rule in dict.fromkeys(map(_unfit, said)) if rule]
    if faults:
        raise Wrong(*faults)
    return tuple(said) or UNSET


def _unfit(response: str) -> str:
    """Give the rule that a response breaks, or nothing."""
    heard = words(fold(response))
    if not heard:
        return "Each response must hold a letter or a digit."
    if compact(" ".join(heard)) in _ORDERS | _DENIALS:
        return f"{response} is a STOP, HELP, START or NO word."
    return ""
