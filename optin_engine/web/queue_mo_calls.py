"""`POST /sms/v1/queueMO`, which replays an MO for a form or an app, and what came of one.

Decisions beyond MobileConnect's: a text that opts out passes like one that begins with a
keyword, because a STOP counts wherever it comes from. An `id` makes a call safe to repeat:
with the same id the same numbers are answered as the first time. A pair of number and key
that stands twice in a call has one result. A number may have several keys, and a key several
numbers; a pair is known from then on, whatever became of its MO. An identifier that is none of
a queued MO is refused as `Token id {0} is not valid.`
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
from optin_engine.service.arrivals import LONGEST_KEY
from optin_engine.stores import Fate, Mo
from optin_engine.vocabulary import Hears, Origin
from optin_engine.web import dates
from optin_engine.web.call import Answered, Asked, Call, Refused
from optin_engine.web.envelopes import INVALID
from optin_engine.web.identifiers import decode, encode
from optin_engine.web.phone_numbers import MOST, read_numbers, written
from optin_engine.web.schemas import DATE, ERRORS, FAULTS, LOOSE_TEXT, TEXT, WRITTEN, listed, table

LONGEST_ID = 255

BOTH = "An array of mobile numbers and an array of subscribers cannot be provided at the same time."
NONE = "The count of mobile numbers or subscribers cannot be zero."
TOO_MANY = f"The count of mobile numbers or subscribers cannot be more than {MOST}."
NO_PAIR = "A subscriber object must have both a mobile number and subscriber key defined."
LONG_KEY = f"A subscriber key cannot contain more than {LONGEST_KEY} characters."
NOT_A_LIST = "The {} field must be an array."
NO_KEYWORD = "The combination of ShortCode {} and Keyword {} is invalid."
NO_TOKEN = "Token id {} is not valid."  # noqa: S105 - what is said of a token.

STARTS = (Hears.JOIN, Hears.STOP)

# What became of an MT, in MobileConnect's standard status codes.
# fmt: off
FATES: Mapping[Fate, tuple[str, str]] = {
    Fate.QUEUED:      ("1000", "Queued"),
    Fate.WITHDRAWN:   ("1000", "Queued"),
    Fate.SENT:        ("2000", "Delivered to aggregator"),
    Fate.DEAD:        ("2500", "Failed to aggregator"),
    Fate.DELIVERED:   ("4000", "Delivered to handset"),
    Fate.UNDELIVERED: ("4500", "Undeliverable"),
    Fate.CANCELLED:   ("4503", "Rejected"),
}
# fmt: on


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
    """What a call asks for: the recipients are digits, each with its key (empty: none)."""

    recipients: Sequence[tuple[str, str]]
    code: str
    text: str
    origin: Origin = Origin.API
    mo_id: str = ""


async def queue_mo(asked: Asked) -> Answered:
    """Take an MO for each number, all or none; each has its own identifier and result."""
    service = asked.service
    account = await run_in_threadpool(service.service.catalog.account)
    queued = read_queued(asked.body)
    numbers: dict[str, list[str]] = {f"+{digits}": [] for digits, _ in queued.recipients}
    for digits, key in queued.recipients:
        numbers[f"+{digits}"] += [key] if key else []
    try:
        _judge_text(queued, account, asked)
        answers = await service.queue_mo(
            queued.code, numbers, queued.text, queued.origin, queued.mo_id
        )
    except UnknownCode:
        raise _no_keyword(queued) from None
    of_number = dict(zip(numbers, answers, strict=True))
    results = [_result(of_number[f"+{n}"], n, key) for n, key in queued.recipients]
    return Answered(202, {"results": results})


def read_queued(body: Mapping[str, Any]) -> Queued:
    """Read what a call asks for.

    Args:
        body: its fields by lower-case name.

    Raises:
        Refused: 400 with every fault.

    >>> read_queued({"mobilenumbers": ["15555550123"], "shortcode": 123456,
    ...     "messagetext": "JOIN"}).recipients
    [('15555550123', '')]
    """
    faults: list[str] = []
    recipients = _recipients(body, faults)
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


def _recipients(body: Mapping[str, Any], faults: list[str]) -> list[tuple[str, str]]:
    """Read the numbers, or the subscribers; an empty list of either counts as not given."""
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
        return [(digits, "") for digits in dict.fromkeys(read_numbers(numbers, faults))]
    pairs = [pair for given in subscribers if (pair := _pair(given, faults))]
    return [
        (digits, key)
        for number, key in dict.fromkeys(pairs)
        for digits in read_numbers([number], faults)
    ]


def _pair(given: object, faults: list[str]) -> tuple[str, str] | None:
    named = {k.lower(): v for k, v in given.items()} if isinstance(given, dict) else {}
    number, key = (written(named.get(name)) for name in ("mobilenumber", "subscriberkey"))
    fault = NO_PAIR if not number or not key else LONG_KEY if len(key) > LONGEST_KEY else ""
    if fault and fault not in faults:
        faults.append(fault)
    return None if fault else (number, key)


def _judge_text(queued: Queued, account: Account, asked: Asked) -> None:
    """Refuse a text that neither begins with a keyword of the code nor opts out."""
    code, now = account.code(queued.code), asked.service.service.now()
    if read_text(queued.text, code, None, now).hears not in STARTS:
        raise _no_keyword(queued)


def _no_keyword(queued: Queued) -> Refused:
    return INVALID.refused(NO_KEYWORD.format(queued.code, queued.text.split()[0]))


def _result(answer: Answer, number: str, key: str) -> Mapping[str, str]:
    return {
        "identifier": encode(answer.id, "queueMO"),
        "mobileNumber": number,
        **({"subscriberKey": key} if key else {}),
        "result": f"Refused: {answer.refused}" if answer.refused else "OK",
    }


async def deliveries(asked: Asked) -> Answered:
    """Tell what became of the MTs that answered a queued MO."""
    store = asked.service.service.store
    mo = await run_in_threadpool(_queued_mo, asked)
    tracking = []
    for mt in await run_in_threadpool(store.answers, mo.id):
        status, message = FATES[mt.fate]
        number = mo.number.removeprefix("+")
        tracking.append({"mobileNumber": number, "statusCode": status, "message": message})
    return Answered(200, {"tracking": tracking})


async def history(asked: Asked) -> Answered:
    """Give the conversation that a queued MO opened, up to the next MO that is no handset's."""
    mo = await run_in_threadpool(_queued_mo, asked)
    told: list[Mapping[str, str]] = []
    for said in await run_in_threadpool(asked.service.service.history, mo.code, mo.number, mo.id):
        is_mo = isinstance(said, Mo)
        if is_mo and said.origin != Origin.HANDSET:
            break
        kind = "MO" if is_mo else "MT"
        told.append({"type": kind, "message": said.text, "date": dates.plain(said.at)})
    content = {
        "count": len(told),
        "createDate": dates.plain(mo.at),
        "status": "Active",
        "history": told,
    }
    return Answered(200, content)


