"""What a retry of an MO is known by: 16 bytes that nobody can guess a text from.

An MO with an id is known by the digest of code, number and id. One without an id is known,
where the rules say so, by what it says and when: time is cut into spans as long as a repeat
may take, and the digest is of code, number, origin, text and span. A repeat can only lie in
the span of the first or in one beside it; whether it is near enough is then told by the
time that the first one's answer holds, so the limit is exact. Two MOs of one span are always
near enough, so no two that count ever hold the same claim.

The digest of a text is keyed with the service's secret: all birth dates could be tried
against a bare one.
"""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

SIZE = 16

# NUL stands in no code, number, id or text that the service takes.
_GAP = b"\0"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def claim_of_id(code: str, number: str, mo_id: str) -> bytes:
    """Give what an MO with an id is known by.

    >>> claim_of_id("123456", "+15555550123", "SM1") == claim_of_id("123456", "+15555550123", "SM2")
    False
    """
    return sha256(_GAP.join(map(str.encode, (code, number, mo_id)))).digest()[:SIZE]


def claims_of_text(
    secret: bytes, said: tuple[str, str, str, str], at: datetime, within: timedelta
) -> tuple[bytes, bytes, bytes]:
    """Give what an MO without an id is known by, and its repeats before and after it.

    Args:
        secret: the service's.
        said: code, number, origin and text.
        at: when it was received.
        within: how long after the first a repeat may come.

    >>> at, ten = datetime(2026, 11, 21, tzinfo=UTC), timedelta(seconds=10)
    >>> said = ("123456", "+15555550123", "handset", "JOIN")
    >>> later = claims_of_text(b"secret", said, at + ten, ten)
    >>> claims_of_text(b"secret", said, at, ten)[0] == later[1]
    True
    """
    span = (at - _EPOCH) // within
    message = _GAP.join(map(str.encode, said))
    this, before, after = (
        hmac.digest(secret, b"%d%b%b" % (place, _GAP, message), "sha256")[:SIZE]
        for place in (span, span - 1, span + 1)
    )
    return this, before, after
