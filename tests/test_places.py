"""How many may ask one host at once: one that hangs keeps one thread, and is known to be back."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.service.places import Places
from optin_engine.service.unfetched import FetchError, FetchLate
from tests.dispatching import Timer
from tests.faults.waiting import PATIENCE_SECONDS

NEVER_SLOW = 3600.0


def hang(places: Places) -> None:
    """Ask a host that does not answer in time."""
    with pytest.raises(FetchLate), places.one():
        raise FetchLate


@contextmanager
def asking(places: Places, times: int) -> Iterator[None]:
    """Have so many places until the block ends."""
    with ExitStack() as stack:
        for _ in range(times):
            stack.enter_context(places.one())
        yield


def test_whoever_finds_no_place_waits_for_one() -> None:
    places, has_one = Places(most=2, slow=NEVER_SLOW), threading.Event()

    def ask() -> None:
        with places.one():
            has_one.set()

    with asking(places, 1):
        with asking(places, 1):
            thread = threading.Thread(target=ask, daemon=True)
            thread.start()
            assert not has_one.is_set()
        assert has_one.wait(PATIENCE_SECONDS)
    thread.join()


def test_nobody_waits_where_the_oldest_has_had_its_place_for_long() -> None:
    timer = Timer()
    places = Places(most=2, slow=NEVER_SLOW, timer=timer)
    with asking(places, 1):
        timer.seconds += NEVER_SLOW
        with asking(places, 1), pytest.raises(FetchError, match="slow"), places.one():
            pass


def test_where_places_become_free_too_late_who_waits_is_told() -> None:
    with asking(places := Places(most=2, slow=0.01), 2):
        refused = threading.Event()

        def ask() -> None:
            with pytest.raises(FetchError, match="slow"), places.one():
                pass
            refused.set()

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        assert refused.wait(PATIENCE_SECONDS)
    thread.join()


def test_a_host_that_was_late_is_asked_by_one_for_whom_nobody_waits_until_it_answers() -> None:
    places = Places(most=3, slow=NEVER_SLOW)
    hang(places)
    with asking(places, 1), pytest.raises(FetchError, match="slow"), places.one():
        pass
    with asking(places, 3):
        pass


def test_a_host_that_is_late_again_stays_one_to_be_asked_by_one() -> None:
    places = Places(most=3, slow=NEVER_SLOW)
    hang(places)
    hang(places)
    with asking(places, 1), pytest.raises(FetchError, match="slow"), places.one():
        pass


def test_an_error_of_a_host_is_an_answer() -> None:
    places = Places(most=2, slow=NEVER_SLOW)
    hang(places)
    with pytest.raises(FetchError, match="503"), places.one():
        raise FetchError("503")  # noqa: EM101 - what the host says.
    with asking(places, 2):
        pass


@given(
    most=st.integers(1, 4),
    course=st.lists(st.sampled_from(["ask", "answer", "fail", "hang"]), max_size=40),
)
def test_there_are_never_more_than_places_and_a_host_that_nobody_asks_may_be_asked(
    most: int, course: list[str]
) -> None:
    places, asks = Places(most=most, slow=0), list[AbstractContextManager[None]]()
    errors = {"answer": None, "fail": FetchError("x"), "hang": FetchLate("x")}
    for what in course:
        if what == "ask":
            one = places.one()
            try:
                one.__enter__()
            except FetchError:
                assert asks
            else:
                asks.append(one)
        elif asks:
            error = errors[what]
            assert not asks.pop(0).__exit__(type(error) if error else None, error, None)
        assert len(asks) <= most
