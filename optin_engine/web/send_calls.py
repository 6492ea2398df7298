"""`GET /sends/{tokenId}` and `POST /sends/{tokenId}/pause`, `/resume`, `/cancel` (ours).

The token is the one that messageContact or messageList gave. To ask for what holds already
changes nothing and is no fault, so each call may be made again; what a send that is over
cannot do is refused with 409. After `pause` and `cancel` answer, nothing more of the send is
given to a transport, but what one has in hand at that moment may still go out. What became of
each number is told by the deliveries of messageContact and messageList.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool

from optin_engine.harness.sends import SendOverError, Steering, standing_of, steer
from optin_engine.service.service import Service
from optin_engine.stores import Fate, Send, SendKind, SendState
from optin_engine.web import dates
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import CONFLICT, NOT_FOUND
from optin_engine.web.identifiers import decode, encode
from optin_engine.web.schemas import DATE, FAULTS, TEXT, table


async def show(asked: Asked) -> Answered:
    """Tell how far a send is."""
    return Answered(200, await run_in_threadpool(_show, asked.service.service, asked))


def _show(service: Service, asked: Asked) -> Mapping[str, Any]:
    return _told(service, _found(service, asked.path["tokenId"]))


async def _steer(told: Steering, asked: Asked) -> Answered:
    return Answered(200, await run_in_threadpool(_steered, asked.service.service, told, asked))


def _steered(service: Service, told: Steering, asked: Asked) -> Mapping[str, Any]:
    send = _found(service, asked.path["tokenId"])
    try:
        send = steer(service.sender, send, told)
    except SendOverError as over:
        raise CONFLICT.refused(str(over)) from None
    return _told(service, send)


def _found(service: Service, identifier: str) -> Send:
    inner = decode(identifier, "send")
    send = service.sender.find(inner) if isinstance(inner, int) else None
    if send is None:
        raise NOT_FOUND.refused()
    return send


def _told(service: Service, send: Send) -> Mapping[str, Any]:
    report = standing_of(service.store, send, encode(send.id, "send"))
    return {n: dates.plain(v) if isinstance(v, datetime) else v for n, v in report.items()}


_COUNT = {"type": "integer", "minimum": 0}
_MAY_BE = {**DATE, "type": ["string", "null"]}
_SEND = table(
    {
        "tokenId": TEXT,
        "status": {"enum": [state.value for state in SendState]},
        "kind": {"enum": [kind.value for kind in SendKind]},
        "code": TEXT,
        "keyword": TEXT,
        "createDate": DATE,
        "sendDate": {**_MAY_BE, "description": "When it begins; null: at once."},
        "queueDate": {**_MAY_BE, "description": "When the last member was dealt with."},
        "completeDate": {**_MAY_BE, "description": "When nothing was left to hand over."},
        "queued": {**_COUNT, "description": "Messages that were queued, whatever came of them."},
        "sent": {**_COUNT, "description": "Those of them that were handed over."},
        "dropped": {**_COUNT, "description": "Members that may not be."},
        "messages": table(
            {fate.value: _COUNT for fate in Fate}, description="Messages by what became of them."
        ),
        "error": {**TEXT, "description": "Why its status is Error; else empty."},
    }
)


def _call(
    method: str, act: str, scope: str, handler: Callable[[Asked], Awaitable[Answered]], summary: str
) -> Call:
    responses = {200: _SEND, **({CONFLICT.status: FAULTS} if act else {})}
    return Call(method, f"/sends/{{tokenId}}{act}", scope, handler, summary, None, responses)


_pause, _resume, _cancel = (partial(_steer, told) for told in Steering)

# fmt: off
CALLS = (
    _call("GET",  "",        "sms_read", show,    "Tell how far a send is"),
    _call("POST", "/pause",  "sms_send", _pause,  "Hand over no more of a send for now"),
    _call("POST", "/resume", "sms_send", _resume, "Go on with a paused send"),
    _call("POST", "/cancel", "sms_send", _cancel, "End a send"),
)
# fmt: on
