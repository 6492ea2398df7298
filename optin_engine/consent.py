"""Consent records, their hash chain, and its verification.

Every change of state is one record; the records of a contact form a chain: each holds the
SHA-256 of the one before. What is hashed is a compact JSON array (UTF-8, times in RFC 3339
with `Z`): the version, `previous`, the fields from `sequence` to `definition` in the order
of `ConsentRecord`, and `personal`. The latter is the hash of version, number, MO id and
text alone, so these three can be erased from a record and the chain still be verified.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC
from hashlib import sha256
from typing import Any

import attrs
import msgspec

from optin_engine.folding import LONGEST
from optin_engine.outcome import ConsentRecord
from optin_engine.vocabulary import Hears, Reading

VERSION = "optin-engine consent 1"

_NAMES = [field.name for field in attrs.fields(ConsentRecord)]
_PUBLIC = slice(0, _NAMES.index("number"))
_PERSONAL = slice(_NAMES.index("number"), _NAMES.index("previous"))
_DIGIT = re.compile(r"\d")
_json = msgspec.json.Encoder()


@attrs.frozen
class Break:
    """Where a chain breaks first: the record's place in the sequence, and what is wrong."""

    sequence: int
    reason: str


def digest_of_text(text: str) -> str:
    """Give the SHA-256 of a text, as records keep it of prompts (64 hexadecimal digits)."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def redacted(text: str, reading: Reading, *, masks_digits: bool) -> str:
    """Give a text as a record may keep it: at most 1,600 characters, and no birth date.

    Args:
        text: the MO's.
        reading: what it was taken for; a BIRTH_DATE leaves only that one was given.
        masks_digits: the code has an age gate, so any digit may be part of a birth date.

    >>> redacted("JOIN 5/1/1990", Reading(Hears.JOIN, "keyword first"), masks_digits=True)
    'JOIN #/#/####'
    """
    if reading.hears == Hears.BIRTH_DATE:
        return f"[{reading.matched}]"
    text = text[:LONGEST]
    return _DIGIT.sub("#", text) if masks_digits else text


def write(previous: bytes, fields: Sequence[Any]) -> ConsentRecord:
    """Give the next record of a chain.

    Args:
        previous: the digest of the record before, 32 bytes; empty for the first.
        fields: the fields of `ConsentRecord` from `sequence` to `text`, in their order.

    """
    before = previous.hex()
    fields = (*fields[_PUBLIC], *map(_clean, fields[_PERSONAL]))
    personal = _digest(fields[_PERSONAL])
    return ConsentRecord(*(*fields, before, personal, _link(before, fields, personal)))


def verify(records: Iterable[ConsentRecord]) -> Break | None:
    """Give the first break in the chain of one contact's records, or None if it is whole.

    A record whose number, MO id and text are all empty was erased: its place in the chain
    is checked, and those three are not.

    Args:
        records: all records of a contact, in their order.

    >>> verify([]) is None
    True
    """
    previous = ""
    for place, record in enumerate(records, start=1):
        fields = attrs.astuple(record)
        personal = fields[_PERSONAL]
        if record.sequence != place or record.previous != previous:
            return Break(place, f"record {place} does not follow the one before it")
        if record.digest != _link(previous, fields, record.personal):
            return Break(place, f"record {place} was changed after it was written")
        if any(personal) and record.personal != _digest(personal):
            return Break(place, f"number, MO id or text of record {place} was changed")
        previous = record.digest
    return None


def erase(record: ConsentRecord) -> ConsentRecord:
    """Give the record without number, MO id and text; its chain verifies as before."""
    return attrs.evolve(record, number="", mo_id="", text="")


def _link(previous: str, fields: Sequence[Any], personal: str) -> str:
    sequence, at, *public = fields[_PUBLIC]
    return _digest((previous, sequence, at.astimezone(UTC), *public, personal))


def _digest(fields: Sequence[Any]) -> str:
    return sha256(_json.encode((VERSION, *fields))).hexdigest()


def _clean(text: str) -> str:
    """Give a text without broken surrogates, which JSON cannot hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
