"""What `messageContact` and `messageList` have in common: what is sent, by which text, when.

Decisions, where MobileConnect's guide is silent:

- The id may be of type 78, as in the guide, or of type 625, as creation returned it.
- A text of the caller's own is judged as the text of a message is, templates included.
- A blank `messageText` counts as none. Where the message is blank, too, only the wish to
  override it with nothing is told.
- A time of sending is refused unless it is written as the guide says; one that is past, or
  of year 1 as an unset date of .NET is, means at once.
- A blackout window none of whose fields is set is none. One that ends when it begins would be
  either nothing or the whole day, so its end is refused.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import attrs

from optin_engine import fields as read
from optin_engine.fields import Wrong, is_unset
from optin_engine.service.catalog import Catalog
from optin_engine.service.outbound.orders import Blackout, DefinedMessage
from optin_engine.texts import of_send
from optin_engine.web.dates import UNSET_YEAR
from optin_engine.web.identifiers import decode
from optin_engine.web.phone_numbers import shown, written
from optin_engine.web.schemas import LOOSE_TEXT, TEXT, Schema, table

NO_ID = "Message id {} is not valid."
NO_MESSAGE = "Message {} is not valid for the client."
NO_TEXT = "Message is blank and no override message was provided."
BLANK_OVERRIDE = "Cannot override message text with a blank message."
NO_OVERRIDE = "MessageText is not applicable when {} is false."
NO_TIME = "{} is not a valid send time (yyyy-MM-dd HH:mm)."
NO_END = "{} is not a valid blackout window end time."
NO_WINDOW = "The BlackoutWindow field must be an object."

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")
# How .NET begins a date that is not set.
_UNSET_DATE = f"{UNSET_YEAR:04}-"

# No clock on earth is further from UTC.
FURTHEST = timedelta(hours=14)

# A send is put off by its blackout window and quiet hours, and there is no later year.
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


def find_message(catalog: Catalog, identifier: str, faults: list[str]) -> DefinedMessage | None:
    """Give the message that an identifier names, active or not; it is looked up in the store.

    Args:
        catalog: the service's.
        identifier: as it stands in the path.
        faults: one is added where it names none.

    """
    inner = message_id(identifier)
    if inner is None:
        faults.append(NO_ID.format(shown(identifier)))
        return None
    message = catalog.message(inner) if isinstance(inner, int) else None
    if message is None:
        faults.append(NO_MESSAGE.format(identifier))
    return message


def message_id(identifier: str) -> int | UUID | None:
    """Read an identifier of a message, of either type; None for any other text."""
    inner = decode(identifier, "message")
    return decode(identifier, "message object") if inner is None else inner


def truth(body: Mapping[str, Any], name: str, faults: list[str]) -> bool | None:
    """Read a flag: a truth, also as a text or as 1 and 0.

    Args:
        body: a call's fields by lower-case name.
        name: the flag's, as messages show it.
        faults: one is added where it is no truth.

    Returns:
        None where it was not given, or is no truth.

    """
    given = body.get(name.lower())
    if is_unset(given):
        return None
    try:
        return read.truth(name, given)
    except Wrong as wrong:
        faults += wrong.args
        return None


def read_what_and_when(
    body: Mapping[str, Any],
    flag: str,
    message: DefinedMessage | None,
    now: datetime,
    faults: list[str],
) -> tuple[str, datetime | None, Blackout | None]:
    """Read what is said, when it begins, and when it waits, as an `Order` has them.

    Args:
        body: a call's fields by lower-case name.
        flag: the name of the flag for a text of the caller's own, as messages show it.
        message: what is sent; None where that is not known.
        now: the time.
        faults: those found are added.

    """
    text = read_text(body, flag, message, faults)
    due_at = read_send_time(body.get("sendtime"), now, faults)
    return text, due_at, read_blackout(body.get("blackoutwindow"), faults)


def read_text(
    body: Mapping[str, Any], flag: str, message: DefinedMessage | None, faults: list[str]
) -> str:
    """Read what is said: the caller's own text where a flag says so, else the message's.

    Args:
        body: a call's fields by lower-case name.
        flag: the name of the flag, as messages show it.
        message: what is sent; None where that is not known.
        faults: those found are added.

    """
    given, before = body.get("messagetext"), len(faults)
    overrides = truth(body, flag, faults)
    if len(faults) > before:
        return ""
    if overrides:
        return _own_text(given, faults)
    if not is_unset(given):
        faults.append(NO_OVERRIDE.format(flag))
    text = message.message.text if message else ""
    if message and is_unset(text):
        faults.append(NO_TEXT)
    return text


def _own_text(given: object, faults: list[str]) -> str:
    if is_unset(given):
        faults.append(BLANK_OVERRIDE)
        return ""
    try:
        return of_send("MessageText", given)
    except Wrong as wrong:
        faults += wrong.args
        return ""


def read_send_time(given: object, now: datetime, faults: list[str]) -> datetime | None:
    """Read when a send begins; None for at once.

    Args:
        given: the value of `SendTime`, in UTC.
        now: the time.
        faults: one is added where it is no time.

    >>> faults, now = [], datetime(2026, 11, 21, 12, tzinfo=UTC)
    >>> read_send_time("2012-10-05 20:01", now, faults), faults
    (None, [])
    >>> print(read_send_time("2026-12-24 20:01", now, faults))
    2026-12-24 20:01:00+00:00
    """
    if is_unset(given) or written(given).startswith(_UNSET_DATE):
        return None
    try:
        at = _moment(written(given))
    except ValueError:
        faults.append(NO_TIME.format(shown(given)))
        return None
    return at if at > now else None


def _moment(given: str) -> datetime:
    """Read a day and a time of day, as `2026-12-24 20:01`."""
    if not _TIME.fullmatch(given):
        raise ValueError
    at = datetime.fromisoformat(given).replace(tzinfo=UTC)
    if at >= _LATEST:
        raise ValueError
    return at


def read_blackout(given: object, faults: list[str]) -> Blackout | None:
    """Read when a send waits; None for never.

    Args:
        given: the value of `BlackoutWindow`.
        faults: those found are added.

    >>> faults = []
    >>> read_blackout({"UtcOffset": "-0500", "WindowStart": "1500", "WindowEnd": "25:00"}, faults)
    >>> faults
    ['25:00 is not a valid blackout window end time.']
    """
    if is_unset(given):
        return None
    if not isinstance(given, dict):
        faults.append(NO_WINDOW)
        return None
    by_name = {name.lower(): part for name, part in given.items()}
    if all(is_unset(by_name.get(part.name)) for part in _PARTS):
        return None
    offset, start, end = (part.value(by_name.get(part.name), faults) for part in _PARTS)
    if end is not None and start == end:
        faults.append(NO_END.format(shown(by_name["windowend"])))
        return None
    return None if None in {offset, start, end} else Blackout(offset, start, end)


@attrs.frozen
class _Part:
    """One part of a blackout window: its field, how it is read, and what is said without one."""

    name: str
    read: Callable[[str], Any]
    missing: str
    wrong: str

    def value(self, given: object, faults: list[str]) -> Any:
        if is_unset(given):
            faults.append(self.missing)
            return None
        try:
            return self.read(written(given))
        except ValueError:
            faults.append(self.wrong.format(shown(given)))
            return None


def _offset(given: str) -> timedelta:
    """Read how far a clock is from UTC, as `-0500`; none on earth is further than 14 hours."""
    found = re.fullmatch(r"([+-]?)([0-9]{2}):?([0-5][0-9])", given)
    if found is None:
        raise ValueError
    span = timedelta(hours=int(found[2]), minutes=int(found[3]))
    if span > FURTHEST:
        raise ValueError
    return -span if found[1] == "-" else span


def _of_day(given: str) -> time:
    """Read a time of day, as `1500`."""
    found = re.fullmatch(r"([0-9]{2}):?([0-9]{2})", given)
    if found is None:
        raise ValueError
    return time(int(found[1]), int(found[2]))


# fmt: off
_PARTS = tuple(_Part(*row) for row in (
    # field         read as  what is said where it is missing, and where it is none
    ("utcoffset",   _offset, "A UTC offset must be specified when using a blackout window.",
                             "{} is not a valid UTC offset."),
    ("windowstart", _of_day, "A window start time must be specified when using a blackout window.",
                             "{} is not a valid blackout window start time."),
    ("windowend",   _of_day, "A window end time must be specified when using a blackout window.",
                             NO_END),
))
# fmt: on

SEND_TIME: Schema = {"type": ["string", "null"], "description": "yyyy-MM-dd HH:mm, in UTC."}
BLACKOUT: Schema = {
    **table(
        {},
        {"UtcOffset": LOOSE_TEXT, "WindowStart": LOOSE_TEXT, "WindowEnd": LOOSE_TEXT},
        description="A time of day when nothing is handed over, such as -0500, 1500, 2200.",
    ),
    "type": ["object", "null"],
}
ACCEPTED: Schema = table({"tokenId": TEXT})
