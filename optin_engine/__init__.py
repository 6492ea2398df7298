"""SMS opt-in that is right: Single, Double, Age and Text Response as explicit state machines.

>>> from datetime import UTC, datetime
>>> from optin_engine import Contact, Engine, Inbound
>>> from optin_engine.harness import starter
>>> now, engine = datetime(2026, 11, 21, 18, tzinfo=UTC), Engine(starter())
>>> asked = engine.receive(Contact("+15555550123", "123456"), Inbound("Join!", now))
>>> joined = engine.receive(asked.contact, Inbound("Yes please.", now))
>>> asked.state, joined.state, joined.outbound[0].kind
(<State.IN_PROGRESS: 'In Progress'>, <State.SUBSCRIBED: 'Subscribed'>, 'confirmation')

Each name is loaded with its module when it is first asked for, so that the command line and
the pytest plugin, which both come through here, start at once. There is no assertion for
pytest to rewrite (PYTEST_DONT_REWRITE), so it may also be run by who has us imported already.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optin_engine.account import Account, UnknownCode
    from optin_engine.consent import erase, verify
    from optin_engine.engine import Engine
    from optin_engine.entries import DefinitionError, Fault
    from optin_engine.flow import Flow, TableError
    from optin_engine.machines import FLOWS, compile_flow, machine
    from optin_engine.outcome import ConsentRecord, Outbound, Outcome
    from optin_engine.program import Code, OutboundMessage, Program, QuietHours
    from optin_engine.vocabulary import (
        Contact,
        Hears,
        Inbound,
        Instruction,
        OptInType,
        Origin,
        Reading,
        Refusal,
        Says,
        State,
        Subscription,
        Verdict,
        from_json,
        to_json,
    )

__version__ = "0.4.0"

__all__ = [
    "FLOWS",
    "Account",
    "Code",
    "ConsentRecord",
    "Contact",
    "DefinitionError",
    "Engine",
    "Fault",
    "Flow",
    "Hears",
    "Inbound",
    "Instruction",
    "OptInType",
    "Origin",
    "Outbound",
    "OutboundMessage",
    "Outcome",
    "Program",
    "QuietHours",
    "Reading",
    "Refusal",
    "Says",
    "State",
    "Subscription",
    "TableError",
    "UnknownCode",
    "Verdict",
    "compile_flow",
    "erase",
    "from_json",
    "machine",
    "to_json",
    "verify",
]

# fmt: off
_HOMES = {
    # name              module
    "FLOWS":           "machines",
    "Account":         "account",
    "Code":            "program",
    "ConsentRecord":   "outcome",
    "Contact":         "vocabulary",
    "DefinitionError": "entries",
    "Engine":          "engine",
    "Fault":           "entries",
    "Flow":            "flow",
    "Hears":           "vocabulary",
    "Inbound":         "vocabulary",
    "Instruction":     "vocabulary",
    "OptInType":       "vocabulary",
    "Origin":          "vocabulary",
    "Outbound":        "outcome",
    "OutboundMessage": "program",
    "Outcome":         "outcome",
    "Program":         "program",
    "QuietHours":      "program",
    "Reading":         "vocabulary",
    "Refusal":         "vocabulary",
    "Says":            "vocabulary",
    "State":           "vocabulary",
    "Subscription":    "vocabulary",
    "TableError":      "flow",
    "UnknownCode":     "account",
    "Verdict":         "vocabulary",
    "compile_flow":    "machines",
    "erase":           "consent",
    "from_json":       "vocabulary",
    "machine":         "machines",
    "to_json":         "vocabulary",
    "verify":          "consent",
}
# fmt: on


# A type checker knows the names by the imports above, and must go on to find a wrong one.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a name, and keep it so that it is loaded once."""
        if name not in _HOMES:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message, name=name)
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
