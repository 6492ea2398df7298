"""The same on `transitions`: one shared `Machine` for each table, fired for every MO.

The machines are those that `optin_engine.machines` builds; each has one model, which is set
to the state of the subscription, fired, and asked for its state and for what it said.
"""

from collections.abc import Callable
from typing import Any

from optin_engine import machines
from optin_engine.account import Account
from optin_engine.guards import Situation
from optin_engine.tables import TABLES
from optin_engine.vocabulary import (
    Contact,
    Inbound,
    Reading,
    Refusal,
    Says,
    State,
    Subscription,
)
from tests.benchmarks.peers.handwritten import Decision, Handwritten, Heard


class Model:
    """What a machine moves: its state, and the text that the last row said."""

    said: Says
    trigger: Callable[[str, Situation], bool]

    def __init__(self) -> None:
        for text in (*Says, *Refusal):
            setattr(self, text, self._sayer(text))

    def _sayer(self, text: Says | Refusal) -> Callable[[Situation], None]:
        def say(_: Situation) -> None:
            self.said = text if isinstance(text, Says) else Says.NOTHING

        return say


class Fired(Handwritten):
    """The conversation, decided by firing machines."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._machines: dict[str, tuple[Any, Model]] = {}
        for name, (states, _, rows) in TABLES.items():
            machine, model = machines.build(name, states, rows), Model()
            machine.add_model(model)
            self._machines[name] = machine, model

    def decide(self, heard: Heard) -> Decision:
        """Fire the machine of the programme's opt-in type."""
        situation = Situation(
            heard.program, heard.contact, heard.subscription, heard.inbound, heard.reading
        )
        return self._fire(heard.program.opt_in_type, situation)

    def decide_itself(self, contact: Contact, inbound: Inbound, reading: Reading) -> Decision:
        """Fire the machine of the contact itself."""
        itself = Subscription("", contact.state)
        return self._fire("Contact", Situation(None, contact, itself, inbound, reading))

    def _fire(self, name: str, it: Situation) -> Decision:
        machine, model = self._machines[name]
        machine.set_state(_KEYS[it.subscription.state], model)
        model.said = Says.NOTHING
        model.trigger(it.reading.hears, it)
        state: Any = machine.get_model_state(model).value
        return state, model.said, model.said in _TAKE_AN_ATTEMPT and state == it.subscription.state


# `transitions` calls a state of an enumeration by its name.
_KEYS = {str(state): state.name for state in State}
_TAKE_AN_ATTEMPT = frozenset({Says.INITIAL, Says.BIRTH_DATE, Says.ERROR})
