"""The outbox's other end: takes MTs in hand, hands them to a transport, settles what came.

An MT is handed over at least once. It is claimed with a lease, so that it is another
process's turn if this one is killed; whatever happens, its idempotency key is the same.
"""

import logging
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from queue import Empty, SimpleQueue
from time import monotonic
from traceback import extract_tb
from typing import Self

import attrs

from optin_engine.service.answer import Heard, Observer
from optin_engine.service.clock import wall_clock
from optin_engine.service.retries import Dispatching
from optin_engine.stores import Fate, Mt, Settlement, Store, Unavailable
from optin_engine.transports.logs import note
from optin_engine.transports.masking import masked
from optin_engine.transports.transport import Failed, Rejected, Transport

logger = logging.getLogger(__name__)

# What other processes queue meanwhile is looked for so often, while a transport is slow.
POLL_SECONDS = 0.5
# What is done within this time of another is settled with it, in one transaction.
GATHER_SECONDS = 0.02
# An MT that came to its thread later than this part of its lease is not handed over: the
# process was asleep, and the rest might not outlast the call.
LATEST_PART = 1 / 3

# What goes well is counted, by observers, and fills no log.
LEVELS = {Fate.SENT: logging.DEBUG, Fate.QUEUED: logging.INFO, Fate.DEAD: logging.WARNING}


@attrs.frozen
class Tried:
    """What came of handing over one MT.

    Attributes:
        mt: it.
        settlement: what to keep of it; None where it was not handed over.
        lease_ends: by the dispatcher's timer, when it may be in another's hand.
        is_blocked: the provider blocks the contact.

    """

    mt: Mt
    settlement: Settlement | None
    lease_ends: float
    is_blocked: bool = False

    def is_ours(self, now: float) -> bool:
        """Tell whether it is still ours to settle; that an MT was sent is true for ever."""
        settled = self.settlement
        return settled is not None and (settled.fate == Fate.SENT or now < self.lease_ends)


