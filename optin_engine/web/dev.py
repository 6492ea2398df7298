"""What `optin-engine serve --dev` is told: enough to try everything on this machine at once.

Its clock can be set, and more besides; those calls are in `dev_calls`.
"""

import secrets
from pathlib import Path

from optin_engine.harness.refusal import CommandError
from optin_engine.web.config import Config, read_dev_config
from optin_engine.web.local import LOOPBACK
from optin_engine.web.settings import SCOPES, Client, Settings

NAME = "dev"
"""The one client, and its secret; harmless, because nobody but this machine can call."""

CALLS_PER_MINUTE = 1_000_000
"""More than a fuzzer makes, which is not to be held up."""

DEFINITIONS = {
    "codes": [
        {"shortCode": "123456", "countryCode": "US", "brand": "Acme"},
        {"shortCode": "12345678", "countryCode": "US", "brand": "Acme"},
        {"longCode": "15555550100", "brand": "Acme"},
    ]
}
"""The codes of a store that has none yet; programmes are created by the API."""


def dev_config(path: Path | None, host: str) -> Config:
    """Give the configuration of `--dev`: one client, the log for a transport, fresh tokens.

    Args:
        path: a configuration, or a file of definitions, whose definitions and limits hold.
        host: where to listen.

    Raises:
        CommandError: the host is not this machine, or as in `read_config`.

    """
    if host not in LOOPBACK:
        message = f"--dev listens to this machine only: --host must be one of {', '.join(LOOPBACK)}"
        raise CommandError(message)
    clients = {NAME: Client(NAME, NAME, frozenset(SCOPES), CALLS_PER_MINUTE)}
    settings = Settings(clients, secrets.token_bytes(32), is_dev=True)
    return read_dev_config(path, settings) if path else Config(settings)
