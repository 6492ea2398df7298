"""What one MO comes to beside the engine: limits, what is kept and said, what is withdrawn."""

from datetime import datetime, timedelta

import pytest

from optin_engine.account import UnknownCode
from optin_engine.service.answer import Delivery
from optin_engine.service.service import Rules
from optin_engine.stores import Fate, Store, open_store
from optin_engine.vocabulary import Contact, Hears, Inbound, Instruction, Origin, State
from tests.serving import (
    ANN,
    BOB,
    CODE,
    DOUBLE,
    NOON,
    OTHER_CODE,
    PLACE,
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

__all__ = ["opening", "store"]


def test_no_number_gets_more_prompts_a_day_than_allowed_whoever_asks(store: Store) -> None:
    clock = SetClock()
    with serve(store, Rules(prompts_per_day=2), clock) as service:

        def ask(code: str, origin: Origin, mo_id: str = "") -> str | None:
            (answer,) = service.queue_mo(code, [ANN], "JOIN", origin, mo_id)
            return answer.refused

        assert [ask(CODE, Origin.WEB), ask(OTHER_CODE, Origin.API)] == [None, None]
        clock.passes(hours=23)
        assert [ask(CODE, Origin.APP, "A1"), ask(OTHER_CODE, Origin.WEB)] == ["rate limit"] * 2
        assert Phone(service).texts("JOIN", origin=Origin.WEB).refused == "rate limit"
        assert Phone(service, BOB).texts("JOIN", origin=Origin.WEB).refused is None
        assert said(Phone(service).texts("JOIN")) == ["Club: reply YES"]
        clock.passes(hours=1, seconds=1)
        assert ask(CODE, Origin.APP, "A1") == "rate limit"
        assert ask(CODE, Origin.APP, "A2") is None


def test_prompts_of_one_batch_count_too(store: Store) -> None:
    with serve(store, Rules(prompts_per_day=2)) as service:
        mo = Inbound("JOIN", NOON, origin=Origin.WEB)
        answers = service.receive_all([service.arrival(CODE, ANN, mo) for _ in range(3)])
    assert [answer.refused for answer in answers] == [None, None, "rate limit"]
    assert [mt.origin for mt in mts(store)] == ["web", "web"]
    assert len(mos(store)) == 3


def test_a_refused_prompt_leaves_the_contact_as_it_was(store: Store) -> None:
    with serve(store, Rules(prompts_per_day=0)) as service:
        (answer,) = service.queue_mo(CODE, [ANN], "JOIN")
        assert (answer.state, answer.outbound) == (State.NONE, ())
        assert service.subscriptions(ANN) == [Contact(ANN, CODE)]


def test_what_says_nothing_needs_no_room_in_the_limit(store: Store) -> None:
    with serve(store, Rules(prompts_per_day=0)) as service:
        Phone(service).texts("NEWS")
        assert Phone(service).texts("NEWS", origin=Origin.WEB).refused is None


@pytest.mark.parametrize(
    ("number", "countries", "refused"),
    [
        (ANN, None, None),
        ("+14165550100", None, "country not allowed"),
        ("+14165550100", "US,CA", None),
        ("+447700900123", ["US", "CA"], "country not allowed"),
        ("+447700900123", "any", None),
        ("+9995550100", None, "country not allowed"),
    ],
)
def test_only_numbers_of_the_codes_countries_may_be_asked_unless_they_write_themselves(
    number: str, countries: object, refused: str | None
) -> None:
    code = PLACE | {"allowedCountries": countries}
    definitions = {"codes": [code], "programs": [DOUBLE]}
    with open_store("memory:") as store, serve(store, definitions=definitions) as service:
        (answer,) = service.queue_mo(CODE, [number], "JOIN")
        assert answer.refused == refused
        assert said(Phone(service, number).texts("JOIN")) == ["Club: reply YES"]


@pytest.mark.parametrize("number", [ANN, "+447700900123"])
def test_a_stop_counts_whatever_the_limits(number: str) -> None:
    with open_store("memory:") as store, serve(store, Rules(prompts_per_day=0)) as service:
        Phone(service, number).texts("JOIN")
        answer = Phone(service, number).texts("STOP", origin=Origin.WEB)
        assert (answer.state, answer.refused, answer.outbound) == ("Unsubscribed", None, ())
        assert Phone(service, number).state() == State.UNSUBSCRIBED


def test_a_stranger_that_only_asks_is_known_from_then_on(store: Store) -> None:
    with serve(store) as service:
        Phone(service).texts("HELP")
    assert store.contacts(ANN) == (Contact(ANN, CODE),)
    assert [mo.text for mo in mos(store)] == ["HELP"]


@pytest.mark.parametrize(
    ("delivery", "kept"),
    [
        (Delivery.OUTBOX, [(Fate.QUEUED, None)]),
        (Delivery.ANSWER, [(Fate.SENT, NOON)]),
        (Delivery.NOBODY, []),
    ],
)
def test_the_outbox_has_what_nobody_else_says(
    store: Store, delivery: Delivery, kept: list[tuple[Fate, datetime | None]]
) -> None:
    with serve(store) as service:
        assert said(Phone(service).texts("JOIN", delivery=delivery)) == ["Club: reply YES"]
    assert [(mt.fate, mt.settled_at) for mt in mts(store)] == kept


def test_no_birth_date_is_kept(store: Store) -> None:
    with serve(store) as service:
        texts = ("WINE 5/1/1990", "I was born 5/1/1990", "5/1/1990")
        answers = [Phone(service).texts(text) for text in texts]
        assert answers[-1].state == State.SUBSCRIBED
    assert "1990" not in repr([answers, mos(store), store.chain(CODE, ANN), store.contacts(ANN)])


def test_texts_and_ids_that_no_store_could_hold_do_their_neighbours_no_harm(
    store: Store,
) -> None:
    with serve(store) as service:
        strange = Inbound("JOIN \ud800\0", NOON, "\0\udfff")
        group = [service.arrival(CODE, number, strange) for number in (ANN, BOB)]
        assert said(service.receive_all(group)) == ["Club: reply YES"] * 2
        assert service.receive_all(group)[0].id == mos(store)[0].id
    assert mos(store)[0].text.startswith("JOIN ?")


@pytest.mark.parametrize(
    ("code", "number", "inbound", "error"),
    [
        ("12\0", ANN, Inbound("JOIN", NOON), UnknownCode),
        (CODE, "15555550123", Inbound("JOIN", NOON), ValueError),
        (CODE, ANN, Inbound("JOIN", NOON, origin="pigeon"), ValueError),
        (CODE, ANN, Inbound("JOIN", NOON.replace(tzinfo=None)), ValueError),
    ],
)
def test_what_is_no_mo_is_refused_before_it_meets_others(
    code: str, number: str, inbound: Inbound, error: type[Exception]
) -> None:
    with open_store("memory:") as store, serve(store) as service:
        with pytest.raises(error) as caught:
            service.receive(code, number, inbound)
        assert number not in str(caught.value)


def test_a_code_may_be_written_with_a_plus_sign(store: Store) -> None:
    with serve(store) as service:
        Phone(service, ANN, f"+{OTHER_CODE}").texts("JOIN")
        assert len(service.history(f"+{OTHER_CODE}", ANN)) == 2
        assert [c.code for c in service.subscriptions(ANN)] == [OTHER_CODE]


def test_what_is_still_queued_for_a_contact_that_stops_is_not_said(store: Store) -> None:
    with serve(store) as service:
        group = [
            service.arrival(CODE, ANN, Inbound(text, NOON))
            for text in ("JOIN", "HELP", "STOP", "NEWS")
        ]
        service.receive_all(group)
    assert [fate for _, fate in fates(store)] == [
        Fate.CANCELLED,
        Fate.QUEUED,
        Fate.QUEUED,
        Fate.QUEUED,
    ]


@pytest.mark.parametrize(
    ("instruction", "cancelled"),
    [
        (Instruction(Hears.UNSUBSCRIBE, NOON, "JOIN"), ["Club: reply YES"]),
        (Instruction(Hears.UNSUBSCRIBE, NOON, "WINE"), []),
        (Instruction(Hears.DEACTIVATE, NOON), ["Club: reply YES", "News: welcome"]),
    ],
)
def test_an_order_to_opt_out_ends_the_texts_that_it_is_about(
    store: Store, instruction: Instruction, cancelled: list[str]
) -> None:
    with serve(store) as service:
        Phone(service).texts("JOIN")
        Phone(service).texts("NEWS")
        assert service.instruct(CODE, ANN, instruction).id == 0
    assert [text for text, fate in fates(store) if fate == Fate.CANCELLED] == cancelled


def test_no_ends_no_texts(store: Store) -> None:
    with serve(store) as service:
        Phone(service).texts("JOIN")
        assert Phone(service).texts("NO").state == State.NONE
    assert fates(store) == [("Club: reply YES", Fate.QUEUED)]


def test_an_order_that_changes_nothing_leaves_no_stranger_behind(store: Store) -> None:
    with serve(store) as service:
        answer = service.instruct(CODE, ANN, Instruction(Hears.SUBSCRIBE, NOON, "NOSUCH"))
        assert answer.refused == "unknown keyword"
        service.instruct(CODE, ANN, Instruction(Hears.DEACTIVATE, NOON))
    assert store.contacts(ANN) == ()


def test_an_opt_out_that_is_stale_ends_no_texts(store: Store) -> None:
    clock = SetClock()
    with serve(store, clock=clock) as service:
        phone = Phone(service)
        phone.texts("STOP")
        clock.passes(minutes=1)
        phone.texts("JOIN")
        before = NOON - timedelta(minutes=1)
        assert phone.texts("STOP", at=before).refused == "stale"
        deactivated = service.instruct(CODE, ANN, Instruction(Hears.DEACTIVATE, before))
        assert deactivated.refused == "stale"
    assert fates(store)[-1] == ("Club: reply YES", Fate.QUEUED)
