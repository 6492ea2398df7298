"""The consent proof of one contact: its records, what they name by digest, and whether it holds.

What `optin-engine ledger export` gives as JSON, and `proof_page` as a page to print. Whoever
has the JSON can verify it without this program: `HOW_TO_VERIFY` says how.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from optin_engine.account import read_account
from optin_engine.consent import VERSION, digest_of_text
from optin_engine.definition import FIELDS, read_program
from optin_engine.harness.standing import plain_time
from optin_engine.program import Program
from optin_engine.service import ledger
from optin_engine.service.outbound.unrendered import shown
from optin_engine.stores import Chain, Definition, Mt, Store
from optin_engine.vocabulary import OptInType, to_json

Report = dict[str, Any]

PLACE = {"shortcode", "longcode", "countrycode"}

# What no programme can be without.
NEEDED = {"name", "code", "keyword", "opt_in_type"}

HOW_TO_VERIFY = f"""\
The digest of a record is the SHA-256 of the compact JSON array (UTF-8) of "{VERSION}", \
previous, sequence, at, code, keyword, from_state, to_state, event, origin, rule, prompt, \
definition and personal.
Its personal is the SHA-256 of the compact JSON array of "{VERSION}", number, mo_id and text. \
Where these three are empty they were erased, and the digest holds without them.
Its previous is the digest of the record before, and empty in the first. The last digest is \
the head. One changed byte anywhere changes every digest after it.
`optin-engine ledger verify` does all of this for every contact of a store.
Its prompt is the SHA-256 of the question that was open, as the definition has it (UTF-8), \
before a template is filled in.
""".splitlines()


def proof(store: Store, chain: Chain, brand: str, at: datetime) -> Report:
    """Report the consent proof of one contact.

    Args:
        store: knows the definitions that the records name.
        chain: the contact's records.
        brand: who speaks on the code; may be empty.
        at: when the proof is made, timezone-aware.

    Returns:
        `madeAt`, `contact`, `number` (None once it was erased), `code`, `brand`; the
        `messages` of sends, each with the `consent` that allows it, a record's `sequence`;
        `verification` with `holds`, `records`, `head` and `break`; `records` as
        `ConsentRecord` has them; the texts of `prompts` and the `definitions` by digest (None
        where the store does not know one); and `howToVerify`.

    """
    named = dict.fromkeys(record.definition for record in chain.records if record.definition)
    definitions = {digest: _definition(store.version(digest)) for digest in named}
    asked = {record.prompt for record in chain.records if record.prompt}
    return {
        "madeAt": plain_time(at),
        "contact": str(chain.contact),
        "number": chain.number or None,
        "code": chain.code,
        "brand": brand,
        "verification": _verification(chain),
        "records": to_json(chain.records),
        "messages": [*_messages(store, chain)],
        "prompts": _prompts(asked, filter(None, definitions.values())),
        "definitions": definitions,
        "howToVerify": HOW_TO_VERIFY,
    }


def verdict(store: Store) -> Report:
    """Verify the chains of a store.

    Returns:
        `holds`; how many `contacts` and `records` were walked; and `broken`: None, or of the
        first break the `contact`, its `code`, and the `sequence` and `reason` of the record.

    """
    walked = ledger.verify(store)
    return {
        "holds": walked.broken is None,
        "contacts": walked.chains,
        "records": walked.records,
        "broken": walked.broken and {**_break(walked.broken), "code": walked.broken.code},
    }


def verdict_lines(report: Report) -> Iterator[str]:
    """Give a verdict as a line for people."""
    broken = report["broken"]
    if broken is None:
        yield f"Every chain holds: {report['records']} records of {report['contacts']} contacts."
    else:
        where = f"contact {broken['contact']} on {broken['code']}"
        yield f"Broken at record {broken['sequence']} of {where}: {broken['reason']}"


def _messages(store: Store, chain: Chain) -> Iterator[Report]:
    """Give the MTs of sends, and by which record each was allowed; of an erased number none."""
    said = store.conversation(chain.code, chain.number) if chain.number else ()
    for mt in said:
        if isinstance(mt, Mt) and mt.send:
            yield {
                "id": str(mt.id),
                "queuedAt": plain_time(mt.at),
                "settledAt": plain_time(mt.settled_at),
                "fate": str(mt.fate),
                "keyword": mt.keyword,
                "text": shown(mt),
                "consent": mt.consent or None,
            }


def _verification(chain: Chain) -> Report:
    broken = ledger.break_of(chain)
    return {
        "holds": broken is None,
        "records": len(chain.records),
        "head": chain.head.hex(),
        "break": broken and _break(broken),
    }


def _break(broken: ledger.Broken) -> Report:
    return {
        "contact": str(broken.contact),
        "sequence": broken.sequence,
        "reason": broken.reason,
    }


def _definition(kept: Definition | None) -> Report | None:
    """Give a version as it was defined; `holds` tells whether the digest is still that of it."""
    if kept is None:
        return None
    body = msgspec.json.decode(kept.body)
    return {
        "version": kept.version,
        "source": kept.source,
        "definedAt": plain_time(kept.at),
        "endedAt": plain_time(kept.ended_at),
        "holds": _digest(body) == kept.digest,
        "body": body,
    }


def _digest(body: Mapping[str, Any]) -> str:
    """Work out the digest of a programme anew, from its body alone.

    A text that is no template was a text in its time: it counts as it is written.
    """
    place = {name: body[name] for name in body if name.lower() in PLACE}
    account, _ = read_account({"codes": [place]})
    if account is None:
        return ""
    entry = read_program(1, body, account.codes)
    faulty = {fault.field for fault in entry.faults} & body.keys()
    written = {field.attribute: body[field.name] for field in FIELDS if field.name in faulty}
    read = entry.read | written
    if read.get("opt_in_type") == OptInType.AGE:
        read.setdefault("birth_date", read.get("initial"))
    return Program(**read).digest if NEEDED.issubset(read) else ""


def _prompts(asked: set[str], definitions: Iterable[Report]) -> Mapping[str, str | None]:
    """Find the texts of prompts among those of the definitions; None where none has it."""
    texts = [text for found in definitions for text in found["body"].values()]
    known = {digest_of_text(text): text for text in texts if isinstance(text, str)}
    return {digest: known.get(digest) for digest in sorted(asked)}
