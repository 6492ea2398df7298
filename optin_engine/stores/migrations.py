"""The schema of the databases, as data: numbered migrations, and their words by dialect.

>>> "due_at      TIMESTAMPTZ" in " ".join(statements(1, "postgresql"))
True
"""

from collections.abc import Mapping, Sequence

from optin_engine.stores.schema import (
    OPEN,
    TO_QUEUE,
    UNASKED,
    UNDER_WAY,
    UNRENDERED,
    UNSAID,
    WAITING,
)
from optin_engine.stores.store import StoreError

DIALECTS: Mapping[str, Mapping[str, str]] = {
    # `prose` is what people write; PostgreSQL's TEXT has no room for the character NUL.
    # `once` is before any time that a clock shows: an MT without a due time is due at once.
    # `by_key` keeps the rows of a table in the order of its key, where that is a choice.
    "sqlite": {
        "integer": "INTEGER",
        "moment":  "INTEGER",
        "bytes":   "BLOB",
        "prose":   "TEXT",
        "once":    "0",
        "by_key":  " WITHOUT ROWID",
    },
    "postgresql": {
        "integer": "BIGINT",
        "moment":  "TIMESTAMPTZ",
        "bytes":   "BYTEA",
        "prose":   "BYTEA",
        "once":    "'-infinity'::timestamptz",
        "by_key":  "",
    },
}  # fmt: skip
"""What a type or a value is called; SQLite keeps moments as microseconds since 1970, UTC."""

