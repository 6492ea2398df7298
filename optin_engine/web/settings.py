"""What `optin-engine serve` is told: clients, secrets, limits and the transport."""

from collections.abc import Mapping
from datetime import timedelta

import attrs

SCOPES = ("sms_read", "sms_write", "sms_send", "sms_inbound")
"""MobileConnect's three; `sms_inbound` (ours) lets a gateway bring MOs from handsets."""


@attrs.frozen
class Client:
    """Who may call.

    Attributes:
        id: the client_id.
        secret: the client_secret; never printed.
        scopes: of `SCOPES`.
        calls_per_minute: more are answered 429.

    """

    id: str
    secret: str = attrs.field(repr=False)
    scopes: frozenset[str]
    calls_per_minute: int = 6000


@attrs.frozen
class Settings:
    """All that the HTTP service is told.

    Attributes:
        clients: by id.
        token_secret: what tokens are signed with, at least 32 bytes; shared by all processes.
        public_url: how this service is called from outside, without a slash at its end;
            empty: as each request says it, which Twilio's signature does not allow.
        is_dev: nobody but this machine calls; the docs need no token.
        prompts_per_day: how many MTs a number may be sent in 24 h that no handset asked for.
        repeats_within: an MO without id that repeats another within this time is a retry of
            it; None: never.
        http_get_hosts: what texts may call by HTTPGet: names such as `api.example.com`, with a
            port where it is not the scheme's own; none: nothing.
        twilio_auth_token: of the account whose webhooks are trusted; empty: none are.
        inbound_secret: of the Standard Webhooks signature that `POST /inbound` may carry
            instead of a token (`whsec_...`); empty: none is.

    """

    clients: Mapping[str, Client]
    token_secret: bytes = attrs.field(repr=False)
    public_url: str = ""
    is_dev: bool = False
    prompts_per_day: int = 5
    repeats_within: timedelta | None = None
    http_get_hosts: tuple[str, ...] = ()
    twilio_auth_token: str = attrs.field(default="", repr=False)
    inbound_secret: str = attrs.field(default="", repr=False)
