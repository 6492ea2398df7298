"""The HTTP service for tests: in this thread over ASGI, or by uvicorn on a free loopback port."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import attrs
import uvicorn
from anyio.from_thread import BlockingPortal, start_blocking_portal
from httpx import ASGITransport, AsyncClient, Response

from optin_engine.service.service import Rules, Service, wall_clock
from optin_engine.stores import Store, open_store
from optin_engine.web.app import App, create_app
from optin_engine.web.settings import SCOPES, Client, Settings

SHORT, LONG = "123456", "15555550100"
ALICE, BOB = "15555550123", "15555550124"
SECRET = b"a secret of thirty-two bytes....."

CLIENTS = (
    Client("everything", "its secret", frozenset(SCOPES)),
    Client("reader", "another secret", frozenset({"sms_read"})),
    Client("hasty", "a third secret", frozenset({"sms_read"}), calls_per_minute=3),
)
SETTINGS = Settings({client.id: client for client in CLIENTS}, SECRET)

DEFINITIONS: Mapping[str, Any] = {
    "codes": [{"shortCode": SHORT, "countryCode": "US"}, {"longCode": LONG}],
    "programs": [
        {
            "messageName": "Club",
            "shortCode": SHORT,
            "countryCode": "US",
            "keyword": "JOIN",
            "messageOptInType": "Double",
            "doubleOptinInitialMessage": "Reply YES to join the club.",
            "doubleOptinConfirmationMessage": "You are in.",
            "optInErrorMessage": "Reply YES, please.",
        },
        {
            "messageName": "News",
            "longCode": LONG,
            "keyword": "NEWS",
            "messageOptInType": "Single",
            "responseMessage": "Here is the news.",
        },
    ],
}


@attrs.define
class Clock:
    """A clock that only the test moves."""

    time: datetime = datetime(2026, 6, 1, 12, 0, 0, 510_000, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@attrs.frozen
class Caller:
    """Calls the service as one client does: each of its calls carries these headers."""

    app: App
    service: Service
    portal: BlockingPortal
    http: AsyncClient
    headers: Mapping[str, str] = attrs.field(factory=dict)

    def call(self, method: str, path: str, **further: Any) -> Response:
        """Make a call; `further` is httpx's."""
        headers = {**self.headers, **further.pop("headers", {})}
        request = partial(self.http.request, method, path, headers=headers, **further)
        response: Response = self.portal.call(request)
        return response

    def post(self, path: str, body: object = None, **further: Any) -> Response:
        return self.call("POST", path, json=body, **further)

    def get(self, path: str, **further: Any) -> Response:
        return self.call("GET", path, **further)

    def delete(self, path: str) -> Response:
        return self.call("DELETE", path)

    def token(self, client_id: str, **further: Any) -> Response:
        """Ask for a token with a client's own secret."""
        secret = SETTINGS.clients[client_id].secret
        body = {"grant_type": "client_credentials", "client_id": client_id}
        return self.anonymous().post("/v2/token", {**body, "client_secret": secret, **further})

    def as_client(self, client_id: str, **further: Any) -> "Caller":
        """Give a caller with a new token of a client."""
        token = self.token(client_id, **further).json()["access_token"]
        return attrs.evolve(self, headers={"Authorization": f"Bearer {token}"})

    def anonymous(self) -> "Caller":
        """Give a caller without a token."""
        return attrs.evolve(self, headers={})


@contextmanager
def application(
    store: str | Store = "memory:",
    settings: Settings = SETTINGS,
    *,
    definitions: Mapping[str, Any] = DEFINITIONS,
    clock: Callable[[], datetime] = wall_clock,
) -> Iterator[App]:
    """Give the service's application over a store, or its URL, with some definitions loaded."""
    rules = Rules(settings.prompts_per_day, settings.repeats_within)
    opened = open_store(store) if isinstance(store, str) else store
    with opened as kept, Service(kept, rules, secret=SECRET, clock=clock) as service:
        service.catalog.load(definitions)
        yield create_app(service, settings)


@contextmanager
def calling(
    store: str | Store = "memory:", settings: Settings = SETTINGS, **further: Any
) -> Iterator[Caller]:
    """Give a caller that may do everything."""
    with (
        application(store, settings, **further) as app,
        start_blocking_portal() as portal,
        calling_app(app, portal) as caller,
    ):
        yield caller.as_client("everything")


@contextmanager
def calling_app(app: App, portal: BlockingPortal) -> Iterator[Caller]:
    """Give a caller of an application that has no token yet."""
    transport = ASGITransport(app, raise_app_exceptions=False)
    http = AsyncClient(transport=transport, base_url="http://service.example")
    with portal.wrap_async_context_manager(http):
        yield Caller(app, app.service.service, portal, http)


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve an application by uvicorn, in a thread on a free loopback port; give its URL."""
    config = uvicorn.Config(app, "127.0.0.1", 0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + 10
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            thread.join(0.005)
        assert server.started
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def is_envelope(answer: Response, errorcode: int | None = None) -> bool:
    """Tell whether an answer is the larger envelope, and nothing else."""
    told = answer.json()
    names = {"message", "errorcode", "documentation", "objectErrors", "fieldErrors"}
    return (
        answer.headers["content-type"] == "application/json"
        and set(told) - {"retryAfter"} == names
        and bool(told["message"])
        and told["documentation"] == ""
        and errorcode in {None, told["errorcode"]}
    )


def padded(size: int) -> bytes:
    """Give a body of so many bytes that asks about Alice."""
    body = b'{"mobileNumber": ["15555550123"]}'
    return body + b" " * (size - len(body))
