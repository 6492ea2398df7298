"""The phone of the harness: its clock, its contacts, and what it gets."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.harness import starter
from optin_engine.harness.phone import NOON, NUMBER, Phone, duration, phone_number
from optin_engine.harness.stories.story import Ordered
from optin_engine.vocabulary import Contact, Hears, Origin

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@pytest.fixture
def phone() -> Phone:
    return Phone(starter())


def test_a_double_opt_in_is_played_to_its_end(phone: Phone) -> None:
    assert phone.state == "None"
    assert phone.text("JOIN").state == "In Progress"
    assert phone.text("Yes please!").state == phone.state == "Subscribed"
    assert [text.split(":")[0] for text in phone.received] == ["Acme Offers", "Acme Offers"]


def test_the_clock_moves_a_second_a_text_and_by_waiting_only(phone: Phone) -> None:
    phone.text("HELP")
    phone.text("HELP")
    assert phone.at == NOON + timedelta(seconds=2)
    phone.wait("1d 12h")
    assert phone.at == NOON + timedelta(hours=36, seconds=2)


def test_waiting_brings_the_reminder_and_then_the_expiry_each_at_its_time(phone: Phone) -> None:
    initial = phone.text("JOIN").outbound
    outcomes = phone.wait("1w")
    assert [outcome.reading.hears for outcome in outcomes] == [Hears.REMIND, Hears.EXPIRE]
    assert [outcome.outbound for outcome in outcomes] == [initial, ()]
    assert phone.state == "None"
    assert phone.received == [initial[0].text] * 2


def test_a_deadline_counts_at_its_very_moment_and_not_a_second_before(phone: Phone) -> None:
    phone.text("JOIN")
    assert phone.wait_until(NOON + timedelta(hours=24, seconds=-1)) == []
    assert len(phone.wait("1s")) == 1


def test_deadlines_of_all_contacts_come_in_the_order_of_time(phone: Phone) -> None:
    phone.text("JOIN")
    phone.number = "+15555550199"
    phone.wait("1h")
    phone.text("WINE")
    phone.number = NUMBER
    outcomes = phone.wait("4d")
    assert [outcome.contact.number[-3:] for outcome in outcomes] == ["123", "123", "199"]


def test_each_number_has_a_contact_and_an_inbox_of_its_own(phone: Phone) -> None:
    phone.text("NEWS")
    phone.number = "1 (555) 555-0199"
    assert (phone.number, phone.state, phone.received) == ("+15555550199", "None", [])
    phone.number = NUMBER
    assert (phone.state, len(phone.received)) == ("Subscribed", 1)


def test_a_text_by_a_web_form_is_heard_as_one(phone: Phone) -> None:
    assert phone.text("NEWS", origin="web").refused == "double opt-in required"
    with pytest.raises(ValueError, match="fax"):
        phone.text("NEWS", origin="fax")


def test_a_text_with_an_id_that_the_code_heard_is_read_and_nothing_comes_of_it(
    phone: Phone,
) -> None:
    first = phone.text("JOIN", mo_id="1")
    contact = phone.contact
    again = phone.text("JOIN", mo_id="1")
    assert (again.reading, again.state) == (first.reading, "In Progress")
    assert (again.steps, again.outbound, again.records, again.refused) == ((), (), (), None)
    assert (again.contact, phone.contact, len(phone.received)) == (contact, contact, 1)
    assert phone.text("HELP", mo_id="2").outbound
    refused = [phone.text("NEWS", "web", mo_id="3").refused for _ in range(2)]
    assert refused == ["double opt-in required", None]


def test_texts_without_an_id_are_never_taken_for_each_other(phone: Phone) -> None:
    assert [len(phone.text("HELP").outbound) for _ in range(2)] == [1, 1]


def test_an_id_counts_for_its_code_whoever_brings_it() -> None:
    code = starter().codes["123456"]
    phone = Phone(attrs.evolve(starter(), codes={"123456": code, "654321": code}))
    phone.text("HELP", mo_id="1")
    phone.number = "+15555550199"
    assert not phone.text("HELP", mo_id="1").outbound
    phone.code = "654321"
    assert phone.text("HELP", mo_id="1").outbound


def test_a_text_that_was_under_way_is_heard_as_of_when_it_was_sent(phone: Phone) -> None:
    phone.text("JOIN")
    phone.text("STOP")
    assert phone.text("JOIN", ago=timedelta(hours=1)).refused == "stale"
    assert phone.at == NOON + timedelta(seconds=3)


@pytest.mark.parametrize(
    ("order", "before", "state"),
    [
        ("SUBSCRIBE", "", "Subscribed"),
        ("SUBSCRIBE", "STOP", "Unsubscribed"),
        ("RESUBSCRIBE", "STOP", "Subscribed"),
        ("UNSUBSCRIBE", "JOIN", "Unsubscribed"),
        ("STOP", "JOIN", "Unsubscribed"),
        ("DEACTIVATE", "STOP", "None"),
    ],
)
def test_an_agent_s_order_is_done_and_takes_a_second(
    phone: Phone, order: str, before: str, state: str
) -> None:
    phone.text(before)
    phone.order(order, "JOIN" if order.endswith("SUBSCRIBE") else "")
    assert phone.state == state
    assert phone.at == NOON + timedelta(seconds=2)


def test_a_stop_that_an_agent_orders_is_one_by_text_and_confirmed(phone: Phone) -> None:
    outcome = phone.order(Ordered.STOP)
    assert (outcome.reading.hears, len(outcome.outbound)) == (Hears.STOP, 1)
    assert [record.origin for record in outcome.records] == ["api"]


def test_what_is_no_order_is_refused(phone: Phone) -> None:
    with pytest.raises(ValueError, match="FORGET"):
        phone.order("FORGET")


def test_other_definitions_can_hold_and_whose_code_is_gone_waits_for_nothing(phone: Phone) -> None:
    phone.text("JOIN")
    code = attrs.evolve(phone.account.codes["123456"], digits="654321")
    phone.define(attrs.evolve(phone.account, codes={"654321": code}))
    assert phone.state == "In Progress"
    assert phone.wait("1w") == []
    phone.define(starter())
    assert [outcome.reading.hears for outcome in phone.wait("1s")] == [
        Hears.REMIND,
        Hears.EXPIRE,
    ]


def test_a_phone_remembers_where_it_is_told_to() -> None:
    contacts = dict[tuple[str, str], Contact]()
    Phone(starter(), contacts=contacts).text("NEWS")
    assert Phone(starter(), contacts=contacts).state == "Subscribed"


def test_the_clock_does_not_go_back_nor_past_the_calendar(phone: Phone) -> None:
    with pytest.raises(ValueError, match="it shows 2026-01-01 12:00:00 UTC"):
        phone.wait_until(datetime(2025, 12, 31, tzinfo=UTC))
    with pytest.raises(ValueError, match="year 9999"):
        phone.wait("999999w")


@given(st.lists(st.tuples(st.integers(0, 99999), st.sampled_from("smhdw")), min_size=1))
def test_a_duration_is_the_sum_of_its_parts(parts: list[tuple[int, str]]) -> None:
    written = " ".join(f"{number}{unit}" for number, unit in parts)
    seconds = sum(number * SECONDS[unit] for number, unit in parts)
    assert duration(written).total_seconds() == seconds
    assert duration(written.upper().replace(" ", "")).total_seconds() == seconds


@pytest.mark.parametrize(
    "written", ["", " ", "2", "d", "2 fortnights", "-2d", "1.5h", "²d", "9999999s", "5\u017f"]
)
def test_what_is_no_duration_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="45s, 90m, 23h, 2d or 1w"):
        duration(written)


@pytest.mark.parametrize(
    "written", ["+15555550123", "15555550123", "+1 (555) 555-0123", "1.555.555.0123"]
)
def test_a_number_is_read_as_people_write_it(written: str) -> None:
    assert phone_number(written) == "+15555550123"


@pytest.mark.parametrize("written", ["", "1234567", "1" * 16, "555-CALL-NOW", "٠١٢٣٤٥٦٧٨٩"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="8 to 15 digits"):
        phone_number(written)


@given(st.text(), st.sampled_from(Origin))
def test_any_text_gives_an_outcome(text: str, origin: Origin) -> None:
    phone = Phone(starter())
    outcome = phone.text(text, origin)
    assert phone.received == [mt.text for mt in outcome.outbound]
