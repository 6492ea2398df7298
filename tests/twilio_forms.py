"""Forms as Twilio sends and signs them, and what its TwiML says; for tests of its webhooks."""

from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import httpx
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from tests.web_service import NUMBER, SHORT, TWILIO_TOKEN, URL, Caller

Fields = list[tuple[str, str]]

ORACLE = RequestValidator(TWILIO_TOKEN)


def sign(url: str, fields: Fields, oracle: RequestValidator = ORACLE) -> dict[str, str]:
    """Give the headers of a form; Twilio's own library signs it."""
    signature: str = oracle.compute_signature(url, ImmutableMultiDict(fields))
    return {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}


def post(
    served: Caller, path: str, fields: Fields, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Post a form, signed by Twilio's library unless it is said how."""
    headers = sign(URL + path, fields) if headers is None else headers
    return served.call("POST", path, content=urlencode(fields).encode(), headers=headers)


def mo(text: str, sid: str = "SM1", **more: str) -> Fields:
    fields = {"MessageSid": sid, "From": NUMBER, "To": SHORT, "Body": text, "NumMedia": "0", **more}
    return list(fields.items())


def text_in(response: httpx.Response) -> list[str | None]:
    """Give what TwiML says."""
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/xml")
    root = ET.fromstring(response.content)  # noqa: S314 - the service wrote it.
    assert root.tag == "Response"
    assert all(child.tag == "Message" for child in root)
    return [child.text for child in root]
