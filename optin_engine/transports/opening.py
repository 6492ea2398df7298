"""Opens a transport by its settings: a kind, and the fields of that kind."""

import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from optin_engine.transports.log import LogTransport
from optin_engine.transports.transport import Transport

# The Standard Webhooks scheme wants a secret of so many random bytes.
LEAST_SECRET, LONGEST_SECRET = 24, 64
SECRET_PREFIX = "whsec_"  # noqa: S105 - not a secret, but what every one begins with.

# The dispatcher's lease must outlast a call, which has several steps of so many seconds.
LONGEST_TIMEOUT = 15

# No user or password in it: a URL is shown in logs.
_PORT = r"(:[0-9]{1,5})?"
_HOST = r"([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])" + _PORT
_LOOPBACK = r"(localhost|127(\.[0-9]{1,3}){3}|\[::1\])" + _PORT
_is_url = re.compile(rf"https?://{_HOST}([/?#]\S*)?").fullmatch
# Twilio's password goes there, so it must be encrypted unless it stays on this machine.
_is_guarded_url = re.compile(rf"https://{_HOST}/?|http://{_LOOPBACK}/?").fullmatch
_is_account = re.compile(r"AC[0-9a-fA-F]{32}").fullmatch
_is_service = re.compile(r"MG[0-9a-fA-F]{32}").fullmatch


class TransportError(Exception):
    """Settings of which no transport can be opened; the message has a line for each fault."""


def open_transport(settings: Mapping[str, object]) -> Transport:
    """Open a transport.

    Args:
        settings: `kind`, which is `log` (the default), `webhook` (with `url` and `secret`)
            or `twilio` (with `account_sid`, `auth_token`, and maybe `messaging_service_sid`,
            `status_callback`, `base_url`). The last two kinds also take `timeout`, seconds.
            A field that is empty or None is not set.

    Raises:
        TransportError: something is missing, unknown or wrong; no value is shown.

    >>> type(open_transport({"kind": "log"})).__name__
    'LogTransport'
    >>> open_transport({"kind": "webhook", "url": "gateway.example"})
    Traceback (most recent call last):
    optin_engine.transports.opening.TransportError: transport.secret must be specified.
    transport.url is invalid. It must be a URL such as https://gateway.example/mt.
    """
    given = {name: value for name, value in settings.items() if value not in (None, "")}
    kind = KINDS.get(str(given.pop("kind", "log")))
    if kind is None:
        message = f"transport.kind is invalid. It must be one of {', '.join(KINDS)}."
        raise TransportError(message)
    if faults := [*_faults(kind, given)]:
        raise TransportError("\n".join(faults))
    return kind.open(given)


def is_secret(value: object) -> bool:
    """Tell whether a value is a secret of the Standard Webhooks scheme."""
    text = str(value)
    try:
        found = b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        return False
    return text.startswith(SECRET_PREFIX) and LEAST_SECRET <= len(found) <= LONGEST_SECRET


def _is_timeout(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 < float(str(value)) <= LONGEST_TIMEOUT


def _is_token(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()


def _open_webhook(given: Mapping[str, Any]) -> Transport:
    from optin_engine.transports.webhook import WebhookTransport  # noqa: PLC0415 - needs httpx.

    return WebhookTransport(**given)


def _open_twilio(given: Mapping[str, Any]) -> Transport:
    from optin_engine.transports.twilio import TwilioTransport  # noqa: PLC0415 - needs httpx.

    return TwilioTransport(**given)


@attrs.frozen
class Field:
    """One field of a kind: what it must be, as a check and as words."""

    is_fit: Callable[[Any], object]
    must_be: str
    is_needed: bool = False


@attrs.frozen
class Kind:
    """One kind of transport: how it is opened, and its fields by name."""

    open: Callable[[Mapping[str, Any]], Transport]
    fields: Mapping[str, Field]


def _faults(kind: Kind, given: Mapping[str, object]) -> Iterator[str]:
    for name, field in kind.fields.items():
        if field.is_needed and name not in given:
            yield f"transport.{name} must be specified."
    for name, value in given.items():
        known = kind.fields.get(name)
        if known is None:
            has = ", ".join(kind.fields) or "none but kind"
            yield f"transport.{name} is not a field of this kind, which has {has}."
        elif not (isinstance(value, str) or known is TIMEOUT) or not known.is_fit(value):
            yield f"transport.{name} is invalid. It must be {known.must_be}."


# fmt: off
TIMEOUT = Field(_is_timeout, f"a number of seconds above 0, at most {LONGEST_TIMEOUT}")
WEBHOOK = {
    "url":       Field(_is_url,    "a URL such as https://gateway.example/mt", is_needed=True),
    "secret":    Field(is_secret,  f"{SECRET_PREFIX} and the base64 of {LEAST_SECRET} to"
                                   f" {LONGEST_SECRET} random bytes",          is_needed=True),
    "timeout":   TIMEOUT,
}
TWILIO = {
    "account_sid":           Field(_is_account, "AC and 32 hexadecimal digits", is_needed=True),
    "auth_token":            Field(_is_token,   "ASCII letters and digits",     is_needed=True),
    "messaging_service_sid": Field(_is_service, "MG and 32 hexadecimal digits"),
    "status_callback":       Field(_is_url,     "a URL such as https://sms.example/twilio/status"),
    "base_url":              Field(_is_guarded_url, "an https URL without a path"),
    "timeout":               TIMEOUT,
}
KINDS = {
    "log":     Kind(lambda _: LogTransport(), {}),
    "webhook": Kind(_open_webhook,            WEBHOOK),
    "twilio":  Kind(_open_twilio,             TWILIO),
}
# fmt: on
