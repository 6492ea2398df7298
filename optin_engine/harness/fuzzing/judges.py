"""Who says what must come of each turn: the oracle, or the engine itself.

A judge is told what was done and what came of it, and gives what had to. The oracle judges the
engine, and takes over from it the reading of a text whose meaning nobody wrote down. The engine
judges a target that is another system.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol

import attrs

from optin_engine.account import Account
from optin_engine.harness.fuzzing.oracle import Phone, Said
from optin_engine.harness.fuzzing.oracle_reading import Meaning
from optin_engine.harness.fuzzing.plain import Plain, plain_code, plain_program
from optin_engine.harness.stories.story import Order, Ordered
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.harness.targets.target import Came, Message
from optin_engine.vocabulary import Hears, Inbound, Origin, Reading, Verdict


@attrs.frozen
class Deed:
    """What was done to a target.

    Attributes:
        asked: the MO that came, or what was ordered; None where time passed.
        now: what the clock shows then, or to which moment time passed.
        code, number: whose turn it is; empty where time passed.
        is_retry: the MO had come before.

    """

    asked: Inbound | Order | None
    now: datetime
    code: str = ""
    number: str = ""
    is_retry: bool = False


class Judge(Protocol):
    """Who says what must come, for the length of one conversation."""

    def define(self, account: Account, at: datetime) -> None:
        """Take these programmes; called once, first."""

    def expect(self, deed: Deed, came: Came) -> Came:
        """Give what must come of a deed; `readings` is what the last text or order is.

        Args:
            deed: what was done.
            came: what came of it at the target.

        """

    def state(self, code: str, number: str, keyword: str) -> str:
        """Give where a programme must stand; without keyword the contact."""


class EngineJudge:
    """The engine, for a target that is another system.

    >>> from optin_engine.harness import starter
    >>> from optin_engine.harness.phone import NOON
    >>> judge = EngineJudge()
    >>> judge.define(starter(), NOON)
    >>> must = judge.expect(Deed(Inbound("STOP", NOON), NOON, "123456", "+15555550123"), Came())
    >>> len(must.said), judge.state("123456", "+15555550123", "")
    (1, 'Unsubscribed')
    """

    def __init__(self) -> None:
        self._engine = EngineTarget()

    def define(self, account: Account, at: datetime) -> None:
        """Take these programmes."""
        self._engine.define(account, at)

    def expect(self, deed: Deed, came: Came) -> Came:  # noqa: ARG002 - it needs no telling.
        """Give what comes of a deed at the engine."""
        match deed.asked:
            case Inbound():
                return self._engine.text(deed.code, deed.number, deed.asked, deed.now)
            case Order():
                return self._engine.order(deed.code, deed.number, deed.asked, deed.now)
            case None:
                return self._engine.wait_until(deed.now)

    def state(self, code: str, number: str, keyword: str) -> str:
        """Give where a programme stands at the engine."""
        return str(self._engine.state(code, number, keyword))


class OracleJudge:
    """The oracle, for the engine itself.

    >>> from optin_engine.harness import starter
    >>> from optin_engine.harness.phone import NOON
    >>> judge = OracleJudge()
    >>> judge.define(starter(), NOON)
    >>> must = judge.expect(Deed(Inbound("join", NOON), NOON, "123456", "+15555550123"), Came())
    >>> len(must.said), judge.state("123456", "+15555550123", "")
    (1, 'In Progress')
    """

    def __init__(self) -> None:
        self._plain: Mapping[str, tuple[Plain, Sequence[Plain]]] = {}
        self._phones: dict[tuple[str, str], Phone] = {}

    def define(self, account: Account, at: datetime) -> None:  # noqa: ARG002 - it has no clock.
        """Take these programmes."""
        self._plain = _plain(account)

    def expect(self, deed: Deed, came: Came) -> Came:
        """Give what the oracle says must come."""
        match deed.asked:
            case Inbound():
                return Came() if deed.is_retry else self._text(deed, deed.asked, came)
            case Order():
                return self._order(deed, deed.asked)
            case None:
                return self._time_passes(deed.now)

    def state(self, code: str, number: str, keyword: str) -> str:
        """Give where a programme stands by the oracle."""
        return self._phone(code, number).stands(keyword)

    def _phone(self, code: str, number: str) -> Phone:
        phone = self._phones.get((number, code))
        if phone is None:
            phone = self._phones[number, code] = Phone(*self._plain[code])
        return phone

    def _text(self, deed: Deed, mo: Inbound, came: Came) -> Came:
        phone, told = self._phone(deed.code, deed.number), _told(came)
        said, refused = phone.receive(mo.text, mo.received_at, mo.origin, told)
        # What is stale is not even read.
        reading = () if refused == "stale" else (_reading(phone.meant),)
        return Came(_messages(deed.number, said), refused or None, reading)

    def _order(self, deed: Deed, order: Order) -> Came:
        phone, kind = self._phone(deed.code, deed.number), order.order
        if kind == Ordered.STOP:
            return self._text(deed, Inbound(Ordered.STOP, deed.now, "", Origin.API), Came())
        again = kind == Ordered.RESUBSCRIBE
        hears = Hears.SUBSCRIBE if again else Hears(kind)
        said, refused = phone.instruct(hears, order.keyword.upper(), deed.now, resubscribe=again)
        reading = Reading(hears, "ordered", keyword=order.keyword.upper())
        return Came(_messages(deed.number, said), refused or None, (reading,))

    def _time_passes(self, moment: datetime) -> Came:
        return Came(tuple(self._reminders(moment)))

    def _reminders(self, moment: datetime) -> Iterator[Message]:
        """Let each deadline of everybody pass by itself, the earliest first."""
        while due := [
            (deadline, key)
            for key, phone in self._phones.items()
            if (deadline := phone.next_deadline()) and deadline <= moment
        ]:
            deadline, key = min(due)
            yield from _messages(key[0], self._phones[key].tick(deadline))


@lru_cache(maxsize=8)
def _plain(account: Account) -> Mapping[str, tuple[Plain, Sequence[Plain]]]:
    """Give every code and its programmes as the oracle takes them."""
    return {
        digits: (plain_code(code), [plain_program(program) for program in code.programs])
        for digits, code in account.codes.items()
    }


def _messages(number: str, said: Said) -> tuple[Message, ...]:
    return tuple(Message(number, text) for _, text in said)


def _told(came: Came) -> Meaning | None:
    if not came.readings:
        return None
    reading = came.readings[-1]
    return reading.hears.value, reading.keyword, (reading.verdict or "")


def _reading(meant: Meaning) -> Reading:
    hears, keyword, verdict = meant
    return Reading(
        Hears(hears), "the oracle", "", keyword, (), Verdict(verdict) if verdict else None
    )
