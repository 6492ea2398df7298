"""What a call of the HTTP service is, as a row of its table, and what its handler sees."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import attrs
from starlette.requests import Request

from optin_engine.service.service import AsyncService
from optin_engine.web.settings import Client, Settings


@attrs.frozen
class Asked:
    """One call, after its limits, its token and its body were judged.

    Attributes:
        service: which does the work.
        settings: the service's.
        request: for headers and the URL; its body is read already.
        client: who calls; None where the call needs no token.
        path: the path's parameters.
        query: the query's parameters by lower-case name; the first of each.
        body: the JSON object or form by lower-case name (outermost names only); empty where
            the call has none.
        raw: the body's bytes, for signatures.
        form: the form's fields as they are written, in their order; empty where it is JSON.

    """

    service: AsyncService
    settings: Settings
    request: Request
    client: Client | None
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]
    raw: bytes
    form: Sequence[tuple[str, str]] = ()


@attrs.frozen
class Answered:
    """What a call answers.

    Attributes:
        status: of HTTP.
        content: a JSON value; or bytes as they are.
        media_type: of bytes.
        headers: further ones.

    """

    status: int
    content: object
    media_type: str = "application/json"
    headers: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Call:
    """One call: a row of the service's table.

    Attributes:
        method: of HTTP.
        path: with `{name}` for parameters; matched without case, a slash more or less.
        scope: what a client needs; None: no token (health, signed webhooks).
        handler: gives the answer.
        summary: one line for the documentation.
        request: JSON schema of the body; None where there is none.
        responses: JSON schema of each answer by status, success and refusals of its own; those
            that every call shares (401, 403, 404, 413, 415, 429, 503) are added.
        query: JSON schema of each parameter of its query, by name, but for `access_token`, which
            is documented with the other ways to send a token.
        headers: JSON schema of each header of its own, by name.
        forms: the body may also be, or (`only`) must be, an HTML form: "", "also", "only".
        is_legacy: refusals have MobileConnect's `{"errors": [...]}`; else its other envelope.
        signature: the header, in lower case, of a signature that stands in for a token: a
            request that carries it needs none, and the handler judges it; empty: none does.
        is_open_in_dev: with `Settings.is_dev` it needs no token.

    """

    method: str
    path: str
    scope: str | None
    handler: Callable[[Asked], Awaitable[Answered]]
    summary: str
    request: Mapping[str, Any] | None
    responses: Mapping[int, Mapping[str, Any]]
    query: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)
    headers: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)
    forms: str = ""
    is_legacy: bool = False
    signature: str = ""
    is_open_in_dev: bool = False


class Refused(Exception):  # noqa: N818 - the name says what happened.
    """A call that is refused, wherever that is found out; the app writes the envelope.

    Args:
        status: of HTTP.
        errorcode: MobileConnect's.
        messages: every fault.
        fields: the envelope's fieldErrors, where the call's envelope has them.
        headers: further ones.

    """

    def __init__(
        self,
        status: int,
        errorcode: int,
        *messages: str,
        fields: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(*messages)
        self.status, self.errorcode, self.messages = status, errorcode, messages
        self.fields, self.headers = fields, headers or {}
