"""What the codes and sends of an account hold back: their paces, quiet hours and blackouts."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache, partial

import msgspec

from optin_engine.program import Code
from optin_engine.service.outbound.orders import Blackout, Options
from optin_engine.service.quiet_hours import is_within, length_of, quiet_until, since_midnight
from optin_engine.stores.holding import Holds

# What waits for a blackout goes out so long after its end.
AFTER_BLACKOUT = timedelta(seconds=1)


def paces_of(codes: Iterable[Code]) -> Mapping[str, float]:
    """Give the messages a second that codes may hand over; who has no bound is left out."""
    return {code.digits: code.throughput for code in codes if code.throughput is not None}


def holds_of(codes: Collection[Code], now: datetime) -> Holds:
    """Give what sends wait for now: the quiet hours of their code, and their own blackout."""
    return Holds(
        lambda options: is_blacked_out(_blackout(options), now),
        {
            code.digits: partial(quiet_until, code.quiet_hours, now=now)
            for code in codes
            if code.quiet_hours is not None
        },
        frozenset(code.digits for code in codes).__contains__,
    )


def is_blacked_out(blackout: Blackout | None, now: datetime) -> bool:
    """Tell whether a send waits: in its window, and one second longer.

    Args:
        blackout: its window; None: it never waits.
        now: the time, timezone-aware.

    >>> from datetime import UTC, time
    >>> afternoon = Blackout(timedelta(hours=-5), time(15), time(22))
    >>> is_blacked_out(afternoon, datetime(2026, 11, 22, 3, 0, 0, tzinfo=UTC))
    True
    >>> is_blacked_out(afternoon, datetime(2026, 11, 22, 3, 0, 1, tzinfo=UTC))
    False
    """
    if blackout is None:
        return False
    local = since_midnight(now.time()) - (now.utcoffset() or timedelta()) + blackout.offset
    length = length_of(blackout.start, blackout.end) + AFTER_BLACKOUT
    return is_within(local, blackout.start, length)


@lru_cache(maxsize=1024)
def _blackout(options: bytes) -> Blackout | None:
    return msgspec.json.decode(options, type=Options).blackout
