"""The service: MOs in, answers out, everything on disk before anybody is answered."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Self

import attrs

from optin_engine.service.answer import Answer, Delivery, Observer
from optin_engine.service.catalog import Catalog
from optin_engine.stores import Mo, Mt, Store
from optin_engine.vocabulary import Contact, Inbound, Instruction, Origin


def wall_clock() -> datetime:
    """Give the time."""
    return datetime.now(UTC)


@attrs.frozen
class Rules:
    """What the service allows beyond the definitions.

    Attributes:
        prompts_per_day: how many MTs a number may be sent in 24 h that no handset asked for,
            on all codes.
        repeats_within: an MO without an id that repeats another of the contact within this
            time is a retry of it; None: never.

    """

    prompts_per_day: int = 5
    repeats_within: timedelta | None = None


class Service:
    """The engine over a store; shared by threads, and by any number of processes a store.

    Args:
        store: where everything is kept; the caller closes it.
        rules: what is allowed beyond the definitions.
        secret: what claims of MOs without an id are keyed with, shared by all processes;
            empty: drawn at random, and repeats are known in this process only.
        clock: gives the time, timezone-aware.
        observers: who is told what happened.

    """

    def __init__(
        self,
        store: Store,
        rules: Rules | None = None,
        *,
        secret: bytes = b"",
        clock: Callable[[], datetime] = wall_clock,
        observers: Sequence[Observer] = (),
    ) -> None:
        self.store = store
        self.catalog = Catalog(store)
        raise NotImplementedError

    def now(self) -> datetime:
        """Give the clock's time, which never goes back in one process."""
        raise NotImplementedError

    def receive(
        self, code: str, number: str, inbound: Inbound, delivery: Delivery = Delivery.OUTBOX
    ) -> Answer:
        """Take one MO, once; answer when it is on disk.

        Args:
            code: the code it was sent to, with or without a plus sign.
            number: who sent it, E.164.
            inbound: the MO; a time in the future counts as now.
            delivery: who says the answer.

        Raises:
            UnknownCode: the code is not of the account.
            Unavailable: the store cannot keep it now; send the MO again, with its id.

        """
        raise NotImplementedError

    def queue_mo(
        self,
        code: str,
        numbers: Sequence[str],
        text: str,
        origin: Origin = Origin.API,
        mo_id: str = "",
    ) -> Sequence[Answer]:
        """Take one MO for each number, as from a web form, an app or an API; all or none.

        Args:
            code, text: as in `receive`.
            numbers: E.164, each once.
            origin: `web`, `app` or `api`.
            mo_id: what the caller's retry is known by.

        """
        raise NotImplementedError

    def instruct(self, code: str, number: str, instruction: Instruction) -> Answer:
        """Carry out an order of an API or an agent; its answer has no id."""
        raise NotImplementedError

    def tick(self) -> int:
        """Let the deadlines pass that are due, of contacts that no other process has in hand.

        Returns:
            How many contacts had one; call again until it is 0.

        """
        raise NotImplementedError

    def subscriptions(self, number: str) -> Sequence[Contact]:
        """Give a number as each code sees it, deadlines applied that have passed."""
        raise NotImplementedError

    def history(self, code: str, number: str, after: int = 0) -> Sequence[Mo | Mt]:
        """Give a contact's MOs and MTs, in their order, with greater ids than `after`."""
        raise NotImplementedError

    def close(self) -> None:
        """Finish what was taken, and end; may be called twice."""

    def __enter__(self) -> Self:
        """Use it until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


class AsyncService:
    """The same for coroutines: each method of `Service` that waits, awaited.

    Args:
        service: which does the work; it is not closed here.

    """

    def __init__(self, service: Service) -> None:
        self.service = service

    async def receive(
        self, code: str, number: str, inbound: Inbound, delivery: Delivery = Delivery.OUTBOX
    ) -> Answer:
        """Take one MO; see `Service.receive`."""
        raise NotImplementedError

    async def queue_mo(
        self,
        code: str,
        numbers: Sequence[str],
        text: str,
        origin: Origin = Origin.API,
        mo_id: str = "",
    ) -> Sequence[Answer]:
        """Take one MO for each number; see `Service.queue_mo`."""
        raise NotImplementedError

    async def instruct(self, code: str, number: str, instruction: Instruction) -> Answer:
        """Carry out an order; see `Service.instruct`."""
        raise NotImplementedError
