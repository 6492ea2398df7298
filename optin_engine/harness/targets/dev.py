"""The calls of `serve --dev`: a target's clock, what it knows of contacts, and its orders."""

from datetime import UTC, datetime
from http import HTTPStatus

import attrs

from optin_engine.harness.stories.story import Order, Ordered
from optin_engine.harness.targets.calling import Caller
from optin_engine.harness.targets.cast import Cast
from optin_engine.harness.targets.defining import Definitions
from optin_engine.harness.targets.target import Came, Message
from optin_engine.outcome import Outbound
from optin_engine.vocabulary import Reading, State


@attrs.frozen
class Answered:
    """What came of an MO or an order, as `/inbound` and `/dev/orders` tell it."""

    id: str
    reading: Reading
    refused: str | None
    messages: tuple[Outbound, ...]


@attrs.frozen
class Row:
    """One text of a conversation: an `MO` or an `MT`."""

    id: str
    at: datetime
    type: str
    text: str


@attrs.frozen
class Standing:
    """Where one programme stands."""

    keyword: str
    state: str


@attrs.frozen
class Known:
    """What is known of a contact."""

    state: str
    subscriptions: tuple[Standing, ...]
    said: tuple[Row, ...]


class Dev:
    """The calls under `/dev`; shared by the targets of a run.

    Args:
        caller: which calls the service.

    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def is_there(self) -> bool:
        """Tell whether the service was started with `--dev`.

        Raises:
            TargetError: nobody answers.

        """
        return self._caller.call("GET", "/dev/clock").status == HTTPStatus.OK

    def set_clock(self, moment: datetime, *, passes_deadlines: bool) -> None:
        """Set the clock, with or without every deadline up to the moment."""
        body = {"at": moment.astimezone(UTC), "passDeadlines": passes_deadlines}
        self._caller.call("POST", "/dev/clock", json=body).told(dict)

    def contact(self, code: str, number: str, after: str = "0") -> Known:
        """Give what is known of a contact, and what was said after an id."""
        path = f"/dev/contacts/{code}/{number}"
        return self._caller.call("GET", path, params={"after": after}).told(Known)

    def order(self, code: str, number: str, order: Order) -> Answered:
        """Order something."""
        ordered = {"order": order.order, "keyword": order.keyword}
        body = {"code": code, "number": number, **ordered}
        return self._caller.call("POST", "/dev/orders", json=body).told(Answered)

    def definitions(self) -> Definitions:
        """Give the codes and programmes that hold."""
        return self._caller.call("GET", "/dev/definitions").told(Definitions)


class Watch:
    """Looks through `/dev` after the contacts of one story.

    Args:
        dev: the calls.
        cast: the story's.

    """

    def __init__(self, dev: Dev, cast: Cast) -> None:
        self._dev, self._cast = dev, cast
        # Of each contact, the id of what was told of it last.
        self._told: dict[tuple[str, str], str] = {}
        # What was told of each since the last act.
        self._known: dict[tuple[str, str], Known] = {}

    def set_clock(self, moment: datetime, *, passes_deadlines: bool = False) -> None:
        """Set the clock, with which an act begins; only who waits lets deadlines pass."""
        self._known.clear()
        self._dev.set_clock(moment, passes_deadlines=passes_deadlines)

    def attend(self, code: str, number: str, now: datetime) -> None:
        """Set the clock, and look after this contact from now on."""
        self._told.setdefault((code, number), "0")
        self.set_clock(now)

    def said(self) -> tuple[Message, ...]:
        """Give what was said since it was last told, to whoever is looked after, in order."""
        said = []
        for (code, number), told in self._told.items():
            known = self._dev.contact(code, self._cast.number(number), told)
            self._known[code, number], rows = known, known.said
            self._told[code, number] = rows[-1].id if rows else told
            said += [(row.at, number, code, i, row) for i, row in enumerate(rows)]
        in_order = sorted(said, key=lambda one: one[:4])
        return tuple(Message(one[1], one[-1].text) for one in in_order if one[-1].type == "MT")

    def state(self, code: str, number: str, keyword: str) -> str:
        """Give where a programme stands; without keyword the contact."""
        known = self._known.get((code, number))
        if known is None:
            told = self._told.get((code, number), "0")
            known = self._dev.contact(code, self._cast.number(number), told)
            self._known[code, number] = known
        states = {one.keyword: one.state for one in known.subscriptions}
        return states.get(keyword.upper(), State.NONE) if keyword else known.state

    def order(self, code: str, number: str, order: Order, now: datetime) -> Came:
        """Let an agent order something."""
        self.attend(code, number, now)
        answered = self._dev.order(code, self._cast.number(number), order)
        return Came(self.said(), answered.refused, (answered.reading,))

    def wait_until(self, moment: datetime) -> Came:
        """Let time pass."""
        self.set_clock(moment, passes_deadlines=True)
        return Came(self.said())

    def close(self) -> None:
        """Let no deadline of the story stay open: its contacts are nobody from now on."""
        for code, number in self._told:
            self._dev.order(code, self._cast.number(number), Order(Ordered.DEACTIVATE))
