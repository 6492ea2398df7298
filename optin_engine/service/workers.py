"""The service's background threads: one hands MTs over, one lets deadlines pass, one queues sends.

Any number of processes may each run theirs over one store.
"""

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Self

from optin_engine.service.dispatcher import POLL_SECONDS, Dispatcher
from optin_engine.service.service import Service
from optin_engine.stores import Unavailable
from optin_engine.transports.logs import note

logger = logging.getLogger(__name__)

# Another process may set a deadline at any time, so nobody sleeps longer.
LONGEST_SLEEP_SECONDS = 1.0
# A deadline that has passed may be in another's hand, which takes a moment.
SHORTEST_SLEEP_SECONDS = 0.05
# While the store is unavailable, it is tried again after so long: doubled each time, up to a
# bound that a restarted database is not kept waiting for.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 5.0


class Workers:
    """Threads that run from `start` to `stop`, whatever happens to the store meanwhile.

    Args:
        service: whose deadlines pass, and whose sends are queued.
        dispatcher: which hands over; let it observe the service
            (`Service(store, observers=[dispatcher])`), and what this process queues is
            handed over at once, else within half a second. It is closed with the workers.

    """

    def __init__(self, service: Service, dispatcher: Dispatcher) -> None:
        self._service, self._dispatcher = service, dispatcher
        self._stopping = threading.Event()
        loops = {
            "dispatcher": self._dispatch,
            "timers": self._pass_deadlines,
            "sends": self._queue_sends,
        }
        self._threads = [
            # A daemon, so that a process that forgets to stop it can end; leases cover it.
            threading.Thread(target=partial(self._run, name, turn), name=name, daemon=True)
            for name, turn in loops.items()
        ]

    def start(self) -> None:
        """Start the threads; once."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is in hand, and end; may be called twice."""
        self._stopping.set()
        self._dispatcher.wake()
        self._service.enqueuer.wake()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        self._dispatcher.close()

    def __enter__(self) -> Self:
        """Run them until the block ends."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop them."""
        self.stop()

    def _dispatch(self) -> None:
        if not self._dispatcher.step():
            self._dispatcher.idle(POLL_SECONDS)

    def _queue_sends(self) -> None:
        if self._service.enqueuer.step():
            self._dispatcher.wake()
        else:
            self._service.enqueuer.idle(POLL_SECONDS)

    def _pass_deadlines(self) -> None:
        while self._service.tick_in_time() and not self._stopping.is_set():
            pass
        due = self._service.store.next_due()
        until = (due - self._service.now()).total_seconds() if due else LONGEST_SLEEP_SECONDS
        self._stopping.wait(min(max(until, SHORTEST_SLEEP_SECONDS), LONGEST_SLEEP_SECONDS))

    def _run(self, name: str, turn: Callable[[], None]) -> None:
        """Take turns until stopped; say once that they fail, and once that they go on."""
        is_waiting, pause = False, FIRST_PAUSE_SECONDS
        while not self._stopping.is_set():
            fault = _fault_of(turn)
            if fault and not is_waiting:
                note(logger, logging.ERROR, "worker waits", worker=name, error=fault)
            elif is_waiting and not fault:
                note(logger, logging.INFO, "worker goes on", worker=name)
            if fault:
                self._stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS) if fault else FIRST_PAUSE_SECONDS
            is_waiting = bool(fault)


def _fault_of(turn: Callable[[], None]) -> str:
    """Take a turn; give the type of what it raised, and of what the store says, the words."""
    try:
        turn()
    except Unavailable as error:
        return f"{type(error).__name__}: {error}"
    except Exception as error:  # noqa: BLE001 - a thread that ended would end all sending.
        return type(error).__name__
    return ""
