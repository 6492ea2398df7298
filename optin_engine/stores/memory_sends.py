"""The sends of the store in memory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from optin_engine.outcome import ConsentRecord
from optin_engine.stores.memory_lists import MemoryLists
from optin_engine.stores.memory_outbox import AT_ONCE, Outbox
from optin_engine.stores.packing_of_sends import mt_of, no_send
from optin_engine.stores.rows import Changes, Fate, Mt
from optin_engine.stores.rows_of_sends import (
    Member,
    MemberList,
    Render,
    Send,
    SendKind,
    SendState,
)
from optin_engine.vocabulary import State

if TYPE_CHECKING:
    from optin_engine.stores.memory import MemoryStore

MAY_PAUSE = frozenset({SendState.NEW, SendState.QUEUING, SendState.STARTED})
OVER = frozenset({SendState.CANCELLED, SendState.ERROR})


class MemorySends:
    """Sends in a dictionary; see `Sends`.

    Args:
        store: whose batches queue the MTs.
        lists: the store's.
        outbox: the store's.

    """

    def __init__(self, store: "MemoryStore", lists: MemoryLists, outbox: Outbox) -> None:
        self._store, self._lists, self._outbox = store, lists, outbox
        self._lock = store.lock
        self.by_id = lists.sends
        self._by_claim: dict[bytes, int] = {}

    def add(self, send: Send, members: Sequence[Member] = ()) -> Send:
        with self._lock:
            known = self.claimed(send.claim)
            if known is not None:
                return known
            self._lists.hold((*send.targets, *send.excluded))
            send = attrs.evolve(send, id=self._store.draw())
            if send.claim:
                self._by_claim[send.claim] = send.id
            if members:
                own = self._lists.add(MemberList(send.id, "", send.at), members)
                send = attrs.evolve(send, targets=(own.id,))
            return self._keep(send)

    def claimed(self, claim: bytes) -> Send | None:
        with self._lock:
            return self.by_id.get(self._by_claim.get(claim, 0))

    def find(self, send: int) -> Send | None:
        return self.by_id.get(send)

    def recent(self, before: int = 0, limit: int = 100) -> Sequence[Send]:
        with self._lock:
            found = [id_ for id_ in self.by_id if not before or id_ < before]
            return tuple(self.by_id[id_] for id_ in sorted(found, reverse=True)[:limit])

    def waiting(self, now: datetime, limit: int = 100) -> Sequence[Send]:
        with self._lock:
            found = [send for send in self.by_id.values() if send.begins(now)]
            return tuple(sorted(found, key=lambda s: (s.due_at or AT_ONCE, s.id))[:limit])

    def enqueue(self, send: int, limit: int, now: datetime, render: Render | None = None) -> Send:
        with self._lock:
            one = self._known(send)
            if not one.begins(now):
                return one
            members = self._lists.union(one.targets, one.excluded)
            page = [members[number] for number in members if number > one.cursor][:limit]
            if page:
                one = one.after(len(page), self._queue(one, page, now, render), page[-1].number)
            return self._keep(one if len(page) == limit else one.all_queued(now))

    def pause(self, send: int) -> bool:
        with self._lock:
            one = self.by_id.get(send)
            if one is None or one.state not in MAY_PAUSE:
                return False
            self._keep(attrs.evolve(one, state=SendState.PAUSED))
            return True

    def resume(self, send: int) -> bool:
        with self._lock:
            one = self.by_id.get(send)
            if one is None or one.state != SendState.PAUSED:
                return False
            begun = SendState.QUEUING if one.queued or one.dropped else SendState.NEW
            state = SendState.STARTED if one.queued_at else begun
            self._keep(attrs.evolve(one, state=state))
            return True

    def cancel(self, send: int, at: datetime, limit: int, error: str = "") -> int:
        with self._lock:
            one = self.by_id.get(send)
            if one is None or one.state == SendState.FINISHED:
                return 0
            if one.state not in OVER:
                state = SendState.ERROR if error else SendState.CANCELLED
                self._keep(attrs.evolve(one, state=state, finished_at=at, error=error))
            return self._outbox.cancel(send, at, limit)

    def finish(self, now: datetime) -> Sequence[int]:
        with self._lock:
            busy = {mt.send for mt in self._outbox.open()}
            started = [s for s in self.by_id.values() if s.state == SendState.STARTED]
            done = [send for send in started if send.id not in busy]
            for send in done:
                self._keep(attrs.evolve(send, state=SendState.FINISHED, finished_at=now))
            return tuple(sorted(send.id for send in done))

    def mts(self, send: int, after: int = 0, limit: int = 1000) -> Sequence[Mt]:
        with self._lock:
            return tuple(mt for mt in self._outbox.of_send(send) if mt.id > after)[:limit]

    def fates(self, send: int) -> Mapping[Fate, int]:
        with self._lock:
            return Counter(mt.fate for mt in self._outbox.of_send(send))

    def reopen(self, sends: Sequence[int]) -> None:
        """Let finished sends go on, of which something is queued again."""
        for send in sends:
            one = self.by_id.get(send)
            if one is not None and one.state == SendState.FINISHED:
                self._keep(attrs.evolve(one, state=SendState.STARTED, finished_at=None))

    def erase(self, number: str) -> None:
        """Remove a number, and what was to be said to it alone."""
        emptied = self._lists.erase(number)
        for send in list(self.by_id.values()):
            if send.cursor == number:
                self._keep(attrs.evolve(send, cursor=self._lists.before(number)))
        for list_ in emptied:
            one = self.by_id.get(list_)
            if one is not None and one.kind == SendKind.CONTACT:
                self._keep(attrs.evolve(one, text=attrs.evolve(one.text, text="")))

    def _queue(
        self, send: Send, page: Sequence[Member], now: datetime, render: Render | None
    ) -> int:
        """Queue the MTs of one page; give how many."""
        with self._store.batch([(send.code, member.number) for member in page]) as batch:
            mts: list[Mt] = []
            place = batch.base
            for member in page:
                contact = batch.contacts.get((send.code, member.number))
                if contact is None or contact.summary() != State.SUBSCRIBED:
                    continue
                chain = self._store.chain(send.code, member.number)
                consent = _consent(chain.records if chain else ())
                if not consent:
                    continue
                said = send.text if render is None else render(member)
                if said is not None:
                    mts.append(mt_of(send, place, (member.number, consent), said, now))
                place += 1
            batch.commit(Changes(mts=mts))
        return len(mts)

    def _known(self, send: int) -> Send:
        if send not in self.by_id:
            raise no_send(send)
        return self.by_id[send]

    def _keep(self, send: Send) -> Send:
        self.by_id[send.id] = send
        return send


def _consent(records: Sequence[ConsentRecord]) -> int:
    """Give the latest record that made a subscription and that nothing has ended; 0: none."""
    last: dict[str, ConsentRecord] = {}
    for record in records:
        if not record.keyword and record.to_state == State.UNSUBSCRIBED:
            last.clear()
        elif record.keyword:
            last[record.keyword] = record
    held = [r.sequence for r in last.values() if r.to_state == State.SUBSCRIBED]
    return max(held, default=0)
