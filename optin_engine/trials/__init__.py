"""The tester's commands: `test`, `fuzz` and `lint`, each a thin shell around the harness.

As in `cli`, each imports what it needs when it runs.
"""

import typer

from optin_engine.trials import fuzz, lint, stories

commands = typer.Typer()
for command in (stories, fuzz, lint):
    commands.add_typer(command.commands)
