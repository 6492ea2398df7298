"""What came of a queued MO or of a send: deliveries, and the conversation with a number.

Decisions, where MobileConnect's guide is silent:

- Each MT has one row, with the furthest that is known of it, and not one for each receipt.
- `message` is the text as it was ordered, with its marks; `count` is how many MTs there are.
- `completeDate` is left out until there is one: a client that reads dates trips over a blank.
- A paused send is told as Started, because it will go on. A cancelled one is Finished, because
  a client that waits for the end must see it; the rows say who was not told. A send that ended
  with a fault is Error, and `error` says why.
- An answer has at most `LARGEST_PAGE` rows, or `$pageSize`. Where there are more, `next` is what
  `$after` of the next call has to be; no client has to know that for a send to contacts.
- A token of the other kind of send is not valid. A message that is known, but not the one that
  was sent, is not valid for the client; one that was changed or ended since is.
- A conversation goes on until another begins: until an MO that is no handset's, or an MT of
  another send. To whom nothing was said, there is none.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from itertools import takewhile
from uuid import UUID

from starlette.concurrency import run_in_threadpool

from optin_engine.service.bodies import MESSAGE
from optin_engine.service.outbound.unrendered import shown as shown_text
from optin_engine.stores import Mo, Mt, Send, SendKind, SendState, Store
from optin_engine.vocabulary import Origin
from optin_engine.web import dates
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import INVALID
from optin_engine.web.identifiers import decode
from optin_engine.web.phone_numbers import read_numbers, shown
from optin_engine.web.schemas import DATE, ERRORS, TEXT, Schema, listed, table
from optin_engine.web.sending import NO_ID, NO_MESSAGE, message_id
from optin_engine.web.tracking import TRACKED, TRACKED_OF_SEND, tracked, tracked_of_send

NO_TOKEN = "Token id {} is not valid."  # noqa: S105 - what is said of a token.

LARGEST_PAGE = 10_000
NO_SIZE = f"$pageSize is invalid. It must be 1 to {LARGEST_PAGE}."
NO_AFTER = "$after is invalid. It must be the next of the page before."

# An id has 63 bits; a text that is longer than it can be is no number worth reading.
LARGEST_ID = 2**63 - 1
LONGEST = len(str(LARGEST_ID))

# fmt: off
STATES: Mapping[SendState, str] = {
    SendState.NEW:       "New",
    SendState.QUEUING:   "Queuing",
    SendState.STARTED:   "Started",
    SendState.PAUSED:    "Started",
    SendState.FINISHED:  "Finished",
    SendState.CANCELLED: "Finished",
    SendState.ERROR:     "Error",
}
# fmt: on


async def mo_deliveries(asked: Asked) -> Answered:
    """Tell what became of the MTs that answered a queued MO."""
    return await run_in_threadpool(_mo_deliveries, asked)


async def mo_history(asked: Asked) -> Answered:
    """Give the conversation that a queued MO opened."""
    return await run_in_threadpool(_mo_history, asked)


async def deliveries(kind: SendKind, asked: Asked) -> Answered:
    """Tell how far a send is, and what became of its MTs."""
    return await run_in_threadpool(_deliveries, kind, asked)


async def history(kind: SendKind, asked: Asked) -> Answered:
    """Give the conversation with a number that a send began."""
    return await run_in_threadpool(_history, kind, asked)


def _mo_deliveries(asked: Asked) -> Answered:
    mts = asked.service.service.store.answers(_queued_mo(asked).id)
    return Answered(200, {"tracking": [tracked(mt) for mt in mts]})


def _mo_history(asked: Asked) -> Answered:
    mo = _queued_mo(asked)
    said = asked.service.service.history(mo.code, mo.number, mo.id)
    return _conversation(mo, takewhile(_goes_on, said))


def _deliveries(kind: SendKind, asked: Asked) -> Answered:
    faults: list[str] = []
    store = asked.service.service.store
    send = _find(kind, asked, faults)
    size = _number(asked.query.get("$pagesize"), LARGEST_PAGE, LARGEST_PAGE, NO_SIZE, faults)
    after = _number(asked.query.get("$after"), 0, LARGEST_ID, NO_AFTER, faults)
    if faults or send is None:
        raise INVALID.refused(*faults)
    mts = store.sends.mts(send.id, after, size + 1)
    is_more, is_error = len(mts) > size, send.state == SendState.ERROR
    content = {
        "message": send.text.text,
        "count": send.queued,
        "createDate": dates.plain(send.at),
        **({"completeDate": dates.plain(send.finished_at)} if send.finished_at else {}),
        "status": STATES[send.state],
        **({"error": send.error} if is_error else {}),
        "tracking": [tracked_of_send(mt) for mt in mts[:size]],
        **({"next": str(mts[size - 1].id)} if is_more else {}),
    }
    return Answered(200, content)


def _history(kind: SendKind, asked: Asked) -> Answered:
    faults: list[str] = []
    send = _find(kind, asked, faults)
    numbers = read_numbers([asked.path["mobileNumber"]], faults)
    if faults or send is None:
        raise INVALID.refused(*faults)
    (digits,) = numbers
    said = iter(asked.service.service.history(send.code, f"+{digits}"))
    begun = next((one for one in said if isinstance(one, Mt) and one.send == send.id), None)
    return _conversation(send, [begun, *takewhile(_goes_on, said)] if begun else [])


def _goes_on(said: Mo | Mt) -> bool:
    """Tell whether something said belongs to what was said before, and begins nothing new."""
    return said.origin == Origin.HANDSET if isinstance(said, Mo) else not said.send


def _conversation(begun: Mo | Send, said: Iterable[Mo | Mt]) -> Answered:
    """Give what is said, and when it began, as both kinds of history have it."""
    told = [_told(one) for one in said]
    created = dates.plain(begun.at)
    content = {"count": len(told), "createDate": created, "status": "Active", "history": told}
    return Answered(200, content)


def _told(said: Mo | Mt) -> Mapping[str, str]:
    kind, text = ("MO", said.text) if isinstance(said, Mo) else ("MT", shown_text(said))
    return {"type": kind, "message": text, "date": dates.plain(said.at)}


def _find(kind: SendKind, asked: Asked, faults: list[str]) -> Send | None:
    """Give the send that a path names by its message and its token; None with faults added."""
    store, path = asked.service.service.store, asked.path
    message, token = message_id(path["id"]), decode(path["tokenId"], "send")
    send = store.sends.find(token) if isinstance(token, int) else None
    if send is not None and send.kind != kind:
        send = None
    if message is None:
        faults.append(NO_ID.format(shown(path["id"])))
    elif send.message != message if send else not _is_message(store, message):
        faults.append(NO_MESSAGE.format(path["id"]))
    if send is None:
        faults.append(NO_TOKEN.format(shown(path["tokenId"])))
    return send


def _is_message(store: Store, message: int | UUID) -> bool:
    """Tell whether there is such a message, or was one."""
    versions = store.versions(message) if isinstance(message, int) else ()
    return any(version.kind == MESSAGE for version in versions)


def _number(given: str | None, unset: int, most: int, wrong: str, faults: list[str]) -> int:
    """Read a number from 1 on of the query."""
    if not given:
        return unset
    is_number = given.isascii() and given.isdigit() and len(given) <= LONGEST
    if is_number and 1 <= int(given) <= most:
        return int(given)
    faults.append(wrong)
    return unset


def _queued_mo(asked: Asked) -> Mo:
    identifier = asked.path["identifier"]
    inner = decode(identifier, "queueMO")
    mo = asked.service.service.store.mo(inner) if isinstance(inner, int) else None
    if mo is None or mo.origin == Origin.HANDSET:
        raise INVALID.refused(NO_TOKEN.format(shown(identifier)))
    return mo


_SAID = table({"type": {"enum": ["MT", "MO"]}, "message": TEXT, "date": DATE})
_COUNT: Schema = {"type": "integer", "minimum": 0}
HISTORY = table(
    {"count": _COUNT, "createDate": DATE, "status": {"const": "Active"}, "history": listed(_SAID)}
)
DELIVERIES = table(
    {
        "message": TEXT,
        "count": _COUNT,
        "createDate": DATE,
        "status": {"enum": [*dict.fromkeys(STATES.values())]},
        "tracking": {**listed(TRACKED_OF_SEND), "maxItems": LARGEST_PAGE},
    },
    {
        "completeDate": {**DATE, "description": "When nothing was left to hand over."},
        "error": {**TEXT, "description": "Why the status is Error."},
        "next": {**TEXT, "description": "There are more rows: the $after of the next call."},
    },
)
PAGE: Mapping[str, Schema] = {
    "$pageSize": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE},
    "$after": {**TEXT, "description": "The `next` of the page before."},
}

QUEUE_MO = "/sms/v1/queueMO"
SENDS = {
    "/sms/v1/messageContact/{id}": (SendKind.CONTACT, "contacts"),
    "/sms/v1/messageList/{id}": (SendKind.LIST, "lists"),
}
NUMBER = "mobileNumber/{mobileNumber}"


def _get(
    path: str,
    handler: Callable[[Asked], Awaitable[Answered]],
    summary: str,
    told: Schema,
    query: Mapping[str, Schema] | None = None,
) -> Call:
    responses = {200: told, 400: ERRORS}
    get = partial(Call, "GET", path, "sms_read", handler, summary, None, responses)
    return get(query=query or {}, is_legacy=True)


CALLS = (
    _get(
        f"{QUEUE_MO}/deliveries/{{identifier}}",
        mo_deliveries,
        "Tell what became of the MTs that answered a queued MO",
        table({"tracking": listed(TRACKED)}),
    ),
    _get(
        f"{QUEUE_MO}/history/{{identifier}}",
        mo_history,
        "Give the conversation that a queued MO opened",
        HISTORY,
    ),
    *(
        _get(
            f"{path}/deliveries/{{tokenId}}",
            partial(deliveries, kind),
            f"Tell how far a send to {whom} is, and what became of its MTs",
            DELIVERIES,
            PAGE,
        )
        for path, (kind, whom) in SENDS.items()
    ),
    *(
        _get(
            f"{path}/history/{{tokenId}}/{NUMBER}",
            partial(history, kind),
            f"Give the conversation with a number that a send to {whom} began",
            HISTORY,
        )
        for path, (kind, whom) in SENDS.items()
    ),
)
