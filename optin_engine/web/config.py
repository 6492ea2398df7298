"""Reads what `optin-engine serve` is told: a TOML file, and the secrets that it points to.

A secret never stands in the file: `secret_env` names an environment variable that holds it,
or `secret_file` a file (relative to the configuration). Every fault is found at once, each
with its field and the mend, and none of them shows a secret.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import attrs

from optin_engine import fields as read
from optin_engine.account import read_account
from optin_engine.fields import Wrong
from optin_engine.harness.definitions import definitions_of
from optin_engine.harness.refusal import FAULTY, CommandError
from optin_engine.service.fetching import allowed_host
from optin_engine.transports.opening import TransportError, is_secret, open_transport
from optin_engine.web.sections import Section, Source
from optin_engine.web.settings import SCOPES, Client, Settings

LEAST_TOKEN_SECRET, LEAST_CLIENT_SECRET = 32, 16
MOST_CALLS = 1_000_000
CALLBACK = "/twilio/status"

# The transport of whoever has set none: MTs are written to the log, and sent to nobody.
LOG = "log"

# What a transport is told beside its kind and its secret; it judges these itself.
TOLD = ("url", "timeout", "base_url", "messaging_service_sid")

_URL = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")


@attrs.frozen
class Config:
    """All that a configuration says.

    Attributes:
        settings: of the HTTP service.
        transport: which hands MTs over, as `open_transport` takes it.
        definitions: codes and programmes, as `Account.from_dict` takes them; None: those
            that the store has already.

    """

    settings: Settings
    transport: Mapping[str, object] = attrs.field(factory=dict, repr=False)
    definitions: object = None


def read_config(path: Path, environment: Mapping[str, str]) -> Config:
    """Read a configuration.

    Args:
        path: of a TOML file.
        environment: the variables that may hold secrets.

    Raises:
        CommandError: the file cannot be read (status 2), or is faulty (status 1); a line for
            each fault, that names the field.

    """
    source = Source(path.parent, environment)
    with Section(source, "", definitions_of(path)) as top:
        definitions = _definitions(top, source)
        with top.table("service") as service:
            secret = service.secret("token_secret", least=LEAST_TOKEN_SECRET).encode()
            settings = _limits(service, Settings(_clients(top), secret))
            settings = attrs.evolve(settings, public_url=service.value("public_url", _url, ""))
        with top.table("inbound") as inbound:
            signed = _signature(inbound)
        with top.table("twilio") as twilio:
            account = twilio.value("account_sid", read.text_of(100), "")
            token = twilio.secret("auth_token", is_needed=twilio.is_there)
        transport = _transport(top, source, account, token, settings.public_url)
        if token and not settings.public_url:
            service.refuse("public_url", "must be specified. Twilio signs its calls with it.")
    _refuse(path, source)
    settings = attrs.evolve(settings, inbound_secret=signed, twilio_auth_token=token)
    return Config(settings, transport, definitions)


def read_dev_config(path: Path, dev: Settings) -> Config:
    """Read the definitions and limits of a configuration for `--dev`, and no secret of it.

    Args:
        path: of a TOML file; one of definitions alone does as well.
        dev: the settings that hold otherwise.

    Raises:
        CommandError: as in `read_config`.

    """
    source = Source(path.parent, {})
    top = Section(source, "", definitions_of(path))
    config = Config(_limits(top.table("service"), dev), definitions=_definitions(top, source))
    _refuse(path, source)
    return config


def _limits(service: Section, settings: Settings) -> Settings:
    prompts = service.value("prompts_per_day", read.whole(0, 1000), settings.prompts_per_day)
    repeats = service.value("repeats_within", read.duration, settings.repeats_within)
    hosts = service.value("http_get_hosts", _hosts, settings.http_get_hosts)
    return attrs.evolve(
        settings, prompts_per_day=prompts, repeats_within=repeats, http_get_hosts=hosts
    )


def _definitions(top: Section, source: Source) -> object:
    """Give the definitions of the file, or of the one that it names."""
    given = {name: top.raw(name) for name in ("codes", "programs", "messages")}
    inline = {name: entries for name, entries in given.items() if entries is not None}
    file = top.value("definitions", read.text, "")
    if not (file or inline):
        return None
    if file and inline:
        top.refuse("definitions", "cannot be specified together with codes and programs.")
        return None
    found = definitions_of(source.folder / file) if file else inline
    where = f"{file}: " if file else ""
    source.faults.extend(f"{where}{fault}" for fault in read_account(found)[1])
    return found


def _clients(top: Section) -> Mapping[str, Client]:
    clients: dict[str, Client] = {}
    sections = top.tables("clients", "id")
    if not sections:
        top.refuse("clients", "must be specified. Without a [[clients]] nobody can call.")
    for section in sections:
        with section:
            client = Client(
                section.needed("id", read.text_of(100), ""),
                section.secret("secret", least=LEAST_CLIENT_SECRET),
                section.needed("scopes", _scopes, frozenset()),
                section.value("calls_per_minute", read.whole(1, MOST_CALLS), 6000),
            )
        if client.id in clients:
            section.refuse("id", "is already used by another client.")
        clients[client.id] = client
    return clients


def _transport(
    top: Section, source: Source, account: str, token: str, public_url: str
) -> Mapping[str, object]:
    """Give the transport's settings, without any the log's.

    Twilio sends by the account whose calls are trusted.
    """
    so_far = len(source.faults)
    with top.table("transport") as section:
        named = section.needed if section.is_there else section.value
        kind = named("kind", read.text, LOG)
        settings = {"kind": kind, **{name: section.raw(name) for name in TOLD}}
        if kind == "webhook":
            settings["secret"] = section.secret("secret")
    if kind == "twilio":
        settings |= {"account_sid": account, "auth_token": token}
        settings["status_callback"] = public_url and public_url + CALLBACK
    if len(source.faults) == so_far:
        try:
            open_transport(settings).close()
        except TransportError as error:
            source.faults.extend(str(error).splitlines())
    return settings


def _signature(inbound: Section) -> str:
    secret = inbound.secret("secret", is_needed=inbound.is_there)
    if secret and not is_secret(secret):
        rule = "is invalid. It must be whsec_ and 24 to 64 random bytes in base64."
        inbound.refuse("secret", rule)
    return secret


def _url(named: str, given: object) -> str:
    written = given.strip() if isinstance(given, str) else ""
    try:
        # Of a URL that is none, or whose port is none, the port cannot be asked.
        is_url = _URL.fullmatch(written) and urlsplit(written).port != 0
    except ValueError:
        is_url = False
    if not is_url:
        message = f"{named} is invalid. It must be a URL such as https://sms.example.com."
        raise Wrong(message)
    return written.rstrip("/")


def _scopes(named: str, given: object) -> frozenset[str]:
    if not isinstance(given, list) or not given or not all(scope in SCOPES for scope in given):
        message = f"{named} is invalid. It must be a list of {', '.join(SCOPES)}."
        raise Wrong(message)
    return frozenset(given)


def _hosts(named: str, given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(host, str) for host in given):
        message = f'{named} is invalid. It must be a list of hosts such as ["api.example.com"].'
        raise Wrong(message)
    try:
        for host in given:
            allowed_host(host)
    except ValueError as error:
        message = f"{named} is invalid: {error}."
        raise Wrong(message) from None
    return tuple(given)


def _refuse(path: Path, source: Source) -> None:
    if source.faults:
        raise CommandError(*(f"{path}: {fault}" for fault in source.faults), status=FAULTY)