MIGRATIONS: Mapping[int, Sequence[str]] = {
    1: (
        """CREATE TABLE meta (
            version     {integer} NOT NULL,
            revision    {integer} NOT NULL,
            base        {integer} NOT NULL
        )""",
        "INSERT INTO meta (version, revision, base) VALUES (0, 0, 0)",
        """CREATE TABLE contacts (
            id          {integer} PRIMARY KEY,
            code        TEXT NOT NULL,
            number      TEXT,
            state       TEXT NOT NULL,
            sequence    {integer} NOT NULL,
            chain       {bytes} NOT NULL,
            body        {bytes} NOT NULL,
            due_at      {moment},
            blocked_at  {moment}
        )""",
        "CREATE UNIQUE INDEX contacts_by_number ON contacts (number, code)",
        f"CREATE INDEX contacts_waiting ON contacts (due_at, id, state) WHERE {WAITING}",
        """CREATE TABLE records (
            contact     {integer} NOT NULL,
            sequence    {integer} NOT NULL,
            at          {moment} NOT NULL,
            code        TEXT NOT NULL,
            keyword     TEXT NOT NULL,
            from_state  TEXT NOT NULL,
            to_state    TEXT NOT NULL,
            event       TEXT NOT NULL,
            origin      TEXT NOT NULL,
            rule        TEXT NOT NULL,
            prompt      TEXT NOT NULL,
            definition  TEXT NOT NULL,
            mo_id       {prose} NOT NULL,
            text        {prose} NOT NULL,
            previous    TEXT NOT NULL,
            personal    TEXT NOT NULL,
            digest      TEXT NOT NULL,
            PRIMARY KEY (contact, sequence)
        )""",
        """CREATE TABLE mos (
            id          {integer} PRIMARY KEY,
            contact     {integer} NOT NULL,
            at          {moment} NOT NULL,
            origin      TEXT NOT NULL,
            text        {prose} NOT NULL,
            answer      {bytes} NOT NULL,
            claim       {bytes}
        )""",
        "CREATE INDEX mos_by_contact ON mos (contact, id)",
        "CREATE UNIQUE INDEX mos_by_claim ON mos (claim) WHERE claim IS NOT NULL",
        """CREATE TABLE mts (
            id          {integer} PRIMARY KEY,
            contact     {integer} NOT NULL,
            at          {moment} NOT NULL,
            mo          {integer} NOT NULL,
            origin      TEXT NOT NULL,
            kind        TEXT NOT NULL,
            text        {prose} NOT NULL,
            encoding    TEXT NOT NULL,
            segments    {integer} NOT NULL,
            keyword     TEXT NOT NULL,
            fate        TEXT NOT NULL,
            attempts    {integer} NOT NULL,
            due_at      {moment},
            settled_at  {moment},
            provider_id TEXT NOT NULL,
            error       {prose} NOT NULL,
            in_hand     {integer} NOT NULL DEFAULT 0
        )""",
        "CREATE INDEX mts_by_contact ON mts (contact, id)",
        f"CREATE INDEX mts_unsaid ON mts (contact, id) WHERE {UNSAID}",
        f"CREATE INDEX mts_due ON mts (coalesce(due_at, {{once}}), id, at) WHERE {OPEN}",
        "CREATE INDEX mts_withdrawn ON mts (coalesce(due_at, {once})) WHERE fate = 'withdrawn'",
        "CREATE INDEX mts_dead ON mts (id) WHERE fate = 'dead'",
        "CREATE INDEX mts_by_provider ON mts (provider_id) WHERE provider_id <> ''",
        f"CREATE INDEX mts_unasked ON mts (contact, at) WHERE {UNASKED}",
        """CREATE TABLE subscriber_keys (
            key         TEXT NOT NULL,
            number      TEXT NOT NULL,
            PRIMARY KEY (key, number)
        )""",
        "CREATE INDEX subscriber_keys_by_number ON subscriber_keys (number)",
        """CREATE TABLE definitions (
            id          {integer} NOT NULL,
            version     {integer} NOT NULL,
            kind        TEXT NOT NULL,
            body        {bytes} NOT NULL,
            digest      TEXT NOT NULL,
            source      TEXT NOT NULL,
            at          {moment} NOT NULL,
            ended_at    {moment},
            PRIMARY KEY (id, version)
        )""",
        "CREATE INDEX definitions_in_force ON definitions (id) WHERE ended_at IS NULL",
        "CREATE INDEX definitions_by_digest ON definitions (digest)",
    ),
    2: (
        """CREATE TABLE lists (
            id          {integer} PRIMARY KEY,
            name        TEXT NOT NULL,
            at          {moment} NOT NULL
        )""",
        "CREATE UNIQUE INDEX lists_by_name ON lists (name) WHERE name <> ''",
        """CREATE TABLE list_members (
            list        {integer} NOT NULL,
            number      TEXT NOT NULL,
            key         TEXT NOT NULL,
            attributes  TEXT,
            PRIMARY KEY (list, number)
        ){by_key}""",
        "CREATE INDEX list_members_by_number ON list_members (number)",
        """CREATE TABLE sends (
            id          {integer} PRIMARY KEY,
            kind        TEXT NOT NULL,
            code        TEXT NOT NULL,
            keyword     TEXT NOT NULL,
            message     {integer} NOT NULL,
            version     {integer} NOT NULL,
            text        {prose} NOT NULL,
            encoding    TEXT NOT NULL,
            segments    {integer} NOT NULL,
            at          {moment} NOT NULL,
            due_at      {moment},
            is_template {integer} NOT NULL,
            targets     TEXT NOT NULL,
            excluded    TEXT NOT NULL,
            options     {bytes} NOT NULL,
            state       TEXT NOT NULL,
            cursor      TEXT NOT NULL,
            queued      {integer} NOT NULL,
            dropped     {integer} NOT NULL,
            queued_at   {moment},
            finished_at {moment},
            error       {prose} NOT NULL
        )""",
        f"CREATE INDEX sends_under_way ON sends (kind, id) WHERE {UNDER_WAY}",
        f"CREATE INDEX sends_waiting ON sends (coalesce(due_at, {{once}}), id) WHERE {TO_QUEUE}",
        "CREATE INDEX sends_by_cursor ON sends (cursor) WHERE cursor <> ''",
        """CREATE TABLE paces (
            code        TEXT PRIMARY KEY,
            next_at     {moment}
        )""",
        "ALTER TABLE mts ADD COLUMN send {integer} NOT NULL DEFAULT 0",
        "ALTER TABLE mts ADD COLUMN consent {integer} NOT NULL DEFAULT 0",
        # Replies are claimed before sends, and each send by itself.
        "DROP INDEX mts_due",
        f"CREATE INDEX mts_due ON mts (send, coalesce(due_at, {{once}}), id, at) WHERE {OPEN}",
        "CREATE INDEX mts_by_send ON mts (send, id) WHERE send <> 0",
        f"CREATE INDEX mts_unrendered ON mts (coalesce(due_at, {{once}}), id) WHERE {UNRENDERED}",
    ),
    3: (
        # What a retry is known by, and a digest of what was asked.
        "ALTER TABLE sends ADD COLUMN claim {bytes}",
        "ALTER TABLE sends ADD COLUMN request {bytes}",
        "CREATE UNIQUE INDEX sends_by_claim ON sends (claim) WHERE claim IS NOT NULL",
        # A process of schema 1 that still runs would hand over what a send holds back; without
        # the name that it knows it claims nothing.
        "ALTER TABLE mts RENAME COLUMN in_hand TO is_claimed",
    ),
}
"""What brings a schema from the number before to this one; never changed once released."""


def latest() -> int:
    """Give the number of the schema that this version reads and writes."""
    return max(MIGRATIONS)


def statements(number: int, dialect: str) -> list[str]:
    """Give the statements of one migration, in a dialect: `sqlite` or `postgresql`."""
    return [statement.format(**DIALECTS[dialect]) for statement in MIGRATIONS[number]]


def refuse_other(version: int, *, migrating: bool) -> None:
    """Refuse a schema that this version can not read, or may not migrate.

    Args:
        version: of the schema; 0 where there is none.
        migrating: an older one will be brought up to date.

    Raises:
        StoreError: it has both versions, and what to do.

    """
    if version > latest():
        mend = "Upgrade optin-engine."
    elif version < latest() and not migrating:
        mend = "Run `optin-engine migrate`."
    else:
        return
    message = f"The store has schema {version}, and this version needs {latest()}. {mend}"
    raise StoreError(message)
