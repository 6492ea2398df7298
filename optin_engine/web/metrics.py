"""`GET /metrics`: what the service does, for Prometheus; no number, text or name is in it.

| metric | labels | what it counts |
|---|---|---|
| `optin_mos_total` | `reading`, `origin` | MOs taken, by what they were read as |
| `optin_repeated_mos_total` | | MOs that were answered before |
| `optin_orders_total` | `order` | SUBSCRIBE, UNSUBSCRIBE and DEACTIVATE by API or agent |
| `optin_deadlines_total` | `deadline` | EXPIRE and REMIND that passed |
| `optin_states_entered_total` | `flow`, `state` | changes of state, by opt-in type |
| `optin_refusals_total` | `reason` | MOs and orders that were not acted on |
| `optin_mts_total` | `kind`, `fate` | MTs by what became of them; `queued`: tried again |
| `optin_receipts_total` | `told` | receipts: `news`, what was `known`, of an MT `unknown` here |
| `optin_pending` | | contacts in progress |
| `optin_queue` | `fate` | MTs `queued` and `dead` |
| `optin_queue_oldest_seconds` | | age of the oldest MT queued; 0 without one |
| `optin_store_up` | | 1 if the store answered this scrape; else the three above are left out |
| `optin_confirmation_seconds` | `flow` | from In Progress to Subscribed |
| `optin_opt_out_seconds` | | from the receipt of a STOP until it was on disk |
| `optin_commit_size` | | MOs, orders and deadlines a commit |
| `optin_commit_seconds` | | loading, deciding and committing |

Each process counts its own; the queue is the store's, so take its maximum over processes,
not its sum. Prometheus fetches its token itself: `oauth2` in its scrape configuration, with
`client_id`, `client_secret`, `scopes: [sms_read]` and `token_url: .../v2/token`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client import Counter as Total
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from optin_engine.service.answer import Heard
from optin_engine.stores import Backlog, Fate, Mt, StoreError, Told
from optin_engine.vocabulary import Hears, State
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import NOT_FOUND
from optin_engine.web.health import promptly
from optin_engine.web.schemas import FAULTS

MINUTE, HOUR = 60, 3600
CONFIRMATIONS = (
    *(5, 15, 30),
    *(MINUTE, 5 * MINUTE, 15 * MINUTE),
    *(HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR, 72 * HOUR),
)
OPT_OUTS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 600, 3600)
COMMITS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
SIZES = tuple(2**power for power in range(13))

ORDERS = frozenset({Hears.SUBSCRIBE, Hears.UNSUBSCRIBE, Hears.DEACTIVATE})
DEADLINES = frozenset({Hears.EXPIRE, Hears.REMIND})


class Metrics:
    """Counts what a service tells its observers; shared by threads."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()

        def total(name: str, what: str, *labels: str) -> Total:
            return Total(f"optin_{name}", what, labels, registry=registry)

        def spread(name: str, what: str, buckets: Sequence[float], *labels: str) -> Histogram:
            return Histogram(f"optin_{name}", what, labels, buckets=buckets, registry=registry)

        self._mos = total("mos", "MOs taken", "reading", "origin")
        self._repeated = total("repeated_mos", "MOs that were answered before")
        self._orders = total("orders", "Orders by API or agent", "order")
        self._deadlines = total("deadlines", "Deadlines that passed", "deadline")
        self._entered = total("states_entered", "Changes of state", "flow", "state")
        self._refusals = total("refusals", "MOs and orders not acted on", "reason")
        self._mts = total("mts", "MTs by what became of them", "kind", "fate")
        self._receipts = total("receipts", "Receipts, by what they told", "told")
        self._confirmations = spread(
            "confirmation_seconds", "From In Progress to Subscribed", CONFIRMATIONS, "flow"
        )
        self._opt_outs = spread("opt_out_seconds", "From a STOP until it is on disk", OPT_OUTS)
        self._sizes = spread("commit_size", "MOs, orders and deadlines a commit", SIZES)
        self._seconds = spread("commit_seconds", "Load, decide and commit", COMMITS)

    def committed(self, heard: Sequence[Heard], *, repeated: int, seconds: float) -> None:
        """Count one commit; see `Observer.committed`."""
        self._sizes.observe(len(heard))
        self._seconds.observe(seconds)
        self._repeated.inc(repeated)
        happened = Counter(event for one in heard for event in self._events(one))
        for (total, *labels), number in happened.items():
            total.labels(*labels).inc(number)
        for one in heard:
            self._time(one)

    def settled(self, mts: Sequence[tuple[Mt, Fate]]) -> None:
        """Count what became of MTs; see `Observer.settled`."""
        for (kind, fate), number in Counter((mt.kind, fate) for mt, fate in mts).items():
            self._mts.labels(kind, fate).inc(number)

    def receipted(self, told: Told | None) -> None:
        """Count a receipt, and what became of its MT if that is news; None: nobody knows it."""
        news = "unknown" if told is None else "news" if told.is_news else "known"
        self._receipts.labels(news).inc()
        if told and told.is_news:
            self.settled([(told.mt, told.mt.fate)])

    def _events(self, heard: Heard) -> Iterator[tuple[Total, *tuple[str, ...]]]:
        """Give each thing that is counted of one, as its total and that total's labels."""
        outcome = heard.outcome
        hears = outcome.reading.hears
        if hears in ORDERS:
            yield self._orders, hears
        elif hears in DEADLINES:
            yield self._deadlines, hears
        else:
            yield self._mos, hears, heard.origin
        if heard.refused:
            yield self._refusals, heard.refused
        for step in outcome.steps:
            if step.row.source != step.row.target:
                yield self._entered, step.row.flow, step.row.target

    def _time(self, heard: Heard) -> None:
        if heard.outcome.reading.hears == Hears.STOP:
            self._opt_outs.observe(_seconds(heard.at, heard.committed_at))
        for step in heard.outcome.steps:
            row = step.row
            if (row.source, row.target) == (State.IN_PROGRESS, State.SUBSCRIBED):
                since = heard.before.subscription(step.keyword or "").since
                self._confirmations.labels(row.flow).observe(_seconds(since, heard.at))


