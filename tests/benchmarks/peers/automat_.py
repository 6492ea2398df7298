"""The same on Automat: a protocol for each opt-in type, an instance each.

As its documentation shows: inputs are the methods of a protocol, and `upon` says what each
state answers. Automat has no guards: what they decide makes an input of its own.
"""

from typing import Any, Protocol

from automat import TypeMachineBuilder

from optin_engine.account import Account
from optin_engine.vocabulary import (
    Contact,
    Hears,
    Inbound,
    OptInType,
    Reading,
    Says,
    State,
    Verdict,
)
from tests.benchmarks.peers.handwritten import Decision, Handwritten, Heard, came_back, is_today

Said = tuple[State, Says, bool]


class Facts:
    """What a machine keeps beside its state: here nothing, the subscription has it."""


class Conversation(Protocol):
    """All that either machine can hear."""

    def join(self) -> Said: ...
    def join_while_cooling_down(self) -> Said: ...
    def join_too_often(self) -> Said: ...
    def yes(self) -> Said: ...
    def yes_too_often(self) -> Said: ...
    def old_enough(self) -> Said: ...
    def too_young(self) -> Said: ...
    def ambiguous(self) -> Said: ...
    def ambiguous_too_often(self) -> Said: ...
    def no(self) -> Said: ...
    def other(self) -> Said: ...
    def other_too_often(self) -> Said: ...
    def expire(self) -> Said: ...
    def stop(self) -> Said: ...
    def help(self) -> Said: ...


def machine(opt_in_type: OptInType) -> Any:
    """Build the machine of an opt-in type; calling it makes an instance."""
    builder = TypeMachineBuilder(Conversation, Facts)
    nodes = {state: builder.state(state.name) for state in State}
    hears = Conversation
    in_progress, age = State.IN_PROGRESS, opt_in_type == OptInType.AGE
    asks_for_age = (State.IN_PROGRESS, Says.BIRTH_DATE, True)
    confirms = (State.SUBSCRIBED, Says.CONFIRMATION, False)
    answers: dict[Any, Said] = {
        hears.join: (in_progress, Says.INITIAL, True),
        hears.yes: asks_for_age if age else confirms,
        hears.old_enough: confirms,
        hears.too_young: (State.DECLINED, Says.INVALID_AGE, False),
        hears.ambiguous: (in_progress, Says.ERROR, True),
        hears.no: (State.NONE, Says.NOTHING, False),
        hears.other: (in_progress, Says.ERROR, True),
        hears.expire: (State.NONE, Says.NOTHING, False),
    }
    for heard in (
        hears.join_too_often, hears.yes_too_often, hears.other_too_often, hears.ambiguous_too_often,
    ):  # fmt: skip
        answers[heard] = (in_progress, Says.NOTHING, False)
    for state, node in nodes.items():
        here = answers if state == in_progress else _at_rest(state)
        here[hears.stop] = (State.UNSUBSCRIBED, Says.STOP, False)
        here[hears.help] = (state, Says.HELP, False)
        for heard, said in here.items():
            node.upon(heard).to(nodes[said[0]]).returns(said)
    return builder.build()


def _at_rest(state: State) -> dict[Any, Said]:
    stays = (state, Says.NOTHING, False)
    joined = (State.IN_PROGRESS, Says.INITIAL, False)
    if state == State.SUBSCRIBED:
        joined = (state, Says.DUPLICATE, False)
    return {
        Conversation.join: joined,
        Conversation.join_while_cooling_down: (state, Says.INVALID_AGE, False),
        Conversation.no: stays,
    }


class Number(Protocol):
    """All that the number itself can hear on the code."""

    def stop(self) -> Said: ...
    def stop_again_today(self) -> Said: ...
    def help(self) -> Said: ...
    def come_back(self) -> Said: ...
    def unmatched(self) -> Said: ...
    def unmatched_again_today(self) -> Said: ...
    def anything(self) -> Said: ...


