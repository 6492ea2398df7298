"""The body of a request as a mapping: JSON, or an HTML form.

A JSON body must be one object in UTF-8, nested at most 32 deep. What JSON cannot say (NaN,
half of a surrogate pair, numbers out of range) is refused like any text that is no JSON.
"""

from typing import Any
from urllib.parse import parse_qsl

import msgspec

from optin_engine.web.envelopes import UNREADABLE, WRONG_MEDIA
from optin_engine.web.limits import DEEPEST

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MOST_FIELDS = 1000

TOO_DEEP = f"The request body is nested more than {DEEPEST} deep."
NO_OBJECT = "The request body must be a JSON object."
TOO_MANY_FIELDS = f"The form has more than {MOST_FIELDS} fields."

_BOM = b"\xef\xbb\xbf"


def read(raw: bytes, content_type: str, forms: str) -> dict[str, Any]:
    """Read a body.

    Args:
        raw: its bytes.
        content_type: the header; empty counts as JSON, unless only forms are taken.
        forms: as in `Call`.

    Returns:
        Its outermost names in lower case; of a name given twice, the last value.

    Raises:
        Refused: 415 for another media type, 400 for what is none of its own.

    >>> read(b'{"Keyword": "JOIN"}', "application/json", "")
    {'keyword': 'JOIN'}
    >>> read(b"Body=Yes%21&From=", "application/x-www-form-urlencoded", "only")
    {'body': 'Yes!', 'from': ''}
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == FORM and forms:
        return _form(raw)
    if forms == "only" or not _is_json(media_type):
        raise WRONG_MEDIA.refused()
    return {name.lower(): value for name, value in read_object(raw).items()}


def read_object(raw: bytes) -> dict[str, Any]:
    """Read a JSON object, its names as they are written.

    Raises:
        Refused: 400; it is no JSON, no object, or nested too deep.

    """
    try:
        value = msgspec.json.decode(raw.removeprefix(_BOM))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise UNREADABLE.refused() from None
    # Counting brackets is quick, and few bodies have enough of them to be nested too deep.
    if raw.count(b"{") + raw.count(b"[") > DEEPEST and _is_deeper(value, DEEPEST):
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
        ]
    return any(isinstance(value, (dict, list)) for value in level)


def _form(raw: bytes) -> dict[str, Any]:
    try:
        text = raw.decode("utf-8", "replace")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise UNREADABLE.refused(TOO_MANY_FIELDS) from None
    return {name.lower(): value for name, value in pairs}
