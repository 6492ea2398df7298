"""How many may ask one host at a time, so that one that hangs leaves threads to the others."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import attrs

from optin_engine.service.unfetched import FetchError, FetchLate

PLACES = 4
"""So many ask one host at once: half of the texts that are filled at once."""

SLOW_SECONDS = 2.0
"""Nobody waits for a place at a host that needs longer than this for one answer."""


@attrs.define
class Places:
    """The places at one host, taken by threads.

    A host that did not answer in time has but one place, for which nobody waits, until
    whoever has it brings an answer: so one that hangs keeps one thread, and is known to be back
    as soon as it is.

    Attributes:
        most: how many there are.
        slow: how long a place is waited for, counted from when the oldest was taken; seconds.
        timer: gives seconds that never step.

    >>> places = Places(most=1, slow=0)
    >>> with places.one(), places.one():
    ...     pass
    Traceback (most recent call last):
    optin_engine.service.unfetched.FetchError: the host is slow, and enough others wait for it
    """

    most: int = PLACES
    slow: float = SLOW_SECONDS
    timer: Callable[[], float] = monotonic
    _taken: list[float] = attrs.field(factory=list)
    _is_late: bool = False
    _changed: threading.Condition = attrs.field(factory=threading.Condition)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Have one of them, and tell by a `FetchLate` that the host did not answer in time.

        Raises:
            FetchError: there is none.

        """
        since = self._take()
        is_late = False
        try:
            yield
        except FetchLate:
            is_late = True
            raise
        finally:
            with self._changed:
                self._taken.remove(since)
                self._is_late = is_late
                self._changed.notify_all()

    def _take(self) -> float:
        with self._changed:
            if not self._changed.wait_for(self._has_room, self._patience()):
                message = "the host is slow, and enough others wait for it"
                raise FetchError(message)
            since = self.timer()
            self._taken.append(since)
        return since

    def _has_room(self) -> bool:
        return len(self._taken) < (1 if self._is_late else self.most)

    def _patience(self) -> float:
        if self._is_late or not self._taken:
            return 0
        return max(self._taken[0] + self.slow - self.timer(), 0)
