"""The operator's commands: `serve`, and what looks into a store or mends it.

As in `cli`, each imports what it needs when it runs. All but `serve` and `migrate` refuse a
store whose schema is not this version's, and none of them creates one by a slip in its name.
"""

import typer

from optin_engine.operations import contacts, ledger, outbox, serving

commands = typer.Typer()
commands.add_typer(serving.commands)
commands.add_typer(contacts.commands)
commands.add_typer(ledger.commands, name="ledger")
commands.add_typer(outbox.commands, name="outbox")
