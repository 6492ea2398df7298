"""Group commit: what arrives while a commit is under way goes into the next one.

One thread takes all jobs that wait, in their order, has them committed together, and only
then answers. Callers are threads, which sleep until they are answered, or coroutines, of
which those of one loop are all woken by a single call into it.
"""

import asyncio
import logging
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence

import attrs

from optin_engine.service.answer import Answer, Observer
from optin_engine.service.arrivals import Work
from optin_engine.service.batches import Committed, Result
from optin_engine.stores import StoreError, Unavailable
from optin_engine.transports.logs import note

# How many MOs and instructions go into one batch; a larger job goes alone.
AT_MOST = 1000

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


@attrs.frozen(eq=False)
class Job:
    """What is taken together, all or none, and who waits for it."""

    work: Sequence[Work]
    waiting: Sleeper | Future


class Committer:
    """Gathers jobs and has them committed in groups, by a thread of its own.

    Args:
        commit: takes jobs and returns once they are on disk.
        observers: who is told of each commit.

    Attributes:
        is_closed: it takes nothing more.

    """

    def __init__(
        self,
        commit: Callable[[Sequence[Sequence[Work]]], Committed],
        observers: Sequence[Observer] = (),
    ) -> None:
        self._commit = commit
        self._observers = observers
        self._jobs: deque[Job] = deque()
        self._arrived = threading.Condition(threading.Lock())
        self._thread: threading.Thread | None = None
        self.is_closed = False

    def take(self, work: Sequence[Work]) -> Sequence[Answer]:
        """Have work committed, and wait for it.

        Raises:
            Unavailable: the store cannot keep it now, or the service is closed.

        """
        sleeper = Sleeper()
        self._put(Job(work, sleeper))
        return sleeper.wait()

    async def take_async(self, work: Sequence[Work]) -> Sequence[Answer]:
        """Do the same for a coroutine; if it is cancelled, its work is committed all the same."""
        future: Future = asyncio.get_running_loop().create_future()
        self._put(Job(work, future))
        return await future

    def waiting(self) -> int:
        """Give how many jobs wait for the commit under way to end."""
        return len(self._jobs)

    def close(self) -> None:
        """Finish what was taken, and take nothing more."""
        with self._arrived:
            self.is_closed = True
            self._arrived.notify()
        if self._thread is not None:
            self._thread.join()

    def _put(self, job: Job) -> None:
        with self._arrived:
            if self.is_closed:
                message = "The service is closed and takes nothing more; send it to another."
                raise Unavailable(message)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="committer", daemon=True)
                self._thread.start()
            self._jobs.append(job)
            self._arrived.notify()

    def _run(self) -> None:
        while jobs := self._gather():
            work = [job.work for job in jobs]
            try:
                committed = self._commit(work)
            except Exception as error:  # noqa: BLE001 - everyone who waits must be told.
                _answer(jobs, [_own(error) for _ in jobs])
            else:
                _answer(jobs, committed.results)
                tell(self._observers, committed)

    def _gather(self) -> list[Job]:
        """Wait for jobs and take all that fit into one batch; none once it is closed."""
        jobs: list[Job] = []
        with self._arrived:
            while not self._jobs and not self.is_closed:
                self._arrived.wait()
            room = AT_MOST
            while self._jobs and (not jobs or len(self._jobs[0].work) <= room):
                jobs.append(self._jobs.popleft())
                room -= len(jobs[-1].work)
        return jobs


def tell(observers: Sequence[Observer], committed: Committed) -> None:
    """Tell observers of a commit; one that raises is only logged, by the error's name."""
    heard = [taken(committed_at=committed.at) for taken in committed.taken] if observers else ()
    for observer in observers:
        try:
            observer.committed(heard, repeated=committed.repeated, seconds=committed.seconds)
        except Exception as error:  # noqa: BLE001 - what was committed stays so.
            # What it says may hold personal data, and so may a traceback.
            names = {"observer": type(observer).__name__, "error": type(error).__name__}
            note(logger, logging.ERROR, "observer failed", **names)


def _answer(jobs: Sequence[Job], results: Sequence[Result]) -> None:
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


def _own(error: Exception) -> Exception:
    """Give each who waits an error of its own: each adds its way to the traceback."""
    if not isinstance(error, StoreError):
        return error
    own = type(error)(*error.args)
    own.__cause__ = error
    return own
