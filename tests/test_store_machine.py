"""Every store against the one in memory: the same random commands, and every read compared."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from optin_engine import consent
from optin_engine.stores import (
    UNRENDERED,
    Changes,
    Definition,
    Due,
    Fate,
    Key,
    Settlement,
    Store,
    Text,
    Withdrawal,
    open_store,
)
from optin_engine.stores.memory import MemoryStore
from optin_engine.stores.receipts import TOLD
from optin_engine.vocabulary import Contact, Origin, State, Subscription
from tests.store_contract import ANNE, BILL, CODE, NOW, mo, mt

KEYS: tuple[Key, ...] = ((CODE, ANNE), (CODE, BILL), ("99999", ANNE))
KEYWORDS = ("JOIN", "CLUB", "")
NAMES = ("ann", "bill")

contact_keys = st.sampled_from(KEYS)
moments = st.integers(0, 5).map(lambda minutes: NOW + timedelta(minutes=minutes))
places = st.integers(0, 30)


class Twins(RuleBasedStateMachine):
    """Two stores that are told the same; MOs and MTs have ids of the test's own."""

    opens: Callable[[], Store]

    def __init__(self) -> None:
        super().__init__()
        self.stores: tuple[Store, Store] = (MemoryStore(), type(self).opens())
        self.ids = count(1)
        self.mts: list[int] = [0]

    def both(self, ask: Callable[[Store], Any]) -> Any:
        """Ask both, and find the same answer."""
        expected, answer = map(ask, self.stores)
        assert answer == expected
        return expected

    def commit(self, hand: list[Key], **changes: Any) -> None:
        def do(store: Store) -> object:
            with store.batch(hand, [b"1", b"2", b"3"]) as batch:
                batch.commit(Changes(**changes))
                return batch.contacts, batch.answers

        self.both(do)

    @rule(key=contact_keys, state=st.sampled_from(State), due_at=st.none() | moments)
    def becomes(self, key: Key, state: State, due_at: datetime | None) -> None:
        code, number = key
        before = next((c for c in self.stores[0].contacts(number) if c.code == code), None)
        before = before or Contact(number, code)
        words = (before.summary(), state, "JOIN", "handset", "keyword first", "", "d" * 64)
        fields = (before.sequence + 1, NOW, code, "JOIN", *words, number, "SM1", "join us")
        record = consent.write(before.chain, fields)
        subscriptions = (Subscription("JOIN", state, since=due_at),)
        head = bytes.fromhex(record.digest)
        contact = Contact(number, code, State.NONE, subscriptions, None, (), record.sequence, head)
        self.commit([key], contacts=[Due(contact, due_at)], records=[record])

    @rule(key=contact_keys, claim=st.sampled_from((b"", b"1", b"2", b"3")), at=moments)
    def writes(self, key: Key, claim: bytes, at: datetime) -> None:
        with self.stores[0].batch([key], [claim]) as batch:
            is_answered = claim in batch.answers
        heard = mo(next(self.ids), key[1], at=at, claim=b"" if is_answered else claim)
        self.commit([key], mos=[attrs.evolve(heard, code=key[0])])

    @rule(
        key=contact_keys,
        keyword=st.sampled_from(KEYWORDS),
        origin=st.sampled_from(("", *Origin)),
        times=st.tuples(moments, st.none() | moments),
        encoding=st.sampled_from(("GSM-7", "GSM-7", UNRENDERED)),
    )
    def is_told(
        self,
        key: Key,
        keyword: str,
        origin: str,
        times: tuple[datetime, datetime | None],
        encoding: str,
    ) -> None:
        heard, (at, due_at) = mo(next(self.ids), key[1]), times
        self.mts.append(next(self.ids))
        fields = {"keyword": keyword, "origin": origin, "encoding": encoding}
        told = mt(self.mts[-1], key[1], at=at, due_at=due_at, **fields)
        mos = [attrs.evolve(heard, code=key[0])]
        self.commit([key], mos=mos, mts=[attrs.evolve(told, code=key[0], mo=heard.id)])

    @rule(key=contact_keys, keyword=st.sampled_from(KEYWORDS), back=places, at=moments)
    def withdraws(self, key: Key, keyword: str, back: int, at: datetime) -> None:
        before = max(next(self.ids) - back, 0)
        self.commit([key], withdrawn=[Withdrawal(*key, keyword, before, at)])

    @rule(key=contact_keys, name=st.sampled_from(NAMES))
    def is_named(self, key: Key, name: str) -> None:
        self.commit([key], keys=[(name, key[1])])

    @rule(now=moments, minutes=st.integers(0, 3), limit=st.integers(1, 3))
    def claims(self, now: datetime, minutes: int, limit: int) -> None:
        until = now + timedelta(minutes=minutes)
        self.both(lambda store: store.claim(now, until, limit))

    @rule(now=moments, minutes=st.integers(0, 3), limit=st.integers(1, 3))
    def claims_what_is_yet_to_be_made(self, now: datetime, minutes: int, limit: int) -> None:
        until = now + timedelta(minutes=minutes)
        self.both(lambda store: store.claim_unrendered(now, until, limit))

    @rule(place=places, at=moments, segments=st.integers(1, 2))
    def is_made(self, place: int, at: datetime, segments: int) -> None:
        text = Text("12.50", "GSM-7", segments)
        made = Settlement(self.mts[-place % len(self.mts)], Fate.QUEUED, at, text=text)
        self.both(lambda store: store.settle([made]))

    @rule(
        place=places,
        fate=st.sampled_from((Fate.SENT, Fate.SENT, Fate.QUEUED, Fate.QUEUED, Fate.DEAD)),
        at=moments,
        name=st.sampled_from(("", "a", "b")),
    )
    def settles(self, place: int, fate: Fate, at: datetime, name: str) -> None:
        due_at = at if fate == Fate.QUEUED else None
        name = name and f"{name}{place}"
        settled = Settlement(self.mts[-place % len(self.mts)], fate, at, name, "why", due_at)
        self.both(lambda store: store.settle([settled]))

    @rule(
        place=places,
        letter=st.sampled_from(("a", "b", "")),
        fate=st.sampled_from(TOLD),
        at=moments,
    )
    def is_receipted(self, place: int, letter: str, fate: Fate, at: datetime) -> None:
        """Bring a receipt by a provider's name, or by an MT's own id."""
        name = f"{letter}{place}" if letter else self.mts[-place % len(self.mts)]
        self.both(lambda store: store.delivered(name, fate, at, "why"))

    @rule(place=places, now=moments)
    def requeues(self, place: int, now: datetime) -> None:
        mts = [self.mts[-place % len(self.mts)], self.mts[-1]]
        self.both(lambda store: store.requeue(mts, now))

    @rule(now=moments, limit=st.integers(1, 2), due_at=st.none() | moments)
    def passes(self, now: datetime, limit: int, due_at: datetime | None) -> None:
        def do(store: Store) -> object:
            with store.due(now, limit) as batch:
                batch.commit(Changes([Due(c, due_at) for c in batch.contacts.values()]))
                return batch.contacts

        self.both(do)

    @rule(number=st.sampled_from((ANNE, BILL)))
    def erases(self, number: str) -> None:
        self.both(lambda store: store.erase(number))

    @rule(key=contact_keys, at=st.none() | moments)
    def blocks(self, key: Key, at: datetime | None) -> None:
        self.both(lambda store: store.block(*key, at))

    @rule(id_=st.integers(1, 2), ends=st.booleans(), at=moments)
    def defines(self, id_: int, ends: bool, at: datetime) -> None:  # noqa: FBT001 - drawn.
        version = len(self.stores[0].versions(id_)) + 1
        new = Definition(id_, version, "keyword", b"{}", f"{id_}{version % 2}", "api", at)
        for store in self.stores:
            with store.defining() as defining:
                defining.commit([] if ends else [new], [id_] if ends else [], at)

    @invariant()
    def read_the_same(self) -> None:
        self.both(self.reads)

    @staticmethod
    def reads(store: Store) -> list[object]:
        """Read all there is; contacts have ids of the store's own."""
        revision, current = store.definitions()
        with store.batch(KEYS) as batch:
            counts = batch.prompts([ANNE, BILL], NOW + timedelta(minutes=2))
            hand = batch.contacts, batch.definitions(), batch.revision == revision
        is_current = store.revision() == revision
        return [
            [hand, is_current],
            sorted((number, many) for number, many in counts.items() if many),
            [(store.contacts(n), store.conversation(c, n), store.blocked(c, n)) for c, n in KEYS],
            sorted((c.code, c.number, c.sequence, c.head, c.records) for c in store.chains()),
            [store.backlog(), store.next_due(), store.dead(), store.numbers_of(NAMES)],
            [current, *map(store.versions, (1, 2)), *map(store.version, ("10", "11", ""))],
            [(store.mo(mo), store.answers(mo)) for mo in range(1, 8)],
        ]

    def teardown(self) -> None:
        self.stores[1].close()


@pytest.fixture(params=["sqlite", "postgres"])
def another(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    """Give what opens a store that is empty, each time."""
    if request.param == "sqlite":
        files = (tmp_path / f"{n}.db" for n in count())
        return lambda: open_store(f"sqlite:///{next(files)}")
    server = request.getfixturevalue("postgres_server")
    return lambda: open_store(server.url(server.create_database()))


def test_every_store_does_and_reads_what_the_one_in_memory_does(
    another: Callable[[], Store],
) -> None:
    class MemoryAndAnother(Twins):
        opens = staticmethod(another)

    effort = settings(max_examples=20, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(MemoryAndAnother, settings=effort)
