"""The other end of the webhook transport: it writes down every MT that reaches it."""

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import attrs
from standardwebhooks import Webhook

from tests.faults.waiting import PATIENCE_SECONDS

SECRET = "whsec_" + "b3B0LWluIGZhdWx0cyBvcHQtaW4gZmF1bHRz"
TAKEN = 200


@attrs.frozen
class Arrival:
    """One request: its idempotency key, what it holds, and whether it was taken."""

    key: str
    body: Any
    is_taken: bool


class Receiver:
    """An HTTP server on the loopback that takes MTs, in threads of this process.

    Attributes:
        arrivals: every signed request so far, in the order of arrival.
        status: what is answered.
        may_answer: no answer is given before this is set.

    """

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.status = TAKEN
        self.may_answer = threading.Event()
        self.may_answer.set()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.receiver = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def settle(self) -> None:
        """Wait until all that a killed process had written to its sockets was read.

        Connections are accepted in their order, so once our own is served, each of an
        earlier process is known, and ends when what it brought was taken.
        """
        line = http.client.HTTPConnection("127.0.0.1", self._server.server_port, PATIENCE_SECONDS)
        line.request("GET", "/")
        line.getresponse().read()
        line.close()
        with self._server.changed:
            assert self._server.changed.wait_for(lambda: not self._server.live, PATIENCE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.may_answer.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    receiver: Receiver
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.live = 0
        self.changed = threading.Condition()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.count(1)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.count(-1)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a killed process hears no answer."""

    def count(self, more: int) -> None:
        with self.changed:
            self.live += more
            self.changed.notify_all()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer(TAKEN)

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        Webhook(SECRET).verify(content, dict(self.headers.items()))
        receiver = self.server.receiver
        status = receiver.status
        key, is_taken = self.headers["webhook-id"], status == TAKEN
        receiver.arrivals.append(Arrival(key, json.loads(content), is_taken))
        receiver.may_answer.wait()
        self._answer(status)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass
