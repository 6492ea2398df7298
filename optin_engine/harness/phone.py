"""A phone to try programmes with: it texts a code, gets the answers, and waits.

Its clock stands still except when it is told to move, so that a conversation over days
is played in an instant and always comes out the same.
"""

import re
from collections.abc import Iterator, MutableMapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import attrs

from optin_engine.account import Account
from optin_engine.engine import Engine
from optin_engine.harness.stories.story import AT_ONCE, Ordered
from optin_engine.outcome import Outcome
from optin_engine.vocabulary import Contact, Hears, Inbound, Instruction, Origin
from optin_engine.wording import shown

NUMBER = "+15555550123"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

# Two texts never come at the same moment: typing one takes a second.
TYPING = timedelta(seconds=1)

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
# ASCII, for in Unicode there is one letter more that is an `s` without regard to case.
_LETTERS = re.IGNORECASE | re.ASCII
_LENGTH = re.compile(r"\s*([0-9]{1,6})\s*([smhdw])", _LETTERS)
_LENGTHS = re.compile(rf"(?:{_LENGTH.pattern})+\s*", _LETTERS)
_NUMBER = re.compile(r"\+?([0-9]{8,15})")
_DECORATION = str.maketrans("", "", " -.()")


def duration(written: str) -> timedelta:
    """Read a length of time such as `45s`, `90m`, `23h`, `2d`, `1w` or `1d 12h`.

    Args:
        written: whole numbers, each with its unit: seconds, minutes, hours, days, weeks.

    Raises:
        ValueError: it is no length of time; the message says how one is written.

    >>> duration("1d 12h")
    datetime.timedelta(days=1, seconds=43200)
    """
    if not _LENGTHS.fullmatch(written):
        message = "a length of time is a number and a unit, such as 45s, 90m, 23h, 2d or 1w"
        raise ValueError(message)
    lengths = (
        timedelta(**{_UNITS[unit.lower()]: int(number)})
        for number, unit in _LENGTH.findall(written)
    )
    return sum(lengths, timedelta())


def phone_number(written: str) -> str:
    """Read a mobile number as people write it into E.164.

    Args:
        written: 8 to 15 digits with the calling code; a plus sign, spaces, dots, hyphens
            and parentheses are allowed.

    Raises:
        ValueError: it is no number; the message says how one is written.

    >>> phone_number("1 (555) 555-0123")
    '+15555550123'
    """
    number = _NUMBER.fullmatch(written.translate(_DECORATION))
    if number is None or not number[1].isascii():
        message = f"a number is 8 to 15 digits with the calling code, such as {NUMBER}"
        raise ValueError(message)
    return "+" + number[1]


# An engine holds definitions only, so the phones of one account share one: to make it takes
# as long as to play a story or two.
_engine_of = lru_cache(maxsize=64)(Engine)

# What an agent orders, as it is heard; a STOP is a text, wherever it comes from.
_HEARD = {
    Ordered.SUBSCRIBE: Hears.SUBSCRIBE,
    Ordered.RESUBSCRIBE: Hears.SUBSCRIBE,
    Ordered.UNSUBSCRIBE: Hears.UNSUBSCRIBE,
    Ordered.DEACTIVATE: Hears.DEACTIVATE,
}


def instruction_of(order: Ordered, keyword: str, at: datetime) -> Instruction:
    """Give what an agent orders as the engine and the service are told it.

    Args:
        order: what; a STOP is none of these, but a text.
        keyword: of which programme; not used by `DEACTIVATE`.
        at: when, timezone-aware.

    """
    return Instruction(_HEARD[order], at, keyword, order == Ordered.RESUBSCRIBE)


