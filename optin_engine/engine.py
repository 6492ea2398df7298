"""A text came in: what happens?

`Engine.receive` says how: let the deadlines pass that are due, read the text, let those
hear it whom it concerns, each take one row of its table, and keep what came of it. What
happens in each case is in `tables`. The engine has no clock, no store and no wire: it is
given a contact and an MO, and gives an outcome that depends on nothing else.
"""

from collections.abc import Mapping
from datetime import datetime
from operator import attrgetter, itemgetter

from optin_engine.account import Account
from optin_engine.exchange import TO_ALL, Exchange
from optin_engine.flow import Flow
from optin_engine.guards import RESUBSCRIBE, awaited
from optin_engine.outcome import Outcome
from optin_engine.reading import read
from optin_engine.tables import TO_THE_CONTACT
from optin_engine.turn import Turn
from optin_engine.vocabulary import (
    Contact,
    Hears,
    Inbound,
    Instruction,
    Origin,
    Reading,
    Refusal,
    Subscription,
)

FROM_ANYWHERE = (Hears.JOIN, Hears.STOP)

# A deadline is heard without an MO: no text, and an origin that is nobody's.
NOBODY = ""
EXPIRED = Reading(Hears.EXPIRE, "no answer in time")
REMINDED = Reading(Hears.REMIND, "a reminder was due")
DEADLINES = ((attrgetter("expires_at"), EXPIRED), (attrgetter("remind_at"), REMINDED))
NOTHING_DUE = Reading(Hears.EXPIRE, "no deadline was due")


class Engine:
    """The opt-in engine of an account; holds definitions only, and can be shared by threads.

    Args:
        account: the codes and their programmes.
        flows: extended flows (`machines.compile_flow`) by keyword; a programme without
            one runs the flow of its opt-in type.

    Raises:
        TableError: a flow says a text that its programme does not have.

    >>> from datetime import UTC, datetime
    >>> engine = Engine(Account.from_dict({"codes": [{"shortCode": "123456",
    ...     "countryCode": "US"}], "programs": [{"messageName": "News", "keyword": "JOIN",
    ...     "shortCode": "123456", "countryCode": "US", "messageOptInType": "Single",
    ...     "responseMessage": "Welcome!"}]}))
    >>> contact = Contact("+15555550123", "123456")
    >>> outcome = engine.receive(contact, Inbound("Join!", datetime(2026, 1, 1, tzinfo=UTC)))
    >>> print(outcome.state, outcome.outbound[0].text)
    Subscribed Welcome!

    """

    def __init__(self, account: Account, flows: Mapping[str, Flow] | None = None) -> None:
        self.account = account
        self._exchanges = {
            digits: Exchange.of(code, flows or {}) for digits, code in account.codes.items()
        }

    def receive(self, contact: Contact, inbound: Inbound) -> Outcome:
        """Say what happens when a text comes in from a contact.

        Args:
            contact: what is remembered of the number on the code it wrote to.
            inbound: the MO. One that was handled before must not be given again: the
                caller keeps the ids.

        Raises:
            UnknownCode: the contact's code is not of the account.

        """
        exchange = self._exchange(contact)
        now = inbound.received_at
        turn = Turn(contact)
        if _is_stale(contact, now):
            return _refused(turn, read(inbound.text, exchange.code, None, now), Refusal.STALE)
        _let_pass(turn, exchange, now)
        turn.outbound.clear()
        waiting = awaited(turn.contact)
        program = exchange.part(waiting.keyword, now).program if waiting else None
        reading = read(inbound.text, exchange.code, program, now)
        if inbound.origin != Origin.HANDSET and reading.hears not in FROM_ANYWHERE:
            return _refused(turn, reading, Refusal.HANDSET_ONLY)
        return _hear(turn, exchange, inbound, reading, waiting)

    def tick(self, contact: Contact, now: datetime) -> Outcome:
        """Let every deadline of a contact pass that is due: expiries, then one reminder.

        `receive` does the same first, but says no reminder; so what an MO is answered does
        not depend on whether a timer fired before it.

        Args:
            contact: what is remembered of the number on the code.
            now: the time, timezone-aware.

        Raises:
            UnknownCode: the contact's code is not of the account.

        """
        turn = Turn(contact)
        passed = _let_pass(turn, self._exchange(contact), now)
        return turn.outcome(passed or NOTHING_DUE, None, contact.summary(), turn.contact.summary())

    def instruct(self, contact: Contact, instruction: Instruction) -> Outcome:
        """Carry out an order of an API or an agent: SUBSCRIBE, UNSUBSCRIBE or DEACTIVATE.

        Args:
            contact: what is remembered of the number on the code.
            instruction: the order. An unknown keyword, or one outside its dates, is
                refused, but a subscription that the contact has can always be ended.

        Raises:
            UnknownCode: the contact's code is not of the account.

        """
        exchange, now = self._exchange(contact), instruction.at
        hears, keyword = instruction.hears, instruction.keyword.upper()
        rule = RESUBSCRIBE if instruction.resubscribe else "ordered"
        reading = Reading(hears, rule, keyword=keyword if hears != Hears.DEACTIVATE else "")
        turn = Turn(contact)
        if _is_stale(contact, now):
            return _refused(turn, reading, Refusal.STALE)
        _let_pass(turn, exchange, now)
        turn.outbound.clear()
        known = exchange.is_active(keyword, now) or any(
            hears == Hears.UNSUBSCRIBE and s.keyword == keyword for s in contact.subscriptions
        )
        if hears != Hears.DEACTIVATE and not known:
            return _refused(turn, reading, Refusal.UNKNOWN_KEYWORD)
        return _hear(turn, exchange, Inbound("", now, instruction.id, Origin.API), reading)

    def next_deadline(self, contact: Contact) -> datetime | None:
        """Give when `tick` has something to do for a contact next; None for never."""
        due = [at for s in contact.subscriptions for at in (s.expires_at, s.remind_at) if at]
        return min(due, default=None)

    def _exchange(self, contact: Contact) -> Exchange:
        found = self._exchanges.get(contact.code)
        return found or self._exchanges[self.account.code(contact.code).digits]


