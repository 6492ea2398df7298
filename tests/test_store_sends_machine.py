"""Random sends on every store, held against a naive model.

STOPs, pauses, quiet hours, blackouts and kills come between.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from optin_engine.stores import Fate, Member, Mt, SendKind, SendState, Store, Text, open_store
from optin_engine.stores.holding import Holds
from tests.sends import TEXT, a_send, join, number_of, settle, stop
from tests.sends_model import OPEN, Model, Person, claimable
from tests.store_contract import CODE, LATER, NOW, say

NUMBERS = [number_of(place) for place in range(4)]
KEYWORDS = ("JOIN", "CLUB")
DAY = timedelta(days=1)
# A lease that no clock of the test outlasts.
FOR_LONG = NOW + 1000 * DAY
# The options of a send that has a blackout.
BLACKOUT = b'{"blackout": true}'

options = st.sampled_from((b"{}", BLACKOUT))
numbers = st.sampled_from(NUMBERS)
some = st.sets(numbers, max_size=4)
places = st.integers(0, 20)


class Killed(Exception):  # noqa: N818 - what became of the worker.
    """The worker ended in the middle of a transaction."""


class Sending(RuleBasedStateMachine):
    """One store and the model; the fates of MTs are the store's, and judged at each step."""

    opens: Callable[[], Store]

    def __init__(self) -> None:
        super().__init__()
        self.store, self.model = type(self).opens(), Model()
        self.in_hand: set[int] = set()
        self.now = NOW
        self.asleep: set[int] = set()
        self.names = (f"list {place}" for place in count())

    def mts(self) -> list[Mt]:
        said = [self.store.conversation(CODE, number) for number in NUMBERS]
        return [mt for talk in said for mt in talk if isinstance(mt, Mt)]

    def send(self, place: int) -> int:
        return list(self.model.sends)[place % len(self.model.sends)]

    def person(self, number: str) -> Person:
        return self.model.people.setdefault(number, Person())

    @initialize(members=st.sets(numbers, min_size=2))
    def all_of_some_join(self, members: set[str]) -> None:
        for number in sorted(members):
            self.joins(number, "JOIN")
        self.sends_to(members, b"{}")

    @rule(members=st.sets(numbers, min_size=1), options=options)
    def sends_to(self, members: set[str], options: bytes) -> None:
        """Order and queue at once, so that the rest has something to play with."""
        self.orders_for_contacts(members, options)
        self.queues(len(self.model.sends) - 1, 5, None, own=False)

    @rule(number=numbers, keyword=st.sampled_from(KEYWORDS))
    def joins(self, number: str, keyword: str) -> None:
        if keyword not in self.person(number).consents:
            join(self.store, number, keyword)
            self.person(number).joins(keyword)

    @rule(number=numbers, keyword=st.sampled_from(("", "JOIN")))
    def leaves(self, number: str, keyword: str) -> None:
        if number not in self.model.people:
            return
        before, person = self.mts(), self.person(number)
        ended = [c for k, c in person.consents.items() if keyword in {"", k}]
        known = {s.keyword for c in self.store.contacts(number) for s in c.subscriptions}
        stop(self.store, number, keyword)
        person.leaves(sorted(known & {keyword} if keyword else known), all_of_it=not keyword)
        after = {mt.id: mt for mt in self.mts()}
        for mt in before:
            may_go = mt.number == number and mt.fate in {Fate.QUEUED, Fate.DEAD}
            if may_go and mt.send and (not keyword or mt.consent in ended):
                is_in_hand = mt.id in self.in_hand
                expected = Fate.WITHDRAWN if is_in_hand else Fate.CANCELLED
                assert after[mt.id].fate == expected
            else:
                assert after[mt.id].fate == mt.fate

    @rule(members=some)
    def makes_a_list(self, members: set[str]) -> None:
        made = self.store.lists.make(next(self.names), NOW)
        self.store.lists.fill(made.id, map(Member, members))
        self.model.lists[made.id] = set(members)

    @precondition(lambda self: self.model.lists)
    @rule(to=st.lists(places, min_size=1, max_size=3), out=st.lists(places, max_size=1))
    def orders(self, to: list[int], out: list[int]) -> None:
        lists = list(self.model.lists)
        chosen, excluded = (
            tuple(dict.fromkeys(lists[place % len(lists)] for place in each)) for each in (to, out)
        )
        send = self.store.sends.add(a_send(targets=chosen, excluded=excluded, keyword=""))
        self.model.sends[send.id], self.model.done[send.id] = send, []

    def orders_for_contacts(self, members: set[str], options: bytes) -> None:
        new = a_send(kind=SendKind.CONTACT, options=options)
        send = self.store.sends.add(new, [Member(number) for number in members])
        self.model.sends[send.id], self.model.done[send.id] = send, []
        self.model.lists.update(dict.fromkeys(send.targets, members))

    @precondition(lambda self: self.model.sends)
    @rule(place=places, limit=st.integers(1, 4), dies_at=st.none() | numbers, own=st.booleans())
    def queues(self, place: int, limit: int, dies_at: str | None, *, own: bool) -> None:
        send = self.send(place)
        one, page = self.model.sends[send], self.model.page(send, limit)

        def render(member: Member) -> Text:
            if member.number == dies_at:
                raise Killed
            return TEXT

        try:
            done = self.store.sends.enqueue(send, limit, NOW, render if own or dies_at else None)
        except Killed:
            return
        if one.state in {SendState.NEW, SendState.QUEUING}:
            queued = self.model.may_be_told(page)
            self.model.done[send] += page
            one = one.after(len(page), len(queued), done.cursor)
            one = one if len(page) == limit else one.all_queued(NOW)
            last = self.store.sends.mts(send)[-len(queued) :] if queued else ()
            assert [(mt.number, mt.consent) for mt in last] == queued
            self.model.sends[send] = one
        assert done == one

    @precondition(lambda self: self.model.sends)
    @rule(place=places)
    def pauses(self, place: int) -> None:
        send = self.send(place)
        one = self.model.sends[send]
        may = one.state in {SendState.NEW, SendState.QUEUING, SendState.STARTED}
        assert self.store.sends.pause(send) == may
        if may:
            self.model.sends[send] = attrs.evolve(one, state=SendState.PAUSED)

    @precondition(lambda self: self.model.sends)
    @rule(place=places)
    def resumes(self, place: int) -> None:
        send = self.send(place)
        one = self.model.sends[send]
        assert self.store.sends.resume(send) == (one.state == SendState.PAUSED)
        if one.state == SendState.PAUSED:
            begun = SendState.QUEUING if self.model.done[send] else SendState.NEW
            state = SendState.STARTED if one.queued_at else begun
            self.model.sends[send] = attrs.evolve(one, state=state)

    @precondition(lambda self: self.model.sends)
    @rule(place=places, limit=st.integers(1, 4))
    def cancels(self, place: int, limit: int) -> None:
        send = self.send(place)
        one = self.model.sends[send]
        of_it = [mt for mt in self.mts() if mt.send == send]
        unsaid = [mt for mt in of_it if mt.fate in {Fate.QUEUED, Fate.DEAD}]
        is_finished = one.state == SendState.FINISHED
        expected = 0 if is_finished else min(limit, len(unsaid))
        assert self.store.sends.cancel(send, LATER, limit) == expected
        if not is_finished and one.state != SendState.CANCELLED:
            over = attrs.evolve(one, state=SendState.CANCELLED, finished_at=LATER)
            self.model.sends[send] = over

    @rule()
    def finishes(self) -> None:
        busy = {mt.send for mt in self.mts() if mt.fate in OPEN}
        for send in self.store.sends.finish(LATER):
            one = self.model.sends[send]
            assert one.state == SendState.STARTED
            assert send not in busy
            self.model.sends[send] = attrs.evolve(one, state=SendState.FINISHED, finished_at=LATER)
        left = [one for one in self.model.sends.values() if one.state == SendState.STARTED]
        assert all(one.id in busy for one in left)

    @rule(number=numbers)
    def is_answered(self, number: str) -> None:
        say(self.store, {"keyword": "", "kind": "help"}, number=number)

    @rule()
    def a_night_passes(self) -> None:
        self.now += DAY
        self.asleep.clear()

    @rule(limit=st.integers(1, 5))
    def claims(self, limit: int) -> None:
        self.claims_but(limit, set(), b"")

    @rule(limit=st.integers(1, 2), quiet=st.sets(numbers, min_size=1, max_size=2))
    def claims_by_night(self, limit: int, quiet: set[str]) -> None:
        self.claims_but(limit, quiet, b"")

    @rule(limit=st.integers(1, 5))
    def claims_in_a_blackout(self, limit: int) -> None:
        self.claims_but(limit, set(), BLACKOUT)

    def claims_but(self, limit: int, quiet: set[str], resting: bytes) -> None:
        mts, morning = self.mts(), self.now + DAY
        sends = {id_: one for id_, one in self.model.sends.items() if one.options != resting}
        may = claimable(mts, sends, self.in_hand | self.asleep)
        held = {mt.id for mt in mts if mt.send and mt.number in quiet} & may
        may -= held
        replies = {mt.id for mt in mts if mt.send == 0} & may
        until = {CODE: lambda number: morning if number in quiet else None}
        holds = Holds(lambda options: options == resting, until)
        taken = self.store.claim(self.now, FOR_LONG, limit, {}, holds)
        before = {mt.id: mt for mt in mts}
        put_off = {mt.id for mt in self.mts() if mt.due_at == morning} - self.asleep
        assert put_off <= held
        assert all(mt.attempts == before[mt.id].attempts for mt in self.mts() if mt.id in put_off)
        self.asleep |= put_off
        ids = {mt.id for mt in taken}
        assert ids <= may
        assert len(ids) == min(limit, len(may))
        assert len(ids & replies) == min(limit, len(replies))
        # Nobody is told who has opted out since.
        for mt in taken:
            assert mt.send == 0 or mt.consent in self.person(mt.number).consents.values()
        self.in_hand |= ids

    @precondition(lambda self: self.in_hand)
    @rule(place=places, fate=st.sampled_from((Fate.SENT, Fate.SENT, Fate.DEAD, Fate.QUEUED)))
    def settles(self, place: int, fate: Fate) -> None:
        mt = sorted(self.in_hand)[place % len(self.in_hand)]
        settle(self.store, [mt], fate, due_at=NOW if fate == Fate.QUEUED else None)
        self.in_hand.remove(mt)

    @rule()
    def requeues(self) -> None:
        dead = self.store.dead()
        assert self.store.requeue([mt.id for mt in dead], NOW) == len(dead)
        for send in {mt.send for mt in dead} & self.model.sends.keys():
            one = self.model.sends[send]
            if one.state == SendState.FINISHED:
                self.model.sends[send] = attrs.evolve(
                    one, state=SendState.STARTED, finished_at=None
                )

    @invariant()
    def everybody_is_told_once_and_every_send_is_as_it_must_be(self) -> None:
        for send, one in self.model.sends.items():
            told = [mt.number for mt in self.store.sends.mts(send)]
            assert told == sorted(set(told))
            assert len(told) == one.queued
            assert self.store.sends.find(send) == one

    def teardown(self) -> None:
        self.store.close()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def another(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    """Give what opens a store that is empty, each time."""
    if request.param == "memory":
        return lambda: open_store("memory:")
    if request.param == "sqlite":
        files = (tmp_path / f"{n}.db" for n in count())
        return lambda: open_store(f"sqlite:///{next(files)}")
    server = request.getfixturevalue("postgres_server")
    return lambda: open_store(server.url(server.create_database()))


def test_random_sends_are_as_the_model_has_them(another: Callable[[], Store]) -> None:
    class OnAnother(Sending):
        opens = staticmethod(another)

    effort = settings(max_examples=30, stateful_step_count=30, deadline=None)
    run_state_machine_as_test(OnAnother, settings=effort)
