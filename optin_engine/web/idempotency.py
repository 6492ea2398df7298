"""The header `Idempotency-Key`, which makes a send safe to repeat; ours, not MobileConnect's.

A caller whose answer was lost makes the call again with the same key, and is answered as the
first time; nobody is sent to or subscribed again. The rules are those of the IETF's draft
`draft-ietf-httpapi-idempotency-key-header`; what it leaves open:

- A key is the client's own: the same key of another client is another key, whichever of the
  two calls it comes with.
- The same request is the same path and the same JSON, whatever the order of its fields.
- A key counts from the moment that its send is kept, and as long as the send is. A call that is
  refused uses up no key.
- Calls at one instant are one send, and all are answered with it; none is told to wait (409).
- The draft's quotation marks around a key may be left out.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import msgspec
from starlette.concurrency import run_in_threadpool

from optin_engine.service.outbound.once import KeyReused, Once
from optin_engine.stores import Send
from optin_engine.web.call import Answered, Asked
from optin_engine.web.envelopes import INVALID, KEY_REUSED
from optin_engine.web.identifiers import encode
from optin_engine.web.schemas import FAULTS, TEXT, Schema

NAME = "Idempotency-Key"
LONGEST = 255

WRONG_KEY = (
    f"The {NAME} header is invalid. It must be one key of 1 to {LONGEST} visible characters of"
    " ASCII, none of them a quotation mark or a backslash."
)

# Visible ASCII but for what a quoted string of HTTP would have to escape.
_KEY = f"[!#-\\[\\]-~]{{1,{LONGEST}}}"
KEY = re.compile(f'{_KEY}|"{_KEY}"')


async def send_once(asked: Asked, send: Callable[[Asked, Once | None], Send]) -> Answered:
    """Answer a call with the token of its send; with a key, that of the send there is.

    Args:
        asked: the call.
        send: makes the send.

    Raises:
        Refused: 400, the key is none; 422, the key was used with another request; and what
            `send` raises.

    """
    sent = await run_in_threadpool(_sent, asked, send)
    return Answered(202, {"tokenId": encode(sent.id, "send")})


def _sent(asked: Asked, send: Callable[[Asked, Once | None], Send]) -> Send:
    """Give the send; a retry is known before its request is judged, which may be out of date."""
    once = _once(asked)
    try:
        return asked.service.service.sender.earlier(once) or send(asked, once)
    except KeyReused:
        raise KEY_REUSED.refused() from None


def _once(asked: Asked) -> Once | None:
    """Give what makes a call safe to repeat; None where it has no key.

    Raises:
        Refused: 400; its key is none.

    """
    given = asked.request.headers.getlist(NAME)
    if not given:
        return None
    request = msgspec.json.encode([asked.request.scope["path"], asked.body], order="sorted")
    return Once.of(asked.client.id if asked.client else "", read_key(given), request)


def read_key(given: Sequence[str]) -> str:
    """Read the key of a header.

    Args:
        given: the header, as often as it stands.

    Raises:
        Refused: 400; it is no key, or stands more than once.

    >>> read_key(['"8e03978e-40d5"'])
    '8e03978e-40d5'
    """
    if len(given) != 1 or not KEY.fullmatch(given[0]):
        raise INVALID.refused(WRONG_KEY)
    return given[0].strip('"')


# What the calls that take a key say of it in their rows of the table.
HEADERS: Mapping[str, Schema] = {
    NAME: {
        **TEXT,
        "pattern": f"^({KEY.pattern})$",
        "description": (
            "Makes the call safe to repeat: with the same key, the same request of the same client"
            " is one send, and is answered with its token. Use a UUID."
        ),
        "examples": ['"8e03978e-40d5-43e8-bc93-6894a57f9324"'],
    }
}
REFUSALS: Mapping[int, Schema] = {KEY_REUSED.status: FAULTS}
