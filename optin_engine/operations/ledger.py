"""`optin-engine ledger`: the consent records are verified, and shown to who asks for a proof."""

from pathlib import Path
from typing import Annotated

import typer

from optin_engine.harness.refusal import FAULTY, CommandError, file_errors
from optin_engine.harness.shell import examples, print_json, tell
from optin_engine.operations.options import OUR_STORE, AsJson, OnCode, StoreUrl

commands = typer.Typer(help="Verify and export the consent records.", rich_markup_mode=None)


@commands.command(epilog=examples("ledger verify", "ledger verify --json"))
def verify(*, store: StoreUrl = OUR_STORE, as_json: AsJson = False) -> None:
    """Walk every hash chain, and name each that breaks; the status is then 1."""
    from optin_engine.harness.consent_proof import verdict, verdict_lines
    from optin_engine.harness.stored import in_store

    with in_store(store) as opened:
        report = verdict(opened)
    tell(report, verdict_lines, as_json=as_json)
    raise typer.Exit(0 if report["holds"] else FAULTY)


@commands.command(
    epilog=examples(
        "ledger export +15555550123 > proof.json",
        "ledger export +15555550123 --code 123456 --page proof.html",
    ),
)
def export(  # noqa: PLR0913 - each is an option of its own.
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="E.164, with or without the +.")
    ] = "",
    *,
    contact: Annotated[
        int,
        typer.Option(
            metavar="ID", show_default=False, help="In place of a number that was erased."
        ),
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
