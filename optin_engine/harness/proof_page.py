"""The consent proof of one contact as a page that a person can read and print.

One file of HTML: no script, nothing from a network, and every value is put in as text, so
that whatever a stranger texted stays a text.
"""

from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from optin_engine.harness.standing import printable

Report = Mapping[str, Any]

ALONE = "default-src 'none'; style-src 'unsafe-inline'"
"""What the page may load: nothing."""

CHANGES = ("", "When (UTC)", "Programme", "Change", "What was read, and why", "Text", "Asked")
SAID = ("When (UTC)", "What", "What came of it", "On the strength of record")
NOTHING_SENT = "No send has told this number anything."
SENT_AND_ERASED = "The number was erased, and with it all that sends told it."
WHOLE = (
    "This page leaves out fields, and cuts times to the second. The proof as JSON has all of them: "
    "`optin-engine ledger export` gives it."
)
SECONDS = len("2026-11-21T18:05:00")
DIGESTS = ("", "Digest of the record", "Prompt", "Definition")


def page(proof: Report) -> str:
    """Give a proof, as `consent_proof.proof` reports it, as HTML."""
    html = Element("html", lang="en")
    head = SubElement(html, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": ALONE})
    _add(head, "title", f"Proof of consent, contact {proof['contact']}")
    _add(head, "style", (resources.files(__package__) / "proof_page.css").read_text("utf-8"))
    body = SubElement(html, "body")
    _add(body, "h1", "Proof of consent")
    _facts(body, proof)
    _verdict(body, proof["verification"])
    _add(body, "h2", "What happened")
    changes = (_change(record, proof["prompts"]) for record in proof["records"])
    _table(body, CHANGES, changes).set("class", "changes")
    _add(body, "h2", "What was sent by consent")
    if proof["messages"]:
        _table(body, SAID, map(_said, proof["messages"]))
    else:
        _add(body, "p", NOTHING_SENT if proof["number"] else SENT_AND_ERASED)
    for digest, definition in proof["definitions"].items():
        _definition(body, digest, definition)
    _add(body, "h2", "Digests")
    _table(body, DIGESTS, map(_digests, proof["records"]), tag="code")
    _add(body, "h2", "How to verify")
    for paragraph in (*proof["howToVerify"], WHOLE):
        _add(body, "p", paragraph)
    indent(html)
    return "<!DOCTYPE html>\n" + tostring(html, encoding="unicode", method="html") + "\n"


def _facts(body: Element, proof: Report) -> None:
    brand = f" ({proof['brand']})" if proof["brand"] else ""
    _list(
        body,
        {
            "Number": proof["number"] or "erased",
            "Code": f"{proof['code']}{brand}",
            "Contact": proof["contact"],
            "Made at": proof["madeAt"],
        },
    )


def _verdict(body: Element, verification: Report) -> None:
    count, broken = verification["records"], verification["break"]
    if broken is None:
        records = "record follows" if count == 1 else "records follow"
        said = f"The chain holds: {count} {records} each other unchanged."
        _add(body, "p", said).set("class", "holds")
    else:
        said = f"The chain is broken at record {broken['sequence']}: {broken['reason']}."
        _add(body, "p", said).set("class", "broken")


def _change(record: Report, prompts: Mapping[str, str | None]) -> Sequence[str]:
    origin = f", from {record['origin']}" if record["origin"] else ""
    asked = record["prompt"] and (prompts[record["prompt"]] or "not in the definition")
    return (
        str(record["sequence"]),
        record["at"][:SECONDS].replace("T", " "),
        record["keyword"] or "all of the code",
        f"{record['from_state']} \N{RIGHTWARDS ARROW} {record['to_state']}",
        f"{record['event']}: {record['rule']}{origin}",
        record["text"],
        asked,
    )


def _said(mt: Report) -> Sequence[str]:
    at = mt["settledAt"] or mt["queuedAt"]
    return at[:SECONDS].replace("T", " "), mt["text"], mt["fate"], str(mt["consent"] or "none")


def _digests(record: Report) -> Sequence[str]:
    return str(record["sequence"]), record["digest"], record["prompt"], record["definition"]


def _definition(body: Element, digest: str, definition: Report | None) -> None:
    if definition is None:
        _add(body, "h2", "A definition that this store does not have")
        _list(body, {"Digest": digest})
        return
    given = definition["body"]
    _add(body, "h2", f"The definition, version {definition['version']}")
    until = definition["endedAt"] or "today"
    about = {
        "In force": f"from {definition['definedAt']} to {until}",
        "Digest": digest if definition["holds"] else f"{digest}: NOT that of the fields below",
    }
    _list(body, about | {name: str(value) for name, value in given.items()})


def _list(body: Element, facts: Mapping[str, str]) -> None:
    entries = SubElement(body, "dl")
    for name, value in facts.items():
        _add(entries, "dt", name)
        _add(entries, "dd", value)


def _table(
    body: Element, headings: Sequence[str], rows: Iterable[Sequence[str]], tag: str = "span"
) -> Element:
    table = SubElement(body, "table")
    top = SubElement(SubElement(table, "thead"), "tr")
    for heading in headings:
        _add(top, "th", heading)
    entries = SubElement(table, "tbody")
    for row in rows:
        entry = SubElement(entries, "tr")
        for cell in row:
            _add(SubElement(entry, "td"), tag, cell)
    return table


def _add(parent: Element, tag: str, text: str) -> Element:
    """Add an element with a text; what cannot be printed is written out."""
    element = SubElement(parent, tag)
    element.text = text if tag == "style" else printable(text)
    return element
