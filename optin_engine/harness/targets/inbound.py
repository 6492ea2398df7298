"""Our service as a target, over HTTP: `/inbound`, `queueMO`, and `/dev` where it is there."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import attrs

from optin_engine.account import Account
from optin_engine.harness.stories.story import Order, Ordered
from optin_engine.harness.targets.calling import Tokens
from optin_engine.harness.targets.cast import Cast
from optin_engine.harness.targets.dev import Answered, Watch
from optin_engine.harness.targets.mobileconnect import NO_CLOCK, NO_TIME, state_of
from optin_engine.harness.targets.programmes import Programmes
from optin_engine.harness.targets.queued import QueuedMos
from optin_engine.harness.targets.target import Came, Message, TargetError, UnableError
from optin_engine.service.arrivals import clean
from optin_engine.service.clock import wall_clock
from optin_engine.vocabulary import Inbound, Origin

NO_ORDERS = "only `serve --dev` takes the order {}; a STOP can be ordered anywhere"


class InboundTarget:
    """Our service at a URL.

    With `/dev` its clock goes with the story's, what is said is what its store keeps, and it
    tells all states; without, what is said is what its answers say.

    Args:
        api: calls with a token.
        cast: the story's.
        programmes: those of the target.
        watch: looks through `/dev`; None where the service was started without `--dev`.

    """

    def __init__(
        self, api: Tokens, cast: Cast, programmes: Programmes, watch: Watch | None = None
    ) -> None:
        self._api, self._cast, self._programmes, self._watch = api, cast, programmes, watch
        self._queued = QueuedMos(api, cast)
        self._account: Account | None = None
        # The MOs that came, as they were sent; and the ids that the service gave to theirs.
        self._sent: dict[str, Any] = {}
        self._answered: set[str] = set()
        self._orders = 0

    def define(self, account: Account, at: datetime) -> None:
        """See that these are the programmes, or make them so; see `Target.define`."""
        if self._watch:
            self._watch.set_clock(at)
        self._programmes.define(account)
        self._account = account

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        """Bring an MO; see `Target.text`."""
        if self._watch:
            self._watch.attend(code, number, now)
        if inbound.origin == Origin.HANDSET:
            return self._bring(code, number, inbound, now)
        if inbound.received_at < now and inbound.id not in self._sent:
            raise UnableError(NO_TIME)
        is_again = inbound.id in self._sent
        self._sent[inbound.id] = inbound
        came = self._queue(code, number, inbound)
        return Came(came.said) if is_again else came

    def order(self, code: str, number: str, order: Order, now: datetime) -> Came:
        """Let an agent order something; see `Target.order`."""
        if self._watch:
            return self._watch.order(code, number, order, now)
        if order.order != Ordered.STOP:
            raise UnableError(NO_ORDERS.format(order.order))
        self._orders += 1
        stop = Inbound(Ordered.STOP, now, f"order-{self._orders}", Origin.API)
        return self._queue(code, number, stop)

    def wait_until(self, moment: datetime) -> Came:
        """Let time pass; see `Target.wait_until`."""
        if self._watch is None:
            raise UnableError(NO_CLOCK)
        return self._watch.wait_until(moment)

    def state(self, code: str, number: str, keyword: str) -> str | None:
        """Give where a programme stands, as far as it is told; see `Target.state`."""
        if self._watch:
            return self._watch.state(code, number, keyword)
        number = self._cast.number(number)
        return state_of(self._api, number, self._account, code, keyword)

    def close(self) -> None:
        """End; what was begun with the story's numbers ends with it, if the service is there."""
        if self._watch:
            with suppress(TargetError):
                self._watch.close()

    def _bring(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        """Bring what a handset sent; a retry comes as its first did."""
        if inbound.id not in self._sent:
            self._sent[inbound.id] = self._written(code, number, inbound, now)
        reply = self._api.call("POST", "/inbound", json=self._sent[inbound.id])
        answered = reply.told(Answered)
        is_again = answered.id in self._answered
        self._answered.add(answered.id)
        if self._watch:
            said = self._watch.said()
        else:
            self._queued.pass_over(code, number)
            said = () if is_again else _said(number, answered)
        if is_again:
            # What a repeat is answered was said, or refused, when it was none.
            return Came(said)
        return Came(said, answered.refused, (answered.reading,))

    def _written(self, code: str, number: str, inbound: Inbound, now: datetime) -> Any:
        """Write an MO; where the clock is the wall's, it was sent as long ago as in the story."""
        sent_at = inbound.received_at.astimezone(UTC)
        if self._watch is None:
            sent_at = wall_clock() - (now - inbound.received_at)
        return {
            "id": self._cast.mo_id(inbound.id),
            "from": self._cast.number(number),
            "to": code,
            "text": clean(inbound.text),
            "receivedAt": sent_at if inbound.received_at < now else None,
        }

    def _queue(self, code: str, number: str, inbound: Inbound) -> Came:
        came = self._queued.queue(code, number, inbound)
        news = self._queued.news(code, number)
        return attrs.evolve(came, said=self._watch.said() if self._watch else news)


def _said(number: str, answered: Answered) -> tuple[Message, ...]:
    return tuple(Message(number, said.text) for said in answered.messages)
