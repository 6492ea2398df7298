"""PostgreSQL without us: pgbench with one statement an MO, and bare `unnest` inserts."""

import re
import subprocess
from collections.abc import Mapping
from typing import Any, LiteralString

import attrs
import psycopg
from psycopg import sql

from optin_engine.stores import ROOM
from tests.benchmarks.side_by_side import Rows
from tests.servers import Server

# What one MO of the mix writes: always its own row and its contact's, and a record and an MT
# as often as an MO of the mix does. Texts and digests are as long as ours.
ONE_STATEMENT = r"""
\set contact random(1, {contacts})
\set record random(1, 1000)
\set mt random(1, 1000)
WITH c AS (
    INSERT INTO contacts (id, code, number, state, sequence, chain, body, due_at)
    VALUES (:contact, '123456', '+1555' || lpad((:contact)::text, 7, '0'), 'In Progress', 2,
            decode(repeat('ab', 32), 'hex'), decode(repeat('ab', 300), 'hex'), now())
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, sequence = excluded.sequence,
        chain = excluded.chain, body = excluded.body, due_at = excluded.due_at
), m AS (
    INSERT INTO mos (id, contact, at, origin, text, answer, claim)
    SELECT n, :contact, now(), 'handset', decode(repeat('ab', 12), 'hex'),
           decode(repeat('ab', 360), 'hex'), decode(md5(n::text), 'hex')
      FROM nextval('pgbench_ids') n
), r AS (
    INSERT INTO records (contact, sequence, at, code, keyword, from_state, to_state, event,
                         origin, rule, prompt, definition, mo_id, text, previous, personal, digest)
    SELECT :contact, nextval('pgbench_ids'), now(), '123456', 'JOIN', 'None', 'In Progress',
           'JOIN', 'handset', 'keyword first', '', repeat('a', 64),
           decode(repeat('ab', 9), 'hex'), decode(repeat('ab', 12), 'hex'), repeat('b', 64),
           repeat('c', 64), repeat('d', 64)
     WHERE :record <= {records}
)
INSERT INTO mts (id, contact, at, mo, origin, kind, text, encoding, segments, keyword, fate,
                 attempts, due_at, settled_at, provider_id, error)
SELECT nextval('pgbench_ids'), :contact, now(), 1, 'handset', 'confirmation',
       decode(repeat('ab', 60), 'hex'), 'GSM-7', 1, 'JOIN', 'queued', 0, NULL, NULL, '',
       decode('', 'hex')
 WHERE :mt <= {mts};
"""


def pgbench(
    server: Server, database: str, clients: int, seconds: int, of_1000: Mapping[str, int]
) -> float:
    """Give the MOs a second of pgbench, each one prepared statement and one transaction.

    Args:
        server: which runs already.
        database: of our schema.
        clients: connections.
        seconds: how long.
        of_1000: `contacts` there are; `records` and `mts` that 1,000 MOs write.

    """
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        connection.execute("CREATE SEQUENCE IF NOT EXISTS pgbench_ids START 1000000000")
    script = server.home / "mo.sql"
    script.write_text(ONE_STATEMENT.format(**of_1000))
    script.chmod(0o644)
    options = ["-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds)]
    done = subprocess.run(
        [server.program("pgbench"), *options, "-f", script, server.url(database)],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert found is not None
    return float(found[1])


# A batch's ids lie in a room of their own; of its contacts' records some are older.
WRITTEN: Mapping[str, LiteralString] = {
    "contacts": "SELECT * FROM contacts WHERE id IN (SELECT contact FROM mos WHERE id >= %(base)s)",
    "records": "SELECT * FROM records WHERE contact IN"
    " (SELECT contact FROM mos WHERE id >= %(base)s)",
    "mos": "SELECT * FROM mos WHERE id >= %(base)s",
    "mts": "SELECT * FROM mts WHERE id >= %(base)s",
}


@attrs.define
class Reader:
    """Reads what the store has written since it was last asked."""

    connection: psycopg.Connection[tuple[Any, ...]]
    records: frozenset[tuple[int, int]] = frozenset()

    def written(self) -> Rows:
        """Give the rows of the last batch, by table."""
        row = self.connection.execute("SELECT max(id) FROM mos").fetchone()
        assert row is not None
        base = row[0] // ROOM * ROOM
        rows = {
            table: self.connection.execute(query, {"base": base}).fetchall()
            for table, query in WRITTEN.items()
        }
        rows["records"] = [row for row in rows["records"] if row[:2] not in self.records]
        self.records |= {row[:2] for row in rows["records"]}
        return rows


def insert_all(connection: psycopg.Connection[tuple[Any, ...]], rows: Rows) -> None:
    """Write rows in one transaction, each table by one `unnest`."""
    with connection.transaction():
        for table, several in rows.items():
            if several:
                connection.execute(
                    _unnest(connection, table), [*map(list, zip(*several, strict=True))]
                )


_STATEMENTS: dict[str, sql.Composed] = {}


def _unnest(connection: psycopg.Connection[tuple[Any, ...]], table: str) -> sql.Composed:
    """Give the statement for a table, with the types that the catalogue has."""
    if table not in _STATEMENTS:
        query = (
            "SELECT column_name, udt_name FROM information_schema.columns"
            " WHERE table_name = %s ORDER BY ordinal_position"
        )
        columns = connection.execute(query, (table,)).fetchall()
        arrays = [sql.SQL("%s::{}[]").format(sql.SQL(kind)) for _, kind in columns]
        changed = [
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name, _ in columns[1:]
        ]
        end = sql.SQL(" ON CONFLICT (id) DO UPDATE SET ") + sql.SQL(", ").join(changed)
        _STATEMENTS[table] = sql.SQL("INSERT INTO {} SELECT * FROM unnest({})").format(
            sql.Identifier(table), sql.SQL(", ").join(arrays)
        ) + (end if table == "contacts" else sql.SQL(""))
    return _STATEMENTS[table]
