"""The definitions of the store in memory, with their versions; the store holds the lock."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

import attrs

from optin_engine.stores.rows import Definition


class Definitions:
    """Every version there was.

    Attributes:
        revision: how often any changed.

    """

    def __init__(self) -> None:
        self.revision = 0
        self._versions: list[Definition] = []

    def in_force(self) -> Sequence[Definition]:
        found = [d for d in self._versions if d.ended_at is None]
        return tuple(sorted(found, key=attrgetter("id")))

    def versions(self, definition: int) -> Sequence[Definition]:
        found = [d for d in self._versions if d.id == definition]
        return tuple(sorted(found, key=attrgetter("version")))

    def version(self, digest: str) -> Definition | None:
        found = [d for d in self._versions if digest and d.digest == digest]
        return max(found, key=attrgetter("id", "version"), default=None)

    def change(self, new: Sequence[Definition], ended: Sequence[int], at: datetime) -> None:
        """End definitions and add new ones."""
        over = {*ended, *(definition.id for definition in new)}
        self._versions = [
            attrs.evolve(d, ended_at=at) if d.id in over and d.ended_at is None else d
            for d in self._versions
        ]
        self._versions.extend(new)
        self.revision += 1
