"""The field's own words, as values.

Everything that crosses a wall of this house is a frozen value: what was heard (`Inbound`,
`Instruction`, `Reading`) and what is remembered (`Contact`, `Subscription`) are here, what
comes of it is in `outcome`. None of them does anything. All times are timezone-aware
datetimes, ISO 8601 in JSON.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

import attrs
import msgspec

T = TypeVar("T")


class Word(StrEnum):
    """A word of the vocabulary; it equals and hashes as the string it stands for."""

    __hash__ = str.__hash__


class OptInType(Word):
    """How a programme asks for consent (MobileConnect's messageOptInType); `TEXT` asks for none."""

    SINGLE = "Single"
    DOUBLE = "Double"
    AGE = "Age"
    TEXT = "Text"


class State(Word):
    """Where a subscription stands. Only `SUBSCRIBED` may receive programme messages."""

    NONE = "None"
    IN_PROGRESS = "In Progress"
    SUBSCRIBED = "Subscribed"
    UNSUBSCRIBED = "Unsubscribed"
    DECLINED = "Declined"


class Hears(Word):
    """Everything a machine can hear: readings of an MO, deadlines, and instructions."""

    REACTION = "REACTION"
    STOP = "STOP"
    HELP = "HELP"
    JOIN = "JOIN"
    START = "START"
    YES = "YES"
    NO = "NO"
    BIRTH_DATE = "BIRTH_DATE"
    OTHER = "OTHER"
    UNMATCHED = "UNMATCHED"
    EXPIRE = "EXPIRE"
    REMIND = "REMIND"
    SUBSCRIBE = "SUBSCRIBE"
    UNSUBSCRIBE = "UNSUBSCRIBE"
    DEACTIVATE = "DEACTIVATE"


class Says(Word):
    """The kinds of MT: the first seven are a programme's texts, the rest the code's."""

    NOTHING = "nothing"
    RESPONSE = "response"
    INITIAL = "initial"
    BIRTH_DATE = "birth date"
    CONFIRMATION = "confirmation"
    ERROR = "error"
    INVALID_AGE = "invalid age"
    DUPLICATE = "duplicate"
    STOP = "stop"
    HELP = "help"
    START = "start"
    DEFAULT = "default"


class Refusal(Word):
    """Why something heard was not acted on."""

    DOUBLE_OPT_IN_REQUIRED = "double opt-in required"
    OPTED_OUT = "opted out"
    AGE_NOT_CONFIRMED = "age not confirmed"
    HANDSET_ONLY = "handset only"
    STALE = "stale"
    UNKNOWN_KEYWORD = "unknown keyword"
    SUBSCRIBES_NOBODY = "subscribes nobody"


class Origin(Word):
    """Where an MO really came from; a queueMO replays one for a web form or an app."""

    HANDSET = "handset"
    WEB = "web"
    APP = "app"
    API = "api"


class Verdict(Word):
    """What a birth date or an age says about a minimum age."""

    OLD_ENOUGH = "old_enough"
    TOO_YOUNG = "too_young"
    AMBIGUOUS = "ambiguous"


@attrs.frozen
class Inbound:
    """One MO: a text from a handset, or one replayed for a web form, an app or an API.

    Args:
        text: the text as it arrived; any characters, any length.
        received_at: when it arrived, timezone-aware.
        id: the provider's id of the MO; empty where there is none.
        origin: where it really came from.
        attributes: what texts may say of the contact (`%%First Name%%`); None for nothing.

    """

    text: str
    received_at: datetime
    id: str = ""
    origin: str = Origin.HANDSET
    attributes: Mapping[str, str] | None = attrs.field(default=None, hash=False)


@attrs.frozen
class Instruction:
    """What an API or an agent orders for a contact, without an MO.

    Args:
        hears: `SUBSCRIBE` or `UNSUBSCRIBE` (one programme), or `DEACTIVATE` (the number
            was reassigned: every consent of it on the code is void).
        at: when it was ordered, timezone-aware.
        keyword: the programme's keyword; not used by `DEACTIVATE`.
        resubscribe: with `SUBSCRIBE`, bring back a contact that has opted out.
        id: the caller's id of the order; empty where there is none.

    >>> from datetime import UTC
    >>> Instruction(Hears.SUBSCRIBE, datetime(2026, 11, 21, tzinfo=UTC), "JOIN").resubscribe
    False

    """

    hears: Hears
    at: datetime
    keyword: str = ""
    resubscribe: bool = False
    id: str = ""


@attrs.frozen
class Reading:
    """What a text (or a deadline, or an instruction) was taken for, and why.

    Attributes:
        hears: what the machine is told.
        rule: the rule of reading that decided.
        matched: the words that it matched; for a birth date only that one was given.
        keyword: the keyword of a JOIN.
        nouns: the words after the keyword of a JOIN.
        verdict: what a BIRTH_DATE says about the programme's minimum age.

    """

    hears: Hears
    rule: str
    matched: str = ""
    keyword: str = ""
    nouns: tuple[str, ...] = ()
    verdict: Verdict | None = None


@attrs.frozen(weakref_slot=False)
class Subscription:
    """The state and the facts of one contact in one programme.

    Attributes:
        keyword: the programme's keyword on the contact's code.
        state: a `State`, or a state that an extended flow added.
        since: when the state was entered.
        prompt: the question that is open: `initial`, `birth date`, or an extended flow's.
        prompted_at: when the contact was last asked for an answer.
        attempts: replies since the flow began that were no answer.
        expires_at: the deadline of the answer; None never expires.
        remind_at: when the one reminder is due; None when there is none, or no more.
        locked_until: the age gate's cool-down; it outlives STOP, NO and expiry.
        of_age_at: when the contact last passed the age gate.

    """

    keyword: str
    state: str = State.NONE
    since: datetime | None = None
    prompt: str = ""
    prompted_at: datetime | None = None
    attempts: int = 0
    expires_at: datetime | None = None
    remind_at: datetime | None = None
    locked_until: datetime | None = None
    of_age_at: datetime | None = None


@attrs.frozen(weakref_slot=False)
class Contact:
    """One mobile number as seen by one code; all that is remembered of it.

    Attributes:
        number: E.164, such as `+15555550123`.
        code: the short or long code, digits only.
        state: `UNSUBSCRIBED` once it said STOP to the code and until it comes back,
            also where it never subscribed; else `NONE`.
        subscriptions: one for each keyword, the last changed last.
        stopped_at: when it last said STOP; an MO from before that is stale.
        said: when each text that the code says at most once a day was last said, by kind.
        sequence: how many consent records there are of it.
        chain: the digest of the last of them (64 hexadecimal digits as 32 bytes).

    """

    number: str
    code: str
    state: str = State.NONE
    subscriptions: tuple[Subscription, ...] = ()
    stopped_at: datetime | None = None
    said: tuple[tuple[str, datetime], ...] = ()
    sequence: int = 0
    chain: bytes = b""

    def subscription(self, keyword: str) -> Subscription:
        """Give the subscription to a keyword, in any case; a blank one where there is none.

        A contact that opted out of the code is Unsubscribed from every programme of it,
        also from one that it never joined.

        >>> Contact("+15555550123", "123456").subscription("join").state
        <State.NONE: 'None'>
        """
        wanted = keyword.upper()
        for subscription in self.subscriptions:
            if subscription.keyword == wanted:
                return subscription
        return Subscription(wanted, self.state)

    def last_said(self, kind: str) -> datetime | None:
        """Give when a text that is said at most once a day was last said, if ever.

        >>> Contact("+15555550123", "123456").last_said(Says.STOP) is None
        True
        """
        for said, at in self.said:
            if said == kind:
                return at
        return None

    def summary(self) -> str:
        """Give the one state that tells most of the contact on the code.

        `UNSUBSCRIBED` after a STOP; else the furthest state of its subscriptions.
        """
        if self.state == State.UNSUBSCRIBED or not self.subscriptions:
            return self.state
        if len(self.subscriptions) == 1:
            return self.subscriptions[0].state
        return min((s.state for s in self.subscriptions), key=_nearness)


# The furthest state first; a state that an extended flow added counts as In Progress.
_FURTHEST = (State.SUBSCRIBED, State.IN_PROGRESS, State.DECLINED, State.UNSUBSCRIBED, State.NONE)


def _nearness(state: str) -> int:
    return _FURTHEST.index(State(state)) if state in _FURTHEST else 1


def to_json(value: object) -> Any:
    """Give any of these values as plain JSON values (dicts, lists, strings, numbers).

    >>> to_json(Subscription("JOIN"))["state"]
    'None'
    """
    return msgspec.to_builtins(value)


def from_json(kind: type[T], plain: object) -> T:
    """Read a value of `kind` back from what `to_json` gave; it equals the first one.

    Raises:
        msgspec.ValidationError: a field is missing or of another shape; names its path.

    >>> from_json(Subscription, {"keyword": "JOIN", "state": "Subscribed"}).state
    'Subscribed'
    """
    return msgspec.convert(plain, kind)
