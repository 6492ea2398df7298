"""Speed of sends beside bare SQL on the same rows, as one Markdown table.

`python -m tests.benchmarks.outbound [--json FILE] [--only NAME]`; `--quick` tries that
everything runs. A list of subscribed numbers is queued by the service's enqueuer, consent check
included, and the same rows are inserted by bare statements into another database of our
schema; then the dispatcher hands them to a transport that does nothing, and bare statements
claim and mark the same rows in the other. A template is rendered beside `str.format` of the
same text. Ratios hold on a machine that others use too, and absolute figures do not.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import attrs

from optin_engine.service.catalog import Catalog
from optin_engine.service.dispatcher import Dispatcher
from optin_engine.service.outbound.enqueuer import Enqueuer
from optin_engine.stores import Member, Mt, Send, SendKind, SendState, Store, Text, open_store
from tests.benchmarks import templating
from tests.benchmarks.bare_sends import Bare, BarePostgres, BareSqlite
from tests.benchmarks.figures import Figure, keep, ratio, table
from tests.benchmarks.mix import CODE, number_of
from tests.sends import subscribe_all
from tests.servers import running_postgres
from tests.store_contract import NOW

TEXT = Text("Ice cream, two for one until Sunday. Reply STOP to end, HELP for help.", "GSM-7", 1)
PAGE = 5_000
CLAIM = 1_000


@attrs.frozen
class Effort:
    """How much is measured: rounds, and subscribed numbers in each; rounds of templates."""

    rounds: int = 3
    numbers: int = 100_000
    templates: tuple[int, int] = (templating.ROUNDS, templating.TIMES)


QUICK = Effort(rounds=1, numbers=2_000, templates=(1, 100))

Pair = tuple[str, Bare]
"""The URL of an empty store, and a database of our schema with the same contacts to be."""


def measure(name: str, pairs: Iterator[Pair], effort: Effort) -> Sequence[Figure]:
    """Give the figures of one kind of store.

    Args:
        name: of the kind.
        pairs: one for each round.
        effort: how much.

    """
    queued, inserted, handed, marked = [], [], [], []
    for _ in range(effort.rounds):
        url, bare = next(pairs)
        with open_store(url) as store:
            send = _prepared(store, effort.numbers)
            queued.append(_rate(effort.numbers, partial(_enqueue, store, send)))
            rows = bare.rows_of(url)
            inserted.append(_rate(effort.numbers, partial(bare.insert, rows, PAGE)))
            handed.append(_rate(effort.numbers, partial(_hand_over, store)))
            marked.append(_rate(effort.numbers, partial(bare.claim_and_mark, CLAIM)))
        bare.close()
    what = f"{name}, {effort.numbers:,} numbers"
    return (
        _beside(f"{what}: queued", queued, inserted),
        Figure(f"{what}: bare insert", "MTs/s", median(inserted)),
        _beside(f"{what}: handed over", handed, marked),
        Figure(f"{what}: bare claim and mark", "MTs/s", median(marked)),
    )


def _beside(what: str, ours: Sequence[float], bare: Sequence[float]) -> Figure:
    return Figure(what, "MTs/s", median(ours), ratio(ours, bare), "bare", least=0.4)


def _rate(many: int, work: Callable[[], None]) -> float:
    began = perf_counter()
    work()
    return many / (perf_counter() - began)


def _prepared(store: Store, numbers: int) -> int:
    """Subscribe numbers, put them into a list, and order a send to it."""
    subscribe_all(store, [*map(number_of, range(numbers))], "JOIN", CODE, NOW)
    friends = store.lists.make("Everybody", NOW)
    store.lists.fill(friends.id, (Member(number_of(number)) for number in range(numbers)))
    send = Send(0, SendKind.LIST, CODE, "JOIN", 30, 1, TEXT, NOW, targets=(friends.id,))
    return store.sends.add(send).id


def _enqueue(store: Store, send: int) -> None:
    enqueuer = Enqueuer(store, lambda: NOW)
    while enqueuer.step():
        pass
    progress = store.sends.find(send)
    assert progress is not None
    assert (progress.state, progress.dropped) == (SendState.STARTED, 0)


class _Nothing:
    """A transport that does nothing."""

    def send(self, mt: Mt, key: str) -> str:  # noqa: ARG002 - a Transport's arguments.
        return f"null-{mt.id}"

    def close(self) -> None:
        pass


def _hand_over(store: Store) -> None:
    Catalog(store).load({"codes": [{"shortCode": CODE, "countryCode": "US"}], "programs": []})
    with Dispatcher(store, _Nothing(), clock=lambda: NOW) as dispatcher:
        while dispatcher.step():
            pass


@contextmanager
def sqlite_pairs() -> Iterator[Iterator[Pair]]:
    """Give files on the disk of the temporary directory."""
    with TemporaryDirectory() as home:
        yield (
            (f"sqlite:///{home}/{number}.kept", BareSqlite(Path(home, f"{number}.bare")))
            for number in range(1_000)
        )


@contextmanager
def postgres_pairs() -> Iterator[Iterator[Pair]]:
    """Give databases of a server of one's own."""
    with running_postgres() as server:
        urls = iter(lambda: server.url(server.create_database()), None)
        yield ((url, BarePostgres(next(urls))) for url in urls)


PARTS: Mapping[str, Callable[[], AbstractContextManager[Iterator[Pair]]]] = {
    "SQLite": sqlite_pairs,
    "PostgreSQL": postgres_pairs,
}


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="Sends, beside bare SQL on the same rows.")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--quick", action="store_true", help="only try that everything runs")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure only this part")
    given = parser.parse_args()
    effort = QUICK if given.quick else Effort()
    figures: list[Figure] = []
    for part in given.only or PARTS:
        with PARTS[part]() as pairs:
            figures += measure(part, pairs, effort)
    if not given.only:
        figures += templating.measure(*effort.templates)
    print(table(figures))
    if given.json is not None:
        keep(figures, effort, given.json)


if __name__ == "__main__":
    main()
