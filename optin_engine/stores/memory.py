"""A store in memory, gone with the process; the plainest reading of the protocol."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from operator import attrgetter
from typing import Self

import attrs

from optin_engine.stores.holding import NO_HOLDS, Holds
from optin_engine.stores.memory_batch import MemoryBatch, MemoryDefining
from optin_engine.stores.memory_definitions import Definitions
from optin_engine.stores.memory_kept import Kept
from optin_engine.stores.memory_lists import MemoryLists
from optin_engine.stores.memory_outbox import Outbox
from optin_engine.stores.memory_sends import MemorySends
from optin_engine.stores.receipts import Told
from optin_engine.stores.rows import (
    Backlog,
    Chain,
    Changes,
    Definition,
    Erased,
    Fate,
    Key,
    Mo,
    Mt,
    Settlement,
)
from optin_engine.stores.store import NO_PACES, ROOM, StoreError
from optin_engine.vocabulary import Contact, Origin, State

NOBODY_ASKED = frozenset({Origin.WEB, Origin.APP, Origin.API})


class MemoryStore:
    """Keeps everything in dictionaries under one lock."""

    at_once = 1

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._base = 0
        self._kept: dict[Key, Kept] = {}
        self._of_number: dict[str, list[Kept]] = {}
        self._every: list[Kept] = []
        self._mos: dict[int, Mo] = {}
        self._claims: dict[bytes, int] = {}
        self._numbers: dict[str, set[str]] = {}
        self._outbox = Outbox()
        self._definitions = Definitions()
        self.lists = MemoryLists(self.lock, self.draw)
        self.sends = MemorySends(self, self.lists, self._outbox)

    @contextmanager
    def batch(self, keys: Sequence[Key], claims: Sequence[bytes] = ()) -> Iterator[MemoryBatch]:
        with self.lock:
            contacts = {key: self._kept[key].contact for key in keys if key in self._kept}
            answers = {c: self._mos[self._claims[c]].answer for c in claims if c in self._claims}
            base = self._base + ROOM
            yield MemoryBatch(self, base, self.revision(), contacts, answers)

    @contextmanager
    def due(self, now: datetime, limit: int) -> Iterator[MemoryBatch]:
        with self.lock:
            late = [(kept.due_at, kept.id, kept) for kept in self._every if kept.due_at]
            late = sorted(entry for entry in late if entry[0] <= now)[:limit]
            keys = [(kept.contact.code, kept.contact.number) for _, _, kept in late]
            with self.batch(keys) as batch:
                yield batch

    def next_due(self) -> datetime | None:
        with self.lock:
            return min((kept.due_at for kept in self._every if kept.due_at), default=None)

    @contextmanager
    def defining(self) -> Iterator[MemoryDefining]:
        with self.lock:
            yield MemoryDefining(self, self._base + ROOM, self.definitions()[1])

    def revision(self) -> int:
        with self.lock:
            return self._definitions.revision

    def definitions(self) -> tuple[int, Sequence[Definition]]:
        with self.lock:
            return self._definitions.revision, self._definitions.in_force()

    def versions(self, definition: int) -> Sequence[Definition]:
        with self.lock:
            return self._definitions.versions(definition)

    def version(self, digest: str) -> Definition | None:
        with self.lock:
            return self._definitions.version(digest)

    def contacts(self, number: str) -> Sequence[Contact]:
        with self.lock:
            found = [kept.contact for kept in self._of_number.get(number, ())]
            return tuple(sorted(found, key=attrgetter("code")))

    def numbers_of(self, keys: Sequence[str]) -> Mapping[str, Sequence[str]]:
        with self.lock:
            return {key: tuple(sorted(self._numbers[key])) for key in keys if key in self._numbers}

    def conversation(self, code: str, number: str, after: int = 0) -> Sequence[Mo | Mt]:
        with self.lock:
            kept = self._kept.get((code, number))
            if kept is None:
                return ()
            both: list[Mo | Mt] = [self._mos[mo] for mo in kept.mos]
            both += self._outbox.of(kept.mts)
            return tuple(sorted((x for x in both if x.id > after), key=attrgetter("id")))

    def mo(self, mo: int) -> Mo | None:
        with self.lock:
            return self._mos.get(mo)

    def answers(self, mo: int) -> Sequence[Mt]:
        with self.lock:
            return self._outbox.answering(mo)

    def chain(self, code: str, number: str) -> Chain | None:
        with self.lock:
            kept = self._kept.get((code, number))
            return kept.chain() if kept else None

    def chains(self) -> Iterator[Chain]:
        with self.lock:
            every = [kept.chain() for kept in self._every]
        yield from sorted(every, key=attrgetter("contact"))

    def backlog(self) -> Backlog:
        with self.lock:
            queued, dead = self._outbox.open(), self._outbox.dead()
            pending = sum(k.contact.summary() == State.IN_PROGRESS for k in self._every)
            oldest = min((mt.at for mt in queued), default=None)
            return Backlog(pending, len(queued), len(dead), oldest)

    def claim(
        self,
        now: datetime,
        until: datetime,
        limit: int,
        paces: Mapping[str, float] = NO_PACES,
        holds: Holds = NO_HOLDS,
    ) -> Sequence[Mt]:
        with self.lock:
            return self._outbox.claim(now, until, limit, paces, holds, self.sends.by_id)

    def claim_unrendered(self, now: datetime, until: datetime, limit: int) -> Sequence[Mt]:
        with self.lock:
            return self._outbox.claim_unrendered(now, until, limit)

    def settle(self, settlements: Sequence[Settlement]) -> None:
        with self.lock:
            for settled in settlements:
                self._outbox.settle(settled)

    def delivered(self, name: str | int, fate: Fate, at: datetime, error: str = "") -> Told | None:
        with self.lock:
            return self._outbox.delivered(name, fate, at, error)

    def dead(self, after: int = 0, limit: int = 100) -> Sequence[Mt]:
        with self.lock:
            return tuple(mt for mt in self._outbox.dead() if mt.id > after)[:limit]

    def requeue(self, mts: Sequence[int], now: datetime) -> int:
        with self.lock:
            self.sends.reopen(self._outbox.sends_of_dead(mts))
            return self._outbox.requeue(mts, now)

    def block(self, code: str, number: str, at: datetime | None) -> None:
        with self.lock:
            if kept := self._kept.get((code, number)):
                kept.blocked_at = at

    def blocked(self, code: str, number: str) -> datetime | None:
        with self.lock:
            kept = self._kept.get((code, number))
            return kept.blocked_at if kept else None

    def erase(self, number: str) -> Erased:
        with self.lock:
            gone = self._of_number.pop(number, [])
            self.sends.erase(number)
            for kept in gone:
                self._erase(kept)
            every = self._numbers.items()
            self._numbers = {key: left for key, named in every if (left := named - {number})}
            sizes = [(len(kept.records), len(kept.mos), len(kept.mts)) for kept in gone]
            return Erased(len(gone), *(sum(size) for size in zip(*sizes, strict=True)))

    def ping(self) -> None:
        pass

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def count_prompts(self, numbers: Sequence[str], since: datetime) -> Mapping[str, int]:
        """Count what `Batch.prompts` wants."""
        counts: Counter[str] = Counter()
        for number in set(numbers):
            for kept in self._of_number.get(number, ()):
                mts = self._outbox.of(kept.mts)
                counts[number] += sum(mt.at >= since and mt.origin in NOBODY_ASKED for mt in mts)
        return +counts

    def draw(self) -> int:
        """Give a number that nothing else has."""
        with self.lock:
            self._base += ROOM
            return self._base // ROOM

    def keep(self, base: int, changes: Changes) -> None:
        """Keep all that a batch changes."""
        self._use_up(base)
        for due in changes.contacts:
            kept = self._one(due.contact.code, due.contact.number)
            kept.contact, kept.due_at = due.contact, due.at
        for record in changes.records:
            self._one(record.code, record.number).records.append(record)
        for mo in changes.mos:
            self._one(mo.code, mo.number).mos.append(mo.id)
            self._mos[mo.id] = mo
            if mo.claim:
                self._claims[mo.claim] = mo.id
        for mt in changes.mts:
            self._one(mt.code, mt.number).mts.append(mt.id)
            self._outbox.keep(mt)
        for withdrawal in changes.withdrawn:
            kept = self._one(withdrawal.code, withdrawal.number)
            self._outbox.withdraw(kept.mts, withdrawal, kept.records)
        for key, number in changes.keys:
            self._numbers.setdefault(key, set()).add(number)

    def redefine(
        self, base: int, new: Sequence[Definition], ended: Sequence[int], at: datetime
    ) -> None:
        """End definitions and add new ones."""
        self._use_up(base)
        self._definitions.change(new, ended, at)

    def _use_up(self, base: int) -> None:
        if base <= self._base:
            message = "A batch commits once. Take the contacts in hand again."
            raise StoreError(message)
        self._base = base

    def _one(self, code: str, number: str) -> Kept:
        """Give a contact; a new one has an id from the top end of the batch's room."""
        if kept := self._kept.get((code, number)):
            return kept
        new = self._every[-1].id - 1 if self._every and self._every[-1].id > self._base else None
        kept = Kept(new or self._base + ROOM - 1, Contact(number, code))
        self._kept[code, number] = kept
        self._of_number.setdefault(number, []).append(kept)
        self._every.append(kept)
        return kept

    def _erase(self, kept: Kept) -> None:
        contact = kept.contact
        del self._kept[contact.code, contact.number]
        kept.contact = Contact("", contact.code, sequence=contact.sequence, chain=contact.chain)
        kept.due_at = kept.blocked_at = None
        kept.records = [attrs.evolve(r, number="", mo_id="", text="") for r in kept.records]
        for mo in kept.mos:
            self._claims.pop(self._mos[mo].claim, None)
            self._mos[mo] = attrs.evolve(self._mos[mo], number="", text="", answer=b"", claim=b"")
        self._outbox.erase(kept.mts)
