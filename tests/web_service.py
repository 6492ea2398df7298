"""The HTTP service over ASGI, in this process, and somebody who calls it; for tests of the web."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import attrs
from anyio.from_thread import BlockingPortal, start_blocking_portal
from httpx import ASGITransport, AsyncClient, Response

from optin_engine.service.service import Rules, Service
from optin_engine.stores import Mo, Mt, Store, open_store
from optin_engine.web.app import App, create_app
from optin_engine.web.metrics import Metrics
from optin_engine.web.settings import SCOPES, Client, Settings

SHORT, LONG = "123456", "15555550100"
ALICE, BOB = "15555550123", "15555550124"
NUMBER = f"+{ALICE}"
NOW = datetime(2026, 11, 21, 12, 0, 0, 510_000, tzinfo=UTC)

# Where the service is called, and where it thinks that it is: there is a proxy in between.
CALLED, URL = "http://service.example", "https://sms.example"

# The tests' secrets open nothing.
SECRET = b"a secret of thirty-two bytes....."
TWILIO_TOKEN = "twilio's own"  # noqa: S105
INBOUND_SECRET = "whsec_b3VyIHdlYmhvb2sncyBzZWNyZXQ="  # noqa: S105

CLIENTS = (
    Client("everything", "its secret", frozenset(SCOPES), calls_per_minute=1_000_000),
    Client("reader", "another secret", frozenset({"sms_read"})),
    Client("hasty", "a third secret", frozenset({"sms_read"}), calls_per_minute=3),
)
SETTINGS = Settings(
    {client.id: client for client in CLIENTS},
    SECRET,
    public_url=URL,
    twilio_auth_token=TWILIO_TOKEN,
    inbound_secret=INBOUND_SECRET,
)

IN_THE_US = {"shortCode": SHORT, "countryCode": "US"}
DEFINITIONS: Mapping[str, Any] = {
    "codes": [{**IN_THE_US, "brand": "Acme"}, {"longCode": LONG}],
    "programs": [
        {
            **IN_THE_US,
            "messageName": "Club",
            "keyword": "JOIN",
            "messageOptInType": "Double",
            "doubleOptinInitialMessage": "Reply YES to join the club.",
            "doubleOptinConfirmationMessage": "You are in.",
            "optInErrorMessage": "Reply YES, please.",
        },
        *(
            {
                **place,
                "messageName": "News",
                "keyword": "NEWS",
                "messageOptInType": "Single",
                "responseMessage": "Fish & <chips> 🐟",
            }
            for place in (IN_THE_US, {"longCode": LONG})
        ),
    ],
}


@attrs.define
class Clock:
    """A clock that stands until it is moved."""

    time: datetime = NOW

    def __call__(self) -> datetime:
        return self.time

    def pass_by(self, **time: float) -> None:
        self.time += timedelta(**time)


@attrs.frozen
class Caller:
    """Calls the service as one client does: each of its calls carries these headers."""

    app: App
    service: Service
    clock: Clock
    portal: BlockingPortal
    http: AsyncClient
    headers: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def store(self) -> Store:
        return self.service.store

    def call(self, method: str, path: str, **further: Any) -> Response:
        """Make a call; `further` is httpx's, and its headers may be bytes."""
        given = further.pop("headers", {})
        headers = given if any(isinstance(name, bytes) for name in given) else self.headers | given
        request = partial(self.http.request, method, path, headers=headers, **further)
        response: Response = self.portal.call(request)
        return response

    def post(self, path: str, body: object = None, **further: Any) -> Response:
        return self.call("POST", path, json=body, **further)

    def get(self, path: str, **further: Any) -> Response:
        return self.call("GET", path, **further)

    def delete(self, path: str) -> Response:
        return self.call("DELETE", path)

    def login(self, client_id: str, **further: Any) -> Response:
        """Ask for a token with a client's own secret."""
        secret = SETTINGS.clients[client_id].secret
        body = {"grant_type": "client_credentials", "client_id": client_id}
        return self.anonymous().post("/v2/token", {**body, "client_secret": secret, **further})

    def as_client(self, client_id: str, **further: Any) -> "Caller":
        """Give a caller with a new token of a client."""
        token = self.login(client_id, **further).json()["access_token"]
        return attrs.evolve(self, headers={"Authorization": f"Bearer {token}"})

    def anonymous(self) -> "Caller":
        """Give a caller without a token."""
        return attrs.evolve(self, headers={})

    def token(self, *scopes: str) -> str:
        """Give a token with these scopes, as if somebody had asked; with none named, all."""
        return self.app.tokens.issue(CLIENTS[0], scopes or SCOPES, 3600)

    def bearer(self, *scopes: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(*scopes)}"}

    def bring(self, text: str, **fields: object) -> Response:
        """Bring an MO of Alice through POST /inbound."""
        body = {"from": NUMBER, "to": SHORT, "text": text, **fields}
        return self.post("/inbound", body, headers=self.bearer("sms_inbound"))

    def state(self, keyword: str = "JOIN") -> str:
        """Give how Alice stands."""
        (contact,) = self.service.subscriptions(NUMBER)
        return contact.subscription(keyword).state

    def mos(self) -> list[Mo]:
        return [row for row in self.service.history(SHORT, NUMBER) if isinstance(row, Mo)]

    def mts(self) -> list[Mt]:
        return [row for row in self.service.history(SHORT, NUMBER) if isinstance(row, Mt)]


@contextmanager
def application(
    store: str | Store = "memory:",
    settings: Settings = SETTINGS,
    *,
    definitions: Mapping[str, Any] = DEFINITIONS,
    clock: Callable[[], datetime] | None = None,
) -> Iterator[App]:
    """Give the service's application over a store, or its URL, with some definitions loaded."""
    rules, metrics = Rules(settings.prompts_per_day, settings.repeats_within), Metrics()
    opened = open_store(store) if isinstance(store, str) else store
    with (
        opened as kept,
        Service(kept, rules, secret=SECRET, clock=clock or Clock(), observers=[metrics]) as service,
    ):
        service.catalog.load(definitions)
        yield create_app(service, settings, metrics=metrics)


@contextmanager
def calling(
    store: str | Store = "memory:",
    settings: Settings = SETTINGS,
    *,
    clock: Clock | None = None,
    **further: Any,
) -> Iterator[Caller]:
    """Give a caller that may do everything; the arguments are those of `application`."""
    clock = clock or Clock()
    with (
        application(store, settings, clock=clock, **further) as app,
        calling_app(app, clock) as caller,
    ):
        yield caller.as_client("everything")


@contextmanager
def calling_app(app: App, clock: Clock | None = None) -> Iterator[Caller]:
    """Give a caller of an application that has no token yet."""
    transport = ASGITransport(app, raise_app_exceptions=False)
    http = AsyncClient(transport=transport, base_url=CALLED)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(http):
        yield Caller(app, app.service.service, clock or Clock(), portal, http)


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
