"""What the tests of the sender share: a message of the service's code, and orders to send it."""

from collections.abc import Sequence
from typing import Any

from optin_engine.outcome import ConsentRecord
from optin_engine.program import OutboundMessage
from optin_engine.service.outbound.orders import ContactOrder, DefinedMessage, ListOrder
from optin_engine.service.service import Service
from optin_engine.stores import Fate, Member, Send, SendState, Store
from tests.serving import CODE, Phone

SALE = "Sale on Sunday!"
MESSAGE = DefinedMessage(30, 2, OutboundMessage("Sale", CODE, "NEWS", SALE))


def to(*recipients: str | Member, text: str = SALE, **fields: Any) -> ContactOrder:
    members = [Member(each) if isinstance(each, str) else each for each in recipients]
    return ContactOrder(MESSAGE, text, recipients=members, **fields)


def to_lists(*targets: int, text: str = SALE, **fields: Any) -> ListOrder:
    return ListOrder(MESSAGE, text, targets=targets, **fields)


def joined(service: Service, *numbers: str, keyword: str = "NEWS") -> None:
    for number in numbers:
        Phone(service, number).texts(keyword)


def queued(service: Service, send: Send) -> Send:
    """Let the enqueuer deal with everything that waits, and give the send as it is then."""
    while service.enqueuer.step():
        pass
    found = service.sender.find(send.id)
    assert found is not None
    return found


def told(store: Store, send: Send) -> list[tuple[str, str]]:
    return [(mt.number, mt.text) for mt in store.sends.mts(send.id) if mt.fate == Fate.QUEUED]


def records(store: Store, number: str) -> Sequence[ConsentRecord]:
    chain = store.chain(CODE, number)
    return chain.records if chain else ()


def is_over(send: Send | None) -> bool:
    return send is not None and send.state in {SendState.CANCELLED, SendState.ERROR}
