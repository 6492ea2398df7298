"""A whole service that runs in this process, on a free port: for tests of what tells it stories."""

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from textwrap import dedent

import attrs
from starlette.types import Message, Receive, Scope, Send

from optin_engine.harness import starter
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.played import Played
from optin_engine.harness.stories.playing import play
from optin_engine.harness.targets.defining import Definitions, written
from optin_engine.harness.targets.target import Target
from optin_engine.service.clock import MovableClock, wall_clock
from optin_engine.service.dispatcher import Dispatcher
from optin_engine.service.service import Service
from optin_engine.service.workers import Workers
from optin_engine.stores import open_store
from optin_engine.transports import open_transport
from optin_engine.web.app import App, create_app
from optin_engine.web.settings import SCOPES, Client, Settings
from tests.faults.waiting import wait_until
from tests.web_server import serving

TOKEN = "twilio's own"  # noqa: S105 - it opens nothing.

# As `serve --dev` has it.
DEV = Client("dev", "dev", frozenset(SCOPES))


@attrs.frozen
class Running:
    """A service that listens at a URL."""

    url: str
    service: Service
    app: App


@attrs.frozen
class Settled:
    """An application that answers once all that it has to say was handed over.

    So a carrier has it before the caller has the answer, however slow the machine is.
    """

    app: App

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Be called, as an ASGI application is."""

        async def answer(message: Message) -> None:
            await asyncio.to_thread(wait_until, self._is_quiet, "all is handed over")
            await send(message)

        await self.app(scope, receive, answer)

    def _is_quiet(self) -> bool:
        return not self.app.service.service.store.backlog().queued


@contextmanager
def running(
    carrier_url: str = "", definitions: Definitions | None = None, *, is_dev: bool = False
) -> Iterator[Running]:
    """Run a service until the block ends.

    Args:
        carrier_url: where Twilio is played; empty: what is sent is only logged.
        definitions: in place of the example account.
        is_dev: its clock can be set, as that of `serve --dev`.

    """
    transport = {"kind": "log"}
    if carrier_url:
        transport = {"kind": "twilio", "account_sid": "AC" + "0" * 32, "auth_token": "x"}
        transport["base_url"] = carrier_url
    clock = MovableClock() if is_dev else None
    with (
        open_store("memory:") as store,
        closing(open_transport(transport)) as opened,
        Dispatcher(store, opened) as dispatcher,
        Service(store, clock=clock or wall_clock, observers=[dispatcher]) as service,
        Workers(service, dispatcher),
    ):
        service.catalog.load(attrs.asdict(definitions or written(starter())))
        settings = Settings({DEV.id: DEV}, b"s" * 32, is_dev=is_dev, twilio_auth_token=TOKEN)
        app = create_app(service, settings, clock=clock)
        with serving(Settled(app) if carrier_url else app) as served:
            # Twilio signs the URL that it calls, and the port is known only now.
            app.settings = attrs.evolve(settings, public_url=served.url)
            yield Running(served.url, service, app)


def told(target: Target, text: str) -> Played:
    """Tell a target a story of the example account."""
    story = read_story("a.story", "programs: built-in\n" + dedent(text))
    return play(story, target, lambda _: starter())


def said(played: Played) -> list[list[str]]:
    """Give what was said after each act but the first, which names the programmes."""
    return [[one.text for one in performed.said] for performed in played.performed[1:]]


def skipped(played: Played) -> list[str]:
    """Give why turns were skipped, the first of each row."""
    return [one.skipped for one in played.skipped]
