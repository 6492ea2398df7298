"""One batch from beginning to end: loaded, decided, committed."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from time import perf_counter

import attrs

from optin_engine.service.answer import Answer, Heard
from optin_engine.service.arrivals import Arrival, Rules, Work
from optin_engine.service.catalog import Catalog
from optin_engine.service.repeats import Repeats
from optin_engine.service.turns import Turns
from optin_engine.stores import Batch, Store, Unavailable
from optin_engine.vocabulary import Origin

A_DAY = timedelta(hours=24)

# How many contacts one tick takes.
AT_ONCE = 500

Result = Sequence[Answer] | Exception


@attrs.frozen
class Committed:
    """What came of one batch, now that it is on disk.

    Attributes:
        results: for each job its answers, or why it failed.
        taken: what was taken; each becomes a `Heard` by the time of the commit.
        at: when it was on disk.
        repeated: how many MOs were answered before.
        seconds: how long it took.

    """

    results: Sequence[Result]
    taken: Sequence[Callable[..., Heard]]
    at: datetime
    repeated: int
    seconds: float


@attrs.define
class _Attempt:
    """How far an attempt at a batch has come, and who wants to know."""

    locked: Callable[[], None]
    has_loaded: bool = False


@attrs.frozen
class Batches:
    """Takes jobs, and deadlines, in batches.

    Args:
        store: where everything is kept.
        catalog: the definitions.
        rules: the service's.
        now: gives the time.

    """

    store: Store
    catalog: Catalog
    rules: Rules
    now: Callable[[], datetime]

    def commit(
        self, jobs: Sequence[Sequence[Work]], locked: Callable[[], None] = lambda: None
    ) -> Committed:
        """Take jobs in their order and commit them together; one that fails leaves nothing.

        Where the store was lost before anything was loaded, as after a restart of its
        server, it is tried once more.

        Args:
            jobs: each all or none.
            locked: is called as soon as their contacts are locked.

        Raises:
            Unavailable: nothing of it is certain.

        """
        attempt = _Attempt(locked)
        try:
            return self._commit(jobs, attempt)
        except Unavailable:
            if attempt.has_loaded:
                raise
            return self._commit(jobs, attempt)

    def tick(self) -> tuple[int, Committed]:
        """Let the deadlines of contacts pass that are due; give how many contacts had one."""
        began, now = perf_counter(), self.now()
        with self.store.due(now, AT_ONCE) as batch:
            keys = list(batch.contacts)
            turns = self._turns(batch, (), now)
            for key in keys:
                turns.tick(key)
            if (changes := turns.changes()) is not None:
                batch.commit(changes)
        return len(keys), self._committed(turns, (), began)

    def _commit(self, jobs: Sequence[Sequence[Work]], attempt: _Attempt) -> Committed:
        began, works = perf_counter(), [work for job in jobs for work in job]
        keys = [work.key for work in works]
        claims = [claim for work in works for claim in work.claims]
        with self.store.batch(keys, claims) as batch:
            attempt.has_loaded = True
            attempt.locked()
            results: list[Result] = []
            turns = self._turns(batch, works, self.now())
            for job in jobs:
                turns = _take(job, turns, results)
            if (changes := turns.changes()) is not None:
                batch.commit(changes)
        return self._committed(turns, results, began)

    def _turns(self, batch: Batch, works: Sequence[Work], now: datetime) -> Turns:
        unasked = [work.key[1] for work in works if _is_unasked(work)]
        prompts = batch.prompts(unasked, now - A_DAY) if unasked else {}
        repeats = Repeats(batch.answers, self.rules.repeats_within)
        return Turns(
            self.catalog.engine(batch),
            now,
            batch.base,
            dict(batch.contacts),
            repeats,
            self.rules.prompts_per_day,
            Counter(prompts),
        )

    def _committed(self, turns: Turns, results: Sequence[Result], began: float) -> Committed:
        seconds = perf_counter() - began
        return Committed(results, turns.heard, self.now(), turns.repeated, seconds)


def _take(job: Sequence[Work], turns: Turns, results: list[Result]) -> Turns:
    """Take a job, all of it or none, and give the turns after it."""
    # A single MO changes nothing where it fails; only a group can fail halfway.
    after = turns.fork() if len(job) > 1 else turns
    try:
        results.append([after.take(work) for work in job])
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this job's alone.
        results.append(error)
        return turns
    return after


def _is_unasked(work: Work) -> bool:
    return isinstance(work, Arrival) and work.inbound.origin != Origin.HANDSET
