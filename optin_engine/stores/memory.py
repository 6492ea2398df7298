"""A store in memory, gone with the process; the plainest reading of the protocol."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Self, TypeVar

import attrs

from optin_engine.outcome import ConsentRecord
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
    Withdrawal,
)
from optin_engine.stores.store import ROOM
from optin_engine.vocabulary import Contact, Origin, State

T = TypeVar("T")

NOBODY_ASKED = frozenset({Origin.WEB, Origin.APP, Origin.API})
IN_HAND = frozenset({Fate.QUEUED, Fate.WITHDRAWN})


@attrs.define
class Kept:
    """A contact with its records, deadline and block; its number is gone once erased."""

    id: int
    contact: Contact
    due_at: datetime | None = None
    blocked_at: datetime | None = None
    records: list[ConsentRecord] = attrs.field(factory=list)


class MemoryStore:
    """Keeps everything in dictionaries under one lock."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._base = self._revision = 0
        self._kept: dict[Key, Kept] = {}
        self._erased: list[Kept] = []
        self._answers: dict[bytes, bytes] = {}
        self._mos: dict[int, Mo] = {}
        self._mts: dict[int, Mt] = {}
        self._versions: list[Definition] = []

    @contextmanager
    def batch(self, keys: Sequence[Key], claims: Sequence[bytes] = ()) -> Iterator["MemoryBatch"]:
        with self._lock:
            contacts = {key: self._kept[key].contact for key in keys if key in self._kept}
            answers = {claim: self._answers[claim] for claim in claims if claim in self._answers}
            yield MemoryBatch(self, self._next_base(), self._revision, contacts, answers)

    @contextmanager
    def due(self, now: datetime, limit: int) -> Iterator["MemoryBatch"]:
        with self._lock:
            late = [k for k in self._kept.values() if k.due_at is not None and k.due_at <= now]
            late.sort(key=lambda kept: kept.due_at or now)
            with self.batch([(k.contact.code, k.contact.number) for k in late[:limit]]) as batch:
                yield batch

    def next_due(self) -> datetime | None:
        with self._lock:
            return min((k.due_at for k in self._kept.values() if k.due_at), default=None)

    @contextmanager
    def defining(self) -> Iterator["MemoryDefining"]:
        with self._lock:
            yield MemoryDefining(self, self._next_base(), self.definitions()[1])

    def definitions(self) -> tuple[int, Sequence[Definition]]:
        with self._lock:
            return self._revision, self._sorted(lambda d: d.ended_at is None)

    def versions(self, definition: int) -> Sequence[Definition]:
        with self._lock:
            return self._sorted(lambda d: d.id == definition)

    def version(self, digest: str) -> Definition | None:
        with self._lock:
            found = [d for d in self._versions if digest and d.digest == digest]
            return found[-1] if found else None

    def contacts(self, number: str) -> Sequence[Contact]:
        with self._lock:
            found = [k.contact for key, k in self._kept.items() if key[1] == number]
            return tuple(sorted(found, key=lambda contact: contact.code))

    def conversation(self, code: str, number: str, after: int = 0) -> Sequence[Mo | Mt]:
        with self._lock:
            every: list[Mo | Mt] = [*self._mos.values(), *self._mts.values()]
            mine = [x for x in every if (x.code, x.number) == (code, number) and x.id > after]
            return tuple(sorted(mine, key=lambda x: x.id))

    def mo(self, mo: int) -> Mo | None:
        with self._lock:
            return self._mos.get(mo)

    def answers(self, mo: int) -> Sequence[Mt]:
        with self._lock:
            return self._which(lambda mt: mt.mo == mo)

    def chain(self, code: str, number: str) -> Chain | None:
        with self._lock:
            kept = self._kept.get((code, number))
            return _chain(kept) if kept else None

    def chains(self) -> Iterator[Chain]:
        with self._lock:
            every = sorted([*self._kept.values(), *self._erased], key=lambda kept: kept.id)
            yield from map(_chain, every)

    def backlog(self) -> Backlog:
        with self._lock:
            queued = self._which(lambda mt: mt.fate in IN_HAND)
            dead = self._which(lambda mt: mt.fate == Fate.DEAD)
            states = [kept.contact.summary() for kept in self._kept.values()]
            oldest = min((mt.at for mt in queued), default=None)
            return Backlog(states.count(State.IN_PROGRESS), len(queued), len(dead), oldest)

    def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[Mt]:
        with self._lock:
            taken, waiting = [], set()
            for mt in self._which(lambda mt: mt.fate in IN_HAND):
                is_due = mt.due_at is None or mt.due_at <= now
                if mt.fate == Fate.WITHDRAWN and is_due:
                    self._mts[mt.id] = attrs.evolve(mt, fate=Fate.CANCELLED, settled_at=now)
                elif is_due and (mt.code, mt.number) not in waiting and len(taken) < limit:
                    waiting.add((mt.code, mt.number))
                    taken.append(attrs.evolve(mt, attempts=mt.attempts + 1, due_at=until))
                else:
                    waiting.add((mt.code, mt.number))
            self._mts.update({mt.id: mt for mt in taken})
            return tuple(taken)

    def settle(self, settlements: Sequence[Settlement]) -> None:
        with self._lock:
            for settled in settlements:
                mt = self._mts[settled.id]
                again = settled.fate == Fate.QUEUED
                is_over = again and mt.fate != Fate.QUEUED
                self._mts[mt.id] = attrs.evolve(
                    mt,
                    fate=Fate.CANCELLED if is_over else settled.fate,
                    settled_at=None if again and not is_over else settled.at,
                    provider_id=settled.provider_id,
                    error=settled.error,
                    due_at=settled.due_at,
                )

    def delivered(self, provider_id: str, fate: Fate, at: datetime, error: str = "") -> Mt | None:
        with self._lock:
            for mt in self._which(lambda mt: bool(provider_id) and mt.provider_id == provider_id):
                if mt.fate != Fate.DELIVERED:
                    self._mts[mt.id] = attrs.evolve(mt, fate=fate, settled_at=at, error=error)
                return self._mts[mt.id]
            return None

    def dead(self, after: int = 0, limit: int = 100) -> Sequence[Mt]:
        with self._lock:
            return self._which(lambda mt: mt.fate == Fate.DEAD and mt.id > after)[:limit]

    def requeue(self, mts: Sequence[int], now: datetime) -> int:
        with self._lock:
            chosen = self._which(lambda mt: mt.fate == Fate.DEAD and mt.id in set(mts))
            for mt in chosen:
                self._mts[mt.id] = attrs.evolve(
                    mt, fate=Fate.QUEUED, attempts=0, due_at=now, settled_at=None
                )
            return len(chosen)

    def block(self, code: str, number: str, at: datetime | None) -> None:
        with self._lock:
            if kept := self._kept.get((code, number)):
                kept.blocked_at = at

    def blocked(self, code: str, number: str) -> datetime | None:
        with self._lock:
            kept = self._kept.get((code, number))
            return kept.blocked_at if kept else None

    def erase(self, number: str) -> Erased:
        raise NotImplementedError

    def ping(self) -> None:
        pass

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _next_base(self) -> int:
        self._base += ROOM
        return self._base

    def _which(self, wanted: Callable[[Mt], bool]) -> tuple[Mt, ...]:
        return tuple(self._mts[mt] for mt in sorted(self._mts) if wanted(self._mts[mt]))

    def _sorted(self, wanted: Callable[[Definition], bool]) -> tuple[Definition, ...]:
        found = filter(wanted, self._versions)
        return tuple(sorted(found, key=lambda d: (d.id, d.version)))

    def count_prompts(self, numbers: Sequence[str], since: datetime) -> Mapping[str, int]:
        return Counter(
            mt.number
            for mt in self._mts.values()
            if mt.number in numbers and mt.at >= since and mt.origin in NOBODY_ASKED
        )

    def keep(self, base: int, changes: Changes) -> None:
        for due in changes.contacts:
            key = due.contact.code, due.contact.number
            kept = self._kept.setdefault(key, Kept(base + len(self._kept), due.contact))
            kept.contact, kept.due_at = due.contact, due.at
        for record in changes.records:
            self._kept[record.code, record.number].records.append(record)
        self._mos.update({mo.id: mo for mo in changes.mos})
        self._answers.update({mo.claim: mo.answer for mo in changes.mos if mo.claim})
        self._mts.update({mt.id: mt for mt in changes.mts})
        for withdrawal in changes.withdrawn:
            self._withdraw(withdrawal)

    def _withdraw(self, withdrawal: Withdrawal) -> None:
        for mt in self._which(lambda mt: mt.fate in {Fate.QUEUED, Fate.DEAD}):
            is_meant = mt.keyword and withdrawal.keyword in {"", mt.keyword}
            mine = (mt.code, mt.number) == (withdrawal.code, withdrawal.number)
            if is_meant and mine and mt.id < withdrawal.before:
                in_hand = mt.fate == Fate.QUEUED and mt.attempts > 0
                fate = Fate.WITHDRAWN if in_hand else Fate.CANCELLED
                self._mts[mt.id] = attrs.evolve(mt, fate=fate)

    def redefine(self, new: Sequence[Definition], ended: Sequence[int], at: datetime) -> None:
        over = {*ended, *(definition.id for definition in new)}
        self._versions = [
            attrs.evolve(d, ended_at=at) if d.id in over and d.ended_at is None else d
            for d in self._versions
        ]
        self._versions.extend(new)
        self._revision += 1


@attrs.frozen
class MemoryBatch:
    """A batch; the store's lock is held by whoever made it."""

    _store: MemoryStore
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

    _store: MemoryStore
    base: int
    current: Sequence[Definition]

    def commit(self, new: Sequence[Definition], ended: Sequence[int], at: datetime) -> None:
        self._store.redefine(new, ended, at)


def _chain(kept: Kept) -> Chain:
    contact = kept.contact
    records = tuple(kept.records)
    return Chain(kept.id, contact.code, contact.number, contact.sequence, contact.chain, records)
