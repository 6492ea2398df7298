"""What a row that was taken does to the facts beside the state: deadlines, counts, locks."""

from datetime import datetime, timedelta

from optin_engine.guards import Situation
from optin_engine.outcome import Outbound, Row
from optin_engine.tables import RESTING
from optin_engine.vocabulary import (
    Contact,
    Hears,
    Says,
    State,
    Subscription,
    Verdict,
)
from optin_engine.wording import CODE_TEXTS

# A row that asks whether an attempt is left takes it.
TAKES_AN_ATTEMPT = "attempts left"

# What the code answers at most once a day, however often the contact writes.
ONCE_A_DAY = (Says.STOP, Says.DEFAULT)


def waits(state: str) -> bool:
    """Tell whether a subscription in this state waits for an answer.

    >>> waits(State.IN_PROGRESS), waits(State.SUBSCRIBED)
    (True, False)
    """
    return state not in RESTING


def moves(row: Row, state: str) -> bool:
    """Tell whether a row moves a subscription that stands in a state.

    Where a definition changed under a subscription, so that its flow does not know the state any
    more, the row was taken as if it were none. A question ends with its programme then, whatever
    is heard; but what rests, a Subscribed above all, is moved only by a row that moves: no HELP,
    and no keyword of a Text Response, takes a consent away.

    >>> help_ = Row("Text", "None", "HELP", (), "None", "help")
    >>> moves(help_, State.SUBSCRIBED), moves(help_, State.IN_PROGRESS)
    (False, True)
    """
    if row.stays and row.hears != Hears.DEACTIVATE and not waits(state):
        return False
    return row.target != state


def subscription_after(row: Row, it: Situation, said: Outbound | None) -> Subscription:
    """Give the subscription as it is after a row.

    The deadline of an answer runs from the last prompt, and so does the one reminder as
    long as it has not been given. A reminder is no prompt: it moves no deadline, so that
    it makes no difference to what follows whether a timer fired.

    Args:
        row: the row that was taken.
        it: the situation that it was taken in.
        said: the MT of the row; None where the programme has no such text.

    """
    old, now, program = it.subscription, it.inbound.received_at, it.program
    moved = moves(row, old.state)
    if not waits(row.target):
        return _resting(row, it) if moved else old
    prompt, prompted_at, attempts = old.prompt, old.prompted_at, old.attempts
    expires_at, remind_at = old.expires_at, old.remind_at
    if row.hears == Hears.REMIND:
        remind_at = None
    elif moved or (said is not None and row.says not in CODE_TEXTS):
        prompt = old.prompt if row.says == Says.ERROR and not moved else row.says
        prompted_at = now
        expires_at = _later(now, program.confirm_within) if program else None
        if moved or remind_at is not None:
            remind_at = _later(now, program.remind_after) if program else None
    elif TAKES_AN_ATTEMPT not in row.guards:
        return old
    return Subscription(
        old.keyword,
        row.target,
        now if moved else old.since,
        prompt,
        prompted_at,
        0 if moved else attempts + (TAKES_AN_ATTEMPT in row.guards),
        expires_at,
        remind_at,
        old.locked_until,
        old.of_age_at,
    )


def contact_with(
    contact: Contact, subscriptions: tuple[Subscription, ...], chain: bytes
) -> Contact:
    """Give the contact with these subscriptions, and with one record more if the chain grew."""
    return Contact(
        contact.number,
        contact.code,
        contact.state,
        subscriptions,
        contact.stopped_at,
        contact.said,
        contact.sequence + (chain != contact.chain),
        chain,
    )


def contact_after(row: Row, it: Situation, said: Outbound | None, chain: bytes) -> Contact:
    """Give the contact as it is after a row of its own; the subscriptions are not touched.

    A reassigned number (DEACTIVATE) keeps nothing but its chain of consent records.

    Args:
        row: the row that was taken.
        it: the situation that it was taken in.
        said: the MT of the row; None where the code has no such text.
        chain: the digest of the contact's last record, the row's own included.

    """
    contact, now = it.contact, it.inbound.received_at
    sequence = contact.sequence + (chain != contact.chain)
    if row.hears == Hears.DEACTIVATE:
        return Contact(contact.number, contact.code, sequence=sequence, chain=chain)
    stopped = row.hears == Hears.STOP
    last = contact.said
    if said is not None and said.kind in ONCE_A_DAY:
        last = (*[(kind, at) for kind, at in last if kind != said.kind], (said.kind, now))
    elif row.stays and not stopped:
        return contact
    return Contact(
        contact.number,
        contact.code,
        row.target,
        contact.subscriptions,
        now if stopped else contact.stopped_at,
        last,
        sequence,
        chain,
    )


def _resting(row: Row, it: Situation) -> Subscription:
    """Give a subscription that came to rest; only what the age gate said outlives the flow."""
    old, now = it.subscription, it.inbound.received_at
    locked_until, of_age_at = old.locked_until, old.of_age_at
    if it.reading.verdict == Verdict.OLD_ENOUGH:
        of_age_at = now
    if row.target == State.DECLINED and it.program is not None:
        of_age_at, locked_until = None, now + it.program.age_retry_after
    return Subscription(
        old.keyword, row.target, now, locked_until=locked_until, of_age_at=of_age_at
    )


def _later(now: datetime, delay: timedelta | None) -> datetime | None:
    return now + delay if delay is not None else None
