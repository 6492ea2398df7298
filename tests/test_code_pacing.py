"""A code's pace and quiet hours, as definitions give them."""

from datetime import date, time
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.account import Account, read_account
from optin_engine.harness.targets.defining import written
from optin_engine.program import Code, QuietHours

US = {"shortCode": "123456", "countryCode": "US"}
TODAY = date(2026, 11, 21)
NO_PACE = "Throughput is invalid. It must be messages a second, from 0.001 to 10000."
NO_HOURS = "QuietHours is invalid. It must be two times of day, such as 21:00-08:00."


def code(**fields: object) -> Code:
    return Account.of([US | fields]).code("123456")


def faults(**fields: object) -> list[str]:
    return [fault.message for fault in read_account({"codes": [US | fields]})[1]]


@pytest.mark.parametrize("unset", [{}, {"throughput": None, "quietHours": ""}])
def test_without_them_a_code_has_no_pace_and_never_waits(unset: dict[str, object]) -> None:
    found = code(**unset)
    assert (found.throughput, found.quiet_hours) == (None, None)


@pytest.mark.parametrize(
    ("written", "pace"),
    [(1, 1.0), ("10", 10.0), (0.5, 0.5), (" 2.50 ", 2.5), (0.001, 0.001), (10_000, 10_000.0)],
)
def test_a_pace_is_a_number_or_a_text(written: object, pace: float) -> None:
    assert code(THROUGHPUT=written).throughput == pace


@pytest.mark.parametrize(
    "wrong",
    [0, "0", -1, 0.0009, 10_001, True, "fast", "1e3", "1,5", [1], float("nan"), "1 2",
     pytest.param(10**5_000, id="more digits than Python writes")],
)  # fmt: skip
def test_what_is_no_pace_is_refused(wrong: object) -> None:
    assert faults(throughput=wrong) == [NO_PACE]


@given(st.decimals("0.001", 10_000, places=3))
def test_any_pace_of_three_decimals_is_kept_as_it_is(pace: Decimal) -> None:
    assert code(throughput=str(pace)).throughput == float(pace)
    assert code(throughput=float(pace)).throughput == float(pace)


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("21:00-08:00", time(21), time(8)),
        ("9:30 - 17:05", time(9, 30), time(17, 5)),
        (" 00:00\N{EN DASH}23:59 ", time(0), time(23, 59)),
    ],
)
def test_quiet_hours_are_a_window_that_may_end_the_next_day(
    written: str, start: time, end: time
) -> None:
    assert code(quietHours=written).quiet_hours == QuietHours(start, end)


@pytest.mark.parametrize(
    "wrong",
    ["21-8", "24:00-08:00", "21:60-08:00", "8:00-08:00", "21:00", "a", 21, ["21:00", "08:00"],
     "21:00-08:00-09:00", "\u0662\u0661:00-08:00"],
)  # fmt: skip
def test_what_are_no_quiet_hours_is_refused(wrong: object) -> None:
    assert faults(quietHours=wrong) == [NO_HOURS]


@given(st.times(), st.times(), st.floats(0.001, 10_000))
def test_what_a_code_has_can_be_written_out_and_read_again(
    start: time, end: time, pace: float
) -> None:
    start, end = (at.replace(second=0, microsecond=0) for at in (start, end))
    hours = f"{start:%H:%M}-{end:%H:%M}"
    if start == end:
        assert faults(quietHours=hours) == [NO_HOURS]
        return
    account = Account.of([US | {"quietHours": hours, "throughput": round(pace, 6)}])
    assert Account.from_dict(attrs.asdict(written(account))) == account


def test_a_code_that_sends_at_night_is_warned_of() -> None:
    message = US | {"messageName": "Sale"}
    loud = Account.from_dict({"codes": [US], "messages": [message]})
    (warning,) = loud.warnings(TODAY)
    assert (warning.program, warning.field) == ("code 123456", "quietHours")
    quiet = US | {"quietHours": "21:00-08:00"}
    assert Account.from_dict({"codes": [quiet], "messages": [message]}).warnings(TODAY) == ()
    assert Account.of([US]).warnings(TODAY) == ()
