"""Opens a store by its URL: `memory:`, `sqlite:///file` or `postgresql://...`."""

from optin_engine.stores.memory import MemoryStore
from optin_engine.stores.store import Store, StoreError

FORMS = "memory:, sqlite:///optin.db or postgresql://user:password@host/database"


def open_store(url: str, *, migrating: bool = True) -> Store:
    """Open the store at a URL.

    Args:
        url: `memory:` (gone with the process), `sqlite:///file` (relative; four slashes for
            an absolute path) or `postgresql://...` (as libpq reads it).
        migrating: bring an older schema up to date first; else refuse it.

    Raises:
        StoreError: the URL is none of these, or the schema is newer than this version, or
            older and `migrating` is false.
        Unavailable: the file or the server cannot be used now.

    """
    scheme = url.partition(":")[0]
    if url == "memory:":
        return MemoryStore()
    if scheme == "sqlite":
        from optin_engine.stores.sqlite import SqliteStore

        return SqliteStore(url, migrating=migrating)
    if scheme in {"postgresql", "postgres"}:
        from optin_engine.stores.postgres import PostgresStore

        return PostgresStore(url, migrating=migrating)
    message = f"The store URL is invalid. It must be {FORMS}."
    raise StoreError(message)
