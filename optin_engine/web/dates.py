"""Dates as MobileConnect's answers write them, always in UTC; and times as callers write them."""

from datetime import UTC, datetime

# MobileConnect's clients write a date that is not set as one of this year.
UNSET_YEAR = 1

# Nobody texted us before; and so far back a date has no birth dates behind it.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

RULE = "It must be a time since 2000 with its offset: 2026-11-21T14:35:35Z."


def read(given: object) -> datetime | None:
    """Read a time with its offset; None where it is not set: null, blank, or of year 1.

    Raises:
        ValueError: it is none since 2000, or has no offset.

    >>> print(read("2026-11-21T14:35:35Z"), read("0001-01-01T00:00:00"))
    2026-11-21 14:35:35+00:00 None
    """
    if given is None or given == "":
        return None
    try:
        at = datetime.fromisoformat(given) if isinstance(given, str) else None
        if at is not None and at.year == UNSET_YEAR:
            return None
        if at is not None and at.tzinfo is not None and at.astimezone(UTC) >= EARLIEST:
            return at
    except (ValueError, OverflowError):
        pass
    raise ValueError(RULE)


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
