"""Lists and sends as rows of the databases, and back; see `packing`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from optin_engine.stores.mailing import PORTION
from optin_engine.stores.packing import PackAt, Row, UnpackAt, damage, sound
from optin_engine.stores.rows import Mt
from optin_engine.stores.rows_of_sends import (
    OUTBOUND,
    Member,
    MemberList,
    Render,
    Send,
    SendKind,
    SendState,
    Text,
)
from optin_engine.stores.store import StoreError

_plain = str.__str__
_ids = msgspec.json.Decoder(tuple[int, ...]).decode
_attributes = msgspec.json.Decoder(dict[str, str]).decode


def pack_member(list_: int, member: Member) -> Row:
    """Give the row of `list_members`."""
    given = member.attributes
    known = None if given is None else {sound(name): sound(given[name]) for name in given}
    packed = None if known is None else _json(known)
    return list_, member.number, sound(member.key), packed


def unpack_member(row: Sequence[Any]) -> Member:
    """Give the member of a row.

    Raises:
        StoreError: the row is damaged.

    """
    list_, number, key, attributes = row
    try:
        return Member(number, key, None if attributes is None else _attributes(attributes))
    except msgspec.MsgspecError:
        raise StoreError(damage("list", list_)) from None


def members_of(rows: Iterable[Row], targets: Sequence[int]) -> dict[str, Member]:
    """Give members by number; who is in several lists is as the first of them has it."""
    place = {list_: place for place, list_ in enumerate(targets)}
    ordered = sorted(rows, key=lambda row: place[row[0]], reverse=True)
    return {row[1]: unpack_member(row) for row in ordered}


def unpack_list(row: Sequence[Any], unpack_at: UnpackAt) -> MemberList:
    """Give the list of a row of `lists`."""
    id_, name, at = row
    return MemberList(id_, name, unpack_at(at))


def pack_send(send: Send, pack_at: PackAt) -> Row:
    """Give the row of `sends`; one without a claim has none, so that many may."""
    return (
        send.id,
        _plain(send.kind),
        send.code,
        send.keyword,
        send.message,
        send.version,
        sound(send.text.text),
        send.text.encoding,
        send.text.segments,
        pack_at(send.at),
        pack_at(send.due_at),
        int(send.is_template),
        _json(send.targets),
        _json(send.excluded),
        send.options,
        *pack_progress(send, pack_at),
        send.claim or None,
        send.request or None,
    )


def pack_progress(send: Send, pack_at: PackAt) -> Row:
    """Give the part of the row of `sends` that tells how far it is."""
    return (
        _plain(send.state),
        send.cursor,
        send.queued,
        send.dropped,
        pack_at(send.queued_at),
        pack_at(send.finished_at),
        sound(send.error),
    )


def unpack_send(row: Sequence[Any], unpack_at: UnpackAt) -> Send:
    """Give the send of a row of `sends`.

    Raises:
        StoreError: the row is damaged.

    """
    id_, kind, code, keyword, message, version, text, encoding, segments, at, due_at = row[:11]
    is_template, targets, excluded, options, state, cursor, queued, dropped = row[11:19]
    queued_at, finished_at, error, claim, request = row[19:]
    try:
        words = SendKind(kind), SendState(state)
        lists = _ids(targets), _ids(excluded)
    except (ValueError, msgspec.MsgspecError):
        raise StoreError(damage("send", id_)) from None
    return Send(
        *(id_, words[0], code, keyword, message, version, Text(text, encoding, segments)),
        *(unpack_at(at), unpack_at(due_at), bool(is_template), *lists, bytes(options)),
        *(words[1], cursor, queued, dropped, unpack_at(queued_at), unpack_at(finished_at), error),
        *(bytes(claim or b""), bytes(request or b"")),
    )


def rendered(
    allowed: Iterable[Row], members: Mapping[str, Member], render: Render
) -> list[tuple[Row, Text]]:
    """Give what each is told whose text is its own, and leave out who is told nothing.

    Args:
        allowed: contact's id, number and consent of each who may be told.
        members: by number; who was erased meanwhile is none.
        render: gives a member's text.

    """
    found = [(row, members.get(row[1])) for row in allowed]
    said = [(row, render(member)) for row, member in found if member is not None]
    return [(row, text) for row, text in said if text is not None]


def mt_of(send: Send, id_: int, to: tuple[str, int], said: Text, now: datetime) -> Mt:
    """Give one MT of a send.

    Args:
        send: it.
        id_: the MT's.
        to: the number, and the sequence of the consent record that allows it.
        said: the text.
        now: when it is queued.

    """
    number, consent = to
    return Mt(
        *(id_, send.code, number, now, 0, "", OUTBOUND),
        *(said.text, said.encoding, said.segments, send.keyword),
        send=send.id,
        consent=consent,
    )


def named(name: str) -> str:
    """Give the name of a list.

    Raises:
        StoreError: it is empty.

    """
    if not name:
        message = "A list needs a name. Give it one."
        raise StoreError(message)
    return sound(name)


def no_list(list_: int) -> StoreError:
    """Say that there is no such list."""
    return StoreError(f"There is no list {list_}. Make it first.")


def portions(members: Iterable[Member]) -> Iterable[Sequence[Member]]:
    """Give members in portions; of a number that comes twice in one, the last."""
    rest = iter(members)
    while portion := list(islice(rest, PORTION)):
        yield list({member.number: member for member in portion}.values())


def no_send(send: int) -> StoreError:
    """Say that there is no such send."""
    return StoreError(f"There is no send {send}. Add it first.")


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
