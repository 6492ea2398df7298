"""What the commands on a store share: their options, and the question before an end."""

import sys
from typing import Annotated

import typer

from optin_engine.harness.refusal import FAULTY, CommandError

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
Limit = Annotated[
    int, typer.Option(min=1, max=1_000_000, metavar="N", help="Show at most so many.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Give it as JSON.")]
OUR_STORE = "sqlite:///optin.db"


def make_sure(question: str, kept: str) -> None:
    """Ask before what cannot be undone.

    Args:
        question: what is asked.
        kept: what is said where the answer is no.

    Raises:
        CommandError: the answer is no (status 1), or nobody is there to give one (status 2).

    """
    if not sys.stdin.isatty():
        message = "nobody is there to ask; say --yes"
        raise CommandError(message)
    if not typer.confirm(question):
        raise CommandError(kept, status=FAULTY)
