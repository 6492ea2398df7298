"""The campaigner's commands: `messages`, `lists` and `sends`, thin shells around the harness.

As in `cli`, each imports what it needs when it runs. Like the operator's commands they refuse
a store that is not there, or whose schema is not this version's.
"""

import typer

from optin_engine.mailings import lists, messages, sends

commands = typer.Typer()
commands.add_typer(messages.commands)
commands.add_typer(lists.commands, name="lists")
commands.add_typer(sends.commands, name="sends")
