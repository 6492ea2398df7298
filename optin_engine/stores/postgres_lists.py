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
from optin_engine.stores.postgres_columns import arrays, each, insert, moment
from optin_engine.stores.postgres_connections import Connections
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
        if self.find(list_) is None:
            raise no_list(list_)
        for portion in portions(members):
            rows = [pack_member(list_, member) for member in portion]
            with self._connections.connection() as connection:
                connection.execute(PUT, arrays("list_member", rows))

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
