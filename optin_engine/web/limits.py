"""How much one caller may ask for: sizes of a request, calls a minute, failed logins.

Calls and logins are counted in each process by itself, by the library `limits`.
"""

import time

import limits
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from optin_engine.web.call import Refused
from optin_engine.web.envelopes import (
    BODY_TOO_LARGE,
    HEAD_TOO_LARGE,
    TOO_MANY,
    URL_TOO_LONG,
)
from optin_engine.web.settings import Client

LARGEST_BODY = 1 << 20
LARGEST_FORM = 64 << 10
LARGEST_HEAD = 32 << 10
MOST_HEADERS = 100
LONGEST_URL = 8 << 10
DEEPEST = 32

FAILED_LOGINS = limits.RateLimitItemPerMinute(10)

# A client's id stands in the counter's key, and anyone may send one of any length.
LONGEST_ID = 100


def judge_head(scope: Scope) -> None:
    """Refuse a request whose URL or headers are too large.

    Args:
        scope: ASGI's, of a request.

    Raises:
        Refused: 414 or 431.

    """
    if len(scope["path"]) + len(scope["query_string"]) > LONGEST_URL:
        raise URL_TOO_LONG.refused()
    headers = scope["headers"]
    size = sum(len(name) + len(value) for name, value in headers)
    if size > LARGEST_HEAD or len(headers) > MOST_HEADERS:
        raise HEAD_TOO_LARGE.refused()


async def read_body(declared: bytes, receive: Receive, largest: int = LARGEST_BODY) -> bytes:
    """Read a body, and no more of it than is allowed.

    Args:
        declared: the header Content-Length; empty where the body comes in chunks.
        receive: ASGI's.
        largest: how many bytes are allowed.

    Raises:
        Refused: 413, before it is read where its length is declared.
        ClientDisconnect: nobody waits for an answer any more.

    """
    if declared.isdigit() and int(declared[:20]) > largest:
        raise BODY_TOO_LARGE.refused()
    parts: list[bytes] = []
    size, is_more = 0, True
    while is_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part = message.get("body", b"")
        is_more = message.get("more_body", False)
        size += len(part)
        if size > largest:
            raise BODY_TOO_LARGE.refused()
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


class Rates:
    """Counts the calls of each client, and the failed logins of each name and address."""

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._allowed: dict[str, limits.RateLimitItem] = {}

    def count(self, client: Client) -> None:
        """Count a call.

        Raises:
            Refused: 429; the client had its calls of this minute.

        """
        allowed = self._allowed.get(client.id)
        if allowed is None or allowed.amount != client.calls_per_minute:
            allowed = limits.RateLimitItemPerMinute(client.calls_per_minute)
            self._allowed[client.id] = allowed
        if not self._limiter.hit(allowed, "call", client.id):
            raise self._too_many(allowed, "call", client.id)

    def judge_login(self, client_id: str, address: str) -> None:
        """Refuse a login before its secret is looked at, after too many that failed.

        Failures count by address too, so that nobody can lock out a client from elsewhere.

        Raises:
            Refused: 429.

        """
        names = "login", client_id[:LONGEST_ID], address
        if not self._limiter.test(FAILED_LOGINS, *names):
            raise self._too_many(FAILED_LOGINS, *names)

    def count_failed_login(self, client_id: str, address: str) -> None:
        """Count a login that failed."""
        self._limiter.hit(FAILED_LOGINS, "login", client_id[:LONGEST_ID], address)

    def _too_many(self, allowed: limits.RateLimitItem, *names: str) -> Refused:
        reset_at = self._limiter.get_window_stats(allowed, *names).reset_time
        wait = max(1, round(reset_at - time.time()))
        return TOO_MANY.refused(headers={"Retry-After": str(wait)})