async def metrics(asked: Asked) -> Answered:
    """Give the metrics of this process, and the store's queue as it is now.

    Raises:
        Refused: 404; the application was made without metrics.

    """
    counted: Metrics | None = asked.request.app.metrics
    if counted is None:
        raise NOT_FOUND.refused()
    service = asked.service.service
    try:
        backlog = await promptly(service.store.backlog)
    except (TimeoutError, StoreError):
        backlog = None
    queue = CollectorRegistry()
    queue.register(Queue(backlog, service.now()))
    exposed = generate_latest(counted.registry) + generate_latest(queue)
    return Answered(200, exposed, CONTENT_TYPE_LATEST)


class Queue:
    """What waits, as Prometheus collects it; None: the store did not say."""

    def __init__(self, backlog: Backlog | None, now: datetime) -> None:
        self._backlog, self._now = backlog, now

    def collect(self) -> Iterable[Metric]:
        """Give what waits, as metrics."""
        up = self._backlog is not None
        yield GaugeMetricFamily("optin_store_up", "The store answered this scrape", value=up)
        if self._backlog is None:
            return
        waiting, age = self._backlog, _seconds(self._backlog.oldest, self._now)
        yield GaugeMetricFamily("optin_pending", "Contacts in progress", value=waiting.pending)
        queue = GaugeMetricFamily("optin_queue", "MTs that wait", labels=["fate"])
        queue.add_metric([Fate.QUEUED], waiting.queued)
        queue.add_metric([Fate.DEAD], waiting.dead)
        yield queue
        yield GaugeMetricFamily("optin_queue_oldest_seconds", "Age of the oldest MT", value=age)


def _seconds(since: datetime | None, until: datetime) -> float:
    """Give the time between; a clock that stepped back gives 0, as does no beginning."""
    return max(0.0, (until - since).total_seconds()) if since else 0.0


CALLS = (
    Call(
        "GET",
        "/metrics",
        "sms_read",
        metrics,
        "Give the metrics of this process, for Prometheus",
        None,
        {200: {"type": "string", "contentMediaType": "text/plain"}, 404: FAULTS},
    ),
)
