"""The definitions that live in the store: read, changed and versioned, for every process."""

from collections.abc import Mapping, Sequence

from optin_engine.account import Account
from optin_engine.engine import Engine
from optin_engine.stores import Batch, Definition, Store


class Catalog:
    """The account as the store has it now.

    Args:
        store: which keeps the definitions.

    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def account(self) -> Account:
        """Give the account as of now; read anew only if the revision changed."""
        raise NotImplementedError

    def engine(self, batch: Batch) -> Engine:
        """Give the engine of the definitions that hold for a batch."""
        raise NotImplementedError

    def load(self, definitions: object) -> Account:
        """Make a file's codes and programmes those of source `file`; what it no longer has ends.

        Args:
            definitions: `{"codes": [...], "programs": [...]}`, as `Account.from_dict` takes it.

        Raises:
            DefinitionError: every fault of it, also against what the API defined.

        """
        raise NotImplementedError

    def define(self, program: Mapping[str, object]) -> Definition:
        """Add a programme, or a new version of the one with its name, code and keyword.

        The same body again changes nothing and gives the same definition.

        Args:
            program: MobileConnect's fields, in any case.

        Raises:
            DefinitionError: every fault of it.

        """
        raise NotImplementedError

    def add_keyword(self, code: str, keyword: str) -> Definition | None:
        """Reserve a keyword on a code; None where it is there already.

        Raises:
            DefinitionError: it can be none, or the account has no such code.

        """
        raise NotImplementedError

    def delete_keyword(self, code: str, keyword: str) -> bool:
        """End a keyword and the programmes that it starts; tell whether it was there.

        Subscriptions stay as they are; STOP ends them as before.
        """
        raise NotImplementedError

    def definitions(self) -> Sequence[Definition]:
        """Give what is in force, by id."""
        raise NotImplementedError
