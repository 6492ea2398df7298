"""Where a number stands, what was said, what waits: `status`, `history` and `outbox list`.

As in `check`, a report is plain values first, as `--json` gives them, and the lines for
people are made of nothing else. Times are UTC. Ids are texts, for they are longer than the
whole numbers that every reader of JSON keeps exact.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import attrs

from optin_engine.service.outbound.unrendered import shown
from optin_engine.stores import Backlog, Erased, Mo, Mt, Store
from optin_engine.transports.masking import masked
from optin_engine.vocabulary import Contact, Subscription

Report = dict[str, Any]

# What is said of a subscription beside its state, by the name of the fact.
FACTS = {
    "since": "since",
    "promptedAt": "asked",
    "remindAt": "reminder",
    "expiresAt": "expires",
    "lockedUntil": "locked until",
    "ofAgeAt": "passed the age gate",
}


def standing(store: Store, number: str, contacts: Iterable[Contact]) -> Report:
    """Report where a number stands on each code.

    Args:
        store: tells whom a provider blocks.
        number: E.164.
        contacts: the number as each code sees it, with the deadlines applied.

    Returns:
        `number`; in how many `lists` it is, and how many `sends` to contacts name it; and
        `codes`: for each its `code`, `state`, `stoppedAt`, `blockedAt` (by the provider, which
        is no word of consent) and `subscriptions`. No code knows who is only in a list.

    """
    # The list of a contact send is its own, and has no name.
    named = {known.id for known in store.lists.every()}
    within = store.lists.of(number)
    return {
        "number": number,
        "lists": len(named.intersection(within)),
        "sends": len(set(within) - named),
        "codes": [
            {
                "code": contact.code,
                "state": contact.summary(),
                "stoppedAt": plain_time(contact.stopped_at),
                "blockedAt": plain_time(store.blocked(contact.code, number)),
                "subscriptions": [_subscription(s) for s in contact.subscriptions],
            }
            for contact in contacts
        ],
    }


def conversation(store: Store, number: str, codes: Iterable[str]) -> Report:
    """Report what a number and each of the codes said to each other, in its order.

    The `consent` of an MT is the `sequence` of the record that allows it; None: it needs none.
    """
    return {
        "number": number,
        "codes": [
            {
                "code": code,
                "messages": [_message(said) for said in store.conversation(code, number)],
            }
            for code in codes
        ],
    }


def standing_lines(report: Report) -> Iterator[str]:
    """Give a standing as lines for people."""
    if not report["codes"]:
        yield f"{report['number']}: no code knows it; it never texted, and nobody subscribed it"
    for code in report["codes"]:
        yield f"{report['number']} on {code['code']}: {code['state']}"
        if code["stoppedAt"]:
            yield f"  said STOP {code['stoppedAt']}"
        if code["blockedAt"]:
            yield f"  blocked by the provider since {code['blockedAt']}"
        for held in code["subscriptions"]:
            facts = [f"{said} {held[fact]}" for fact, said in FACTS.items() if held[fact]]
            yield f"  {held['keyword']}: {', '.join([held['state'], *facts])}"
    lists, sends = report["lists"], report["sends"]
    if lists or sends:
        in_lists = f"in {lists} list{'' if lists == 1 else 's'}"
        named = f", and named by {sends} send{'' if sends == 1 else 's'}" if sends else ""
        yield f"{report['number']} is {in_lists}{named}"


def conversation_lines(report: Report) -> Iterator[str]:
    """Give a conversation as lines for people: `>` what the phone texts, `<` what it gets."""
    for code in report["codes"]:
        yield f"{report['number']} on {code['code']}"
        for said in code["messages"]:
            if said["type"] == "MO":
                yield f"{said['at']} > {printable(said['text'])} ({said['origin']})"
            else:
                allowed = said["consent"] and f"by record {said['consent']}"
                told = ", ".join(filter(None, (said["kind"], said["fate"], allowed, said["error"])))
                yield f"{said['at']} < {printable(said['text'])} ({printable(told)})"


def backlog(waiting: Backlog, dead: Iterable[Mt]) -> Report:
    """Report how many MTs wait, and those that were given up; numbers are masked."""
    return {
        "queued": waiting.queued,
        "oldest": plain_time(waiting.oldest),
        "dead": waiting.dead,
        "messages": [
            {
                "id": str(mt.id),
                "at": plain_time(mt.at),
                "code": mt.code,
                "number": masked(mt.number),
                "kind": mt.kind,
                "keyword": mt.keyword,
                "attempts": mt.attempts,
                "error": mt.error,
            }
            for mt in dead
        ],
    }


def backlog_lines(report: Report) -> Iterator[str]:
    """Give a backlog as lines for people."""
    since = f", the oldest since {report['oldest']}" if report["oldest"] else ""
    yield f"queued: {report['queued']}{since}"
    yield f"dead: {report['dead']}"
    for mt in report["messages"]:
        about = " ".join(filter(None, (mt["kind"], mt["keyword"])))
        tried = f"{mt['attempts']} attempt{'s' * (mt['attempts'] != 1)}: {printable(mt['error'])}"
        yield f"{mt['id']} {mt['at']} {mt['code']} to {mt['number']}, {about}, {tried}"


def erasure_lines(gone: Erased, contacts: Iterable[int]) -> Iterator[str]:
    """Say what was erased, and how the proof of each contact is found without its number.

    >>> print(*erasure_lines(Erased(contacts=1, records=2), [7]), sep="; ")
    Erased 1 contact, 2 records, 0 MOs, 0 MTs; Its proof: optin-engine ledger export --contact 7
    """
    counts = zip(("contact", "record", "MO", "MT"), attrs.astuple(gone), strict=True)
    told = ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts)
    yield f"Erased {told}"
    for contact in contacts:
        yield f"Its proof: optin-engine ledger export --contact {contact}"


def plain_time(at: datetime | None) -> str | None:
    """Give a time in UTC, to the second.

    >>> plain_time(datetime(2026, 11, 21, 18, 5, tzinfo=UTC))
    '2026-11-21T18:05:00Z'
    """
    if at is None:
        return None
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def printable(text: str) -> str:
    r"""Give a stranger's text as one line that cannot steer a terminal.

    >>> print(printable("Hi\x1b[2J\nthere"))
    Hi\x1b[2J\nthere
    """
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _subscription(held: Subscription) -> Report:
    return {
        "keyword": held.keyword,
        "state": str(held.state),
        "since": plain_time(held.since),
        "promptedAt": plain_time(held.prompted_at),
        "remindAt": plain_time(held.remind_at),
        "expiresAt": plain_time(held.expires_at),
        "lockedUntil": plain_time(held.locked_until),
        "ofAgeAt": plain_time(held.of_age_at),
    }


def _message(said: Mo | Mt) -> Report:
    text = said.text if isinstance(said, Mo) else shown(said)
    report = {"id": str(said.id), "at": plain_time(said.at), "text": text}
    if isinstance(said, Mo):
        return {"type": "MO", **report, "origin": said.origin}
    return {
        "type": "MT",
        **report,
        "answers": str(said.mo) if said.mo else None,
        "kind": said.kind,
        "keyword": said.keyword,
        "encoding": said.encoding,
        "segments": said.segments,
        "fate": str(said.fate),
        "attempts": said.attempts,
        "settledAt": plain_time(said.settled_at),
        "error": said.error,
        "consent": said.consent or None,
    }
