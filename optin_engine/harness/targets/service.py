"""The service as a target, in this process, over any store."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import attrs

from optin_engine.account import Account, UnknownCode
from optin_engine.entries import DefinitionError
from optin_engine.harness.phone import instruction_of
from optin_engine.harness.stories.story import Order, Ordered
from optin_engine.harness.targets.cast import Cast, Numbers
from optin_engine.harness.targets.defining import written
from optin_engine.harness.targets.target import Came, Message, TargetError
from optin_engine.service.answer import Answer
from optin_engine.service.clock import MovableClock
from optin_engine.service.outbound.unrendered import shown
from optin_engine.service.passing import let_pass
from optin_engine.service.service import Rules, Service
from optin_engine.stores import Mt, Store, StoreError
from optin_engine.vocabulary import Contact, Inbound, Origin

# A story knows the rules of SPEC only; how much a service says unasked is its operator's rule.
UNLIMITED = Rules(prompts_per_day=1_000_000)


def carry_out(service: Service, code: str, number: str, order: Order) -> Answer:
    """Let a service carry out what an agent or an API orders, as of its clock's time.

    Args:
        service: which does.
        code: the contact's.
        number: the contact's, E.164; the order's own is not looked at.
        order: what; a STOP is one by text, from an API in the contact's name.

    Raises:
        UnknownCode, ValueError, Unavailable: as in `Service.receive`.

    """
    at = service.now()
    if order.order == Ordered.STOP:
        return service.receive(code, number, Inbound(Ordered.STOP, at, origin=Origin.API))
    return service.instruct(code, number, instruction_of(order.order, order.keyword, at))


class ServiceTarget:
    """The service over a store; what is said is what the store keeps of a conversation.

    Its numbers are fresh ones, and are erased at its end: a store can be told any number of
    stories, one after another, because its definitions are those of one.

    Args:
        store: where everything is kept; the caller closes it.
        numbers: gives the fresh numbers.
        rules: what is allowed beyond the definitions.

    >>> from optin_engine.harness import starter
    >>> from optin_engine.harness.phone import NOON
    >>> from optin_engine.stores import open_store
    >>> with open_store("memory:") as store:
    ...     target = ServiceTarget(store)
    ...     target.define(starter(), NOON)
    ...     came = target.text("123456", "+15555550123", Inbound("JOIN", NOON, "1"), NOON)
    ...     target.close()
    >>> came.said[0].number, came.readings[0].rule
    ('+15555550123', 'keyword first')

    """

    def __init__(
        self, store: Store, numbers: Numbers | None = None, rules: Rules = UNLIMITED
    ) -> None:
        self._store, self._clock = store, MovableClock()
        self._service = Service(store, rules, clock=self._clock)
        self._cast = Cast((numbers or Numbers()).fresh)
        # Of each contact, the id of what was told of it last; and the MOs that came.
        self._told: dict[tuple[str, str], int] = {}
        self._brought: set[tuple[str, str, str]] = set()
        # What was read of each number since the last act.
        self._contacts: dict[str, Mapping[str, Contact]] = {}

    def define(self, account: Account, at: datetime) -> None:
        """Make these the programmes of the store; see `Target.define`."""
        self._clock.set(at)
        self._contacts.clear()
        with _explained():
            self._service.catalog.load(attrs.asdict(written(account)))

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        """Bring an MO; see `Target.text`."""
        self._clock.set(now)
        brought = code, number, inbound.id
        mo_id = self._cast.mo_id(inbound.id) if inbound.id else ""
        mo = attrs.evolve(inbound, id=mo_id)
        with _explained():
            answer = self._service.receive(code, self._cast.number(number), mo)
            said = self._said(code, number)
        if inbound.id and brought in self._brought:
            # It is answered as its first was; nothing was done for it, and nothing refused.
            return Came(said)
        self._brought.add(brought)
        return Came(said, answer.refused, (answer.reading,))

    def order(self, code: str, number: str, order: Order, now: datetime) -> Came:
        """Let an agent order something; see `Target.order`."""
        self._clock.set(now)
        with _explained():
            answer = carry_out(self._service, code, self._cast.number(number), order)
            return Came(self._said(code, number), answer.refused, (answer.reading,))

    def wait_until(self, moment: datetime) -> Came:
        """Let time pass, each deadline at its own; see `Target.wait_until`."""
        with _explained():
            let_pass(self._service, self._clock, moment)
            return Came(self._said())

    def state(self, code: str, number: str, keyword: str) -> str:
        """Give where a programme stands; without keyword the contact."""
        if number not in self._contacts:
            with _explained():
                known = self._service.subscriptions(self._cast.number(number))
            self._contacts[number] = {contact.code: contact for contact in known}
        contact = self._contacts[number].get(code) or Contact(number, code)
        return contact.subscription(keyword).state if keyword else contact.summary()

    def close(self) -> None:
        """Forget whom the story texted, and end; the store stays open."""
        for number in self._cast.numbers():
            self._store.erase(number)
        self._service.close()

    def _said(self, *contact: str) -> tuple[Message, ...]:
        """Give what was said since it was last told, to this contact or one before, in order."""
        self._contacts.clear()
        if contact:
            code, number = contact
            self._told.setdefault((code, number), 0)
        said = []
        for (code, number), told in self._told.items():
            news = self._service.history(code, self._cast.number(number), told)
            self._told[code, number] = max((row.id for row in news), default=told)
            said += [(mt.at, number, code, mt.id, shown(mt)) for mt in news if isinstance(mt, Mt)]
        return tuple(Message(number, text) for _, number, _, _, text in sorted(said))


@contextmanager
def _explained() -> Iterator[None]:
    """Tell a story what the service raises."""
    try:
        yield
    except (StoreError, DefinitionError, UnknownCode, ValueError) as error:
        message = f"the service refused: {error}"
        raise TargetError(message) from None
