"""The outbox's other end: takes MTs in hand, hands them to a transport, settles what came.

An MT is handed over at least once. It is claimed with a lease, so that it is another
process's turn if this one is killed; whatever happens, its idempotency key is the same.
Where HTTPGet has to fill its text, that is done and kept before, by threads of its own, so that
a host that hangs keeps nobody else waiting: no other text, and not the end of the process.
"""

import logging
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Self

import attrs

from optin_engine.service.answer import Heard, Observer
from optin_engine.service.catalog import Catalog
from optin_engine.service.clock import wall_clock
from optin_engine.service.crew import Crew, Given
from optin_engine.service.handing_over import HandingOver, Tried, facts
from optin_engine.service.holds import holds_of, paces_of
from optin_engine.service.retries import Dispatching
from optin_engine.service.unfetched import no_fetch
from optin_engine.stores import Fate, Mt, Settlement, Store, Unavailable
from optin_engine.templating.evaluation import Fetch
from optin_engine.transports.logs import note
from optin_engine.transports.transport import Transport

logger = logging.getLogger(__name__)

# What other processes queue meanwhile is looked for so often, while a transport is slow.
POLL_SECONDS = 0.5
# What is done within this time of another is settled with it, in one transaction.
GATHER_SECONDS = 0.02
# Nothing is done with an MT that came to its thread later than this part of its lease: the rest
# might not outlast the call.
LATEST_PART = 1 / 3
# When closing, a text is waited for so long, because its host would otherwise be asked again.
FILL_SECONDS = 1.0

# What goes well is counted, by observers, and fills no log.
LEVELS = {Fate.SENT: logging.DEBUG, Fate.QUEUED: logging.INFO, Fate.DEAD: logging.WARNING}


@attrs.frozen
class Done:
    """One MT that is in hand no more.

    Attributes:
        crew: who had it.
        given: what they had.
        tried: what came of it.

    """

    crew: Crew
    given: Given
    tried: Tried


