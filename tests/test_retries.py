"""How long a text that failed waits: not less than was asked for, and not for ever."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from optin_engine.service.retries import Dispatching
from tests.outbox import DAY


@given(
    attempts=st.integers(1, 10**6),
    drawn=st.floats(0, 1),
    retry_after=st.none() | st.floats(0, 1e9),
)
def test_a_wait_is_at_least_what_was_asked_for_and_never_longer_than_the_longest(
    attempts: int, drawn: float, retry_after: float | None
) -> None:
    wait = Dispatching().wait(attempts, drawn, retry_after)
    longest = timedelta(hours=6)
    asked = min(timedelta(seconds=retry_after or 0), longest)
    jitter = min(longest, timedelta(seconds=5) * 4 ** min(attempts - 1, 10))
    assert asked <= wait <= min(longest, asked + jitter)


def test_all_waits_of_an_mt_together_last_at_most_a_day_and_a_half_and_at_least_a_day() -> None:
    rules = Dispatching()
    longest = sum(
        (rules.wait(attempt, 1) for attempt in range(1, rules.attempts)), start=timedelta()
    )
    assert DAY <= longest <= 1.5 * DAY
