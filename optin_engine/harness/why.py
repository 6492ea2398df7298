"""Why a number was, or was not, told anything by a send: `sends why`.

What the store keeps is looked at as it is now. Who joined, left or came into a list after the
send had dealt with its members is judged by that, too; the message of a send, where there is
one, is what happened then.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

import attrs

from optin_engine.harness.sends import HANDED_OVER
from optin_engine.harness.standing import plain_time, printable
from optin_engine.outcome import ConsentRecord
from optin_engine.program import Code
from optin_engine.service.holds import AFTER_BLACKOUT, is_blacked_out
from optin_engine.service.outbound.orders import Blackout, Options
from optin_engine.service.quiet_hours import DAY, quiet_until, since_midnight
from optin_engine.stores import Fate, Mt, Send, SendKind, SendState, Store
from optin_engine.vocabulary import Contact, Hears, State

Report = dict[str, Any]

OVER = frozenset({SendState.CANCELLED, SendState.ERROR})
OPEN = frozenset({Fate.QUEUED, Fate.WITHDRAWN})

# How a contact stands that is in some programme, and not Subscribed.
# fmt: off
STANDINGS: Mapping[str, str] = {
    State.IN_PROGRESS:  "it is In Progress on {code}: asked{since}, and has not finished joining",
    State.DECLINED:     "it was declined on {code}{since}, as too young",
    State.UNSUBSCRIBED: "it was unsubscribed on {code}{since}",
}

# What left a contact subscribed to nothing.
ENDINGS: Mapping[str, str] = {
    Hears.NO:           "it said no to what it was asked",
    Hears.EXPIRE:       "what it was asked has expired",
    Hears.DEACTIVATE:   "its number was deactivated",
}
# fmt: on


@attrs.frozen
class Asked:
    """Whom it is asked of, and what is known.

    Attributes:
        send: it.
        number: E.164.
        contact: the number as the send's code sees it, deadlines applied; None: never seen.
        code: as it is defined now; None where it is not any more.
        now: the time.

    """

    send: Send
    number: str
    contact: Contact | None
    code: Code | None
    now: datetime


def why(store: Store, asked: Asked, token: str) -> Report:
    """Report why a number was told, waits, or was not told.

    Args:
        store: has the lists and what was said.
        asked: what is asked.
        token: by which callers know the send.

    Returns:
        `tokenId`, `number`, `code`, `status` of the send, `asOf`; the `message` of the send to
        it with its `id`, `fate`, `queuedAt`, `settledAt`, `dueAt`, `error` and `consent`
        (None: there is none); and the `reasons`, one sentence each.

    """
    said = store.conversation(asked.send.code, asked.number)
    mts = [one for one in said if isinstance(one, Mt)]
    own = next((mt for mt in mts if mt.send == asked.send.id), None)
    if own is None:
        reasons = [_untold(store, asked)]
    elif own.fate in OPEN:
        reasons = [*_waits(store, asked, own, mts)]
    else:
        reasons = [_settled(store, asked, own)]
    return {
        "tokenId": token,
        "number": asked.number,
        "code": asked.send.code,
        "status": str(asked.send.state),
        "asOf": plain_time(asked.now),
        "message": own and _message(own),
        "reasons": reasons,
    }


def why_lines(report: Report) -> Iterator[str]:
    """Give the reasons as lines for people."""
    mt = report["message"]
    allowed = f", by record {mt['consent']}" if mt and mt["consent"] else ""
    said = f"its message is {mt['fate']}{allowed}" if mt else "no message"
    yield f"{report['number']} in {report['tokenId']} ({report['status']}): {said}"
    for reason in report["reasons"]:
        yield f"  {printable(reason)}"
    yield f"  as of {report['asOf']}"


def _message(mt: Mt) -> Report:
    return {
        "id": str(mt.id),
        "fate": str(mt.fate),
        "queuedAt": plain_time(mt.at),
        "settledAt": plain_time(mt.settled_at),
        "dueAt": plain_time(mt.due_at),
        "error": mt.error,
        "consent": mt.consent or None,
    }


def _settled(store: Store, asked: Asked, mt: Mt) -> str:
    """Say what came of a message that waits for nothing."""
    at = plain_time(mt.settled_at) or "as its number was erased"
    if mt.fate in HANDED_OVER:
        reason = f" ({mt.error})" if mt.error else ""
        return f"it was handed over; {mt.fate} {at}{reason}"
    if mt.fate == Fate.DEAD:
        attempts = f"{mt.attempts} attempt{'s' * (mt.attempts != 1)}"
        return f"it was given up {at} after {attempts}: {mt.error}"
    if ended := _ending(store, asked, mt):
        by = f"record {ended.sequence} ({ended.event}, {ended.rule}) ended its consent"
        return f"it was cancelled {at} before it was handed over: {by} {plain_time(ended.at)}"
    if asked.send.state in OVER:
        return f"it was cancelled {at}, as the send was"
    return f"it was cancelled {at} before it was handed over: {_standing(store, asked)}"


def _ending(store: Store, asked: Asked, mt: Mt) -> ConsentRecord | None:
    """Find the record that ended the consent of a message before that was settled."""
    chain = store.chain(asked.send.code, asked.number)
    records = chain.records if chain else ()
    keyword = next((r.keyword for r in records if r.sequence == mt.consent), None)
    later = (r for r in records if r.sequence > mt.consent and r.keyword == keyword)
    ended = next((r for r in later if r.from_state == State.SUBSCRIBED != r.to_state), None)
    return ended if ended and mt.settled_at and ended.at <= mt.settled_at else None


def _waits(store: Store, asked: Asked, mt: Mt, said: Sequence[Mt]) -> Iterator[str]:
    """Say all that a queued message waits for, and until when."""
    send, now, code = asked.send, asked.now, asked.code
    if mt.fate == Fate.WITHDRAWN:
        yield "it is cancelled, but a transport had it in hand, and may have sent it"
        return
    waits = [*_rests(send, now)]
    if code is None:
        waits.append(f"code {send.code}, which the definitions do not have any more")
    until = code and code.quiet_hours and quiet_until(code.quiet_hours, mt.number, now)
    is_later = mt.due_at is not None and mt.due_at > now
    if until:
        waits.append(f"quiet hours of {send.code}, until {plain_time(until)}")
    elif is_later and mt.error:
        waits.append(f"to be tried again at {plain_time(mt.due_at)}, after: {mt.error}")
    elif is_later and mt.attempts:
        waits.append(f"in hand of a transport, or another takes it at {plain_time(mt.due_at)}")
    elif is_later:
        waits.append(f"put off until {plain_time(mt.due_at)}")
    before = next((one for one in said if _is_ahead(store, one, mt, now)), None)
    if before:
        waits.append(f"an earlier text to this number, {before.id}, is not settled yet")
    pace = f", at most {code.throughput:g} a second" if code and code.throughput else ""
    yield from (f"it waits: {each}" for each in waits or [f"for its turn on {send.code}{pace}"])


def _rests(send: Send, now: datetime) -> Iterator[str]:
    if send.state == SendState.PAUSED:
        yield "the send is paused"
    blackout = Options.of(send).blackout
    if blackout and is_blacked_out(blackout, now):
        yield f"the send's blackout, until {plain_time(_end(blackout, now))}"


def _end(blackout: Blackout, now: datetime) -> datetime:
    """Give when a blackout ends that a send is in."""
    local = now.astimezone(timezone(blackout.offset))
    return (
        now + (since_midnight(blackout.end) + AFTER_BLACKOUT - since_midnight(local.time())) % DAY
    )


def _is_ahead(store: Store, one: Mt, mt: Mt, now: datetime) -> bool:
    """Tell whether a text holds up a later one; those of a send that rests do not."""
    if one.id >= mt.id or one.fate not in OPEN:
        return False
    send = store.sends.find(one.send) if one.send else None
    return send is None or not (send.state in OVER or any(_rests(send, now)))


def _untold(store: Store, asked: Asked) -> str:
    """Say why there is no message to a number."""
    send, within = asked.send, set(store.lists.of(asked.number))
    if not within.intersection(send.targets):
        if send.kind == SendKind.CONTACT:
            return "it is not among those whom the send is for"
        return f"it is in no list that the send is for{_deleted(store, send.targets)}"
    if out := within.intersection(send.excluded):
        names = (known.name for each in sorted(out) if (known := store.lists.find(each)))
        return f"it is in a list that the send leaves out: {', '.join(names)}"
    if send.queued_at is None and asked.number > send.cursor:
        return _not_yet(asked)
    left_out = _deleted(store, send.excluded)
    return f"it was left out when the send dealt with it: {_standing(store, asked)}{left_out}"


def _deleted(store: Store, lists: Sequence[int]) -> str:
    """Say that some lists of a send are there no more, and who was in them is not known."""
    gone = sum(store.lists.find(list_) is None for list_ in lists)
    return f" (lists deleted since, whose members are not known: {gone})" if gone else ""


def _not_yet(asked: Asked) -> str:
    send = asked.send
    if send.state in OVER:
        error = f" ({send.error})" if send.error else ""
        return f"the send was {send.state} before its turn came{error}"
    if send.state == SendState.PAUSED:
        return "its turn has not come: the send is paused"
    if send.due_at and send.due_at > asked.now:
        return f"its turn has not come: the send begins {plain_time(send.due_at)}"
    return "its turn has not come: the send is dealing with its members"


def _standing(store: Store, asked: Asked) -> str:
    """Say how a contact stands on the code, and since when."""
    contact, code = asked.contact, asked.send.code
    if contact and contact.state == State.UNSUBSCRIBED and contact.stopped_at:
        return f"it said STOP on {code} {plain_time(contact.stopped_at)}"
    state = contact.summary() if contact else State.NONE
    if contact is None or state == State.NONE:
        return _nothing(store, asked)
    held = [s for s in contact.subscriptions if s.state == state]
    since = max((s.since for s in held if s.since), default=None)
    known = f" {plain_time(since)}" if since else ""
    if state != State.SUBSCRIBED:
        # A state that an extended flow added counts as In Progress.
        said = STANDINGS.get(state, STANDINGS[State.IN_PROGRESS])
        return said.format(code=code, since=known)
    if asked.send.is_template:
        late = "it joined after the send, or its text could not be made"
        return f"it is Subscribed on {code}{known}: {late}"
    return f"it is Subscribed on {code}{known}: it joined, or came into the list, after the send"


def _nothing(store: Store, asked: Asked) -> str:
    """Say what left a contact subscribed to nothing, or that it never joined anything."""
    code, chain = asked.send.code, store.chain(asked.send.code, asked.number)
    if chain is None or not chain.records:
        return f"it never joined anything on {code}"
    last, held = chain.records[-1], asked.contact.subscriptions if asked.contact else ()
    # What expired just now has no record yet, and a number that was deactivated holds nothing.
    heard = last.event if last.to_state == State.NONE else Hears.EXPIRE
    at = plain_time(max((s.since for s in held if s.since), default=last.at))
    return f"it is subscribed to nothing on {code}: {ENDINGS[heard]} {at}"