def _queued_mo(asked: Asked) -> Mo:
    identifier = asked.path["identifier"]
    inner = decode(identifier, "queueMO")
    mo = asked.service.service.store.mo(inner) if isinstance(inner, int) else None
    if mo is None or mo.origin == Origin.HANDSET:
        raise INVALID.refused(NO_TOKEN.format(identifier))
    return mo


_NUMBER = {**WRITTEN, "description": "8 to 15 digits with calling code."}
_KEY = {**WRITTEN, "description": f"1 to {LONGEST_KEY} characters, compared to the letter."}
_SUBSCRIBER = table(
    {"mobilenumber": _NUMBER, "subscriberkey": _KEY},
    description="The names of its fields are matched in any case.",
)
_RESULT = table({"identifier": TEXT, "mobileNumber": TEXT, "result": TEXT}, {"subscriberKey": TEXT})
_TRACKING = table({"mobileNumber": TEXT, "statusCode": TEXT, "message": TEXT})
_SAID = table({"type": {"enum": ["MT", "MO"]}, "message": TEXT, "date": DATE})

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
                "mobileNumbers": {"type": ["array", "null"], "items": _NUMBER, "maxItems": MOST},
                "subscribers": {"type": ["array", "null"], "items": _SUBSCRIBER, "maxItems": MOST},
                "origin": {"type": ["string", "null"], "description": "web, app or api (default)."},
                "id": {**LOOSE_TEXT, "description": "Makes it repeatable."},
            },
            description="Either mobileNumbers or subscribers must be given, not both.",
        ),
        responses={202: table({"results": listed(_RESULT)}), 400: {"anyOf": [ERRORS, FAULTS]}},
        is_legacy=True,
    ),
    Call(
        "GET",
        "/sms/v1/queueMO/deliveries/{identifier}",
        "sms_read",
        deliveries,
        "Tell what became of the MTs that answered a queued MO",
        request=None,
        responses={200: table({"tracking": listed(_TRACKING)}), 400: ERRORS},
        is_legacy=True,
    ),
    Call(
        "GET",
        "/sms/v1/queueMO/history/{identifier}",
        "sms_read",
        history,
        "Give the conversation that a queued MO opened",
        request=None,
        responses={
            200: table(
                {
                    "count": {"type": "integer", "minimum": 0},
                    "createDate": DATE,
                    "status": {"const": "Active"},
                    "history": listed(_SAID),
                }
            ),
            400: ERRORS,
        },
        is_legacy=True,
    ),
)
