"""The tester's commands, and the language of what is tested: each a thin shell.

As in `cli`, each imports what it needs when it runs.
"""

import typer

from optin_engine.trials import fuzz, lint, stories, templates

commands = typer.Typer()
for command in (stories, fuzz, lint, templates):
    commands.add_typer(command.commands)
