"""The body of a request as a mapping: JSON, or an HTML form.

A JSON body must be one object in UTF-8, nested at most 32 deep, with at most 10,000 objects
and arrays in it. What JSON cannot say (NaN, half of a surrogate pair, numbers out of range) is
refused like any text that is no JSON.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from optin_engine.web.envelopes import UNREADABLE, WRONG_MEDIA
from optin_engine.web.limits import DEEPEST

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MOST_FIELDS = 1000
MOST_PARTS = 10_000

TOO_DEEP = f"The request body is nested more than {DEEPEST} deep."
NO_OBJECT = "The request body must be a JSON object."
TOO_MANY_FIELDS = f"The form has more than {MOST_FIELDS} fields."
TOO_MANY_PARTS = f"The request body has more than {MOST_PARTS} objects and arrays."

_BOM = b"\xef\xbb\xbf"


def is_form(content_type: str, forms: str) -> bool:
    """Tell whether a body is a form; else it is JSON.

    Args:
        content_type: the header; empty counts as JSON, unless only forms are taken.
        forms: as in `Call`.

    Raises:
        Refused: 415; the call takes no body of this media type.

    >>> is_form("application/x-www-form-urlencoded; charset=utf-8", "also")
    True
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == FORM and forms:
        return True
    if forms == "only" or not _is_json(media_type):
        raise WRONG_MEDIA.refused()
    return False


def by_name(fields: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Give fields by their names in lower case; of a name given twice, the last value.

    >>> by_name([("Body", "Yes!"), ("FROM", "")])
    {'body': 'Yes!', 'from': ''}
    """
    return {name.lower(): value for name, value in fields}


def read_form(raw: bytes) -> list[tuple[str, str]]:
    """Read a form: its fields as they are written, in their order.

    Raises:
        Refused: 400; it has more than `MOST_FIELDS`.

    >>> read_form(b"Body=Yes%21&From=")
    [('Body', 'Yes!'), ('From', '')]
    """
    text = raw.decode("utf-8", "replace")
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise UNREADABLE.refused(TOO_MANY_FIELDS) from None


def read_object(raw: bytes) -> dict[str, Any]:
    """Read a JSON object, its names as they are written.

    Raises:
        Refused: 400; it is no JSON, no object, nested too deep, or made of too many parts.

    >>> read_object(b'{"Keyword": "JOIN"}')
    {'Keyword': 'JOIN'}
    """
    # Brackets are quick to count, and what is made of very many is slow to read.
    parts = raw.count(b"{") + raw.count(b"[")
    if parts > MOST_PARTS:
        raise UNREADABLE.refused(TOO_MANY_PARTS)
    try:
        value = msgspec.json.decode(raw.removeprefix(_BOM))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise UNREADABLE.refused() from None
    # Few bodies have enough of them to be nested too deep.
    if parts > DEEPEST and _is_deeper(value, DEEPEST):
        raise UNREADABLE.refused(TOO_DEEP)
    if not isinstance(value, dict):
        raise UNREADABLE.refused(NO_OBJECT)
    return value


def _is_json(media_type: str) -> bool:
    is_suffixed = media_type.startswith("application/") and media_type.endswith("+json")
    return media_type in {"", JSON, "text/json"} or is_suffixed


def _is_deeper(value: object, allowed: int) -> bool:
    level = [value]
    for _ in range(allowed):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
    return bool(level)
