"""`POST /sms/v1/messageList/{id}/send`: one message to the members of lists.

Every fault is told at once, in the order of the fields: the message, the lists, the text, the
time. What needs the message is not judged where there is none.

Decisions, where MobileConnect's guide is silent, or speaks of what is not here:

- A message has no lists of its own. So `TargetListIds` must be given, whatever the flags say,
  and a flag that is left out means what the lists beside it mean: they override, if there are
  any. One that says the opposite of the lists beside it is told in the guide's words.
- An empty `ExclusionListIds` excludes nobody, unless `OverrideTemplateExclusionLists` says that
  it is meant to be something.
- A list that a send of its own keeps (the contacts of a messageContact) has no name, and is none
  that a call may send to.
- A message that is not active is told in this call's own words.
- Nobody is told twice, so `AllowDuplication` and `ContentURL` (an MMS) are ignored.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from optin_engine.service.outbound.once import Once
from optin_engine.service.outbound.orders import ListOrder
from optin_engine.service.service import Service
from optin_engine.stores import Lists, Send
from optin_engine.web import idempotency, sending
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import INVALID
from optin_engine.web.idempotency import send_once
from optin_engine.web.identifiers import decode
from optin_engine.web.phone_numbers import shown, written
from optin_engine.web.recipients import NOT_A_LIST
from optin_engine.web.schemas import ERRORS, FAULTS, LOOSE_TEXT, TRUTH, WRITTEN, listed, table

# So many lists one call may name; a send is planned by their union.
MOST = 250

NOT_ACTIVE = "The Message must be in Active status in order to send."
TOO_MANY = f"The {{}} field cannot contain more than {MOST} elements."
NO_TARGETS = "The count of Target List IDs cannot be zero."
NO_TARGET = "Target list id [{}] is invalid."
UNSAID_TARGETS = "TargetListIds is not applicable when OverrideTemplateTargetLists is false."
MISSING_TARGETS = "Cannot override template target lists when no target list ids are specified."
NO_EXCLUSIONS = "The count of Exclusion List IDs cannot be zero."
NO_EXCLUSION = "Exclusion list id [{}] is invalid."
UNSAID_EXCLUSIONS = (
    "ExclusionListIds is not applicable when OverrideTemplateExclusionLists is false."
)
MISSING_EXCLUSIONS = (
    "Cannot override template exclusion lists when no exclusion list ids are specified."
)
IGNORED_EXCLUSIONS = "Exclusion list ids cannot be specified when IgnoreExclusionLists is true."
IGNORED_OVERRIDE = (
    "OverrideTemplateExclusionLists cannot be true when IgnoreExclusionLists is true."
)


async def send(asked: Asked) -> Answered:
    """Send to the members of lists; the token tells what became of it."""
    return await send_once(asked, _send)


def _send(asked: Asked, once: Once | None) -> Send:
    service = asked.service.service
    order = read_order(service, asked.path["id"], asked.body, service.now())
    return service.sender.to_lists(order, once)


def read_order(
    service: Service, identifier: str, body: Mapping[str, Any], now: datetime
) -> ListOrder:
    """Read what a call asks for.

    Args:
        service: its store is asked for the message and the lists.
        identifier: of the message, as it stands in the path.
        body: the call's fields by lower-case name.
        now: the time.

    Raises:
        Refused: 400 with every fault.

    """
    faults: list[str] = []
    message = sending.find_message(service.catalog, identifier, faults)
    if message and not message.message.is_active:
        faults.append(NOT_ACTIVE)
    targets = _targets(body, service.store.lists, faults)
    excluded = _exclusions(body, service.store.lists, faults)
    said = sending.read_what_and_when(body, "OverrideMessageText", message, now, faults)
    if faults or message is None:
        raise INVALID.refused(*faults)
    return ListOrder(message, *said, targets, excluded)


def _targets(body: Mapping[str, Any], lists: Lists, faults: list[str]) -> Sequence[int]:
    given = body.get("targetlistids")
    found = _lists("TargetListIds", given, NO_TARGET, lists, faults)
    overrides = sending.truth(body, "OverrideTemplateTargetLists", faults)
    # fmt: off
    judged = (
        (not given,                         NO_TARGETS),
        (not given and overrides is True,   MISSING_TARGETS),
        (given and overrides is False,      UNSAID_TARGETS),
    )
    # fmt: on
    faults += [fault for is_so, fault in judged if is_so]
    return found


def _exclusions(body: Mapping[str, Any], lists: Lists, faults: list[str]) -> Sequence[int]:
    given = body.get("exclusionlistids")
    found = _lists("ExclusionListIds", given, NO_EXCLUSION, lists, faults)
    overrides = sending.truth(body, "OverrideTemplateExclusionLists", faults)
    ignores = sending.truth(body, "IgnoreExclusionLists", faults)
    # fmt: off
    judged = (
        (given is None and overrides,       MISSING_EXCLUSIONS),
        (given == [] and overrides,         NO_EXCLUSIONS),
        (given and overrides is False,      UNSAID_EXCLUSIONS),
        (given and ignores,                 IGNORED_EXCLUSIONS),
        (overrides and ignores,             IGNORED_OVERRIDE),
    )
    # fmt: on
    faults += [fault for is_so, fault in judged if is_so]
    return found


def _lists(named: str, given: object, wrong: str, lists: Lists, faults: list[str]) -> Sequence[int]:
    """Read the ids of lists of the account, each once."""
    if given and not isinstance(given, list):
        faults.append(NOT_A_LIST.format(named))
        return ()
    identifiers = given if isinstance(given, list) else []
    if len(identifiers) > MOST:
        faults.append(TOO_MANY.format(named))
        return ()
    found = {shown(one): _list(written(one), lists) for one in identifiers}
    faults += [wrong.format(one) for one, inner in found.items() if inner is None]
    return tuple(dict.fromkeys(inner for inner in found.values() if inner is not None))


def _list(identifier: str, lists: Lists) -> int | None:
    """Give the id of a list that the account has under a name; None where there is none."""
    inner = decode(identifier, "list")
    found = lists.find(inner) if isinstance(inner, int) else None
    return found.id if found and found.name else None


_IDS = {"type": ["array", "null"], "items": WRITTEN, "maxItems": MOST}

CALLS = (
    Call(
        "POST",
        "/sms/v1/messageList/{id}/send",
        "sms_send",
        send,
        "Send a message to the members of lists",
        request=table(
            {"TargetListIds": {**listed(WRITTEN), "minItems": 1, "maxItems": MOST}},
            {
                "OverrideTemplateTargetLists": TRUTH,
                "ExclusionListIds": _IDS,
                "OverrideTemplateExclusionLists": TRUTH,
                "IgnoreExclusionLists": TRUTH,
                "OverrideMessageText": TRUTH,
                "MessageText": LOOSE_TEXT,
                "SendTime": sending.SEND_TIME,
                "BlackoutWindow": sending.BLACKOUT,
            },
            description="The names of its fields are matched in any case.",
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
