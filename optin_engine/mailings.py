"""The campaigner's commands: `lists` and `sends`, each a thin shell around the harness.

As in `cli`, each imports what it needs when it runs. Like the operator's commands they refuse
a store that is not there, or whose schema is not this version's.
"""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from optin_engine.harness.refusal import FAULTY, CommandError, file_errors
from optin_engine.harness.shell import examples, print_lines, tell
from optin_engine.operations import OUR_STORE, AsJson, Limit, Number, StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optin_engine.service.service import Service
    from optin_engine.stores import MemberList, Send, Store

commands = typer.Typer()
lists = typer.Typer(help="Fill lists of numbers, and see them.", rich_markup_mode=None)
sends = typer.Typer(help="See, pause, resume and cancel sends.", rich_markup_mode=None)
commands.add_typer(lists, name="lists")
commands.add_typer(sends, name="sends")

Token = Annotated[str, typer.Argument(metavar="TOKEN", help="The tokenId that its call gave.")]


@lists.command(
    "import",
    epilog=examples(
        "lists import Friends friends.csv",
        "lists import Friends friends.csv --country US --refused refused.csv",
    ),
)
def import_(  # noqa: PLR0913 - each is an option of its own.
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the list; made if need be.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV; - for standard input.")],
    *,
    country: Annotated[
        str, typer.Option(metavar="CC", help="Numbers without a + are dialled as there: US.")
    ] = "",
    refused: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write refused lines to it: personal data, whole."),
    ] = None,
    from_line: Annotated[
        int, typer.Option(min=1, metavar="N", help="Go on from this line of the file.")
    ] = 1,
    as_json: AsJson = False,
    store: StoreUrl = OUR_STORE,
) -> None:
    """Put the numbers of a file into a list.

    The header has a column mobileNumber (or number, or phone), maybe subscriberKey, and any
    others are attributes for texts. Numbers have their calling code. A bad line is refused,
    and the rest goes on: then the status is 1. Who is in the list stays, as the file has it,
    so an import may be run again. Nobody receives anything who is not Subscribed.

    --refused writes each refused line as it was, after a column that says why: mend them, and
    import that file. It holds personal data, unmasked; delete it when that is done.
    """
    from contextlib import closing

    from optin_engine.harness.files import incoming, progress
    from optin_engine.harness.list_files import MemberFile
    from optin_engine.harness.list_import import Import, imported, imported_lines, refusals
    from optin_engine.harness.list_numbers import reads_numbers, remarks_on
    from optin_engine.harness.mos import UnfitError
    from optin_engine.harness.stored import in_store

    read_number, name = reads_numbers(country), _named(name)
    _judge_files(file, refused)
    with (
        in_store(store) as opened,
        file_errors(file, UnfitError),
        incoming(file) as raw,
        progress(raw, "lines") as count,
        closing(MemberFile(raw, read_number, remarks_on(country))) as members,
        refusals(refused, members, lambda line: print_lines([line], err=True)) as refuse,
    ):
        made = _made(opened, name)
        take = Import(opened.lists, made.id, file, refuse, count, from_line).take
        tally = take(members)
        report = imported(tally, members, _list_report(opened, made))
    tell(report, lambda told: imported_lines(told, is_kept=refused is not None), as_json=as_json)
    raise typer.Exit(FAULTY if report["refused"] else 0)


@lists.command("show", epilog=examples("lists show", "lists show Friends --json"))
def show_list(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="Of a list, or its id; else all lists.")
    ] = "",
    *,
    store: StoreUrl = OUR_STORE,
    as_json: AsJson = False,
) -> None:
    """Show a list, or all: how many numbers are in it, and its id for the API."""
    from optin_engine.harness.list_import import lists_lines
    from optin_engine.harness.stored import in_store

    with in_store(store) as opened:
        found = [_found_list(opened, name)] if name else opened.lists.every()
        report = [_list_report(opened, each) for each in found]
    tell(report, lists_lines, as_json=as_json)


@sends.command("list", epilog=examples("sends list", "sends list --limit 1000 --json"))
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


@sends.command("show", epilog=examples("sends show MzA6Nzk6MA"))
def show_send(token: Token, *, store: StoreUrl = OUR_STORE, as_json: AsJson = False) -> None:
    """Show how far a send is, and what became of its messages."""
    from optin_engine.harness.sends import send_lines
    from optin_engine.harness.stored import in_store

    with in_store(store) as opened:
        report = _send_report(opened, _found_send(opened, token))
    tell(report, send_lines, as_json=as_json)


@sends.command("why", epilog=examples("sends why MzA6Nzk6MA +15555550123"))
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


@sends.command(epilog=examples("sends pause MzA6Nzk6MA"))
def pause(token: Token, *, store: StoreUrl = OUR_STORE) -> None:
    """Hand over no more of a send for now."""
    _steer(store, token, "pause")


@sends.command(epilog=examples("sends resume MzA6Nzk6MA"))
def resume(token: Token, *, store: StoreUrl = OUR_STORE) -> None:
    """Go on with a paused send."""
    _steer(store, token, "resume")


@sends.command(epilog=examples("sends cancel MzA6Nzk6MA"))
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


def _judge_files(file: str, refused: Path | None) -> None:
    """Refuse to write over the file that is read."""
    is_there = refused is not None and refused.exists() and Path(file).exists()
    if refused is not None and is_there and refused.samefile(file):
        message = "the refused lines would be written over the file"
        raise CommandError(message)


def _named(name: str) -> str:
    from optin_engine.fields import LONGEST_NAME, Wrong, is_unset, text_of

    if is_unset(name):
        message = "a list needs a name"
        raise CommandError(message)
    try:
        return str(text_of(LONGEST_NAME)("NAME", name))
    except Wrong as wrong:
        raise CommandError(*wrong.args) from None


def _made(store: "Store", name: str) -> "MemberList":
    from optin_engine.service.clock import wall_clock

    return store.lists.make(name, wall_clock())


def _found_list(store: "Store", name: str) -> "MemberList":
    """Find a list by its name, or by its id if none is called so."""
    from optin_engine.web.identifiers import decode

    named = next((known for known in store.lists.every() if known.name == name.strip()), None)
    inner = decode(name, "list")
    found = named or (store.lists.find(inner) if isinstance(inner, int) else None)
    if found is None or not found.name:
        message = "the store has no such list; `optin-engine lists show` names them all"
        raise CommandError(message, status=FAULTY)
    return found


def _list_report(store: "Store", known: "MemberList") -> dict[str, Any]:
    from optin_engine.harness.standing import plain_time
    from optin_engine.web.identifiers import encode

    return {
        "listId": encode(known.id, "list"),
        "name": known.name,
        "count": store.lists.count(known.id),
        "createDate": plain_time(known.at),
    }


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
