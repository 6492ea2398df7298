"""The clock steps back an hour: no deadline passes early or twice, and STOP and YES keep order."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.harness.fuzzing import known_texts
from optin_engine.harness.fuzzing.oracle import Phone
from optin_engine.service.answer import Answer
from optin_engine.service.service import Service
from optin_engine.stores import Mt, Store, open_store
from optin_engine.vocabulary import Inbound, Origin, Refusal, State
from tests.faults.definitions import DEFINITIONS, DIGITS, PROGRAMS, THE_CODE
from tests.faults.verdicts import check_chains
from tests.faults.victim import NO_LIMIT
from tests.playing import states
from tests.strategies import BEGIN

NUMBER = "+12125550100"
AN_HOUR = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)


@attrs.define
class Desk:
    """A service whose clock is turned by hand; `restart` makes another one on its store."""

    store: Store
    time: datetime = BEGIN
    service: Service = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.service = self._open()
        self.service.catalog.load(DEFINITIONS)

    def _open(self) -> Service:
        return Service(self.store, NO_LIMIT, clock=lambda: self.time)

    def restart(self) -> None:
        """Let another process take over, which has not seen what the clock showed before."""
        self.service.close()
        self.service = self._open()

    def hear(self, text: str, origin: str = Origin.HANDSET) -> Answer:
        """Take an MO that arrives now."""
        inbound = Inbound(text, self.service.now(), origin=origin)
        return self.service.receive(DIGITS, NUMBER, inbound)

    def tick(self) -> None:
        while self.service.tick():
            pass

    def said(self) -> list[str]:
        """Give what was said to the contact on deadlines."""
        every = self.service.history(DIGITS, NUMBER)
        return [mt.text for mt in every if isinstance(mt, Mt) and not mt.mo]

    def state(self, keyword: str) -> str:
        (contact,) = self.store.contacts(NUMBER)
        return contact.subscription(keyword).state


@pytest.fixture
def desk(url: str) -> Iterator[Desk]:
    with open_store(url) as store:
        desk = Desk(store)
        yield desk
        desk.service.close()


def test_a_reminder_is_said_once_though_its_hour_comes_twice(desk: Desk) -> None:
    desk.hear("LATER")
    for step in (AN_HOUR, -AN_HOUR, AN_HOUR, -AN_HOUR, 2 * AN_HOUR):
        desk.time += step
        desk.restart()
        desk.tick()
        assert desk.said() == ["LATER initial"]


def test_nobody_expires_before_the_clock_shows_their_deadline_again(desk: Desk) -> None:
    desk.time += AN_HOUR
    desk.hear("FLASH")
    for step in (-AN_HOUR, AN_HOUR, AN_HOUR - A_MINUTE):
        desk.time += step
        desk.restart()
        desk.tick()
        assert desk.state("FLASH") == State.IN_PROGRESS
    desk.time += A_MINUTE
    desk.tick()
    assert desk.state("FLASH") == State.NONE


def test_whoever_comes_back_after_a_stop_is_heard_though_the_clock_went_back(desk: Desk) -> None:
    desk.hear("STOP")
    desk.time -= AN_HOUR
    assert desk.hear("CLUB").state == State.IN_PROGRESS
    assert desk.hear("YES").state == State.SUBSCRIBED


def test_a_yes_from_before_a_stop_changes_nothing_whenever_it_arrives(desk: Desk) -> None:
    desk.hear("CLUB")
    desk.time += A_MINUTE
    desk.hear("STOP")
    desk.time -= AN_HOUR
    desk.restart()
    assert desk.hear("YES").refused == Refusal.STALE
    assert desk.state("CLUB") == State.UNSUBSCRIBED


# A word, or how the clock is turned: mostly on, sometimes back by an hour or more.
WORDS = st.sampled_from(
    ("CLUB", "LATER", "FLASH", "ADULT", "NEWS", "YES", "STOP", "no", "25", *known_texts.OTHERS)
)
STEPS = st.sampled_from((0, 1, 29, 30, 60, 60, 90, 1440, -60, -60, -61)).map(
    lambda minutes: timedelta(minutes=minutes)
)


@given(st.lists(st.tuples(STEPS, st.booleans(), WORDS | st.none()), max_size=30))
def test_however_the_clock_is_turned_the_service_does_what_the_oracle_does(
    walk: list[tuple[timedelta, bool, str | None]],
) -> None:
    with open_store("memory:") as store:
        desk, phone, reminded = Desk(store), Phone(THE_CODE, PROGRAMS), list[str]()
        for step, is_restarting, text in walk:
            desk.time += step
            if is_restarting:
                desk.restart()
            if text is None:
                desk.tick()
                reminded += [text for _, text in phone.tick(desk.service.now())]
            else:
                answer = desk.hear(text)
                said = [(outbound.kind, outbound.text) for outbound in answer.outbound]
                heard = phone.receive(text, desk.service.now(), Origin.HANDSET)
                assert (said, answer.refused or "") == heard
            subscriptions = {key: sub["state"] for key, sub in phone.subscriptions.items()}
            for contact in store.contacts(NUMBER):
                assert states(contact) == {"": phone.state} | subscriptions
        assert desk.said() == reminded
        check_chains(store)
        desk.service.close()
