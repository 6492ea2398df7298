"""What whoever brings an MO is answered, once it is on disk."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Protocol

import attrs

from optin_engine.outcome import Outbound, Outcome
from optin_engine.stores import Fate, Mt
from optin_engine.vocabulary import Contact, Origin, Reading, Word


class Unserved(Word):
    """Why the service refused an MO that the engine would have taken."""

    RATE_LIMIT = "rate limit"
    COUNTRY = "country not allowed"


class Delivery(Enum):
    """Who says what an MO is answered.

    `OUTBOX`: the dispatcher. `ANSWER`: whoever brought the MO (TwiML); it counts as sent.
    `NOBODY`: it was said already, by the provider itself (Twilio's OptOutType).
    """

    OUTBOX = "outbox"
    ANSWER = "answer"
    NOBODY = "nobody"


@attrs.frozen
class Answer:
    """What came of one MO, as it is kept for its retries.

    Attributes:
        id: of the MO in the store.
        reading: what it was taken for, and why.
        keyword, from_state, state: as in `Outcome`.
        refused: why nothing was done: a `Refusal` or an `Unserved`; None where it was.
        outbound: what is said.
        at: when the MO counts as received; of an instruction, as ordered.

    """

    id: int
    reading: Reading
    keyword: str | None
    from_state: str
    state: str
    refused: str | None
    outbound: tuple[Outbound, ...]
    at: datetime | None = None


@attrs.frozen
class Heard:
    """One MO, deadline or instruction that was taken and committed, for whoever observes.

    Attributes:
        before: the contact as it was.
        outcome: what came of it.
        origin: where it came from; empty for a deadline.
        at: when it was received.
        committed_at: when it was on disk.
        refused: why nothing was done, as in its `Answer`.

    """

    before: Contact
    outcome: Outcome
    origin: Origin | str
    at: datetime
    committed_at: datetime
    refused: str | None = None


class Observer(Protocol):
    """Who is told what happened, after it is on disk; must be quick, and never raises."""

    def committed(self, heard: Sequence[Heard], *, repeated: int, seconds: float) -> None:
        """Tell of one commit.

        Args:
            heard: what was taken in it.
            repeated: how many MOs of it were answered before.
            seconds: how long loading, deciding and committing took.

        """

    def settled(self, mts: Sequence[tuple[Mt, Fate]]) -> None:
        """Tell what became of MTs."""
