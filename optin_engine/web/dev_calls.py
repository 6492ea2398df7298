"""Calls that exist only under `serve --dev`, for teams that test: days pass in an instant.

| call | what it does |
|---|---|
| `GET /dev/clock` | tells the time that the service goes by, and whether it was set |
| `POST /dev/clock` `{"at": "2026-03-01T12:00:00Z"}` | sets the clock, which then stands |
| `POST /dev/clock` `{"at": null}` | lets it go with the wall clock again |
| `GET /dev/contacts/{code}/{number}?after=ID` | tells all that is known of a contact |
| `POST /dev/orders` | orders what an agent may, for one contact |
| `GET /dev/definitions` | gives codes, programmes and messages as a file has them |

`at` is ISO 8601 with its offset. Before `POST /dev/clock` answers, every reminder and expiry
up to that moment has passed, of any contact, each at its own time and in the order of time;
with `"passDeadlines": false` none has, as if the timers were late, and the next call lets them
pass, or the contact's next text. While the clock stands, nothing passes by itself. It may be
set back: what has passed stays so. Tokens end by the wall clock, whatever this clock shows.

What is said to a contact is the `text` of each `MT` in `said`; the greatest `id` there is the
`after` of the next call. An order is `{"code", "number", "order", "keyword"}`, with `order`
one of STOP, SUBSCRIBE, RESUBSCRIBE, UNSUBSCRIBE and DEACTIVATE; it is answered as `/inbound`
answers an MO.

None of them needs a token, because with `--dev` nobody but this machine can call; and none of
them is there without `--dev`.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool

from optin_engine.account import UnknownCode
from optin_engine.harness.stories.story import Order, Ordered
from optin_engine.harness.targets.defining import written
from optin_engine.harness.targets.service import carry_out
from optin_engine.program import Code
from optin_engine.service.clock import MovableClock
from optin_engine.service.passing import let_pass
from optin_engine.service.service import Service
from optin_engine.stores import Mo, Mt
from optin_engine.vocabulary import Contact
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import NOT_FOUND, invalid_body
from optin_engine.web.inbound import NO_NUMBER, NUMBER, OUTCOME, told
from optin_engine.web.schemas import TEXT, listed, table

ID = re.compile("[0-9]{1,18}")

NO_AT = "The At field must be specified."
NO_TIME = "At is invalid. It must be null, or a time with its offset: 2026-03-01T12:00:00Z."
NO_TRUTH = "PassDeadlines is invalid. It must be true or false."
NO_ORDER = f"Order is invalid. It must be {', '.join(Ordered)}."
NO_ID = "After is invalid. It must be an id that was given here."


def dev_calls(clock: MovableClock) -> tuple[Call, ...]:
    """Give the calls.

    Args:
        clock: the service's.

    """
    show, move = partial(_show_clock, clock), partial(_set_clock, clock)
    return (
        Call("GET", "/dev/clock", None, show, "Tell the service's time", None, {200: _CLOCK}),
        Call("POST", "/dev/clock", None, move, "Set the service's time", _SETTING, {200: _CLOCK}),
        *_CALLS,
    )


async def _show_clock(clock: MovableClock, _: Asked) -> Answered:
    at = clock.now().astimezone(UTC).isoformat().replace("+00:00", "Z")
    return Answered(200, {"at": at, "isSet": clock.is_set})


async def _set_clock(clock: MovableClock, asked: Asked) -> Answered:
    if "at" not in asked.body:
        raise invalid_body(NO_AT)
    at, passes = _moment(asked.body["at"]), asked.body.get("passdeadlines", True)
    if not isinstance(passes, bool):
        raise invalid_body(NO_TRUTH)
    if at is None or not passes:
        await run_in_threadpool(clock.set, at)
    else:
        await run_in_threadpool(let_pass, asked.service.service, clock, at)
    return await _show_clock(clock, asked)


def _moment(given: object) -> datetime | None:
    if given is None:
        return None
    try:
        at = datetime.fromisoformat(given) if isinstance(given, str) else None
        if at is not None and at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise invalid_body(NO_TIME)


async def contact(asked: Asked) -> Answered:
    """Tell all that is known of a contact; of one that nobody knows, that it is nowhere."""
    number = NUMBER.fullmatch(asked.path["number"])
    after = asked.query.get("after") or "0"
    faults = [] if number else [f"Number is invalid. {NO_NUMBER}"]
    faults += [] if ID.fullmatch(after) else [NO_ID]
    if faults or number is None:
        raise invalid_body(*faults)
    service = asked.service.service
    try:
        code = (await run_in_threadpool(service.catalog.account)).code(asked.path["code"])
    except UnknownCode:
        raise NOT_FOUND.refused() from None
    content = await run_in_threadpool(_known, service, code, f"+{number[1]}", int(after))
    return Answered(200, content)


def _known(service: Service, code: Code, number: str, after: int) -> Mapping[str, Any]:
    known = {contact.code: contact for contact in service.subscriptions(number)}
    contact = known.get(code.digits) or Contact(number, code.digits)
    keywords = [subscription.keyword for subscription in contact.subscriptions]
    keywords += [program.keyword for program in code.programs]
    return {
        "code": code.digits,
        "number": number,
        "state": contact.summary(),
        "subscriptions": [
            {"keyword": keyword, "state": contact.subscription(keyword).state}
            for keyword in dict.fromkeys(keywords)
        ],
        "said": [_said(row) for row in service.history(code.digits, number, after)],
    }


def _said(row: Mo | Mt) -> Mapping[str, Any]:
    """Give an MO or an MT; its id as a string, because JavaScript rounds numbers so great."""
    kind = "MO" if isinstance(row, Mo) else "MT"
    return {"id": str(row.id), "at": row.at.astimezone(UTC), "type": kind, "text": row.text}


async def order(asked: Asked) -> Answered:
    """Carry out an order, as of the service's time."""
    given = {name: asked.body.get(name, "") for name in ("code", "number", "order", "keyword")}
    texts = {name: value if isinstance(value, str) else "" for name, value in given.items()}
    number = NUMBER.fullmatch(texts["number"])
    faults = [] if number else [f"Number is invalid. {NO_NUMBER}"]
    faults += [] if texts["order"] in set(Ordered) else [NO_ORDER]
    if faults or number is None:
        raise invalid_body(*faults)
    ordered = Order(Ordered(texts["order"]), texts["keyword"])
    service = asked.service.service
    try:
        answer = await run_in_threadpool(
            carry_out, service, texts["code"], f"+{number[1]}", ordered
        )
    except UnknownCode as unknown:
        fault = f"Code is invalid. {unknown}"
        raise invalid_body(fault) from None
    return Answered(200, told(answer))


