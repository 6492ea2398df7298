"""What every command shares: how it shows that it is called, and how it prints."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

import typer

if TYPE_CHECKING:
    from rich.console import Console

R = TypeVar("R")

# A file or a pipe has no width: wide enough there that nothing is ever wrapped.
UNBOUNDED = 100_000


def examples(*called: str) -> str:
    """Give the epilog that shows how a command is called; the marks keep its lines apart.

    >>> examples("init", "init acme.toml").splitlines()[1:]
    ['Examples:', '  optin-engine init', '  optin-engine init acme.toml']
    """
    lines = "\n".join(f"  optin-engine {command}" for command in called)
    return f"\b\nExamples:\n{lines}"


def print_json(report: object, *, err: bool = False) -> None:
    """Print a report as one line of JSON; on standard error, where `err` says so."""
    # Every command's module loads this one, and `--help` needs no JSON.
    import msgspec  # noqa: PLC0415

    typer.echo(msgspec.json.encode(report).decode(), err=err)


def print_lines(lines: Iterable[str], *, err: bool = False) -> None:
    """Print a report for people; on standard error, where `err` says so."""
    for line in lines:
        typer.echo(line, err=err)


def tell(report: R, lines_of: Callable[[R], Iterable[str]], *, as_json: bool) -> None:
    """Print a report as JSON, or as the lines for people that are made of it."""
    if as_json:
        print_json(report)
    else:
        print_lines(lines_of(report))


def widen(console: "Console") -> None:
    """Let a report wrap on a terminal only."""
    if not console.is_terminal:
        console.width = UNBOUNDED
