"""A host to fetch from: a real HTTP server on a free port of loopback, with or without TLS."""

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import attrs

# More than anything here takes.
PATIENCE_SECONDS = 60


@attrs.frozen
class Answer:
    """What a path is answered.

    Attributes:
        drips: after its headers it goes on for ever, byte by byte, and so do the headers
            where it has no body.

    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict)
    drips: bool = False


@attrs.define
class Host:
    """What is answered, and the requests that came: path, and headers by lower-case name."""

    answers: dict[str, Answer] = attrs.field(factory=dict)
    port: int = 0
    asked: list[tuple[str, Mapping[str, str]]] = attrs.field(factory=list)
    closed: threading.Event = attrs.field(factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        host = self.server.host
        headers = {name.lower(): value for name, value in self.headers.items()}
        host.asked.append((self.path, headers))
        answer = host.answers.get(self.path.partition("?")[0], Answer(b"none", 404))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.drips and not answer.body:
            self.flush_headers()
            self.wfile.write(b"X-Drip: ")
        else:
            self.end_headers()
        self.wfile.write(answer.body)
        while answer.drips and not host.closed.wait(0.01):
            self.wfile.write(b"x")

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    host: Host

    def handle_error(self, *_: object) -> None:
        """Pass over a caller who hung up."""


@contextmanager
def answering(answers: Mapping[str, Answer], tls: ssl.SSLContext | None = None) -> Iterator[Host]:
    """Answer until the block ends."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.host = Host(dict(answers), server.server_port)
        if tls:
            server.socket = tls.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.host
        finally:
            server.host.closed.set()
            server.shutdown()
            thread.join(PATIENCE_SECONDS)