def machine_of_number() -> Any:
    """Build the machine of the number itself; calling it makes an instance."""
    builder = TypeMachineBuilder(Number, Facts)
    nodes = {state: builder.state(state.name) for state in (State.NONE, State.UNSUBSCRIBED)}
    for state, node in nodes.items():
        answers: dict[Any, Said] = {
            Number.stop: (State.UNSUBSCRIBED, Says.STOP, False),
            Number.stop_again_today: (State.UNSUBSCRIBED, Says.NOTHING, False),
            Number.help: (state, Says.HELP, False),
            Number.come_back: (State.NONE, Says.NOTHING, False),
            Number.unmatched: (state, Says.DEFAULT, False),
            Number.unmatched_again_today: (state, Says.NOTHING, False),
            Number.anything: (state, Says.NOTHING, False),
        }
        for heard, said in answers.items():
            node.upon(heard).to(nodes[said[0]]).returns(said)
    return builder.build()


class Automat(Handwritten):
    """The conversation, decided by a machine for each subscription and each number."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._build = {kind: machine(kind) for kind in (OptInType.DOUBLE, OptInType.AGE)}
        self._machines: dict[tuple[str, str], Any] = {}
        self._build_number = machine_of_number()
        self._numbers: dict[str, Any] = {}

    def decide(self, heard: Heard) -> Decision:
        """Give the subscription's own machine the input that was heard."""
        key = heard.contact.number, heard.subscription.keyword
        found = self._machines.get(key)
        if found is None:
            build = self._build[heard.program.opt_in_type]
            found = self._machines[key] = build(Facts())
        said: Decision = getattr(found, _input(heard))()
        return said

    def decide_itself(self, contact: Contact, inbound: Inbound, reading: Reading) -> Decision:
        """Give the number's own machine the input that was heard."""
        found = self._numbers.get(contact.number)
        if found is None:
            found = self._numbers[contact.number] = self._build_number(Facts())
        said: Decision = getattr(found, _input_of_number(contact, inbound, reading.hears))()
        return said


def _input_of_number(contact: Contact, inbound: Inbound, hears: Hears) -> str:
    now, out = inbound.received_at, contact.state == State.UNSUBSCRIBED
    if hears == Hears.STOP:
        return "stop_again_today" if out and is_today(contact.last_said(Says.STOP), now) else "stop"
    if hears == Hears.UNMATCHED:
        said = is_today(contact.last_said(Says.DEFAULT), now)
        return "unmatched_again_today" if said else "unmatched"
    if hears == Hears.JOIN and out and came_back(contact):
        return "come_back"
    return "help" if hears == Hears.HELP else "anything"


def _input(heard: Heard) -> str:
    hears, subscription = heard.reading.hears, heard.subscription
    name = _INPUTS[hears]
    if hears == Hears.BIRTH_DATE and heard.reading.verdict != Verdict.AMBIGUOUS:
        return "old_enough" if heard.reading.verdict == Verdict.OLD_ENOUGH else "too_young"
    if subscription.state != State.IN_PROGRESS:
        until = subscription.locked_until
        locked = until is not None and heard.inbound.received_at < until
        asks = hears == Hears.JOIN and subscription.state != State.SUBSCRIBED
        return "join_while_cooling_down" if asks and locked else name
    counts = name == "yes" and heard.program.opt_in_type == OptInType.AGE
    if counts or name in {"join", "other", "ambiguous"}:
        spent = subscription.attempts >= heard.program.max_attempts
        return f"{name}_too_often" if spent else name
    return name


_INPUTS = {
    Hears.JOIN: "join",
    Hears.YES: "yes",
    Hears.NO: "no",
    Hears.BIRTH_DATE: "ambiguous",
    Hears.OTHER: "other",
    Hears.STOP: "stop",
    Hears.HELP: "help",
    Hears.EXPIRE: "expire",
}
