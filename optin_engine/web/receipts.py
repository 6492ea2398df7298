"""`POST /receipts`: what a gateway or a carrier tells of an MT; Twilio's come by its own call.

Who brings one has a token with the scope `sms_inbound`, or signs the body as for `/inbound`.
`id` is the name that the gateway gave the MT when it took it, or the MT's `webhook-id`
(`mt-...`). `status` is one of `STATUSES`, in any case; SMPP's own words are among them.

Decisions: receipts may come in any order, and again; the furthest holds (`stores.receipts`).
`error` is a code, not a text: a carrier's text may quote the number. `at` is when it came to
be, at most now. A receipt can be here before the dispatcher has noted what the gateway called
its MT. One of an MT that nobody knows is answered at once, because it may be told only once,
and tried again in the background over some seconds; then it is taken for somebody else's, and
forgotten. At most `MOST_WAITING` wait in a process, and none outlasts it.
"""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import attrs

from optin_engine.stores import Fate, StoreError, Told
from optin_engine.web import dates
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import invalid_body
from optin_engine.web.inbound import SIGNATURE, judge_signature
from optin_engine.web.schemas import TEXT, table
from optin_engine.web.tracking import STATUS_CODE
from optin_engine.web.tracking import STATUSES as CODES

# fmt: off
STATUSES: Mapping[str, Fate] = {
    # ours            SMPP's, and other gateways' words
    "enroute":        Fate.ENROUTE,
    "sent":           Fate.CARRIED,      "acceptd": Fate.CARRIED,      "accepted": Fate.CARRIED,
    "delivered":      Fate.DELIVERED,    "delivrd": Fate.DELIVERED,    "read":     Fate.DELIVERED,
    "undelivered":    Fate.UNDELIVERED,  "undeliv": Fate.UNDELIVERED,  "failed":   Fate.UNDELIVERED,
    "undeliverable":  Fate.UNDELIVERED,  "deleted": Fate.UNDELIVERED,
    "expired":        Fate.EXPIRED,
    "rejected":       Fate.REJECTED,     "rejectd": Fate.REJECTED,
}
# fmt: on

LONGEST_NAME = 200
OWN = re.compile(r"mt-([1-9][0-9]{0,17})")
# A run of so many digits may be a phone number.
ERROR = re.compile(r"(?!.*[0-9]{8})[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}")

NO_NAME = f"Id is invalid. It must be a string of 1 to {LONGEST_NAME} printable characters."
NO_STATUS = f"Status is invalid. It must be one of {', '.join(STATUSES)}."
NO_ERROR = "Error is invalid. It must be a code, such as 30003, of at most 40 characters."

# Seconds between the tries of a receipt whose MT is not known yet.
WAITS = (0.5, 2.0, 8.0)
MOST_WAITING = 1000
_waiting: set[asyncio.Task[None]] = set()


@attrs.frozen
class Receipt:
    """What is told of an MT.

    Attributes:
        name: the provider's for the MT, or ours (`mt-...`).
        fate: what became of it.
        at: when.
        error: the provider's code of the reason; empty where it gave none.

    """

    name: str
    fate: Fate
    at: datetime
    error: str = ""


async def receipts(asked: Asked) -> Answered:
    """Take one receipt, and tell what is known of its MT now."""
    if asked.client is None:
        judge_signature(asked)
    told = await keep(asked, read_receipt(asked.body, asked.service.service.now()))
    if told is None:
        return Answered(200, {"known": False})
    return Answered(200, {"known": True, "statusCode": CODES[told.mt.fate].code})


def read_receipt(body: Mapping[str, Any], now: datetime) -> Receipt:
    """Read a receipt.

    Args:
        body: the JSON object by lower-case name.
        now: the latest that `at` can be, and what it is where it is not given.

    Raises:
        Refused: 400 with every fault.

    >>> read_receipt({"id": "GW1", "status": "DELIVRD"}, dates.EARLIEST).fate
    <Fate.DELIVERED: 'delivered'>
    """
    faults: list[str] = []
    name, status = body.get("id"), body.get("status")
    if not isinstance(name, str) or not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
        faults.append(NO_NAME)
    fate = STATUSES.get(status.strip().lower()) if isinstance(status, str) else None
    if fate is None:
        faults.append(NO_STATUS)
    error = _error(body.get("error"), faults)
    try:
        at = min(dates.read(body.get("at")) or now, now)
    except ValueError:
        faults.append(f"At is invalid. {dates.RULE}")
    if faults or fate is None:
        raise invalid_body(*faults)
    return Receipt(str(name), fate, at, error)


def _error(given: object, faults: list[str]) -> str:
    if given is None or given == "":
        return ""
    code = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    if isinstance(code, str) and ERROR.fullmatch(code):
        return code
    faults.append(NO_ERROR)
    return ""


async def keep(asked: Asked, receipt: Receipt) -> Told | None:
    """Keep a receipt, and count it; None where nobody knows its MT yet, which may still come."""
    told = await asyncio.to_thread(_kept, asked, receipt)
    if told is None and len(_waiting) < MOST_WAITING:
        waiting = asyncio.create_task(_try_again(asked, receipt))
        _waiting.add(waiting)
        waiting.add_done_callback(_waiting.discard)
    elif told is None:
        _count(asked, None)
    return told


async def _try_again(asked: Asked, receipt: Receipt) -> None:
    for wait in WAITS:
        await asyncio.sleep(wait)
        with suppress(StoreError):
            if await asyncio.to_thread(_kept, asked, receipt):
                return
    _count(asked, None)


def _kept(asked: Asked, receipt: Receipt) -> Told | None:
    """Keep a receipt of a known MT; a provider's own name may look like one of ours."""
    store, name = asked.service.service.store, receipt.name
    if not name.isprintable():
        return None
    about = receipt.fate, receipt.at, receipt.error
    told = store.delivered(name, *about)
    own = OWN.fullmatch(name)
    if told is None and own:
        told = store.delivered(int(own[1]), *about)
    if told:
        _count(asked, told)
    return told


def _count(asked: Asked, told: Told | None) -> None:
    if metrics := asked.request.app.metrics:
        metrics.receipted(told)


REQUEST = table(
    {
        "id": {**TEXT, "minLength": 1, "maxLength": LONGEST_NAME, "examples": ["mt-7340033"]},
        "status": {**TEXT, "description": f"In any case: {', '.join(STATUSES)}."},
    },
    {
        "error": {"type": ["string", "integer", "null"], "description": "A code, not a text."},
        "at": {"type": ["string", "null"], "description": "ISO 8601 with its offset; else now."},
    },
)

CALLS = (
    Call(
        "POST",
        "/receipts",
        "sms_inbound",
        receipts,
        "Tell what became of an MT that a gateway was given",
        REQUEST,
        {
            200: table(
                {"known": {"type": "boolean", "description": "The MT is ours, as far as we know."}},
                {"statusCode": {**STATUS_CODE, "description": "What is known of the MT now."}},
            )
        },
        signature=SIGNATURE,
    ),
)
