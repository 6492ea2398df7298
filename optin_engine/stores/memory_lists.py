"""The lists of the store in memory."""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from operator import attrgetter

from optin_engine.stores.packing_of_sends import named, no_list, portions
from optin_engine.stores.rows_of_sends import Member, MemberList, Send, SendState

ENDED = frozenset({SendState.FINISHED, SendState.CANCELLED, SendState.ERROR})


class MemoryLists:
    """Lists in dictionaries.

    Args:
        lock: the store's.
        draw: gives an id.

    Attributes:
        sends: the store's, by id, because those that are not over keep their lists.

    """

    def __init__(self, lock: threading.RLock, draw: Callable[[], int]) -> None:
        self._lock, self._draw = lock, draw
        self.sends: dict[int, Send] = {}
        self._lists: dict[int, MemberList] = {}
        self._members: dict[int, dict[str, Member]] = {}

    def make(self, name: str, at: datetime) -> MemberList:
        name = named(name)
        with self._lock:
            known = next((known for known in self.every() if known.name == name), None)
            return known or self.add(MemberList(self._draw(), name, at))

    def add(self, new: MemberList, members: Iterable[Member] = ()) -> MemberList:
        """Keep a new list."""
        self._lists[new.id] = new
        self._members[new.id] = {member.number: member for member in members}
        return new

    def find(self, list_: int) -> MemberList | None:
        return self._lists.get(list_)

    def every(self) -> Sequence[MemberList]:
        with self._lock:
            named = [known for known in self._lists.values() if known.name]
            return tuple(sorted(named, key=attrgetter("name")))

    def fill(self, list_: int, members: Iterable[Member]) -> None:
        for portion in portions(members):
            with self._lock:
                self.hold([list_])
                self._members[list_] |= {member.number: member for member in portion}

    def hold(self, lists: Iterable[int]) -> None:
        """See that lists are there.

        Raises:
            StoreError: one of them is not.

        """
        for list_ in lists:
            if list_ not in self._lists:
                raise no_list(list_)

    def remove(self, list_: int, numbers: Sequence[str]) -> int:
        with self._lock:
            known = self._members.get(list_, {})
            return sum(known.pop(number, None) is not None for number in numbers)

    def delete(self, list_: int) -> Sequence[int]:
        with self._lock:
            under_way = (send for send in self.sends.values() if send.state not in ENDED)
            naming = (s.id for s in under_way if list_ in {*s.targets, *s.excluded})
            if found := tuple(sorted(naming)):
                return found
            known = self._lists.get(list_)
            if known is not None and known.name:
                del self._lists[list_], self._members[list_]
            return ()

    def count(self, list_: int) -> int:
        return len(self._members.get(list_, ()))

    def members(self, list_: int, after: str = "", limit: int = 1000) -> Sequence[Member]:
        with self._lock:
            found = [m for m in self._members.get(list_, {}).values() if m.number > after]
            return tuple(sorted(found, key=attrgetter("number"))[:limit])

    def of(self, number: str) -> Sequence[int]:
        with self._lock:
            return tuple(sorted(id_ for id_, named in self._members.items() if number in named))

    def union(self, targets: Sequence[int], excluded: Sequence[int]) -> dict[str, Member]:
        """Give members by number; who is in several lists is as the first of them has it."""
        found: dict[str, Member] = {}
        for list_ in reversed(targets):
            found |= self._members.get(list_, {})
        out = {number for list_ in excluded for number in self._members.get(list_, {})}
        return {number: found[number] for number in sorted(found.keys() - out)}

    def erase(self, number: str) -> Sequence[int]:
        """Take a number out of all lists; give those that are empty now."""
        had = [id_ for id_, named in self._members.items() if named.pop(number, None)]
        return [id_ for id_ in had if not self._members[id_]]

    def before(self, number: str) -> str:
        """Give the greatest number of all lists that is less than this one."""
        return max((n for named in self._members.values() for n in named if n < number), default="")
