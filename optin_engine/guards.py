"""The questions that decide between the rows of a table, each with all its answers.

A question is asked of a `Situation` and gives exactly one of its answers; the `if` column
of a table names answers. Because a question's answers exclude each other and leave nothing
out, `machines` can prove of any table that its rows answer every case exactly once.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import attrs

from optin_engine.program import Program
from optin_engine.vocabulary import (
    Contact,
    Inbound,
    Origin,
    Reading,
    Says,
    State,
    Subscription,
    Verdict,
)

A_DAY = timedelta(days=1)
RESUBSCRIBE = "resubscribe ordered"


@attrs.frozen
class Situation:
    """What a question may look at: all of it values, nothing that can change.

    Attributes:
        program: the programme that hears; None where the contact itself does.
        contact, subscription: what is remembered so far.
        inbound: the MO; for a deadline or an instruction its time, and no text.
        reading: what was heard, and why.

    """

    program: Program | None
    contact: Contact
    subscription: Subscription
    inbound: Inbound
    reading: Reading


@attrs.frozen
class Question:
    """A named condition: `ask` gives one of `answers`, whatever the situation."""

    ask: Callable[[Situation], str]
    answers: tuple[str, ...]


def _origin(it: Situation) -> str:
    return "handset" if it.inbound.origin == Origin.HANDSET else "elsewhere"


def _single_opt_in(it: Situation) -> str:
    allowed = it.program is not None and it.program.allow_single_opt_in
    return "single allowed" if allowed else "single refused"


def _attempts(it: Situation) -> str:
    left = it.program is None or it.subscription.attempts < it.program.max_attempts
    return "attempts left" if left else "attempts spent"


def _verdict(it: Situation) -> str:
    if it.reading.verdict == Verdict.OLD_ENOUGH:
        return "old enough"
    return "too young" if it.reading.verdict == Verdict.TOO_YOUNG else "ambiguous"


def _lock(it: Situation) -> str:
    until = it.subscription.locked_until
    return "cooling down" if until is not None and it.inbound.received_at < until else "cooled down"


def _gate(it: Situation) -> str:
    return "of age" if it.subscription.of_age_at is not None else "age unknown"


# A reminder is said for the programme that asked last; another that waits is passed over,
# so that a bare YES always answers the question which the contact saw last.
def _reminder(it: Situation) -> str:
    asked_last = awaited(it.contact) == it.subscription
    due = it.subscription.remind_at is not None and asked_last
    return "reminder due" if due else "reminder not due"


def _resubscribe(it: Situation) -> str:
    return "resubscribe asked" if it.reading.rule == RESUBSCRIBE else "resubscribe not asked"


def _stop_answer(it: Situation) -> str:
    said = _within_a_day(it.contact.last_said(Says.STOP), it.inbound.received_at)
    return "stop answered today" if said else "stop not answered today"


def _default_answer(it: Situation) -> str:
    said = _within_a_day(it.contact.last_said(Says.DEFAULT), it.inbound.received_at)
    return "default said today" if said else "default not said today"


def _return(it: Situation) -> str:
    back = any(s.state != State.UNSUBSCRIBED for s in it.contact.subscriptions)
    return "came back" if back else "stayed out"


def _within_a_day(then: datetime | None, now: datetime) -> bool:
    return then is not None and now < then + A_DAY


def awaited(contact: Contact) -> Subscription | None:
    """Give the subscription whose question the contact was asked last, if one is open.

    >>> awaited(Contact("+15555550123", "123456")) is None
    True
    """
    last, asked_last = None, None
    for subscription in contact.subscriptions:
        asked = subscription.prompted_at
        if asked is not None and (asked_last is None or asked >= asked_last):
            last, asked_last = subscription, asked
    return last


QUESTIONS = (
    # asked      its answers
    Question(_origin, ("handset", "elsewhere")),
    Question(_single_opt_in, ("single allowed", "single refused")),
    Question(_attempts, ("attempts left", "attempts spent")),
    Question(_verdict, ("old enough", "too young", "ambiguous")),
    Question(_lock, ("cooled down", "cooling down")),
    Question(_gate, ("of age", "age unknown")),
    Question(_reminder, ("reminder due", "reminder not due")),
    Question(_resubscribe, ("resubscribe asked", "resubscribe not asked")),
    Question(_stop_answer, ("stop not answered today", "stop answered today")),
    Question(_default_answer, ("default not said today", "default said today")),
    Question(_return, ("came back", "stayed out")),
)

QUESTION_OF = {answer: question for question in QUESTIONS for answer in question.answers}
