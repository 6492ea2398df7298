"""The conversation as one writes it by hand: if, elif, and the values of the vocabulary.

It knows what comes up in the mix and no more: one active programme a keyword, MOs from
handsets, no reminders, no START, no orders by an API, no extended flows, and no rows (an
outcome's `steps` stay empty). `decide` and `decide_itself` are all that other peers replace.
"""

from datetime import datetime, timedelta

import attrs

from optin_engine.account import Account
from optin_engine.consent import digest_of_text, redacted, write
from optin_engine.outcome import ConsentRecord, Outbound, Outcome
from optin_engine.program import Program
from optin_engine.reading import read
from optin_engine.vocabulary import (
    Contact,
    Hears,
    Inbound,
    OptInType,
    Reading,
    Refusal,
    Says,
    State,
    Subscription,
    Verdict,
)
from optin_engine.wording import texts_of_code, texts_of_program
from tests.benchmarks.mix import CODE

A_DAY = timedelta(days=1)
EXPIRED = Reading(Hears.EXPIRE, "no answer in time")

# Where to go, what to say, and whether that took an attempt.
Decision = tuple[State, Says, bool]


@attrs.frozen
class Heard:
    """What a decision may look at."""

    program: Program
    contact: Contact
    subscription: Subscription
    inbound: Inbound
    reading: Reading


