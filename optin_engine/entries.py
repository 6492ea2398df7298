"""How an entry of a definition is read: its values sorted by name, its home, and every fault.

A code, a programme and an outbound message are entries, each with a table of fields of its own.
Names are matched without regard to case. Booleans and numbers may be texts, and texts
whole numbers; null, a blank text and a date in year 1 mean unset. A field that the opt-in
type does not heed is not judged, because clients send zeros for what they leave out; where
the type itself is missing or wrong, nothing is said of the fields that depend on it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from optin_engine.fields import (
    ABSENT,
    LONGEST_KEYWORD,
    LONGEST_NAME,
    MUST,
    UNSET,
    Field,
    Wrong,
    is_unset,
    shown,
    text_of,
)
from optin_engine.program import Code


@attrs.frozen
class Fault:
    """One thing wrong, or suspicious, in a definition.

    Attributes:
        program: the messageName, or `program 3` where it has none; `code 123456`; `account`.
        field: MobileConnect's name of the field; empty where it is the whole entry.
        message: what is wrong and how to mend it, in MobileConnect's words.

    """

    program: str
    field: str
    message: str

    def __str__(self) -> str:
        """Give it as one line."""
        return f"{self.program}: {self.message}"


class DefinitionError(ValueError):
    """A definition that is refused; `faults` has every fault of it, `str()` one a line.

    >>> print(DefinitionError([Fault("News", "keyword", "The Keyword field must be specified.")]))
    News: The Keyword field must be specified.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        """Give every fault, one a line."""
        return "\n".join(map(str, self.faults))


@attrs.frozen
class Entry:
    """What was read of one programme or code: its values, and everything wrong with it.

    Attributes:
        label: what faults call it.
        given: its values as they came, by MobileConnect's name.
        read: the values that could be read, by attribute.
        faults, unknown: what is wrong; the fields that nobody knows.

    """

    label: str
    given: dict[str, object] = attrs.field(factory=dict)
    read: dict[str, Any] = attrs.field(factory=dict)
    faults: list[Fault] = attrs.field(factory=list)
    unknown: list[Fault] = attrs.field(factory=list)

    def refuse(self, field: str, *messages: str) -> None:
        """Note the faults of a field."""
        self.faults.extend(Fault(self.label, field, message) for message in messages)

    def is_sound(self, *names: str) -> bool:
        """Tell whether none of these fields has a fault."""
        return not any(fault.field in names for fault in self.faults)


# Heeded whatever the opt-in type is.
ALL = ""

NAME, WORD = text_of(LONGEST_NAME), text_of(LONGEST_KEYWORD)

# What faults call an entry.
CALLED = Field("messageName", "name", NAME, ALL, MUST)

PLACE = ("shortCode", "longCode", "countryCode")

# A misspelling that real clients send, among MobileConnect's own samples.
MISSPELT = {"doubleoptinconformationmessage": "doubleOptinConfirmationMessage"}


def read_entry(
    label: str, given: object, codes: Mapping[str, Code], table: Iterable[Field], *also: str
) -> Entry:
    """Read an entry that lives on a code of the account, and note every fault in it.

    Args:
        label: what it is called where it has no name, as `program 3`.
        given: a mapping with MobileConnect's names; anything else is a fault.
        codes: the codes of the account, by digits.
        table: its fields.
        also: names that it may have beside.

    """
    if not isinstance(given, Mapping):
        entry = Entry(label)
        entry.refuse("", f"The {label.split(maxsplit=1)[0]} must be a table of fields.")
        return entry
    entry = Entry(_label_of(given, label))
    take(entry, given, (*PLACE, *(field.name for field in table), *also))
    _read_home(entry, codes)
    read_fields(entry, table)
    return entry


def _label_of(given: Mapping[Any, object], otherwise: str) -> str:
    """Give what faults call a definition: its messageName where that can be read."""
    named = Entry("")
    take(named, given, ["messageName"])
    read_fields(named, [CALLED])
    return str(named.read.get("name", otherwise))


def take(entry: Entry, given: Mapping[Any, object], names: Iterable[str]) -> None:
    """Sort the values of a mapping by the known names of their fields, in any case.

    A field that is spelt twice (`optinErrorMessage` beside `optInErrorMessage`) is refused,
    unless both say the same; a field of no known name is kept apart.
    """
    known = {name.lower(): name for name in names}
    known |= {wrong: right for wrong, right in MISSPELT.items() if right in known.values()}
    for key, value in given.items():
        name = known.get(key.lower()) if isinstance(key, str) else None
        if name is None:
            written = str(key) if isinstance(key, str) else f"({type(key).__name__})"
            stray = written[:LONGEST_NAME].encode("utf-8", "backslashreplace").decode()
            message = f"The {stray} field is not known; it is ignored."
            entry.unknown.append(Fault(entry.label, stray, message))
        elif entry.given.get(name) is None:
            entry.given[name] = value
        elif value is not None and not (isinstance(value, str) and value == entry.given[name]):
            entry.refuse(name, f"The {shown(name)} field cannot be specified twice.")


def read_fields(entry: Entry, table: Iterable[Field]) -> None:
    """Read every field of a table, and note every fault.

    Args:
        entry: its `given` has been taken; its `read` and `faults` are filled.
        table: the opt-in type comes first, where there is one: others depend on it.

    """
    for field in table:
        opt_in_type = entry.read.get("opt_in_type")
        if not field.is_heeded(opt_in_type):
            continue
        try:
            value = field.value(entry.given.get(field.name, ABSENT), opt_in_type)
        except Wrong as wrong:
            entry.refuse(field.name, *wrong.args)
        else:
            if value is not UNSET:
                entry.read[field.attribute] = value


@attrs.frozen
class Place:
    """Where an entry says it lives: the code and the country as written, and the digits."""

    field: str
    written: str
    country: str
    digits: str


def place(entry: Entry) -> Place | None:
    """Read which code is meant; the first thing wrong with it is its only fault.

    An empty text counts as not given, as form clients send it.
    """
    given = [(name, entry.given.get(name)) for name in ("shortCode", "longCode")]
    given = [(name, value) for name, value in given if value is not None and value != ""]
    if len(given) != 1:
        both = "ShortCode and LongCode cannot be specified at the same time."
        entry.refuse("shortCode", both if given else "A ShortCode or LongCode must be specified.")
        return None
    name, value = given[0]
    try:
        return _place(name, value, entry.given.get("countryCode"))
    except Wrong as wrong:
        entry.refuse(*wrong.args)
        return None


def _place(name: str, value: object, country: object) -> Place:
    if is_unset(value):
        raise Wrong(name, f"{shown(name)} cannot only contain whitespace.")
    try:
        written = WORD(shown(name), value)
    except Wrong as wrong:
        raise Wrong(name, *wrong.args) from None
    country = country.strip() if isinstance(country, str) else ""
    if name == "longCode":
        return Place(name, written, country, re.sub(r"[\s().+-]", "", written))
    if len(country) != len("US") or not country.isprintable():
        name, message = "countryCode", "CountryCode must have a length of 2."
        raise Wrong(name, message)
    return Place(name, written, country, written)


def _read_home(entry: Entry, codes: Mapping[str, Code]) -> None:
    """Read which code of the account a definition lives on, by its digits, or note why none."""
    if (there := place(entry)) is None:
        return
    code = codes.get(there.digits)
    if there.field == "longCode" and (code is None or code.is_short):
        entry.refuse("longCode", f"The LongCode {there.written} does not exist for the account.")
    elif there.field == "shortCode" and (
        code is None or not code.is_short or code.country != there.country.upper()
    ):
        message = (
            f"The ShortCode {there.written} with CountryCode {there.country} cannot be found on "
            "the account. Please ensure that the ShortCode and CountryCode are valid and set up "
            "on the account."
        )
        entry.refuse("shortCode", message)
    else:
        entry.read["code"] = there.digits
