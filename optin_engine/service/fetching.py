"""HTTPGet's effect: a text from one of the hosts that the operator allows, and nowhere else.

A template's author is not trusted with this machine's network, nor is a contact whose words
stand in a URL. So a URL is asked for only if its host is on the allow-list and every address
of it is public; the connection then goes to the address that was looked at, so that a name
cannot lead elsewhere in between. Each redirect is looked at in the same way.
"""

import asyncio
import re
import ssl
from collections.abc import Iterable, Sequence
from typing import Self

import attrs
import httpx

from optin_engine.service.addresses import LOOPBACK, kind_of
from optin_engine.service.lookups import Resolve, begun, resolved
from optin_engine.service.places import Places
from optin_engine.service.unfetched import FetchError, FetchLate, FetchRefused

SECONDS = 10.0
"""For looking up the name, every redirect and the whole answer together."""

LONGEST_ANSWER = 64 * 1024
MOST_REDIRECTS = 5
MOST_ADDRESSES = 4

PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

# A host that took too long to hear, or hears too much, may hear us later.
_FOR_NOW = frozenset({408, 429})

# What an answer may be written in; any other is read as UTF-8.
_CHARSETS = frozenset({"ascii", "us-ascii", "iso-8859-1", "windows-1252", "utf-16"})

_HOST = re.compile(r"[a-z0-9._:-]+")


@attrs.frozen
class _Answer:
    """A text, or where to ask instead."""

    text: str = ""
    location: str = ""


