"""Dates as MobileConnect's answers write them, always in UTC."""

from datetime import UTC, datetime


def plain(at: datetime) -> str:
    """Give a date without zone, the zeros at the end of its fraction trimmed.

    >>> plain(datetime(2013, 12, 19, 14, 35, 35, 510_000, tzinfo=UTC))
    '2013-12-19T14:35:35.51'
    >>> plain(datetime(2013, 12, 19, 14, 35, 35, tzinfo=UTC))
    '2013-12-19T14:35:35'
    """
    written = at.astimezone(UTC).replace(tzinfo=None).isoformat()
    return written.rstrip("0") if "." in written else written


def precise(at: datetime) -> str:
    """Give a date with seven digits of its second and the zone, as contacts/subscriptions does.

    >>> precise(datetime(2013, 12, 19, 14, 35, 35, 510_000, tzinfo=UTC))
    '2013-12-19T14:35:35.5100000Z'
    """
    written = at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return f"{written}0Z"
