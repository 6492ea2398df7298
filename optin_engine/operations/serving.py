"""`optin-engine serve`, and `migrate`, which it does on its own, too."""

import os
from pathlib import Path
from typing import Annotated

import typer

from optin_engine.harness.refusal import CommandError
from optin_engine.harness.shell import examples
from optin_engine.operations.options import OUR_STORE, StoreUrl

commands = typer.Typer()

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
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="N", help="The port; 0 for any that is free.")
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


@commands.command(epilog=examples("migrate --store sqlite:///optin.db"))
def migrate(*, store: StoreUrl = OUR_STORE) -> None:
    """Bring a schema up to date; `serve` does so too."""
    from optin_engine import stores
    from optin_engine.harness.stored import explained

    with explained():
        before, after = stores.migrate(store)
    told = "already" if before == after else f"now; it was {before}"
    typer.echo(f"The schema is {after} {told}.")
