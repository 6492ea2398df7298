"""Where the values of a send end: its time, its window's clock, its text, a recipient's key."""

from datetime import UTC, datetime, time, timedelta

import attrs
import pytest

from optin_engine.program import OutboundMessage
from optin_engine.service.outbound.orders import Blackout, DefinedMessage
from optin_engine.stores import Fate, Member
from optin_engine.web.call import Refused
from optin_engine.web.receipts import read_receipt
from optin_engine.web.recipients import LONG_KEY, NO_ATTRIBUTES, read_recipients
from optin_engine.web.sending import NO_TEXT, read_blackout, read_send_time, read_text
from optin_engine.web.tracking import tracked
from tests.outbox import an_mt

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_send_begins_before_the_last_year() -> None:
    faults: list[str] = []
    last = datetime(9998, 12, 31, 23, 59, tzinfo=UTC)
    assert (read_send_time("9998-12-31 23:59", NOON, faults), faults) == (last, [])
    assert read_send_time("9999-01-01 00:00", NOON, faults) is None
    assert faults == ["9999-01-01 00:00 is not a valid send time (yyyy-MM-dd HH:mm)."]


@pytest.mark.parametrize(("given", "hours"), [("+1400", 14), ("-1400", -14), ("14:00", 14)])
def test_a_clock_may_be_fourteen_hours_from_utc(given: str, hours: int) -> None:
    faults: list[str] = []
    window = {"UtcOffset": given, "WindowStart": "2100", "WindowEnd": "0800"}
    assert read_blackout(window, faults) == Blackout(timedelta(hours=hours), time(21), time(8))
    assert faults == []


@pytest.mark.parametrize("given", ["+1401", "-1401", "+1500"])
def test_no_clock_is_further_from_utc_than_fourteen_hours(given: str) -> None:
    faults: list[str] = []
    window = {"UtcOffset": given, "WindowStart": "2100", "WindowEnd": "0800"}
    assert read_blackout(window, faults) is None
    assert faults == [f"{given} is not a valid UTC offset."]


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_a_message_of_white_space_says_nothing(text: str) -> None:
    faults: list[str] = []
    message = DefinedMessage(30, 1, OutboundMessage("Sale", "123456", "", text))
    read_text({}, "Override", message, faults)
    assert faults == [NO_TEXT]


def test_a_key_may_be_as_long_as_the_bound_says_and_no_longer() -> None:
    faults: list[str] = []
    whom = [{"mobileNumber": "15555550123", "subscriberKey": "k" * many} for many in (254, 255)]
    read = read_recipients({"subscribers": whom}, faults)
    assert (read, faults) == ([Member("+15555550123", "k" * 254)], [LONG_KEY])


@pytest.mark.parametrize("value", [[1], [], {"a": "b"}, {}])
def test_an_attribute_is_one_value(value: object) -> None:
    faults: list[str] = []
    whom = {"mobileNumber": "15555550123", "subscriberKey": "ann", "attributes": {"City": value}}
    assert (read_recipients({"subscribers": [whom]}, faults), faults) == ([], [NO_ATTRIBUTES])


def test_the_name_of_an_mt_may_be_as_long_as_the_bound_says_and_no_longer() -> None:
    assert read_receipt({"id": "G" * 200, "status": "read"}, NOON).name == "G" * 200
    with pytest.raises(Refused):
        read_receipt({"id": "G" * 201, "status": "read"}, NOON)


def test_what_is_being_cancelled_may_still_be_sent_and_counts_as_queued() -> None:
    assert tracked(attrs.evolve(an_mt(), fate=Fate.WITHDRAWN))["statusCode"] == "1000"
