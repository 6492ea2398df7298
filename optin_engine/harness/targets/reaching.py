"""Reaches a running system: its connections, its credentials, and what it can do."""

from contextlib import ExitStack, closing
from functools import partial

import attrs
import httpx

from optin_engine.harness.refusal import CommandError
from optin_engine.harness.targets.calling import Caller, RefusedError, Tokens, shown
from optin_engine.harness.targets.carrier import HOST, Carrier
from optin_engine.harness.targets.cast import Cast, Numbers
from optin_engine.harness.targets.dev import Dev, Watch
from optin_engine.harness.targets.inbound import InboundTarget
from optin_engine.harness.targets.mobileconnect import MobileConnectTarget, is_unknown
from optin_engine.harness.targets.opening import CLIENT_SECRET, Opened, Options
from optin_engine.harness.targets.programmes import Programmes
from optin_engine.harness.targets.target import Target, TargetError
from optin_engine.harness.targets.twilio import TwilioTarget
from optin_engine.transports.posting import is_loopback

NO_URL = "that is no URL of a target; one is such as http://127.0.0.1:8080"
NOT_STARTED = "is it started, and is this where it listens? `optin-engine serve --dev` starts ours"
NO_CLIENT = (
    "who calls? Name the client by `clientId` in a file that describes the target, "
    f"and its secret by {CLIENT_SECRET}"
)
WRONG_CLIENT = f"check `clientId`, and the secret in {CLIENT_SECRET}"
NO_DEV = "{} was not started with --dev, so its clock cannot be moved"

# The client of `serve --dev`, and its secret.
DEV = "dev"

IN_THE_US = "US"

# How many stories are told at a time to a target that they do not change.
AT_ONCE = 8


def reached(stack: ExitStack, url: str, adapter: str, options: Options) -> Opened:
    """Reach a system.

    Args:
        stack: closes what is opened.
        url: of the system.
        adapter: of `ADAPTERS`.
        options: how it is reached.

    Raises:
        CommandError: as in `open_targets`.

    """
    reach = {"inbound": _inbound, "mobileconnect": _mobileconnect, "twilio": _twilio}[adapter]
    try:
        return reach(stack, url, options)
    except RefusedError as error:
        raise CommandError(str(error), WRONG_CLIENT) from None
    except TargetError as error:
        raise CommandError(str(error), NOT_STARTED) from None


def _inbound(stack: ExitStack, url: str, options: Options) -> Opened:
    caller = _caller(stack, url)
    api = _api(caller, options)
    dev = Dev(caller) if Dev(caller).is_there() else None
    programmes = Programmes(api, dev, options.is_defining)
    fresh = partial(_fresh, api, Numbers())

    def target() -> Target:
        cast = Cast(fresh)
        return InboundTarget(api, cast, programmes, Watch(dev, cast) if dev else None)

    return Opened(target, 1 if dev or options.is_defining else AT_ONCE, dev is not None)


def _mobileconnect(stack: ExitStack, url: str, options: Options) -> Opened:
    api = _api(_caller(stack, url), options)
    programmes = Programmes(api, None, options.is_defining)
    fresh = partial(_fresh, api, Numbers(IN_THE_US))
    webhook = _webhook(stack, options.handset_url, options) if options.handset_url else None

    def target() -> Target:
        cast = Cast(fresh)
        handset = webhook.target(cast) if webhook else None
        return MobileConnectTarget(
            api, cast, programmes, patience=options.patience, handset=handset
        )

    at_once = 1 if options.is_defining else AT_ONCE
    return Opened(
        target, at_once, can_wait=False, carrier_url=webhook.carrier_url if webhook else ""
    )


def _twilio(stack: ExitStack, url: str, options: Options) -> Opened:
    webhook, numbers = _webhook(stack, url, options), Numbers(IN_THE_US)
    is_moved = webhook.dev is not None
    return Opened(
        lambda: webhook.target(Cast(numbers.fresh)),
        1 if is_moved else AT_ONCE,
        is_moved,
        webhook.carrier_url,
    )


@attrs.frozen
class _Webhook:
    """A webhook, and what there is beside it."""

    caller: Caller
    options: Options
    carrier: Carrier | None
    dev: Dev | None

    @property
    def carrier_url(self) -> str:
        return self.carrier.url if self.carrier else ""

    def target(self, cast: Cast) -> TwilioTarget:
        """Give a target for one story."""
        return TwilioTarget(
            self.caller,
            cast,
            token=self.options.auth_token,
            carrier=self.carrier,
            patience=self.options.patience,
            watch=Watch(self.dev, cast) if self.dev else None,
        )


def _webhook(stack: ExitStack, url: str, options: Options) -> _Webhook:
    caller = _caller(stack, url)
    caller.knock()
    return _Webhook(caller, options, _carrier(stack, options), _dev(stack, options))


def _carrier(stack: ExitStack, options: Options) -> Carrier | None:
    if options.carrier_port is None:
        return None
    try:
        return stack.enter_context(Carrier(options.carrier_port))
    except (OSError, OverflowError) as error:
        message = f"the carrier cannot listen on {HOST}, port {options.carrier_port}: {error}"
        raise CommandError(message, "choose another `carrierPort`; 0 is any that is free") from None


def _dev(stack: ExitStack, options: Options) -> Dev | None:
    if not options.dev_url:
        return None
    dev = Dev(_caller(stack, options.dev_url))
    if not dev.is_there():
        raise CommandError(NO_DEV.format(shown(options.dev_url)))
    return dev


def _caller(stack: ExitStack, url: str) -> Caller:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise CommandError(NO_URL)
    return stack.enter_context(closing(Caller(url)))


def _api(caller: Caller, options: Options) -> Tokens:
    """Log in; nobody else's client is called dev, and its secret is none."""
    client, secret = options.client_id, options.client_secret
    if not client and is_loopback(httpx.URL(caller.url).host):
        client, secret = DEV, DEV
    if not (client and secret):
        raise CommandError(NO_CLIENT)
    api = Tokens(caller, client, secret)
    api.renew()
    return api


def _fresh(api: Tokens, numbers: Numbers) -> str:
    """Give a number of which the target tells nothing, so that a run before left none there."""
    while not is_unknown(api, number := numbers.fresh()):
        pass
    return number