async def definitions(asked: Asked) -> Answered:
    """Give the codes and programmes that hold."""
    account = await run_in_threadpool(asked.service.service.catalog.account)
    return Answered(200, written(account))


_TIME = {**TEXT, "format": "date-time", "examples": ["2026-03-01T12:00:00Z"]}
_SETTING = table(
    {"at": {**_TIME, "type": ["string", "null"]}},
    {"passDeadlines": {"type": "boolean", "description": "Those up to then; else true."}},
)
_CLOCK = table({"at": _TIME, "isSet": {"type": "boolean"}})
_SAID = table({"id": TEXT, "at": _TIME, "type": {"enum": ["MO", "MT"]}, "text": TEXT})
_KNOWN = table(
    {
        "code": TEXT,
        "number": TEXT,
        "state": TEXT,
        "subscriptions": listed(table({"keyword": TEXT, "state": TEXT})),
        "said": listed(_SAID),
    }
)
_ORDER = table(
    {
        "code": {**TEXT, "examples": ["123456"]},
        "number": {**TEXT, "pattern": f"^{NUMBER.pattern}$", "examples": ["+15555550123"]},
        "order": {"enum": [ordered.value for ordered in Ordered]},
    },
    {"keyword": {**TEXT, "description": "Not used by STOP and DEACTIVATE."}},
)
_DEFINITIONS = table(dict.fromkeys(("codes", "programs", "messages"), listed({"type": "object"})))

_CALLS = (
    Call(
        "GET",
        "/dev/contacts/{code}/{number}",
        None,
        contact,
        "Tell all that is known of a contact",
        None,
        {200: _KNOWN},
        query={"after": {**TEXT, "description": "The id of what was said before."}},
    ),
    Call(
        "POST",
        "/dev/orders",
        None,
        order,
        "Order what an agent may, for one contact",
        _ORDER,
        {200: OUTCOME},
    ),
    Call(
        "GET",
        "/dev/definitions",
        None,
        definitions,
        "Give codes and programmes as a file has them",
        None,
        {200: _DEFINITIONS},
    ),
)
