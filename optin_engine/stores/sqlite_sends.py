"""Sends in SQLite: what is said to lists, a page of members in each transaction."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from optin_engine.stores.packing import Row, from_micros, micros, pack_mt, unpack_mt
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
from optin_engine.stores.rows import Fate, Mt
from optin_engine.stores.rows_of_sends import OUTBOUND, Member, Render, Send
from optin_engine.stores.schema import CONSENT, OPEN, TO_QUEUE, UNDER_WAY, columns
from optin_engine.stores.sqlite_batch import ADD_MT, as_json, insert, next_base, once
from optin_engine.stores.sqlite_file import SqliteFile
from optin_engine.stores.sqlite_lists import ADD_LIST, PUT, hold
from optin_engine.stores.sqlite_outbox import MTS
from optin_engine.stores.store import ROOM

SENDS = f"SELECT {columns('send')} FROM sends"
FIND = f"{SENDS} WHERE id = ?"
CLAIMED = f"{SENDS} WHERE claim = ?"
WAITING = f"""{SENDS}
     WHERE {TO_QUEUE} AND coalesce(due_at, 0) <= ? ORDER BY coalesce(due_at, 0), id LIMIT ?"""
RECENT = f"{SENDS} WHERE id < coalesce(nullif(?, 0), id + 1) ORDER BY id DESC LIMIT ?"
ADD_SEND = insert("send")
MOVE = """
    UPDATE sends SET state = ?, cursor = ?, queued = ?, dropped = ?, queued_at = ?,
           finished_at = ?, error = ?
     WHERE id = ?"""

# Each target is read in the order of its key, and only as far as the page may need it.
OF_TARGET = """
    SELECT number FROM (
        SELECT number FROM list_members
         WHERE list = {target} AND number > :cursor
           AND NOT EXISTS (SELECT 1 FROM list_members AS other
                            WHERE other.list IN (SELECT value FROM json_each(:excluded))
                              AND other.number = list_members.number)
         ORDER BY number LIMIT :limit)"""
MEMBERS = f"""
    SELECT {columns("list_member")} FROM list_members
     WHERE list IN (SELECT value FROM json_each(?))
       AND number IN (SELECT value FROM json_each(?))"""
ALLOWED = f"""
    WITH told AS MATERIALIZED (
        SELECT contacts.id AS contact, number, {CONSENT} AS consent
          FROM json_each(:page) CROSS JOIN contacts ON number = value AND code = :code
         WHERE state = 'Subscribed')"""
READ_ALLOWED = f"{ALLOWED} SELECT * FROM told WHERE consent IS NOT NULL ORDER BY number"
# It begins with its verb, or Python does not know how many rows it added.
ENQUEUE = f"""
    INSERT INTO mts ({columns("mt")}) {ALLOWED}
    SELECT :base + row_number() OVER (ORDER BY number) - 1, contact, :now, 0, '', '{OUTBOUND}',
           :text, :encoding, :segments, :keyword, 'queued', 0, NULL, NULL, '', '', :send, consent
      FROM told WHERE consent IS NOT NULL ORDER BY number"""

PAUSE = """
    UPDATE sends SET state = 'Paused'
     WHERE id = ? AND state IN ('New', 'Queuing', 'Started')"""
RESUME = """
    UPDATE sends SET state = CASE WHEN queued_at IS NOT NULL THEN 'Started'
                                  WHEN queued + dropped > 0 THEN 'Queuing' ELSE 'New' END
     WHERE id = ? AND state = 'Paused'"""
END = """
    UPDATE sends SET state = CASE :error WHEN '' THEN 'Cancelled' ELSE 'Error' END,
           finished_at = :at, error = :error
     WHERE id = :send AND state NOT IN ('Finished', 'Cancelled', 'Error')"""
IS_OVER = "SELECT 1 FROM sends WHERE id = :send AND state IN ('Cancelled', 'Error')"
CANCEL = f"""
    UPDATE mts SET fate = CASE is_claimed WHEN 1 THEN 'withdrawn' ELSE 'cancelled' END,
           settled_at = CASE is_claimed WHEN 1 THEN NULL ELSE :at END
     WHERE id IN (SELECT id FROM mts WHERE send = :send AND {OPEN} AND fate = 'queued'
                  UNION ALL SELECT id FROM mts WHERE +send = :send AND fate = 'dead'
                  LIMIT :limit)"""
DONE = f"""
    SELECT id FROM sends WHERE {UNDER_WAY} AND state = 'Started'
       AND NOT EXISTS (SELECT 1 FROM mts WHERE mts.send = sends.id AND {OPEN})
     ORDER BY kind, id"""
FINISH = "UPDATE sends SET state = 'Finished', finished_at = ? WHERE id = ?"
FATES = "SELECT fate, count(*) FROM mts WHERE send = ? AND send <> 0 GROUP BY fate"


class SqliteSends:
    """The sends of a file; see `Sends`."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def add(self, send: Send, members: Sequence[Member] = ()) -> Send:
        with self._file.writing() as connection:
            known = _find(connection, CLAIMED, send.claim)
            if known is not None:
                return known
            base, _ = next_base(connection)
            send = attrs.evolve(send, id=base // ROOM)
            if members:
                send = attrs.evolve(send, targets=(send.id,))
            with self._file.committing(connection):
                once(connection, base)
                if members:
                    connection.execute(ADD_LIST, (send.id, "", micros(send.at)))
                    connection.executemany(PUT, [pack_member(send.id, m) for m in members])
                hold(connection, (*send.targets, *send.excluded))
                connection.execute(ADD_SEND, pack_send(send, micros))
        return send

    def claimed(self, claim: bytes) -> Send | None:
        with self._file.reading() as connection:
            return _find(connection, CLAIMED, claim)

    def find(self, send: int) -> Send | None:
        with self._file.reading() as connection:
            return _find(connection, FIND, send)

    def recent(self, before: int = 0, limit: int = 100) -> Sequence[Send]:
        with self._file.reading() as connection:
            rows = connection.execute(RECENT, (before, limit)).fetchall()
        return tuple(unpack_send(row, from_micros) for row in rows)

    def waiting(self, now: datetime, limit: int = 100) -> Sequence[Send]:
        with self._file.reading() as connection:
            rows = connection.execute(WAITING, (micros(now), limit)).fetchall()
        return tuple(unpack_send(row, from_micros) for row in rows)

    def enqueue(self, send: int, limit: int, now: datetime, render: Render | None = None) -> Send:
        with self._file.writing() as connection:
            one = _find(connection, FIND, send)
            if one is None:
                raise no_send(send)
            if not one.begins(now):
                return one
            with self._file.committing(connection):
                page = _page(connection, one, limit)
                if page:
                    many = _queue(connection, one, page, now, render)
                    one = one.after(len(page), many, page[-1])
                one = one if len(page) == limit else one.all_queued(now)
                connection.execute(MOVE, (*pack_progress(one, micros), one.id))
        return one

    def pause(self, send: int) -> bool:
        return self._change(PAUSE, send)

    def resume(self, send: int) -> bool:
        return self._change(RESUME, send)

    def cancel(self, send: int, at: datetime, limit: int, error: str = "") -> int:
        asked = {"send": send, "at": micros(at), "limit": limit, "error": error}
        with self._file.writing() as connection, self._file.committing(connection):
            connection.execute(END, asked)
            if connection.execute(IS_OVER, asked).fetchone() is None:
                return 0
            return connection.execute(CANCEL, asked).rowcount

    def finish(self, now: datetime) -> Sequence[int]:
        # Seldom is any finished, and who only looks keeps nobody from writing.
        with self._file.reading() as connection:
            if connection.execute(DONE).fetchone() is None:
                return ()
        with self._file.writing() as connection, self._file.committing(connection):
            done = sorted(send for (send,) in connection.execute(DONE))
            connection.executemany(FINISH, [(micros(now), send) for send in done])
        return tuple(done)

    def mts(self, send: int, after: int = 0, limit: int = 1000) -> Sequence[Mt]:
        query = f"{MTS} WHERE send = ? AND send <> 0 AND mts.id > ? ORDER BY mts.id LIMIT ?"
        with self._file.reading() as connection:
            rows = connection.execute(query, (send, after, limit)).fetchall()
        return tuple(unpack_mt(row, from_micros) for row in rows)

    def fates(self, send: int) -> Mapping[Fate, int]:
        with self._file.reading() as connection:
            return {Fate(fate): many for fate, many in connection.execute(FATES, (send,))}

    def _change(self, statement: str, send: int) -> bool:
        with self._file.writing() as connection, self._file.committing(connection):
            return connection.execute(statement, (send,)).rowcount > 0


def _find(connection: sqlite3.Connection, query: str, known_by: int | bytes) -> Send | None:
    row = connection.execute(query, (known_by,)).fetchone()
    return unpack_send(row, from_micros) if row else None


def _page(connection: sqlite3.Connection, send: Send, limit: int) -> list[str]:
    """Give the next numbers of a send, in their order."""
    if not send.targets:
        return []
    asked = {"cursor": send.cursor, "limit": limit, "excluded": as_json(send.excluded)}
    asked |= {f"target{place}": list_ for place, list_ in enumerate(send.targets)}
    each = (OF_TARGET.format(target=f":target{place}") for place in range(len(send.targets)))
    query = f"{' UNION '.join(each)} ORDER BY number LIMIT :limit"
    return [number for (number,) in connection.execute(query, asked)]


def _queue(
    connection: sqlite3.Connection,
    send: Send,
    page: Sequence[str],
    now: datetime,
    render: Render | None,
) -> int:
    """Queue the MTs of one page; give how many."""
    base, _ = next_base(connection)
    once(connection, base)
    asked = {"page": as_json(page), "code": send.code, "base": base, "now": micros(now)}
    if render is None:
        said = attrs.asdict(send.text)
        return connection.execute(
            ENQUEUE, {**asked, **said, "keyword": send.keyword, "send": send.id}
        ).rowcount
    allowed = connection.execute(READ_ALLOWED, asked).fetchall()
    found = connection.execute(MEMBERS, (as_json(send.targets), asked["page"]))
    texts = rendered(allowed, members_of(found, send.targets), render)
    rows: list[Row] = [
        pack_mt(contact, mt_of(send, base + place, (number, consent), said, now), micros)
        for place, ((contact, number, consent), said) in enumerate(texts)
    ]
    connection.executemany(ADD_MT, rows)
    return len(rows)
