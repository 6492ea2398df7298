"""MOs by `queueMO`, and what was said by the history that the API keeps of each."""

from http import HTTPStatus
from time import monotonic, sleep

import attrs

from optin_engine.harness.targets.calling import Tokens
from optin_engine.harness.targets.cast import Cast
from optin_engine.harness.targets.target import Came, Message
from optin_engine.service.arrivals import clean
from optin_engine.vocabulary import Inbound, Origin, Refusal

QUEUE_MO = "/sms/v1/queueMO"

# How a 400 begins that refuses the text itself: it is empty, or no keyword stands first.
NO_KEYWORD = ("The combination of ShortCode ", "The MessageText field ")
REFUSED = "Refused: "

# How often a history is asked for, until something is said.
POLL_SECONDS = 0.05


@attrs.frozen
class Result:
    """What came of an MO for one number."""

    identifier: str
    result: str


@attrs.frozen
class Queued:
    """What `queueMO` answers."""

    results: tuple[Result]


@attrs.frozen
class Spoken:
    """One text of a history: an `MO` or an `MT`."""

    type: str
    message: str


@attrs.frozen
class History:
    """What `queueMO/history` answers."""

    history: tuple[Spoken, ...]


@attrs.define
class _Conversation:
    """The conversation that an MO opened, and how many MTs of it were told."""

    identifier: str
    told: int = 0


@attrs.define
class QueuedMos:
    """The MOs of one story that no handset sent.

    Args:
        api: calls with a token.
        cast: the story's.
        patience: how many seconds may pass before something is said; 0 where whatever is said
            is there as soon as the MO is answered.

    """

    _api: Tokens
    _cast: Cast
    _patience: float = 0.0
    _conversations: dict[tuple[str, str], _Conversation] = attrs.field(factory=dict, init=False)

    def queue(self, code: str, number: str, inbound: Inbound) -> Came:
        """Queue an MO; what is said of it is in `news`.

        A retry has the id of its first, by which the API knows it. A text without a keyword
        is no MO to the API, and refused at once: that it can only come from a handset.
        """
        body = {
            "mobileNumbers": [self._cast.number(number).removeprefix("+")],
            "shortCode": code,
            "messageText": clean(inbound.text),
            "id": self._cast.mo_id(inbound.id),
        }
        body |= {"origin": inbound.origin} if inbound.origin != Origin.API else {}
        reply = self._api.call("POST", QUEUE_MO, json=body)
        if reply.status == HTTPStatus.BAD_REQUEST and reply.words().startswith(NO_KEYWORD):
            return Came(refused=Refusal.HANDSET_ONLY)
        (result,) = reply.told(Queued).results
        known = self._conversations.get((code, number))
        if known is None or known.identifier != result.identifier:
            self._conversations[code, number] = _Conversation(result.identifier)
        refused = result.result.removeprefix(REFUSED)
        return Came(refused=refused if refused != result.result else None)

    def news(self, code: str, number: str) -> tuple[Message, ...]:
        """Give what was said since it was last told, waiting for it as long as patience lasts."""
        until = monotonic() + self._patience
        while not (said := self._read(code, number)) and monotonic() < until:
            sleep(POLL_SECONDS)
        return said

    def pass_over(self, code: str, number: str) -> None:
        """Take what was said for told, by whoever brought a text from the handset."""
        self._read(code, number)

    def _read(self, code: str, number: str) -> tuple[Message, ...]:
        conversation = self._conversations.get((code, number))
        if conversation is None:
            return ()
        reply = self._api.call("GET", f"{QUEUE_MO}/history/{conversation.identifier}")
        spoken = [one.message for one in reply.told(History).history if one.type == "MT"]
        told, conversation.told = conversation.told, len(spoken)
        return tuple(Message(number, text) for text in spoken[told:])
