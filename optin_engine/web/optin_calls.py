"""Definitions by API: `POST /sms/v1/message/optin`, and keywords created and deleted.

Decisions: deleting a keyword ends the programmes that it starts, as there is no other call
that ends one; subscriptions stay as they are. So do the outbound messages that name it: they
still go to whoever is subscribed to the code, and subscribe nobody by themselves. A keyword's
identifier is that of its own definition; one that only a programme brought along is deleted by
its name.
"""

from typing import Any

from starlette.concurrency import run_in_threadpool

from optin_engine.definition import read_program
from optin_engine.entries import PLACE, DefinitionError
from optin_engine.service.bodies import KEYWORD, key_of
from optin_engine.service.catalog import Catalog
from optin_engine.web import bodies
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import EXISTS, INVALID, invalid_body
from optin_engine.web.identifiers import decode, encode
from optin_engine.web.phone_numbers import shown
from optin_engine.web.schemas import ERRORS, FAULTS, HOME, LOOSE_TEXT, TEXT, TRUTH, WRITTEN, table

EXISTS_ALREADY = "The Keyword {} exists already on the code {}."
NO_IDENTIFIER = "Keyword id {} is not valid."
UNKNOWN = "Keyword {} is not valid for the client."
NO_KEYWORD = "The combination of {} {} and Keyword {} is invalid."
DELETED = "SUCCESS Keyword {} was successfully deleted."


async def define(asked: Asked) -> Answered:
    """Add a programme, or a new version of one; its faults are told in the order of its fields."""
    # The names count as they are written: one that is spelt in two ways is a fault.
    program = bodies.read_object(asked.raw)
    try:
        definition = await run_in_threadpool(_catalog(asked).define, program)
    except DefinitionError as error:
        raise invalid_body(*(fault.message for fault in error.faults)) from None
    return Answered(201, {"messageID": encode(definition.id, "message object")})


async def create_keyword(asked: Asked) -> Answered:
    """Reserve a keyword on a code."""
    catalog = _catalog(asked)
    account = await run_in_threadpool(catalog.account)
    draft = read_program(1, asked.body, account.codes)
    judged = (*PLACE, "keyword")
    faults = [fault.message for fault in draft.faults if fault.field in judged]
    if faults:
        raise INVALID.refused(*faults)
    code, keyword = draft.read["code"], str(draft.given["keyword"]).strip()
    try:
        definition = await run_in_threadpool(catalog.add_keyword, code, keyword)
    except DefinitionError as error:
        raise INVALID.refused(*(fault.message for fault in error.faults)) from None
    if definition is None:
        raise EXISTS.refused(EXISTS_ALREADY.format(keyword, code))
    identifier = encode(definition.id, "keyword")
    return Answered(202, {"keywordId": identifier, "KeywordId": identifier})


async def delete_keyword_by_id(asked: Asked) -> Answered:
    """End a keyword by the identifier that its creation gave."""
    identifier = asked.path["id"]
    inner = decode(identifier, "keyword")
    if inner is None:
        raise INVALID.refused(NO_IDENTIFIER.format(shown(identifier)))
    current = await run_in_threadpool(_catalog(asked).definitions)
    found = next((d for d in current if d.kind == KEYWORD and d.id == inner), None)
    if found is None:
        raise INVALID.refused(UNKNOWN.format(identifier))
    _, code, keyword, _ = key_of(found)
    return await _delete(asked, code, keyword)


async def delete_keyword_on_long_code(asked: Asked) -> Answered:
    """End a keyword by its name and its long code."""
    account = await run_in_threadpool(_catalog(asked).account)
    digits = asked.path["longCode"].removeprefix("+")
    code = account.codes.get(digits)
    is_there = code is not None and not code.is_short
    return await _delete(asked, digits if is_there else "", asked.path["keyword"])


async def delete_keyword_on_short_code(asked: Asked) -> Answered:
    """End a keyword by its name, its short code and that one's country."""
    account = await run_in_threadpool(_catalog(asked).account)
    digits, country = asked.path["shortCode"], asked.path["countryCode"].upper()
    code = account.codes.get(digits)
    is_there = code is not None and code.is_short and code.country == country
    return await _delete(asked, digits if is_there else "", asked.path["keyword"])


async def _delete(asked: Asked, code: str, keyword: str) -> Answered:
    """End a keyword on a code; an empty code is none of the account."""
    if not code or not await run_in_threadpool(_catalog(asked).delete_keyword, code, keyword):
        named = asked.path.get("longCode") or asked.path.get("shortCode") or code
        kind = "LongCode" if "longCode" in asked.path else "ShortCode"
        raise INVALID.refused(NO_KEYWORD.format(kind, named, keyword))
    status = DELETED.format(keyword)
    return Answered(202, {"status": status, "Status": status})


def _catalog(asked: Asked) -> Catalog:
    return asked.service.service.catalog


_WHOLE = {"type": ["integer", "string", "number", "null"]}
_SPAN = {"type": ["string", "number", "null"], "description": "Such as 72h, 3d, PT72H, or hours."}
_DAY = {"type": ["string", "null"], "description": "M/D/YYYY or ISO 8601."}

DEFINITION = table(
    {"messageName": WRITTEN, "keyword": WRITTEN, "messageOptInType": TEXT},
    {
        **HOME,
        **dict.fromkeys(
            (
                "messageText",
                "responseMessage",
                "doubleOptinInitialMessage",
                "doubleOptinConfirmationMessage",
                "doubleOptInValidResponses",
                "optInInvalidAgeMessage",
                "birthDateMessage",
                "duplicateOptInMessage",
                "optInErrorMessage",
                "timeZone",
                "nextKeyword",
            ),
            LOOSE_TEXT,
        ),
        "minimumAge": _WHOLE,
        "acceptsAge": TRUTH,
        "allowSingleOptIn": TRUTH,
        "startDate": _DAY,
        "endDate": _DAY,
        "confirmWithin": _SPAN,
        "remindAfter": _SPAN,
        "maxAttempts": _WHOLE,
        "ageRetryAfter": _SPAN,
        "messages": {"type": ["object", "null"], "additionalProperties": WRITTEN},
    },
    description="MobileConnect's fields, in any case; which are needed depends on the type.",
)

_DELETED = {202: table({"status": TEXT, "Status": TEXT}), 400: ERRORS}


def _deletes(path: str, handler: Any, summary: str) -> Call:
    return Call("DELETE", path, "sms_write", handler, summary, None, _DELETED, is_legacy=True)


CALLS = (
    Call(
        "POST",
        "/sms/v1/message/optin",
        "sms_write",
        define,
        "Define an opt-in programme",
        request=DEFINITION,
        responses={201: table({"messageID": TEXT}), 400: FAULTS},
    ),
    Call(
        "POST",
        "/sms/v1/keyword",
        "sms_write",
        create_keyword,
        "Reserve a keyword on a code",
        request=table({"keyword": WRITTEN}, HOME),
        responses={
            202: table({"keywordId": TEXT, "KeywordId": TEXT}),
            400: {"anyOf": [ERRORS, FAULTS]},
            409: FAULTS,
        },
        is_legacy=True,
    ),
    _deletes("/sms/v1/keyword/{id}", delete_keyword_by_id, "Delete a keyword by its identifier"),
    _deletes(
        "/sms/v1/keyword/{keyword}/{longCode}",
        delete_keyword_on_long_code,
        "Delete a keyword of a long code",
    ),
    _deletes(
        "/sms/v1/keyword/{keyword}/{shortCode}/{countryCode}",
        delete_keyword_on_short_code,
        "Delete a keyword of a short code",
    ),
)
