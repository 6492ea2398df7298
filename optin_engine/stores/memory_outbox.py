"""The MTs of the store in memory, and what may become of each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import attrs

from optin_engine.outcome import ConsentRecord
from optin_engine.stores.holding import Holds, held_back
from optin_engine.stores.pacing import Found, Outlook, in_pace
from optin_engine.stores.packing import micros
from optin_engine.stores.receipts import Told, beneath
from optin_engine.stores.rows import UNRENDERED, Fate, Mt, Settlement, Withdrawal
from optin_engine.stores.rows_of_sends import Send, SendState

OPEN = frozenset({Fate.QUEUED, Fate.WITHDRAWN})
UNSENT = frozenset({Fate.CANCELLED, Fate.DEAD})
UNDER_WAY = frozenset({SendState.QUEUING, SendState.STARTED})
HELD = frozenset({SendState.PAUSED, SendState.CANCELLED, SendState.ERROR})
AT_ONCE = datetime.min.replace(tzinfo=UTC)


class Outbox:
    """MTs by id; whoever calls holds the store's lock.

    An MT is in hand from its claim to its settlement. Only then can a withdrawal not tell
    whether it is still said, and must wait for the settlement, or for the claim to end.
    """

    def __init__(self) -> None:
        self._mts: dict[int, Mt] = {}
        self._open: set[int] = set()
        self._in_hand: set[int] = set()
        self._by_provider: dict[str, set[int]] = {}
        self._next_at: dict[str, int | None] = {}

    def keep(self, mt: Mt, **changes: Any) -> Mt:
        """Keep an MT, new or changed."""
        mt = self._mts[mt.id] = attrs.evolve(mt, **changes)
        (self._open.add if mt.fate in OPEN else self._open.discard)(mt.id)
        if mt.provider_id:
            self._by_provider.setdefault(mt.provider_id, set()).add(mt.id)
        return mt

    def of(self, ids: Iterable[int]) -> tuple[Mt, ...]:
        """Give MTs by their ids."""
        return tuple(self._mts[id_] for id_ in sorted(ids))

    def open(self) -> tuple[Mt, ...]:
        """Give the MTs that are not settled, by id."""
        return self.of(self._open)

    def answering(self, mo: int) -> tuple[Mt, ...]:
        """Give the MTs that answer an MO."""
        return self.of(id_ for id_, mt in self._mts.items() if mo and mt.mo == mo)

    def dead(self) -> tuple[Mt, ...]:
        """Give the MTs that were given up, by id."""
        return self.of(id_ for id_, mt in self._mts.items() if mt.fate == Fate.DEAD)

    def withdraw(
        self, mts: Iterable[int], withdrawal: Withdrawal, records: Iterable[ConsentRecord]
    ) -> None:
        """Withdraw what programmes and sends still have to say, of the MTs of one contact."""
        consented = {record.sequence: record.keyword for record in records}

        def is_meant(mt: Mt) -> bool:
            is_told = bool(mt.keyword) and withdrawal.keyword in {"", mt.keyword}
            is_sent = mt.send and withdrawal.keyword in {"", consented.get(mt.consent)}
            return bool(is_told or is_sent) and mt.id < withdrawal.before

        self._unsay(filter(is_meant, self.of(mts)), withdrawal.at)

    def erase(self, mts: Iterable[int]) -> None:
        """Remove number and text; what was not said is not said any more."""
        self._unsay(self.of(mts), None)
        for mt in self.of(mts):
            self.keep(mt, number="", text="")

    def _unsay(self, mts: Iterable[Mt], at: datetime | None) -> None:
        for mt in mts:
            if mt.fate not in {Fate.QUEUED, Fate.DEAD}:
                continue
            if mt.id in self._in_hand:
                self.keep(mt, fate=Fate.WITHDRAWN)
            else:
                self.keep(mt, fate=Fate.CANCELLED, settled_at=at)

    def claim(  # noqa: PLR0913, PLR0917 - all that `Store.claim` is told, and where.
        self,
        now: datetime,
        until: datetime,
        limit: int,
        paces: Mapping[str, float],
        holds: Holds,
        sends: Mapping[int, Send],
    ) -> tuple[Mt, ...]:
        """Take MTs in hand; see `Store.claim`."""
        for mt in self.open():
            if mt.fate == Fate.WITHDRAWN and (mt.due_at or AT_ONCE) <= now:
                self._in_hand.discard(mt.id)
                self.keep(mt, fate=Fate.CANCELLED, settled_at=now, due_at=None)
        outlook = self._outlook(now, holds, sends)
        taken, next_at = in_pace(outlook, paces, self._next_at, micros(now) or 0, limit)
        self._next_at |= next_at
        self._in_hand.update(id_ for id_, _ in taken)
        mts = self.of(id_ for id_, _ in taken)
        return tuple(self.keep(mt, attempts=mt.attempts + 1, due_at=until) for mt in mts)

    def claim_unrendered(self, now: datetime, until: datetime, limit: int) -> tuple[Mt, ...]:
        """Take replies in hand whose text is yet to be made; see `Store.claim_unrendered`."""
        due = _due((mt for mt in self.open() if mt.encoding == UNRENDERED), now)
        taken = self.of(mt.id for mt in due[:limit])
        return tuple(self.keep(mt, attempts=mt.attempts + 1, due_at=until) for mt in taken)

    def _outlook(self, now: datetime, holds: Holds, sends: Mapping[int, Send]) -> Outlook:
        """Give what is due: the first reply of each contact, and its first MT if that is a send's.

        MTs of sends that are held or rest count for nothing, and so do those without a text.
        """
        under_way = {send.id for send in sends.values() if send.state in UNDER_WAY}
        resting = {send for send in under_way if holds.rests(sends[send].options)}
        held = resting | {send.id for send in sends.values() if send.state in HELD}
        counted = [mt for mt in self.open() if mt.send not in held and mt.encoding != UNRENDERED]
        replies = _first_due((mt for mt in counted if not mt.send), now)
        moving = under_way - resting
        waiting = {mt.id: mt for mt in _first_due(counted, now) if mt.send in moving}
        in_turn = sorted(waiting.values(), key=lambda mt: (sends[mt.send].kind, mt.send))

        def of_code(code: str, most: int) -> Found:
            found = [(mt.id, code) for mt in in_turn if mt.code == code and mt.id in waiting]
            return found[:most]

        def put_off(dues: Mapping[int, datetime]) -> None:
            for id_, due_at in dues.items():
                self.keep(waiting.pop(id_), due_at=due_at)

        def passing_over(most: int, codes: Sequence[str]) -> Found:
            return [(mt.id, mt.code) for mt in replies if mt.code not in codes][:most]

        outlook = Outlook(passing_over, of_code, lambda: {mt.code for mt in in_turn})
        return held_back(
            outlook, holds, lambda ids: {mt.id: mt.number for mt in self.of(ids)}, put_off
        )

    def cancel(self, send: int, at: datetime, limit: int) -> int:
        """Cancel MTs of a send that may still be said, at most so many; give how many."""
        fates = {Fate.QUEUED, Fate.DEAD}
        unsaid = [mt for mt in self.of_send(send) if mt.fate in fates][:limit]
        self._unsay(unsaid, at)
        return len(unsaid)

    def of_send(self, send: int) -> tuple[Mt, ...]:
        """Give the MTs of a send, by id."""
        return self.of(id_ for id_, mt in self._mts.items() if mt.send and mt.send == send)

    def sends_of_dead(self, mts: Sequence[int]) -> list[int]:
        """Give the sends of MTs, of these, that were given up."""
        return [mt.send for mt in self.dead() if mt.id in set(mts)]

    def settle(self, settled: Settlement) -> None:
        """Keep what became of one; what is over stays so, unless it was sent after all."""
        mt = self._mts.get(settled.id)
        was_sent = settled.fate == Fate.SENT
        if mt is None or not (mt.fate in OPEN or (was_sent and mt.fate in UNSENT)):
            return
        self._in_hand.discard(mt.id)
        is_over = mt.fate == Fate.WITHDRAWN and not was_sent
        is_again = settled.fate == Fate.QUEUED and not is_over
        made: dict[str, Any] = {}
        # Who made a text first has made it; what was erased or cancelled meanwhile stays so.
        if settled.text and mt.fate == Fate.QUEUED and mt.encoding == UNRENDERED:
            made = {**attrs.asdict(settled.text), "attempts": 0}
        self.keep(
            mt,
            fate=Fate.CANCELLED if is_over else settled.fate,
            settled_at=None if is_again else settled.at,
            provider_id=settled.provider_id,
            error=settled.error,
            due_at=settled.due_at if is_again else None,
            **made,
        )

    def delivered(self, name: str | int, fate: Fate, at: datetime, error: str) -> Told | None:
        """Keep a carrier's receipt; see `Store.delivered`."""
        mt = self._mts.get(name) if isinstance(name, int) else self._of_provider(name)
        if mt is None or (mt.fate in OPEN and (mt.id in self._in_hand or not mt.attempts)):
            return None
        if mt.fate not in beneath(fate):
            return Told(mt, is_news=False)
        kept = self.keep(mt, fate=fate, settled_at=at, error=error, due_at=None)
        return Told(kept, is_news=True)

    def _of_provider(self, name: str) -> Mt | None:
        named = self.of(self._by_provider.get(name, ()))
        return next((mt for mt in named if mt.provider_id == name), None)

    def requeue(self, mts: Sequence[int], now: datetime) -> int:
        """Queue those again that were given up."""
        chosen = [mt for mt in self.dead() if mt.id in set(mts)]
        for mt in chosen:
            self.keep(mt, fate=Fate.QUEUED, attempts=0, due_at=now, settled_at=None)
        return len(chosen)


def _first_due(mts: Iterable[Mt], now: datetime) -> list[Mt]:
    """Give each contact's first of these, where it is due; the longest due first."""
    firsts: dict[tuple[str, str], Mt] = {}
    for mt in mts:
        firsts.setdefault((mt.code, mt.number), mt)
    return _due(firsts.values(), now)


def _due(mts: Iterable[Mt], now: datetime) -> list[Mt]:
    """Give those of these that are due; the longest due first."""
    due = [mt for mt in mts if mt.fate == Fate.QUEUED and (mt.due_at or AT_ONCE) <= now]
    return sorted(due, key=lambda mt: (mt.due_at or AT_ONCE, mt.id))
