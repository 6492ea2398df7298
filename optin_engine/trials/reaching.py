"""How `test` and `fuzz` are told of a running system, and how they reach it."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from optin_engine.harness.refusal import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optin_engine.harness.targets.opening import Opened

NO_TARGET = "--adapter and --define are for a running system; name it by --target"

TargetOption = Annotated[
    str | None,
    typer.Option(
        "--target", metavar="URL|FILE", help="Try the system there; a TOML file can tell more."
    ),
]
AdapterOption = Annotated[
    Literal["inbound", "mobileconnect", "twilio"] | None,
    typer.Option(case_sensitive=False, help="What it speaks.  [default: inbound]"),
]
DefineOption = Annotated[
    bool,
    typer.Option("--define", help="Define the programmes there; other keywords are deleted."),
]


@contextmanager
def reached(told: str | None, adapter: str | None, *, define: bool) -> "Iterator[Opened | None]":
    """Open the system that a command was told of, until the block ends; None: of none.

    Raises:
        CommandError: it cannot be reached, or what is told of it is wrong.

    """
    if told is None:
        if adapter or define:
            raise CommandError(NO_TARGET)
        yield None
        return
    from optin_engine.harness.targets.described import described
    from optin_engine.harness.targets.opening import open_targets

    found = described(told, adapter or "", define=define)
    with open_targets(found.url, found.adapter, found.options()) as opened:
        if opened.carrier_url:
            typer.echo(f"Playing the carrier at {opened.carrier_url}", err=True)
        yield opened
