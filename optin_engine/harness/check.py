"""What `optin-engine check` finds: faults and warnings of a definition, and the proof.

Outbound messages are listed, each with the keyword that its sends subscribe to.

What the copy lint finds is among the warnings; its messages begin with the id of the rule.

A report is plain values first, as `--json` gives them, and the text for people is made of
nothing else: both always say the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from optin_engine.account import ACCOUNT, Account, read_account
from optin_engine.entries import Fault
from optin_engine.harness.shell import widen
from optin_engine.lint import lint
from optin_engine.machines import FLOWS
from optin_engine.messages import keyword_for
from optin_engine.proof import Proof, prove
from optin_engine.proof_of_contacts import prove_contacts

Report = dict[str, Any]

NO_CODE = "There is no code that could be texted; `chat` and `fuzz` want one."
FOLLOWING = "Warnings follow once the faults are mended."


def report(definitions: object, today: date) -> Report:
    """Judge definitions, and prove the machines.

    Args:
        definitions: what a definition file holds, as `account.read_account` takes it.
        today: against which start and end dates are held.

    Returns:
        `faults` and `warnings`, each with `program`, `field` and `message` (what is faulty has
        no warnings yet: they follow once the faults are mended); `messages`, the
        outbound ones of sound definitions, each with its `name`, its `code`, the `keyword` that
        its sends subscribe to (empty where none is clear), whether it is `active`, and its
        `text`; and `proof`: whether it `holds`, and for each of `machines` its `name`, the
        `states` and `edges` walked, the `invariants` proved, and those `broken`, each with the
        shortest `conversation` that breaks it.

    >>> found = report({"codes": [{"shortCode": "123456", "countryCode": "USA"}]}, date.today())
    >>> found["faults"][0]["field"], found["proof"]["holds"]
    ('countryCode', True)
    """
    account, faults = read_account(definitions)
    warnings = _warnings(account, today) if account else ()
    return {
        "faults": _plain(faults),
        "warnings": _plain(warnings),
        "messages": [*_messages(account)] if account else [],
        "proof": _proof(),
    }


def unreadable(problem: str) -> Report:
    """Give the report on a file that is not TOML or JSON at all: one fault, of no field."""
    fault = {"program": "", "field": "", "message": problem}
    return {"faults": [fault], "warnings": [], "messages": [], "proof": _proof()}


def is_sound(found: Report) -> bool:
    """Tell whether there is no fault and the proof holds; warnings do not count."""
    return not found["faults"] and bool(found["proof"]["holds"])


def show(found: Report, console: Console) -> None:
    """Print a report for people, in tables; to a file or a pipe without wrapping."""
    widen(console)
    for title, style in (("faults", "red"), ("warnings", "yellow")):
        if found[title]:
            console.print(_judged(title, style, found[title]))
        elif title == "warnings" and found["faults"]:
            console.print(FOLLOWING, style="yellow")
        else:
            console.print(f"No {title}.", style="green")
    if found["messages"]:
        console.print(_outbound(found["messages"]))
    machines = found["proof"]["machines"]
    console.print(_walked(machines))
    for machine in machines:
        for broken in machine["broken"]:
            conversation = ", ".join(broken["conversation"])
            problem = f"{machine['name']}: broken: {broken['invariant']}, by {conversation}"
            console.print(Text(problem, style="red"))
    names = dict.fromkeys(name for machine in machines for name in machine["invariants"])
    console.print("\nProved in every state that can be reached:")
    for name in names:
        console.print(Text(f"  {name}"))


def _warnings(account: Account, today: date) -> Iterator[Fault]:
    if not account.codes:
        yield Fault(ACCOUNT, "codes", NO_CODE)
    yield from account.warnings(today)
    for found in lint(account):
        yield Fault(found.program, found.field, f"{found.rule}: {found.message}")


def _messages(account: Account) -> Iterator[Report]:
    for code in account.codes.values():
        for message in code.outbound:
            yield {
                "name": message.name,
                "code": code.digits,
                "keyword": keyword_for(message, code),
                "active": message.is_active,
                "text": message.text,
            }


def _plain(faults: Iterable[Fault]) -> list[dict[str, str]]:
    return [
        {"program": fault.program, "field": fault.field, "message": fault.message}
        for fault in faults
    ]


# The machines are what they were when they were imported: one walk serves every report.
@cache
def _proof() -> Report:
    proofs = [*(prove(flow) for flow in FLOWS.values()), *prove_contacts()]
    machines = [_plain_proof(proof) for proof in proofs]
    return {"holds": not any(proof.broken for proof in proofs), "machines": machines}


def _plain_proof(proof: Proof) -> Report:
    return {
        "name": proof.name,
        "states": proof.states,
        "edges": proof.edges,
        "invariants": list(proof.invariants),
        "broken": [
            {"invariant": broken.invariant, "conversation": list(broken.conversation)}
            for broken in proof.broken
        ],
    }


def _judged(title: str, style: str, faults: Sequence[dict[str, str]]) -> Table:
    table = _table(f"{len(faults)} {title if len(faults) > 1 else title[:-1]}", style)
    for heading in ("program", "field", "message"):
        table.add_column(heading, overflow="fold")
    for fault in faults:
        table.add_row(*(Text(fault[name]) for name in ("program", "field", "message")))
    return table


def _outbound(messages: Iterable[Report]) -> Table:
    table = _table("Outbound messages", "green")
    for heading in ("message", "code", "subscribes to", "active", "text"):
        table.add_column(heading, overflow="fold")
    for message in messages:
        active = "yes" if message["active"] else "no"
        told = (message["name"], message["code"], message["keyword"], active, message["text"])
        table.add_row(*map(Text, told))
    return table


def _walked(machines: Iterable[Report]) -> Table:
    table = _table("The proof", "green")
    table.add_column("machine")
    for heading in ("states", "edges", "proved", "broken"):
        table.add_column(heading, justify="right")
    for machine in machines:
        table.add_row(machine["name"], *_figures(machine))
    return table


def _figures(machine: Report) -> Iterator[str]:
    yield f"{machine['states']:,}"
    yield f"{machine['edges']:,}"
    yield str(len(machine["invariants"]))
    yield str(len(machine["broken"]))


def _table(title: str, style: str) -> Table:
    return Table(title=title, title_style=style, title_justify="left", box=None, pad_edge=False)
