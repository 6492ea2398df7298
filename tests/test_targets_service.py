"""The service in this process as a target, what it is defined by, and who plays in it."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import attrs
import pytest
from hypothesis import given, settings

from optin_engine.account import Account
from optin_engine.harness import starter
from optin_engine.harness.phone import NOON, NUMBER
from optin_engine.harness.strategies import definitions
from optin_engine.harness.targets.cast import Cast, Numbers
from optin_engine.harness.targets.defining import written
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.harness.targets.service import ServiceTarget
from optin_engine.harness.targets.target import TargetError
from optin_engine.service.clock import MovableClock
from optin_engine.service.passing import let_pass
from optin_engine.service.service import Service
from optin_engine.stores import Mt, Store, open_store
from optin_engine.vocabulary import Inbound
from tests.running import said, told

CODE = "123456"
NEWS, JOIN, WINE = starter().code(CODE).programs


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory:") as opened:
        yield opened


def test_a_retry_is_neither_acted_on_nor_said(store: Store) -> None:
    played = told(ServiceTarget(store), "> JOIN\nagain\n= In Progress\n> Y\nagain\n= Subscribed")
    assert said(played) == [[JOIN.initial], [], [JOIN.confirmation], []]
    assert not [found for one in played.performed for found in one.found if found.differs]


def test_a_retry_of_what_was_refused_is_not_refused_again(store: Store) -> None:
    for target in (EngineTarget(), ServiceTarget(store)):
        _, first, again = told(target, "> @web NEWS\nagain").performed
        assert (first.came.refused, again.came.refused) == ("double opt-in required", None)


def test_stories_on_one_store_know_nothing_of_each_other(store: Store) -> None:
    for _ in range(3):
        assert said(told(ServiceTarget(store), "> JOIN\nwait 1h")) == [[JOIN.initial], []]
    assert store.next_due() is None


def test_what_is_said_to_several_comes_in_the_order_of_time(store: Store) -> None:
    target = ServiceTarget(store)
    target.define(starter(), NOON)
    for seconds, number in enumerate(("+15555550199", "+15555550111", "+15555550155")):
        at = NOON + timedelta(seconds=seconds)
        target.text(CODE, number, Inbound("JOIN", at, str(seconds)), at)
    came = target.wait_until(NOON + timedelta(days=2))
    numbers = [message.number for message in came.said]
    assert numbers == ["+15555550199", "+15555550111", "+15555550155"]
    target.close()


def test_a_code_that_is_not_there_breaks_the_story_in_words(store: Store) -> None:
    target = ServiceTarget(store)
    target.define(starter(), NOON)
    with pytest.raises(TargetError, match="the service refused: A code of 6 digits"):
        target.text("999999", NUMBER, Inbound("JOIN", NOON, "1"), NOON)


@settings(max_examples=40)
@given(definitions=definitions())
def test_any_account_that_is_written_out_is_read_as_the_same(definitions: object) -> None:
    account = Account.from_dict(definitions)
    assert Account.from_dict(attrs.asdict(written(account))) == account


def test_an_account_with_everything_in_it_is_written_out_whole() -> None:
    code = {"longCode": "+1 555 555 0100", "defaultMessage": "Hm?", "allowedCountries": "any"}
    program = {
        "longCode": "15555550100",
        "messageName": "Everything",
        "keyword": "ALL",
        "messageOptInType": "Age",
        "minimumAge": 21,
        "doubleOptinInitialMessage": "When?",
        "doubleOptinConfirmationMessage": "Yes",
        "optInInvalidAgeMessage": "No",
        "doubleOptInValidResponses": "sure|ok",
        "startDate": "1/31/2026",
        "endDate": "2026-12-31",
        "confirmWithin": "never",
        "remindAfter": "1.5h",
        "ageRetryAfter": "2w",
        "acceptsAge": False,
        "maxAttempts": 0,
        "messages": {"ours": "Text"},
    }
    account = Account.of([code], [program])
    assert Account.from_dict(attrs.asdict(written(account))) == account
    (plain,) = written(account).programs
    assert (plain["confirmWithin"], plain["remindAfter"]) == (None, "5400s")


def test_a_clock_that_is_set_lets_deadlines_pass_at_their_own_time(store: Store) -> None:
    clock = MovableClock()
    clock.set(NOON)
    with Service(store, clock=clock) as service:
        service.catalog.load(attrs.asdict(written(starter())))
        service.receive(CODE, NUMBER, Inbound("JOIN", NOON, "1"))
        let_pass(service, clock, NOON + timedelta(days=30))
        assert service.now() == NOON + timedelta(days=30)
        mts = [row for row in service.history(CODE, NUMBER) if isinstance(row, Mt)]
        assert [mt.at - NOON for mt in mts] == [timedelta(), timedelta(days=1)]
        let_pass(service, clock, NOON)
        assert service.now() == NOON


def test_while_a_clock_stands_nothing_passes_by_itself(store: Store) -> None:
    clock = MovableClock()
    clock.set(NOON)
    with Service(store, clock=clock) as service:
        service.catalog.load(attrs.asdict(written(starter())))
        service.receive(CODE, NUMBER, Inbound("JOIN", NOON, "1"))
        clock.set(NOON + timedelta(days=1))
        assert service.tick_in_time() == 0
        clock.set(None)
        # The wall's clock is past the story's.
        assert service.tick_in_time() == 1


def test_nobody_sets_a_clock_while_deadlines_pass() -> None:
    clock, asked = MovableClock(), threading.Event()
    clock.set(NOON)

    def setting() -> None:
        asked.set()
        clock.set(None)

    with ThreadPoolExecutor(1) as pool:
        with clock.unmoved():
            setting_done = pool.submit(setting)
            assert asked.wait(60)
            assert not setting_done.done()
            assert clock.now() == NOON
        setting_done.result(60)
    assert not clock.is_set


def test_fresh_numbers_never_come_twice() -> None:
    numbers = Numbers()
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: numbers.fresh(), range(5000)))
    assert len(set(drawn)) == 5000


def test_who_plays_whom_is_known_both_ways() -> None:
    cast = Cast(Numbers("US").fresh)
    played = [cast.number(role) for role in ("+15555550123", "+447700900123", "+15555550123")]
    assert played[0] == played[2] != played[1]
    assert [cast.role(number) for number in played[:2]] == ["+15555550123", "+447700900123"]
    assert cast.role("+15555550123") is None


def test_the_ids_of_two_stories_are_never_the_same() -> None:
    one, other = (Cast(Numbers().fresh) for _ in range(2))
    assert one.mo_id("mo-1") == one.mo_id("mo-1") != other.mo_id("mo-1")
