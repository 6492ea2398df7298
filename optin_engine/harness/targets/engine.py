"""The engine itself as a target, in this process: the fastest, and the one that tells most."""

from datetime import datetime

from optin_engine.account import Account
from optin_engine.harness.phone import Phone
from optin_engine.harness.stories.story import Order
from optin_engine.harness.targets.target import Came, Message
from optin_engine.outcome import Outcome
from optin_engine.vocabulary import Contact, Inbound, from_json, to_json
from optin_engine.wording import shown

Key = tuple[str, str]


class WrittenContacts(dict[Key, Contact]):
    """Contacts each of which is written out and read back when it has changed.

    So a story also proves that nothing of a conversation is lost between two turns.
    """

    def __setitem__(self, key: Key, contact: Contact) -> None:
        if contact is not self.get(key):
            super().__setitem__(key, from_json(Contact, to_json(contact)))


class EngineTarget:
    """The engine as a target: a `Phone` that is anybody's, whose clock the story moves.

    A deadline that falls due while somebody types, or at the very moment of a text, does not
    come before that text: only `wait_until` lets time pass, and the engine sees to the rest.

    >>> from optin_engine.harness import starter
    >>> from optin_engine.harness.phone import NOON, NUMBER
    >>> target = EngineTarget()
    >>> target.define(starter(), NOON)
    >>> came = target.text("123456", NUMBER, Inbound("JOIN", NOON), NOON)
    >>> print(target.state("123456", NUMBER, ""), "by", came.rows[0])
    In Progress by Double: None --JOIN / initial--> In Progress
    """

    def __init__(self) -> None:
        self._phone: Phone | None = None

    def define(self, account: Account, at: datetime) -> None:
        """Make these the programmes; who is known stays known."""
        if self._phone is None:
            self._phone = Phone(account, at=at, contacts=WrittenContacts())
        else:
            self._phone.define(account)

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        """Bring an MO; one with the id of an earlier one is a retry of it."""
        return _came(self._at(code, number, now).hear(inbound))

    def order(self, code: str, number: str, order: Order, now: datetime) -> Came:
        """Let an agent order something."""
        return _came(self._at(code, number, now).order(order.order, order.keyword))

    def wait_until(self, moment: datetime) -> Came:
        """Let time pass, with every deadline of every contact of the story in it."""
        phone = self._defined
        # Typing took the phone a second, and may have taken the story none.
        phone.at = min(phone.at, moment)
        return _came(*phone.wait_until(moment))

    def state(self, code: str, number: str, keyword: str) -> str:
        """Give where a programme stands; without keyword the contact."""
        contact = self._defined.contacts.get((number, code)) or Contact(number, code)
        return contact.subscription(keyword).state if keyword else contact.summary()

    def close(self) -> None:
        """End; nothing is kept anywhere."""
        self._phone = None

    def _at(self, code: str, number: str, now: datetime) -> Phone:
        phone = self._defined
        # To set a number is to read it anew, and it is mostly the same one.
        if (phone.code, phone.number) != (code, number):
            phone.code, phone.number = code, number
        phone.at = now
        return phone

    @property
    def _defined(self) -> Phone:
        if self._phone is None:
            message = "a target is told its programmes first: define() was not called"
            raise RuntimeError(message)
        return self._phone


def _came(*outcomes: Outcome) -> Came:
    return Came(
        tuple(
            Message(outcome.contact.number, shown(mt))
            for outcome in outcomes
            for mt in outcome.outbound
        ),
        outcomes[-1].refused if outcomes else None,
        tuple(outcome.reading for outcome in outcomes),
        tuple(step.row for outcome in outcomes for step in outcome.steps),
        tells_rows=True,
    )
