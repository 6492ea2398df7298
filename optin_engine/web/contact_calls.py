"""`POST /sms/v1/contacts/subscriptions`: where some numbers stand.

Decisions: a row's `optInDate` is when it became Subscribed, and null where it is not. A
subscriberKey gives the rows of all numbers that `queueMO` was given with it; it is matched to
the letter, and a key that names none gives no row, also where it is a number itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from starlette.concurrency import run_in_threadpool

from optin_engine.service.service import Service
from optin_engine.vocabulary import State
from optin_engine.web import dates
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import invalid_body
from optin_engine.web.phone_numbers import MOST, read_numbers, written
from optin_engine.web.schemas import FAULTS, TEXT, WRITTEN, listed, table

TOLD = (State.SUBSCRIBED, State.IN_PROGRESS, State.UNSUBSCRIBED)

BOTH = "MobileNumber and SubscriberKey cannot be specified at the same time."
NEITHER = "A MobileNumber or SubscriberKey must be specified."
NOT_A_LIST = "The {} field must be an array."
NO_KEY = "A SubscriberKey must be a text or a whole number."
TOO_MANY = f"The {{}} field cannot contain more than {MOST} elements."


async def subscriptions(asked: Asked) -> Answered:
    """Give the subscriptions of some numbers, those that never were and Declined left out."""
    whom = read_asked(asked.body)
    service = asked.service.service
    asked_at = service.now()
    contacts = await run_in_threadpool(_rows, service, whom)
    content = {
        "count": str(len(contacts)),
        "createDate": dates.precise(asked_at),
        "completeDate": dates.precise(service.now()),
        "contacts": contacts,
    }
    return Answered(200, content)


@attrs.frozen
class Whom:
    """Whom a call asks about: numbers as digits, or subscriber keys."""

    numbers: Sequence[str] = ()
    keys: Sequence[str] = ()


def read_asked(body: Mapping[str, Any]) -> Whom:
    """Read whom a call asks about.

    Args:
        body: its fields by lower-case name.

    Raises:
        Refused: 400 with every fault.

    >>> read_asked({"mobilenumber": ["15555550123", 15555550123]})
    Whom(numbers=['15555550123'], keys=())
    """
    numbers, keys = body.get("mobilenumber"), body.get("subscriberkey")
    named, given = ("MobileNumber", numbers) if keys is None else ("SubscriberKey", keys)
    faults: list[str] = []
    whom = Whom()
    if (numbers is None) == (keys is None):
        faults.append(NEITHER if numbers is None else BOTH)
    elif not isinstance(given, list):
        faults.append(NOT_A_LIST.format(named))
    elif len(given) > MOST:
        faults.append(TOO_MANY.format(named))
    elif keys is None:
        whom = Whom(list(dict.fromkeys(read_numbers(given, faults))))
    elif all(map(_is_written, given)):
        whom = Whom(keys=list(dict.fromkeys(map(written, given))))
    else:
        faults.append(NO_KEY)
    if faults:
        raise invalid_body(*faults)
    return whom


def _is_written(key: object) -> bool:
    return isinstance(key, (str, int)) and not isinstance(key, bool)


def _rows(service: Service, whom: Whom) -> list[Mapping[str, str | None]]:
    numbers = dict.fromkeys(f"+{digits}" for digits in whom.numbers)
    for named in service.numbers_of(whom.keys).values():
        numbers |= dict.fromkeys(named)
    return [
        {
            "mobileNumber": number.removeprefix("+"),
            "shortCode": contact.code,
            "keyword": subscription.keyword,
            "optInDate": dates.precise(subscription.since)
            if subscription.since and subscription.state == State.SUBSCRIBED
            else None,
            "status": subscription.state,
        }
        for number in numbers
        for contact in service.subscriptions(number)
        for subscription in contact.subscriptions
        if subscription.state in TOLD
    ]


_PRECISE = {"type": "string", "examples": ["2013-12-19T14:35:35.5100000Z"]}
_ASKED = {
    "type": ["array", "null"],
    "items": WRITTEN,
    "maxItems": MOST,
}
_KEYS = {**_ASKED, "description": "Keys that queueMO was given; each asks for all its numbers."}
_ROW = table(
    {
        "mobileNumber": TEXT,
        "shortCode": TEXT,
        "keyword": TEXT,
        "optInDate": {"type": ["string", "null"]},
        "status": {"enum": [state.value for state in TOLD]},
    }
)

CALLS = (
    Call(
        "POST",
        "/sms/v1/contacts/subscriptions",
        "sms_read",
        subscriptions,
        "Tell where some numbers stand",
        request=table(
            {},
            {"mobileNumber": _ASKED, "subscriberKey": _KEYS},
            description="Either mobileNumber or subscriberKey must be given, not both.",
        ),
        responses={
            200: table(
                {
                    "count": TEXT,
                    "createDate": _PRECISE,
                    "completeDate": _PRECISE,
                    "contacts": listed(_ROW),
                }
            ),
            400: FAULTS,
        },
    ),
)
