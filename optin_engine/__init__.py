"""SMS opt-in that is right: Single, Double and Age opt-in as explicit state machines.

>>> from datetime import UTC, datetime
>>> from optin_engine.harness import starter
>>> now, engine = datetime(2026, 11, 21, 18, tzinfo=UTC), Engine(starter())
>>> asked = engine.receive(Contact("+15555550123", "123456"), Inbound("Join!", now))
>>> joined = engine.receive(asked.contact, Inbound("Yes please.", now))
>>> asked.state, joined.state, joined.outbound[0].kind
(<State.IN_PROGRESS: 'In Progress'>, <State.SUBSCRIBED: 'Subscribed'>, 'confirmation')
"""

from optin_engine.account import Account, UnknownCode
from optin_engine.consent import erase, verify
from optin_engine.definition import DefinitionError, Fault
from optin_engine.engine import Engine
from optin_engine.flow import Flow, TableError
from optin_engine.machines import FLOWS, compile_flow, machine
from optin_engine.outcome import ConsentRecord, Outbound, Outcome
from optin_engine.program import Code, Program
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

__version__ = "0.2.0"

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
    "Outcome",
    "Program",
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
