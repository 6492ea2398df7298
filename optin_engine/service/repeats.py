"""MOs that came before: a retry gets the first answer again, and changes nothing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Self

import attrs
import msgspec

from optin_engine.service.answer import Answer
from optin_engine.service.arrivals import Arrival
from optin_engine.vocabulary import Contact, Hears, State

_decode = msgspec.json.Decoder(Answer).decode


@attrs.frozen
class Repeats:
    """What the MOs of one batch may repeat.

    Attributes:
        kept: by claim, the answers on disk, as JSON.
        within: how long after an MO without an id a repeat of it may come.
        given: by claim, the answers of this batch.

    """

    kept: Mapping[bytes, bytes]
    within: timedelta | None = None
    given: dict[bytes, Answer] = attrs.field(factory=dict)

    def fork(self) -> Self:
        """Give repeats that go on from here without touching these."""
        return attrs.evolve(self, given=self.given.copy())

    def first(self, arrival: Arrival, contact: Contact) -> Answer | None:
        """Give the answer of the MO that this one repeats; None where it repeats none.

        Args:
            arrival: the MO.
            contact: as it is now. An MO without an id that says STOP is no repeat where the
                contact came back since it said so: whether it is one can only be guessed,
                and an opt-out is never lost by a guess.

        """
        for claim in arrival.claims:
            answer = self._answer(claim)
            if answer is None:
                continue
            if arrival.inbound.id or (
                self._is_near(answer, arrival) and not _is_news(answer, contact)
            ):
                return answer
        return None

    def claim(self, arrival: Arrival) -> bytes:
        """Give what an MO that counts is to be known by; empty where another is known by it."""
        if not arrival.claims or self._answer(arrival.claims[0]) is not None:
            return b""
        return arrival.claims[0]

    def _answer(self, claim: bytes) -> Answer | None:
        if claim in self.given or claim not in self.kept:
            return self.given.get(claim)
        return _decode(self.kept[claim])

    def _is_near(self, answer: Answer, arrival: Arrival) -> bool:
        if answer.at is None or self.within is None:
            return False
        return abs(arrival.inbound.received_at - answer.at) <= self.within


def _is_news(answer: Answer, contact: Contact) -> bool:
    return answer.reading.hears == Hears.STOP and contact.state != State.UNSUBSCRIBED
