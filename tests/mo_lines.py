"""Lines of a file of MOs, as tests write them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)


def line(text: object = "JOIN", minute: Any = 0, **members: object) -> bytes:
    """Write an MO as a JSON line."""
    at = (BEGAN + timedelta(minutes=minute)).isoformat()
    mo = {"from": "+15555550123", "to": "123456", "text": text, "receivedAt": at}
    return json.dumps({**mo, **members}).encode() + b"\n"


def many(count: int) -> Iterator[bytes]:
    """Write MOs of fifty numbers, a minute apart, each with an id of its own."""
    for place in range(count):
        sender = {"from": f"+155555501{place % 50:02d}"}
        yield line("HELP", place, id=f"MO-{place:012d}", **sender)
