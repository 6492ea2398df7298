"""MobileConnect's two error envelopes, and the codes that its platform answers with.

Refusals of the older calls (`is_legacy`) are `{"errors": [...]}`; everything else, and on
every call what concerns its address, its token or its size, is the larger envelope.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from optin_engine.web.call import Refused


@attrs.frozen
class Kind:
    """One way to refuse any call: the status of HTTP, MobileConnect's errorcode, the message."""

    status: int
    errorcode: int
    message: str

    def refused(self, *messages: str, headers: Mapping[str, str] | None = None) -> Refused:
        """Give it as what a call raises, with other messages where there are any."""
        return Refused(self.status, self.errorcode, *(messages or (self.message,)), headers=headers)


# fmt: off
#                       HTTP  errorcode  message
AGGREGATE       = Kind( 400,  10006,     "Multiple errors occurred. See objectErrors.")
INVALID         = Kind( 400,  11000,     "Invalid data")
UNREADABLE      = Kind( 400,  10004,     "The request body could not be read as JSON.")
UNAUTHORIZED    = Kind( 401,  0,         "Not Authorized")
FORBIDDEN       = Kind( 403,  20000,     "Insufficient Privileges")
NOT_FOUND       = Kind( 404,  30003,     "The resource was not found.")
WRONG_METHOD    = Kind( 405,  30003,     "The resource does not take this method.")
CONFLICT        = Kind( 409,  11000,     "The resource is in a state that forbids this.")
EXISTS          = Kind( 409,  30004,     "The resource exists already.")
BODY_TOO_LARGE  = Kind( 413,  10004,     "The request body is too large.")
URL_TOO_LONG    = Kind( 414,  10004,     "The URL is too long.")
WRONG_MEDIA     = Kind( 415,  10004,     "The media type of the request body is not supported.")
KEY_REUSED      = Kind( 422,  30004,     "The Idempotency-Key was used with another request.")
HEAD_TOO_LARGE  = Kind( 431,  10004,     "The request headers are too large.")
TOO_MANY        = Kind( 429,  50100,     "Too many requests.")
FAILED          = Kind( 500,  50000,     "The service failed; the call may be made again.")
UNAVAILABLE     = Kind( 503,  50300,     "The service is not available now; make the call again.")
# fmt: on

FIELD_ERROR = 10005


def invalid_body(*faults: str) -> Refused:
    """Give the refusal of a body with these faults, each a field error of the larger envelope."""
    return Refused(INVALID.status, INVALID.errorcode, INVALID.message, fields=faults)


def envelope(refused: Refused, *, is_legacy: bool) -> Mapping[str, Any]:
    """Write the envelope of a refusal.

    Args:
        refused: why; `Retry-After` among its headers is told in the body too.
        is_legacy: the call's refusals are `{"errors": [...]}`.

    >>> envelope(Refused(400, 11000, "Invalid phone number"), is_legacy=True)
    {'errors': ['Invalid phone number']}
    >>> envelope(UNAUTHORIZED.refused(), is_legacy=False)["message"]
    'Not Authorized'
    """
    if is_legacy and refused.status == INVALID.status and refused.errorcode == INVALID.errorcode:
        return {"errors": [*refused.messages]}
    errorcode, message, several = refused.errorcode, refused.messages[0], []
    if len(refused.messages) > 1:
        several = [_error(refused.errorcode, text) for text in refused.messages]
        errorcode, message = AGGREGATE.errorcode, AGGREGATE.message
    written: dict[str, Any] = {
        "message": message,
        "errorcode": errorcode,
        "documentation": "",
        "objectErrors": several,
        "fieldErrors": [_error(FIELD_ERROR, text) for text in refused.fields],
    }
    if wait := refused.headers.get("Retry-After"):
        written["retryAfter"] = int(wait)
    return written


def _error(errorcode: int, message: str) -> Mapping[str, Any]:
    return {"message": message, "errorcode": errorcode, "documentation": ""}
