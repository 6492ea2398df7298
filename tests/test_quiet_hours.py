"""Nobody is told in quiet hours: by the clocks of wherever a number may be, minute by minute."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from optin_engine.program import QuietHours
from optin_engine.service.quiet_hours import quiet_until, zones_of

MINUTE = timedelta(minutes=1)
TWO_DAYS = range(2 * 24 * 60)

# fmt: off
NUMBERS = (
    "+12125550123",    # New York
    "+12085550123",    # Idaho, in two zones
    "+19075550123",    # Alaska, with the islands
    "+18085550123",    # Hawaii, which has no summer time
    "+17095550123",    # Newfoundland, half an hour off
    "+447911123456",   # the United Kingdom, with its islands
    "+447700900123",   # nobody's in the United Kingdom
    "+4915112345678",
    "+61412345678",    # Australia, eight zones; one puts its clock forward by half an hour
    "+79161234567",    # Russia, sixteen zones
    "+525512345678",
    "+919876543210",
)
UNKNOWN = ("+18005550123", "+15555550123")
# fmt: on

# A day before clocks are changed, somewhere; and any day.
changes = st.sampled_from([(3, 7), (3, 28), (4, 4), (10, 3), (10, 24), (10, 31), (11, 1)])
days = st.one_of(changes, st.tuples(st.integers(1, 12), st.integers(1, 28)))
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
moments = st.builds(
    lambda day, second: datetime(2026, day[0], day[1], tzinfo=UTC) + timedelta(seconds=second),
    days,
    st.integers(0, 2 * 86_400),
)


def is_quiet(hours: QuietHours, zone: ZoneInfo, at: datetime) -> bool:
    local, start, end = (f"{t:%H:%M}" for t in (at.astimezone(zone), hours.start, hours.end))
    return start <= local < end if start <= end else local >= start or local < end


def have_time_in_common(hours: QuietHours, zones: Sequence[ZoneInfo], now: datetime) -> bool:
    offsets = {now.astimezone(zone).strftime("%z") for zone in zones}
    fixed = [datetime.strptime(offset, "%z").tzinfo for offset in offsets]
    return any(
        all(not is_quiet(hours, zone, now + minute * MINUTE) for zone in fixed)  # type: ignore[arg-type] # what strptime gives.
        for minute in range(24 * 60)
    )


@given(st.sampled_from(NUMBERS), clocks, clocks, moments)
@example("+12125550123", time(21), time(2, 30), datetime(2026, 3, 8, 5, tzinfo=UTC))
@example("+12125550123", time(21), time(1, 30), datetime(2026, 11, 1, 5, 40, tzinfo=UTC))
@example("+12125550123", time(1, 15), time(1, 30), datetime(2026, 11, 1, 5, 20, tzinfo=UTC))
@example("+12125550123", time(1, 15), time(1, 30), datetime(2026, 11, 1, 6, 20, tzinfo=UTC))
@example("+61412345678", time(21), time(2, 10), datetime(2026, 10, 3, 12, tzinfo=UTC))
@example("+79161234567", time(21), time(8), datetime(2026, 6, 1, 12, tzinfo=UTC))
@settings(max_examples=120)
def test_a_number_is_told_in_the_first_minute_that_is_quiet_in_none_of_its_zones(
    number: str, start: time, end: time, now: datetime
) -> None:
    hours, zones = QuietHours(start, end), zones_of(number)
    until = quiet_until(hours, number, now)
    begun = now.replace(second=0)
    if not have_time_in_common(hours, zones, now):
        assert until is None or begun < until < begun + timedelta(days=3)
        return
    minutes = (begun + minute * MINUTE for minute in TWO_DAYS)
    first = next(at for at in minutes if not any(is_quiet(hours, zone, at) for zone in zones))
    assert until == (None if first == begun else first)


@pytest.mark.parametrize("number", UNKNOWN)
@pytest.mark.parametrize("month", [1, 7])
def test_a_number_that_may_be_anywhere_on_half_the_globe_is_told_when_it_is_day_in_all_of_it(
    number: str, month: int
) -> None:
    hours = QuietHours(time(21), time(8))
    names = ("Pacific/Guam", "Pacific/Honolulu", "America/Los_Angeles", "America/St_Johns")
    zones = [ZoneInfo(name) for name in names]
    begun = datetime(2026, month, 15, tzinfo=UTC)
    told = [
        at
        for minute in range(0, 24 * 60, 10)
        if quiet_until(hours, number, at := begun + minute * MINUTE) is None
    ]
    assert 6 <= len(told) <= 18
    assert not any(is_quiet(hours, zone, at) for zone in zones for at in told)


def test_a_number_of_no_country_goes_by_utc() -> None:
    hours = QuietHours(time(21), time(8))
    for number in ("+80012345678", "+8821234567", "+999", "", "15555550123"):
        at = datetime(2026, 6, 1, 7, 59, 59, tzinfo=UTC)
        assert quiet_until(hours, number, at) == datetime(2026, 6, 1, 8, tzinfo=UTC)
        assert quiet_until(hours, number, at + timedelta(seconds=1)) is None


@pytest.mark.parametrize("number", [*NUMBERS, *UNKNOWN])
def test_whatever_the_hours_there_is_a_time_to_tell_everybody(number: str) -> None:
    hours, now = QuietHours(time(8, 1), time(8)), datetime(2026, 6, 1, tzinfo=UTC)
    until = quiet_until(hours, number, now)
    assert until is not None
    assert quiet_until(hours, number, until) is None
    assert any(not is_quiet(hours, zone, until) for zone in zones_of(number))


def test_hours_that_end_as_they_begin_are_none() -> None:
    assert quiet_until(QuietHours(time(8), time(8)), NUMBERS[0], datetime.now(UTC)) is None


def test_a_zone_that_this_machines_tables_are_too_old_to_know_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def told(_: object) -> tuple[str, ...]:
        return names

    monkeypatch.setattr("phonenumbers.timezone.time_zones_for_number", told)
    names: tuple[str, ...] = ("America/Atlantis", "America/Boise")
    assert [zone.key for zone in zones_of("+12085550123")] == ["America/Boise"]
    names = ("America/Atlantis",)
    assert [zone.key for zone in zones_of("+12085550123")] == ["UTC"]
