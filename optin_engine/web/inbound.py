"""`POST /inbound`: an MO from a gateway, as JSON; the outcome comes back once it is on disk.

Who brings it has a token with the scope `sms_inbound`, or signs the body by the Standard
Webhooks scheme (headers `webhook-id`, `webhook-timestamp`, `webhook-signature`).

Decisions: `id` may be missing, as some gateways have none; a retry of such an MO is known
only where `Settings.repeats_within` says so. The store's id of the MO goes out as a string,
because it is larger than JavaScript can count.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from optin_engine.account import UnknownCode
from optin_engine.outcome import Outbound
from optin_engine.service.answer import Answer, Delivery
from optin_engine.vocabulary import Inbound
from optin_engine.web import dates
from optin_engine.web.auth import unauthorized
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import invalid_body
from optin_engine.web.schemas import TEXT, listed, table
from optin_engine.wording import shown

SIGNATURE = "webhook-signature"
LONGEST_ID = 255

# A carrier delivered it, so it needs no more than its shape.
NUMBER = re.compile(r"\+?([1-9][0-9]{7,14})")
CODE = re.compile(r"\+?[0-9]{3,15}")

_encode = msgspec.json.Encoder().encode


async def inbound(asked: Asked) -> Answered:
    """Take one MO and tell what came of it."""
    if asked.client is None:
        judge_signature(asked)
    code, number, mo = read_mo(asked.body, asked.service.service.now())
    answer = await taken(asked, code, number, mo)
    return Answered(200, _encode(told(answer)))


async def taken(
    asked: Asked, code: str, number: str, mo: Inbound, delivery: Delivery = Delivery.OUTBOX
) -> Answer:
    """Let the service take an MO.

    Raises:
        Refused: 400; the account has no such code.

    """
    try:
        return await asked.service.receive(code, number, mo, delivery)
    except UnknownCode as unknown:
        fault = f"To is invalid. {unknown}"
    raise invalid_body(fault)


def judge_signature(asked: Asked) -> None:
    """Hold the Standard Webhooks signature of a request against its body.

    Raises:
        Refused: 401; it is not signed with our secret, or not within five minutes.

    """
    secret, headers = asked.settings.inbound_secret, dict(asked.request.headers)
    if not secret:
        raise unauthorized()
    try:
        Webhook(secret).verify(asked.raw, headers, json_parse=False)
    except (ValueError, WebhookVerificationError):
        raise unauthorized() from None


def read_mo(body: Mapping[str, Any], now: datetime) -> tuple[str, str, Inbound]:
    """Read an MO; give the code, the number (E.164) and the MO.

    Args:
        body: the JSON object by lower-case name.
        now: when it was received, if the body does not say.

    Raises:
        Refused: 400 with every fault.

    >>> read_mo({"from": "15555550123", "to": "123456", "text": "Y"}, dates.EARLIEST)[:2]
    ('123456', '+15555550123')
    """
    faults: list[str] = []
    texts = {name: _text(body, name, faults) for name in ("from", "to", "text")}
    number, code = NUMBER.fullmatch(texts["from"]), texts["to"]
    if texts["from"] and number is None:
        faults.append(f"From is invalid. {NO_NUMBER}")
    if code and not CODE.fullmatch(code):
        faults.append("To is invalid. It must be a short code or a long code, in digits.")
    mo = Inbound(texts["text"], _received_at(body, now, faults), _id(body, faults))
    if faults or number is None:
        raise invalid_body(*faults)
    return code, f"+{number[1]}", mo


NO_NUMBER = "It must be a number in E.164: a calling code and more, 8 to 15 digits."


def told(answer: Answer) -> dict[str, object]:
    """Give an answer as the body of a response."""
    return {
        "id": str(answer.id),
        "reading": answer.reading,
        "keyword": answer.keyword,
        "fromState": answer.from_state,
        "state": answer.state,
        "refused": answer.refused,
        "messages": [_message(mt) for mt in answer.outbound],
    }


def _message(mt: Outbound) -> dict[str, object]:
    """Give an MT; one that HTTPGet has yet to fill is shown as its template, said so."""
    return {
        "kind": mt.kind,
        "text": shown(mt),
        "encoding": mt.encoding,
        "segments": mt.segments,
        "keyword": mt.keyword,
    }


def _text(body: Mapping[str, Any], name: str, faults: list[str]) -> str:
    """Give a field that must be a string; blank is allowed for the text of an MO alone."""
    given = body.get(name)
    if given is None or (given == "" and name != "text"):
        faults.append(f"The {name.title()} field must be specified.")
    elif not isinstance(given, str):
        faults.append(f"{name.title()} is invalid. It must be a string.")
    else:
        return given
    return ""


def _id(body: Mapping[str, Any], faults: list[str]) -> str:
    given = body.get("id")
    if given is None or given == "":
        return ""
    if isinstance(given, str) and len(given) <= LONGEST_ID and given.isprintable():
        return given
    faults.append(f"Id is invalid. It must be a string of 1 to {LONGEST_ID} printable characters.")
    return ""


def _received_at(body: Mapping[str, Any], now: datetime, faults: list[str]) -> datetime:
    try:
        return dates.read(body.get("receivedat")) or now
    except ValueError:
        faults.append(f"ReceivedAt is invalid. {dates.RULE}")
        return now


_TEXT_OR_NULL = {"type": ["string", "null"]}

REQUEST = table(
    {
        "from": {**TEXT, "pattern": f"^{NUMBER.pattern}$", "examples": ["+15555550123"]},
        "to": {**TEXT, "pattern": f"^{CODE.pattern}$", "examples": ["123456"]},
        "text": {**TEXT, "examples": ["JOIN"]},
    },
    {
        "id": {**_TEXT_OR_NULL, "maxLength": LONGEST_ID, "description": "What a retry repeats."},
        "receivedAt": {**_TEXT_OR_NULL, "description": "ISO 8601 with its offset; else now."},
    },
)

_READING = {"hears": TEXT, "rule": TEXT, "matched": TEXT, "keyword": TEXT, "nouns": listed(TEXT)}
_SAID = {"kind": TEXT, "text": TEXT, "encoding": TEXT, "segments": {"type": "integer"}}

OUTCOME = table(
    {
        "id": {**TEXT, "description": "The MO's id in the store, a whole number."},
        "reading": table({**_READING, "verdict": _TEXT_OR_NULL}),
        "keyword": _TEXT_OR_NULL,
        "fromState": TEXT,
        "state": TEXT,
        "refused": _TEXT_OR_NULL,
        "messages": listed(table({**_SAID, "keyword": TEXT})),
    }
)

CALLS = (
    Call(
        "POST",
        "/inbound",
        "sms_inbound",
        inbound,
        "Bring an MO from a handset, and learn what came of it",
        REQUEST,
        {200: OUTCOME},
        signature=SIGNATURE,
    ),
)
