"""Threads that all do the same with MTs in hand, and how many MTs are worth having in hand."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from time import monotonic

import attrs

from optin_engine.stores import Mt

# A transport so quick that all in hand is done within this time need not wait for the store: it
# gets twice as many at a time. It is short, because what is in hand is said though a STOP comes.
QUICK_SECONDS = 0.2
MOST_IN_HAND = 1_000


@attrs.frozen(eq=False)
class Given:
    """An MT that a crew was given, and when it was taken in hand, by a timer; seconds."""

    mt: Mt
    since: float


@attrs.define
class Crew:
    """Threads that do what they are given, one MT after another, until they are dismissed.

    All but `act` is for the one thread that gives them work.

    Attributes:
        act: what they do with an MT.
        size: how many threads there may be; they are started as they are needed.
        in_hand: the MTs that they were given, less those that came back.
        most: how many of them are worth having at a time.

    """

    act: Callable[["Crew", Given], None]
    size: int
    in_hand: set[Given] = attrs.field(factory=set)
    most: int = attrs.field(default=attrs.Factory(lambda self: self.size, takes_self=True))
    _since: float = 0.0
    _given: "SimpleQueue[Given | None]" = attrs.field(factory=SimpleQueue)
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
        return max(self.most - len(self.in_hand), 0)

    def give(self, mts: tuple[Mt, ...], since: float) -> None:
        """Give them MTs that were taken in hand at a time of the timer."""
        if mts:
            self._since = since
        for mt in mts:
            given = Given(mt, since)
            self.in_hand.add(given)
            self._given.put(given)
        while len(self._threads) < min(self.size, len(self.in_hand)):
            # A daemon, so that a process that forgets to dismiss it can end; leases cover it.
            thread = threading.Thread(target=self._work, daemon=True)
            thread.start()
            # Only now, because one that could not be started would be counted, and joined.
            self._threads.append(thread)

    def dismiss(self, patience: float | None = None) -> None:
        """Let them finish what they were given, and end; may be called twice.

        Args:
            patience: seconds, after which nobody is waited for any more; None: all are.

        """
        for _ in self._threads:
            self._given.put(None)
        until = None if patience is None else monotonic() + patience
        for thread in self._threads:
            thread.join(until and max(until - monotonic(), 0))
        self._threads.clear()

    def _work(self) -> None:
        while (given := self._given.get()) is not None:
            self.act(self, given)
