"""`POST /sms/v1/queueMO`, which replays an MO for a form or an app; see also `tracking_calls`.

Decisions beyond MobileConnect's: a text that opts out passes like one that begins with a
keyword, because a STOP counts wherever it comes from. An `id` makes a call safe to repeat:
with the same id the same numbers are answered as the first time. A pair of number and key
that stands twice in a call has one result. A number may have several keys, and a key several
numbers; a pair is known from then on, whatever became of its MO. A subscriber may carry
`Attributes`, as in messageContact, for the texts that answer its MO.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from starlette.concurrency import run_in_threadpool

from optin_engine import fields as read
from optin_engine.account import Account, UnknownCode
from optin_engine.fields import MUST, UNSET, Field, Wrong, text_of
from optin_engine.reading import read as read_text
from optin_engine.service.answer import Answer
from optin_engine.service.arrivals import Known
from optin_engine.stores import Member
from optin_engine.vocabulary import Hears, Origin
from optin_engine.web.call import Answered, Asked, Call, Refused
from optin_engine.web.envelopes import INVALID
from optin_engine.web.identifiers import encode
from optin_engine.web.recipients import EITHER, NUMBERS, read_recipients
from optin_engine.web.schemas import ERRORS, FAULTS, LOOSE_TEXT, TEXT, WRITTEN, listed, table

LONGEST_ID = 255

NO_KEYWORD = "The combination of ShortCode {} and Keyword {} is invalid."

STARTS = (Hears.JOIN, Hears.STOP)


def _origin(named: str, given: object) -> Origin:
    for origin in (Origin.API, Origin.WEB, Origin.APP):
        if isinstance(given, str) and given.strip().lower() == origin:
            return origin
    message = f"{named} is invalid. It must be web, app or api."
    raise Wrong(message)


FIELDS = (
    Field("shortCode", "code", text_of(read.LONGEST_NAME), unset=MUST),
    Field("messageText", "text", read.text, unset=MUST),
    Field("origin", "origin", _origin),
    Field("id", "mo_id", text_of(LONGEST_ID)),
)


@attrs.frozen
class Queued:
    """What a call asks for."""

    recipients: Sequence[Member]
    code: str
    text: str
    origin: Origin = Origin.API
    mo_id: str = ""


async def queue_mo(asked: Asked) -> Answered:
    """Take an MO for each number, all or none; each has its own identifier and result."""
    service = asked.service
    account = await run_in_threadpool(service.service.catalog.account)
    queued = read_queued(asked.body)
    numbers = _known(queued.recipients)
    try:
        _judge_text(queued, account, asked)
        answers = await service.queue_mo(
            queued.code, numbers, queued.text, queued.origin, queued.mo_id
        )
    except UnknownCode:
        raise _no_keyword(queued) from None
    of_number = dict(zip(numbers, answers, strict=True))
    results = [_result(of_number[one.number], one) for one in queued.recipients]
    return Answered(202, {"results": results})


def read_queued(body: Mapping[str, Any]) -> Queued:
    """Read what a call asks for.

    Args:
        body: its fields by lower-case name.

    Raises:
        Refused: 400 with every fault.

    >>> read_queued({"mobilenumbers": ["15555550123"], "shortcode": 123456,
    ...     "messagetext": "JOIN"}).recipients[0].number
    '+15555550123'
    """
    faults: list[str] = []
    recipients = read_recipients(body, faults)
    values: dict[str, Any] = {}
    for field in FIELDS:
        try:
            value = field.value(body.get(field.name.lower(), read.ABSENT), None)
        except Wrong as wrong:
            faults += wrong.args
        else:
            if value is not UNSET:
                values[field.attribute] = value
    if faults:
        raise INVALID.refused(*faults)
    return Queued(recipients, **values)


def _known(recipients: Sequence[Member]) -> dict[str, Known]:
    """Gather what the caller knows of each number; of an attribute given twice the last counts."""
    found: dict[str, Known] = {}
    for one in recipients:
        before = found.get(one.number, Known())
        keys = [*before.keys, one.key] if one.key else before.keys
        attributes = {**(before.attributes or {}), **(one.attributes or {})}
        found[one.number] = Known(keys, attributes or None)
    return found


def _judge_text(queued: Queued, account: Account, asked: Asked) -> None:
    """Refuse a text that neither begins with a keyword of the code nor opts out."""
    code, now = account.code(queued.code), asked.service.service.now()
    if read_text(queued.text, code, None, now).hears not in STARTS:
        raise _no_keyword(queued)


def _no_keyword(queued: Queued) -> Refused:
    return INVALID.refused(NO_KEYWORD.format(queued.code, queued.text.split()[0]))


def _result(answer: Answer, recipient: Member) -> Mapping[str, str]:
    return {
        "identifier": encode(answer.id, "queueMO"),
        "mobileNumber": recipient.number.removeprefix("+"),
        **({"subscriberKey": recipient.key} if recipient.key else {}),
        "result": f"Refused: {answer.refused}" if answer.refused else "OK",
    }


_RESULT = table({"identifier": TEXT, "mobileNumber": TEXT, "result": TEXT}, {"subscriberKey": TEXT})

CALLS = (
    Call(
        "POST",
        "/sms/v1/queueMO",
        "sms_send",
        queue_mo,
        "Queue an MO for each number, as from a web form, an app or an API",
        request=table(
            {"shortCode": WRITTEN, "messageText": WRITTEN},
            {
                **NUMBERS,
                "origin": {"type": ["string", "null"], "description": "web, app or api (default)."},
                "id": {**LOOSE_TEXT, "description": "Makes it repeatable."},
            },
            description=EITHER,
        ),
        responses={202: table({"results": listed(_RESULT)}), 400: {"anyOf": [ERRORS, FAULTS]}},
        is_legacy=True,
    ),
)
