"""`optin-engine lint`: what carriers, platforms and the law would say of the copy."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from optin_engine.harness.refusal import FAULTY, CommandError, file_errors
from optin_engine.harness.shell import examples, print_json

commands = typer.Typer()

HERE = "-"
Threshold = Literal["warning", "error"]


@commands.command(
    epilog=examples("lint optin.toml", "lint optin.toml --provider twilio --sarif lint.sarif"),
)
def lint(
    definitions: Annotated[
        Path, typer.Argument(metavar="DEFINITIONS", help="Your codes and programmes, TOML or JSON.")
    ],
    *,
    provider: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A platform that the texts go through; may be repeated."),
    ] = None,
    fail_on: Annotated[
        Threshold, typer.Option(case_sensitive=False, help="From which severity on to fail.")
    ] = "error",
    as_json: Annotated[bool, typer.Option("--json", help="Give the report as JSON.")] = False,
    sarif: Annotated[str, typer.Option(metavar="FILE", help="Write SARIF 2.1.0; - for here.")] = "",
) -> None:
    """Judge the texts, as carriers and the law do.

    The status is 1 if a finding is as grave as --fail-on or the definitions are faulty, and 2 if
    they cannot be read. `lintIgnore = "prompt-rates, ucs2"` on a programme or a code passes rules
    over.
    """
    from optin_engine import __version__
    from optin_engine.harness import linting
    from optin_engine.harness.definitions import content_of, parsed

    if as_json and sarif == HERE:
        message = "--json and --sarif - would both be written here; name a file for one"
        raise CommandError(message)
    providers = _known(provider or [])
    content = content_of(definitions)
    given = parsed(content, definitions)
    found = linting.report(given, content.decode("utf-8-sig"), providers)
    if sarif:
        _write(sarif, linting.sarif(found, definitions, __version__))
    if as_json:
        print_json(found)
    elif sarif != HERE:
        _show(found)
    raise typer.Exit(FAULTY if linting.fails(found, fail_on) else 0)


def _known(providers: list[str]) -> list[str]:
    from optin_engine.lint import PROVIDER_BY_ID

    named = list(dict.fromkeys(name.lower() for name in providers))
    for name in named:
        if name not in PROVIDER_BY_ID:
            message = f"{name} is no provider that this lint knows: {', '.join(PROVIDER_BY_ID)}"
            raise CommandError(message)
    return named


def _write(name: str, log: object) -> None:
    from msgspec import json

    if name == HERE:
        print_json(log)
        return
    with file_errors(name):
        Path(name).write_bytes(json.encode(log) + b"\n")


def _show(found: dict[str, object]) -> None:
    from rich.console import Console

    from optin_engine.harness.linting import show

    console = Console(highlight=False)
    with console.capture() as shown:
        show(found, console)
    typer.echo(shown.get(), nl=False)
