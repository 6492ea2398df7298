"""`optin-engine templates`: what can be written between percent signs."""

import typer

from optin_engine.harness.shell import examples, print_lines

commands = typer.Typer()


@commands.command(epilog=examples("templates", "templates | grep Date"))
def templates() -> None:
    """Show the template language, with examples."""
    from optin_engine.templating.reference import reference_lines

    print_lines(reference_lines())
