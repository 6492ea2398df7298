"""`/lists` (ours): named sets of numbers, made, filled, told of, emptied and deleted.

MobileConnect's guide sends to lists, and makes them elsewhere. Here a call makes a list of a
name, or fills the one that is there, as `optin-engine lists import` does from a file: a number
that is in it already stays, with the key and attributes that were given last. So a call that
was cut off may be made again, and who has more numbers than one call takes makes several.
A list has no consent of its own: of its members only those who are Subscribed receive a send.

Decisions, on what shrinks:

- `POST /lists/{id}/remove` takes recipients as `POST /lists` does, and takes them out by their
  number, whatever their key. Who is not in the list is no fault, so the call may be made again.
- A send that is under way looks at its lists page by page. Who was dealt with before stays told
  or left out; to call back what is queued, cancel the send.
- `DELETE /lists/{id}` is refused with 409, and the sends' tokens, while a send that is not over
  names the list: nobody who was to be left out may be told because a list is gone.
- What past sends said, and to whom, stays as it is. The id is never given again; a new list of
  the same name is another one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool

from optin_engine.fields import ABSENT, LONGEST_NAME, MUST, Field, Wrong, text_of
from optin_engine.harness.list_removal import kept_by
from optin_engine.service.service import Service
from optin_engine.stores import Member, MemberList
from optin_engine.web import dates
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import CONFLICT, NOT_FOUND, invalid_body
from optin_engine.web.identifiers import decode, encode
from optin_engine.web.recipients import EITHER, NUMBERS, read_recipients
from optin_engine.web.schemas import DATE, FAULTS, TEXT, WRITTEN, listed, table

NAME = Field("name", "name", text_of(LONGEST_NAME), unset=MUST)


async def fill(asked: Asked) -> Answered:
    """Make a list, or put more numbers into it."""
    faults: list[str] = []
    name = ""
    try:
        name = NAME.value(asked.body.get("name", ABSENT), None)
    except Wrong as wrong:
        faults += wrong.args
    members = read_recipients(asked.body, faults)
    if faults:
        raise invalid_body(*faults)
    return Answered(201, await run_in_threadpool(_fill, asked.service.service, name, members))


def _fill(service: Service, name: str, members: Sequence[Member]) -> Mapping[str, Any]:
    lists = service.store.lists
    filled = lists.make(name, service.now())
    lists.fill(filled.id, members)
    return _told(service, filled)


async def every(asked: Asked) -> Answered:
    """Tell of all lists, by name."""
    lists = await run_in_threadpool(_every, asked.service.service)
    return Answered(200, {"count": len(lists), "lists": lists})


def _every(service: Service) -> list[Mapping[str, Any]]:
    return [_told(service, known) for known in service.store.lists.every()]


async def show(asked: Asked) -> Answered:
    """Tell of one list; those that sends keep for themselves are nobody's to see."""
    return Answered(200, await run_in_threadpool(_show, asked.service.service, asked.path["id"]))


def _show(service: Service, identifier: str) -> Mapping[str, Any]:
    return _told(service, _found(service, identifier))


async def remove(asked: Asked) -> Answered:
    """Take numbers out of a list."""
    faults: list[str] = []
    members = read_recipients(asked.body, faults)
    if faults:
        raise invalid_body(*faults)
    service = asked.service.service
    return Answered(200, await run_in_threadpool(_remove, service, asked.path["id"], members))


def _remove(service: Service, identifier: str, members: Sequence[Member]) -> Mapping[str, Any]:
    known = _found(service, identifier)
    removed = service.store.lists.remove(known.id, [member.number for member in members])
    return {**_told(service, known), "removed": removed}


async def delete(asked: Asked) -> Answered:
    """Delete a list, and tell what it was."""
    return Answered(200, await run_in_threadpool(_delete, asked.service.service, asked.path["id"]))


def _delete(service: Service, identifier: str) -> Mapping[str, Any]:
    known = _found(service, identifier)
    told = _told(service, known)
    if naming := service.store.lists.delete(known.id):
        tokens = [encode(send, "send") for send in naming]
        raise CONFLICT.refused(kept_by(tokens))
    return told


def _found(service: Service, identifier: str) -> MemberList:
    inner = decode(identifier, "list")
    known = service.store.lists.find(inner) if isinstance(inner, int) else None
    if known is None or not known.name:
        raise NOT_FOUND.refused()
    return known


def _told(service: Service, known: MemberList) -> Mapping[str, Any]:
    return {
        "listId": encode(known.id, "list"),
        "name": known.name,
        "count": service.store.lists.count(known.id),
        "createDate": dates.plain(known.at),
    }


_COUNT = {"type": "integer", "minimum": 0}
_FIELDS = {"listId": TEXT, "name": TEXT, "count": _COUNT, "createDate": DATE}
_LIST = table(_FIELDS)
_REMOVED = {**_COUNT, "description": "Numbers that were in the list, and are no more."}
_NAME = {**WRITTEN, "description": f"At most {LONGEST_NAME} characters, compared to the letter."}

CALLS = (
    Call(
        "POST",
        "/lists",
        "sms_write",
        fill,
        "Make a list of numbers, or put more into it",
        request=table({"name": _NAME}, NUMBERS, description=EITHER),
        responses={201: _LIST, 400: FAULTS},
    ),
    Call(
        "GET",
        "/lists",
        "sms_read",
        every,
        "Tell of all lists",
        request=None,
        responses={200: table({"count": _COUNT, "lists": listed(_LIST)})},
    ),
    Call(
        "GET",
        "/lists/{id}",
        "sms_read",
        show,
        "Tell of one list",
        request=None,
        responses={200: _LIST},
    ),
    Call(
        "POST",
        "/lists/{id}/remove",
        "sms_write",
        remove,
        "Take numbers out of a list",
        request=table({}, NUMBERS, description=EITHER),
        responses={200: table({**_FIELDS, "removed": _REMOVED}), 400: FAULTS},
    ),
    Call(
        "DELETE",
        "/lists/{id}",
        "sms_write",
        delete,
        "Delete a list that no send under way names",
        request=None,
        responses={200: _LIST, CONFLICT.status: FAULTS},
    ),
)
