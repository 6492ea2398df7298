"""The conversation that every contestant has: an account, its contacts, and seeded MOs.

Everybody has just texted the keyword of a Double or of an Age programme, as on the day of a
campaign; then the mix of issue 2 comes in: joins, answers, opt-outs, calls for help, birth
dates and whatever else people write, each from somebody at random, over five days, so that
some answers come too late.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Protocol

import attrs

from optin_engine.account import Account
from optin_engine.outcome import Outcome
from optin_engine.vocabulary import Contact, Inbound

SEED = 2
CODE = "123456"
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
A_CONTACT = timedelta(seconds=1)
ALL_OF_IT = timedelta(days=5)
PLACE = {"shortCode": CODE, "countryCode": "US"}

# fmt: off
# kind         percent of all MOs
SHARES = {
    "join":       10,
    "yes":        40,
    "stop":       10,
    "help":        5,
    "birth date": 20,
    "anything":   15,
}
# fmt: on
SAID = {
    "yes": ("YES", "Yes", "yes", "Y", "y", "Yes!", "yes.", "YES please", "Yes thank you", "yes ty"),
    "stop": ("STOP", "Stop", "stop", "STOP.", "stop please", "Unsubscribe", "please stop", "QUIT"),
    "help": ("HELP", "help", "Help!", "info"),
}  # fmt: skip
SHORT = ("No", "no thanks", "maybe later", "?", "lol", "Who is this?", "\U0001f44d", "sure", "k")
DATES = ("%m/%d/%Y", "%m/%d/%Y", "%m-%d-%Y", "%m%d%Y", "%m/%d/%y", "%B %d, %Y", "%d %b %Y")
WORDS = (
    "the", "a", "my", "your", "I", "you", "we", "is", "was", "when", "what", "who", "how", "store",
    "order", "phone", "coupon", "deal", "message", "friend", "open", "today", "tomorrow", "Friday",
    "got", "need", "want", "call", "send", "love", "lol", "ok", "\u2764\ufe0f", "\U0001f600", "2",
    "5pm", "caf\u00e9", "isn\u2019t", "please", "about",
)  # fmt: skip


class Contestant(Protocol):
    """An engine: whatever it remembers of a contact beside the value, it keeps itself."""

    def receive(self, contact: Contact, inbound: Inbound) -> Outcome:
        """Say what happens when a text comes in from a contact."""


@attrs.frozen
class MO:
    """A text, and the number that it comes from."""

    number: str
    inbound: Inbound


def definitions() -> dict[str, Any]:
    """Give the account's definitions: on one code a Double (JOIN) and an Age programme (WINE)."""
    double = {
        **PLACE,
        "messageName": "Offers",
        "keyword": "JOIN",
        "messageOptInType": "Double",
        "doubleOptinInitialMessage": "Acme: Reply YES to get 4 msgs/month. Reply STOP to stop.",
        "doubleOptinConfirmationMessage": "Acme: You are in. Reply HELP for help, STOP to stop.",
        "duplicateOptInMessage": "Acme: You are already with us. Reply STOP to stop.",
        "optInErrorMessage": "Acme: Sorry, we did not get that. Reply YES to subscribe.",
    }
    age = {
        **double,
        "messageName": "Wine club",
        "keyword": "WINE",
        "messageOptInType": "Age",
        "minimumAge": 21,
        "birthDateMessage": "Acme Wine: Thanks! Now reply with your birth date as MM/DD/YYYY.",
        "optInInvalidAgeMessage": "Acme Wine: Sorry, we cannot sign you up.",
    }
    code = {**PLACE, "brand": "Acme", "defaultMessage": "Acme: Reply HELP for help."}
    return {"codes": [code], "programs": [double, age]}


def account() -> Account:
    """Give the account."""
    return Account.from_dict(definitions())


def is_asked_for_age(number: int) -> bool:
    """Tell whether a contact wants the Age programme: every second one does."""
    return number % 2 == 1


def number_of(contact: int) -> str:
    """Give the mobile number of a contact."""
    return f"+1555{contact:07}"


def joins(contacts: int) -> Sequence[MO]:
    """Give the first MO of every contact: the keyword of its programme."""
    return [
        MO(
            number_of(contact),
            Inbound(
                "WINE" if is_asked_for_age(contact) else "JOIN",
                BEGIN - (contacts - contact) * A_CONTACT,
                f"join-{contact}",
            ),
        )
        for contact in range(contacts)
    ]


def mix(mos: int, contacts: int) -> Sequence[MO]:
    """Give the mix, in the order of time; half of the contacts want the Age programme."""
    random = Random(SEED)  # noqa: S311  The same conversation every time is the point.
    kinds = random.choices([*SHARES], [*SHARES.values()], k=mos)
    found = []
    for place, kind in enumerate(kinds):
        contact = random.randrange(contacts)
        if kind == "birth date":
            contact |= 1
        at = BEGIN + ALL_OF_IT * place / mos
        text = _text(random, kind, contact)
        found.append(MO(number_of(contact), Inbound(text, at, f"mo-{place}")))
    return found


def _text(random: Random, kind: str, contact: int) -> str:
    if kind == "join":
        return "WINE" if is_asked_for_age(contact) else random.choice(("JOIN", "join", "Join!"))
    if kind == "birth date":
        born = BEGIN - timedelta(days=random.randrange(12 * 366, 80 * 366))
        return born.strftime(random.choice(DATES))
    if kind == "anything":
        sentence = " ".join(random.choices(WORDS, k=random.randint(2, 12)))
        return random.choice((sentence, sentence, sentence, random.choice(SHORT)))
    return random.choice(SAID[kind])
