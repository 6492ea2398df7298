"""Ctrl-C as something that is asked for, and not as an exception that anybody may swallow.

Python raises KeyboardInterrupt wherever it happens to be. Where that is a callback of the
garbage collector, of which Hypothesis has one, it is printed there and lost.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from signal import SIGINT, default_int_handler, getsignal, signal
from threading import Event
from types import FrameType


@contextmanager
def interruption() -> Iterator[Callable[[], bool]]:
    """Give what tells whether Ctrl-C was pressed, until the block ends.

    Pressed a second time it raises KeyboardInterrupt, as ever: for who does not want to wait
    until somebody asks. It can be opened in the main thread only.

    >>> from signal import raise_signal
    >>> with interruption() as is_pressed:
    ...     raise_signal(SIGINT)
    ...     is_pressed()
    True
    """
    pressed = Event()

    def press(_number: int, _frame: FrameType | None) -> None:
        signal(SIGINT, default_int_handler)
        pressed.set()

    before = getsignal(SIGINT)
    # Where it is ignored, as in a job in the background, it stays so.
    if before is default_int_handler:
        signal(SIGINT, press)
    try:
        yield pressed.is_set
    finally:
        signal(SIGINT, before)
