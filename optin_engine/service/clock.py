"""The service's clock, which never goes back."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import attrs


def wall_clock() -> datetime:
    """Give the time."""
    return datetime.now(UTC)


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@attrs.define(eq=False)
class SteadyClock:
    """A clock that stands still where the one it reads steps back; shared by threads.

    Args:
        clock: gives the time, timezone-aware.

    >>> from datetime import timedelta
    >>> noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    >>> steps = iter([noon, noon - timedelta(hours=1), noon + timedelta(hours=1)])
    >>> steady = SteadyClock(lambda: next(steps))
    >>> [steady.now().hour for _ in range(3)]
    [12, 12, 13]

    """

    _clock: Callable[[], datetime]
    _last: datetime = attrs.field(default=_LONG_AGO, init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False, repr=False)

    def now(self) -> datetime:
        """Give the time, or the last one given, whichever is later."""
        with self._lock:
            self._last = max(self._last, self._clock())
            return self._last
