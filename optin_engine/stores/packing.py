"""Values as rows of the databases, and back; the columns are those of `schema.COLUMNS`.

Every dialect has its own form of a moment (`pack_at`), and gives values back from it
(`unpack_at`). Enumerated words become plain strings, which drivers know without asking.

Rows may come back damaged. Those of a chain are given as they are, whatever is in them, so that
its verification finds the break; any other that cannot be read is an error with its id.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import msgspec

from optin_engine.outcome import ConsentRecord
from optin_engine.stores.rows import Chain, Definition, Fate, Mo, Mt
from optin_engine.stores.store import StoreError
from optin_engine.vocabulary import Contact, State, Subscription

Row = tuple[Any, ...]
PackAt = Callable[[datetime | None], Any]
UnpackAt = Callable[[Any], Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

_plain = str.__str__


@attrs.frozen
class Body:
    """What a contact's row holds of it as JSON: all that no query asks for."""

    state: str
    subscriptions: tuple[Subscription, ...]
    stopped_at: datetime | None
    said: tuple[tuple[str, datetime], ...]


_write = msgspec.json.Encoder().encode
_read = msgspec.json.Decoder(Body).decode

NOBODY = _write(Body(State.NONE, (), None, ()))
"""The body of an erased contact."""


def micros(at: datetime | None) -> int | None:
    """Give a moment as whole microseconds since 1970, UTC, which sorts and loses nothing.

    >>> micros(datetime(1970, 1, 2, tzinfo=UTC))
    86400000000
    """
    return None if at is None else (at - EPOCH) // MICROSECOND


def from_micros(at: Any) -> datetime | None:
    """Give the moment back, in UTC; what is no moment becomes the first or the last there is.

    >>> from_micros(86400000000)
    datetime.datetime(1970, 1, 2, 0, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        return None if at is None else EPOCH + timedelta(microseconds=at)
    except (TypeError, OverflowError):
        return LAST if isinstance(at, int) and at > 0 else FIRST


def pack_contact(id_: int, contact: Contact, due_at: Any) -> Row:
    """Give the row of `contacts`.

    Args:
        id_: the contact's.
        contact: as it becomes.
        due_at: its deadline, packed.

    """
    body = _write(Body(contact.state, contact.subscriptions, contact.stopped_at, contact.said))
    return (
        id_,
        contact.code,
        contact.number,
        _plain(contact.summary()),
        contact.sequence,
        contact.chain,
        body,
        due_at,
    )


def unpack_contact(row: Sequence[Any]) -> Contact:
    """Give the contact of a row of `contacts`; an erased one has no number.

    Raises:
        StoreError: the row is damaged.

    """
    id_, code, number, _, sequence, chain, body = row[:7]
    try:
        rest = _read(body)
    except (msgspec.MsgspecError, ValueError, TypeError):
        # What cannot be read may be personal, and so may the decoder's words about it.
        raise StoreError(damage("contact", id_)) from None
    return Contact(
        number or "",
        code,
        rest.state,
        rest.subscriptions,
        rest.stopped_at,
        rest.said,
        sequence,
        bytes(chain),
    )


def pack_record(contact: int, record: ConsentRecord, pack_at: PackAt) -> Row:
    """Give the row of `records`; the number stays with the contact."""
    return (
        contact,
        record.sequence,
        pack_at(record.at),
        record.code,
        record.keyword,
        _plain(record.from_state),
        _plain(record.to_state),
        _plain(record.event),
        _plain(record.origin),
        record.rule,
        record.prompt,
        record.definition,
        record.mo_id,
        record.text,
        record.previous,
        record.personal,
        record.digest,
    )


def unpack_record(row: Sequence[Any], number: str, unpack_at: UnpackAt) -> ConsentRecord:
    """Give the record of a row, whose contact has the number; empty once it was erased."""
    _, sequence, at, *public, mo_id, text, previous, personal, digest = row
    own = number, mo_id, text
    at = unpack_at(at) or FIRST
    return ConsentRecord(*(sequence, at, *public, *own, previous, personal, digest))


def unpack_chain(
    row: Sequence[Any], records: Iterable[Sequence[Any]], unpack_at: UnpackAt
) -> Chain:
    """Give the chain of a contact, by the rows of `contacts` and of `records`."""
    id_, code, number, _, sequence, head = row[:6]
    code, number = (value if isinstance(value, str) else "" for value in (code, number))
    sequence = max(sequence, 0) if isinstance(sequence, int) else 0
    head = head if isinstance(head, bytes) else b""
    linked = tuple(unpack_record(record, number, unpack_at) for record in records)
    return Chain(id_, code, number, sequence, head, linked)


def pack_mo(contact: int, mo: Mo, pack_at: PackAt) -> Row:
    """Give the row of `mos`; an MO without a claim has none, so that many may."""
    return (
        mo.id,
        contact,
        pack_at(mo.at),
        _plain(mo.origin),
        sound(mo.text),
        mo.answer,
        mo.claim or None,
    )


def unpack_mo(row: Sequence[Any], unpack_at: UnpackAt) -> Mo:
    """Give the MO of a row that begins with its contact's code and number."""
    code, number, id_, _, at, origin, text, answer, claim = row
    return Mo(
        id_, code, number or "", unpack_at(at), origin, text, bytes(answer), bytes(claim or b"")
    )


