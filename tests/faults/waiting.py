"""Waiting for what must come to hold, and no longer than for that."""

import threading
from collections.abc import Callable
from time import monotonic

PATIENCE_SECONDS = 60.0
GLANCE_SECONDS = 0.01


def deadline(what: str) -> Callable[[], None]:
    """Give a check that fails, naming what is waited for, once that takes too long."""
    until = monotonic() + PATIENCE_SECONDS

    def check() -> None:
        assert monotonic() < until, f"not in {PATIENCE_SECONDS:.0f} s: {what}"

    return check


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Look again and again whether it holds; fail, naming it, if it never does."""
    in_time, pause = deadline(what), threading.Event()
    while not holds():
        in_time()
        pause.wait(GLANCE_SECONDS)
