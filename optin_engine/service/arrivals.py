"""What the service is given, made fit to keep: MOs and instructions, each for one contact.

Whatever is wrong with one is said here, to whoever brought it: past this point it shares a
batch with others, who must not suffer for it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import attrs

from optin_engine.account import UnknownCode
from optin_engine.service.answer import Delivery
from optin_engine.service.claims import claim_of_id, claims_of_text
from optin_engine.stores import Key
from optin_engine.vocabulary import Inbound, Instruction, Origin

# How long a subscriber key may be, so that every store can find it by an index.
LONGEST_KEY = 254

_CODE = re.compile(r"[0-9]{3,15}")
_NUMBER = re.compile(r"\+[1-9][0-9]{1,14}")


@attrs.frozen
class Rules:
    """What the service allows beyond the definitions.

    Attributes:
        prompts_per_day: how many MTs a number may be sent in 24 h that no handset asked for,
            on all codes. An opt-out counts also beyond that, and then nothing is said.
        repeats_within: an MO without an id that repeats another of the contact within this
            time is a retry of it; None: never. A STOP that would do something is none.

    """

    prompts_per_day: int = 5
    repeats_within: timedelta | None = None


@attrs.frozen
class Arrival:
    """One MO for a contact.

    Attributes:
        key: the contact.
        inbound: the MO.
        delivery: who says the answer.
        claims: what it is known by first, then what else a first one may be known by.
        named: the subscriber keys by which whoever brings it knows the number.

    """

    key: Key
    inbound: Inbound
    delivery: Delivery = Delivery.OUTBOX
    claims: tuple[bytes, ...] = ()
    named: tuple[str, ...] = ()


@attrs.frozen
class Order:
    """One instruction for a contact."""

    key: Key
    instruction: Instruction
    claims: tuple[bytes, ...] = ()


Work = Arrival | Order


@attrs.frozen
class Known:
    """What a caller knows of a number.

    Attributes:
        keys: the subscriber keys that it has for it.
        attributes: what texts may say of the contact; None for nothing.

    """

    keys: Sequence[str] = ()
    attributes: Mapping[str, str] | None = attrs.field(default=None, hash=False)


Recipients = Sequence[str] | Mapping[str, Sequence[str] | Known]
"""Numbers; or numbers, each with its subscriber keys, or with all that its caller knows of it."""


def known_of(recipients: Recipients) -> Iterator[tuple[str, Known]]:
    """Give each number with what its caller knows of it."""
    if not isinstance(recipients, Mapping):
        yield from ((number, Known()) for number in recipients)
        return
    for number, known in recipients.items():
        yield number, known if isinstance(known, Known) else Known(known)


@attrs.frozen
class Reception:
    """Makes arrivals and orders.

    Args:
        rules: the service's.
        secret: what claims of texts are keyed with.
        now: gives the time; what lies after it counts as now.

    """

    rules: Rules
    secret: bytes = attrs.field(repr=False)
    now: Callable[[], datetime]

    def arrival(
        self,
        code: str,
        number: str,
        inbound: Inbound,
        delivery: Delivery = Delivery.OUTBOX,
        named: Sequence[str] = (),
    ) -> Arrival:
        """Make an arrival of an MO.

        Raises:
            UnknownCode: the code is no digits.
            ValueError: the number is not E.164, or the origin, the time or a key is none.

        """
        key = code, number = _key(code, number)
        at = self._time(inbound.received_at)
        text, mo_id, origin = clean(inbound.text), clean(inbound.id), Origin(inbound.origin)
        told = inbound.attributes
        attributes = {clean(name): clean(value) for name, value in told.items()} if told else None
        inbound = Inbound(text, at, mo_id, origin, attributes)
        claims = self._claims(code, number, inbound)
        return Arrival(key, inbound, delivery, claims, tuple(map(_named, named)))

    def order(self, code: str, number: str, instruction: Instruction) -> Order:
        """Make an order of an instruction.

        Raises:
            UnknownCode, ValueError: as in `arrival`.

        """
        changes: dict[str, Any] = {
            "at": self._time(instruction.at),
            "keyword": clean(instruction.keyword),
            "id": clean(instruction.id),
        }
        return Order(_key(code, number), attrs.evolve(instruction, **changes))

    def _claims(self, code: str, number: str, inbound: Inbound) -> tuple[bytes, ...]:
        if inbound.id:
            return (claim_of_id(code, number, inbound.id),)
        within = self.rules.repeats_within
        if not within:
            return ()
        said = code, number, inbound.origin, inbound.text
        return claims_of_text(self.secret, said, inbound.received_at, within)

    def _time(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            message = "The time is invalid. It must be timezone-aware, as datetime.now(UTC) is."
            raise ValueError(message)
        return min(at, self.now())


def _key(code: str, number: str) -> Key:
    digits = code.strip().removeprefix("+")
    if not _CODE.fullmatch(digits):
        message = "The code is not on the account. It must be 3 to 15 digits."
        raise UnknownCode(message)
    if not _NUMBER.fullmatch(number):
        message = "The number is invalid. It must be E.164, such as +15555550100."
        raise ValueError(message)
    return digits, number


def _named(key: str) -> str:
    if not 0 < len(key) <= LONGEST_KEY:
        message = f"The subscriber key is invalid. It must have 1 to {LONGEST_KEY} characters."
        raise ValueError(message)
    return clean(key)


def clean(text: str) -> str:
    """Give a text that every store can hold: no half of a surrogate pair, and no NUL."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in text else text
