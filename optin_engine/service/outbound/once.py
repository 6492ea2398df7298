"""What makes an order to send safe to repeat: a key, of which only digests are kept.

Whoever has no answer orders again with the same key, and gets the send that there is. The send
keeps two digests: what it is known by, which tells two clients' keys apart, and what was asked
for, which tells a retry from another order under the same key. The second is keyed with the key
itself, because numbers could be tried against a bare one, and nobody has to keep a key to know
its retry again: it holds in all processes, whatever their secrets, for as long as the send.
"""

import hmac
from hashlib import sha256

import attrs

SIZE = 16

# NUL stands in no client's id and in no key.
_GAP = b"\0"


class KeyReused(ValueError):  # noqa: N818 - the name says what happened.
    """A key came again with another order."""


@attrs.frozen
class Once:
    """Lets an order be carried out once, however often it comes.

    Attributes:
        claim: what its retries are known by; 16 bytes.
        request: a digest of what is asked for; 32 bytes.

    >>> first, retry = (Once.of("shop", "order 7", b"to Ann") for _ in range(2))
    >>> first == retry, first.claim == Once.of("club", "order 7", b"to Ann").claim
    (True, False)

    """

    claim: bytes
    request: bytes

    @classmethod
    def of(cls, client: str, key: str, request: bytes) -> "Once":
        """Give that of one key.

        Args:
            client: who orders; keys of others are other keys.
            key: the client's; best one that nobody can guess, such as a UUID.
            request: all that is asked for, the same bytes in every retry.

        """
        claim = sha256(_GAP.join((client.encode(), key.encode()))).digest()[:SIZE]
        return cls(claim, hmac.digest(key.encode(), request, "sha256"))
