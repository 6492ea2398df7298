"""A target that is judged: what came of each deed, held against what had to."""

from collections.abc import Callable, Mapping
from datetime import datetime

import attrs

from optin_engine.account import Account
from optin_engine.harness.fuzzing.invariants import Invariant, OneTurn, broken
from optin_engine.harness.fuzzing.judges import Deed, Judge
from optin_engine.harness.stories.story import Order
from optin_engine.harness.targets.target import Came, Message, Target, TargetError, UnableError
from optin_engine.service.answer import Unserved
from optin_engine.vocabulary import Inbound

# A limit of a service of ours is no rule of SPEC: what it refuses counts as never asked.
LIMITS = frozenset(Unserved)

# A contact is a number (E.164) on a code; a programme of it has a keyword besides.
Who = tuple[str, str]
Key = tuple[str, str, str]

# The states of a contact's programmes by keyword, and its own under an empty one; None where
# a target does not tell.
Standing = Mapping[str, str | None]
States = Mapping[Who, Standing]


@attrs.frozen
class Judged:
    """One deed, and what was held against what.

    Attributes:
        account: the programmes.
        deed: what was done.
        must, came: what had to come of it, and what did.
        before, after: where everybody concerned had to stand before and after it, by code
            and number.
        found: where they stand after it.
        law: the invariant that is broken, if one is.
        crash: the error that the target died of, if it did.

    """

    account: Account
    deed: Deed
    must: Came
    came: Came
    before: States
    after: States
    found: States
    law: Invariant | None = None
    crash: str = ""

    @property
    def is_said(self) -> bool:
        """Whether what was said is what had to be; over time nobody comes before another."""
        if self.deed.asked is None:
            return _in_order(self.must.said) == _in_order(self.came.said)
        return self.must.said == self.came.said

    @property
    def is_refused(self) -> bool:
        """Whether it was refused for the reason that it had to be, as far as one is told."""
        told = self.came.tells_refusals and self.deed.asked is not None
        return not told or (self.must.refused or "") == (self.came.refused or "")

    @property
    def astray(self) -> tuple[Key, ...]:
        """Who stands where they must not."""
        if self.found == self.after:
            return ()
        return tuple(
            (*who, keyword)
            for who, standing in self.after.items()
            for keyword, state in standing.items()
            if self.found[who][keyword] not in (None, state)
        )

    @property
    def differs(self) -> bool:
        """Whether anything is not as it had to be."""
        wrong = self.crash or self.law or self.astray
        return bool(wrong) or not self.is_said or not self.is_refused


class JudgedTarget:
    """A target whose every deed is judged; `judged` has them in their order.

    Args:
        target: to which the conversation is told.
        judge: who says what must come; knows nobody yet.

    """

    def __init__(self, target: Target, judge: Judge) -> None:
        self.judged: list[Judged] = []
        self._target, self._judge = target, judge
        self._account = Account({})
        self._keywords: dict[str, tuple[str, ...]] = {}
        self._stood: dict[Who, Standing] = {}
        self._heard: set[tuple[str, str]] = set()

    def define(self, account: Account, at: datetime) -> None:
        """Tell both the programmes."""
        self._account = account
        for digits, code in account.codes.items():
            self._keywords[digits] = ("", *dict.fromkeys(p.keyword for p in code.programs))
        self._target.define(account, at)
        self._judge.define(account, at)

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        """Bring an MO to both."""
        deed = Deed(inbound, now, code, number, (code, inbound.id) in self._heard)
        came = self._judged(deed, lambda: self._target.text(code, number, inbound, now))
        self._heard.add((code, inbound.id))
        return came

    def order(self, code: str, number: str, order: Order, now: datetime) -> Came:
        """Let an agent order something of both."""
        deed = Deed(order, now, code, number)
        return self._judged(deed, lambda: self._target.order(code, number, order, now))

    def wait_until(self, moment: datetime) -> Came:
        """Let time pass for both."""
        return self._judged(Deed(None, moment), lambda: self._target.wait_until(moment))

    def state(self, code: str, number: str, keyword: str) -> str | None:
        """Give where a programme stands at the target."""
        return self._target.state(code, number, keyword)

    def close(self) -> None:
        """End."""
        self._target.close()

    def _judged(self, deed: Deed, do: Callable[[], Came]) -> Came:
        whose = self._concerned(deed)
        # Nobody moves between two deeds: where all must stand is known from the last one.
        before = {who: self._stood[who] for who in whose}
        crash, came = "", Came()
        try:
            came = do()
        except (UnableError, TargetError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a text does to it, is a finding.
            crash = f"{type(error).__name__}: {error}"
        if came.refused in LIMITS:
            raise UnableError(came.refused)
        must = self._judge.expect(deed, came)
        after = {who: self._standing(who, self._judge) for who in whose}
        self._stood.update(after)
        found = {who: self._standing(who, None if crash else self._target) for who in whose}
        # Of a retry nothing may come, whatever it is read as: no law speaks of that.
        law = None if deed.is_retry else self._broken(deed, came, before, found)
        judged = Judged(self._account, deed, must, came, before, after, found, law, crash)
        self.judged.append(judged)
        return came

    def _concerned(self, deed: Deed) -> list[Who]:
        """Give who may change: all whom time passes for, or the one who does something."""
        if not deed.number:
            return list(self._stood)
        who = deed.code, deed.number
        if who not in self._stood:
            self._stood[who] = self._standing(who, self._judge)
        return [who]

    def _standing(self, who: Who, teller: Target | Judge | None) -> Standing:
        """Give where a contact stands, as somebody tells it, or nobody."""
        code, number = who
        if teller is None:
            return dict.fromkeys(self._keywords[code])
        return {keyword: teller.state(code, number, keyword) for keyword in self._keywords[code]}

    def _broken(self, deed: Deed, came: Came, before: States, found: States) -> Invariant | None:
        if any(None in standing.values() for standing in found.values()):
            return None
        for who, standing in found.items():
            code, number = who
            part = came if deed.number else self._part_of(came, number)
            was, now = _of_programs(before[who]), _of_programs(standing)
            turn = OneTurn(self._account.codes[code], deed.asked, part, was, now)
            if was and (law := broken(turn)) is not None:
                return law
        return None

    def _part_of(self, came: Came, number: str) -> Came:
        """Give what came to one number; nobody tells which of several codes said it."""
        is_alone = sum(known == number for _, known in self._stood) == 1
        said = tuple(message for message in came.said if message.number == number and is_alone)
        return attrs.evolve(came, said=said)


def _of_programs(standing: Standing) -> Mapping[str, str]:
    return {keyword: state for keyword, state in standing.items() if keyword and state}


def _in_order(said: tuple[Message, ...]) -> list[tuple[str, str]]:
    return sorted((message.number, message.text) for message in said)
