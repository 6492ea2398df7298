"""Twilio's webhooks: MOs (`POST /twilio/inbound`) and receipts (`POST /twilio/status`).

Both are signed with the account's auth token over the URL that Twilio calls, which is the
configured public URL and the path and query of the request: behind a proxy the URL that the
request names is another one. The signature has no nonce; the `MessageSid` is known again.

With `OptOutType` Twilio has acted on the text and answered it: the step is taken, and
nothing is said. What is heard is then what Twilio did: a STOP or HELP in words of the
account's own, which the engine cannot know, is heard as STOP or HELP. A START is not: no
consent is read into words that do not give it, and `YES`, which Twilio counts as START, may
be the answer to a question. It only lifts the provider's block.

A receipt can be here before the dispatcher has noted the name that Twilio gave its MT. One for
a name that nobody knows is answered at once, because Twilio may tell it only once, and tried again
in the background over some seconds; then it is taken for somebody else's, and forgotten. At
most `MOST_WAITING` wait in a process, and none outlasts it.
"""

import asyncio
import base64
import hmac
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from optin_engine.program import Code
from optin_engine.reading import read
from optin_engine.service.answer import Delivery
from optin_engine.stores import Fate, Mt, StoreError
from optin_engine.vocabulary import Hears, Inbound
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import FORBIDDEN
from optin_engine.web.inbound import NO_NUMBER, NUMBER, refused, taken
from optin_engine.web.schemas import TEXT, table

SIGNATURE = "x-twilio-signature"

UNCONFIGURED = "Twilio's webhooks need its auth token and the public URL of this service."
UNSIGNED = "X-Twilio-Signature does not sign this request by the token and URL configured here."

# Twilio's error: the contact opted out with Twilio itself, which will not send to it.
BLOCKED = "21610"

# Seconds between the tries of a receipt whose MT is not known yet.
WAITS = (0.5, 2.0, 8.0)
MOST_WAITING = 1000
_waiting: set[asyncio.Task[None]] = set()

FATES = {
    "delivered": Fate.DELIVERED,
    "read": Fate.DELIVERED,
    "undelivered": Fate.UNDELIVERED,
    "failed": Fate.UNDELIVERED,
}

# What a text is heard as, where Twilio acted on it and we do not know the words.
ACTED_ON = {"STOP": Hears.STOP, "HELP": Hears.HELP}


async def inbound(asked: Asked) -> Answered:
    """Take one MO and answer it in TwiML, unless Twilio did already."""
    form = signed_form(asked)
    number, code = _needed(form)
    acted = form.get("OptOutType", "").strip().upper()
    at = asked.service.service.now()
    mo = Inbound(_heard(form["Body"], acted, at), at, form["MessageSid"])
    delivery = Delivery.NOBODY if acted else Delivery.ANSWER
    answer = await taken(asked, code, number, mo, delivery)
    if acted == Hears.START:
        store = asked.service.service.store
        await asyncio.to_thread(store.block, code.removeprefix("+"), number, None)
    texts = [] if acted else [message.text for message in answer.outbound]
    return Answered(200, twiml(texts), "text/xml; charset=utf-8")


async def status(asked: Asked) -> Answered:
    """Keep what became of an MT; a receipt may come twice, or for an MT of somebody else."""
    form = signed_form(asked)
    if missing := [
        f"The {name} field must be specified." for name in RECEIPT if not form.get(name)
    ]:
        raise refused(*missing)
    fate = FATES.get(form["MessageStatus"].lower())
    mt = await asyncio.to_thread(_kept, asked, form, fate) if fate else None
    if form.get("ErrorCode") == BLOCKED:
        await asyncio.to_thread(_block, asked, form, mt)
    if fate and mt is None and len(_waiting) < MOST_WAITING:
        waiting = asyncio.create_task(_try_again(asked, form, fate))
        _waiting.add(waiting)
        waiting.add_done_callback(_waiting.discard)
    return Answered(200, {})


def signed_form(asked: Asked) -> Mapping[str, str]:
    """Give the fields of a form that Twilio signed, the first of each name.

    Raises:
        Refused: 403; it is not signed with our token, or no token or URL is configured.

    """
    settings, request = asked.settings, asked.request
    if not (settings.twilio_auth_token and settings.public_url):
        raise FORBIDDEN.refused(UNCONFIGURED)
    fields = asked.form
    query = request.scope["query_string"].decode("latin-1")
    path = request.scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
    given = request.headers.get(SIGNATURE, "").encode("latin-1")
    signed = [
        hmac.compare_digest(given, signature(settings.twilio_auth_token, base + path, fields))
        for base in bases(settings.public_url)
    ]
    if not any(signed):
        raise FORBIDDEN.refused(UNSIGNED)
    return dict(reversed(fields))