def pack_mt(contact: int, mt: Mt, pack_at: PackAt) -> Row:
    """Give the row of `mts`."""
    return (
        mt.id,
        contact,
        pack_at(mt.at),
        mt.mo,
        _plain(mt.origin),
        _plain(mt.kind),
        sound(mt.text),
        mt.encoding,
        mt.segments,
        mt.keyword,
        _plain(mt.fate),
        mt.attempts,
        pack_at(mt.due_at),
        pack_at(mt.settled_at),
        mt.provider_id,
        sound(mt.error),
        mt.send,
        mt.consent,
    )


def unpack_mt(row: Sequence[Any], unpack_at: UnpackAt) -> Mt:
    """Give the MT of a row that begins with its contact's code and number.

    Raises:
        StoreError: the row is damaged.

    """
    code, number, id_, _, at, *said, fate, attempts, due_at, settled_at = row[:-4]
    about = id_, code, number or "", unpack_at(at)
    times = unpack_at(due_at), unpack_at(settled_at)
    try:
        fate = Fate(fate)
    except ValueError:
        raise StoreError(damage("MT", id_)) from None
    return Mt(*(*about, *said, fate, attempts, *times, *row[-4:]))


def pack_definition(definition: Definition, pack_at: PackAt) -> Row:
    """Give the row of `definitions`."""
    return (
        definition.id,
        definition.version,
        definition.kind,
        definition.body,
        definition.digest,
        definition.source,
        pack_at(definition.at),
        pack_at(definition.ended_at),
    )


def unpack_definition(row: Sequence[Any], unpack_at: UnpackAt) -> Definition:
    """Give the definition of a row."""
    id_, version, kind, body, digest, source, at, ended_at = row
    return Definition(
        id_, version, kind, bytes(body), digest, source, unpack_at(at), unpack_at(ended_at)
    )


def numbers_by_key(rows: Iterable[Row]) -> dict[str, tuple[str, ...]]:
    """Give the numbers of each subscriber key, ascending, by the rows of `subscriber_keys`.

    >>> numbers_by_key([("ann", "+15555550124"), ("ann", "+15555550123")])
    {'ann': ('+15555550123', '+15555550124')}
    """
    found = defaultdict[str, list[str]](list)
    for key, number in sorted(rows):
        found[key].append(number)
    return {key: tuple(numbers) for key, numbers in found.items()}


def damage(what: str, id_: int) -> str:
    """Say that a row cannot be read, and what to do."""
    mend = "Restore the store from a backup; `optin-engine ledger verify` tells which records hold."
    return f"The {what} {id_} is damaged in the store. {mend}"


def sound(text: str) -> str:
    """Give a text without broken surrogates, which UTF-8 cannot hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
