"""Stores: where contacts, consent records and MTs are kept, in batches, behind one protocol.

`store` has the protocol, `rows` its values; memory, SQLite (the embedded default) and
PostgreSQL keep the same contract. Stores know the vocabulary and nothing of the engine.
"""

from optin_engine.stores.mailing import Lists, Sends
from optin_engine.stores.opening import migrate, open_store
from optin_engine.stores.receipts import Told
from optin_engine.stores.rows import (
    UNRENDERED,
    Backlog,
    Chain,
    Changes,
    Definition,
    Due,
    Erased,
    Fate,
    Key,
    Mo,
    Mt,
    Settlement,
    Withdrawal,
)
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
from optin_engine.stores.store import ROOM, Batch, Defining, Store, StoreError, Unavailable

__all__ = [
    "OUTBOUND",
    "ROOM",
    "UNRENDERED",
    "Backlog",
    "Batch",
    "Chain",
    "Changes",
    "Defining",
    "Definition",
    "Due",
    "Erased",
    "Fate",
    "Key",
    "Lists",
    "Member",
    "MemberList",
    "Mo",
    "Mt",
    "Render",
    "Send",
    "SendKind",
    "SendState",
    "Sends",
    "Settlement",
    "Store",
    "StoreError",
    "Text",
    "Told",
    "Unavailable",
    "Withdrawal",
    "migrate",
    "open_store",
]