def signature(token: str, url: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """Give Twilio's signature of a form: base64 of HMAC-SHA1 over the URL and the fields.

    Args:
        token: the account's auth token.
        url: as Twilio calls it.
        fields: names and values; sorted, and each pair once, as Twilio has it.

    """
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1"))


def bases(public_url: str) -> Iterable[str]:
    """Give the public URL with its port and without; Twilio signs now this, now that.

    >>> list(bases("https://sms.example"))
    ['https://sms.example', 'https://sms.example:443']
    """
    parts = urlsplit(public_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.netloc.removesuffix(f":{parts.port}")
    return (parts._replace(netloc=netloc).geturl() for netloc in (host, f"{host}:{port}"))


def twiml(texts: Iterable[str]) -> bytes:
    r"""Give TwiML that says these texts, without the characters that XML cannot hold.

    >>> twiml([]).decode().split("\n")[1]
    '<Response />'
    """
    response = ET.Element("Response")
    for text in texts:
        ET.SubElement(response, "Message").text = _NO_XML.sub("", text)
    written: bytes = ET.tostring(response, encoding="utf-8", xml_declaration=True)
    return written


_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

GIVEN = {**TEXT, "minLength": 1}

MO = ("MessageSid", "From", "To", "Body")
RECEIPT = ("MessageSid", "MessageStatus")


def _needed(form: Mapping[str, str]) -> tuple[str, str]:
    """Give who wrote to what; a text may be blank, as that of a picture is."""
    faults = [
        f"The {name} field must be specified."
        for name in MO
        if name not in form or not (form[name] or name == "Body")
    ]
    number = NUMBER.fullmatch(form.get("From", ""))
    if form.get("From") and number is None:
        faults.append(f"From is invalid. {NO_NUMBER}")
    if faults or number is None:
        raise refused(*faults)
    return f"+{number[1]}", form["To"]


def _heard(body: str, acted: str, at: datetime) -> str:
    """Give the text that the engine hears: the contact's own, if it reads as what was done."""
    wanted = ACTED_ON.get(acted)
    if wanted is None or read(body, Code("0"), None, at).hears == wanted:
        return body
    return wanted.value


def _kept(asked: Asked, form: Mapping[str, str], fate: Fate) -> Mt | None:
    """Keep what became of an MT, and count it; None where nobody knows the MT (yet)."""
    service, metrics = asked.service.service, asked.request.app.metrics
    at = service.now()
    mt = service.store.delivered(form["MessageSid"], fate, at, form.get("ErrorCode", ""))
    # What was known before keeps its time: a receipt that is repeated is counted once.
    if mt and metrics and (mt.fate, mt.settled_at) == (fate, at):
        metrics.settled([(mt, fate)])
    return mt


async def _try_again(asked: Asked, form: Mapping[str, str], fate: Fate) -> None:
    for wait in WAITS:
        await asyncio.sleep(wait)
        with suppress(StoreError):
            if await asyncio.to_thread(_kept, asked, form, fate):
                return


def _block(asked: Asked, form: Mapping[str, str], mt: Mt | None) -> None:
    service = asked.service.service
    code, number = (mt.code, mt.number) if mt else (form.get("From", ""), form.get("To", ""))
    service.store.block(code.removeprefix("+"), number, service.now())


CALLS = (
    Call(
        "POST",
        "/twilio/inbound",
        None,
        inbound,
        "Bring an MO that Twilio received; answered in TwiML",
        table(
            {**dict.fromkeys(MO, GIVEN), "Body": TEXT},
            {"OptOutType": {**TEXT, "description": "STOP, START or HELP: Twilio has answered."}},
        ),
        {200: {"type": "string", "contentMediaType": "text/xml"}},
        forms="only",
        signature=SIGNATURE,
    ),
    Call(
        "POST",
        "/twilio/status",
        None,
        status,
        "Tell what became of an MT that Twilio was given",
        table(
            dict.fromkeys(RECEIPT, GIVEN),
            {"ErrorCode": {**TEXT, "description": "Twilio's; 21610: the contact is blocked."}},
        ),
        {200: {"type": "object"}},
        forms="only",
        signature=SIGNATURE,
    ),
)
