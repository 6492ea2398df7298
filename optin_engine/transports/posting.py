"""What the transports over HTTP share: one POST, bounded in time and size, and its verdict."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from time import monotonic

import attrs
import httpx
import msgspec

from optin_engine.transports.transport import Failed, Rejected

TIMEOUT = 10.0
"""Seconds for each of connecting, writing and reading."""

# Of an answer no more is read than an id or an error code can need.
LONGEST_ANSWER = 64 * 1024
LONGEST_NAME = 200

# 401 and 407 say that our own credentials are wrong. Whoever mends them within a day wants
# what waited meanwhile to be sent, not to find it dead.
PASSING = frozenset({401, 407, 408, 425, 429})
LEAST_ERROR = 500

# A short code has at most so many digits; a long code is a whole E.164 number.
LONGEST_SHORT_CODE = 8

_SECONDS = re.compile(r"[0-9]{1,9}")


@attrs.frozen
class Reply:
    """What the other side answered.

    Attributes:
        status: of HTTP.
        body: its first bytes; empty where reading them failed.
        retry_after: seconds that it wants to be left alone; None if it did not say.

    """

    status: int
    body: bytes
    retry_after: float | None

    def field(self, name: str) -> object:
        """Give a field of the body's JSON object; None where there is none."""
        try:
            answer = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        return answer.get(name) if isinstance(answer, dict) else None

    def text(self, name: str) -> str:
        """Give a field of the body's JSON object if it is a name that can be kept; else ""."""
        found = self.field(name)
        is_name = isinstance(found, str) and found.isprintable() and len(found) <= LONGEST_NAME
        return str(found) if is_name else ""

    def judge(self, reason: str = "") -> None:
        """Return if the MT was taken.

        Args:
            reason: why not; the status where it is empty.

        Raises:
            Failed: the status is one that may pass.
            Rejected: it is any other but 2xx; also a redirect, which is not followed,
                because nobody agreed to texts and numbers being sent there.

        """
        reason = reason or f"HTTP {self.status}"
        if self.status in PASSING or self.status >= LEAST_ERROR:
            raise Failed(reason, self.retry_after)
        if not httpx.codes.is_success(self.status):
            raise Rejected(reason)


def client_for(url: str, timeout: float, auth: tuple[str, str] | None = None) -> httpx.Client:
    """Give a client for one URL.

    The proxies of the environment (HTTPS_PROXY, NO_PROXY ...) hold for it, as an operator
    who sets them expects, but not where the URL is on this machine.

    Args:
        url: what will be called.
        timeout: seconds, as `TIMEOUT`.
        auth: user and password.

    """
    return httpx.Client(
        auth=auth,
        timeout=timeout,
        # The dispatcher bounds how many calls there are at once.
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=100),
        follow_redirects=False,
        trust_env=not is_loopback(httpx.URL(url).host),
        headers={"User-Agent": "optin-engine", "Accept-Encoding": "identity"},
    )


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine.

    >>> is_loopback("localhost"), is_loopback("::1"), is_loopback("127.example.com")
    (True, True, False)
    """
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def post(client: httpx.Client, request: httpx.Request, timeout: float) -> Reply:
    """Send one request.

    Args:
        client: from `client_for`.
        request: built by it.
        timeout: seconds for the whole of the answer's body, too.

    Raises:
        Failed: there was no answer; the reason is the kind of error.

    """
    try:
        response = client.send(request, stream=True)
    except httpx.HTTPError as error:
        raise Failed(type(error).__name__) from None
    try:
        retry_after = seconds_until(response.headers.get("retry-after", ""), datetime.now(UTC))
        return Reply(response.status_code, _start_of(response, monotonic() + timeout), retry_after)
    finally:
        response.close()


def _start_of(response: httpx.Response, until: float) -> bytes:
    """Read what is needed of the body; the status alone says that the MT was taken."""
    body = bytearray()
    try:
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > LONGEST_ANSWER or monotonic() > until:
                return b""
    except httpx.HTTPError:
        return b""
    return bytes(body)


def seconds_until(retry_after: str, now: datetime) -> float | None:
    """Read a Retry-After header: seconds, or an HTTP date; None where it is neither.

    >>> now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    >>> seconds_until("120", now), seconds_until("Sat, 21 Nov 2026 12:01:00 GMT", now)
    (120.0, 60.0)
    >>> seconds_until("soon", now) is None
    True
    """
    if _SECONDS.fullmatch(retry_after):
        return float(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(0.0, (at - now).total_seconds())
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def spoken(code: str) -> str:
    """Give a code as a carrier knows it: a short code's digits, a long code with its plus.

    >>> spoken("123456"), spoken("15555550100")
    ('123456', '+15555550100')
    """
    return code if len(code) <= LONGEST_SHORT_CODE else f"+{code}"
