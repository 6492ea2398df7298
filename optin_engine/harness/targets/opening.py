"""Opens a running system to be told stories: over HTTP, by one of three adapters.

`inbound` is our own service, `mobileconnect` MobileConnect's API or one that is compatible,
`twilio` a webhook for MOs. Whatever the target, it is texted from numbers that nobody has
(`cast`), so that no real phone can be texted by it.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import attrs

from optin_engine.harness.refusal import CommandError
from optin_engine.harness.targets.target import Target

ADAPTERS = ("inbound", "mobileconnect", "twilio")

CLIENT_SECRET, AUTH_TOKEN = "OPTIN_ENGINE_CLIENT_SECRET", "TWILIO_AUTH_TOKEN"


def _from_environment(name: str) -> str:
    return attrs.field(factory=lambda: os.environ.get(name, ""), repr=False)


@attrs.frozen
class Options:
    """How a target is reached.

    Attributes:
        client_id, client_secret: of the API; where neither is given, those of `serve --dev`
            for a target on this machine. The secret is else that of the environment.
        auth_token: what a webhook's calls are signed with; empty: they are not.
        carrier_port: where to play the carrier, 0 for any port that is free; None: nowhere, all
            answers are TwiML.
        patience: how many seconds may pass before something is said.
        is_defining: the programmes of stories may be defined at the target, and keywords that
            they do not have be deleted.
        dev_url: of a `serve --dev` that is behind a webhook; its clock and its states count.
        handset_url: of a webhook that brings handsets' texts to a `mobileconnect` target.

    """

    client_id: str = ""
    client_secret: str = _from_environment(CLIENT_SECRET)
    auth_token: str = _from_environment(AUTH_TOKEN)
    carrier_port: int | None = None
    patience: float = 1.0
    is_defining: bool = False
    dev_url: str = ""
    handset_url: str = ""


@attrs.frozen
class Opened:
    """A running system; called, it gives a target for one story more.

    Attributes:
        target: gives it.
        at_once: how many stories may be told at a time: 1 where they would move each other's
            clock, or change each other's programmes.
        can_wait: its clock can be moved; if not, `wait` and `at` are skipped.
        carrier_url: where the carrier is played; empty: nowhere.

    """

    target: Callable[[], Target]
    at_once: int
    can_wait: bool
    carrier_url: str = ""

    def __call__(self) -> Target:
        """Give a target to which no story was told."""
        return self.target()


@contextmanager
def open_targets(url: str, adapter: str, options: Options | None = None) -> Iterator[Opened]:
    """Open a running system, until the block ends.

    Args:
        url: where it is: of an API without `/sms/v1`, of a webhook the whole.
        adapter: of `ADAPTERS`.
        options: how it is reached.

    Raises:
        CommandError: the URL is none, nothing listens there, it refuses the client, or this
            needs what is not installed; each says what to do.

    """
    if adapter not in ADAPTERS:
        message = f"there is no adapter {adapter}; choose one of {', '.join(ADAPTERS)}"
        raise CommandError(message)
    try:
        # It needs httpx, which whoever plays stories with the engine does without.
        from optin_engine.harness.targets import reaching  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        message = f"{missing}; this needs: pip install 'optin-engine[harness]'"
        raise CommandError(message) from None
    with ExitStack() as stack:
        yield reaching.reached(stack, url, adapter, options or Options())
