"""`optin-engine outbox`: the MTs that wait, and those that were given up."""

from typing import Annotated

import typer

from optin_engine.harness.refusal import FAULTY, CommandError
from optin_engine.harness.shell import examples, tell
from optin_engine.operations.options import OUR_STORE, AsJson, Limit, StoreUrl

commands = typer.Typer(help="See and requeue MTs that were given up.", rich_markup_mode=None)

# What a database keeps as an id.
LARGEST_ID = 2**63 - 1


@commands.command("list", epilog=examples("outbox list", "outbox list --limit 1000 --json"))
def list_(
    *,
    limit: Limit = 100,
    store: StoreUrl = OUR_STORE,
    as_json: AsJson = False,
) -> None:
    """Show how many MTs wait, and those that were given up, with the reason."""
    from optin_engine.harness.standing import backlog, backlog_lines
    from optin_engine.harness.stored import in_store

    with in_store(store) as opened:
        report = backlog(opened.backlog(), opened.dead(limit=limit))
    tell(report, backlog_lines, as_json=as_json)


@commands.command(epilog=examples("outbox requeue 1048579 1048583", "outbox requeue --all"))
def requeue(
    ids: Annotated[
        list[int] | None,
        typer.Argument(metavar="ID", min=1, max=LARGEST_ID, help="Of MTs."),
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All that were given up.")] = False,
    store: StoreUrl = OUR_STORE,
) -> None:
    """Queue MTs again that were given up."""
    from optin_engine.harness import lookup
    from optin_engine.harness.stored import in_store
    from optin_engine.service.clock import wall_clock

    if bool(ids) == every:
        message = "name the ids of MTs as `outbox list` shows them, or say --all"
        raise CommandError(message)
    with in_store(store) as opened:
        asked, done = lookup.requeue(opened, ids or (), wall_clock())
    typer.echo(f"Requeued {done} of {asked}." if ids else f"Requeued {done}.")
    raise typer.Exit(0 if done == asked else FAULTY)
