"""Group commit: what arrives while a commit is under way goes into the next one.

Whoever brings an MO while there is room for another batch leads it: takes all jobs that wait,
in their order, has them committed together, and only then answers. A thread leads in person,
so a lone caller waits for nobody; for a coroutine a thread of the committer does. A store
that can have several batches under way is given several; they take their jobs and lock their
contacts one after the other, so that the MOs of a contact stay in their order.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from optin_engine.service.answer import Answer, Observer
from optin_engine.service.arrivals import Work
from optin_engine.service.batches import Committed
from optin_engine.service.waiting import Job, Sleeper, answer, future, own
from optin_engine.stores import Unavailable
from optin_engine.transports.logs import note

# How many MOs and instructions go into one batch; a larger job goes alone.
AT_MOST = 1000

INTERRUPTED = "The commit was interrupted, and nothing of it is certain. Send it again."

Jobs = Sequence[Sequence[Work]]

logger = logging.getLogger(__name__)


class Turnstile:
    """A lock that one batch passes at a time; it can be let go of early, and only once."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock
        self._is_held = True
        lock.acquire()

    def leave(self) -> None:
        """Let the next batch through."""
        if self._is_held:
            self._is_held = False
            self._lock.release()


class Committer:
    """Gathers jobs and has them committed in groups.

    Args:
        commit: takes jobs and returns once they are on disk; it calls what it is given as soon
            as it has locked their contacts.
        at_once: how many batches may be under way.
        observers: who is told of each commit.

    Attributes:
        is_closed: it takes nothing more.

    """

    def __init__(
        self,
        commit: Callable[[Jobs, Callable[[], None]], Committed],
        at_once: int = 1,
        observers: Sequence[Observer] = (),
    ) -> None:
        self._commit = commit
        self._room = at_once
        self._observers = observers
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition(threading.Lock())
        self._in_order = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._to_lead = self._leading = 0
        self.is_closed = False

    def take(self, work: Sequence[Work]) -> Sequence[Answer]:
        """Have work committed, and wait for it.

        Raises:
            Unavailable: the store cannot keep it now, or the service is closed.

        """
        sleeper = Sleeper()
        if self._put(Job(work, sleeper)):
            self._lead()
        return sleeper.wait()

    async def take_async(self, work: Sequence[Work]) -> Sequence[Answer]:
        """Do the same for a coroutine; if it is cancelled, its work is committed all the same."""
        waiting = future()
        if self._put(Job(work, waiting)):
            with self._changed:
                self._have_led()
        return await waiting

    def waiting(self) -> int:
        """Give how many jobs wait for the commit under way to end."""
        return len(self._jobs)

    def close(self) -> None:
        """Finish what was taken, and take nothing more."""
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._leading)
        for thread in self._threads:
            thread.join()

    def _put(self, job: Job) -> bool:
        """Put a job in line; tell whether whoever brings it has to see that a batch is led."""
        with self._changed:
            if self.is_closed:
                message = "The service is closed and takes nothing more; send it to another."
                raise Unavailable(message)
            self._jobs.append(job)
            leads = self._leading < self._room
            self._leading += leads
            return leads

    def _have_led(self) -> None:
        """Have a thread lead a batch; whoever calls holds the lock.

        Where there is none, and the machine lets none be started, whoever comes next leads it.
        """
        if len(self._threads) < self._room:
            thread = threading.Thread(target=self._run, name="committer", daemon=True)
            with suppress(RuntimeError):
                thread.start()
                self._threads.append(thread)
        if self._threads:
            self._to_lead += 1
        else:
            self._leading -= 1
        self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._to_lead or self._is_over())
                if not self._to_lead:
                    return
                self._to_lead -= 1
            self._lead()

    def _is_over(self) -> bool:
        return self.is_closed and not self._leading

    def _lead(self) -> None:
        """Lead one batch; if more jobs wait in the end, a thread leads the next."""
        try:
            self._take_together()
        finally:
            with self._changed:
                if self._jobs:
                    self._have_led()
                else:
                    self._leading -= 1
                    # Only the end is waited for; to wake a thread that has nothing to lead
                    # would cost whoever leads in person a change of threads an MO.
                    if self.is_closed:
                        self._changed.notify_all()

    def _take_together(self) -> None:
        turnstile = Turnstile(self._in_order)
        try:
            if jobs := self._gather():
                self._answer(jobs, turnstile.leave)
        finally:
            turnstile.leave()

    def _answer(self, jobs: Sequence[Job], locked: Callable[[], None]) -> None:
        """Have jobs committed, and answer whoever waits for them."""
        try:
            committed = self._commit([job.work for job in jobs], locked)
        except Exception as error:  # noqa: BLE001 - everyone who waits must be told.
            answer(jobs, [own(error) for _ in jobs])
        except BaseException:
            # Ctrl-C ends whoever leads in person; the others would wait for ever.
            answer(jobs, [Unavailable(INTERRUPTED) for _ in jobs])
            raise
        else:
            answer(jobs, committed.results)
            tell(self._observers, committed)

    def _gather(self) -> list[Job]:
        """Take all jobs that fit into one batch."""
        jobs: list[Job] = []
        with self._changed:
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
