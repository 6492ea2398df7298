"""What a store keeps of lists and of sends: one text to many contacts, by a campaign or an API.

All times are timezone-aware; a store gives them back in UTC.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import attrs

from optin_engine.vocabulary import Word

OUTBOUND = "outbound"
"""The `kind` of an MT of a send; its `origin` is empty, because it answers nobody."""


class SendKind(Word):
    """Who receives a send; one to contacts is handed over before any to a list."""

    CONTACT = "contact"
    LIST = "list"


class SendState(Word):
    """How far a send is; all but the last two are MobileConnect's words."""

    NEW = "New"
    QUEUING = "Queuing"
    STARTED = "Started"  # all of its MTs are queued, or were handed over
    FINISHED = "Finished"
    ERROR = "Error"
    PAUSED = "Paused"
    CANCELLED = "Cancelled"


@attrs.frozen
class MemberList:
    """A named set of numbers; the list of a contact send is its own, and has no name."""

    id: int
    name: str
    at: datetime


@attrs.frozen
class Member:
    """One number of a list.

    Attributes:
        number: E.164.
        key: the subscriber key that it was given under; may be empty.
        attributes: what texts may say of it; None where it has none of its own.

    """

    number: str
    key: str = ""
    attributes: Mapping[str, str] | None = None


@attrs.frozen
class Text:
    """What one member is told, its encoding (`GSM-7` or `UCS-2`), and how many SMS it takes."""

    text: str
    encoding: str
    segments: int


Render = Callable[[Member], Text | None]
"""Gives the text for a member, at once and without waiting; None: nothing is said to it."""


@attrs.frozen
class Send:
    """One send, and how far it is.

    Attributes:
        id: its own; 0 until it is added.
        kind: who receives it.
        code: who says it.
        keyword: of the definition; its MTs have it, and it may be empty.
        message, version: the definition's id and version.
        text: the same for all, with its encoding and segments; or the template of the texts.
        at: when it was ordered.
        due_at: when it begins; None: at once.
        is_template: each member has a text of its own.
        targets: the ids of the lists whose members receive it.
        excluded: the ids of the lists whose members do not.
        options: what else the service wants to know of it, as JSON.
        state: how far it is.
        cursor: the last number that was dealt with.
        queued, dropped: how many members were told, and how many may not be.
        queued_at: when the last of them was dealt with.
        finished_at: when nothing of it was left to hand over.
        error: why its state is `ERROR`.
        claim: what a retry of the order is known by; empty where it cannot be known. No two
            sends have the same.
        request: a digest of what was asked for, which a retry has, too.

    """

    id: int
    kind: SendKind
    code: str
    keyword: str
    message: int
    version: int
    text: Text
    at: datetime
    due_at: datetime | None = None
    is_template: bool = False
    targets: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    options: bytes = b"{}"
    state: SendState = SendState.NEW
    cursor: str = ""
    queued: int = 0
    dropped: int = 0
    queued_at: datetime | None = None
    finished_at: datetime | None = None
    error: str = ""
    claim: bytes = b""
    request: bytes = b""

    def begins(self, now: datetime) -> bool:
        """Tell whether members wait to be dealt with, and it is time."""
        is_open = self.state in {SendState.NEW, SendState.QUEUING}
        return is_open and (self.due_at is None or self.due_at <= now)

    def after(self, page: int, queued: int, cursor: str) -> "Send":
        """Give the send with one page of its members dealt with.

        Args:
            page: how many members were on it.
            queued: how many of them are told.
            cursor: the last of them.

        """
        return attrs.evolve(
            self,
            state=SendState.QUEUING,
            cursor=cursor,
            queued=self.queued + queued,
            dropped=self.dropped + page - queued,
        )

    def all_queued(self, now: datetime) -> "Send":
        """Give the send with all of its members dealt with; nobody's number stays in it."""
        return attrs.evolve(self, state=SendState.STARTED, cursor="", queued_at=now)
