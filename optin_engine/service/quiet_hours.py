"""When nobody wants to be told: by the clock of whoever is written to.

A number may be in several time zones: a state has two, a country's mobile numbers are in all
of its zones, and a +1 toll-free number is anywhere from Guam to Newfoundland. It is quiet there
if it is quiet in any of them. Where that leaves no time of day at all, the zones that lie
farthest from the middle do not count, as few of them as will do. A number of no country is
in UTC.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers import timezone

from optin_engine.program import QuietHours

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)

# Whoever has a time of day in common has it within a day; or two, where clocks are changed.
LONGEST = 2 * DAY

NOWHERE = (ZoneInfo("UTC"),)


def zones_of(number: str) -> tuple[ZoneInfo, ...]:
    """Give the time zones in which a number may be; where its own are not known, its country's.

    Args:
        number: E.164.

    >>> [zone.key for zone in zones_of("+12085550123")]
    ['America/Boise', 'America/Los_Angeles']
    >>> [zone.key for zone in zones_of("+447700900123")][-1], zones_of("+80012345678")[0].key
    ('Europe/London', 'UTC')
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return NOWHERE
    unknown = timezone.UNKNOWN_TIMEZONE
    own = timezone.time_zones_for_number(parsed)
    names = own if unknown not in own else timezone.time_zones_for_geographical_number(parsed)
    return tuple(zone for name in names if (zone := _zone(name))) or NOWHERE


def _zone(name: str) -> ZoneInfo | None:
    """Give a zone; None where there is none, or this machine's tables are too old to know it."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return None


def quiet_until(hours: QuietHours, number: str, now: datetime) -> datetime | None:
    """Give when the quiet hours of a number end; None where it has none now.

    Args:
        hours: in whole minutes; the end is not quiet any more, and hours that end as they
            begin are none.
        number: E.164.
        now: the time, timezone-aware.

    >>> night = QuietHours(time(21), time(8))
    >>> [
    ...     str(quiet_until(night, "+12125550123", datetime(2026, 11, 21, hour, tzinfo=UTC)))
    ...     for hour in (1, 3, 13)
    ... ]
    ['None', '2026-11-21 13:00:00+00:00', 'None']
    """
    return _end_in_all(
        hours, zones_of(number), now.astimezone(UTC).replace(second=0, microsecond=0)
    )


def is_within(at: timedelta, start: time, length: timedelta) -> bool:
    """Tell whether a time of day, since midnight, is in a window, which may last over midnight.

    >>> is_within(timedelta(hours=1), time(22), timedelta(hours=4))
    True
    """
    return (at - since_midnight(start)) % DAY < length


def length_of(start: time, end: time) -> timedelta:
    """Give how long a daily window is; nothing where it ends as it begins."""
    return (since_midnight(end) - since_midnight(start)) % DAY


def since_midnight(at: time) -> timedelta:
    """Give a time of day, without its zone, as what has passed of the day."""
    return timedelta(
        hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond
    )


# Many who are told at once have the same zones, and are asked for in the same minute.
@lru_cache(maxsize=4096)
def _end_in_all(hours: QuietHours, zones: tuple[ZoneInfo, ...], now: datetime) -> datetime | None:
    kept = _nearest_first(zones, now)
    while (until := _common(hours, kept, now)) is None:
        kept.pop()
    return until if until > now else None


def _nearest_first(zones: Sequence[ZoneInfo], now: datetime) -> list[ZoneInfo]:
    """Give zones by how far their clocks are from the middle one's."""
    offsets = {zone: now.astimezone(zone).utcoffset() or timedelta() for zone in zones}
    in_order = sorted(zones, key=lambda zone: (offsets[zone], zone.key))
    middle = offsets[in_order[len(zones) // 2]]
    return sorted(in_order, key=lambda zone: abs(offsets[zone] - middle))


def _common(hours: QuietHours, zones: Sequence[ZoneInfo], now: datetime) -> datetime | None:
    """Give the first minute that is quiet in no zone; None where they have none in common."""
    at = now
    while quiet := [zone for zone in zones if _is_quiet(hours, zone, at)]:
        at = max(_end(hours, zone, at) for zone in quiet)
        if at > now + LONGEST:
            return None
    return at


def _is_quiet(hours: QuietHours, zone: ZoneInfo, at: datetime) -> bool:
    local = since_midnight(at.astimezone(zone).time())
    return is_within(local, hours.start, length_of(hours.start, hours.end))


def _end(hours: QuietHours, zone: ZoneInfo, at: datetime) -> datetime:
    """Give the first minute after a quiet one that is not quiet."""
    local = at.astimezone(zone).replace(tzinfo=None)
    wall = local + length_of(local.time(), hours.end)
    # A clock that is put forward has no such time, one that is put back has it twice. From the
    # earlier of the two ways to read it, the end is at most an hour away.
    read = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    end = max(at + MINUTE, min(read))
    while _is_quiet(hours, zone, end):
        end += MINUTE
    return end
