"""The service's clock, which never goes back; and the one of a trial, which goes where it is told.

Whatever lets deadlines pass reads the time and passes them while the clock is `unmoved`.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
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

    @property
    def is_set(self) -> bool:
        """Tell that it goes by itself."""
        return False

    def unmoved(self) -> AbstractContextManager[object]:
        """Do nothing: nobody moves this clock."""
        return nullcontext()


@attrs.define(eq=False)
class MovableClock:
    """A clock that can be set, also back, and then stands; shared by threads.

    It is for trials, in which days pass in an instant. Until it is set it shows the time.

    >>> clock = MovableClock()
    >>> clock.set(datetime(2026, 3, 1, tzinfo=UTC))
    >>> clock.now().isoformat(), clock.is_set
    ('2026-03-01T00:00:00+00:00', True)

    """

    _at: datetime | None = attrs.field(default=None, init=False)
    _set_at: datetime = attrs.field(default=_LONG_AGO, init=False)
    _lock: threading.RLock = attrs.field(factory=threading.RLock, init=False, repr=False)

    @property
    def is_set(self) -> bool:
        """Tell whether it stands where it was set."""
        return self._at is not None

    def set(self, at: datetime | None) -> None:
        """Let it stand at a moment, timezone-aware; None: let it show the time again."""
        with self._lock:
            self._at, self._set_at = at, wall_clock()

    def now(self) -> datetime:
        """Give what it shows."""
        return self._at or wall_clock()

    def going_on(self) -> datetime:
        """Give what it would show if it had gone on since it was set.

        Whoever hands MTs over goes by this: a pace needs time that passes.
        """
        with self._lock:
            return self._at + (wall_clock() - self._set_at) if self._at else wall_clock()

    def unmoved(self) -> AbstractContextManager[object]:
        """Let nobody else set it until the block ends."""
        return self._lock


Clock = SteadyClock | MovableClock


def kept_from_stepping_back(clock: Callable[[], datetime] | MovableClock) -> Clock:
    """Give the clock that a service goes by.

    Args:
        clock: gives the time, timezone-aware; one that can be set is left as it is.

    """
    return clock if isinstance(clock, MovableClock) else SteadyClock(clock)
