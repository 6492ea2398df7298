"""A store as a command opens it: what is wrong with it is told in lines for the user."""

from collections.abc import Iterator
from contextlib import contextmanager

from optin_engine.harness.refusal import CommandError
from optin_engine.stores import Store, StoreError, open_store


@contextmanager
def in_store(url: str) -> Iterator[Store]:
    """Open a store of this version's schema until the block ends.

    Args:
        url: of the store; one that is not there is not created.

    Raises:
        CommandError: it is not there, is none, or is of another version.

    """
    with explained(), open_store(url, migrating=False) as store:
        yield store


@contextmanager
def explained() -> Iterator[None]:
    """Turn what is wrong with a store, or is not installed, into a `CommandError`."""
    try:
        yield
    except StoreError as error:
        raise CommandError(*str(error).splitlines()) from None
    except ModuleNotFoundError as missing:
        message = f"{missing}; this needs: pip install 'optin-engine[service]'"
        raise CommandError(message) from None
