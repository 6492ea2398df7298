"""The same on python-statemachine: a class for each opt-in type, an instance each.

As its documentation shows: states and transitions in the class body, guards by `cond`, what
is said as the value that an action returns from `send`. A machine has a `Heard` beside it.
"""

from typing import Any

from statemachine import State as Node
from statemachine import StateChart

from optin_engine.account import Account
from optin_engine.vocabulary import (
    Contact,
    Inbound,
    OptInType,
    Reading,
    Says,
    State,
    Verdict,
)
from tests.benchmarks.peers.handwritten import Decision, Handwritten, Heard, came_back, is_today


class Conversation(StateChart[Any]):
    """What both machines share: the guards, and what is said."""

    def attempts_left(self, heard: Heard) -> bool:
        return heard.subscription.attempts < heard.program.max_attempts

    def cooling_down(self, heard: Heard) -> bool:
        until = heard.subscription.locked_until
        return until is not None and heard.inbound.received_at < until

    def old_enough(self, heard: Heard) -> bool:
        return heard.reading.verdict == Verdict.OLD_ENOUGH

    def too_young(self, heard: Heard) -> bool:
        return heard.reading.verdict == Verdict.TOO_YOUNG

    def say_initial(self) -> Says:
        return Says.INITIAL

    def say_birth_date(self) -> Says:
        return Says.BIRTH_DATE

    def say_error(self) -> Says:
        return Says.ERROR

    def say_confirmation(self) -> Says:
        return Says.CONFIRMATION

    def say_duplicate(self) -> Says:
        return Says.DUPLICATE

    def say_invalid_age(self) -> Says:
        return Says.INVALID_AGE

    def say_stop(self) -> Says:
        return Says.STOP

    def say_help(self) -> Says:
        return Says.HELP


class Double(Conversation):
    """Double opt-in."""

    none = Node(initial=True, value=State.NONE)
    in_progress = Node(value=State.IN_PROGRESS)
    subscribed = Node(value=State.SUBSCRIBED)
    unsubscribed = Node(value=State.UNSUBSCRIBED)

    JOIN = (
        none.to(in_progress, on="say_initial")
        | unsubscribed.to(in_progress, on="say_initial")
        | in_progress.to(in_progress, internal=True, cond="attempts_left", on="say_initial")
        | subscribed.to(subscribed, internal=True, on="say_duplicate")
    )
    YES = in_progress.to(subscribed, on="say_confirmation")
    NO = in_progress.to(none)
    OTHER = in_progress.to(in_progress, internal=True, cond="attempts_left", on="say_error")
    EXPIRE = in_progress.to(none)
    STOP = unsubscribed.from_(none, in_progress, subscribed, unsubscribed, on="say_stop")
    HELP = (
        none.to(none, internal=True, on="say_help")
        | in_progress.to(in_progress, internal=True, on="say_help")
        | subscribed.to(subscribed, internal=True, on="say_help")
        | unsubscribed.to(unsubscribed, internal=True, on="say_help")
    )


class Age(Conversation):
    """Double opt-in with an age gate."""

    none = Node(initial=True, value=State.NONE)
    in_progress = Node(value=State.IN_PROGRESS)
    subscribed = Node(value=State.SUBSCRIBED)
    unsubscribed = Node(value=State.UNSUBSCRIBED)
    declined = Node(value=State.DECLINED)

    JOIN = (
        none.to(none, internal=True, cond="cooling_down", on="say_invalid_age")
        | none.to(in_progress, on="say_initial")
        | declined.to(declined, internal=True, cond="cooling_down", on="say_invalid_age")
        | declined.to(in_progress, on="say_initial")
        | unsubscribed.to(unsubscribed, internal=True, cond="cooling_down", on="say_invalid_age")
        | unsubscribed.to(in_progress, on="say_initial")
        | in_progress.to(in_progress, internal=True, cond="attempts_left", on="say_initial")
        | subscribed.to(subscribed, internal=True, on="say_duplicate")
    )
    YES = in_progress.to(in_progress, internal=True, cond="attempts_left", on="say_birth_date")
    BIRTH_DATE = (
        in_progress.to(subscribed, cond="old_enough", on="say_confirmation")
        | in_progress.to(declined, cond="too_young", on="say_invalid_age")
        | in_progress.to(in_progress, internal=True, cond="attempts_left", on="say_error")
    )
    NO = in_progress.to(none)
    OTHER = in_progress.to(in_progress, internal=True, cond="attempts_left", on="say_error")
    EXPIRE = in_progress.to(none)
    STOP = unsubscribed.from_(none, in_progress, subscribed, unsubscribed, declined, on="say_stop")
    HELP = (
        none.to(none, internal=True, on="say_help")
        | in_progress.to(in_progress, internal=True, on="say_help")
        | subscribed.to(subscribed, internal=True, on="say_help")
        | unsubscribed.to(unsubscribed, internal=True, on="say_help")
        | declined.to(declined, internal=True, on="say_help")
    )


class Itself(StateChart[Any]):
    """The number itself on the code."""

    none = Node(initial=True, value=State.NONE)
    unsubscribed = Node(value=State.UNSUBSCRIBED)

    STOP = none.to(unsubscribed, on="say_stop") | unsubscribed.to(
        unsubscribed, internal=True, unless="stop_answered_today", on="say_stop"
    )
    HELP = none.to(none, internal=True, on="say_help") | unsubscribed.to(
        unsubscribed, internal=True, on="say_help"
    )
    JOIN = unsubscribed.to(none, cond="came_back")
    UNMATCHED = none.to(
        none, internal=True, unless="default_said_today", on="say_default"
    ) | unsubscribed.to(unsubscribed, internal=True, unless="default_said_today", on="say_default")

    def stop_answered_today(self, contact: Contact, inbound: Inbound) -> bool:
        return is_today(contact.last_said(Says.STOP), inbound.received_at)

    def default_said_today(self, contact: Contact, inbound: Inbound) -> bool:
        return is_today(contact.last_said(Says.DEFAULT), inbound.received_at)

    def came_back(self, contact: Contact) -> bool:
        return came_back(contact)

    def say_stop(self) -> Says:
        return Says.STOP

    def say_help(self) -> Says:
        return Says.HELP

    def say_default(self) -> Says:
        return Says.DEFAULT


class Statemachine(Handwritten):
    """The conversation, decided by a machine for each subscription and each number."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._machines: dict[tuple[str, str], Any] = {}
        self._numbers: dict[str, Any] = {}

    def decide(self, heard: Heard) -> Decision:
        """Send what was heard to the subscription's own machine."""
        key = heard.contact.number, heard.subscription.keyword
        machine = self._machines.get(key)
        if machine is None:
            made = Double if heard.program.opt_in_type == OptInType.DOUBLE else Age
            machine = self._machines[key] = made()
        says = machine.send(heard.reading.hears.value, heard=heard) or Says.NOTHING
        state = machine.current_state_value
        stays = state == State.IN_PROGRESS == heard.subscription.state
        return state, says, stays and says in _TAKE_AN_ATTEMPT

    def decide_itself(self, contact: Contact, inbound: Inbound, reading: Reading) -> Decision:
        """Send what was heard to the number's own machine."""
        machine = self._numbers.get(contact.number)
        if machine is None:
            machine = self._numbers[contact.number] = Itself()
        says = machine.send(reading.hears.value, contact=contact, inbound=inbound)
        return machine.current_state_value, says or Says.NOTHING, False


_TAKE_AN_ATTEMPT = frozenset({Says.INITIAL, Says.BIRTH_DATE, Says.ERROR})
