"""What every store can do for lists and sends; `Store.lists` and `Store.sends` keep these.

A send is added, then its MTs are queued a page at a time, in order of number, each page in a
transaction with the cursor that says how far it is: whoever is killed between two pages
neither repeats nor skips anybody. Only contacts that are Subscribed are told, and each MT
names the consent record that allows it.

>>> from datetime import UTC, datetime
>>> from optin_engine.stores import Member, Send, SendKind, Text, open_store
>>> now = datetime(2026, 11, 21, 18, tzinfo=UTC)
>>> with open_store("memory:") as store:
...     friends = store.lists.make("Friends", now)
...     store.lists.fill(friends.id, [Member("+15555550123")])
...     text = Text("Ice cream!", "GSM-7", 1)
...     send = store.sends.add(
...         Send(0, SendKind.LIST, "123456", "JOIN", 30, 1, text, now, targets=(friends.id,))
...     )
...     done = store.sends.enqueue(send.id, 1000, now)
>>> done.state, done.queued, done.dropped
(<SendState.STARTED: 'Started'>, 0, 1)
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from optin_engine.stores.rows import Fate, Mt
from optin_engine.stores.rows_of_sends import Member, MemberList, Render, Send

# So many members are written in one transaction.
PORTION = 5_000


class Lists(Protocol):
    """The lists of a store. Every method raises `Unavailable` as those of `Store` do."""

    def make(self, name: str, at: datetime) -> MemberList:
        """Give the list of a name; make it where there is none.

        Raises:
            StoreError: the name is empty.

        """

    def find(self, list_: int) -> MemberList | None:
        """Give a list by its id; None where there is none."""

    def every(self) -> Sequence[MemberList]:
        """Give the lists that have a name, by name."""

    def fill(self, list_: int, members: Iterable[Member]) -> None:
        """Put members into a list, in portions, so that any number of them streams through.

        Who is in it already stays, with the key and attributes that were given last; so
        what was cut off may be begun again.

        Raises:
            StoreError: there is no such list, or it was deleted meanwhile.

        """

    def remove(self, list_: int, numbers: Sequence[str]) -> int:
        """Take numbers out of a list, in one transaction; give how many of them were in it.

        A send that is under way looks at its lists page by page: who was dealt with stays
        so, told or not, and all others are judged by the list as it is then.
        """

    def delete(self, list_: int) -> Sequence[int]:
        """Delete a list with its members, unless a send that is not over names it.

        What past sends said stays as it is; they keep the list's id, which no other list is
        ever given, though one may have its name. The list that a send keeps for itself stays.

        Returns:
            The ids of the sends that are not over and name the list as a target or as
            excluded; where there are any, nothing has changed.

        """

    def count(self, list_: int) -> int:
        """Count the members of a list."""

    def members(self, list_: int, after: str = "", limit: int = 1000) -> Sequence[Member]:
        """Give members by number, with greater numbers than `after`."""

    def of(self, number: str) -> Sequence[int]:
        """Give the lists that a number is in, by id; those of contact sends are among them."""


class Sends(Protocol):
    """The sends of a store. Every method raises `Unavailable` as those of `Store` do."""

    def add(self, send: Send, members: Sequence[Member] = ()) -> Send:
        """Keep a new send, with a private list of these members as its targets if there are any.

        Of several that claim the same, whichever process adds them, only the first is kept.

        Returns:
            The send with its id; the one that is kept, where its claim was taken.

        Raises:
            StoreError: a list that it names is not there; it would exclude nobody, say.

        """

    def claimed(self, claim: bytes) -> Send | None:
        """Give the send that has a claim; None where there is none."""

    def find(self, send: int) -> Send | None:
        """Give a send by its id; None where there is none."""

    def recent(self, before: int = 0, limit: int = 100) -> Sequence[Send]:
        """Give sends with smaller ids than `before` (0: all), the latest first."""

    def waiting(self, now: datetime, limit: int = 100) -> Sequence[Send]:
        """Give the sends that have members to deal with, and may begin; the longest due first."""

    def enqueue(self, send: int, limit: int, now: datetime, render: Render | None = None) -> Send:
        """Deal with the next members, by number: queue an MT for each who may be told.

        They are the members of any target list and of no excluded one; who is Subscribed on
        the code, by a consent record that still holds, is told, and the others are dropped.
        Their contacts are locked meanwhile, as in a batch. A send that is not due, or has no
        member left, or is paused or over, stays as it is.

        Args:
            send: its id.
            limit: deal with at most so many, and no more than `ROOM`.
            now: the time.
            render: gives each member's text; must be given for a template, and only then.

        Returns:
            The send as it is now, `STARTED` once everybody was dealt with.

        Raises:
            StoreError: there is no such send.

        """

    def pause(self, send: int) -> bool:
        """Hand over and queue no more of a send; False where it is not under way."""

    def resume(self, send: int) -> bool:
        """Go on with a paused send; False where it is not paused."""

    def cancel(self, send: int, at: datetime, limit: int, error: str = "") -> int:
        """End a send, and cancel at most so many of its MTs; call again until it gives 0.

        Nothing more is handed over after the first call. What a transport has in hand is
        withdrawn, as by an opt-out. A finished send stays so.

        Args:
            send: its id.
            at: the time.
            limit: of MTs that are cancelled in this transaction.
            error: why; with one the send ends as `ERROR`, else as `CANCELLED`.

        Returns:
            How many MTs were cancelled or withdrawn now.

        """

    def finish(self, now: datetime) -> Sequence[int]:
        """Finish the sends of which nothing is queued any more; give their ids in order."""

    def mts(self, send: int, after: int = 0, limit: int = 1000) -> Sequence[Mt]:
        """Give MTs of a send with greater ids than `after`, in order of number."""

    def fates(self, send: int) -> Mapping[Fate, int]:
        """Count the MTs of a send by their fate; fates of none are left out."""
