"""Lists of numbers in PostgreSQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from optin_engine.stores.packing_of_sends import (
    named,
    no_list,
    pack_member,
    portions,
    unpack_list,
    unpack_member,
)
from optin_engine.stores.postgres_batch import BEGIN
from optin_engine.stores.postgres_columns import arrays, each, insert, moment
from optin_engine.stores.postgres_connections import Connection, Connections
from optin_engine.stores.rows_of_sends import Member, MemberList
from optin_engine.stores.schema import columns

LISTS = f"SELECT {columns('list')} FROM lists"
# Two that make a list of the same name at once are given the same one.
MAKE = """
    INSERT INTO lists (id, name, at) VALUES (nextval('bases'), %s, %s)
    ON CONFLICT (name) WHERE name <> '' DO NOTHING"""
# In the order of their key, so that two that fill the same list do not wait in a circle.
PUT = f"""{insert("list_member")} ORDER BY 1, 2
    ON CONFLICT (list, number) DO UPDATE SET key = excluded.key, attributes = excluded.attributes"""
MEMBERS = f"""
    SELECT {columns("list_member")} FROM list_members
     WHERE list = %s AND number > %s ORDER BY number LIMIT %s"""
OF = "SELECT list FROM list_members WHERE number = %s ORDER BY list"
# Whoever fills or names a list holds it against whoever deletes it, and not against others.
HOLD = "SELECT id FROM lists WHERE id = ANY(%b::bigint[]) ORDER BY id FOR KEY SHARE"
# In the order of their key, as they are put.
REMOVE = """
    WITH meant AS MATERIALIZED (
        SELECT list, number FROM list_members
         WHERE list = %s AND number = ANY(%b::text[]) ORDER BY number FOR UPDATE)
    DELETE FROM list_members USING meant
     WHERE list_members.list = meant.list AND list_members.number = meant.number"""
# Two statements: what is seen of the sends is seen after the list is locked.
LOCK = "SELECT FROM lists WHERE id = %s FOR UPDATE"
# A send is made after the lists that it names, or with its own, so its id is no less.
NAMING = """
    SELECT id FROM sends
     WHERE id >= %(list)s AND state NOT IN ('Finished', 'Cancelled', 'Error')
       AND (targets::jsonb || excluded::jsonb) @> to_jsonb(%(list)s)
     ORDER BY id"""
DELETE = "DELETE FROM lists WHERE id = %s AND name <> ''"
EMPTY = "DELETE FROM list_members WHERE list = %s"


class PostgresLists:
    """The lists of a database; see `Lists`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def make(self, name: str, at: datetime) -> MemberList:
        name = named(name)
        with self._connections.connection() as connection:
            connection.execute(MAKE, [name, at])
            [row] = connection.execute(f"{LISTS} WHERE name = %s", [name]).fetchall()
        return unpack_list(row, moment)

    def find(self, list_: int) -> MemberList | None:
        with self._connections.connection() as connection:
            row = connection.execute(f"{LISTS} WHERE id = %s", [list_]).fetchone()
        return unpack_list(row, moment) if row else None

    def every(self) -> Sequence[MemberList]:
        with self._connections.connection() as connection:
            rows = connection.execute(f"{LISTS} WHERE name <> '' ORDER BY name").fetchall()
        return tuple(unpack_list(row, moment) for row in rows)

    def fill(self, list_: int, members: Iterable[Member]) -> None:
        for portion in portions(members):
            rows = [pack_member(list_, member) for member in portion]
            with self._connections.transaction() as connection:
                connection.execute(BEGIN)
                hold(connection, [list_])
                connection.execute(PUT, arrays("list_member", rows))
                connection.commit()

    def remove(self, list_: int, numbers: Sequence[str]) -> int:
        with self._connections.connection() as connection:
            return connection.execute(REMOVE, [list_, list(numbers)]).rowcount

    def delete(self, list_: int) -> Sequence[int]:
        with self._connections.transaction() as connection:
            connection.execute(BEGIN)
            connection.execute(LOCK, [list_])
            naming = tuple(send for (send,) in connection.execute(NAMING, {"list": list_}))
            if not naming and connection.execute(DELETE, [list_]).rowcount:
                connection.execute(EMPTY, [list_])
            connection.commit()
        return naming

    def count(self, list_: int) -> int:
        query = "SELECT count(*) FROM list_members WHERE list = %s"
        with self._connections.connection() as connection:
            [(many,)] = connection.execute(query, [list_]).fetchall()
        return int(many)

    def members(self, list_: int, after: str = "", limit: int = 1000) -> Sequence[Member]:
        with self._connections.connection() as connection:
            return each(unpack_member, connection.execute(MEMBERS, [list_, after, limit]))

    def of(self, number: str) -> Sequence[int]:
        with self._connections.connection() as connection:
            return tuple(list_ for (list_,) in connection.execute(OF, [number]))


def hold(connection: Connection, lists: Sequence[int]) -> None:
    """See that lists are there, and stay so until the transaction ends.

    Raises:
        StoreError: one of them is not there.

    """
    held = {list_ for (list_,) in connection.execute(HOLD, [list(lists)])}
    if missing := sorted(set(lists) - held):
        raise no_list(missing[0])
