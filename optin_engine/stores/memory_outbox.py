"""The MTs of the store in memory, and what may become of each."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import attrs

from optin_engine.stores.rows import Fate, Mt, Settlement, Withdrawal

OPEN = frozenset({Fate.QUEUED, Fate.WITHDRAWN})
UNSENT = frozenset({Fate.CANCELLED, Fate.DEAD})
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
        self._by_provider: dict[str, int] = {}

    def keep(self, mt: Mt, **changes: Any) -> Mt:
        """Keep an MT, new or changed."""
        mt = self._mts[mt.id] = attrs.evolve(mt, **changes)
        (self._open.add if mt.fate in OPEN else self._open.discard)(mt.id)
        if mt.provider_id:
            self._by_provider.setdefault(mt.provider_id, mt.id)
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

    def withdraw(self, mts: Iterable[int], withdrawal: Withdrawal) -> None:
        """Withdraw what a programme still has to say, of the MTs of one contact."""

        def is_meant(mt: Mt) -> bool:
            is_told = bool(mt.keyword) and withdrawal.keyword in {"", mt.keyword}
            return is_told and mt.id < withdrawal.before

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

    def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[Mt]:
        """Take MTs in hand; see `Store.claim`."""

        def is_due(mt: Mt) -> bool:
            return mt.due_at is None or mt.due_at <= now

        for mt in self.open():
            if mt.fate == Fate.WITHDRAWN and is_due(mt):
                self._in_hand.discard(mt.id)
                self.keep(mt, fate=Fate.CANCELLED, settled_at=now, due_at=None)
        firsts: dict[tuple[str, str], Mt] = {}
        for mt in self.open():
            firsts.setdefault((mt.code, mt.number), mt)
        due = [mt for mt in firsts.values() if mt.fate == Fate.QUEUED and is_due(mt)]
        due.sort(key=lambda mt: (mt.due_at or AT_ONCE, mt.id))
        taken = sorted(mt.id for mt in due[:limit])
        self._in_hand.update(taken)
        return [self.keep(mt, attempts=mt.attempts + 1, due_at=until) for mt in self.of(taken)]

    def settle(self, settled: Settlement) -> None:
        """Keep what became of one; what is over stays so, unless it was sent after all."""
        mt = self._mts.get(settled.id)
        was_sent = settled.fate == Fate.SENT
        if mt is None or not (mt.fate in OPEN or (was_sent and mt.fate in UNSENT)):
            return
        self._in_hand.discard(mt.id)
        is_over = mt.fate == Fate.WITHDRAWN and not was_sent
        is_again = settled.fate == Fate.QUEUED and not is_over
        self.keep(
            mt,
            fate=Fate.CANCELLED if is_over else settled.fate,
            settled_at=None if is_again else settled.at,
            provider_id=settled.provider_id,
            error=settled.error,
            due_at=settled.due_at if is_again else None,
        )

    def delivered(self, provider_id: str, **told: Any) -> Mt | None:
        """Keep a carrier's receipt; a delivery is final, and the same again changes nothing."""
        if provider_id not in self._by_provider:
            return None
        mt = self._mts[self._by_provider[provider_id]]
        return mt if mt.fate in {Fate.DELIVERED, told["fate"]} else self.keep(mt, **told)

    def requeue(self, mts: Sequence[int], now: datetime) -> int:
        """Queue those again that were given up."""
        chosen = [mt for mt in self.dead() if mt.id in set(mts)]
        for mt in chosen:
            self.keep(mt, fate=Fate.QUEUED, attempts=0, due_at=now, settled_at=None)
        return len(chosen)
