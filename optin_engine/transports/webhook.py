"""The transport that POSTs every MT as JSON to a URL, signed by the Standard Webhooks scheme."""

from datetime import UTC, datetime

import msgspec
from standardwebhooks import Webhook

from optin_engine.stores import Mt
from optin_engine.transports.posting import TIMEOUT, client_for, post, spoken


class WebhookTransport:
    """Hands MTs to a gateway of your own.

    The body is `{"id", "from", "to", "text", "kind", "keyword", "encoding", "segments",
    "createdAt"}`. Any 2xx means that the MT was taken; if the answer is a JSON object whose
    `id` is a string, that is its provider id. The same MT may come more than once: its
    `webhook-id` stays the same, so a gateway that remembers those sends it once.

    Args:
        url: where to POST.
        secret: `whsec_` and base64, as the scheme has it; shared with the gateway.
        timeout: seconds for each of connecting, writing and reading.

    """

    def __init__(self, url: str, secret: str, timeout: float = TIMEOUT) -> None:
        self._url, self._timeout = url, timeout
        self._webhook = Webhook(secret)
        self._client = client_for(url, timeout)

    def send(self, mt: Mt, key: str) -> str:
        """Hand an MT over; see `Transport.send`."""
        body, now = _body(mt), datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(key, now, body.decode()),
        }
        request = self._client.build_request("POST", self._url, content=body, headers=headers)
        reply = post(self._client, request, self._timeout)
        reply.judge()
        return reply.text("id")

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()


def _body(mt: Mt) -> bytes:
    """Write an MT as JSON; its id as a string, because JavaScript rounds numbers so great."""
    return msgspec.json.encode(
        {
            "id": str(mt.id),
            "from": spoken(mt.code),
            "to": mt.number,
            "text": mt.text,
            "kind": mt.kind,
            "keyword": mt.keyword,
            "encoding": mt.encoding,
            "segments": mt.segments,
            "createdAt": mt.at.astimezone(UTC),
        }
    )
