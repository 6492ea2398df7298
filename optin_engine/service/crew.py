"""Threads that all do the same with MTs in hand, and how many MTs are worth having in hand."""

import threading
from collections.abc import Callable
from queue import SimpleQueue

import attrs

from optin_engine.stores import Mt

# A transport so quick that all in hand is done within this time need not wait for the store: it
# gets twice as many at a time. It is short, because what is in hand is said though a STOP comes.
QUICK_SECONDS = 0.2
MOST_IN_HAND = 1_000


@attrs.define
class Crew:
    """Threads that do what they are given, one MT after another, until they are dismissed.

    All but `act` is for the one thread that gives them work.

    Attributes:
        act: what they do with an MT, which was taken in hand at a time of a timer (seconds).
        size: how many threads there may be; they are started as they are needed.
        in_hand: how many MTs they were given, less those that came back.
        most: how many of them are worth having at a time.

    """

    act: Callable[["Crew", Mt, float], None]
    size: int
    in_hand: int = 0
    most: int = attrs.field(default=attrs.Factory(lambda self: self.size, takes_self=True))
    _since: float = 0.0
    _given: "SimpleQueue[tuple[Mt, float] | None]" = attrs.field(factory=SimpleQueue)
    _threads: list[threading.Thread] = attrs.field(factory=list)

    def room(self, now: float) -> int:
        """Tell how many MTs more are worth having in hand: more where the last were done at once.

        Args:
            now: by the timer, seconds.

        """
        if now - self._since > QUICK_SECONDS:
            self.most = self.size
        elif not self.in_hand:
            self.most = max(self.size, min(self.most * 2, MOST_IN_HAND))
        return max(self.most - self.in_hand, 0)

    def give(self, mts: tuple[Mt, ...], since: float) -> None:
        """Give them MTs that were taken in hand at a time of the timer."""
        if not mts:
            return
        self._since = since
        self.in_hand += len(mts)
        for mt in mts:
            self._given.put((mt, since))
        while len(self._threads) < min(self.size, self.in_hand):
            # A daemon, so that a process that forgets to dismiss it can end; leases cover it.
            thread = threading.Thread(target=self._work, daemon=True)
            self._threads.append(thread)
            thread.start()

    def dismiss(self) -> None:
        """Let them finish what they were given, and end; may be called twice."""
        for _ in self._threads:
            self._given.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _work(self) -> None:
        while (given := self._given.get()) is not None:
            self.act(self, *given)
