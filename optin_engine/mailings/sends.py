"""`optin-engine sends`: how far sends are, why somebody was told, and a hand on them."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from optin_engine.harness.refusal import FAULTY, CommandError
from optin_engine.harness.shell import examples, print_lines, tell
from optin_engine.operations.options import OUR_STORE, AsJson, Limit, Number, StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optin_engine.service.service import Service
    from optin_engine.stores import Send, Store

commands = typer.Typer(help="See, pause, resume and cancel sends.", rich_markup_mode=None)

Token = Annotated[str, typer.Argument(metavar="TOKEN", help="The tokenId that its call gave.")]


@commands.command("list", epilog=examples("sends list", "sends list --limit 1000 --json"))
def list_sends(
    *,
    limit: Limit = 100,
    store: StoreUrl = OUR_STORE,
    as_json: AsJson = False,
) -> None:
    """Show the latest sends, and how far each is."""
    from optin_engine.harness.sends import sends_lines
    from optin_engine.harness.stored import in_store

    with in_store(store) as opened:
        report = [_send_report(opened, send) for send in opened.sends.recent(limit=limit)]
    tell(report, sends_lines, as_json=as_json)


@commands.command("show", epilog=examples("sends show MzA6Nzk6MA"))
def show_send(token: Token, *, store: StoreUrl = OUR_STORE, as_json: AsJson = False) -> None:
    """Show how far a send is, and what became of its messages."""
    from optin_engine.harness.sends import send_lines
    from optin_engine.harness.stored import in_store

    with in_store(store) as opened:
        report = _send_report(opened, _found_send(opened, token))
    tell(report, send_lines, as_json=as_json)


@commands.command("why", epilog=examples("sends why MzA6Nzk6MA +15555550123"))
def why_(
    token: Token, number: Number, *, store: StoreUrl = OUR_STORE, as_json: AsJson = False
) -> None:
    """Show why a number was, or was not, told anything by a send.

    It is judged by what holds now: who joined, left or came into a list since then counts.
    """
    from optin_engine.harness.lookup import number_of
    from optin_engine.harness.why import Asked, why, why_lines

    number = number_of(number)
    with _served(store) as service:
        send = _found_send(service.store, token)
        contact = next((c for c in service.subscriptions(number) if c.code == send.code), None)
        code = service.catalog.account().codes.get(send.code)
        report = why(service.store, Asked(send, number, contact, code, service.now()), token)
    tell(report, why_lines, as_json=as_json)


@commands.command(epilog=examples("sends pause MzA6Nzk6MA"))
def pause(token: Token, *, store: StoreUrl = OUR_STORE) -> None:
    """Hand over no more of a send for now."""
    _steer(store, token, "pause")


@commands.command(epilog=examples("sends resume MzA6Nzk6MA"))
def resume(token: Token, *, store: StoreUrl = OUR_STORE) -> None:
    """Go on with a paused send."""
    _steer(store, token, "resume")


@commands.command(epilog=examples("sends cancel MzA6Nzk6MA"))
def cancel(token: Token, *, store: StoreUrl = OUR_STORE) -> None:
    """End a send: what of it was not handed over never is."""
    _steer(store, token, "cancel")


def _steer(url: str, token: str, told: str) -> None:
    from optin_engine.harness.sends import SendOverError, Steering, sends_lines, steer

    with _served(url) as service:
        send = _found_send(service.store, token)
        try:
            send = steer(service.sender, send, Steering(told))
        except SendOverError as over:
            raise CommandError(str(over), status=FAULTY) from None
        print_lines(sends_lines([_send_report(service.store, send)]))


@contextmanager
def _served(url: str) -> "Iterator[Service]":
    from optin_engine.harness.stored import in_store
    from optin_engine.service.service import Service

    with in_store(url) as opened, Service(opened) as service:
        yield service


def _found_send(store: "Store", token: str) -> "Send":
    from optin_engine.web.identifiers import decode

    inner = decode(token, "send")
    send = store.sends.find(inner) if isinstance(inner, int) else None
    if send is None:
        message = "the store has no such send; `optin-engine sends list` shows the latest"
        raise CommandError(message, status=FAULTY)
    return send


def _send_report(store: "Store", send: "Send") -> dict[str, Any]:
    from optin_engine.harness.sends import dated, standing_of
    from optin_engine.web.identifiers import encode

    return dated(standing_of(store, send, encode(send.id, "send")))