class Dispatcher:
    """Hands over what is due; one thread steps it, and any may wake it.

    It is an `Observer` of a service, whose commits wake it.

    Args:
        store: which has the outbox; the caller closes it.
        transport: which sends; the caller closes it.
        rules: how often, how many at once, for how long.
        clock: gives the time, timezone-aware.
        observers: who is told what became of MTs.
        draw: gives random numbers from 0 to 1, for the waits.
        timer: gives seconds that never step, by which the lease of what is in hand runs.

    >>> from optin_engine.stores import open_store
    >>> from optin_engine.transports import open_transport
    >>> with open_store("memory:") as store:
    ...     with Dispatcher(store, open_transport({"kind": "log"})) as dispatcher:
    ...         dispatcher.step()
    0

    """

    def __init__(  # noqa: PLR0913 - two parts to join, and what a test or an operator sets.
        self,
        store: Store,
        transport: Transport,
        *,
        rules: Dispatching | None = None,
        clock: Callable[[], datetime] = wall_clock,
        observers: Sequence[Observer] = (),
        draw: Callable[[], float] = random.random,
        timer: Callable[[], float] = monotonic,
    ) -> None:
        self._store, self._transport = store, transport
        self._rules = rules or Dispatching()
        self._clock, self._timer, self._draw = clock, timer, draw
        self._observers = tuple(observers)
        self._pool = ThreadPoolExecutor(self._rules.concurrency, "mt")
        self._done: SimpleQueue[Tried | None] = SimpleQueue()
        self._unsettled: list[Tried] = []
        self._in_hand = 0
        self._is_woken = False

    def step(self) -> int:
        """Take in hand what is due, wait until something comes of it, and settle that.

        It does not wait for all: what is slow stays in hand, and the next step goes on.

        Returns:
            How many MTs were in hand; 0: nothing is due.

        Raises:
            Unavailable: the store cannot be reached now; step again later. What is in hand
                stays so, and what came of it is kept then.

        """
        self._settle()
        in_hand = self._take()
        self._gather(POLL_SECONDS)
        self._settle()
        return in_hand

    def idle(self, seconds: float) -> bool:
        """Wait until woken, while nothing is in hand; tell whether it was, in so long."""
        try:
            self._done.get(timeout=seconds)
        except Empty:
            return False
        return True

    def wake(self) -> None:
        """Let a step that waits, or the next `idle`, go on at once; from any thread."""
        if not self._is_woken:
            self._is_woken = True
            self._done.put(None)

    def committed(self, heard: Sequence[Heard], *, repeated: int, seconds: float) -> None:  # noqa: ARG002 - an Observer's arguments.
        """Wake if anything is to be said; see `Observer.committed`."""
        if any(one.outcome.outbound for one in heard):
            self.wake()

    def settled(self, mts: Sequence[tuple[Mt, Fate]]) -> None:
        """Do nothing; see `Observer.settled`."""

    def close(self) -> None:
        """Wait for what is in hand and settle it; may be called twice.

        Where the store is unavailable, what was not settled is another's when its lease ends.
        """
        self._pool.shutdown()
        self._gather(0)
        with suppress(Unavailable):
            self._settle()

    def __enter__(self) -> Self:
        """Use it until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _take(self) -> int:
        """Claim no more than there are threads, so that nothing waits while its lease runs."""
        self._is_woken = False
        now, since = self._clock(), self._timer()
        if free := self._rules.concurrency - self._in_hand:
            claimed = self._store.claim(now, now + self._rules.lease, free)
            self._in_hand += len(claimed)
            for mt in claimed:
                self._pool.submit(self._hand_over, mt, since)
        return self._in_hand

    def _gather(self, seconds: float) -> None:
        """Wait for the first that is done, and for others while they follow at once."""
        while self._in_hand:
            try:
                tried = self._done.get(timeout=seconds)
            except Empty:
                return
            if tried is None:
                # When closing, others are behind it; else the step is over, to claim anew.
                if seconds:
                    return
                continue
            self._in_hand -= 1
            self._unsettled.append(tried)
            seconds = min(seconds, GATHER_SECONDS)

    def _settle(self) -> None:
        """Keep what came of MTs, in one transaction; again at the next step where it fails."""
        now = self._timer()
        ours = [tried for tried in self._unsettled if tried.is_ours(now)]
        if ours:
            for tried in ours:
                if tried.is_blocked:
                    self._store.block(tried.mt.code, tried.mt.number, self._clock())
            self._store.settle([tried.settlement for tried in ours if tried.settlement])
        self._unsettled.clear()
        if ours:
            told = [_told(tried) for tried in ours]
            for observer in self._observers:
                observer.settled(told)

    def _hand_over(self, mt: Mt, since: float) -> None:
        """Hand one MT over, in a thread of its own; whatever comes of it, it is told."""
        lease = self._rules.lease.total_seconds()
        if self._timer() - since > lease * LATEST_PART:
            self._done.put(Tried(mt, None, since))
            return
        settlement, is_blocked = self._tried(mt)
        self._done.put(Tried(mt, settlement, since + lease, is_blocked))

    def _tried(self, mt: Mt) -> tuple[Settlement, bool]:
        try:
            provider_id = self._transport.send(mt, f"mt-{mt.id}")
        except Rejected as rejected:
            dead = Settlement(mt.id, Fate.DEAD, self._clock(), error=str(rejected))
            return dead, rejected.is_blocked
        except Failed as failed:
            return self._failed(mt, failed), False
        except Exception as error:  # noqa: BLE001 - no transport's fault may lose an MT.
            # Its message is not logged: it may quote the text or the number.
            kind, where = type(error).__name__, extract_tb(error.__traceback__)[-1]
            place = f"{where.filename}:{where.lineno}"
            note(logger, logging.ERROR, "transport broke", error=kind, at=place, **_facts(mt))
            return self._failed(mt, Failed(kind)), False
        return Settlement(mt.id, Fate.SENT, self._clock(), provider_id), False

    def _failed(self, mt: Mt, failed: Failed) -> Settlement:
        now, reason = self._clock(), str(failed)
        if mt.attempts >= self._rules.attempts:
            return Settlement(mt.id, Fate.DEAD, now, error=reason)
        wait = self._rules.wait(mt.attempts, self._draw(), failed.retry_after)
        return Settlement(mt.id, Fate.QUEUED, now, error=reason, due_at=now + wait)


def _told(tried: Tried) -> tuple[Mt, Fate]:
    """Log what became of an MT, and give it as observers are told."""
    mt, settled = tried.mt, tried.settlement
    assert settled is not None  # noqa: S101 - it was settled.
    note(logger, LEVELS[settled.fate], f"MT {settled.fate}", error=settled.error, **_facts(mt))
    known = attrs.evolve(
        mt,
        fate=settled.fate,
        provider_id=settled.provider_id,
        error=settled.error,
        due_at=settled.due_at,
        settled_at=None if settled.fate == Fate.QUEUED else settled.at,
    )
    return known, settled.fate


def _facts(mt: Mt) -> dict[str, object]:
    return {
        "id": mt.id,
        "number": masked(mt.number),
        "code": mt.code,
        "kind": mt.kind,
        "attempts": mt.attempts,
    }
