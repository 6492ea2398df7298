"""Lets time pass in an instant: a clock that can be set, and every deadline on its way."""

from datetime import datetime
from time import sleep

from optin_engine.service.clock import MovableClock
from optin_engine.service.service import Service

# How long a deadline that another process has in hand is left to it before it is asked again.
SECONDS_IN_HAND = 0.01


def let_pass(service: Service, clock: MovableClock, moment: datetime) -> None:
    """Set a clock to a moment; each deadline up to it passes first, at its own time.

    So a reminder and an expiry come as they would if somebody had waited, in the order of
    time. A moment before the clock's sets it back, and what has passed stays so.

    Args:
        service: whose clock it is.
        clock: nobody else sets it meanwhile.
        moment: timezone-aware.

    Raises:
        Unavailable: the store could not be reached; the clock stands on the way.

    """
    with clock.unmoved():
        while (due := service.store.next_due()) is not None and due <= moment:
            clock.set(due)
            if not service.tick():
                sleep(SECONDS_IN_HAND)
        clock.set(moment)
