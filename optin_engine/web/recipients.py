"""Whom a call concerns: mobile numbers, or subscribers with what their caller knows of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from optin_engine.fields import LONGEST_NAME, Wrong, is_unset, text
from optin_engine.service.arrivals import LONGEST_KEY
from optin_engine.stores import Member
from optin_engine.web.phone_numbers import MOST, read_numbers, written
from optin_engine.web.schemas import WRITTEN, Schema, table

BOTH = "An array of mobile numbers and an array of subscribers cannot be provided at the same time."
NONE = "The count of mobile numbers or subscribers cannot be zero."
TOO_MANY = f"The count of mobile numbers or subscribers cannot be more than {MOST}."
NO_PAIR = "A subscriber object must have both a mobile number and subscriber key defined."
LONG_KEY = f"A subscriber key cannot contain more than {LONGEST_KEY} characters."
NOT_A_LIST = "The {} field must be an array."
NO_ATTRIBUTES = "The Attributes field of a subscriber must be an object of texts by name."


def read_recipients(
    body: Mapping[str, Any], faults: list[str], *, none_left: str = ""
) -> Sequence[Member]:
    """Read the numbers, or the subscribers; an empty list of either counts as not given.

    Args:
        body: a call's fields by lower-case name.
        faults: those found are added, each once, in MobileConnect's words.
        none_left: what else is said where every subscriber has a fault; empty: nothing.

    Returns:
        Those without a fault. A pair of number and key stands once, as it was given last.

    >>> faults = []
    >>> read_recipients({"subscribers": [{"MobileNumber": "15555550123", "subscriberkey": 7},
    ...     {"mobileNumber": "1555", "subscriberKey": "ann"}]}, faults)
    [Member(number='+15555550123', key='7', attributes=None)]
    >>> faults
    ['Invalid phone number']
    """
    numbers, subscribers = body.get("mobilenumbers") or [], body.get("subscribers") or []
    for named, given in (("MobileNumbers", numbers), ("Subscribers", subscribers)):
        if not isinstance(given, list):
            faults.append(NOT_A_LIST.format(named))
            return []
    if bool(numbers) == bool(subscribers):
        faults.append(BOTH if numbers else NONE)
        return []
    if len(numbers or subscribers) > MOST:
        faults.append(TOO_MANY)
        return []
    if numbers:
        return [Member(f"+{n}") for n in dict.fromkeys(read_numbers(numbers, faults))]
    read = [found for given in subscribers if (found := _subscriber(given, faults))]
    if none_left and not read:
        faults.append(none_left)
    return [*{(one.number, one.key): one for one in read}.values()]


def _subscriber(given: object, faults: list[str]) -> Member | None:
    """Read one subscriber; None where it has a fault."""
    named = {k.lower(): v for k, v in given.items()} if isinstance(given, dict) else {}
    number, key = (written(named.get(name)) for name in ("mobilenumber", "subscriberkey"))
    found = [NO_PAIR] if not number or not key else [LONG_KEY] if len(key) > LONGEST_KEY else []
    attributes = None
    try:
        attributes = _attributes(named.get("attributes"))
    except Wrong as wrong:
        found += wrong.args
    digits = read_numbers([number], found) if number else []
    faults += [fault for fault in found if fault not in faults]
    return None if found else Member(f"+{digits[0]}", key, attributes)


def _attributes(given: object) -> Mapping[str, str] | None:
    """Read attributes: texts, numbers and truths by name; null is a blank text."""
    if not given:
        return None
    if not isinstance(given, dict):
        raise Wrong(NO_ATTRIBUTES)
    return {text("Attributes", name, LONGEST_NAME): _value(name, v) for name, v in given.items()}


def _value(name: str, given: object) -> str:
    if isinstance(given, (dict, list)):
        raise Wrong(NO_ATTRIBUTES)
    if is_unset(given):
        return ""
    told = given if isinstance(given, str) else msgspec.json.encode(given).decode()
    return text(f"Attributes.{name}", told)


NUMBER: Schema = {**WRITTEN, "description": "8 to 15 digits with calling code."}
_KEY: Schema = {**WRITTEN, "description": f"1 to {LONGEST_KEY} characters, compared to the letter."}
_ATTRIBUTES: Schema = {
    "type": ["object", "null"],
    "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    "description": "What texts may say of the subscriber, by name.",
}
SUBSCRIBER = table(
    {"mobilenumber": NUMBER, "subscriberkey": _KEY},
    {"attributes": _ATTRIBUTES},
    description="The names of its fields are matched in any case.",
)

NUMBERS: Mapping[str, Schema] = {
    "mobileNumbers": {"type": ["array", "null"], "items": NUMBER, "maxItems": MOST},
    "subscribers": {"type": ["array", "null"], "items": SUBSCRIBER, "maxItems": MOST},
}
EITHER = "Either mobileNumbers or subscribers must be given, not both."
