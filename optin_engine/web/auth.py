"""Who calls: tokens, and the secrets that they are given for.

A token is a JWT (HS256) that names its client, its scopes and when it ends; any process
that has `token_secret` can read it, and none keeps it.
"""

import hmac
import secrets
from collections.abc import Callable, Collection, Mapping
from typing import Any

import attrs
import jwt

from optin_engine.web.call import Call
from optin_engine.web.envelopes import FORBIDDEN, UNAUTHORIZED
from optin_engine.web.settings import SCOPES, Client

ALGORITHM = "HS256"
MOST_KEPT = 10_000
CLAIMS = ("exp", "sub", "scope")


class Tokens:
    """Issues tokens and reads them.

    Args:
        secret: what they are signed with.
        clients: who may have one, by id.
        clock: gives the time, in seconds since 1970.

    """

    def __init__(
        self, secret: bytes, clients: Mapping[str, Client], clock: Callable[[], float]
    ) -> None:
        self._secret, self._clients, self._clock = secret, clients, clock
        # Whose secret an unknown client's is compared with, so that it takes as long.
        self._nobody = Client("", secrets.token_urlsafe(), frozenset())
        # Reading a signature costs more than all else that a small call does.
        self._read: dict[str, tuple[Client, float]] = {}

    def client(self, client_id: str, client_secret: str) -> Client | None:
        """Give the client with this id and this secret, in the same time if there is none.

        A client whose secret is empty is given to nobody.
        """
        client = self._clients.get(client_id, self._nobody)
        given, known = (text.encode("utf-8", "replace") for text in (client_secret, client.secret))
        is_right = hmac.compare_digest(given, known)
        return client if is_right and known else None

    def issue(self, client: Client, scopes: Collection[str], seconds: int) -> str:
        """Give a client a token.

        Args:
            client: whose secret was right.
            scopes: of its own.
            seconds: how long it holds.

        """
        now = int(self._clock())
        claims = {
            "sub": client.id,
            "scope": " ".join(scope for scope in SCOPES if scope in scopes),
            "iat": now,
            "exp": now + seconds,
            "jti": secrets.token_urlsafe(8),
        }
        return jwt.encode(claims, self._secret, ALGORITHM)

    def holder(self, token: str) -> Client:
        """Give the client that holds a token, with those of its scopes that the token has.

        Raises:
            Refused: 401; it is no token of ours, or has ended.

        """
        found = self._read.get(token) or self._verified(token)
        if found is None or found[1] <= self._clock():
            self._read.pop(token, None)
            raise unauthorized()
        return found[0]

    def _verified(self, token: str) -> tuple[Client, float] | None:
        options: Any = {"require": CLAIMS, "verify_exp": False, "verify_iat": False}
        try:
            claims = jwt.decode(token, self._secret, [ALGORITHM], options=options)
            client = self._clients[claims["sub"]]
            scopes = client.scopes.intersection(claims["scope"].split())
            found = attrs.evolve(client, scopes=scopes), float(claims["exp"])
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, AttributeError):
            return None
        if len(self._read) >= MOST_KEPT:
            self._read.clear()
        self._read[token] = found
        return found


def given_token(headers: Mapping[bytes, bytes], query: Mapping[str, str]) -> str:
    """Give the token that a request carries; empty where it carries none.

    >>> given_token({b"authorization": b"bearer abc"}, {})
    'abc'
    >>> given_token({}, {"access_token": "abc"})
    'abc'
    """
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else query.get("access_token", "")


def judge_scope(client: Client, call: Call) -> None:
    """Refuse a client that lacks the scope of a call.

    Raises:
        Refused: 403.

    """
    if call.scope is not None and call.scope not in client.scopes:
        challenge = f'Bearer error="insufficient_scope", scope="{call.scope}"'
        raise FORBIDDEN.refused(headers={"WWW-Authenticate": challenge})


def unauthorized() -> Exception:
    """Give what a call without a good token, or signature, is refused with."""
    return UNAUTHORIZED.refused(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
