"""A code ready to hear: the parts of its programmes, and who of a contact hears what."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Self

import attrs

from optin_engine.consent import digest_of_text
from optin_engine.flow import Flow, TableError
from optin_engine.machines import FLOWS
from optin_engine.outcome import Outbound
from optin_engine.program import Code, Program
from optin_engine.tables import ANSWERS
from optin_engine.vocabulary import (
    Contact,
    Hears,
    OptInType,
    Reading,
    Says,
    State,
    Subscription,
)
from optin_engine.wording import Wording, texts_of_code, texts_of_program, wordings

# What is said to the code as a whole reaches every programme that the contact has.
TO_ALL = frozenset({Hears.STOP, Hears.HELP, Hears.REACTION, Hears.DEACTIVATE})


@attrs.frozen
class Part:
    """Somebody who hears: a programme, or (without one) the contact itself.

    Attributes:
        program: the programme; None for the contact itself, and for a subscription whose
            programme is not on the code any more.
        flow: the machine that it runs.
        says: the MT of each kind of text that it has, as written.
        wordings: those of them that are templates, ready to be filled.
        prompts: the SHA-256 of each of these texts, as written.
        masks_digits: the code has an age gate; no digit of a text is kept.

    """

    program: Program | None
    flow: Flow
    says: Mapping[str, Outbound]
    wordings: Mapping[str, Wording]
    prompts: Mapping[str, str]
    masks_digits: bool


@attrs.frozen
class Exchange:
    """One code of the account, its programmes ready to hear.

    Attributes:
        code: the code.
        parts: for each keyword its programmes, in the order of their dates.
        itself: the part of the contact itself.
        orphan: the part of a subscription whose programme is gone; it can still be stopped.

    """

    code: Code
    parts: Mapping[str, Sequence[Part]]
    itself: Part
    orphan: Part

    @classmethod
    def of(cls, code: Code, flows: Mapping[str, Flow]) -> Self:
        """Make the exchange of a code.

        Raises:
            TableError: a flow says a text that its programme does not have.

        """
        own = texts_of_code(code)
        masks = code.has_age_gate
        parts: dict[str, list[Part]] = {}
        for program in sorted(code.programs, key=lambda p: p.start_date or date.min):
            flow = flows.get(program.keyword, FLOWS[program.opt_in_type])
            part = _part(program, flow, {**own, **texts_of_program(program)}, masks=masks)
            parts.setdefault(program.keyword, []).append(part)
        itself = _part(None, FLOWS["Contact"], own, masks=masks)
        return cls(code, parts, itself, _part(None, FLOWS[OptInType.AGE], own, masks=masks))

    def part(self, keyword: str, at: datetime) -> Part:
        """Give the programme that a keyword stands for: the active one, else the last one."""
        parts = self.parts.get(keyword)
        if not parts:
            return self.orphan
        if len(parts) == 1:
            return parts[0]
        active = [p for p in parts if p.program is not None and p.program.is_active(at)]
        return (active or parts)[-1]

    def is_active(self, keyword: str, at: datetime) -> bool:
        """Tell whether a keyword stands for a programme at that moment."""
        program = self.part(keyword, at).program
        return program is not None and program.is_active(at)

    def concerned(
        self, contact: Contact, reading: Reading, at: datetime, waiting: Subscription | None
    ) -> Sequence[Subscription]:
        """Give the subscriptions that a reading is told, beside the contact itself.

        Args:
            contact: whose they are.
            reading: what was heard.
            at: when.
            waiting: the subscription that waits for an answer, if one does.

        """
        hears = reading.hears
        if hears in TO_ALL:
            return contact.subscriptions
        if reading.keyword:
            return (contact.subscription(reading.keyword),)
        if hears == Hears.START:
            return self._left_last(contact, at)
        return (waiting,) if hears in ANSWERS and waiting is not None else ()

    def _left_last(self, contact: Contact, at: datetime) -> Sequence[Subscription]:
        left = [
            (subscription.since or at, place, subscription)
            for place, subscription in enumerate(contact.subscriptions)
            if subscription.state == State.UNSUBSCRIBED and self.is_active(subscription.keyword, at)
        ]
        return [max(left)[-1]] if left else []


def _part(
    program: Program | None, flow: Flow, says: Mapping[str, Outbound], *, masks: bool
) -> Part:
    known = {*map(str, Says), *(program.messages if program else ())}
    if missing := flow.says() - known:
        keyword = program.keyword if program else "the contact"
        message = f"{flow.name} says {sorted(missing)}: add it to the messages of {keyword}"
        raise TableError(message)
    prompts = {kind: digest_of_text(outbound.text) for kind, outbound in says.items()}
    return Part(program, flow, says, wordings(says), prompts, masks)
