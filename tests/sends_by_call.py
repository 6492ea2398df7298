"""What the tests of messageContact and messageList share: messages, and a gateway behind it all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from optin_engine.service.bodies import MESSAGE, key_of
from optin_engine.service.dispatcher import Dispatcher
from optin_engine.stores import Mt, Send
from optin_engine.web.identifiers import decode, encode
from tests.mobileconnect import AGE
from tests.web_service import ALICE, DEFINITIONS, IN_THE_US, LONG, NUMBER, Caller, calling

STOCK = {
    "longCode": LONG,
    "messageName": "Prices",
    "keyword": "STOCK",
    "messageOptInType": "Text",
    "responseMessage": "ACME: 7",
}
PAST = {
    **IN_THE_US,
    "messageName": "Summer",
    "keyword": "SUMMER",
    "messageOptInType": "Single",
    "responseMessage": "It is summer.",
    "endDate": "2026-08-31",
}
# fmt: off
MESSAGES: tuple[Mapping[str, Any], ...] = (
    {**IN_THE_US,      "messageName": "Sale",   "messageText": "Sale on %%Day%%!"},
    {**IN_THE_US,      "messageName": "Blank"},
    {**IN_THE_US,      "messageName": "Asleep", "messageText": "Zzz",         "active": "false"},
    {**IN_THE_US,      "messageName": "Club",   "messageText": "Club night!", "keyword": "JOIN"},
    {**IN_THE_US,      "messageName": "Past",   "messageText": "Was it fun?", "keyword": "SUMMER"},
    {"longCode": LONG, "messageName": "Paper",  "messageText": "Here is the paper."},
)
# fmt: on
MESSAGING = {
    "codes": DEFINITIONS["codes"],
    "programs": [*DEFINITIONS["programs"], AGE, STOCK, PAST],
    "messages": MESSAGES,
}

# One that no message has.
UNKNOWN = encode(4_000_000, "message")


@pytest.fixture
def caller() -> Iterator[Caller]:
    with messaging() as caller:
        yield caller


@contextmanager
def messaging() -> Iterator[Caller]:
    """Give a caller of a service that has messages to send."""
    with calling(definitions=MESSAGING) as caller:
        yield caller


def id_of(caller: Caller, message: str, kind: str = "message object") -> str:
    """Give the identifier of a message by its name; any other text as it is."""
    known = caller.service.catalog.definitions()
    ids = {key_of(one)[3]: one.id for one in known if one.kind == MESSAGE}
    return encode(ids[message], kind) if message in ids else message


def path_of(caller: Caller, message: str, call: str = "messageContact") -> str:
    return f"/sms/v1/{call}/{id_of(caller, message)}/send"


def sent(caller: Caller, path: str, body: Mapping[str, Any]) -> Send:
    """Make a call that is taken; give the send that its token names."""
    answer = caller.post(path, body)
    assert answer.status_code == 202, answer.text
    assert [*answer.json()] == ["tokenId"]
    inner = decode(answer.json()["tokenId"], "send")
    assert isinstance(inner, int)
    send = caller.store.sends.find(inner)
    assert send is not None
    return send


def to_contacts(caller: Caller, message: str = "Sale", **body: Any) -> Send:
    """Send a message to Alice, or to whom is named."""
    given = (
        body if {"mobileNumbers", "subscribers"} & {*body} else {"mobileNumbers": [ALICE]} | body
    )
    return sent(caller, path_of(caller, message), given)


class Gateway:
    """A transport that keeps what it is handed."""

    def __init__(self) -> None:
        self.handed: list[Mt] = []

    def send(self, mt: Mt, key: str) -> str:
        self.handed.append(mt)
        return key

    def close(self) -> None: ...


def handed_over(caller: Caller) -> list[tuple[str, str]]:
    """Let the workers do what is due; give what the gateway was handed: to whom, by number."""
    while caller.service.enqueuer.step():
        pass
    gateway = Gateway()
    with Dispatcher(caller.store, gateway, clock=caller.clock) as dispatcher:
        while dispatcher.step():
            pass
    return sorted((mt.number.removeprefix("+"), mt.text) for mt in gateway.handed)


def keeps_nothing(caller: Caller) -> bool:
    """Tell whether no send, no contact and no key is kept of Alice."""
    caller.clock.pass_by(days=400)
    is_due = caller.store.sends.waiting(caller.clock())
    return not is_due and not caller.store.contacts(NUMBER) and not caller.store.numbers_of(["ann"])
