"""What one batch does: its MOs and instructions one by one, each on what the last one left.

Nothing here waits, reads a clock or writes: `Turns` is given what the store has loaded, and
gives the `Changes` that it is to keep.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Self

import attrs
import msgspec

from optin_engine.account import UnknownCode
from optin_engine.consent import redacted
from optin_engine.engine import NOBODY, Engine
from optin_engine.outcome import ConsentRecord, Outcome
from optin_engine.program import Code
from optin_engine.service.answer import Answer, Delivery, Heard, Unserved
from optin_engine.service.arrivals import Arrival, Order, Work
from optin_engine.service.countries import is_allowed
from optin_engine.service.outbound.unrendered import packed
from optin_engine.service.repeats import Repeats
from optin_engine.stores import UNRENDERED, Changes, Due, Fate, Key, Mo, Mt, Withdrawal
from optin_engine.vocabulary import Contact, Hears, Inbound, Origin

_encode = msgspec.json.Encoder().encode

# An opt-out ends what programmes still have to say: all of the code's, or one of them.
ENDS_ALL = frozenset({Hears.STOP, Hears.DEACTIVATE})
ENDS_ONE = frozenset({Hears.UNSUBSCRIBE})

# When a deadline is looked at again that cannot pass, because the contact's code is gone.
A_WHILE = timedelta(hours=1)


@attrs.define
class Turns:
    """The turns of one batch.

    Attributes:
        engine: of the definitions that hold for the batch.
        now: when the batch began.
        next_id: what the next MO or MT is called.
        contacts: those that are known, as they become.
        repeats: what MOs may repeat.
        limit: how many MTs a number may be sent in a day that no handset asked for.
        prompts: how many each number was sent.
        repeated: how many MOs repeated another.
        heard: what was taken; each becomes a `Heard` by the time of the commit.

    """

    engine: Engine
    now: datetime
    next_id: int
    contacts: dict[Key, Contact]
    repeats: Repeats
    limit: int
    prompts: Counter[str]
    repeated: int = 0
    _deadlines: dict[Key, datetime | None] = attrs.field(factory=dict)
    _records: list[ConsentRecord] = attrs.field(factory=list)
    _mos: list[Mo] = attrs.field(factory=list)
    _mts: list[Mt] = attrs.field(factory=list)
    _withdrawn: list[Withdrawal] = attrs.field(factory=list)
    _keys: list[tuple[str, str]] = attrs.field(factory=list)
    heard: list[Callable[..., Heard]] = attrs.field(factory=list)

    def fork(self) -> Self:
        """Give turns that go on from here without touching these."""
        return attrs.evolve(
            self,
            contacts=self.contacts.copy(),
            repeats=self.repeats.fork(),
            prompts=self.prompts.copy(),
            deadlines=self._deadlines.copy(),
            records=self._records.copy(),
            mos=self._mos.copy(),
            mts=self._mts.copy(),
            withdrawn=self._withdrawn.copy(),
            keys=self._keys.copy(),
            heard=self.heard.copy(),
        )

    def changes(self) -> Changes | None:
        """Give what is to be kept of it all; None where nothing is."""
        if not (self._deadlines or self._mos or self._mts or self._withdrawn or self._keys):
            return None
        dues = [Due(self.contacts[key], at) for key, at in self._deadlines.items()]
        return Changes(dues, self._records, self._mos, self._mts, self._withdrawn, self._keys)

    def take(self, work: Work) -> Answer:
        """Take one MO or instruction, or give the answer of the MO that it repeats.

        Raises:
            UnknownCode: the code is not of the account; nothing has changed.

        """
        key = work.key
        contact = self.contacts.get(key) or Contact(key[1], key[0])
        if isinstance(work, Order):
            return self._obey(work, contact)
        first = self.repeats.first(work, contact)
        self.repeated += first is not None
        answer = self._receive(work, contact) if first is None else first
        # Who a number is to its caller stays true, whatever became of the MO.
        self._keys += [(subscriber_key, work.key[1]) for subscriber_key in work.named]
        return answer

    def tick(self, key: Key) -> None:
        """Let the deadlines of a contact pass that are due."""
        contact = self.contacts[key]
        try:
            outcome = self.engine.tick(contact, self.now)
        except UnknownCode:
            self._deadlines[key] = self.now + A_WHILE
            return
        self._say(outcome, 0, NOBODY)
        self._keep(contact, outcome, NOBODY, self.now)
        self._deadlines[key] = self.engine.next_deadline(outcome.contact)

    def _receive(self, arrival: Arrival, contact: Contact) -> Answer:
        inbound, mo = arrival.inbound, self.next_id
        outcome = self.engine.receive(contact, inbound)
        code = self.engine.account.code(contact.code)
        unserved = self._unserved(contact.number, inbound, outcome, code)
        if unserved is not None and outcome.reading.hears == Hears.STOP:
            outcome, unserved = attrs.evolve(outcome, outbound=()), None
        elif unserved is not None:
            outcome = _without_effect(outcome, contact)
        answer = _answer(mo, outcome, inbound.received_at, unserved)
        claim = self.repeats.claim(arrival)
        self._mos.append(_mo(arrival, answer, claim, masks_digits=code.has_age_gate))
        if claim:
            self.repeats.given[claim] = answer
        self._withdraw(outcome)
        self.next_id += 1
        self._say(outcome, mo, inbound.origin, arrival.delivery)
        self._keep(contact, outcome, inbound.origin, inbound.received_at, unserved)
        if arrival.key not in self.contacts:
            self._put(outcome.contact)
        return answer

    def _obey(self, order: Order, contact: Contact) -> Answer:
        at = order.instruction.at
        outcome = self.engine.instruct(contact, order.instruction)
        self._withdraw(outcome)
        self._say(outcome, 0, Origin.API)
        self._keep(contact, outcome, Origin.API, at)
        return _answer(0, outcome, at)

    def _unserved(
        self, number: str, inbound: Inbound, outcome: Outcome, code: Code
    ) -> Unserved | None:
        """Judge the limits of what no handset asked for; what the engine refused stays so."""
        if inbound.origin == Origin.HANDSET or outcome.refused is not None:
            return None
        if not is_allowed(number, code.countries):
            return Unserved.COUNTRY
        is_spent = outcome.outbound and self.prompts[number] >= self.limit
        return Unserved.RATE_LIMIT if is_spent else None

    def _withdraw(self, outcome: Outcome) -> None:
        """Withdraw what programmes still have to say to a contact that opted out."""
        hears, contact = outcome.reading.hears, outcome.contact
        key = contact.code, contact.number
        if outcome.refused is None and hears in ENDS_ALL | ENDS_ONE and key in self.contacts:
            keyword = outcome.reading.keyword if hears in ENDS_ONE else ""
            self._withdrawn.append(Withdrawal(*key, keyword, self.next_id, self.now))

    def _say(
        self, outcome: Outcome, mo: int, origin: str, delivery: Delivery = Delivery.OUTBOX
    ) -> None:
        """Queue what is said, or count it as sent by whoever brought the MO.

        A text that HTTPGet has yet to fill is queued in any case: nobody may wait for that here.
        """
        if not outcome.outbound or delivery == Delivery.NOBODY:
            return
        number, code = outcome.contact.number, outcome.contact.code
        sent = delivery == Delivery.ANSWER
        for said in outcome.outbound:
            text, encoding = said.text, said.encoding
            fate, settled_at = (Fate.SENT, self.now) if sent else (Fate.QUEUED, None)
            if said.context is not None:
                text, encoding = packed(said), UNRENDERED
                fate, settled_at = Fate.QUEUED, None
            self._mts.append(
                Mt(
                    self.next_id,
                    code,
                    number,
                    self.now,
                    mo,
                    origin,
                    said.kind,
                    text,
                    encoding,
                    said.segments,
                    said.keyword,
                    fate,
                    settled_at=settled_at,
                )
            )
            self.next_id += 1
        if origin not in {Origin.HANDSET, NOBODY}:
            self.prompts[number] += len(outcome.outbound)

    def _keep(
        self,
        before: Contact,
        outcome: Outcome,
        origin: str,
        at: datetime,
        unserved: Unserved | None = None,
    ) -> None:
        self._records.extend(outcome.records)
        if outcome.contact is not before and outcome.contact != before:
            self._put(outcome.contact)
        refused = unserved or outcome.refused
        self.heard.append(partial(Heard, before, outcome, origin, at, refused=refused))

    def _put(self, contact: Contact) -> None:
        key = contact.code, contact.number
        self.contacts[key] = contact
        self._deadlines[key] = self.engine.next_deadline(contact)


def _answer(mo: int, outcome: Outcome, at: datetime, unserved: Unserved | None = None) -> Answer:
    return Answer(
        mo,
        outcome.reading,
        outcome.keyword,
        outcome.from_state,
        outcome.state,
        unserved or outcome.refused,
        outcome.outbound,
        at,
    )


def _mo(arrival: Arrival, answer: Answer, claim: bytes, *, masks_digits: bool) -> Mo:
    (code, number), inbound = arrival.key, arrival.inbound
    text = redacted(inbound.text, answer.reading, masks_digits=masks_digits)
    at, origin = inbound.received_at, inbound.origin
    return Mo(answer.id, code, number, at, origin, text, _encode(answer), claim)


def _without_effect(outcome: Outcome, contact: Contact) -> Outcome:
    """Give what was read, and nothing that came of it."""
    state = contact.summary()
    return attrs.evolve(
        outcome,
        contact=contact,
        steps=(),
        outbound=(),
        records=(),
        keyword=None,
        from_state=state,
        state=state,
    )
