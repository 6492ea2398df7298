"""What a command is told of a running system: its URL, or a TOML file that describes it."""

from pathlib import Path
from typing import Annotated, Literal, cast

import msgspec
from msgspec import Meta

from optin_engine.harness.definitions import parsed
from optin_engine.harness.refusal import CommandError, file_errors
from optin_engine.harness.targets.opening import Options

SUFFIX = ".toml"


class Description(msgspec.Struct, forbid_unknown_fields=True, rename="camel", frozen=True):
    """A running system, as a file describes it; secrets are the environment's alone.

    Attributes:
        url: where it is: of an API without `/sms/v1`, of a webhook the whole.
        adapter: what it speaks: our API, MobileConnect's, or Twilio's webhook.
        client_id, carrier_port, patience, dev_url, handset_url: as in `Options`.
        define: the programmes of stories may be defined there.

    """

    url: str
    adapter: Literal["inbound", "mobileconnect", "twilio"] = "inbound"
    client_id: str = ""
    carrier_port: Annotated[int, Meta(ge=0, le=65535)] | None = None
    patience: Annotated[float, Meta(ge=0, le=600)] = 1.0
    define: bool = False
    dev_url: str = ""
    handset_url: str = ""

    def options(self) -> Options:
        """Give how it is reached."""
        return Options(
            self.client_id,
            carrier_port=self.carrier_port,
            patience=self.patience,
            is_defining=self.define,
            dev_url=self.dev_url,
            handset_url=self.handset_url,
        )


def described(told: str, adapter: str = "", *, define: bool = False) -> Description:
    """Give the system that a command is told of.

    Args:
        told: a URL, or the name of a TOML file with the fields of `Description` in
            MobileConnect's writing (`clientId`, `carrierPort` ...).
        adapter: overrides the file's; empty: as it says, or `inbound`.
        define: the programmes may be defined there, also where the file does not say so.

    Raises:
        CommandError: the file cannot be read, or has a field that is wrong.

    >>> described("http://127.0.0.1:8080").adapter
    'inbound'
    """
    found: dict[str, object] = _read(Path(told)) if told.endswith(SUFFIX) else {"url": told}
    changes: dict[str, object] = {"adapter": adapter} if adapter else {}
    if define:
        changes["define"] = True
    try:
        return msgspec.convert(found | changes, Description)
    except msgspec.ValidationError as error:
        message = f"{told}: {error}"
        raise CommandError(message) from None


def _read(file: Path) -> dict[str, object]:
    """Read a file as definitions are read; what TOML holds is always a table."""
    with file_errors(file):
        content = file.read_bytes()
    return cast("dict[str, object]", parsed(content, file))
