"""One turn of a conversation: the rows that are taken, and what comes of them.

A `Turn` gathers, for one MO, tick or instruction, the contact as it becomes, the rows taken,
the MTs and the consent records, and gives them as one `Outcome`.
"""

from optin_engine.consent import redacted, write
from optin_engine.exchange import Part
from optin_engine.facts import contact_after, contact_with, moves, subscription_after
from optin_engine.guards import Situation
from optin_engine.outcome import ConsentRecord, Outbound, Outcome, Row, Step
from optin_engine.templating import message_context
from optin_engine.vocabulary import (
    Contact,
    Hears,
    Inbound,
    Reading,
    Refusal,
    State,
    Subscription,
)

# The contact as a table sees it: a state, and no facts of a programme.
ITSELF: dict[str, Subscription] = {state: Subscription("", state) for state in State}


class Turn:
    """What has come so far of one MO, tick or instruction."""

    __slots__ = ("contact", "outbound", "records", "refused", "steps")

    def __init__(self, contact: Contact) -> None:
        self.contact = contact
        self.steps: list[Step] = []
        self.outbound: list[Outbound] = []
        self.records: list[ConsentRecord] = []
        self.refused: Refusal | None = None

    def take(
        self, part: Part, subscription: Subscription, inbound: Inbound, reading: Reading
    ) -> Subscription:
        """Let a programme hear; give the subscription as it is after that."""
        situation = Situation(part.program, self.contact, subscription, inbound, reading)
        row, said = self._hear(part, situation)
        after = subscription_after(row, situation, said)
        if after is not subscription:
            chain = self._record(row, part, situation)
            self.contact = contact_with(self.contact, _with(self.contact, after, row), chain)
        return after

    def take_itself(self, part: Part, inbound: Inbound, reading: Reading) -> None:
        """Let the contact itself hear, if there is anything to answer or to forget."""
        silent = (self.contact.state, reading.hears) in part.flow.silent
        if silent and reading.hears != Hears.DEACTIVATE:
            return
        itself = ITSELF[self.contact.state]
        situation = Situation(None, self.contact, itself, inbound, reading)
        row, said = self._hear(part, situation)
        chain = self._record(row, part, situation)
        self.contact = contact_after(row, situation, said, chain)

    def _hear(self, part: Part, situation: Situation) -> tuple[Row, Outbound | None]:
        """Take the row; its text is said only if nothing was said yet: one MT for an MO.

        Where a definition changed under a subscription, so that its flow does not know the
        state any more, the subscription stands as if it were none.
        """
        subscription = situation.subscription
        known = subscription.state in part.flow.states
        state = subscription.state if known else State.NONE
        row = part.flow.step(state, situation.reading.hears, situation)
        said = part.says.get(row.says)
        if row.says in part.wordings:
            said = _filled(part, row.says, situation)
        self.steps.append(Step(subscription.keyword or None, row))
        self.refused = self.refused or row.refusal
        if said is not None and not self.outbound:
            self.outbound.append(said)
        return row, said

    def _record(self, row: Row, part: Part, it: Situation) -> bytes:
        """Write the consent record of a change of state, and give the chain's last digest."""
        contact, inbound = self.contact, it.inbound
        if not moves(row, it.subscription.state):
            return contact.chain
        record = write(
            contact.chain,
            (
                contact.sequence + 1,
                inbound.received_at,
                contact.code,
                it.subscription.keyword,
                it.subscription.state,
                row.target,
                row.hears,
                inbound.origin,
                it.reading.rule,
                part.prompts.get(it.subscription.prompt, ""),
                part.program.digest if part.program else "",
                contact.number,
                inbound.id,
                redacted(inbound.text, it.reading, masks_digits=part.masks_digits),
            ),
        )
        self.records.append(record)
        return bytes.fromhex(record.digest)

    def outcome(
        self, reading: Reading, keyword: str | None, from_state: str, state: str
    ) -> Outcome:
        """Give what came of it all, seen from one programme or from the contact as a whole."""
        return Outcome(
            self.contact,
            reading,
            tuple(self.steps),
            tuple(self.outbound),
            tuple(self.records),
            self.refused,
            keyword,
            from_state,
            state,
        )


def _filled(part: Part, kind: str, it: Situation) -> Outbound | None:
    """Fill a text that is a template for the contact; what it may repeat of the MO is redacted."""
    contact, inbound = it.contact, it.inbound
    texted = redacted(inbound.text, it.reading, masks_digits=part.masks_digits)
    keyword = it.subscription.keyword
    context = message_context(
        contact.number, contact.code, texted, keyword, inbound.attributes or {}
    )
    return part.wordings[kind].filled(context, inbound.received_at)


def _with(contact: Contact, after: Subscription, row: Row) -> tuple[Subscription, ...]:
    """Give the subscriptions with one changed, the last changed last.

    A reminder changes no order: whether it came in time must make no difference.
    """
    before = contact.subscriptions
    if row.hears == Hears.REMIND:
        return tuple(after if s.keyword == after.keyword else s for s in before)
    return (*[s for s in before if s.keyword != after.keyword], after)
