"""MobileConnect's API as a target, or any that is compatible: keywords, and where one stands."""

from datetime import datetime

import attrs

from optin_engine.account import Account
from optin_engine.harness.stories.story import Order, Ordered
from optin_engine.harness.targets.calling import Tokens
from optin_engine.harness.targets.cast import Cast
from optin_engine.harness.targets.programmes import Programmes
from optin_engine.harness.targets.queued import QueuedMos
from optin_engine.harness.targets.target import Came, Target, UnableError
from optin_engine.vocabulary import Inbound, Origin, State

NO_HANDSET = (
    "MobileConnect has no way in for a handset's text: give it a webhook for the handset's side"
    " (`handsetUrl`)"
)
NO_TIME = "queueMO does not say when a text was sent"
NO_ORDER = "MobileConnect has no call that does {} and nothing else"
NO_CLOCK = "the target's clock cannot be moved: it has none to set, as `serve --dev` has"

SUBSCRIPTIONS = "/sms/v1/contacts/subscriptions"

# The furthest first, of those that the API tells; None and Declined give no row.
TOLD = (State.SUBSCRIBED, State.IN_PROGRESS, State.UNSUBSCRIBED)


@attrs.frozen
class Row:
    """Where a number stands in one programme."""

    shortCode: str  # noqa: N815 - as it stands in the answer.
    keyword: str
    status: str


@attrs.frozen
class Rows:
    """What `contacts/subscriptions` answers."""

    contacts: tuple[Row, ...]


def state_of(
    api: Tokens, number: str, account: Account | None, code: str, keyword: str
) -> str | None:
    """Give where a number stands, as far as `contacts/subscriptions` tells.

    Args:
        api: calls with a token.
        number: as the target knows it.
        account: the programmes that hold.
        code: the code.
        keyword: of the programme; empty for the contact.

    Returns:
        The state; None where it is not told: without a row a contact may be nowhere, declined,
        or have opted out of a code that it never joined.

    """
    rows = _rows(api, number)
    states = {row.keyword.upper(): row.status for row in rows if row.shortCode == code}
    if keyword:
        return states.get(keyword.upper())
    furthest = next((state for state in TOLD if state in states.values()), None)
    # Declined tells more of a contact than that it left another programme.
    gates = account is not None and code in account.codes and account.codes[code].has_age_gate
    return None if gates and furthest == State.UNSUBSCRIBED else furthest


def is_unknown(api: Tokens, number: str) -> bool:
    """Tell whether the API tells nothing of a number."""
    return not _rows(api, number)


def _rows(api: Tokens, number: str) -> tuple[Row, ...]:
    body = {"mobileNumber": [number.removeprefix("+")]}
    return api.call("POST", SUBSCRIPTIONS, json=body).told(Rows).contacts


class MobileConnectTarget:
    """An API that is MobileConnect's, or compatible; its clock is the wall's.

    What was said is what its histories say of the MOs that were queued. A STOP that an agent
    orders is queued as a text from the API.

    Args:
        api: calls with a token.
        cast: the story's.
        programmes: those of the target.
        patience: how many seconds may pass before something is said.
        handset: brings what comes from handsets, with the same cast; None: nothing does.

    """

    def __init__(
        self,
        api: Tokens,
        cast: Cast,
        programmes: Programmes,
        *,
        patience: float,
        handset: Target | None = None,
    ) -> None:
        self._api, self._cast, self._programmes = api, cast, programmes
        self._queued = QueuedMos(api, cast, patience)
        self._handset = handset
        self._account: Account | None = None
        self._brought: set[str] = set()
        self._orders = 0

    def define(self, account: Account, at: datetime) -> None:  # noqa: ARG002 - it has no clock.
        """See that these are the programmes, or make them so; see `Target.define`."""
        self._programmes.define(account)
        self._account = account

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        """Bring an MO; see `Target.text`."""
        if inbound.origin == Origin.HANDSET:
            if self._handset is None:
                raise UnableError(NO_HANDSET)
            came = self._handset.text(code, number, inbound, now)
            self._queued.pass_over(code, number)
            return came
        if inbound.received_at < now and inbound.id not in self._brought:
            raise UnableError(NO_TIME)
        self._brought.add(inbound.id)
        return self._queue(code, number, inbound)

    def order(self, code: str, number: str, order: Order, now: datetime) -> Came:
        """Let an agent order something; see `Target.order`."""
        if order.order != Ordered.STOP:
            raise UnableError(NO_ORDER.format(order.order))
        self._orders += 1
        stop = Inbound(Ordered.STOP, now, f"order-{self._orders}", Origin.API)
        return self._queue(code, number, stop)

    def wait_until(self, moment: datetime) -> Came:  # noqa: ARG002 - it has no clock.
        """Refuse: nobody can let time pass."""
        raise UnableError(NO_CLOCK)

    def state(self, code: str, number: str, keyword: str) -> str | None:
        """Give where a programme stands, as far as it is told; see `Target.state`."""
        number = self._cast.number(number)
        return state_of(self._api, number, self._account, code, keyword)

    def close(self) -> None:
        """End."""
        if self._handset is not None:
            self._handset.close()

    def _queue(self, code: str, number: str, inbound: Inbound) -> Came:
        came = self._queued.queue(code, number, inbound)
        if came.refused is not None:
            return came
        return attrs.evolve(came, said=self._queued.news(code, number))