class Fetcher:
    """Fetches texts; many threads may share one.

    A call blocks for up to ten seconds, and two more where a host has many callers, so it must
    never be made while a lock or a transaction is held. Where a host is slow, only some callers
    wait for it, and the others are told so at once; see `Places`.

    Args:
        allowed_hosts: names or addresses, without their subdomains. A host is asked on port 80
            by http and on port 443 by https; with `:port` behind it, on that port too.
        resolve: looks up names.
        tls: whom to trust; the public authorities if it is None.
        allows_loopback: this machine counts as public; for tests.
        seconds: for one call, as `SECONDS`.

    Raises:
        ValueError: an allowed host is none.

    >>> with Fetcher(["stock.example"]) as fetch:
    ...     fetch("http://other.example/?q=ACME")
    Traceback (most recent call last):
    optin_engine.service.unfetched.FetchRefused: the host is not on the allow-list
    """

    def __init__(
        self,
        allowed_hosts: Iterable[str],
        *,
        resolve: Resolve = resolved,
        tls: ssl.SSLContext | None = None,
        allows_loopback: bool = False,
        seconds: float = SECONDS,
    ) -> None:
        self._allowed = frozenset(map(allowed_host, allowed_hosts))
        self._resolve = resolve
        self._tls = tls or httpx.create_ssl_context(trust_env=False)
        self._seconds = seconds
        self._reachable = {"", LOOPBACK} if allows_loopback else {""}
        self._places = {host: Places() for host, _ in self._allowed}
        self._is_closed = False

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Fetch nothing any more; what is under way ends in its time."""
        self._is_closed = True

    def __call__(self, url: str) -> str:
        """Fetch a text, in a thread without an event loop.

        Args:
            url: absolute, http or https, without user and password.

        Returns:
            The answer's text, without NUL, which no store could keep.

        Raises:
            FetchRefused: it may not be asked for; or the answer is none that can be used, such
                as one of status 404 or one that is too long.
            FetchError: there is no answer in time, or a host that is busy or broken.

        """
        if self._is_closed:
            message = "HTTPGet has ended"
            raise FetchError(message)
        parsed = _parsed(url)
        self._check(parsed)
        with self._places[_host(parsed)].one():
            return asyncio.run(self._in_time(parsed))

    async def _in_time(self, url: httpx.URL) -> str:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._followed(url)
        except TimeoutError:
            message = f"the host takes longer than {self._seconds:g} seconds"
            raise FetchLate(message) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            message = f"the host's answer broke off ({type(error).__name__})"
            raise FetchError(message) from None

    async def _followed(self, url: httpx.URL) -> str:
        for _ in range(MOST_REDIRECTS + 1):
            answer = await self._asked(url)
            if not answer.location:
                return answer.text
            url = _redirected(url, answer.location)
        message = f"the host redirects more than {MOST_REDIRECTS} times"
        raise FetchRefused(message)

    async def _asked(self, url: httpx.URL) -> _Answer:
        for address in await self._addresses(url):
            try:
                return await self._exchanged(url, address)
            except httpx.ConnectError:
                continue
        message = "the host does not take a connection, or has no valid certificate"
        raise FetchError(message)

    def _check(self, url: httpx.URL) -> int:
        """Give the port of a URL, if its host may be asked on that."""
        if url.scheme not in PORTS or url.userinfo:
            message = "only http and https are fetched, without user and password"
            raise FetchRefused(message)
        own = PORTS[url.scheme]
        port = own if url.port is None else url.port
        if not {(_host(url), None if port == own else port), (_host(url), port)} & self._allowed:
            message = "the host is not on the allow-list"
            raise FetchRefused(message)
        return port

    async def _addresses(self, url: httpx.URL) -> Sequence[str]:
        """Give the addresses of a host, if it is allowed and every one of them is public."""
        port = self._check(url)
        found = await self._looked_up(_host(url), port)
        kinds = [kind for kind in map(kind_of, found) if kind not in self._reachable]
        if kinds:
            message = f"the host has a {kinds[0]} address"
            raise FetchRefused(message)
        return list(dict.fromkeys(found))[:MOST_ADDRESSES]

    async def _looked_up(self, host: str, port: int) -> Sequence[str]:
        try:
            found = await asyncio.wrap_future(begun(self._resolve, host, port))
        except (OSError, UnicodeError):
            found = ()
        if not found:
            message = "the host's name has no address"
            raise FetchError(message)
        return found

    async def _exchanged(self, url: httpx.URL, address: str) -> _Answer:
        """Ask one address, in the name of the host."""
        headers = {
            "Host": url.netloc.decode("ascii"),
            "User-Agent": "optin-engine",
            "Accept-Encoding": "identity",
        }
        async with (
            # A client for each request: it keeps no cookies and no connection.
            httpx.AsyncClient(
                verify=self._tls,
                trust_env=False,
                timeout=None,  # noqa: S113 - the whole call has its time, with all redirects.
            ) as client,
            client.stream(
                "GET",
                url.copy_with(host=address, fragment=None),
                headers=headers,
                # The certificate must be the name's, though the address is called.
                extensions={"sni_hostname": _host(url)},
            ) as response,
        ):
            return await _answer(response)


async def _answer(response: httpx.Response) -> _Answer:
    if response.status_code in _REDIRECTS and (location := response.headers.get("location", "")):
        return _Answer(location=location)
    if not response.is_success:
        message = f"the host answers with status {response.status_code}"
        is_for_now = response.is_server_error or response.status_code in _FOR_NOW
        raise (FetchError if is_for_now else FetchRefused)(message)
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        message = "the host answers in an encoding that was not asked for"
        raise FetchRefused(message)
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LONGEST_ANSWER:
            message = f"the host answers with more than {LONGEST_ANSWER:,} bytes"
            raise FetchRefused(message)
    charset = (response.charset_encoding or "").lower()
    text = body.decode(charset if charset in _CHARSETS else "utf-8-sig", errors="replace")
    return _Answer(text.replace("\0", ""))


def _parsed(url: str) -> httpx.URL:
    try:
        return httpx.URL(url.strip())
    except httpx.InvalidURL:
        message = "this is no URL"
        raise FetchRefused(message) from None


def _redirected(url: httpx.URL, location: str) -> httpx.URL:
    """Give where a redirect leads; what was asked for in secret is not repeated in the open."""
    followed = url.join(location)
    if url.scheme == "https" and followed.scheme != "https":
        message = "the host redirects from https to another scheme"
        raise FetchRefused(message)
    return followed


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii").lower().rstrip(".")


def allowed_host(host: str) -> tuple[str, int | None]:
    """Read a host of an allow-list.

    Returns:
        Its name or address, and its port; None: the scheme's own.

    Raises:
        ValueError: it is none.

    >>> allowed_host("API.example.com:8080")
    ('api.example.com', 8080)
    """
    try:
        url = httpx.URL(f"http://{host.strip()}")
    except httpx.InvalidURL:
        url = httpx.URL("http://")
    if not _HOST.fullmatch(_host(url)) or url.userinfo or url.raw_path != b"/" or url.fragment:
        message = f"{host!r} is no host such as api.example.com or api.example.com:8080"
        raise ValueError(message)
    return _host(url), url.port
