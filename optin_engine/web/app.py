"""The HTTP service as an ASGI application: the table of calls, and what all of them share.

A request is judged in this order: the size of its head (414, 431), with `--dev` whether it is
made on this machine (403), its path (404), its method (405), its token (401), its scope (403),
how often its client calls (429), the media type of its body (415), the body's size (413), and
whether it can be read (400). What passes reaches the call's handler. Whatever happens, the
answer is one of the envelopes.
"""

import logging
import traceback
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive, Scope, Send

from optin_engine.service.clock import MovableClock, wall_clock
from optin_engine.service.service import AsyncService, Service
from optin_engine.stores import Unavailable
from optin_engine.web import bodies
from optin_engine.web.auth import Tokens, given_token, judge_scope, unauthorized
from optin_engine.web.call import Answered, Asked, Call, Refused
from optin_engine.web.calls import CALLS, with_dev_calls
from optin_engine.web.envelopes import FAILED, UNAVAILABLE, WRONG_METHOD, envelope
from optin_engine.web.limits import LARGEST_BODY, LARGEST_FORM, Rates, judge_head, read_body
from optin_engine.web.local import judge_caller
from optin_engine.web.routes import Resource, Routes
from optin_engine.web.settings import Client, Settings

LOG = logging.getLogger("optin_engine.web")

# How long to wait before a store that could not be used may be tried again.
SECONDS_TO_RETRY = "1"

# What uvloop says of a connection that uvicorn closed itself, because further bytes on it were
# no HTTP, while the request before them was being answered. Nobody is left to be told.
HUNG_UP = "the handler is closed"


class App:
    """An ASGI application; `create_app` makes the service's own.

    Args:
        service: which does the work.
        settings: the service's.
        calls: the table.
        metrics: what `GET /metrics` shows, for its handler; None where nothing is counted.

    Attributes:
        tokens, rates: for the handlers of the calls that give tokens.

    """

    def __init__(
        self,
        service: AsyncService,
        settings: Settings,
        calls: Iterable[Call],
        metrics: Any = None,
    ) -> None:
        self.service, self.settings, self.metrics = service, settings, metrics
        # The clock of `--dev` is set for the sake of programmes; a token would end with it.
        now = wall_clock if settings.is_dev else service.service.now
        self.tokens = Tokens(settings.token_secret, settings.clients, lambda: now().timestamp())
        self.rates = Rates()
        self._routes = Routes(calls)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI has it."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            scope["app"] = self
            try:
                answered, body = await self._answer(scope, receive)
            except ClientDisconnect:
                return
            try:
                await _send(answered, b"" if scope["method"] == "HEAD" else body, len(body), send)
            except RuntimeError as error:
                if HUNG_UP not in str(error):
                    raise
        else:
            await send({"type": "websocket.close", "code": 1003})

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[Answered, bytes]:
        """Give the answer and its body, which is written here so that nothing fails later."""
        call = None
        try:
            judge_head(scope)
            if self.settings.is_dev:
                judge_caller(dict(scope["headers"]))
            resource, path = self._routes.find(scope["path"])
            method = scope["method"]
            call = resource.methods.get("GET" if method == "HEAD" else method)
            if call is None:
                answered = _without_call(method, resource)
            else:
                answered = await self._call(call, path, scope, receive)
            return answered, _encoded(answered)
        except ClientDisconnect:
            raise
        except Refused as error:
            refused = error
        except Unavailable as error:
            _log("The store is not available.", call, error)
            refused = UNAVAILABLE.refused(headers={"Retry-After": SECONDS_TO_RETRY})
        except Exception as error:  # noqa: BLE001 - a bug of ours is an envelope too.
            _log("A call failed.", call, error)
            refused = FAILED.refused()
        content = envelope(refused, is_legacy=call is not None and call.is_legacy)
        answered = Answered(refused.status, content, headers=refused.headers)
        return answered, _encoded(answered)

    async def _call(
        self, call: Call, path: Mapping[str, str], scope: Scope, receive: Receive
    ) -> Answered:
        headers, query = dict(scope["headers"]), _query(scope["query_string"])
        client = self._client(call, headers, query)
        raw, body = b"", {}
        form: Sequence[tuple[str, str]] = ()
        if call.request is not None:
            content_type = headers.get(b"content-type", b"").decode("latin-1")
            is_form = bodies.is_form(content_type, call.forms)
            largest = LARGEST_FORM if is_form else LARGEST_BODY
            raw = await read_body(headers.get(b"content-length", b""), receive, largest)
            form = bodies.read_form(raw) if is_form else ()
            body = bodies.by_name(form if is_form else bodies.read_object(raw).items())
        request = Request(scope)
        return await call.handler(
            Asked(self.service, self.settings, request, client, path, query, body, raw, form)
        )

    def _client(
        self, call: Call, headers: Mapping[bytes, bytes], query: Mapping[str, str]
    ) -> Client | None:
        """Give who calls, once that is clear; None where no token is needed."""
        if call.scope is None or (call.is_open_in_dev and self.settings.is_dev):
            return None
        token = given_token(headers, query)
        if not token:
            if call.signature and call.signature.encode() in headers:
                return None
            raise unauthorized()
        client = self.tokens.holder(token)
        judge_scope(client, call)
        self.rates.count(client)
        return client


def create_app(
    service: Service,
    settings: Settings,
    *,
    metrics: Any = None,
    clock: MovableClock | None = None,
) -> App:
    """Make the application of the HTTP service.

    Args:
        service: which does the work; the caller closes it.
        settings: clients, secrets and limits.
        metrics: what `GET /metrics` shows; None where nothing is counted.
        clock: the service's, where anybody who calls may set it (`--dev`).

    """
    calls = with_dev_calls(clock) if clock else CALLS
    return App(AsyncService(service), settings, calls, metrics)


def _without_call(method: str, resource: Resource) -> Answered:
    """Answer a method that no call of a path has: OPTIONS says which have, others are refused."""
    allow = {"Allow": resource.allowed()}
    if method == "OPTIONS":
        return Answered(200, {}, headers=allow)
    raise WRONG_METHOD.refused(headers=allow)


def _query(query: bytes) -> Mapping[str, str]:
    """Give the query's parameters by lower-case name, the first of each."""
    if not query:
        return {}
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return {name.lower(): value for name, value in reversed(pairs)}


def _log(event: str, call: Call | None, error: Exception) -> None:
    """Say where it failed, and nothing of what was sent: an error's message may quote it."""
    where = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    asked = f"{call.method} {call.path}" if call else ""
    details = {"call": asked, "error": type(error).__name__, "where": where[-5:]}
    LOG.error(event, extra=details)


def _encoded(answered: Answered) -> bytes:
    content = answered.content
    return content if isinstance(content, bytes) else msgspec.json.encode(content)


async def _send(answered: Answered, body: bytes, length: int, send: Send) -> None:
    """Send an answer; the `length` of its body is told also where HEAD leaves the body out."""
    headers = [
        (b"content-type", answered.media_type.encode()),
        (b"content-length", str(length).encode()),
    ]
    for name, value in answered.headers.items():
        headers.append((name.lower().encode(), value.encode("latin-1")))
    await send({"type": "http.response.start", "status": answered.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    """Answer the server's start and end; what the application uses is its caller's to close."""
    message: Message = {"type": ""}
    while message["type"] != "lifespan.shutdown":
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
