"""What a webhook's answer tells Twilio to say."""

from xml.etree import ElementTree as ET

import attrs
from httpx import codes

from optin_engine.harness.targets.calling import Reply
from optin_engine.harness.targets.target import TargetError

XML = ("text/xml", "application/xml", "text/html", "")
PLAIN = "text/plain"
SAYS = ("Message", "Sms")


@attrs.frozen
class Spoken:
    """One MT: whom to (empty: who wrote), and its text."""

    to: str
    text: str


def spoken(reply: Reply) -> tuple[Spoken, ...]:
    """Read the answer to an MO, as Twilio does.

    An empty body says nothing, a plain text is said as it is, and all else is TwiML.

    Args:
        reply: the answer.

    Raises:
        TargetError: it is a refusal, or no TwiML, or asks for what is no text.

    >>> spoken(Reply("POST /", 200, "text/xml", b"<Response><Message>Hi</Message></Response>"))
    (Spoken(to='', text='Hi'),)
    """
    if not codes.is_success(reply.status):
        message = f"{reply.where}: HTTP {reply.status} in place of TwiML"
        raise TargetError(message)
    if not reply.body.strip():
        return ()
    if reply.media_type == PLAIN:
        return (Spoken("", reply.body.decode("utf-8", "replace")),)
    response = _response(reply)
    if others := {verb.tag for verb in response} - {*SAYS}:
        message = (
            f"{reply.where}: the TwiML asks for {', '.join(sorted(others))}, not for texts only"
        )
        raise TargetError(message)
    return tuple(Spoken(verb.get("to", ""), _text(verb)) for verb in response)


def _response(reply: Reply) -> ET.Element:
    # It refuses to read what declares entities, by which a small answer can grow without end.
    parser = ET.XMLParser(target=_Builder())  # noqa: S314 - see above.
    try:
        parser.feed(reply.body)
        response: ET.Element = parser.close()
    except (ET.ParseError, LookupError, ValueError, _DeclaresError) as error:
        message = f"{reply.where}: the answer is no TwiML: {error}"
        raise TargetError(message) from None
    if response.tag != "Response":
        message = f"{reply.where}: the answer is no TwiML: its root is {response.tag}, not Response"
        raise TargetError(message)
    return response


def _text(verb: ET.Element) -> str:
    """Give what a verb says: its bodies, where it has any; else its own text."""
    bodies = verb.findall("Body")
    return "".join(body.text or "" for body in bodies) if bodies else (verb.text or "")


class _DeclaresError(Exception):
    """A document type stands in it, which TwiML has none of."""


class _Builder(ET.TreeBuilder):
    def doctype(self, *_: object) -> None:
        message = "it declares a document type"
        raise _DeclaresError(message)
