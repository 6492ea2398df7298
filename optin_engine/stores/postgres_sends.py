"""Sends in PostgreSQL: what is said to lists, a page of members in each transaction.

Whoever changes a send locks its row first, then contacts, then MTs.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from optin_engine.stores.packing import Row, pack_mt
from optin_engine.stores.packing_of_sends import (
    members_of,
    mt_of,
    no_send,
    pack_member,
    pack_progress,
    pack_send,
    rendered,
    unpack_send,
)
from optin_engine.stores.postgres_batch import ADD_MT, BEGIN, HEAD, LOCK
from optin_engine.stores.postgres_columns import arrays, each, insert, moment, read, read_mt
from optin_engine.stores.postgres_connections import Connection, Connections
from optin_engine.stores.postgres_lists import PUT, hold
from optin_engine.stores.postgres_outbox import MTS
from optin_engine.stores.rows import Fate, Mt
from optin_engine.stores.rows_of_sends import OUTBOUND, Member, Render, Send
from optin_engine.stores.schema import CONSENT, OPEN, TO_QUEUE, UNDER_WAY, columns

SENDS = f"SELECT {columns('send')} FROM sends"
FIND = f"{SENDS} WHERE id = %s"
CLAIMED = f"{SENDS} WHERE claim = %b"
DUE_AT = "coalesce(due_at, '-infinity'::timestamptz)"
WAITING = f"{SENDS} WHERE {TO_QUEUE} AND {DUE_AT} <= %s ORDER BY {DUE_AT}, id LIMIT %s"
RECENT = f"{SENDS} WHERE id < coalesce(nullif(%s, 0), id + 1) ORDER BY id DESC LIMIT %s"
ADD_LIST = "INSERT INTO lists (id, name, at) VALUES (%s, '', %s)"
ADD_SEND = f"{insert('send')} ON CONFLICT (claim) WHERE claim IS NOT NULL DO NOTHING"
MOVE = """
    UPDATE sends SET state = %s, cursor = %s, queued = %s, dropped = %s, queued_at = %s,
           finished_at = %s, error = %s
     WHERE id = %s"""

# Each target is read in the order of its key, and only as far as the page may need it.
PAGE = """
    SELECT next.number FROM unnest(%(targets)b::bigint[]) AS target CROSS JOIN LATERAL (
           SELECT number FROM list_members
            WHERE list = target AND number > %(cursor)s
              AND NOT EXISTS (SELECT FROM list_members AS other
                               WHERE other.list = ANY(%(excluded)b::bigint[])
                                 AND other.number = list_members.number)
            ORDER BY number LIMIT %(limit)s) AS next
     GROUP BY next.number ORDER BY next.number LIMIT %(limit)s"""
MEMBERS = f"""
    SELECT {columns("list_member")} FROM list_members
     WHERE list = ANY(%b::bigint[]) AND number = ANY(%b::text[])"""
ALLOWED = f"""
    WITH told AS MATERIALIZED (
        SELECT contacts.id AS contact, number, {CONSENT} AS consent FROM contacts
         WHERE number = ANY(%(page)b::text[]) AND code = %(code)s AND state = 'Subscribed')"""
READ_ALLOWED = f"{ALLOWED} SELECT * FROM told WHERE consent IS NOT NULL ORDER BY number"
ENQUEUE = f"""{ALLOWED}
    INSERT INTO mts ({columns("mt")})
    SELECT %(base)s + row_number() OVER (ORDER BY number) - 1, contact, %(now)s, 0, '',
           '{OUTBOUND}', %(text)b::bytea, %(encoding)s, %(segments)s, %(keyword)s, 'queued', 0,
           NULL, NULL, '', '', %(send)s, consent
      FROM told WHERE consent IS NOT NULL"""

PAUSE = """
    UPDATE sends SET state = 'Paused'
     WHERE id = %s AND state IN ('New', 'Queuing', 'Started')"""
RESUME = """
    UPDATE sends SET state = CASE WHEN queued_at IS NOT NULL THEN 'Started'
                                  WHEN queued + dropped > 0 THEN 'Queuing' ELSE 'New' END
     WHERE id = %s AND state = 'Paused'"""
END = """
    UPDATE sends SET state = CASE %(error)b::bytea WHEN '' THEN 'Cancelled' ELSE 'Error' END,
           finished_at = %(at)s, error = %(error)b
     WHERE id = %(send)s AND state NOT IN ('Finished', 'Cancelled', 'Error')"""
IS_OVER = "SELECT FROM sends WHERE id = %(send)s AND state IN ('Cancelled', 'Error')"
CANCEL = f"""
    WITH portion AS MATERIALIZED (
        SELECT id FROM mts WHERE send = %(send)s AND {OPEN} AND fate = 'queued'
        UNION ALL SELECT id FROM mts WHERE send = %(send)s AND fate = 'dead'
        LIMIT %(limit)s),
    meant AS MATERIALIZED (
        SELECT id FROM mts WHERE id IN (SELECT id FROM portion) AND fate IN ('queued', 'dead')
         ORDER BY id FOR UPDATE)
    UPDATE mts SET fate = CASE is_claimed WHEN 1 THEN 'withdrawn' ELSE 'cancelled' END,
           settled_at = CASE is_claimed WHEN 1 THEN NULL ELSE %(at)s END
      FROM meant WHERE mts.id = meant.id"""
# Two statements: what is seen of the MTs is seen after the sends are locked.
STARTED = f"""
    SELECT id FROM sends WHERE {UNDER_WAY} AND state = 'Started'
       AND NOT EXISTS (SELECT FROM mts WHERE mts.send = sends.id AND {OPEN})
     ORDER BY id FOR UPDATE SKIP LOCKED"""
FINISH = f"""
    UPDATE sends SET state = 'Finished', finished_at = %s
     WHERE id = ANY(%b::bigint[]) AND state = 'Started'
       AND NOT EXISTS (SELECT FROM mts WHERE mts.send = sends.id AND {OPEN})
    RETURNING id"""
FATES = "SELECT fate, count(*) FROM mts WHERE send = %s AND send <> 0 GROUP BY fate"


class PostgresSends:
    """The sends of a database; see `Sends`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, send: Send, members: Sequence[Member] = ()) -> Send:
        with self._connections.transaction() as connection:
            connection.execute(BEGIN)
            [(id_,)] = connection.execute("SELECT nextval('bases')").fetchall()
            send = attrs.evolve(send, id=id_)
            if members:
                send = attrs.evolve(send, targets=(id_,))
            # Whoever adds the same claim now is waited for, and seen once it has committed.
            added = connection.execute(ADD_SEND, arrays("send", [pack_send(send, moment)]))
            if not added.rowcount:
                return _kept(connection, send.claim)
            if members:
                rows = {m.number: pack_member(id_, m) for m in members}
                connection.execute(ADD_LIST, [id_, send.at])
                connection.execute(PUT, arrays("list_member", [*rows.values()]))
            hold(connection, (*send.targets, *send.excluded))
            connection.commit()
        return send

    def claimed(self, claim: bytes) -> Send | None:
        with self._connections.connection() as connection:
            return _find(connection, CLAIMED, claim)

    def find(self, send: int) -> Send | None:
        with self._connections.connection() as connection:
            return _find(connection, FIND, send)

    def recent(self, before: int = 0, limit: int = 100) -> Sequence[Send]:
        with self._connections.connection() as connection:
            return each(_send, connection.execute(RECENT, [before, limit], binary=True))

    def waiting(self, now: datetime, limit: int = 100) -> Sequence[Send]:
        with self._connections.connection() as connection:
            return each(_send, connection.execute(WAITING, [now, limit], binary=True))

    def enqueue(self, send: int, limit: int, now: datetime, render: Render | None = None) -> Send:
        with self._connections.transaction() as connection:
            connection.execute(BEGIN)
            one = _find(connection, f"{FIND} FOR UPDATE", send)
            if one is None:
                raise no_send(send)
            if not one.begins(now):
                return one
            page = _page(connection, one, limit)
            if page:
                many = _queue(connection, one, page, now, render)
                one = one.after(len(page), many, page[-1])
            one = one if len(page) == limit else one.all_queued(now)
            *facts, error = pack_progress(one, moment)
            connection.execute(MOVE, [*facts, error.encode(), one.id])
            connection.commit()
        return one

    def pause(self, send: int) -> bool:
        return self._change(PAUSE, send)

    def resume(self, send: int) -> bool:
        return self._change(RESUME, send)

    def cancel(self, send: int, at: datetime, limit: int, error: str = "") -> int:
        reason = error.encode("utf-8", "replace")
        asked = {"send": send, "at": at, "limit": limit, "error": reason}
        with self._connections.transaction() as connection:
            connection.execute(BEGIN)
            connection.execute(END, asked)
            if connection.execute(IS_OVER, asked).fetchone() is None:
                return 0
            many = connection.execute(CANCEL, asked).rowcount
            connection.commit()
        return many

    def finish(self, now: datetime) -> Sequence[int]:
        with self._connections.transaction() as connection:
            connection.execute(BEGIN)
            started = [send for (send,) in connection.execute(STARTED)]
            if not started:
                return ()
            done = connection.execute(FINISH, [now, started]).fetchall()
            connection.commit()
        return tuple(sorted(send for (send,) in done))

    def mts(self, send: int, after: int = 0, limit: int = 1000) -> Sequence[Mt]:
        query = f"{MTS} WHERE send = %s AND send <> 0 AND mts.id > %s ORDER BY mts.id LIMIT %s"
        with self._connections.connection() as connection:
            return each(read_mt, connection.execute(query, [send, after, limit], binary=True))

    def fates(self, send: int) -> Mapping[Fate, int]:
        with self._connections.connection() as connection:
            return {Fate(fate): many for fate, many in connection.execute(FATES, [send])}

    def _change(self, statement: str, send: int) -> bool:
        with self._connections.connection() as connection:
            return connection.execute(statement, [send]).rowcount > 0


