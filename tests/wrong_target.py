"""A service as teams write it for themselves: a webhook that is right, but for its faults.

It speaks as Twilio's customers do: a form comes in, TwiML goes out. Behind it is the engine;
before it stand the mistakes that this project was begun to end, each of which can be planted.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from optin_engine.account import Account
from optin_engine.engine import Engine
from optin_engine.vocabulary import Contact, Hears, Inbound, Instruction, State

Key = tuple[str, str]


class Fault(Enum):
    """What can be wrong with it, and what of SPEC that breaks."""

    LOWER_CASE_YES = "accepts yes only in lower case"
    FORGETS_PENDING = "remembers of all who were asked only the last"
    YES_AFTER_STOP = "resubscribes on YES after STOP"
    REPEATS = "answers a retried MO again"


class WrongTarget:
    """The service: contacts in memory, the wall clock, and faults."""

    def __init__(self, account: Account, faults: frozenset[Fault]) -> None:
        self.url = ""
        self._engine, self._faults = Engine(account), faults
        self._contacts: dict[Key, Contact] = {}
        self._answered: dict[str, list[str]] = {}
        self._turn = threading.Lock()

    def hear(self, mo_id: str, number: str, code: str, text: str) -> list[str]:
        """Hear an MO; give what to say."""
        with self._turn:
            if mo_id in self._answered and Fault.REPEATS not in self._faults:
                return []
            said = self._answered[mo_id] = self._heard(Inbound(text, _now()), (number, code))
            return said

    def _heard(self, mo: Inbound, key: Key) -> list[str]:
        contact = self._contacts.get(key) or Contact(*key)
        word = mo.text.strip(" .!").lower()
        if Fault.YES_AFTER_STOP in self._faults and word == "yes" and _has_left(contact):
            return self._brought_back(contact)
        if Fault.LOWER_CASE_YES in self._faults and word.startswith("y") and mo.text != "yes":
            mo = Inbound("what?", mo.received_at)
        outcome = self._engine.receive(contact, mo)
        if Fault.FORGETS_PENDING in self._faults and outcome.state == State.IN_PROGRESS:
            self._forget_pending()
        self._contacts[key] = outcome.contact
        return [mt.text for mt in outcome.outbound]

    def _brought_back(self, contact: Contact) -> list[str]:
        (left, *_) = contact.subscriptions
        order = Instruction(Hears.SUBSCRIBE, _now(), left.keyword, resubscribe=True)
        outcome = self._engine.instruct(contact, order)
        self._contacts[contact.number, contact.code] = outcome.contact
        program = self._engine.account.code(contact.code).programs[0]
        return [program.confirmation]

    def _forget_pending(self) -> None:
        for key, contact in list(self._contacts.items()):
            if contact.summary() == State.IN_PROGRESS:
                del self._contacts[key]


def _has_left(contact: Contact) -> bool:
    return contact.state == State.UNSUBSCRIBED and bool(contact.subscriptions)


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def wrong_target(account: Account, *faults: Fault) -> Iterator[WrongTarget]:
    """Serve on a free port of loopback until the block ends."""
    target = WrongTarget(account, frozenset(faults))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body leave together, or the caller waits for each by itself.
        wbufsize = -1

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fields = {
                name: values[0] for name, values in parse_qs(form, keep_blank_values=True).items()
            }
            said = target.hear(*(fields[name] for name in ("MessageSid", "From", "To", "Body")))
            messages = "".join(f"<Message>{escape(text)}</Message>" for text in said)
            body = f"<Response>{messages}</Response>".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        target.url = f"http://127.0.0.1:{server.server_port}/sms"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield target
        finally:
            server.shutdown()
            thread.join()
