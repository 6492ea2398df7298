"""What a store keeps, as values: MOs, MTs with their fate, definitions, and chains of records.

All times are timezone-aware; a store gives them back in UTC. An `id` is a whole number of
up to 63 bits, and what was committed later on a contact has the greater one.
"""

from collections.abc import Sequence
from datetime import datetime

import attrs

from optin_engine.outcome import ConsentRecord
from optin_engine.stores.rows_of_sends import Text
from optin_engine.vocabulary import Contact, Word

Key = tuple[str, str]
"""A contact by code (digits) and number (E.164)."""

UNRENDERED = "template"
"""The `encoding` of an MT whose text is yet to be made of what stands in its place."""


class Fate(Word):
    """What became of an MT."""

    QUEUED = "queued"
    WITHDRAWN = "withdrawn"  # cancelled while a transport had it in hand; not known yet
    SENT = "sent"
    ENROUTE = "enroute"  # to its carrier
    CARRIED = "carried"  # its carrier has it
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    EXPIRED = "expired"  # the phone was out of reach for too long
    REJECTED = "rejected"  # by the carrier, or on the way to it
    CANCELLED = "cancelled"
    DEAD = "dead"


@attrs.frozen
class Mo:
    """One MO as it is kept.

    Attributes:
        id: its own.
        code, number: who wrote to what.
        at: when it was received.
        origin: where it came from.
        text: redacted as in a consent record.
        answer: what its sender was answered, as JSON; a retry gets it again.
        claim: what a retry of it is known by; empty where it cannot be known.

    """

    id: int
    code: str
    number: str
    at: datetime
    origin: str
    text: str
    answer: bytes
    claim: bytes = b""


@attrs.frozen
class Mt:
    """One MT and its fate.

    Attributes:
        id: its own; also its idempotency key.
        code, number: who says it to whom.
        at: when it was queued.
        mo: the id of the MO that it answers; 0 for a deadline or an instruction.
        origin: of that MO; empty for a deadline.
        kind, text, encoding, segments, keyword: as in `Outbound`.
        fate: what became of it.
        attempts: how often it was given to a transport; of an `UNRENDERED` one, how often its
            text was to be made.
        due_at: when it may be given to a transport (again).
        settled_at: when its fate was known; None while it is queued, and where an erasure ended it.
        provider_id: the transport's name for it; empty until it is sent.
        error: why it is dead, or why it was tried again.
        send: the id of the send that it belongs to; 0 for what programmes and codes say.
        consent: the sequence of the consent record that allows it; 0 where none is needed.

    """

    id: int
    code: str
    number: str
    at: datetime
    mo: int
    origin: str
    kind: str
    text: str
    encoding: str
    segments: int
    keyword: str = ""
    fate: Fate = Fate.QUEUED
    attempts: int = 0
    due_at: datetime | None = None
    settled_at: datetime | None = None
    provider_id: str = ""
    error: str = ""
    send: int = 0
    consent: int = 0


@attrs.frozen
class Due:
    """A contact as it becomes, and when its next deadline is (None: never)."""

    contact: Contact
    at: datetime | None


@attrs.frozen
class Withdrawal:
    """An opt-out: what a programme still has to say to the contact is not said any more.

    It holds for MTs with a keyword that are queued, or dead, and older than `before`; the
    code's own texts (the stop message, HELP) stay. An MT of a send is also withdrawn by an
    opt-out from all of the code, and by one from the programme whose consent allows it.

    Attributes:
        code, number: the contact.
        keyword: the programme's; empty for all of the code.
        before: the id of the first thing that came after the opt-out.
        at: when it was committed.

    """

    code: str
    number: str
    keyword: str
    before: int
    at: datetime


@attrs.frozen
class Changes:
    """All that one batch changes, in the order in which it came about.

    A contact stands once in `contacts`, as it is in the end; `records` name theirs by code
    and number. Withdrawals are carried out last. `keys` has subscriber keys, each with a number
    in hand that it names; a pair that is known already stays.
    """

    contacts: Sequence[Due] = ()
    records: Sequence[ConsentRecord] = ()
    mos: Sequence[Mo] = ()
    mts: Sequence[Mt] = ()
    withdrawn: Sequence[Withdrawal] = ()
    keys: Sequence[tuple[str, str]] = ()


@attrs.frozen
class Settlement:
    """What became of an MT that a transport had in hand.

    Attributes:
        id: the MT's.
        fate: `SENT`, `DEAD`, or `QUEUED` to try again at `due_at` (None: at once).
        at: when it was known.
        provider_id: the transport's name for it.
        error: why not; never the text or the number.
        due_at: when to try again.
        text: what it says, where it is `UNRENDERED`; its attempts are counted anew from then
            on. Else None.

    """

    id: int
    fate: Fate
    at: datetime
    provider_id: str = ""
    error: str = ""
    due_at: datetime | None = None
    text: Text | None = None


@attrs.frozen
class Definition:
    """One version of a code, a keyword or a programme, as it was given.

    Attributes:
        id: the definition's; it lasts over its versions.
        version: from 1.
        kind: `code`, `keyword`, `program` or `message`.
        body: the definition in MobileConnect's names, as JSON.
        digest: the SHA-256 that consent records name; empty where it is no programme.
        source: `file` or `api`.
        at: when it was defined.
        ended_at: when a later version or a deletion ended it; None while it is in force.

    """

    id: int
    version: int
    kind: str
    body: bytes
    digest: str
    source: str
    at: datetime
    ended_at: datetime | None = None


@attrs.frozen
class Chain:
    """The consent records of one contact.

    Attributes:
        contact: the contact's id, which outlives its number.
        code: the code's digits.
        number: E.164; empty once it was erased.
        sequence, head: how many records there must be, and the last one's digest (bytes).
        records: in their order.

    """

    contact: int
    code: str
    number: str
    sequence: int
    head: bytes
    records: tuple[ConsentRecord, ...]


@attrs.frozen
class Erased:
    """How much personal data was removed for a number."""

    contacts: int = 0
    records: int = 0
    mos: int = 0
    mts: int = 0


@attrs.frozen
class Backlog:
    """What waits: contacts in progress, MTs queued and dead, when the oldest queued came."""

    pending: int
    queued: int
    dead: int
    oldest: datetime | None
