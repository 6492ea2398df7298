"""To be written."""

import typer

commands = typer.Typer()