def _send(row: Row) -> Send:
    return unpack_send(read("send", row), moment)


def _find(connection: Connection, query: str, known_by: int | bytes) -> Send | None:
    row = connection.execute(query, [known_by], binary=True).fetchone()
    return _send(row) if row else None


def _kept(connection: Connection, claim: bytes) -> Send:
    """Give the send that was quicker to claim."""
    found = _find(connection, CLAIMED, claim)
    assert found is not None  # noqa: S101 - no send is ever removed.
    return found


def _page(connection: Connection, send: Send, limit: int) -> list[str]:
    """Give the next numbers of a send, in their order."""
    asked = {
        "targets": list(send.targets),
        "excluded": list(send.excluded),
        "cursor": send.cursor,
        "limit": limit,
    }
    return [number for (number,) in connection.execute(PAGE, asked)]


def _queue(
    connection: Connection, send: Send, page: list[str], now: datetime, render: Render | None
) -> int:
    """Queue the MTs of one page; give how many.

    Their contacts are locked before the ids are drawn, as in a batch: whoever opts out has
    done so before this looks, or withdraws what it queues.
    """
    connection.execute(LOCK, [page])
    [(base, _)] = connection.execute(HEAD).fetchall()
    asked = {"page": page, "code": send.code, "base": base, "now": now}
    if render is None:
        said = {**attrs.asdict(send.text), "text": send.text.text.encode("utf-8", "replace")}
        about = {"keyword": send.keyword, "send": send.id}
        return connection.execute(ENQUEUE, {**asked, **said, **about}).rowcount
    allowed = connection.execute(READ_ALLOWED, asked).fetchall()
    found = connection.execute(MEMBERS, [list(send.targets), page])
    texts = rendered(allowed, members_of(found, send.targets), render)
    rows = [
        pack_mt(contact, mt_of(send, base + place, (number, consent), said, now), moment)
        for place, ((contact, number, consent), said) in enumerate(texts)
    ]
    if rows:
        connection.execute(ADD_MT, arrays("mt", rows))
    return len(rows)
