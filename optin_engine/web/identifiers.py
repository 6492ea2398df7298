"""MobileConnect's identifiers: base64url, without padding, of `{inner}:{type}:0`.

`inner` is a whole number, or the 22 characters of base64url that hold a GUID's 16 bytes in
.NET's order.

>>> encode(30, "message")
'MzA6Nzg6MA'
>>> decode("Mjg6NjI1OjA", "message object")
28
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

# fmt: off
TYPES = {
    "message":        78,   # what messageContact takes
    "message object": 625,  # what message/optin and message/outbound return
    "queueMO":        76,
    "send":           79,
    "keyword":        86,
    "list":           63,
}
# fmt: on

# The longest there is holds a GUID, or a number of 63 bits, and both are well below this.
LONGEST = 64

_INNER = re.compile(
    rb"(?:(?P<number>0|[1-9][0-9]{0,18})|(?P<guid>[A-Za-z0-9_-]{22})):(?P<type>[0-9]+):0"
)
_LARGEST = 2**63


def encode(inner: int | UUID, kind: str) -> str:
    """Give the identifier of a thing.

    Args:
        inner: what it is called inside; a number is below 2**63 and not negative.
        kind: one of `TYPES`.

    >>> encode(UUID("00112233-4455-6677-8899-aabbccddeeff"), "queueMO")
    'TXlJUkFGVkVkMmFJbWFxN3pOM3Vfdzo3Njow'
    """
    name = str(inner) if isinstance(inner, int) else _bare(inner.bytes_le)
    return _bare(f"{name}:{TYPES[kind]}:0".encode())


def decode(identifier: str, kind: str) -> int | UUID | None:
    """Read an identifier; None for a text that is none of this kind.

    Args:
        identifier: any text.
        kind: one of `TYPES`.

    >>> decode("MzA6Nzg6MA", "keyword") is None
    True
    """
    content = _content(identifier)
    found = _INNER.fullmatch(content) if content else None
    if found is None or int(found["type"]) != TYPES[kind]:
        return None
    if found["number"]:
        number = int(found["number"])
        return number if number < _LARGEST else None
    guid = _content(found["guid"].decode())
    return UUID(bytes_le=guid) if guid else None


def _bare(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _content(identifier: str) -> bytes | None:
    """Undo base64url, of its one proper spelling only: a thing has one identifier."""
    if len(identifier) > LONGEST or not re.fullmatch(r"[A-Za-z0-9_-]+", identifier, re.ASCII):
        return None
    try:
        content = urlsafe_b64decode(identifier + "=" * (-len(identifier) % 4))
    except ValueError:
        return None
    return content if _bare(content) == identifier else None
