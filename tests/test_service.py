"""The service: whoever brings an MO, it is taken in order, and by what holds now."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optin_engine import consent
from optin_engine.account import UnknownCode
from optin_engine.service.answer import Answer
from optin_engine.service.service import Rules, Service
from optin_engine.stores import Changes, Due, Store, open_store
from optin_engine.vocabulary import Contact, Inbound, Origin, State
from tests import strategies
from tests.playing import engine_of
from tests.serving import (
    ANN,
    BOB,
    CODE,
    DEFINITIONS,
    DOUBLE,
    NOON,
    Opening,
    Phone,
    SetClock,
    fates,
    mos,
    mts,
    opening,
    said,
    serve,
    store,
)
from tests.strategies import BEGIN, NUMBERS, Event

__all__ = ["opening", "store"]

UNLIMITED = Rules(prompts_per_day=10**6)


MO_EVENTS = strategies.events().filter(lambda event: event.text is not None)
CROWDS = st.lists(st.lists(MO_EVENTS, min_size=1, max_size=8), min_size=2, max_size=4)
Taken = tuple[str, Inbound, Answer]


def crowd_texts(service: Service, crowd: list[list[Event]]) -> list[Taken]:
    """Let each of a crowd text in a thread of its own; give the MOs in the order of commit."""

    def one_texts(events: list[Event]) -> list[Taken]:
        at, taken = BEGIN, []
        for event in events:
            at += event.after
            number, inbound = NUMBERS[event.phone], event.inbound(at)
            taken.append((number, inbound, service.receive(CODE, number, inbound)))
        return taken

    with ThreadPoolExecutor(len(crowd)) as pool:
        found = [taken for some in pool.map(one_texts, crowd) for taken in some]
    return sorted(found, key=lambda taken: taken[2].id)


@settings(max_examples=60)
@given(strategies.codes(), CROWDS, st.sampled_from(["memory", "memory", "sqlite"]))
def test_what_a_crowd_texts_at_once_comes_to_what_the_engine_says_in_the_order_of_commit(
    tmp_path_factory: pytest.TempPathFactory,
    codes: tuple[strategies.Definition, list[strategies.Definition]],
    crowd: list[list[Event]],
    kind: str,
) -> None:
    engine = engine_of(codes)
    contacts = {number: Contact(number, CODE) for number in NUMBERS}
    expected: dict[str, list[str]] = {number: [] for number in NUMBERS}
    folder = tmp_path_factory.mktemp("crowd")
    url = "memory:" if kind == "memory" else f"sqlite:///{folder}/optin.db"
    clock = SetClock(BEGIN + timedelta(days=400))
    definitions = strategies.account(*codes)
    with open_store(url) as store, serve(store, UNLIMITED, clock, definitions) as service:
        for number, inbound, answer in crowd_texts(service, crowd):
            outcome = engine.receive(contacts[number], inbound)
            contacts[number] = outcome.contact
            expected[number] += [outbound.text for outbound in outcome.outbound]
            assert (answer.state, answer.refused) == (outcome.state, outcome.refused)
            assert answer.outbound == outcome.outbound
        for number in {NUMBERS[event.phone] for events in crowd for event in events}:
            (kept,), chain = store.contacts(number), store.chain(CODE, number)
            assert kept == contacts[number]
            assert chain is not None
            assert (len(chain.records), consent.verify(chain.records)) == (kept.sequence, None)
            assert [mt.text for mt in mts(store, number)] == expected[number]


def test_an_mo_has_its_id_before_its_answers_and_after_all_that_came_earlier(store: Store) -> None:
    with serve(store) as service:
        first, second = Phone(service).texts("JOIN"), Phone(service).texts("YES")
    ids = [row.id for row in store.conversation(CODE, ANN)]
    assert [first.id, second.id] == ids[::2]
    assert ids == sorted(ids)
    assert [mt.mo for mt in mts(store)] == [first.id, second.id]


def test_a_programme_defined_in_one_process_answers_in_the_other_at_once(
    opening: Opening,
) -> None:
    with serve(opening()) as one, Service(opening(), clock=SetClock()) as other:
        assert Phone(other).texts("TEA").outbound == ()
        one.catalog.define(DOUBLE | {"messageName": "Tea", "keyword": "TEA"})
        assert said(Phone(other).texts("TEA")) == ["Club: reply YES"]
        assert one.catalog.delete_keyword(CODE, "tea")
        assert Phone(other).texts("TEA").state == State.IN_PROGRESS
        assert said(Phone(other, BOB).texts("TEA")) == []


def test_a_record_names_the_definition_that_held(store: Store) -> None:
    with serve(store) as service:
        first = service.catalog.define(DOUBLE | {"messageName": "Tea", "keyword": "TEA"})
        Phone(service).texts("TEA")
        second = service.catalog.define(
            DOUBLE | {"messageName": "Tea", "keyword": "TEA", "optInErrorMessage": "Tea?"}
        )
        Phone(service).texts("YES")
    chain = store.chain(CODE, ANN)
    assert chain is not None
    assert [store.version(r.definition) for r in chain.records] == [
        attrs.evolve(first, ended_at=NOON),
        second,
    ]


def test_a_group_with_a_code_that_is_none_leaves_nothing(store: Store) -> None:
    with serve(store) as service:
        mo = Inbound("JOIN", NOON, "SM1")
        group = [service.arrival(code, ANN, mo) for code in (CODE, "777777")]
        with pytest.raises(UnknownCode):
            service.receive_all(group)
        assert store.contacts(ANN) == ()
        assert mos(store) == []
        assert said(service.receive(CODE, ANN, mo)) == ["Club: reply YES"]


def test_a_queued_mo_is_one_for_each_number_and_known_by_its_id(store: Store) -> None:
    with serve(store) as service:
        answers = service.queue_mo(CODE, [ANN, BOB], "JOIN", Origin.WEB, "form 7")
        assert said(answers) == ["Club: reply YES"] * 2
        assert service.queue_mo(CODE, [BOB, ANN], "JOIN", Origin.WEB, "form 7") == answers[::-1]
        assert service.queue_mo(CODE, [], "JOIN") == ()
    assert [(mo.origin, mo.text) for mo in mos(store)] == [("web", "JOIN")]


def test_a_handset_is_no_origin_of_a_queued_mo(store: Store) -> None:
    with serve(store) as service, pytest.raises(ValueError, match="must be web, app or api"):
        service.queue_mo(CODE, [ANN], "YES", Origin.HANDSET)


def test_the_clock_never_goes_back(store: Store) -> None:
    clock = SetClock()
    with serve(store, clock=clock) as service:
        Phone(service).texts("STOP")
        clock.passes(hours=-1)
        assert service.now() == NOON
        assert Phone(service).texts("JOIN").refused is None
        assert [mo.at for mo in mos(store)] == [NOON, NOON]


def test_an_mo_from_the_future_counts_as_now(store: Store) -> None:
    with serve(store) as service:
        Phone(service).texts("STOP", at=NOON + timedelta(days=300))
        assert Phone(service).texts("JOIN").refused is None
    assert mos(store)[0].at == NOON


def test_deadlines_pass_once(opening: Opening) -> None:
    clock = SetClock()
    definitions = DEFINITIONS | {
        "programs": [DOUBLE | {"remindAfter": "1h", "confirmWithin": "2h"}]
    }
    with serve(opening(), clock=clock, definitions=definitions) as one:
        other = Service(opening(), clock=clock)
        for number in (ANN, BOB):
            Phone(one, number).texts("JOIN")
        assert one.tick() == 0
        clock.passes(hours=1)
        assert [one.tick(), other.tick()] == [2, 0]
        assert [text for text, _ in fates(one.store)] == ["Club: reply YES"] * 2
        assert [(mt.mo == 0, mt.origin) for mt in mts(one.store)] == [
            (False, "handset"),
            (True, ""),
        ]
        clock.passes(hours=1)
        assert [other.tick(), one.tick()] == [2, 0]
        assert Phone(one).state() == State.NONE
        assert one.store.next_due() is None


def test_deadlines_of_a_code_that_is_gone_wait_without_keeping_anyone_busy(store: Store) -> None:
    clock = SetClock()
    with serve(store, clock=clock) as service:
        Phone(service).texts("JOIN")
        service.catalog.load({"codes": []})
        clock.passes(days=30)
        assert [service.tick(), service.tick()] == [1, 0]
        assert [c.subscription("JOIN").state for c in service.subscriptions(ANN)] == ["In Progress"]
        service.catalog.load(DEFINITIONS)
        clock.passes(hours=1)
        assert [service.tick(), service.tick()] == [1, 0]
        assert Phone(service).state() == State.NONE


def test_subscriptions_are_as_of_now_and_reading_them_changes_nothing(store: Store) -> None:
    clock = SetClock()
    with serve(store, clock=clock) as service:
        Phone(service).texts("JOIN")
        clock.passes(hours=73)
        assert [c.subscription("JOIN").state for c in service.subscriptions(ANN)] == ["None"]
        assert Phone(service).state() == State.IN_PROGRESS
        assert service.subscriptions(BOB) == []


def test_a_deadline_that_a_store_has_too_early_is_put_right(store: Store) -> None:
    with serve(store) as service:
        Phone(service).texts("JOIN")
        deadline = store.next_due()
        with store.batch([(CODE, ANN)]) as batch:
            batch.commit(Changes([Due(batch.contacts[CODE, ANN], NOON)]))
        assert [service.tick(), service.tick()] == [1, 0]
        assert store.next_due() == deadline
