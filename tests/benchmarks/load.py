"""A load of POST requests over a fixed number of connections, each always with one in flight.

The server runs in another process, so that the load takes nothing from its interpreter. It
speaks just the HTTP that an answer with a Content-Length needs.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from time import perf_counter
from urllib.parse import urlsplit

import attrs

END_OF_HEAD = b"\r\n\r\n"
OK = b"HTTP/1.1 200"


class NotServedError(Exception):
    """The server answered something other than 200; the figures would mean nothing."""


@attrs.define
class _Connection(asyncio.Protocol):
    """One connection: sends the next request as soon as the answer is whole."""

    requests: Iterator[bytes]
    done: asyncio.Future[None]
    served: list[int]
    received: bytearray = attrs.field(factory=bytearray)
    transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, body = bytes(self.received).partition(END_OF_HEAD)
        if not found or len(body) < _content_length(head):
            return
        if not head.startswith(OK):
            self._finish(NotServedError(head.decode("latin-1") + body.decode("utf-8", "replace")))
            return
        self.received.clear()
        self.served[0] += 1
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._finish(exc or NotServedError("the server closed the connection"))

    def _next(self) -> None:
        assert self.transport is not None
        request = next(self.requests, None)
        if request is None:
            self._finish(None)
            self.transport.close()
        else:
            self.transport.write(request)

    def _finish(self, error: Exception | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def _request(url: str, headers: Mapping[str, str], body: bytes) -> bytes:
    target = urlsplit(url)
    fields = {"Host": target.netloc, "Content-Type": "application/json", **headers}
    fields["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"POST {target.path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def _run(requests: Sequence[bytes], host: str, port: int, connections: int) -> float:
    loop, waiting, served = asyncio.get_running_loop(), iter(requests), [0]
    done = [loop.create_future() for _ in range(connections)]
    begun = perf_counter()
    for future in done:
        connection = partial(_Connection, waiting, future, served)
        await loop.create_connection(connection, host, port)
    await asyncio.gather(*done)
    return served[0] / (perf_counter() - begun)


def post_all(
    url: str, headers: Mapping[str, str], bodies: Sequence[bytes], connections: int
) -> float:
    """Post every body once, and give the answers a second.

    Args:
        url: on loopback.
        headers: further ones, such as the token.
        bodies: JSON.
        connections: how many requests are in flight.

    Raises:
        NotServedError: an answer was not 200.

    """
    target = urlsplit(url)
    assert target.hostname is not None
    assert target.port is not None
    requests = [_request(url, headers, body) for body in bodies]
    return asyncio.run(_run(requests, target.hostname, target.port, connections))
