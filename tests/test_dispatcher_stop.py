"""Nothing of a programme is said after the stop message, whatever happens in whatever order.

A script of happenings is played before an MT reaches the carrier, after it has, and between
steps: a STOP, texts queued, another process's turn, hours passing, an operator's requeue.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from optin_engine.service.dispatcher import Dispatcher
from optin_engine.service.retries import Dispatching
from optin_engine.stores import Mt, open_store
from optin_engine.transports import Failed, Rejected
from optin_engine.vocabulary import Says
from tests.outbox import Clock, mts_of, queue

HAPPENINGS = ("nothing", "stop", "text", "other", "hours", "requeue")
ENDS = ("sent", "lost", "answer lost", "rejected", "broken")
OUTCOMES = st.lists(st.sampled_from(ENDS), max_size=8)
RULES = Dispatching(concurrency=1, attempts=3)


class World:
    """One contact, two processes and a carrier; it plays the script, then all goes well."""

    def __init__(self, script: Sequence[str], ends: Sequence[str]) -> None:
        self._script, self._ends = iter(script), iter(ends)
        self.store, self.clock = open_store("memory:"), Clock()
        self.said: list[str] = []
        self.has_stopped = False
        self._on_the_way = self._depth = 0
        self.ours, self.theirs = (
            Dispatcher(self.store, self, rules=RULES, clock=self.clock) for _ in range(2)
        )
        self._acts: dict[str, Callable[[], object]] = {
            "stop": self._stop,
            "text": self._text,
            "other": self._other,
            "hours": self._hours,
            "requeue": self._requeue,
        }

    def happen(self) -> str:
        happening = next(self._script, "")
        self._acts.get(happening, str)()
        return happening

    def send(self, mt: Mt, key: str) -> str:
        """Be the carrier, for both processes."""
        self._on_the_way += 1
        self.happen()
        self._on_the_way -= 1
        end = next(self._ends, "sent")
        if end in {"sent", "answer lost"}:
            self.said.append(mt.kind)
        self.happen()
        if end in {"lost", "answer lost"}:
            raise Failed(end)
        if end == "rejected":
            raise Rejected(end)
        if end == "broken":
            raise RuntimeError
        return key

    def close(self) -> None:
        self.ours.close()
        self.theirs.close()

    def _stop(self) -> None:
        if not self.has_stopped:
            self.has_stopped = True
            queue(self.store, Says.STOP, is_stop=True)

    def _text(self) -> None:
        if not self.has_stopped:
            queue(self.store, Says.CONFIRMATION)

    def _other(self) -> None:
        # The other process's one thread may be the one in which this happens.
        if not self._depth:
            self._depth += 1
            self.theirs.step()
            self._depth -= 1

    def _hours(self) -> None:
        # A lease is longer than the way to the carrier, though not than the way back.
        if not self._on_the_way:
            self.clock.now += timedelta(hours=7)

    def _requeue(self) -> None:
        self.store.requeue([mt.id for mt in mts_of(self.store)], self.clock.now)


def end(world: World) -> None:
    """Step until nothing waits; an operator requeues whatever is dead."""
    while world.store.backlog().queued or world.store.dead():
        world.ours.step()
        world.clock.now += timedelta(days=1)
        world.store.requeue([mt.id for mt in world.store.dead()], world.clock.now)


@given(st.lists(st.sampled_from(HAPPENINGS), max_size=14), OUTCOMES)
@example(["nothing", "stop"], ["rejected"])
@example(["nothing", "stop"], ["lost"])
@example(["nothing", "nothing", "stop", "hours", "other"], ["answer lost"])
@settings(max_examples=150)
def test_no_text_of_a_programme_comes_after_the_stop_message(
    script: list[str], ends: list[str]
) -> None:
    world = World(script, ends)
    queue(world.store, Says.INITIAL, Says.CONFIRMATION)
    try:
        while world.happen():
            world.ours.step()
        world.happen()
        end(world)
        first = world.said.index(Says.STOP) if world.has_stopped else len(world.said)
        assert set(world.said[first:]) <= {Says.STOP}
    finally:
        world.close()
