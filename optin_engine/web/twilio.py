"""Twilio's webhooks: MOs (`POST /twilio/inbound`) and receipts (`POST /twilio/status`).

Both are signed with the account's auth token over the URL that Twilio calls, which is the
configured public URL and the path and query of the request: behind a proxy the URL that the
request names is another one. The signature has no nonce; the `MessageSid` is known again.

With `OptOutType` Twilio has acted on the text and answered it: the step is taken, and
nothing is said. What is heard is then what Twilio did: a STOP or HELP in words of the
account's own, which the engine cannot know, is heard as STOP or HELP. A START is not: no
consent is read into words that do not give it, and `YES`, which Twilio counts as START, may
be the answer to a question. It only lifts the provider's block.

Of a receipt Twilio's error code says more than its status where it names who refused the MT, or
that its time was over. What Twilio itself has in its queue tells nothing new; a status that is
not known here tells nothing at all, because new ones may appear.
"""

import asyncio
import base64
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from optin_engine.program import Code
from optin_engine.reading import read
from optin_engine.service.answer import Delivery
from optin_engine.stores import Fate, Told
from optin_engine.vocabulary import Hears, Inbound
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import FORBIDDEN, invalid_body
from optin_engine.web.inbound import CODE, NO_NUMBER, NUMBER, taken
from optin_engine.web.receipts import ERROR, Receipt, keep
from optin_engine.web.schemas import TEXT, table

SIGNATURE = "x-twilio-signature"

UNCONFIGURED = "Twilio's webhooks need its auth token and the public URL of this service."
UNSIGNED = "X-Twilio-Signature does not sign this request by the token and URL configured here."

# Twilio's error: the contact opted out with Twilio itself, which will not send to it.
BLOCKED = "21610"

# fmt: off
FATES: Mapping[str, Fate] = {
    "sending":     Fate.ENROUTE,
    "sent":        Fate.CARRIED,
    "delivered":   Fate.DELIVERED,
    "read":        Fate.DELIVERED,
    "undelivered": Fate.UNDELIVERED,
    "failed":      Fate.UNDELIVERED,
    "canceled":    Fate.UNDELIVERED,
}

# What an error code makes of an MT that was not delivered.
ERRORS: Mapping[str, Fate] = {
    BLOCKED: Fate.REJECTED,  # The contact opted out with Twilio.
    "30004": Fate.REJECTED,  # The carrier or the handset blocks the sender.
    "30007": Fate.REJECTED,  # The carrier, or Twilio, takes it for spam.
    "30034": Fate.REJECTED,  # The sender is not registered with the carriers.
    "30001": Fate.EXPIRED,   # It was in Twilio's queue for too long.
    "30036": Fate.EXPIRED,   # So it was, by its own validity period.
}
# fmt: on

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
    texts = [] if acted else [mt.text for mt in answer.outbound if mt.context is None]
    return Answered(200, twiml(texts), "text/xml; charset=utf-8")


async def status(asked: Asked) -> Answered:
    """Keep what became of an MT; a receipt may come twice, or for an MT of somebody else."""
    form = signed_form(asked)
    if missing := [
        f"The {name} field must be specified." for name in RECEIPT if not form.get(name)
    ]:
        raise invalid_body(*missing)
    receipt = read_receipt(form, asked.service.service.now())
    told = await keep(asked, receipt) if receipt else None
    if form.get("ErrorCode") == BLOCKED:
        await asyncio.to_thread(_block, asked, form, told)
    return Answered(200, {})


def read_receipt(form: Mapping[str, str], now: datetime) -> Receipt | None:
    """Give what a form tells of an MT; None where that is nothing new.

    >>> form = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30007"}
    >>> read_receipt(form, datetime(2026, 11, 21)).fate
    <Fate.REJECTED: 'rejected'>
    """
    error, fate = form.get("ErrorCode", ""), FATES.get(form["MessageStatus"].lower())
    if fate is None:
        return None
    if fate == Fate.UNDELIVERED:
        fate = ERRORS.get(error, fate)
    return Receipt(form["MessageSid"], fate, now, error if ERROR.fullmatch(error) else "")


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
        raise invalid_body(*faults)
    return f"+{number[1]}", form["To"]


def _heard(body: str, acted: str, at: datetime) -> str:
    """Give the text that the engine hears: the contact's own, if it reads as what was done."""
    wanted = ACTED_ON.get(acted)
    if wanted is None or read(body, Code("0"), None, at).hears == wanted:
        return body
    return wanted.value


def _block(asked: Asked, form: Mapping[str, str], told: Told | None) -> None:
    """Mark whom Twilio blocks: as the MT has it, or where we do not know it, as Twilio does."""
    service = asked.service.service
    mt = told.mt if told else None
    code, number = (mt.code, mt.number) if mt else (form.get("From", ""), form.get("To", ""))
    if CODE.fullmatch(code) and NUMBER.fullmatch(number):
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
