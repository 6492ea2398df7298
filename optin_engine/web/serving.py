"""Puts the service together and runs it: store, service, workers, HTTP; and takes it down.

What was begun is finished first: the server answers the requests that it has, the workers
settle the MTs that they have in hand, the service commits what it took, and then the store
is closed.
"""

import gc
import hashlib
import hmac
import logging
import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack, closing

import uvicorn

from optin_engine.entries import DefinitionError
from optin_engine.harness.refusal import FAULTY, CommandError
from optin_engine.service.catalog import Catalog
from optin_engine.service.clock import MovableClock, wall_clock
from optin_engine.service.dispatcher import Dispatcher
from optin_engine.service.fetching import Fetcher
from optin_engine.service.service import Rules, Service
from optin_engine.service.workers import Workers
from optin_engine.stores import StoreError, open_store
from optin_engine.transports.opening import open_transport
from optin_engine.web import dev, lines
from optin_engine.web.app import App, create_app
from optin_engine.web.config import LOG, Config
from optin_engine.web.metrics import Metrics

# Requests are short; one that takes longer than this is cut off when the server ends.
SECONDS_TO_FINISH = 10

# Right for a trial, and a slip where people should get texts.
TO_NOBODY = "MTs are written to the log and sent to nobody"

LOGGER = logging.getLogger("optin_engine.web")

Address = tuple[str, int]


def run(config: Config, store_url: str, address: Address, tell: Callable[[str], object]) -> None:
    """Run the HTTP service until TERM or INT.

    Args:
        config: what it is told.
        store_url: as `open_store` takes it.
        address: host and port to listen on; port 0 for any that is free.
        tell: is given the one line that says where it listens, once it does.

    Raises:
        CommandError: the address or the store cannot be used (status 2), or the definitions
            do not agree with what the API defined (status 1).

    """
    with ExitStack() as stack:
        listening = stack.enter_context(_listen(address))
        try:
            app = _build(stack, config, store_url)
        except StoreError as error:
            raise CommandError(*str(error).splitlines()) from None
        except DefinitionError as error:
            raise CommandError(*map(str, error.faults), status=FAULTY) from None
        lines.begin()
        if config.transport.get("kind", LOG) == LOG:
            LOGGER.warning(TO_NOBODY, extra={"transport": LOG})
        # What was made so far lives as long as the process. To look through it for garbage is
        # 25 ms in which nobody is answered, at every full collection.
        gc.collect()
        gc.freeze()
        _serve(app, listening, tell)


def _listen(address: Address) -> socket.socket:
    host, port = address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server(address, family=family, backlog=2048)
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (while")[0]
        message = f"cannot listen on {host}, port {port}: {why}; choose another by --port or --host"
        raise CommandError(message) from None


def _build(stack: ExitStack, config: Config, store_url: str) -> App:
    settings, metrics = config.settings, Metrics()
    store = stack.enter_context(open_store(store_url))
    rules = Rules(settings.prompts_per_day, settings.repeats_within)
    claims = hmac.digest(settings.token_secret, b"claims", hashlib.sha256)
    transport = stack.enter_context(closing(open_transport(config.transport)))
    fetch = stack.enter_context(Fetcher(settings.http_get_hosts))
    clock = MovableClock() if settings.is_dev else None
    shows = clock.going_on if clock else wall_clock
    dispatcher = Dispatcher(store, transport, fetch=fetch, clock=shows, observers=[metrics])
    observers = metrics, dispatcher
    service = stack.enter_context(
        Service(store, rules, secret=claims, clock=clock or wall_clock, observers=observers)
    )
    _define(service.catalog, config)
    stack.enter_context(Workers(service, dispatcher))
    return create_app(service, settings, metrics=metrics, clock=clock)


def _define(catalog: Catalog, config: Config) -> None:
    """Make the definitions of the file those of the store; without any, the store's stay."""
    has_codes = bool(catalog.account().codes)
    if config.definitions is not None:
        catalog.load(config.definitions)
    elif config.settings.is_dev and not has_codes:
        catalog.load(dev.DEFINITIONS)
    elif not has_codes:
        message = "there is no code to text to; name a file of definitions in the configuration"
        raise CommandError(message, status=FAULTY)


class Server(uvicorn.Server):
    """Uvicorn, that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        self._ready()


def _serve(app: App, listening: socket.socket, tell: Callable[[str], object]) -> None:
    host, port = listening.getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    server = Server(
        uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=SECONDS_TO_FINISH,
        ),
        lambda: tell(f"Serving at {url}"),
    )
    # Uvicorn raises the signal that ended it once more, for whoever was there before it; to us
    # it is no reason to end in a hurry.
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, signal.SIG_IGN)
    server.run(sockets=[listening])
