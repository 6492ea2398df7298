"""A gateway to send to: a real HTTP server on a free port of loopback, that keeps what came."""

import base64
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import attrs
import pytest

# What a webhook is signed with.
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()

# More than anything here takes; a test that waits so long has failed.
PATIENCE_SECONDS = 60


@attrs.frozen
class Received:
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@attrs.frozen
class Reply:
    """What to answer; if it is held, not before the receiver is released."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = attrs.field(factory=dict)
    is_held: bool = False


class Receiver:
    """What came, and what the next requests are answered, in order; then always `Reply()`."""

    def __init__(self) -> None:
        self.url = ""
        self.received: list[Received] = []
        self.replies: list[Reply] = []
        self.released = threading.Event()
        self._came = threading.Condition()

    def take(self, received: Received) -> Reply:
        with self._came:
            self.received.append(received)
            self._came.notify_all()
            return self.replies.pop(0) if self.replies else Reply()

    def wait_for(self, count: int) -> list[Received]:
        """Give what came, once it is so much."""
        with self._came:
            came = self._came.wait_for(lambda: len(self.received) >= count, PATIENCE_SECONDS)
            assert came, f"{len(self.received)} of {count} requests came"
            return list(self.received)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive until the block ends."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reply = receiver.take(Received(self.path, dict(self.headers.items()), body))
            if reply.is_held:
                receiver.released.wait(PATIENCE_SECONDS)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in reply.headers:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
            # Whoever was promised more than came finds the connection closed.
            self.close_connection |= "Content-Length" in reply.headers

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Pass over a caller who hung up."""

    with Server(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            receiver.released.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver
