"""The operator's commands: `serve`, and what looks into a store or mends it.

As in `cli`, each imports what it needs when it runs. All but `serve` and `migrate` refuse a
store whose schema is not this version's, and none of them creates one by a slip in its name.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from optin_engine.harness.refusal import FAULTY, CommandError, file_errors
from optin_engine.harness.shell import examples, print_json, print_lines, tell

commands = typer.Typer()
ledger = typer.Typer(help="Verify and export the consent records.", rich_markup_mode=None)
outbox = typer.Typer(help="See and requeue MTs that were given up.", rich_markup_mode=None)
commands.add_typer(ledger, name="ledger")
commands.add_typer(outbox, name="outbox")


StoreUrl = Annotated[
    str,
    typer.Option(
        "--store",
        metavar="URL",
        envvar="OPTIN_ENGINE_STORE",
        help="sqlite:///FILE or postgresql://... (a password rather by the variable).",
    ),
]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="E.164, with or without the +.")]
OnCode = Annotated[str, typer.Option("--code", metavar="CODE", help="On this code only.")]
Limit = Annotated[int, typer.Option(min=1, max=1_000_000, help="Show at most so many.")]
AsJson = Annotated[bool, typer.Option("--json", help="Give it as JSON.")]
# What a database keeps as an id.
LARGEST_ID = 2**63 - 1
OUR_STORE = "sqlite:///optin.db"
UNCONFIGURED = (
    "serve needs a configuration with clients and secrets: --config FILE",
    "`optin-engine init --service serve.toml` writes one; or try it with --dev",
)


@commands.command(
    epilog=examples(
        "serve --dev",
        "serve --config serve.toml --store postgresql://db/optin --host 0.0.0.0",
    ),
)
def serve(
    *,
    store: StoreUrl = OUR_STORE,
    configuration: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="FILE",
            envvar="OPTIN_ENGINE_CONFIG",
            help="Clients, secrets, limits; `init --service` writes one.",
        ),
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; 0 for any that is free.")
    ] = 8080,
    for_dev: Annotated[
        bool,
        typer.Option("--dev", help="Try it on this machine: client dev, secret dev; no real MT."),
    ] = False,
) -> None:
    """Run the HTTP service.

    It wants a configuration with clients and secrets, or --dev, which listens to this machine
    only, and of a configuration takes but the definitions and limits. TERM and INT end it
    when what was begun is done.
    """
    from optin_engine.harness.stored import explained

    with explained():
        from optin_engine.web import config, dev, serving
    if for_dev:
        told = dev.dev_config(configuration, host)
    elif configuration is not None:
        told = config.read_config(configuration, os.environ)
    else:
        raise CommandError(*UNCONFIGURED)
    serving.run(told, store, (host, port), typer.echo)


@commands.command(epilog=examples("status +15555550123"))
def status(number: Number, *, store: StoreUrl = OUR_STORE, as_json: AsJson = False) -> None:
    """Show where a number stands on each code, and in how many lists."""
    from optin_engine.harness.lookup import known_or_listed
    from optin_engine.harness.standing import standing, standing_lines
    from optin_engine.harness.stored import in_store
    from optin_engine.service.service import Service

    with in_store(store) as opened:
        number = known_or_listed(opened, number)
        with Service(opened) as service:
            report = standing(opened, number, service.subscriptions(number))
    tell(report, standing_lines, as_json=as_json)


@commands.command(
    epilog=examples("history +15555550123 --code 123456", "history +15555550123 --record a.story")
)
def history(
    number: Number,
    *,
    code: OnCode = "",
    store: StoreUrl = OUR_STORE,
    as_json: AsJson = False,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help="Write it as a story instead.")
    ] = None,
) -> None:
    """Show what a number and the codes said to each other."""
    if record is not None and as_json:
        message = "--json and --record cannot be given at the same time"
        raise CommandError(message)
    from optin_engine.harness.lookup import known
    from optin_engine.harness.standing import conversation, conversation_lines
    from optin_engine.harness.stored import in_store

    with in_store(store) as opened:
        number, codes = known(opened, number, code)
        if record is not None:
            from optin_engine.harness.stories.history import record_history

            typer.echo(record_history(opened, number, codes, record))
            return
        report = conversation(opened, number, codes)
    tell(report, conversation_lines, as_json=as_json)


@commands.command(epilog=examples("erase +15555550123"))
def erase(
    number: Number,
    *,
    store: StoreUrl = OUR_STORE,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove the personal data of a number.

    Its consent records stay, without number, MO id and text; their chain still verifies.
    """
    from optin_engine.harness.lookup import codes_of, known_or_listed
    from optin_engine.harness.standing import erasure_lines
    from optin_engine.harness.stored import in_store

    with in_store(store) as opened:
        number = known_or_listed(opened, number)
        codes = codes_of(opened, number)
        chains = [chain for code in codes if (chain := opened.chain(code, number))]
        if not yes:
            make_sure(f"Erase {number} on {', '.join(codes) or 'no code'}? It cannot be undone.")
        gone = opened.erase(number)
    print_lines(erasure_lines(gone, [chain.contact for chain in chains]))


