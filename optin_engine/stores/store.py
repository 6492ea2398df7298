"""What every store can do: the one protocol of memory, SQLite and PostgreSQL.

The unit of durability is a batch: contacts are loaded, locked for everyone else, and what
came of many MOs is committed in one transaction. Whoever wants a contact that another batch
holds, waits. A batch that is left without a commit leaves nothing.

>>> from datetime import UTC, datetime
>>> from optin_engine.stores import Changes, Due, open_store
>>> from optin_engine.vocabulary import Contact
>>> with open_store("memory:") as store:
...     with store.batch([("123456", "+15555550123")]) as batch:
...         batch.commit(Changes([Due(Contact("+15555550123", "123456"), None)]))
...     [contact.number for contact in store.contacts("+15555550123")]
['+15555550123']
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, Self

from optin_engine.stores.holding import NO_HOLDS, Holds
from optin_engine.stores.mailing import Lists, Sends
from optin_engine.stores.receipts import Told
from optin_engine.stores.rows import (
    Backlog,
    Chain,
    Changes,
    Definition,
    Erased,
    Fate,
    Key,
    Mo,
    Mt,
    Settlement,
)
from optin_engine.vocabulary import Contact

# A batch may number so many things from its base on.
ROOM = 1 << 20

NO_PACES: Mapping[str, float] = {}


class StoreError(Exception):
    """A store that cannot be used; the message says what to do about it."""


class Unavailable(StoreError):  # noqa: N818 - the name says what holds, and it may pass.
    """The store cannot be reached, read or written now; nothing of the batch is certain."""


class Batch(Protocol):
    """Contacts in hand, locked until the batch is left.

    Attributes:
        base: the first of `ROOM` ids that are this batch's own; greater than any id of an
            earlier batch on these contacts.
        revision: a number that changes whenever any definition does.
        contacts: those that are known.
        answers: for each claim that an MO holds already, what that was answered.

    """

    @property
    def base(self) -> int: ...
    @property
    def revision(self) -> int: ...
    @property
    def contacts(self) -> Mapping[Key, Contact]: ...
    @property
    def answers(self) -> Mapping[bytes, bytes]: ...

    def definitions(self) -> Sequence[Definition]:
        """Give the definitions in force, as of this batch, by id."""

    def prompts(self, numbers: Sequence[str], since: datetime) -> Mapping[str, int]:
        """Count the MTs to each number, on all codes, since then, that no handset asked for.

        Those are the ones whose origin is neither `handset` nor empty; numbers without any
        may be left out.
        """

    def commit(self, changes: Changes) -> None:
        """Keep all of it, durably, or raise and keep nothing; a batch commits once.

        Raises:
            Unavailable: it could not be written.

        """


class Defining(Protocol):
    """The definitions in hand, locked until it is left.

    Attributes:
        base: as in `Batch`.
        current: the definitions in force, by id.

    """

    @property
    def base(self) -> int: ...
    @property
    def current(self) -> Sequence[Definition]: ...

    def commit(self, new: Sequence[Definition], ended: Sequence[int], at: datetime) -> None:
        """End definitions (by id), then add new versions; the revision changes.

        A new version of a definition in force ends the one before by itself.

        Raises:
            Unavailable: it could not be written.

        """


class Store(Protocol):
    """Where contacts, their records and what is to be sent are kept; shared by threads.

    Every method raises `Unavailable` where the store cannot be reached or written.

    Attributes:
        at_once: how many batches are worth having under way at a time in one process.
        lists: the lists of numbers.
        sends: what is said to lists, or to many contacts at once.

    """

    @property
    def at_once(self) -> int: ...
    @property
    def lists(self) -> Lists: ...
    @property
    def sends(self) -> Sends: ...

    def batch(
        self, keys: Sequence[Key], claims: Sequence[bytes] = ()
    ) -> AbstractContextManager[Batch]:
        """Lock contacts, also those not known yet, and load what is known of them.

        Locking is by number, so that all codes of it wait.

        Args:
            keys: whom; repeats are allowed.
            claims: of MOs that may have been answered before.

        """

    def due(self, now: datetime, limit: int) -> AbstractContextManager[Batch]:
        """Lock and load contacts that have a deadline at or before `now`, and nobody else has.

        Args:
            now: the time.
            limit: at most so many.

        """

    def next_due(self) -> datetime | None:
        """Give the first deadline of all contacts."""

    def defining(self) -> AbstractContextManager[Defining]:
        """Lock the definitions."""

    def revision(self) -> int:
        """Give the number that changes whenever any definition does; cheaper than to read them."""

    def definitions(self) -> tuple[int, Sequence[Definition]]:
        """Give the revision, and the definitions in force, by id."""

    def versions(self, definition: int) -> Sequence[Definition]:
        """Give all versions of a definition, also those that ended; none where it is unknown."""

    def version(self, digest: str) -> Definition | None:
        """Give the programme that consent records name by this digest."""

    def contacts(self, number: str) -> Sequence[Contact]:
        """Give a number as each code sees it, by code."""

    def numbers_of(self, keys: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Give the numbers that each subscriber key names, in ascending order.

        A key that names none is left out; keys differ where any character does.
        """

    def conversation(self, code: str, number: str, after: int = 0) -> Sequence[Mo | Mt]:
        """Give a contact's MOs and MTs with greater ids than `after`, in their order."""

    def mo(self, mo: int) -> Mo | None:
        """Give an MO by its id."""

    def answers(self, mo: int) -> Sequence[Mt]:
        """Give the MTs that answer an MO."""

    def chain(self, code: str, number: str) -> Chain | None:
        """Give the consent records of a contact."""

    def chains(self) -> Iterator[Chain]:
        """Give the consent records of every contact, also of erased ones; memory stays flat.

        Records whose contact is gone from a damaged store come last, by the contact's id, as of
        a contact without a number that has had no records.
        """

    def backlog(self) -> Backlog:
        """Give what waits."""

    def claim(
        self,
        now: datetime,
        until: datetime,
        limit: int,
        paces: Mapping[str, float] = NO_PACES,
        holds: Holds = NO_HOLDS,
    ) -> Sequence[Mt]:
        """Take MTs in hand: due, the contact's first that is not settled, and nobody else's.

        Replies come first, and wait for no MT of a send; codes have their turns in sends,
        and in each code sends to contacts are before those to lists. Sends that are paused,
        over, or rest by their holds are passed over, and hold up nobody; nor does any reply
        whose text is yet to be made. An MT that waits to be tried again, or for the end of
        its contact's quiet hours, is waited for by the contact's later ones.

        Args:
            now: the time.
            until: when another may take them, if they are not settled.
            limit: at most so many.
            paces: messages a second that codes may hand over, whoever claims them: in any
                stretch of time at most the pace times its length, and a second's worth of
                messages (one, where that is more) beside. Other codes are not held to any.
            holds: what sends wait for now.

        Returns:
            By id; `attempts` counts this one.

        """

    def claim_unrendered(self, now: datetime, until: datetime, limit: int) -> Sequence[Mt]:
        """Take replies in hand whose text is yet to be made, as `claim` takes all others.

        They take none of their code's pace, and no transport has them: an opt-out cancels them
        at once. Settled with their text, they are claimed as any other.
        """

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """Keep what became of MTs in hand; one that was withdrawn is not queued again."""

    def delivered(self, name: str | int, fate: Fate, at: datetime, error: str = "") -> Told | None:
        """Keep a carrier's receipt for an MT, if it tells more than is known; see `receipts`.

        An MT that waits to be tried again, was given up or cancelled, was handed over after
        all, and is handed over no more.

        Args:
            name: the transport's for the MT; or the MT's own id.
            fate: one of `receipts.TOLD`.
            at: when that came to be.
            error: the carrier's reason.

        Returns:
            What came of it; None where there is no such MT, or none that was handed over and
            is settled: it may be in hand.

        """

    def dead(self, after: int = 0, limit: int = 100) -> Sequence[Mt]:
        """Give MTs that were given up, by id, with greater ids than `after`."""

    def requeue(self, mts: Sequence[int], now: datetime) -> int:
        """Queue MTs again that were given up, with no attempts made; give how many.

        A finished send of any of them is under way again.
        """

    def block(self, code: str, number: str, at: datetime | None) -> None:
        """Note that a provider blocks the contact (None: not any more); consent stays."""

    def blocked(self, code: str, number: str) -> datetime | None:
        """Give since when a provider blocks the contact."""

    def erase(self, number: str) -> Erased:
        """Remove the personal data of a number from everything; its chains still verify.

        Number, MO id and text leave the records, text and answer leave MOs, the text leaves
        MTs (queued ones are cancelled), no subscriber key names the number, no list has it,
        and the contact is known by its id only. The text of a send to this number alone
        leaves too. A text from the number later begins anew.
        """

    def ping(self) -> None:
        """Do nothing, but by the store; StoreError where another version migrated it."""

    def close(self) -> None:
        """Let go of files and connections; may be called twice."""

    def __enter__(self) -> Self:
        """Use it until the block ends."""

    def __exit__(self, *_: object) -> None:
        """Close it."""
