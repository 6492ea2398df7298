"""`optin-engine lists`: lists of numbers are filled, shown, emptied and deleted."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from optin_engine.harness.refusal import FAULTY, CommandError, file_errors
from optin_engine.harness.shell import examples, print_lines, tell
from optin_engine.operations.options import OUR_STORE, AsJson, StoreUrl, make_sure

if TYPE_CHECKING:
    from optin_engine.harness.list_numbers import ReadNumber
    from optin_engine.stores import MemberList, Store

commands = typer.Typer(help="Fill lists of numbers, empty and delete them.", rich_markup_mode=None)

ListName = Annotated[str, typer.Argument(metavar="NAME", help="Of a list, or its id.")]
Country = Annotated[
    str, typer.Option(metavar="CC", help="Numbers without a + are dialled as there: US.")
]
Encoding = Annotated[
    str, typer.Option(metavar="NAME", help="How the file is written: cp1252; else UTF-8.")
]


@commands.command(
    "import",
    epilog=examples(
        "lists import Friends friends.csv",
        "lists import Friends friends.csv --country US --refused refused.csv",
        "lists import Friends excel.csv --encoding cp1252",
    ),
)
def import_(  # noqa: PLR0913 - each is an option of its own.
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the list; made if need be.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV; - for standard input.")],
    *,
    country: Country = "",
    encoding: Encoding = "",
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

    A file is UTF-8, or as its byte order mark says, or else as --encoding names it. Commas,
    semicolons or tabs stand between its cells.

    --refused writes each refused line as it was, after a column that says why: mend them, and
    import that file. It holds personal data, unmasked; delete it when that is done.
    """
    from contextlib import closing

    from optin_engine.harness.csv_lines import known_encoding
    from optin_engine.harness.files import incoming, progress
    from optin_engine.harness.list_files import MemberFile
    from optin_engine.harness.list_import import Import, imported, imported_lines, refusals
    from optin_engine.harness.list_numbers import reads_numbers, remarks_on
    from optin_engine.harness.mos import UnfitError
    from optin_engine.harness.stored import in_store

    read_number, name = reads_numbers(country), _named(name)
    remark_on, codec = remarks_on(country), known_encoding(encoding)
    _judge_files(file, refused)
    with (
        in_store(store) as opened,
        file_errors(file, UnfitError),
        incoming(file) as raw,
        progress(raw, "lines") as count,
        closing(MemberFile(raw, read_number, remark_on, codec)) as members,
        refusals(refused, members, lambda line: print_lines([line], err=True)) as refuse,
    ):
        made = _made(opened, name)
        take = Import(opened.lists, made.id, file, refuse, count, from_line).take
        tally = take(members)
        report = imported(tally, members, _list_report(opened, made))
    tell(report, lambda told: imported_lines(told, is_kept=refused is not None), as_json=as_json)
    raise typer.Exit(FAULTY if report["refused"] else 0)


@commands.command("show", epilog=examples("lists show", "lists show Friends --json"))
def show_list(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Of a list, or its id; else all lists.")
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


@commands.command(
    epilog=examples("lists remove Friends wrong.csv", "lists remove Friends +15555550123")
)
def remove(  # noqa: PLR0913 - each is an option of its own.
    name: ListName,
    whom: Annotated[
        list[str], typer.Argument(metavar="FILE|NUMBER...", help="CSV as for import; or numbers.")
    ],
    *,
    country: Country = "",
    encoding: Encoding = "",
    store: StoreUrl = OUR_STORE,
    as_json: AsJson = False,
) -> None:
    """Take numbers out of a list: those of a file, or these.

    Of the file only the numbers count. Who is not in the list is no fault; a bad line is, and
    then the status is 1. A send that is under way goes on with whom it has queued already;
    `optin-engine sends cancel` ends it.
    """
    from optin_engine.harness.csv_lines import known_encoding
    from optin_engine.harness.list_numbers import reads_numbers
    from optin_engine.harness.list_removal import removal_lines
    from optin_engine.harness.stored import in_store

    read_number, codec = reads_numbers(country), known_encoding(encoding)
    with in_store(store) as opened:
        found = _found_list(opened, name)
        report = _taken_out(opened, found, whom, read_number, codec)
        report["list"] = _list_report(opened, found)
    tell(report, removal_lines, as_json=as_json)
    raise typer.Exit(FAULTY if report["refused"] else 0)


@commands.command(epilog=examples("lists delete Friends", "lists delete Friends --yes"))
def delete(
    name: ListName,
    *,
    store: StoreUrl = OUR_STORE,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a list that no send under way names.

    What past sends said stays, and so do the numbers elsewhere and their consent. A list that
    is made under the same name later is another one, with another id.
    """
    from optin_engine.harness.list_import import lists_lines
    from optin_engine.harness.list_removal import kept_by
    from optin_engine.harness.stored import in_store
    from optin_engine.web.identifiers import encode

    with in_store(store) as opened:
        found = _found_list(opened, name)
        (told,) = lists_lines([_list_report(opened, found)])
        if not yes:
            make_sure(f"Delete {told}? It cannot be undone.", "nothing was deleted")
        if naming := opened.lists.delete(found.id):
            raise CommandError(kept_by([encode(send, "send") for send in naming]), status=FAULTY)
    print_lines([f"deleted: {told}"])


def _taken_out(
    store: "Store", found: "MemberList", whom: list[str], read_number: "ReadNumber", codec: str
) -> dict[str, Any]:
    from contextlib import closing

    from optin_engine.harness.files import incoming
    from optin_engine.harness.list_files import MemberFile
    from optin_engine.harness.list_import import refusals
    from optin_engine.harness.list_removal import are_numbers, listed, take_out
    from optin_engine.harness.mos import UnfitError

    if are_numbers(whom):
        return take_out(store.lists, found.id, listed(whom, read_number))
    if len(whom) > 1:
        message = "FILE|NUMBER... is invalid. It must be one file, or numbers alone"
        raise CommandError(message)
    (file,) = whom
    with (
        file_errors(file, UnfitError),
        incoming(file) as raw,
        closing(MemberFile(raw, read_number, encoding=codec)) as members,
        refusals(None, members, lambda line: print_lines([line], err=True)) as refuse,
    ):
        return take_out(store.lists, found.id, members, refuse)


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
