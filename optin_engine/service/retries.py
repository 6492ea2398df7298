"""When an MT that was not handed over is tried again, and when no more."""

from datetime import timedelta

import attrs


@attrs.frozen
class Dispatching:
    """How MTs are handed over.

    The waits grow as 5 s, 20 s, 80 s ... up to 6 h, and each is drawn between nothing and
    that (full jitter), so that what failed together does not come back together. With 12
    attempts an MT is given up after 16 hours on average, and 32 at most.

    Attributes:
        concurrency: how many MTs are handed over at once.
        fills: how many texts are filled by HTTPGet at once, while others go out; one host's
            are at most half of them (`places.PLACES`).
        lease: for how long an MT in hand is nobody else's; it must outlast a call of the
            transport, or the fetches of a text, by half. It is how long an MT waits whose
            process was killed.
        attempts: after so many an MT is dead.
        first_wait: the most that is waited after the first attempt.
        growth: how many times longer each wait may be than the one before.
        longest_wait: the most that is ever waited, also where the other side wants more.

    """

    concurrency: int = 16
    fills: int = 8
    lease: timedelta = timedelta(seconds=60)
    attempts: int = 12
    first_wait: timedelta = timedelta(seconds=5)
    growth: int = 4
    longest_wait: timedelta = timedelta(hours=6)

    def wait(self, attempts: int, drawn: float, retry_after: float | None = None) -> timedelta:
        """Give how long to wait before the next attempt.

        Args:
            attempts: how many were made, at least 1.
            drawn: a random number from 0 to 1.
            retry_after: seconds that the other side wants to be left alone.

        >>> Dispatching().wait(2, 0.5).total_seconds()
        10.0
        >>> Dispatching().wait(1, 1.0, retry_after=60).total_seconds()
        65.0
        """
        longest = self.longest_wait.total_seconds()
        # Past some power the wait is the longest anyhow, and the number would be immense.
        power = min(attempts - 1, 64)
        ceiling = min(longest, self.first_wait.total_seconds() * self.growth**power)
        return timedelta(seconds=min(longest, (retry_after or 0.0) + ceiling * drawn))
