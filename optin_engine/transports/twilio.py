"""The transport that sends MTs by Twilio's Messages API."""

from optin_engine.stores import Mt
from optin_engine.transports.posting import TIMEOUT, Reply, client_for, post, spoken
from optin_engine.transports.transport import Failed, Rejected

BASE_URL = "https://api.twilio.com"

# Twilio's own error codes, where they say more than the status that they come with.
BLOCKED = 21610  # The number said STOP to Twilio itself.
PASSING = frozenset({20429, 21611})  # Too many requests; the sender's queue is full.


class TwilioTransport:
    """Hands MTs to Twilio.

    The call has no idempotency key. Where its answer is lost (a time-out, a kill between
    the call and the commit), the MT is sent again, and the contact may get the same text
    twice: at least once means here that a lost text is thought worse than a repeated one.

    A refusal's reason is Twilio's error code; its message is not kept, because it quotes
    numbers.

    Args:
        account_sid: Twilio's name for the account, `AC...`.
        auth_token: its password.
        messaging_service_sid: `MG...`; then the service chooses who sends, not the code.
        status_callback: the URL that Twilio tells what became of an MT; this service's
            is `/twilio/status`.
        base_url: where the API is.
        timeout: seconds for each of connecting, writing and reading.

    """

    def __init__(  # noqa: PLR0913 - each is one of Twilio's own settings, given by name.
        self,
        account_sid: str,
        auth_token: str,
        *,
        messaging_service_sid: str = "",
        status_callback: str = "",
        base_url: str = BASE_URL,
        timeout: float = TIMEOUT,
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/2010-04-01/Accounts/{account_sid}/Messages.json"
        self._timeout = timeout
        self._service = messaging_service_sid
        self._callback = {"StatusCallback": status_callback} if status_callback else {}
        self._client = client_for(base_url, timeout, (account_sid, auth_token))

    def send(self, mt: Mt, key: str) -> str:  # noqa: ARG002 - Twilio knows no such key.
        """Hand an MT over; see `Transport.send`."""
        service = {"MessagingServiceSid": self._service}
        sender = service if self._service else {"From": spoken(mt.code)}
        form = {"To": mt.number, **sender, "Body": mt.text, **self._callback}
        request = self._client.build_request("POST", self._url, data=form)
        reply = post(self._client, request, self._timeout)
        _judge(reply)
        return reply.text("sid")

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()


def _judge(reply: Reply) -> None:
    code = reply.field("code")
    if reply.status < 400 or not isinstance(code, int):  # noqa: PLR2004 - HTTP's own border.
        return reply.judge()
    reason = f"Twilio {code}"
    if code == BLOCKED:
        raise Rejected(reason, is_blocked=True)
    if code in PASSING:
        raise Failed(reason, reply.retry_after)
    return reply.judge(reason)
