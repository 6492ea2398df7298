"""What a story is told to: the engine, the service, or any system that can be reached."""

from datetime import datetime
from typing import Protocol

import attrs

from optin_engine.account import Account
from optin_engine.harness.stories.story import Order
from optin_engine.outcome import Row
from optin_engine.vocabulary import Inbound, Reading


class UnableError(Exception):
    """The target cannot do that; the message says what and why. The turn is skipped."""


class TargetError(Exception):
    """The target is broken or not there; the message says what it did. The story fails."""


@attrs.frozen
class Message:
    """One MT that came: whom it went to (E.164), and its text."""

    number: str
    text: str


@attrs.frozen
class Came:
    """What came of one act.

    Attributes:
        said: the MTs, in order.
        refused: why nothing was done; None where it was, or the target does not tell.
        readings: what was heard and why; empty where the target does not tell.
        rows: the rows taken; empty where the target does not tell.
        tells_rows: whether it tells `rows`, so that none means that none was taken.
        tells_refusals: whether `refused` can be relied on.

    """

    said: tuple[Message, ...] = ()
    refused: str | None = None
    readings: tuple[Reading, ...] = ()
    rows: tuple[Row, ...] = ()
    tells_rows: bool = False
    tells_refusals: bool = True


class Target(Protocol):
    """A target for the length of one story; its numbers were never heard of there before.

    All times are the story's own, timezone-aware, and never go back. `number` is E.164, `code`
    the digits of a code of the account.
    """

    def define(self, account: Account, at: datetime) -> None:
        """Make these the programmes; called first, and where they change in between.

        Raises:
            UnableError: it has programmes of its own, which are others.

        """

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        """Bring an MO. One with the id of an earlier one is a retry of it.

        Args:
            code: the contact's, in digits.
            number: the contact's, E.164.
            inbound: the MO; `received_at` is before `now` for one that was under way long.
            now: what the clock shows.

        """

    def order(self, code: str, number: str, order: Order, now: datetime) -> Came:
        """Let an agent order something."""

    def wait_until(self, moment: datetime) -> Came:
        """Let time pass, with every deadline of every contact of the story in it."""

    def state(self, code: str, number: str, keyword: str) -> str | None:
        """Give where a programme stands; without keyword the contact; None: it does not tell.

        The contact's is `Contact.summary()`: the one state that tells most of it.
        """

    def close(self) -> None:
        """End; the story is over."""
