"""What codes and sends hold back: by the same moment whatever clock tells it, and no more."""

from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from optin_engine.program import Code, QuietHours
from optin_engine.service.holds import is_blacked_out, paces_of
from optin_engine.service.outbound.orders import Blackout
from optin_engine.service.quiet_hours import quiet_until, zones_of

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is drawn beside them.
BLACKOUTS = st.builds(Blackout, OFFSETS, st.times(), st.times())
NEW_YORKER, TOLL_FREE = "+12125550123", "+18005550123"


@given(BLACKOUTS, MOMENTS, OFFSETS.map(timezone))
def test_a_blackout_is_the_same_by_every_clock(
    blackout: Blackout, now: datetime, clock: timezone
) -> None:
    assert is_blacked_out(blackout, now.astimezone(clock)) == is_blacked_out(blackout, now)


def test_only_a_code_with_a_throughput_has_a_pace() -> None:
    codes = Code("123456", "US", throughput=2.5), Code("654321", "US")
    assert paces_of(codes) == {"123456": 2.5}


def test_quiet_hours_of_a_day_that_has_25_are_longer_than_a_day() -> None:
    new_york = ZoneInfo("America/New_York")
    # All day but a minute; at night the clock is put back.
    hours = QuietHours(time(12), time(11, 59))
    begun = datetime(2026, 10, 31, 12, tzinfo=new_york)
    ended = datetime(2026, 11, 1, 11, 59, tzinfo=new_york)
    assert quiet_until(hours, NEW_YORKER, begun.astimezone(UTC)) == ended
    assert ended.astimezone(UTC) - begun.astimezone(UTC) > timedelta(days=1)


def test_where_no_hour_suits_all_zones_it_is_one_that_suits_the_middle() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    offsets = [now.astimezone(zone).utcoffset() or timedelta() for zone in zones_of(TOLL_FREE)]
    middle = timezone(sorted(offsets)[len(offsets) // 2])
    assert max(offsets) - min(offsets) > timedelta(hours=12)
    # Only from noon to one may anybody be told.
    until = quiet_until(QuietHours(time(13), time(12)), TOLL_FREE, now)
    assert until is not None
    assert until.astimezone(middle).hour == 12
