"""`optin-engine messages`: what can be sent, by the ids that sends take."""

import typer

from optin_engine.harness.shell import examples, tell
from optin_engine.operations.options import OUR_STORE, AsJson, StoreUrl

commands = typer.Typer()


@commands.command(epilog=examples("messages", "messages --json"))
def messages(*, store: StoreUrl = OUR_STORE, as_json: AsJson = False) -> None:
    """List outbound messages, with the ids that sends take."""
    from optin_engine.harness.outbound import messages_lines
    from optin_engine.harness.stored import in_store
    from optin_engine.web.outbound_messages import messages_of

    with in_store(store) as opened:
        report = messages_of(opened.definitions()[1])
    tell(report, messages_lines, as_json=as_json)
