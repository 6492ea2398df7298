"""A webhook for MOs as Twilio calls it: of our service, or of any system that is texted so.

The answer is TwiML, or what the system sends by Twilio's API to the `carrier`, or both. What
is sent late is waited for as long as patience lasts, so a turn in which nothing must be said
takes all of it; what comes later still is said in a later turn.

Twilio brings an MO again because it had no answer to the first. So the same TwiML once more is
right, and is said once; other TwiML, or another call of the API, says something more.
"""

import base64
import hmac
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from optin_engine.account import Account
from optin_engine.harness.stories.story import Order
from optin_engine.harness.targets.calling import Caller
from optin_engine.harness.targets.carrier import Carrier
from optin_engine.harness.targets.cast import Cast
from optin_engine.harness.targets.dev import Watch
from optin_engine.harness.targets.mobileconnect import NO_CLOCK
from optin_engine.harness.targets.target import Came, Message, TargetError, UnableError
from optin_engine.harness.targets.twiml import Spoken, spoken
from optin_engine.service.arrivals import clean
from optin_engine.transports.posting import spoken as carriers_name
from optin_engine.vocabulary import Inbound, Origin

HANDSET_ONLY = "Twilio's webhook brings the texts of handsets, and none from {}"
NO_TIME = "Twilio's webhook does not say when a text was sent"
NO_CHANGE = "the programmes behind a webhook cannot be changed in the middle of a story"
NO_ORDERS = "a webhook takes no orders; {} can only be given to a service of ours with --dev"

SIGNATURE = "X-Twilio-Signature"
ACCOUNT = "AC" + "0" * 32

# What follows within this part of one's patience belongs to what was said.
FOLLOWING = 0.1


class TwilioTarget:
    """A webhook.

    Args:
        webhook: calls it; its URL is what is signed.
        cast: the story's.
        token: what the calls are signed with; empty: they are not.
        carrier: takes what is sent by Twilio's API; None: all answers are TwiML.
        patience: how many seconds may pass before something is sent.
        watch: looks through the `/dev` of the service of ours behind the webhook; None: it is
            another's, or without `--dev`.

    """

    def __init__(  # noqa: PLR0913 - a webhook, and each thing that may be known beside it.
        self,
        webhook: Caller,
        cast: Cast,
        *,
        token: str = "",
        carrier: Carrier | None = None,
        patience: float = 0.0,
        watch: Watch | None = None,
    ) -> None:
        self._webhook, self._cast, self._token = webhook, cast, token
        self._carrier, self._patience, self._watch = carrier, patience, watch
        self._account: Account | None = None
        # The TwiML that answered each MO first; and how much of what was sent was told.
        self._answers: dict[str, tuple[Spoken, ...]] = {}
        self._told = 0

    def define(self, account: Account, at: datetime) -> None:
        """Take the target to have these programmes, for a webhook does not tell.

        Raises:
            UnableError: they are others than at first.

        """
        if account != (self._account or account):
            raise UnableError(NO_CHANGE)
        self._account = account
        if self._watch:
            self._watch.set_clock(at)

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        """Bring an MO; see `Target.text`."""
        if inbound.origin != Origin.HANDSET:
            raise UnableError(HANDSET_ONLY.format(inbound.origin))
        if inbound.received_at < now and inbound.id not in self._answers:
            raise UnableError(NO_TIME)
        if self._watch:
            self._watch.attend(code, number, now)
        form = self._form(code, number, inbound)
        answer = spoken(self._webhook.call("POST", data=form, headers=self._signed(form)))
        is_again = self._answers.get(inbound.id) == answer
        self._answers.setdefault(inbound.id, answer)
        said = () if is_again else answer
        roles = [self._cast.role(one.to) if one.to else number for one in said]
        pairs = zip(roles, said, strict=True)
        return self._came(*(Message(role, one.text) for role, one in pairs if role))

    def order(self, code: str, number: str, order: Order, now: datetime) -> Came:
        """Let an agent order something; see `Target.order`."""
        if self._watch is None:
            raise UnableError(NO_ORDERS.format(order.order))
        came = self._watch.order(code, number, order, now)
        return self._came(refused=came.refused)

    def wait_until(self, moment: datetime) -> Came:
        """Let time pass; see `Target.wait_until`."""
        if self._watch is None:
            raise UnableError(NO_CLOCK)
        self._watch.set_clock(moment, passes_deadlines=True)
        return self._came()

    def state(self, code: str, number: str, keyword: str) -> str | None:
        """Give where a programme stands, if anybody tells; see `Target.state`."""
        return self._watch.state(code, number, keyword) if self._watch else None

    def close(self) -> None:
        """End; what was begun with the story's numbers ends with it, where that can be."""
        if self._watch:
            with suppress(TargetError):
                self._watch.close()

    def _form(self, code: str, number: str, inbound: Inbound) -> Mapping[str, str]:
        """Write the form of an MO; a retry has the form of its first."""
        sid = f"SM{self._cast.mo_id(inbound.id)}"
        return {
            "ToCountry": "US",
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "SmsSid": sid,
            "SmsStatus": "received",
            "Body": clean(inbound.text),
            "FromCountry": "US",
            "To": carriers_name(code),
            "NumSegments": "1",
            "MessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": self._cast.number(number),
            "ApiVersion": "2010-04-01",
        }

    def _signed(self, form: Mapping[str, str]) -> Mapping[str, str]:
        return {SIGNATURE: signature(self._token, self._webhook.url, form)} if self._token else {}

    def _came(self, *said: Message, refused: str | None = None) -> Came:
        """Give what came: said at once, and what the carrier was given since it was asked last."""
        late = self._late(self._carrier, is_answered=bool(said)) if self._carrier else ()
        return Came((*said, *late), refused, tells_refusals=refused is not None)

    def _late(self, carrier: Carrier, *, is_answered: bool) -> Sequence[Message]:
        """Wait for the first, unless something was said already; then for what follows it."""
        numbers = {*self._cast.numbers()}
        patience = self._patience * FOLLOWING if is_answered else self._patience
        count = self._told
        while carrier.wait_for(numbers, count + 1, patience):
            count, patience = count + 1, self._patience * FOLLOWING
        late, self._told = carrier.sent(numbers, self._told), count
        return [Message(self._cast.role(one.number) or "", one.text) for one in late]


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """Give Twilio's signature of a form.

    It is written here once more than in the service, so that a fault of one shows in the other.

    Args:
        token: the account's auth token.
        url: as it is called.
        form: each name once.

    """
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()
