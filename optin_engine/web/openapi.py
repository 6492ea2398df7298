"""The OpenAPI 3.1 document, rendered from the table of calls; it says all that can come back.

A schema with `contentMediaType` (JSON Schema's own word) is a body of that media type; every
other body is JSON. What all calls share is written once, under `components`.
"""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from optin_engine import __version__
from optin_engine.web import envelopes, schemas
from optin_engine.web.bodies import FORM, JSON
from optin_engine.web.call import Call
from optin_engine.web.envelopes import Kind

Json = dict[str, Any]

OPENAPI = "3.1.1"

SCOPES = {
    "sms_read": "Read contacts, deliveries, history, metrics",
    "sms_write": "Define programmes, messages and keywords",
    "sms_send": "Queue MOs, send messages",
    "sms_inbound": "Bring MOs from handsets",
}

TAGS = {
    "Tokens": "What every other call needs.",
    "MobileConnect": "The calls of MobileConnect's /sms/v1.",
    "Lists and sends": "Lists of numbers, and sends under way.",
    "Handset": "What comes from handsets and carriers.",
    "Operations": "Health, metrics and this documentation.",
    "Trial": "Only with `serve --dev`: the clock, contacts, orders and definitions.",
}

# Under which tag a path stands, by how it begins.
_TAG_OF = {
    "/v1/": "Tokens",
    "/v2/": "Tokens",
    "/sms/": "MobileConnect",
    "/lists": "Lists and sends",
    "/sends/": "Lists and sends",
    "/inbound": "Handset",
    "/receipts": "Handset",
    "/twilio/": "Handset",
    "/dev/": "Trial",
    "/": "Operations",
}


def document(calls: Iterable[Call], public_url: str = "") -> Json:
    """Render the document.

    Args:
        calls: the table.
        public_url: how the service is called from outside; empty: as this document is.

    """
    paths: dict[str, Json] = {}
    tagged = set()
    for call in calls:
        tagged.add(_tag(call))
        paths.setdefault(call.path, {})[call.method.lower()] = operation(call)
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "optin-engine",
            "version": __version__,
            "summary": "SMS opt-in, Text Response and sends, in MobileConnect's terms",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": public_url or "/"}],
        "tags": [{"name": name, "description": TAGS[name]} for name in TAGS if name in tagged],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "responses": {_name(kind): _shared(kind) for kind in KINDS},
            "securitySchemes": SECURITY,
        },
    }


def operation(call: Call) -> Json:
    """Render one call."""
    responses: Json = {str(kind.status): _reference("responses", kind) for kind in _kinds(call)}
    responses |= {str(status): _response(status, s) for status, s in call.responses.items()}
    if call.request is not None or HTTPStatus.BAD_REQUEST in call.responses:
        responses["400"] = _response(400, _bad_request(call))
    rendered: Json = {
        "operationId": re.sub(r"\W+", "_", f"{call.method.lower()}{call.path}").strip("_"),
        "summary": call.summary,
        "tags": [_tag(call)],
        "security": _security(call),
        "responses": dict(sorted(responses.items())),
    }
    if parameters := [*_parameters(call)]:
        rendered["parameters"] = parameters
    if call.request is not None:
        media_types = {"": (JSON,), "also": (JSON, FORM), "only": (FORM,)}[call.forms]
        content = {media_type: {"schema": dict(call.request)} for media_type in media_types}
        rendered["requestBody"] = {"required": True, "content": content}
    return rendered


def _tag(call: Call) -> str:
    return next(tag for start, tag in _TAG_OF.items() if call.path.startswith(start))


def _kinds(call: Call) -> Iterable[Kind]:
    """Give how a call can be refused for a reason that it shares with others."""
    yield from (envelopes.URL_TOO_LONG, envelopes.HEAD_TOO_LARGE)
    yield from (envelopes.FAILED, envelopes.UNAVAILABLE)
    if call.scope or (call.request is not None and not call.signature):
        yield from (envelopes.UNAUTHORIZED, envelopes.TOO_MANY)
    if call.scope or call.signature:
        yield envelopes.FORBIDDEN
    if "{" in call.path:
        yield envelopes.NOT_FOUND
    if call.request is not None:
        yield from (envelopes.BODY_TOO_LARGE, envelopes.WRONG_MEDIA)


