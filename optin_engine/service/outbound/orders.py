"""What a caller asks to send, as values; whatever is wrong with it was said before."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import attrs

from optin_engine.program import OutboundMessage
from optin_engine.stores import Member


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
        recipients: whom, each number once.
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
