"""`POST /sms/v1/messageContact/{id}/send`: one message to up to 250 contacts of a code.

Every fault is told at once, in the order of the fields: the message, the recipients, the
keyword, the text, the time. What needs the message is not judged where there is none.

Decisions, where MobileConnect's guide is silent or contradicts itself:

- An inactive message is as good as none: `Message {0} is not valid for the client.`
- `No valid subscribers were provided` follows the faults of subscribers none of whom is left.
- `Subscribe` or `Resubscribe` without a keyword takes the message's own, or the only one of its
  code; where that is not clear, `Keyword cannot be blank when ...`
- A keyword without either flag is told as not necessary, and not judged further. One that
  subscribes nobody (a Text Response, a keyword without a programme or out of its days) is
  invalid for the code.
- A number may stand with several subscriber keys: it is sent to once, with the attributes that
  were given last, and every key names it from then on, whatever becomes of the send.
- The flags subscribe no number of a country that the code may not write to unasked; it is
  dropped like everybody who is not Subscribed. Whose handset asked is sent to wherever it is.
- Other fields of MobileConnect (`ContentURL`) are ignored: an MMS is sent as its text.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from optin_engine.fields import is_unset
from optin_engine.folding import fold
from optin_engine.messages import NOT_OF_THE_CODE, keyword_for, subscribable
from optin_engine.program import Code
from optin_engine.service.catalog import Catalog
from optin_engine.service.outbound.once import Once
from optin_engine.service.outbound.orders import ContactOrder, DefinedMessage
from optin_engine.stores import Send
from optin_engine.web import idempotency, sending
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import INVALID
from optin_engine.web.idempotency import send_once
from optin_engine.web.phone_numbers import shown, written
from optin_engine.web.recipients import EITHER, NUMBERS, read_recipients
from optin_engine.web.schemas import ERRORS, FAULTS, LOOSE_TEXT, TRUTH, table

NO_SUBSCRIBERS = "No valid subscribers were provided"
NO_KEYWORD = "Keyword cannot be blank when Subscribe or Resubscribe are true."
NEEDLESS_KEYWORD = "Keyword is not necessary when Subscribe and Resubscribe are false."

FLAGS = ("Subscribe", "Resubscribe")


async def send(asked: Asked) -> Answered:
    """Send to contacts, all or none of them; the token tells what became of it."""
    return await send_once(asked, _send)


def _send(asked: Asked, once: Once | None) -> Send:
    service = asked.service.service
    order = read_order(service.catalog, asked.path["id"], asked.body, service.now())
    return service.sender.to_contacts(order, once)


def read_order(
    catalog: Catalog, identifier: str, body: Mapping[str, Any], now: datetime
) -> ContactOrder:
    """Read what a call asks for.

    Args:
        catalog: the service's; its store is asked.
        identifier: of the message, as it stands in the path.
        body: the call's fields by lower-case name.
        now: the time.

    Raises:
        Refused: 400 with every fault.

    """
    faults: list[str] = []
    message = sending.find_message(catalog, identifier, faults)
    code = catalog.account().codes.get(message.message.code) if message else None
    if message and (code is None or not message.message.is_active):
        faults.append(sending.NO_MESSAGE.format(identifier))
        message = code = None
    recipients = read_recipients(body, faults, none_left=NO_SUBSCRIBERS)
    wishes = _wishes(body, message, code, now, faults)
    said = sending.read_what_and_when(body, "Override", message, now, faults)
    if faults or message is None or code is None:
        raise INVALID.refused(*faults)
    return ContactOrder(message, *said, recipients, *wishes)


def _wishes(
    body: Mapping[str, Any],
    message: DefinedMessage | None,
    code: Code | None,
    now: datetime,
    faults: list[str],
) -> tuple[str, bool, bool]:
    """Read whom a send subscribes first: to which keyword, and by which of the two flags."""
    before = len(faults)
    subscribe, resubscribe = (bool(sending.truth(body, flag, faults)) for flag in FLAGS)
    given = body.get("keyword")
    if len(faults) > before:
        return "", subscribe, resubscribe
    if not subscribe and not resubscribe:
        faults += [] if is_unset(given) else [NEEDLESS_KEYWORD]
        return "", False, False
    if is_unset(given):
        given = keyword_for(message.message, code) if message and code else ""
    keyword = _keyword(given, code, now) if code else ""
    if is_unset(given):
        faults.append(NO_KEYWORD)
    elif code and not keyword:
        faults.append(NOT_OF_THE_CODE.format(shown(given)))
    return keyword, subscribe, resubscribe


def _keyword(given: object, code: Code, now: datetime) -> str:
    """Give the keyword of the code that is meant; empty where it has none to subscribe to."""
    active = [program for program in code.programs if program.is_active(now)]
    keywords = subscribable((program.keyword, program.opt_in_type) for program in active)
    return keywords.get(fold(written(given)), "")


CALLS = (
    Call(
        "POST",
        "/sms/v1/messageContact/{id}/send",
        "sms_send",
        send,
        "Send a message to contacts, subscribing them first where that is asked for",
        request=table(
            {},
            {
                **NUMBERS,
                "Subscribe": TRUTH,
                "Resubscribe": TRUTH,
                "keyword": LOOSE_TEXT,
                "Override": TRUTH,
                "messageText": LOOSE_TEXT,
                "SendTime": sending.SEND_TIME,
                "BlackoutWindow": sending.BLACKOUT,
            },
            description=EITHER,
        ),
        responses={
            202: sending.ACCEPTED,
            400: {"anyOf": [ERRORS, FAULTS]},
            **idempotency.REFUSALS,
        },
        headers=idempotency.HEADERS,
        is_legacy=True,
    ),
)
