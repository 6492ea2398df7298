"""Outbound messages by API: `POST` and `GET /sms/v1/message/outbound`.

Decisions: the same name, code and keyword is the same message, in a next version under the same
identifier; what is sent already keeps its text. There is no call that ends a message, as there
is none in MobileConnect: `"active": false` keeps it from being sent. The list is ours: only
by it does a caller learn the identifier of a message that a file of definitions has.
"""

from starlette.concurrency import run_in_threadpool

from optin_engine.entries import DefinitionError
from optin_engine.web import bodies
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import INVALID
from optin_engine.web.identifiers import encode
from optin_engine.web.outbound_messages import messages_of
from optin_engine.web.schemas import (
    ERRORS,
    HOME,
    LOOSE_TEXT,
    TEXT,
    TRUTH,
    WRITTEN,
    Schema,
    listed,
    table,
)


async def define(asked: Asked) -> Answered:
    """Add an outbound message, or a new version of one; all its faults are told at once."""
    # The names count as they are written: one that is spelt in two ways is a fault.
    message = bodies.read_object(asked.raw)
    catalog = asked.service.service.catalog
    try:
        definition = await run_in_threadpool(catalog.define_message, message)
    except DefinitionError as error:
        raise INVALID.refused(*(fault.message for fault in error.faults)) from None
    return Answered(201, {"messageID": encode(definition.id, "message object")})


async def every(asked: Asked) -> Answered:
    """Tell of all outbound messages in force, active or not, those of a file among them."""
    definitions = await run_in_threadpool(asked.service.service.catalog.definitions)
    return Answered(200, {"messages": messages_of(definitions)})


_DEFINITION = table(
    {"messageName": WRITTEN},
    {
        **HOME,
        "messageText": {**LOOSE_TEXT, "description": "A template; blank: each send brings one."},
        "keyword": {**LOOSE_TEXT, "description": "What a send subscribes to."},
        "active": {**TRUTH, "description": "Whether it may be sent; true if left out."},
    },
    description="MobileConnect's fields, in any case.",
)

_OWN_KEYWORD = {**TEXT, "description": "What a send subscribes to; blank where none is named."}
_MESSAGE: Schema = {
    **table(
        {
            "messageID": TEXT,
            "messageName": TEXT,
            "keyword": _OWN_KEYWORD,
            "active": {"type": "boolean"},
        },
        {"shortCode": TEXT, "longCode": TEXT},
    ),
    "oneOf": [{"required": ["shortCode"]}, {"required": ["longCode"]}],
    "additionalProperties": False,
}

CALLS = (
    Call(
        "POST",
        "/sms/v1/message/outbound",
        "sms_write",
        define,
        "Define an outbound message",
        request=_DEFINITION,
        responses={201: table({"messageID": TEXT}), 400: ERRORS},
        is_legacy=True,
    ),
    Call(
        "GET",
        "/sms/v1/message/outbound",
        "sms_read",
        every,
        "Tell of all outbound messages",
        request=None,
        responses={200: table({"messages": listed(_MESSAGE)})},
    ),
)