class Handwritten:
    """The conversation on the code of `mix.account`."""

    def __init__(self, account: Account) -> None:
        code = account.code(CODE)
        self.code = code
        self.programs = {program.keyword: program for program in code.programs}
        self.texts = texts_of_code(code)
        self.texts_of = {p.keyword: texts_of_program(p) for p in code.programs}
        self.prompts = {
            keyword: {kind: digest_of_text(outbound.text) for kind, outbound in texts.items()}
            for keyword, texts in self.texts_of.items()
        }

    def decide(self, heard: Heard) -> Decision:
        """Decide for one programme."""
        subscription, hears = heard.subscription, heard.reading.hears
        state = State(subscription.state)
        if hears == Hears.STOP:
            return State.UNSUBSCRIBED, Says.STOP, False
        if hears == Hears.HELP:
            return state, Says.HELP, False
        if hears == Hears.JOIN and state != State.IN_PROGRESS:
            until = subscription.locked_until
            if state == State.SUBSCRIBED:
                says = Says.DUPLICATE
            elif until is not None and heard.inbound.received_at < until:
                says = Says.INVALID_AGE
            else:
                return State.IN_PROGRESS, Says.INITIAL, False
            return state, says, False
        if state != State.IN_PROGRESS or hears == Hears.REACTION:
            return state, Says.NOTHING, False
        return self._decide_on_answer(heard)

    def _decide_on_answer(self, heard: Heard) -> Decision:
        program, subscription, hears = heard.program, heard.subscription, heard.reading.hears
        state, verdict = State.IN_PROGRESS, heard.reading.verdict
        if hears in (Hears.NO, Hears.EXPIRE):
            return State.NONE, Says.NOTHING, False
        if verdict == Verdict.TOO_YOUNG:
            return State.DECLINED, Says.INVALID_AGE, False
        confirms = hears == Hears.YES and program.opt_in_type == OptInType.DOUBLE
        if confirms or verdict == Verdict.OLD_ENOUGH:
            return State.SUBSCRIBED, Says.CONFIRMATION, False
        if subscription.attempts >= program.max_attempts:
            return state, Says.NOTHING, False
        if hears == Hears.JOIN:
            return state, Says.INITIAL, True
        return state, Says.BIRTH_DATE if hears == Hears.YES else Says.ERROR, True

    def decide_itself(self, contact: Contact, inbound: Inbound, reading: Reading) -> Decision:
        """Decide for the number itself on the code."""
        hears, state, now = reading.hears, State(contact.state), inbound.received_at
        if hears == Hears.STOP:
            if state == State.UNSUBSCRIBED and is_today(contact.last_said(Says.STOP), now):
                return state, Says.NOTHING, False
            return State.UNSUBSCRIBED, Says.STOP, False
        if hears == Hears.HELP:
            return state, Says.HELP, False
        if hears == Hears.JOIN and state == State.UNSUBSCRIBED and came_back(contact):
            return State.NONE, Says.NOTHING, False
        if hears == Hears.UNMATCHED and not is_today(contact.last_said(Says.DEFAULT), now):
            return state, Says.DEFAULT, False
        return state, Says.NOTHING, False

    def receive(self, contact: Contact, inbound: Inbound) -> Outcome:
        """Say what happens when a text comes in from a contact."""
        now, records = inbound.received_at, list[ConsentRecord]()
        if contact.stopped_at is not None and now < contact.stopped_at:
            stale = read(inbound.text, self.code, None, now)
            was = contact.summary()
            return Outcome(contact, stale, (), (), (), Refusal.STALE, None, was, was)
        contact = self._expire(contact, now, records)
        waiting = _asked_last(contact)
        program = self.programs[waiting.keyword] if waiting is not None else None
        reading = read(inbound.text, self.code, program, now)
        hears, before = reading.hears, contact
        if hears == Hears.JOIN:
            subscription = contact.subscription(reading.keyword)
            contact, said = self._hear(contact, subscription, inbound, reading, records)
            contact, _ = self._hear_itself(contact, inbound, reading, records)
            keyword, was, state = reading.keyword, subscription.state, None
        elif waiting is not None and hears not in (Hears.STOP, Hears.HELP, Hears.REACTION):
            contact, said = self._hear(contact, waiting, inbound, reading, records)
            keyword, was, state = waiting.keyword, waiting.state, None
        else:
            for subscription in contact.subscriptions:
                if hears != Hears.UNMATCHED:
                    contact, _ = self._hear(contact, subscription, inbound, reading, records)
            contact, said = self._hear_itself(contact, inbound, reading, records)
            keyword, was, state = "", before.summary(), contact.summary()
        return Outcome(
            contact,
            reading,
            (),
            (said,) if said is not None else (),
            tuple(records),
            None,
            keyword or None,
            was,
            contact.subscription(keyword).state if state is None else state,
        )

    def _expire(self, contact: Contact, now: datetime, records: list[ConsentRecord]) -> Contact:
        late = [s for s in contact.subscriptions if s.expires_at and s.expires_at <= now]
        for subscription in sorted(late, key=lambda s: (s.expires_at, s.keyword)):
            at = subscription.expires_at
            if at is not None:
                deadline = Inbound("", at, origin="")
                contact, _ = self._hear(contact, subscription, deadline, EXPIRED, records)
        return contact

    def _hear(
        self,
        contact: Contact,
        old: Subscription,
        inbound: Inbound,
        reading: Reading,
        records: list[ConsentRecord],
    ) -> tuple[Contact, Outbound | None]:
        program = self.programs[old.keyword]
        target, says, counts = self.decide(Heard(program, contact, old, inbound, reading))
        said = self.texts_of[old.keyword].get(says)
        sequence, chain = contact.sequence, contact.chain
        if target != old.state:
            now = inbound.received_at
            if target == State.IN_PROGRESS:
                expires_at = now + program.confirm_within if program.confirm_within else None
                new = Subscription(
                    old.keyword, target, now, says, now, 0, expires_at, None,
                    old.locked_until, old.of_age_at,
                )  # fmt: skip
            else:
                new = _at_rest(program, old, target, reading, now)
            prompt = self.prompts[old.keyword].get(old.prompt, "")
            chain = self._record(
                contact, old, target, inbound, reading, prompt, program.digest, records
            )
            sequence += 1
        elif said is not None and target == State.IN_PROGRESS:
            now = inbound.received_at
            expires_at = now + program.confirm_within if program.confirm_within else None
            new = Subscription(
                old.keyword, target, old.since, old.prompt if says == Says.ERROR else says, now,
                old.attempts + counts, expires_at, None, old.locked_until, old.of_age_at,
            )  # fmt: skip
        else:
            return contact, said
        return Contact(
            contact.number,
            contact.code,
            contact.state,
            (*[s for s in contact.subscriptions if s.keyword != old.keyword], new),
            contact.stopped_at,
            contact.said,
            sequence,
            chain,
        ), said

    def _hear_itself(
        self, contact: Contact, inbound: Inbound, reading: Reading, records: list[ConsentRecord]
    ) -> tuple[Contact, Outbound | None]:
        target, says, _ = self.decide_itself(contact, inbound, reading)
        now, said = inbound.received_at, self.texts.get(says)
        sequence, chain, stops = contact.sequence, contact.chain, reading.hears == Hears.STOP
        if target != contact.state:
            itself = Subscription("", contact.state)
            chain = self._record(contact, itself, target, inbound, reading, "", "", records)
            sequence += 1
        elif not stops and says != Says.DEFAULT:
            return contact, said
        last = contact.said
        if says in {Says.STOP, Says.DEFAULT}:
            last = (*[(kind, at) for kind, at in last if kind != says], (says, now))
        return Contact(
            contact.number,
            contact.code,
            target,
            contact.subscriptions,
            now if stops else contact.stopped_at,
            last,
            sequence,
            chain,
        ), said

    def _record(  # noqa: PLR0913, PLR0917  By hand, everything is passed by hand.
        self,
        contact: Contact,
        old: Subscription,
        target: State,
        inbound: Inbound,
        reading: Reading,
        prompt: str,
        definition: str,
        records: list[ConsentRecord],
    ) -> bytes:
        record = write(
            contact.chain,
            (
                contact.sequence + 1, inbound.received_at, contact.code, old.keyword, old.state,
                target, reading.hears, inbound.origin, reading.rule, prompt, definition,
                contact.number, inbound.id, redacted(inbound.text, reading, masks_digits=True),
            ),
        )  # fmt: skip
        records.append(record)
        return bytes.fromhex(record.digest)


def is_today(then: datetime | None, now: datetime) -> bool:
    """Tell whether something was said within a day."""
    return then is not None and now < then + A_DAY


def came_back(contact: Contact) -> bool:
    """Tell whether any of the contact's subscriptions is not Unsubscribed."""
    return any(s.state != State.UNSUBSCRIBED for s in contact.subscriptions)


def _asked_last(contact: Contact) -> Subscription | None:
    last = None
    for subscription in contact.subscriptions:
        asked_at = subscription.prompted_at
        if asked_at and (last is None or not last.prompted_at or asked_at >= last.prompted_at):
            last = subscription
    return last


def _at_rest(
    program: Program, old: Subscription, target: State, reading: Reading, now: datetime
) -> Subscription:
    locked_until, of_age_at = old.locked_until, old.of_age_at
    if reading.verdict == Verdict.OLD_ENOUGH:
        of_age_at = now
    elif target == State.DECLINED:
        locked_until, of_age_at = now + program.age_retry_after, None
    return Subscription(old.keyword, target, now, locked_until=locked_until, of_age_at=of_age_at)
