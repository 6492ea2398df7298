"""What the store in memory has in hand; its lock is held by whoever made it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from optin_engine.stores.rows import Changes, Definition, Key
from optin_engine.vocabulary import Contact

if TYPE_CHECKING:
    from optin_engine.stores.memory import MemoryStore


@attrs.frozen
class MemoryBatch:
    """A batch."""

    _store: "MemoryStore"
    base: int
    revision: int
    contacts: Mapping[Key, Contact]
    answers: Mapping[bytes, bytes]

    def definitions(self) -> Sequence[Definition]:
        return self._store.definitions()[1]

    def prompts(self, numbers: Sequence[str], since: datetime) -> Mapping[str, int]:
        return self._store.count_prompts(numbers, since)

    def commit(self, changes: Changes) -> None:
        self._store.keep(self.base, changes)


@attrs.frozen
class MemoryDefining:
    """The definitions in hand."""

    _store: "MemoryStore"
    base: int
    current: Sequence[Definition]

    def commit(self, new: Sequence[Definition], ended: Sequence[int], at: datetime) -> None:
        self._store.redefine(self.base, new, ended, at)