KINDS = (
    envelopes.UNAUTHORIZED,
    envelopes.FORBIDDEN,
    envelopes.NOT_FOUND,
    envelopes.BODY_TOO_LARGE,
    envelopes.URL_TOO_LONG,
    envelopes.WRONG_MEDIA,
    envelopes.TOO_MANY,
    envelopes.HEAD_TOO_LARGE,
    envelopes.FAILED,
    envelopes.UNAVAILABLE,
)

_RETRY_AFTER = {
    "Retry-After": {
        "description": "Seconds to wait",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    }
}
_CHALLENGE = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
HEADERS: Mapping[Kind, Json] = {
    envelopes.UNAUTHORIZED: _CHALLENGE,
    envelopes.TOO_MANY: _RETRY_AFTER,
    envelopes.UNAVAILABLE: _RETRY_AFTER,
}

SCHEMAS = {"Faults": schemas.FAULTS, "Errors": schemas.ERRORS}
_FAULTS, _ERRORS = ({"$ref": f"#/components/schemas/{name}"} for name in SCHEMAS)

_FROM_HEADER = {"type": "apiKey", "in": "header"}
SECURITY: Json = {
    "oauth2": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "/v2/token", "scopes": SCOPES}},
    },
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "accessToken": {"type": "apiKey", "in": "query", "name": "access_token"},
    "webhookId": _FROM_HEADER | {"name": "webhook-id"},
    "webhookTimestamp": _FROM_HEADER | {"name": "webhook-timestamp"},
    "webhookSignature": _FROM_HEADER | {"name": "webhook-signature"},
    "twilioSignature": _FROM_HEADER | {"name": "X-Twilio-Signature"},
}

# The schemes that hold together, by the header of the signature.
SIGNATURES: Mapping[str, Json] = {
    "webhook-signature": {"webhookId": [], "webhookTimestamp": [], "webhookSignature": []},
    "x-twilio-signature": {"twilioSignature": []},
}


def _security(call: Call) -> list[Json]:
    token: list[Json] = [{"oauth2": [call.scope]}, {"bearer": []}, {"accessToken": []}]
    signed = [SIGNATURES[call.signature]] if call.signature else []
    return [*(token if call.scope else []), *signed]


def _bad_request(call: Call) -> Json:
    """Give the schema of a 400: the call's own, and what no call can read is refused with."""
    own = call.responses.get(HTTPStatus.BAD_REQUEST, schemas.ERRORS if call.is_legacy else None)
    if own in (None, schemas.FAULTS):
        return _FAULTS
    return {"anyOf": [_ERRORS if own == schemas.ERRORS else own, _FAULTS]}


def _shared(kind: Kind) -> Json:
    response = _response(kind.status, _FAULTS)
    return response | ({"headers": HEADERS[kind]} if kind in HEADERS else {})


def _response(status: int, schema: Mapping[str, Any]) -> Json:
    media_type = schema.get("contentMediaType", JSON)
    content = {"content": {media_type: {"schema": dict(schema)}}}
    return {"description": HTTPStatus(status).phrase} | content


def _name(kind: Kind) -> str:
    return re.sub(r"\W", "", HTTPStatus(kind.status).phrase.title())


def _reference(section: str, kind: Kind) -> Json:
    return {"$ref": f"#/components/{section}/{_name(kind)}"}


def _parameters(call: Call) -> Iterable[Json]:
    """Give the parameters of a call; `access_token` is none, but a scheme of security."""
    for name in re.findall(r"\{(\w+)\}", call.path):
        yield {"name": name, "in": "path", "required": True, "schema": schemas.TEXT}
    for place, given in (("query", call.query), ("header", call.headers)):
        for name, schema in given.items():
            yield {"name": name, "in": place, "schema": dict(schema)}