@attrs.define
class Phone:
    """A phone, an account to text, and the time.

    Args:
        account: the account whose codes are texted; change it with `define`.
        number: whose phone it is, in E.164; change it to be another contact.
        code: the digits of the code that is texted; by default the account's first one.
        at: what its clock shows, timezone-aware; change it with `wait` or `wait_until`.
        contacts: what is remembered of each (number, code); at first nothing.

    >>> from optin_engine.harness import starter
    >>> phone = Phone(starter())
    >>> phone.text("JOIN").state, phone.text("Yes please!").state
    (<State.IN_PROGRESS: 'In Progress'>, <State.SUBSCRIBED: 'Subscribed'>)
    >>> len(phone.received)
    2
    """

    account: Account
    number: str = attrs.field(default=NUMBER, converter=phone_number)
    code: str = attrs.field()
    at: datetime = NOON
    contacts: MutableMapping[tuple[str, str], Contact] = attrs.field(factory=dict, kw_only=True)
    _engine: Engine = attrs.field(init=False)
    _inbox: dict[str, list[str]] = attrs.field(factory=dict, init=False)
    _heard: set[tuple[str, str]] = attrs.field(factory=set, init=False)

    @code.default
    def _first_code(self) -> str:
        return next(iter(self.account.codes))

    def __attrs_post_init__(self) -> None:
        """Give the account its engine."""
        self.define(self.account)

    def define(self, account: Account) -> None:
        """Let the definitions of an account hold from now on; who is known stays known.

        Args:
            account: need not have the code that is texted, as long as it is not texted.

        """
        self.account, self._engine = account, _engine_of(account)

    @property
    def contact(self) -> Contact:
        """What the code that is texted remembers of this phone."""
        key = self.number, self.code
        return self.contacts.get(key) or Contact(*key)

    @property
    def state(self) -> str:
        """The one state that tells most of this phone on the code."""
        return self.contact.summary()

    @property
    def received(self) -> list[str]:
        """The texts that this phone got, the oldest first; HTTPGet is not called for them."""
        return list(self._inbox.get(self.number, ()))

    def text(
        self,
        text: str,
        origin: str = Origin.HANDSET,
        mo_id: str = "",
        ago: timedelta = AT_ONCE,
    ) -> Outcome:
        """Send a text to the code; afterwards the clock shows a second more.

        Args:
            text: any text.
            origin: where it comes from: `handset`, `web`, `app` or `api`.
            mo_id: the MO's id, for the consent records. One that the code heard before is a
                retry: it says what the text would be taken for now, and nothing comes of it.
            ago: how long ago it was sent; it was under way until now.

        """
        return self.hear(Inbound(text, self.at - ago, mo_id, Origin(origin)))

    def hear(self, inbound: Inbound) -> Outcome:
        """Send an MO as it is to the code, as `text` does."""
        contact, heard = self.contact, (self.code, inbound.id)
        outcome = self._engine.receive(contact, inbound)
        if heard in self._heard:
            outcome = _nothing_of(outcome, contact)
        elif inbound.id:
            self._heard.add(heard)
        return self._done(outcome)

    def order(self, order: Ordered | str, keyword: str = "") -> Outcome:
        """Let an agent or an API order something; afterwards the clock shows a second more.

        Args:
            order: what; a `STOP` is one by text, from an API in the contact's name.
            keyword: of which programme; not used by `STOP` and `DEACTIVATE`.

        """
        ordered = Ordered(order)
        if ordered == Ordered.STOP:
            return self.text(Ordered.STOP, Origin.API)
        instruction = instruction_of(ordered, keyword, self.at)
        return self._done(self._engine.instruct(self.contact, instruction))

    def wait(self, length: str | timedelta) -> list[Outcome]:
        """Let time pass, with every reminder and expiry that falls into it.

        Args:
            length: a `timedelta`, or one as `duration` reads it.

        Returns:
            What came of each deadline, of any contact, in the order of time.

        Raises:
            ValueError: it is no length of time, or it is past the end of the calendar.

        """
        passed = length if isinstance(length, timedelta) else duration(length)
        return self.wait_until(later(self.at, passed))

    def wait_until(self, moment: datetime) -> list[Outcome]:
        """Let time pass up to a moment, which may not be before the clock's.

        Args:
            moment: timezone-aware.

        Returns:
            What came of each deadline up to and with that moment.

        Raises:
            ValueError: the clock is past it.

        """
        if moment < self.at:
            message = f"the clock is past that: it shows {self.at:%Y-%m-%d %H:%M:%S %Z}"
            raise ValueError(message)
        outcomes = list(self._deadlines(moment))
        self.at = moment
        return outcomes

    def _deadlines(self, moment: datetime) -> Iterator[Outcome]:
        while due := [
            (deadline, key)
            for key, contact in self.contacts.items()
            if contact.code in self.account.codes
            and (deadline := self._engine.next_deadline(contact))
            and deadline <= moment
        ]:
            deadline, key = min(due)
            before = self.contacts[key]
            yield self._keep(self._engine.tick(before, deadline))
            if self.contacts[key] == before:
                # Another flow than ours may leave a deadline standing: it would pass for ever.
                message = f"a deadline passed that stays as it was: {deadline:%Y-%m-%d %H:%M} UTC"
                raise RuntimeError(message)

    def _done(self, outcome: Outcome) -> Outcome:
        self.at = later(self.at, TYPING)
        return self._keep(outcome)

    def _keep(self, outcome: Outcome) -> Outcome:
        contact = outcome.contact
        self.contacts[contact.number, contact.code] = contact
        self._inbox.setdefault(contact.number, []).extend(map(shown, outcome.outbound))
        return outcome


def later(moment: datetime, length: timedelta) -> datetime:
    """Give the moment that is so much later.

    Raises:
        ValueError: it is past the end of the calendar.

    """
    try:
        return moment + length
    except OverflowError:
        message = "the calendar ends with the year 9999"
        raise ValueError(message) from None


def _nothing_of(outcome: Outcome, contact: Contact) -> Outcome:
    """Give the outcome of a retry: it is read, and that is all."""
    return attrs.evolve(
        outcome,
        contact=contact,
        steps=(),
        outbound=(),
        records=(),
        refused=None,
        state=outcome.from_state,
    )
