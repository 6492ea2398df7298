"""Opens a store by its URL: `memory:`, `sqlite:///file` or `postgresql://...`."""

from optin_engine.stores.memory import MemoryStore
from optin_engine.stores.migrations import latest
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
    return _open(url, migrating=migrating)[0]


def migrate(url: str) -> tuple[int, int]:
    """Bring the schema of the store at a URL up to date, once, whoever else does so now.

    Args:
        url: as `open_store` takes it.

    Returns:
        The number of the schema before (0: there was none) and after.

    Raises:
        StoreError: the URL is invalid, or the schema is newer than this version.
        Unavailable: the file or the server cannot be used now.

    >>> before, after = migrate("memory:")
    >>> before == after
    True
    """
    store, migrated = _open(url, migrating=True)
    store.close()
    return migrated


def _open(url: str, *, migrating: bool) -> tuple[Store, tuple[int, int]]:
    scheme = url.partition(":")[0]
    if url == "memory:":
        return MemoryStore(), (latest(), latest())
    if scheme == "sqlite":
        from optin_engine.stores.sqlite import SqliteStore

        sqlite = SqliteStore(url, migrating=migrating)
        return sqlite, sqlite.migrated
    if scheme in {"postgresql", "postgres"}:
        from optin_engine.stores.postgres import PostgresStore

        postgres = PostgresStore(url, migrating=migrating)
        return postgres, postgres.migrated
    message = f"The store URL is invalid. It must be {FORMS}."
    raise StoreError(message)
