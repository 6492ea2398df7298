"""A programme and the codes it lives on, as values; `definition` and `account` read them.

A `Program` is one opt-in message definition: keyword, opt-in type, texts and rules. A
`Code` is a short or long code with what it says itself, and the programmes on it.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import attrs
import msgspec

from optin_engine.folding import fold, words
from optin_engine.vocabulary import OptInType

CONFIRM_WITHIN = timedelta(hours=72)
AGE_RETRY_AFTER = timedelta(hours=24)
MAX_ATTEMPTS = 3
VALID_RESPONSES = ("y", "yes")

# The types that ask, and so wait for an answer.
ASKING = (OptInType.DOUBLE, OptInType.AGE)

# The westernmost zone there is: a birthday counts only once it has arrived everywhere.
LAST_ZONE = "Etc/GMT+12"


@attrs.frozen(slots=False)
class Program:
    """One opt-in programme. Times are durations; texts are empty where none is said.

    Attributes:
        name: MobileConnect's messageName.
        code: the digits of its short or long code.
        keyword: upper case, unique on its code.
        opt_in_type: how it asks for consent.
        response, initial, confirmation, duplicate, error, invalid_age, birth_date: its texts.
        valid_responses: what counts as YES.
        minimum_age: years; 0 where the type is not Age.
        accepts_age: a bare age such as `25` counts as an answer of the age gate.
        allow_single_opt_in: a web form, an app or an API may subscribe to a Single programme, or
            ask for a Text Response.
        start_date, end_date: the first and the last day of it, in `time_zone`.
        time_zone: an IANA name.
        confirm_within: how long an answer is awaited; None for ever.
        remind_after: when the initial message is repeated once; None never.
        max_attempts: how many replies that are no answer get one.
        age_retry_after: how long the age gate stays shut after too young an age.
        message_text, next_keyword: kept as MobileConnect does.
        messages: further texts by name, for extended flows.

    """

    name: str
    code: str
    keyword: str
    opt_in_type: OptInType
    response: str = ""
    initial: str = ""
    confirmation: str = ""
    birth_date: str = ""
    invalid_age: str = ""
    duplicate: str = ""
    error: str = ""
    valid_responses: tuple[str, ...] = VALID_RESPONSES
    minimum_age: int = 0
    accepts_age: bool = True
    allow_single_opt_in: bool = False
    start_date: date | None = None
    end_date: date | None = None
    time_zone: str = LAST_ZONE
    confirm_within: timedelta | None = CONFIRM_WITHIN
    remind_after: timedelta | None = None
    max_attempts: int = MAX_ATTEMPTS
    age_retry_after: timedelta = AGE_RETRY_AFTER
    message_text: str = ""
    next_keyword: str = ""
    messages: Mapping[str, str] = attrs.field(factory=dict, hash=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every attribute, as 64 hexadecimal digits.

        It is worked out and never given, so that no copy can carry another's digest.

        >>> len(Program("News", "123456", "JOIN", OptInType.SINGLE).digest)
        64
        """
        plain = {field.name: getattr(self, field.name) for field in attrs.fields(Program)}
        return hashlib.sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone its days are counted in."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def yes(self) -> frozenset[tuple[str, ...]]:
        """Its valid responses, folded to words; one without a word is never heard."""
        return frozenset(filter(None, (words(fold(said)) for said in self.valid_responses)))

    def is_active(self, at: datetime) -> bool:
        """Tell whether its keyword is its own at that moment (both days inclusive)."""
        if self.start_date is None and self.end_date is None:
            return True
        today = at.astimezone(self.zone).date()
        return (self.start_date or today) <= today <= (self.end_date or today)


@attrs.frozen
class OutboundMessage:
    """One message to many, as MobileConnect's message/outbound defines it.

    Attributes:
        name: MobileConnect's messageName.
        code: the digits of its short or long code.
        keyword: the programme that whoever it subscribes is subscribed to; empty for none.
        text: what it says, a template; empty where each send brings a text of its own.
        is_active: it may be sent.

    """

    name: str
    code: str
    keyword: str = ""
    text: str = ""
    is_active: bool = True


@attrs.frozen
class QuietHours:
    """When marketing sends wait, by the clock of whoever receives them.

    Attributes:
        start, end: times of day without a zone; the end may be on the next day.

    """

    start: time
    end: time

    def __str__(self) -> str:
        """Write it as a definition has it.

        >>> str(QuietHours(time(21), time(8)))
        '21:00-08:00'
        """
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@attrs.frozen(slots=False)
class Code:
    """A short or long code, what it says itself, and the programmes on it.

    Attributes:
        digits: the code without a plus sign.
        country: ISO 3166 alpha-2; empty where a long code's is not known.
        is_short: a short code, valid in its country only.
        brand: who speaks, as named in the messages.
        help, stop, start: its texts; `default` is empty where silence answers.
        programs: in the order of the definition.
        countries: where it may write to a number whose handset did not ask, ISO 3166
            alpha-2; none: everywhere.
        outbound: its messages to many, in the order of the definition.
        throughput: messages a second that it may hand over; None: as many as there are.
        quiet_hours: when its sends wait; None: never.

    """

    digits: str
    country: str = ""
    is_short: bool = True
    brand: str = ""
    help: str = ""
    stop: str = ""
    start: str = ""
    default: str = ""
    programs: tuple[Program, ...] = ()
    countries: tuple[str, ...] = ()
    outbound: tuple[OutboundMessage, ...] = ()
    throughput: float | None = None
    quiet_hours: QuietHours | None = None

    @cached_property
    def has_age_gate(self) -> bool:
        """Whether a programme of it asks for birth dates, so that digits may be personal."""
        return any(program.opt_in_type == OptInType.AGE for program in self.programs)

    @cached_property
    def by_keyword(self) -> Mapping[str, tuple[Program, ...]]:
        """Its programmes by folded keyword; of several, at most one is active at a time."""
        found: dict[str, tuple[Program, ...]] = {}
        for program in self.programs:
            (keyword,) = words(fold(program.keyword))
            found[keyword] = (*found.get(keyword, ()), program)
        return found