@commands.command(epilog=examples("migrate --store sqlite:///optin.db"))
def migrate(*, store: StoreUrl = OUR_STORE) -> None:
    """Bring a schema up to date; `serve` does so too."""
    from optin_engine import stores
    from optin_engine.harness.stored import explained

    with explained():
        before, after = stores.migrate(store)
    told = "already" if before == after else f"now; it was {before}"
    typer.echo(f"The schema is {after} {told}.")


@ledger.command(epilog=examples("ledger verify", "ledger verify --json"))
def verify(*, store: StoreUrl = OUR_STORE, as_json: AsJson = False) -> None:
    """Walk every hash chain, and name each that breaks; the status is then 1."""
    from optin_engine.harness.consent_proof import verdict, verdict_lines
    from optin_engine.harness.stored import in_store

    with in_store(store) as opened:
        report = verdict(opened)
    tell(report, verdict_lines, as_json=as_json)
    raise typer.Exit(0 if report["holds"] else FAULTY)


@ledger.command(
    epilog=examples(
        "ledger export +15555550123 > proof.json",
        "ledger export +15555550123 --code 123456 --page proof.html",
    ),
)
def export(  # noqa: PLR0913 - each is an option of its own.
    number: Annotated[
        str, typer.Argument(metavar="[NUMBER]", help="E.164, with or without the +.")
    ] = "",
    *,
    contact: Annotated[
        int, typer.Option(metavar="ID", help="In place of a number that was erased.")
    ] = 0,
    code: OnCode = "",
    page: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page to print, HTML.")
    ] = None,
    as_json: AsJson = False,
    store: StoreUrl = OUR_STORE,
) -> None:
    """Export the consent proof of one contact: JSON, or a page that a person can print."""
    from optin_engine.harness.consent_proof import proof
    from optin_engine.harness.lookup import chain_of, erased
    from optin_engine.harness.proof_page import page as written
    from optin_engine.harness.stored import in_store
    from optin_engine.service.catalog import Catalog
    from optin_engine.service.clock import wall_clock

    if bool(number) == bool(contact):
        message = "name a NUMBER, or a contact that was erased by --contact ID"
        raise CommandError(message)
    if page is not None and as_json:
        message = "--json and --page cannot be given at the same time"
        raise CommandError(message)
    with in_store(store) as opened:
        chain = chain_of(opened, number, code) if number else erased(opened, contact)
        codes = Catalog(opened).account().codes
        brand = codes[chain.code].brand if chain.code in codes else ""
        report = proof(opened, chain, brand, wall_clock())
    if page is None:
        print_json(report)
        return
    with file_errors(page):
        page.write_text(written(report), encoding="utf-8")
    typer.echo(f"Wrote {page}.")


@commands.command(epilog=examples("messages", "messages --json"))
def messages(*, store: StoreUrl = OUR_STORE, as_json: AsJson = False) -> None:
    """List outbound messages, with the ids that sends take."""
    from optin_engine.harness.outbound import messages_lines
    from optin_engine.harness.stored import in_store
    from optin_engine.web.outbound_messages import messages_of

    with in_store(store) as opened:
        report = messages_of(opened.definitions()[1])
    tell(report, messages_lines, as_json=as_json)


@outbox.command("list", epilog=examples("outbox list", "outbox list --limit 1000 --json"))
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


@outbox.command(epilog=examples("outbox requeue 1048579 1048583", "outbox requeue --all"))
def requeue(
    ids: Annotated[
        list[int] | None,
        typer.Argument(metavar="[ID]...", min=1, max=LARGEST_ID, help="Of MTs."),
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


def make_sure(question: str, kept: str = "nothing was erased") -> None:
    """Ask before what cannot be undone; raises `CommandError` unless the answer is yes."""
    if not sys.stdin.isatty():
        message = "nobody is there to ask; say --yes"
        raise CommandError(message)
    if not typer.confirm(question):
        raise CommandError(kept, status=FAULTY)
