"""A carrier to send to: Twilio's Messages API, played on this machine for whoever is tested.

Give a system the carrier's URL in place of Twilio's (`base_url`, `TWILIO_API_URL`, or whatever
it is called there), with any account SID and any token, and what it sends arrives here.
"""

import json
import secrets
import threading
from collections.abc import Collection, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from re import compile as pattern
from time import monotonic
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import attrs

HOST = "127.0.0.1"
LARGEST_FORM = 64 * 1024

# Twilio's codes for a field that is missing.
REQUIRED = {"To": 21604, "Body": 21602}
SENDERS = ("From", "MessagingServiceSid")
NO_SENDER = 21603

_MESSAGES = pattern(r"/2010-04-01/Accounts/([^/]+)/Messages(\.json)?/?")


@attrs.frozen
class Sent:
    """One MT that was sent: whom to, with a plus sign, and its text."""

    number: str
    text: str


class Carrier:
    """Takes what is sent, from `start` to `close`; shared by threads.

    Args:
        port: where to listen, on this machine only; 0: any that is free.

    >>> with Carrier() as carrier:
    ...     carrier.url.startswith("http://127.0.0.1:"), carrier.sent()
    (True, ())

    """

    def __init__(self, port: int = 0) -> None:
        self._came = threading.Condition()
        self._sent: list[Sent] = []
        self._server = _Server((HOST, port), _handler_for(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens, without a slash at its end."""
        return f"http://{HOST}:{self._server.server_port}"

    def take(self, sent: Sent) -> None:
        """Keep an MT, and tell whoever waits."""
        with self._came:
            self._sent.append(sent)
            self._came.notify_all()

    def sent(self, numbers: Collection[str] | None = None, after: int = 0) -> Sequence[Sent]:
        """Give what was sent to some numbers, or to all, but for so many of the first."""
        with self._came:
            return self._to(numbers)[after:]

    def wait_for(self, numbers: Collection[str], count: int, seconds: float) -> bool:
        """Wait until so much was sent to some numbers; tell whether it was, in so long."""
        until = monotonic() + seconds
        with self._came:
            while len(self._to(numbers)) < count:
                if not self._came.wait(max(0.0, until - monotonic())) and monotonic() >= until:
                    return len(self._to(numbers)) >= count
            return True

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        """Use it until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _to(self, numbers: Collection[str] | None) -> tuple[Sent, ...]:
        return tuple(one for one in self._sent if numbers is None or one.number in numbers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Pass over a caller who hung up."""


def _handler_for(carrier: Carrier) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Take one message, as Twilio does; who logs in is not looked at."""
            asked = _MESSAGES.fullmatch(urlsplit(self.path).path)
            length = int(self.headers.get("Content-Length") or 0)
            if asked is None or length > LARGEST_FORM:
                self.close_connection = True
                self._answer(HTTPStatus.NOT_FOUND, _fault(20404, "The resource was not found"))
                return
            form = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
            if fault := _fault_of(form):
                self._answer(HTTPStatus.BAD_REQUEST, fault)
                return
            sid = f"SM{secrets.token_hex(16)}"
            carrier.take(Sent("+" + form["To"].lstrip("+ "), form["Body"]))
            sender = {"from": form.get("From"), "to": form["To"], "body": form["Body"]}
            self._answer(
                HTTPStatus.CREATED,
                {"sid": sid, "account_sid": asked[1], "status": "queued", **sender},
            )

        def _answer(self, status: HTTPStatus, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: a log would show numbers."""

    return Handler


def _fault_of(form: dict[str, str]) -> dict[str, Any] | None:
    for name, code in REQUIRED.items():
        if not form.get(name):
            return _fault(code, f"{name} is required.")
    if not any(form.get(name) for name in SENDERS):
        return _fault(NO_SENDER, "From or MessagingServiceSid is required.")
    return None


def _fault(code: int, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "status": HTTPStatus.BAD_REQUEST}