def _hear(
    turn: Turn,
    exchange: Exchange,
    inbound: Inbound,
    reading: Reading,
    waiting: Subscription | None = None,
) -> Outcome:
    """Let those hear it whom it concerns: subscriptions first, then the contact itself."""
    before, now = turn.contact, inbound.received_at
    concerned = exchange.concerned(before, reading, now, waiting)
    after = None
    for subscription in concerned:
        part = exchange.part(subscription.keyword, now)
        after = turn.take(part, subscription, inbound, reading)
    if reading.hears in TO_THE_CONTACT:
        turn.take_itself(exchange.itself, inbound, reading)
    if after is None or reading.hears in TO_ALL:
        return turn.outcome(reading, None, before.summary(), turn.contact.summary())
    return turn.outcome(reading, after.keyword, concerned[0].state, after.state)


def _let_pass(turn: Turn, exchange: Exchange, now: datetime) -> Reading | None:
    """Let due deadlines pass, each as at its own time; give the last that did."""
    if not _is_any_due(turn.contact, now):
        return None
    passed = None
    for due, reading in DEADLINES:
        late = [
            (at, subscription)
            for subscription in turn.contact.subscriptions
            if (at := due(subscription)) is not None and at <= now
        ]
        for at, subscription in sorted(late, key=itemgetter(0)):
            part = exchange.part(subscription.keyword, at)
            turn.take(part, subscription, Inbound("", at, origin=NOBODY), reading)
            passed = reading
    return passed


def _is_any_due(contact: Contact, now: datetime) -> bool:
    for subscription in contact.subscriptions:
        expires_at, remind_at = subscription.expires_at, subscription.remind_at
        if (expires_at and expires_at <= now) or (remind_at and remind_at <= now):
            return True
    return False


def _refused(turn: Turn, reading: Reading, refusal: Refusal) -> Outcome:
    turn.refused = refusal
    state = turn.contact.summary()
    return turn.outcome(reading, None, state, state)


def _is_stale(contact: Contact, at: datetime) -> bool:
    return contact.stopped_at is not None and at < contact.stopped_at
