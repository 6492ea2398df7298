"""Who waits for a commit, and how they are answered.

Callers are threads, which sleep until they are answered, or coroutines, of which those of
one loop are all woken by a single call into it.
"""

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import Sequence

import attrs

from optin_engine.service.answer import Answer
from optin_engine.service.arrivals import Work
from optin_engine.service.batches import Result
from optin_engine.stores import StoreError
from optin_engine.transports.logs import note

logger = logging.getLogger(__name__)


class Sleeper:
    """A thread that waits for its answers."""

    def __init__(self) -> None:
        self._latch = threading.Lock()
        self._latch.acquire()
        self._result: Result = ()

    def wake(self, result: Result) -> None:
        """Let it have its answers, or why there are none."""
        self._result = result
        self._latch.release()

    def wait(self) -> Sequence[Answer]:
        """Give the answers, once they are there, or raise."""
        with self._latch:
            if isinstance(self._result, Exception):
                raise self._result
            return self._result


Future = asyncio.Future[Sequence[Answer]]


def future() -> Future:
    """Give what the coroutine that runs can wait for."""
    return asyncio.get_running_loop().create_future()


@attrs.frozen(eq=False)
class Job:
    """What is taken together, all or none, and who waits for it."""

    work: Sequence[Work]
    waiting: Sleeper | Future


def answer(jobs: Sequence[Job], results: Sequence[Result]) -> None:
    """Wake everyone who waits; the coroutines of a loop together."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Future, Result]]] = defaultdict(list)
    for job, result in zip(jobs, results, strict=True):
        if isinstance(job.waiting, Sleeper):
            job.waiting.wake(result)
        else:
            by_loop[job.waiting.get_loop()].append((job.waiting, result))
    for loop, futures in by_loop.items():
        try:
            loop.call_soon_threadsafe(_resolve, futures)
        except RuntimeError:  # The loop is closed, and nobody waits any more.
            note(logger, logging.WARNING, "event loop closed", unanswered=len(futures))


def _resolve(futures: Sequence[tuple[Future, Result]]) -> None:
    for future, result in futures:
        if future.cancelled():
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)


def own(error: Exception) -> Exception:
    """Give each who waits an error of its own: each adds its way to the traceback."""
    if not isinstance(error, StoreError):
        return error
    own = type(error)(*error.args)
    own.__cause__ = error
    return own
