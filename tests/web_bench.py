"""The HTTP service on a store of its own, and somebody who calls it, for tests of the web."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self
from xml.etree import ElementTree as ET

import httpx
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from optin_engine.service.service import Rules, Service
from optin_engine.stores import Mo, Mt, Store, open_store
from optin_engine.web.app import create_app
from optin_engine.web.metrics import Metrics
from optin_engine.web.settings import SCOPES, Client, Settings

CODE, NUMBER = "123456", "+15555550123"
URL = "https://sms.example"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TWILIO_TOKEN = "twilio's own"  # noqa: S105 - the tests' secrets open nothing.
INBOUND_SECRET = "whsec_b3VyIHdlYmhvb2sncyBzZWNyZXQ="  # noqa: S105

DEFINITIONS = {
    "codes": [{"shortCode": CODE, "countryCode": "US", "brand": "Acme"}],
    "programs": [
        {
            "messageName": name,
            "shortCode": CODE,
            "countryCode": "US",
            "keyword": keyword,
            "messageOptInType": kind,
            **texts,
        }
        for name, keyword, kind, texts in (
            ("News", "NEWS", "Single", {"responseMessage": "Fish & <chips> 🐟"}),
            (
                "Club",
                "JOIN",
                "Double",
                {
                    "doubleOptinInitialMessage": "Reply YES to join.",
                    "doubleOptinConfirmationMessage": "You joined.",
                    "optInErrorMessage": "Reply YES or STOP.",
                },
            ),
        )
    ],
}


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


class Bench:
    """A service in this process, called without a network in between.

    Attributes:
        store, service, app, clock, metrics, settings: its parts.

    """

    def __init__(self, store: Store, **settings: Any) -> None:
        self.store, self.clock, self.metrics = store, Clock(), Metrics()
        self.settings = SETTINGS if not settings else Settings(**{**PLAIN, **settings})
        self.service = Service(
            store,
            Rules(self.settings.prompts_per_day, self.settings.repeats_within),
            secret=b"k" * 32,
            clock=self.clock,
            observers=[self.metrics],
        )
        self.service.catalog.load(DEFINITIONS)
        self.app = create_app(self.service, self.settings, metrics=self.metrics)
        self._runner = asyncio.Runner()

    def token(self, *scopes: str) -> str:
        """Give a token with these scopes; with none named, all of them."""
        client = self.settings.clients["tester"]
        return self.app.tokens.issue(client, scopes or SCOPES, 3600)

    def bearer(self, *scopes: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(*scopes)}"}

    def call(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Call the service as it is called from outside."""
        return self._runner.run(self._call(method, path, **request))

    async def _call(self, method: str, path: str, **request: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
            return await client.request(method, path, **request)

    def bring(self, text: str, **fields: object) -> httpx.Response:
        """Bring an MO through POST /inbound."""
        body = {"from": NUMBER, "to": CODE, "text": text, **fields}
        return self.call("POST", "/inbound", json=body, headers=self.bearer("sms_inbound"))

    def state(self, keyword: str = "JOIN") -> str:
        (contact,) = self.service.subscriptions(NUMBER)
        return contact.subscription(keyword).state

    def mos(self) -> list[Mo]:
        return [row for row in self.service.history(CODE, NUMBER) if isinstance(row, Mo)]

    def mts(self) -> list[Mt]:
        return [row for row in self.service.history(CODE, NUMBER) if isinstance(row, Mt)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._runner.close()
        self.service.close()
        self.store.close()


PLAIN: Mapping[str, Any] = {
    "clients": {"tester": Client("tester", "tester's own", frozenset(SCOPES), 1_000_000)},
    "token_secret": b"t" * 32,
    "public_url": URL,
    "twilio_auth_token": TWILIO_TOKEN,
    "inbound_secret": INBOUND_SECRET,
}
SETTINGS = Settings(**PLAIN)


@contextmanager
def bench(url: str = "memory:", **settings: Any) -> Iterator[Bench]:
    """Run a service on the store at a URL until the block ends."""
    with Bench(open_store(url), **settings) as running:
        yield running


Fields = list[tuple[str, str]]

ORACLE = RequestValidator(TWILIO_TOKEN)


def sign(url: str, fields: Fields, oracle: RequestValidator = ORACLE) -> dict[str, str]:
    signature: str = oracle.compute_signature(url, ImmutableMultiDict(fields))
    return {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}


def mo(text: str, sid: str = "SM1", **more: str) -> Fields:
    fields = {"MessageSid": sid, "From": NUMBER, "To": CODE, "Body": text, "NumMedia": "0", **more}
    return list(fields.items())


def text_in(response: httpx.Response) -> list[str | None]:
    """Give what TwiML says."""
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/xml")
    root = ET.fromstring(response.content)  # noqa: S314 - the service wrote it.
    assert root.tag == "Response"
    assert all(child.tag == "Message" for child in root)
    return [child.text for child in root]
