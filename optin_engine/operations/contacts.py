"""What a store knows of one number: where it stands, what was said; and how that is erased."""

from pathlib import Path
from typing import Annotated

import typer

from optin_engine.harness.refusal import CommandError
from optin_engine.harness.shell import examples, print_lines, tell
from optin_engine.operations.options import OUR_STORE, AsJson, Number, OnCode, StoreUrl, make_sure

commands = typer.Typer()


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
            question = f"Erase {number} on {', '.join(codes) or 'no code'}? It cannot be undone."
            make_sure(question, "nothing was erased")
        gone = opened.erase(number)
    print_lines(erasure_lines(gone, [chain.contact for chain in chains]))
