"""The service: MOs in, answers out, everything on disk before anybody is answered."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Self

import attrs

from optin_engine.account import UnknownCode
from optin_engine.engine import Engine
from optin_engine.service.answer import Answer, Delivery, Observer
from optin_engine.service.arrivals import Arrival, Reception, Recipients, Rules, clean, known_of
from optin_engine.service.batches import Batches
from optin_engine.service.catalog import Catalog
from optin_engine.service.clock import MovableClock, kept_from_stepping_back, wall_clock
from optin_engine.service.committer import Committer, tell
from optin_engine.service.outbound.enqueuer import Enqueuer
from optin_engine.service.outbound.sender import Sender
from optin_engine.stores import Mo, Mt, Store
from optin_engine.vocabulary import Contact, Inbound, Instruction, Origin

__all__ = ["AsyncService", "Rules", "Service", "wall_clock"]


class Service:
    """The engine over a store; shared by threads, and by any number of processes a store.

    Args:
        store: where everything is kept; the caller closes it.
        rules: what is allowed beyond the definitions.
        secret: what claims of MOs without an id are keyed with, shared by all processes;
            empty: drawn at random, and repeats are known in this process only.
        clock: gives the time, timezone-aware; only one that can be set (`MovableClock`) may
            step back.
        observers: who is told what happened.

    Attributes:
        store: the store; for what is only read.
        catalog: the definitions.
        sender: takes sends to many; `Sender` says what it can do.
        enqueuer: deals with their members; `Workers` step it.
        reception, committer: make MOs fit to take, and take them; `AsyncService` uses them.

    >>> from datetime import UTC
    >>> from optin_engine.stores import open_store
    >>> with open_store("memory:") as store, Service(store) as service:
    ...     account = service.catalog.load({"codes": [{"shortCode": "123456",
    ...         "countryCode": "US"}], "programs": [{"messageName": "News", "keyword": "JOIN",
    ...         "shortCode": "123456", "countryCode": "US", "messageOptInType": "Single",
    ...         "responseMessage": "Welcome!"}]})
    ...     mo = Inbound("Join!", datetime(2026, 1, 1, tzinfo=UTC), "SM1")
    ...     answer = service.receive("123456", "+15555550123", mo)
    ...     again = service.receive("123456", "+15555550123", mo)
    >>> print(answer.state, answer.outbound[0].text, answer == again)
    Subscribed Welcome! True

    """

    def __init__(
        self,
        store: Store,
        rules: Rules | None = None,
        *,
        secret: bytes = b"",
        clock: Callable[[], datetime] | MovableClock = wall_clock,
        observers: Sequence[Observer] = (),
    ) -> None:
        rules, kept = rules or Rules(), kept_from_stepping_back(clock)
        self.store = store
        self.catalog = Catalog(store, kept.now)
        self.catalog.mend()
        self._clock = kept
        self.reception = Reception(rules, secret or secrets.token_bytes(32), kept.now)
        self._batches = Batches(store, self.catalog, rules, kept.now)
        self._observers = tuple(observers)
        self.committer = Committer(self._batches.commit, store.at_once, self._observers)
        self.enqueuer = Enqueuer(store, kept.now)
        self.sender = Sender(
            store, self.catalog, self.reception, self.committer, kept.now, self.enqueuer.wake
        )

    def now(self) -> datetime:
        """Give the clock's time, which never goes back in one process but by being set."""
        return self._clock.now()

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
            ValueError: the number is not E.164, or the origin or the time is none.
            Unavailable: the store cannot keep it now; send the MO again, with its id.

        """
        (answer,) = self.committer.take([self.arrival(code, number, inbound, delivery)])
        return answer

    def receive_all(self, arrivals: Sequence[Arrival]) -> Sequence[Answer]:
        """Take several MOs in one batch, in their order; all or none.

        Args:
            arrivals: as `arrival` makes them.

        Raises:
            UnknownCode, Unavailable: as in `receive`.

        """
        return self.committer.take(arrivals) if arrivals else ()

    def arrival(
        self, code: str, number: str, inbound: Inbound, delivery: Delivery = Delivery.OUTBOX
    ) -> Arrival:
        """Make an MO fit for `receive_all`; arguments and errors are those of `receive`."""
        return self.reception.arrival(code, number, inbound, delivery)

    def queue_mo(
        self,
        code: str,
        numbers: Recipients,
        text: str,
        origin: Origin = Origin.API,
        mo_id: str = "",
    ) -> Sequence[Answer]:
        """Take one MO for each number, as from a web form, an app or an API; all or none.

        Args:
            code: as in `receive`.
            numbers: E.164, each once; or, as a mapping, each with the subscriber keys (1 to 254
                characters) by which the caller knows it, for `numbers_of`, or with all that is
                `Known` of it. Keys are kept with the MO, also where it is refused or repeated:
                whose a number is to the caller is a fact beside consent.
            text: as in `receive`.
            origin: `web`, `app` or `api`.
            mo_id: what the caller's retry is known by.

        Raises:
            UnknownCode, Unavailable: as in `receive`.
            ValueError: also where the origin is `handset`, or a key is none.

        """
        return self.receive_all(self.queued(code, numbers, text, origin, mo_id))

    def instruct(self, code: str, number: str, instruction: Instruction) -> Answer:
        """Carry out an order of an API or an agent; its answer has no id (0).

        Raises:
            UnknownCode, ValueError, Unavailable: as in `receive`.

        """
        (answer,) = self.committer.take([self.reception.order(code, number, instruction)])
        return answer

    def tick(self) -> int:
        """Let the deadlines pass that are due, of contacts that no other process has in hand.

        Returns:
            How many contacts had one; call again until it is 0.

        """
        with self._clock.unmoved():
            count, committed = self._batches.tick()
        if count:
            tell(self._observers, committed)
        return count

    def tick_in_time(self) -> int:
        """Do as `tick`, unless the clock was set: then deadlines pass as it is moved."""
        with self._clock.unmoved():
            return 0 if self._clock.is_set else self.tick()

    def subscriptions(self, number: str) -> Sequence[Contact]:
        """Give a number as each code sees it, deadlines applied that have passed."""
        engine, now = self.catalog.current(), self.now()
        return [_as_of(now, contact, engine) for contact in self.store.contacts(number)]

    def numbers_of(self, keys: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Give the numbers that each subscriber key names, ascending; none for an unknown key."""
        found = self.store.numbers_of([clean(key) for key in keys])
        return {key: found.get(clean(key), ()) for key in keys}

    def history(self, code: str, number: str, after: int = 0) -> Sequence[Mo | Mt]:
        """Give a contact's MOs and MTs, in their order, with greater ids than `after`."""
        return self.store.conversation(code.strip().removeprefix("+"), number, after)

    def close(self) -> None:
        """Finish what was taken, and end; may be called twice."""
        self.committer.close()

    def __enter__(self) -> Self:
        """Use it until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def queued(
        self, code: str, numbers: Recipients, text: str, origin: Origin, mo_id: str
    ) -> Sequence[Arrival]:
        """Make the arrivals of `queue_mo`, with its arguments and errors."""
        if origin == Origin.HANDSET:
            message = "The origin is invalid. It must be web, app or api."
            raise ValueError(message)
        inbound, arrivals = Inbound(text, self.now(), mo_id, origin), []
        for number, known in known_of(numbers):
            mo = attrs.evolve(inbound, attributes=known.attributes) if known.attributes else inbound
            arrivals.append(self.reception.arrival(code, number, mo, named=known.keys))
        return arrivals


def _as_of(now: datetime, contact: Contact, engine: Engine) -> Contact:
    """Give a contact as its deadlines leave it; as it is kept where its code is gone."""
    try:
        return engine.tick(contact, now).contact
    except UnknownCode:
        return contact


class AsyncService:
    """The same for coroutines: each method of `Service` that waits, awaited.

    A coroutine that is cancelled while it waits has its MO taken all the same.

    Args:
        service: which does the work; it is not closed here.

    """

    def __init__(self, service: Service) -> None:
        self.service = service

    async def receive(
        self, code: str, number: str, inbound: Inbound, delivery: Delivery = Delivery.OUTBOX
    ) -> Answer:
        """Take one MO; see `Service.receive`."""
        arrival = self.service.arrival(code, number, inbound, delivery)
        (answer,) = await self.service.committer.take_async([arrival])
        return answer

    async def queue_mo(
        self,
        code: str,
        numbers: Recipients,
        text: str,
        origin: Origin = Origin.API,
        mo_id: str = "",
    ) -> Sequence[Answer]:
        """Take one MO for each number; see `Service.queue_mo`."""
        arrivals = self.service.queued(code, numbers, text, origin, mo_id)
        return await self.service.committer.take_async(arrivals) if arrivals else ()

    async def instruct(self, code: str, number: str, instruction: Instruction) -> Answer:
        """Carry out an order; see `Service.instruct`."""
        order = self.service.reception.order(code, number, instruction)
        (answer,) = await self.service.committer.take_async([order])
        return answer
