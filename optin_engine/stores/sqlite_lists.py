"""Lists of numbers in SQLite."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from optin_engine.stores.packing import from_micros, micros
from optin_engine.stores.packing_of_sends import (
    named,
    no_list,
    pack_member,
    portions,
    unpack_list,
    unpack_member,
)
from optin_engine.stores.rows_of_sends import Member, MemberList
from optin_engine.stores.schema import columns
from optin_engine.stores.sqlite_batch import as_json, insert, next_base, once
from optin_engine.stores.sqlite_file import SqliteFile
from optin_engine.stores.store import ROOM

LISTS = f"SELECT {columns('list')} FROM lists"
ADD_LIST = insert("list")
PUT = f"""{insert("list_member")}
    ON CONFLICT (list, number) DO UPDATE SET key = excluded.key, attributes = excluded.attributes"""
MEMBERS = f"""
    SELECT {columns("list_member")} FROM list_members
     WHERE list = ? AND number > ? ORDER BY number LIMIT ?"""
OF = "SELECT list FROM list_members WHERE number = ? ORDER BY list"
MISSING = """
    SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM lists) ORDER BY value"""
REMOVE = """
    DELETE FROM list_members
     WHERE list = ? AND number IN (SELECT value FROM json_each(?))"""
# A send is made after the lists that it names, or with its own, so its id is no less.
NAMING = """
    SELECT id FROM sends
     WHERE id >= :list AND state NOT IN ('Finished', 'Cancelled', 'Error')
       AND :list IN (SELECT value FROM json_each(targets)
                     UNION ALL SELECT value FROM json_each(excluded))
     ORDER BY id"""
DELETE = "DELETE FROM lists WHERE id = ? AND name <> ''"
EMPTY = "DELETE FROM list_members WHERE list = ?"


class SqliteLists:
    """The lists of a file; see `Lists`."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def make(self, name: str, at: datetime) -> MemberList:
        name = named(name)
        with self._file.writing() as connection:
            row = connection.execute(f"{LISTS} WHERE name = ?", (name,)).fetchone()
            if row is not None:
                return unpack_list(row, from_micros)
            base, _ = next_base(connection)
            with self._file.committing(connection):
                once(connection, base)
                row = base // ROOM, name, micros(at)
                connection.execute(ADD_LIST, row)
            return unpack_list(row, from_micros)

    def find(self, list_: int) -> MemberList | None:
        with self._file.reading() as connection:
            row = connection.execute(f"{LISTS} WHERE id = ?", (list_,)).fetchone()
        return unpack_list(row, from_micros) if row else None

    def every(self) -> Sequence[MemberList]:
        with self._file.reading() as connection:
            rows = connection.execute(f"{LISTS} WHERE name <> '' ORDER BY name").fetchall()
        return tuple(unpack_list(row, from_micros) for row in rows)

    def fill(self, list_: int, members: Iterable[Member]) -> None:
        for portion in portions(members):
            rows = [pack_member(list_, member) for member in portion]
            with self._file.writing() as connection, self._file.committing(connection):
                hold(connection, [list_])
                connection.executemany(PUT, rows)

    def remove(self, list_: int, numbers: Sequence[str]) -> int:
        with self._file.writing() as connection, self._file.committing(connection):
            return connection.execute(REMOVE, (list_, as_json(numbers))).rowcount

    def delete(self, list_: int) -> Sequence[int]:
        with self._file.writing() as connection, self._file.committing(connection):
            naming = tuple(send for (send,) in connection.execute(NAMING, {"list": list_}))
            if not naming and connection.execute(DELETE, (list_,)).rowcount:
                connection.execute(EMPTY, (list_,))
        return naming

    def count(self, list_: int) -> int:
        query = "SELECT count(*) FROM list_members WHERE list = ?"
        with self._file.reading() as connection:
            return int(connection.execute(query, (list_,)).fetchone()[0])

    def members(self, list_: int, after: str = "", limit: int = 1000) -> Sequence[Member]:
        with self._file.reading() as connection:
            rows = connection.execute(MEMBERS, (list_, after, limit)).fetchall()
        return tuple(map(unpack_member, rows))

    def of(self, number: str) -> Sequence[int]:
        with self._file.reading() as connection:
            return tuple(list_ for (list_,) in connection.execute(OF, (number,)))


def hold(connection: sqlite3.Connection, lists: Sequence[int]) -> None:
    """See that lists are there, and stay so until the transaction ends.

    Raises:
        StoreError: one of them is not there.

    """
    missing = connection.execute(MISSING, (as_json(lists),)).fetchone()
    if missing is not None:
        raise no_list(*missing)