class Dispatcher:
    """Hands over what is due; one thread steps it, and any may wake it.

    It is an `Observer` of a service, whose commits wake it. The codes in the store say how fast
    they may be, and when their sends wait; replies wait for nothing but their code's pace.

    Args:
        store: which has the outbox; the caller closes it.
        transport: which sends; the caller closes it.
        rules: how often, how many at once, for how long.
        fetch: gets a URL's text for texts with HTTPGet, or raises OSError: `FetchRefused` if
            to ask again would be in vain. Without it, none can be had.
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
        fetch: Fetch = no_fetch,
        clock: Callable[[], datetime] = wall_clock,
        observers: Sequence[Observer] = (),
        draw: Callable[[], float] = random.random,
        timer: Callable[[], float] = monotonic,
    ) -> None:
        self._store, self._catalog = store, Catalog(store)
        self._rules = rules or Dispatching()
        self._clock, self._timer = clock, timer
        handing_over = HandingOver(transport, fetch, self._rules, clock, draw)
        self._filling = Crew(partial(self._act, handing_over.fill), self._rules.fills)
        self._sending = Crew(partial(self._act, handing_over.send), self._rules.concurrency)
        self._observers = tuple(observers)
        self._done: SimpleQueue[Done | None] = SimpleQueue()
        self._unsettled: list[Done] = []
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
        """Wait for what is being handed over and settle it; may be called twice.

        For texts that are being filled it waits only a moment: nobody has been told anything of
        them, so they are left to whoever serves next. Where the store is unavailable, what was
        not settled is another's when its lease ends.
        """
        self._sending.dismiss()
        self._filling.dismiss(FILL_SECONDS)
        self._gather(0)
        self._leave()
        with suppress(Unavailable):
            self._settle()

    def __enter__(self) -> Self:
        """Use it until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    @property
    def _in_hand(self) -> int:
        return len(self._filling.in_hand) + len(self._sending.in_hand)

    def _take(self) -> int:
        """Claim no more than is soon begun, so that nothing waits while its lease runs."""
        self._is_woken = False
        now, since = self._clock(), self._timer()
        until = now + self._rules.lease
        if free := self._filling.size - len(self._filling.in_hand):
            self._filling.give(tuple(self._store.claim_unrendered(now, until, free)), since)
        if room := self._sending.room(since):
            codes = self._catalog.account().codes.values()
            paces, holds = paces_of(codes), holds_of(codes, now)
            self._sending.give(tuple(self._store.claim(now, until, room, paces, holds)), since)
        return self._in_hand

    def _gather(self, seconds: float) -> None:
        """Wait for the first that is done, and for others while they follow at once."""
        while self._in_hand:
            try:
                done = self._done.get(timeout=seconds)
            except Empty:
                return
            if done is None:
                # When closing, others are behind it; else the step is over, to claim anew.
                if seconds:
                    return
                continue
            done.crew.in_hand.remove(done.given)
            self._unsettled.append(done)
            seconds = min(seconds, GATHER_SECONDS)

    def _leave(self) -> None:
        """Let the texts that are not filled yet be due at once."""
        now, why = self._clock(), "the process ended before the host answered"
        for given in self._filling.in_hand:
            left = Settlement(given.mt.id, Fate.QUEUED, now, error=why, due_at=now)
            self._unsettled.append(Done(self._filling, given, Tried(given.mt, left)))
        self._filling.in_hand.clear()

    def _settle(self) -> None:
        """Keep what came of MTs, in one transaction; again at the next step where it fails."""
        ours = [done.tried for done in self._unsettled if self._is_ours(done)]
        if ours:
            for tried in ours:
                if tried.is_blocked:
                    self._store.block(tried.mt.code, tried.mt.number, self._clock())
            self._store.settle([tried.settlement for tried in ours if tried.settlement])
        self._unsettled.clear()
        # That a text was filled is no news of its MT, which is handed over next.
        news = [tried for tried in ours if tried.settlement and not tried.settlement.text]
        for tried in news:
            _log(tried)
        if news and self._observers:
            told = [_told(tried) for tried in news]
            for observer in self._observers:
                observer.settled(told)

    def _is_ours(self, done: Done) -> bool:
        """Tell whether it is still ours to settle; that an MT was sent is true for ever."""
        settled = done.tried.settlement
        if settled is None:
            return False
        return settled.fate == Fate.SENT or self._lease_gone(done.given) < 1

    def _act(self, act: Callable[[Mt], Tried], crew: Crew, given: Given) -> None:
        """Do something with one MT, in a thread of a crew; whatever comes of it, tell."""
        is_late = self._lease_gone(given) > LATEST_PART
        tried = Tried(given.mt, None) if is_late else act(given.mt)
        self._done.put(Done(crew, given, tried))

    def _lease_gone(self, given: Given) -> float:
        """Give how much of its lease is gone: from 1 on, it may be in another's hand."""
        return (self._timer() - given.since) / self._rules.lease.total_seconds()


def _log(tried: Tried) -> None:
    mt, settled = tried.mt, tried.settlement
    assert settled is not None  # noqa: S101 - it was settled.
    level = LEVELS[settled.fate]
    # Of what goes well there is so much that its facts are not gathered for nobody.
    if logger.isEnabledFor(level):
        note(logger, level, f"MT {settled.fate}", error=settled.error, **facts(mt))


def _told(tried: Tried) -> tuple[Mt, Fate]:
    """Give what became of an MT as observers are told."""
    settled = tried.settlement
    assert settled is not None  # noqa: S101 - it was settled.
    known = attrs.evolve(
        tried.mt,
        fate=settled.fate,
        provider_id=settled.provider_id,
        error=settled.error,
        due_at=settled.due_at,
        settled_at=None if settled.fate == Fate.QUEUED else settled.at,
    )
    return known, settled.fate
