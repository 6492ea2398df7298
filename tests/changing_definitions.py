"""Every contact that can come about while the definitions of its one programme change.

At any moment the programme may become of any opt-in type, or be taken away. All that can
be heard is heard in every state of things; contacts that differ only in when things happened
count as one. All lengths of time are whole days, so that there are few of these.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta

from optin_engine.engine import Engine
from optin_engine.outcome import Row
from optin_engine.vocabulary import Contact, Hears, Inbound, Instruction, OptInType, Origin
from tests.rows_and_conversations import RULES, account
from tests.strategies import BEGIN

BY_WEB = {"allowSingleOptIn": True}
DAYS = RULES | {"confirmWithin": "2d", "remindAfter": "1d", "ageRetryAfter": "1d"}
A_DAY, A_MOMENT = timedelta(days=1), timedelta(seconds=1)

ENGINES = {
    **{str(kind): Engine(account(DAYS, JOIN=kind)) for kind in OptInType},
    "Single, by web": Engine(account(DAYS | BY_WEB, JOIN="Single")),
    "Text, by web": Engine(account(DAYS | BY_WEB, JOIN="Text")),
    "taken away": Engine(account(DAYS)),
}

TEXTS = (
    "JOIN", "YES", "NO", "1990-05-17", "2020-05-17", "3/4/12", "hello", "STOP", "HELP", "START",
    'Liked "Reply YES"',
)  # fmt: skip
ORDERS = (
    # hears             again
    (Hears.SUBSCRIBE,   False),
    (Hears.SUBSCRIBE,   True),
    (Hears.UNSUBSCRIBE, False),
    (Hears.DEACTIVATE,  False),
)  # fmt: skip

Thing = tuple[str, Contact, datetime]


def rows() -> Iterator[Row]:
    """Give each row that any of these contacts takes, as often as it does."""
    begun = [(kind, Contact("+15555550123", "123456"), BEGIN) for kind in ENGINES]
    seen, queue = {_kind(*thing) for thing in begun}, deque(begun)
    while queue:
        thing = queue.popleft()
        for after, taken in _next(*thing):
            yield from taken
            if (kind := _kind(*after)) not in seen:
                seen.add(kind)
                queue.append(after)


def _next(kind: str, contact: Contact, then: datetime) -> Iterator[tuple[Thing, list[Row]]]:
    """Give everything that can happen next, and the rows that it takes."""
    engine, now = ENGINES[kind], then + A_MOMENT
    outcomes = [engine.receive(contact, Inbound(text, now)) for text in TEXTS]
    outcomes.append(engine.receive(contact, Inbound("JOIN", now, origin=Origin.WEB)))
    for hears, again in ORDERS:
        outcomes.append(engine.instruct(contact, Instruction(hears, now, "JOIN", again)))
    for outcome in outcomes:
        yield (kind, outcome.contact, now), [step.row for step in outcome.steps]
    passed = engine.tick(contact, then + A_DAY)
    yield (kind, passed.contact, then + A_DAY), [step.row for step in passed.steps]
    for other in ENGINES:
        yield (other, contact, then), []


def _kind(kind: str, contact: Contact, now: datetime) -> object:
    """Give what a contact is, with the days that are left until each time."""
    return (
        kind,
        contact.state,
        *((said, _left(at + A_DAY, now)) for said, at in contact.said),
        *(
            (
                s.state,
                s.prompt,
                s.prompted_at is None,
                s.attempts,
                _left(s.expires_at, now),
                _left(s.remind_at, now),
                _left(s.locked_until, now),
                s.of_age_at is None,
            )
            for s in contact.subscriptions
        ),
    )


def _left(at: datetime | None, now: datetime) -> int | None:
    return None if at is None else max(0, round((at - now) / A_DAY))
