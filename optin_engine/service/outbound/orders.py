"""What a caller asks to send, as values; whatever is wrong with it was said before."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import attrs
import msgspec

from optin_engine.program import OutboundMessage
from optin_engine.stores import Member, Send


@attrs.frozen
class DefinedMessage:
    """An outbound message as it is defined now.

    Attributes:
        id, version: of its definition.
        message: it.

    """

    id: int
    version: int
    message: OutboundMessage


@attrs.frozen
class Blackout:
    """A daily window in which nothing of a send is handed over.

    Attributes:
        offset: of its clock from UTC.
        start, end: times of day by that clock; the end may be on the next day.

    """

    offset: timedelta
    start: time
    end: time


@attrs.frozen
class Options:
    """What the service alone wants to know of a send; `Send.options` keeps it as JSON.

    Attributes:
        blackout: when the send waits; None: never.

    >>> night = Blackout(timedelta(hours=-5), time(21), time(8))
    >>> Options(night).packed()
    b'{"blackout":{"end":"08:00:00","offset":"-PT18000S","start":"21:00:00"}}'

    """

    blackout: Blackout | None = None

    def packed(self) -> bytes:
        """Give it as a send keeps it."""
        return msgspec.json.encode(self, order="sorted")

    @classmethod
    def of(cls, send: Send) -> "Options":
        """Give those of a send."""
        return msgspec.json.decode(send.options, type=cls)


@attrs.frozen
class Order:
    """One send to be made.

    Attributes:
        message: what is sent, and by which code.
        text: what it says, a template: the message's, or the caller's own.
        due_at: when it begins; None: at once.
        blackout: when it waits; None: never.

    """

    message: DefinedMessage
    text: str
    due_at: datetime | None = None
    blackout: Blackout | None = None


@attrs.frozen
class ContactOrder(Order):
    """A send to some contacts (MobileConnect's messageContact).

    Attributes:
        recipients: whom. A number may stand with several keys, which name it all; it is told
            once, with the attributes that were given last.
        keyword: the programme that they are subscribed to by the flags; empty without any.
        subscribe: who is nothing on the code yet is subscribed first.
        resubscribe: who has opted out is subscribed again first.

    """

    recipients: Sequence[Member] = ()
    keyword: str = ""
    subscribe: bool = False
    resubscribe: bool = False


@attrs.frozen
class ListOrder(Order):
    """A send to the members of lists (MobileConnect's messageList).

    Attributes:
        targets, excluded: ids of lists; who is in any excluded one receives nothing.

    """

    targets: Sequence[int] = ()
    excluded: Sequence[int] = ()
