"""Writes every picture of `diagrams/` from the code: `python -m optin_engine.harness.diagrams`.

The flows are drawn from their rows, the conversation by playing it with the example
account, and the layers from the imports as they are.
"""

from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

from optin_engine import render
from optin_engine.engine import Engine
from optin_engine.harness import starter
from optin_engine.machines import FLOWS
from optin_engine.vocabulary import Contact, Inbound

NUMBER, CODE, NOON = "+15555550123", "123456", datetime(2026, 6, 1, 12, tzinfo=UTC)
CONVERSATION = ("JOIN", "What is this?", "HELP", "Yes please!", "STOP")

PACKAGE = "optin_engine"
SHELLS = (
    *("cli", "mailings", "operations", "trials", "web", "harness"),
    *("service", "transports", "stores"),
)


def conversation() -> str:
    """Play a Double opt-in, one text a minute, and draw it."""
    engine, contact, turns = Engine(starter()), Contact(NUMBER, CODE), []
    for minute, text in enumerate(CONVERSATION):
        outcome = engine.receive(contact, Inbound(text, NOON + timedelta(minutes=minute)))
        contact = outcome.contact
        turns.append((text, [outbound.text for outbound in outcome.outbound], outcome.state))
    return render.sequence(NUMBER, CODE, turns)


def layers() -> str:
    """Read the imports of the package, each shell as one, and draw them.

    Raises:
        ModuleNotFoundError: grimp is not installed, which comes with import-linter.

    """
    graph = import_module("grimp").build_graph(PACKAGE, exclude_type_checking_imports=True)
    imports: dict[str, set[str]] = {}
    for module in sorted(graph.modules):
        user = _layer(module)
        used = imports.setdefault(user, set())
        found = graph.find_modules_directly_imported_by(module)
        used.update(other for other in map(_layer, found) if other not in {user, ""})
    for public in ("", "__main__"):
        imports.pop(public, None)
    groups = {
        "shells": [module for module in imports if module in SHELLS],
        "core": [module for module in imports if module not in SHELLS],
    }
    return render.layers({module: sorted(used) for module, used in imports.items()}, groups)


def drawings() -> dict[str, str]:
    """Give every picture as a Mermaid text, by the name of its file."""
    flows = {name.lower(): render.mermaid(flow) for name, flow in FLOWS.items()}
    return {**flows, "conversation": conversation(), "layers": layers()}


def write(folder: Path) -> None:
    """Write every picture into a folder, as Mermaid and as SVG.

    Raises:
        ModuleNotFoundError: a package that it needs is not installed.

    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in drawings().items():
        (folder / f"{name}.mmd").write_text(text, encoding="utf-8")
        (folder / f"{name}.svg").write_text(render.svg(text), encoding="utf-8")


def _layer(module: str) -> str:
    """Name a module without its package; what is inside a shell is that shell."""
    name = module.removeprefix(PACKAGE).removeprefix(".")
    return name.split(".")[0]


if __name__ == "__main__":
    parser = ArgumentParser(description="Write every picture from the code, as Mermaid and as SVG.")
    parser.add_argument("folder", nargs="?", type=Path, default="diagrams", help="where to")
    try:
        write(parser.parse_args().folder)
    except (OSError, ModuleNotFoundError) as error:
        parser.error(str(error))
