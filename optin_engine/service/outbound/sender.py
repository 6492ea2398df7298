"""Takes sends: subscribes whom the caller asks to, then keeps the send for the enqueuer.

Who may be told is decided member by member as the send is queued, by the consent that holds
then; here nobody is told anything. Killed between the two steps, this leaves subscriptions
without a send: the caller has had no answer, and the same order again is carried out in full.
An order that is to be carried out once (`Once`) is known again by its send, so that nothing is
known of it before it is kept. Of two at one instant the store keeps one send; both may have
subscribed, and who is Subscribed stays so.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import attrs

from optin_engine.service.arrivals import Reception, clean
from optin_engine.service.catalog import Catalog
from optin_engine.service.committer import Committer
from optin_engine.service.countries import is_allowed
from optin_engine.service.outbound.once import KeyReused, Once
from optin_engine.service.outbound.orders import ContactOrder, ListOrder, Options, Order
from optin_engine.stores import Changes, Member, Send, SendKind, SendState, Store, Text
from optin_engine.templating import compile_template
from optin_engine.vocabulary import Contact, Hears, Instruction, State
from optin_engine.wording import segments

# Whom the flags subscribe, by what the contact is on the code (MobileConnect's table). Who is
# Subscribed has the keyword added by Subscribe. All others stay as they are: a double opt-in
# and an age gate are finished by the contact alone, whatever other keyword is asked for.
BY_SUBSCRIBE = frozenset({State.NONE, State.SUBSCRIBED})
BY_RESUBSCRIBE = frozenset({State.UNSUBSCRIBED})

NOT_OVER = frozenset({SendState.NEW, SendState.QUEUING, SendState.STARTED, SendState.PAUSED})

# So many MTs are cancelled in one transaction, so that nobody else waits long for it.
PORTION = 1_000


@attrs.frozen
class Sender:
    """Sends of a service; `Service.sender` is one, and needs no worker to run here.

    Args:
        store: where they are kept.
        catalog: the definitions.
        reception, committer: make instructions fit to take, and take them.
        now: gives the time.
        wake: lets the enqueuer of this process, if one runs, look at once.

    """

    _store: Store
    _catalog: Catalog
    _reception: Reception
    _committer: Committer
    _now: Callable[[], datetime]
    _wake: Callable[[], object]

    def to_contacts(self, order: ContactOrder, once: Once | None = None) -> Send:
        """Send to some contacts.

        Their subscriber keys are kept, whatever becomes of the send, as those of a queued MO
        are. A number of a country that its code may not write to unasked is not subscribed.

        Args:
            order: what to send to whom.
            once: makes the order safe to repeat; None: each order is a send.

        Returns:
            The send; of an order that was carried out before, the one that it made.

        Raises:
            KeyReused: another order had the key; nothing has changed.
            TemplateError: the text is no template; nothing has changed.
            UnknownCode: the message's code is gone meanwhile.
            Unavailable: the store cannot keep it now.

        """
        send = self._send(order, SendKind.CONTACT, once)
        # Only now that the time is drawn: a STOP after this look makes what is asked stale.
        if earlier := self.earlier(once):
            return earlier
        members = [_cleaned(member) for member in order.recipients]
        contacts = self._known(send.code, members)
        if order.subscribe or order.resubscribe:
            self._subscribe(order, contacts, send.at)
        return self._add(send, [*{member.number: member for member in members}.values()])

    def to_lists(self, order: ListOrder, once: Once | None = None) -> Send:
        """Send to the members of lists; `once` and what it gives are as in `to_contacts`.

        Raises:
            KeyReused, TemplateError, Unavailable: as in `to_contacts`.

        """
        send = self._send(order, SendKind.LIST, once)
        targets, excluded = tuple(order.targets), tuple(order.excluded)
        return self._add(attrs.evolve(send, targets=targets, excluded=excluded))

    def earlier(self, once: Once | None) -> Send | None:
        """Give the send that an order made before; None where it made none.

        Raises:
            KeyReused: another order had the key.

        """
        if once is None:
            return None
        found = self._store.sends.claimed(once.claim)
        return found and _same(found, once.request)

    def find(self, send_id: int) -> Send | None:
        """Give a send by its id; None where there is none."""
        return self._store.sends.find(send_id)

    def pause(self, send_id: int) -> bool:
        """Hand over and queue no more of a send; False where it is not under way."""
        return self._store.sends.pause(send_id)

    def resume(self, send_id: int) -> bool:
        """Go on with a paused send; False where it is not paused."""
        is_resumed = self._store.sends.resume(send_id)
        self._wake()
        return is_resumed

    def cancel(self, send_id: int) -> bool:
        """End a send; False where there is none, or it was over before.

        What was left of a cancellation that broke off is cancelled, too.
        """
        before = self.find(send_id)
        while self._store.sends.cancel(send_id, self._now(), PORTION):
            pass
        # It may have finished by itself meanwhile.
        after = self.find(send_id)
        was_over = before is None or before.state not in NOT_OVER
        return not was_over and after is not None and after.state == SendState.CANCELLED

    def _send(self, order: Order, kind: SendKind, once: Once | None) -> Send:
        template, defined = compile_template(clean(order.text)), order.message
        text = template.text
        return Send(
            0,
            kind,
            defined.message.code,
            defined.message.keyword,
            defined.id,
            defined.version,
            Text(text, *segments(text)) if template.is_plain else Text(text, "", 0),
            self._now(),
            order.due_at,
            is_template=not template.is_plain,
            options=Options(order.blackout).packed(),
            claim=once.claim if once else b"",
            request=once.request if once else b"",
        )

    def _add(self, send: Send, members: Sequence[Member] = ()) -> Send:
        added = _same(self._store.sends.add(send, members), send.request)
        self._wake()
        return added

    def _known(self, code: str, members: Sequence[Member]) -> Sequence[Contact]:
        """Give the contacts as they are, and keep the keys by which the caller knows them."""
        contacts = list(dict.fromkeys((code, member.number) for member in members))
        named = [(member.key, member.number) for member in members if member.key]
        with self._store.batch(contacts) as batch:
            known = [batch.contacts.get(key) or Contact(key[1], code) for key in contacts]
            if named:
                batch.commit(Changes(keys=named))
        return known

    def _subscribe(self, order: ContactOrder, contacts: Sequence[Contact], at: datetime) -> None:
        """Subscribe whom the flags ask for, all or none.

        Args:
            order: with the flags.
            contacts: the recipients.
            at: when it was ordered, before they were looked at: a STOP that came since then
                makes the instruction stale.

        """
        engine = self._catalog.current()
        countries = engine.account.code(order.message.message.code).countries
        instructed = []
        for contact in contacts:
            state = engine.tick(contact, at).contact.summary()
            resubscribes = order.resubscribe and state in BY_RESUBSCRIBE
            subscribes = order.subscribe and state in BY_SUBSCRIBE
            if (subscribes or resubscribes) and is_allowed(contact.number, countries):
                asked = Instruction(Hears.SUBSCRIBE, at, order.keyword, resubscribes)
                instructed.append(self._reception.order(contact.code, contact.number, asked))
        if instructed:
            self._committer.take(instructed)


def _same(send: Send, request: bytes) -> Send:
    """Give a send that a key led to, if it is the one that was asked for.

    Raises:
        KeyReused: it is not.

    """
    if send.request != request:
        message = "The key was used with another order. Give each order a key of its own."
        raise KeyReused(message)
    return send


def _cleaned(member: Member) -> Member:
    """Give a member that every store can hold."""
    given = member.attributes
    attributes = given and {clean(name): clean(given[name]) for name in given}
    return attrs.evolve(member, key=clean(member.key), attributes=attributes)
