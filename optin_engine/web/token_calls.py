"""The two calls that give tokens: OAuth2's client credentials, and the older requestToken."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from optin_engine.web.auth import unauthorized
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.schemas import FAULTS, TEXT, table
from optin_engine.web.settings import SCOPES, Client

GRANT = "client_credentials"
SECONDS = 1080
OLDER_SECONDS = 3600

# What gives secrets away must not be kept on the way (RFC 6749, 5.1).
UNCACHED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


async def give_token(asked: Asked) -> Answered:
    """Answer `POST /v2/token` as RFC 6749 has it; the secret may also come by HTTP Basic."""
    grant = asked.body.get("grant_type")
    if grant is None:
        return _oauth_error(400, "invalid_request", "grant_type must be specified.")
    if grant != GRANT:
        return _oauth_error(400, "unsupported_grant_type", f"grant_type must be {GRANT}.")
    basic = _basic(asked)
    given = basic or (asked.body.get("client_id"), asked.body.get("client_secret"))
    client = _login(asked, *given)
    if client is None:
        challenge = {"WWW-Authenticate": 'Basic realm="optin-engine"'} if basic else {}
        wrong = "client_id or client_secret is wrong."
        return _oauth_error(401, "invalid_client", wrong, challenge)
    scopes = _narrowed(client, asked.body.get("scope"))
    if not scopes:
        granted = " ".join(scope for scope in SCOPES if scope in client.scopes)
        return _oauth_error(400, "invalid_scope", f"scope must be of: {granted}.")
    url = asked.settings.public_url or str(asked.request.base_url)
    content = {
        "access_token": asked.request.app.tokens.issue(client, scopes, SECONDS),
        "expires_in": SECONDS,
        "token_type": "Bearer",
        "rest_instance_url": f"{url.rstrip('/')}/",
        "soap_instance_url": f"{url.rstrip('/')}/",
        "scope": " ".join(scopes),
    }
    return Answered(200, content, headers=UNCACHED)


async def give_older_token(asked: Asked) -> Answered:
    """Answer `POST /v1/requestToken`; with `?legacy=1` its token is also the legacyToken."""
    client = _login(asked, asked.body.get("clientid"), asked.body.get("clientsecret"))
    if client is None:
        raise unauthorized()
    token = asked.request.app.tokens.issue(client, client.scopes, OLDER_SECONDS)
    content = {"accessToken": token, "expiresIn": OLDER_SECONDS}
    if asked.query.get("legacy") == "1":
        content["legacyToken"] = token
    return Answered(200, content, headers=UNCACHED)


def _login(asked: Asked, client_id: object, client_secret: object) -> Client | None:
    if not isinstance(client_id, str) or not isinstance(client_secret, str):
        return None
    address = asked.request.client.host if asked.request.client else ""
    rates = asked.request.app.rates
    rates.judge_login(client_id, address)
    client: Client | None = asked.request.app.tokens.client(client_id, client_secret)
    if client is None:
        rates.count_failed_login(client_id, address)
    return client


def _basic(asked: Asked) -> tuple[str, str] | None:
    scheme, _, coded = asked.request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, client_secret = b64decode(coded).decode().partition(":")
    except ValueError:
        return "", ""
    return client_id, client_secret


def _narrowed(client: Client, asked_for: object) -> list[str]:
    """Give the scopes of a new token, all of the client's unless it asks for fewer.

    None are given where it asks for one that it does not have.
    """
    if asked_for is None or asked_for == "":
        wanted = set(client.scopes)
    else:
        wanted = set(asked_for.split()) if isinstance(asked_for, str) else set()
    return [scope for scope in SCOPES if scope in wanted] if wanted <= client.scopes else []


def _oauth_error(
    status: int, error: str, description: str, headers: Mapping[str, str] | None = None
) -> Answered:
    content = {"error": error, "error_description": description, "error_uri": ""}
    return Answered(status, content, headers={**UNCACHED, **(headers or {})})


_LOOSE: Mapping[str, Any] = {}
_OAUTH_ERROR = table({"error": TEXT, "error_description": TEXT, "error_uri": TEXT})
_SECONDS = {"type": "integer", "minimum": 1}

CALLS = (
    Call(
        "POST",
        "/v2/token",
        None,
        give_token,
        "Give a token for a client's id and secret",
        request=table(
            {"grant_type": {"const": GRANT}},
            {
                "client_id": TEXT,
                "client_secret": TEXT,
                "scope": {"type": ["string", "null"], "description": "Some of the client's."},
                "account_id": _LOOSE,
            },
        ),
        responses={
            200: table(
                {
                    "access_token": TEXT,
                    "expires_in": _SECONDS,
                    "token_type": {"const": "Bearer"},
                    "rest_instance_url": TEXT,
                    "soap_instance_url": TEXT,
                    "scope": TEXT,
                }
            ),
            # What cannot be read has the envelope of every call; OAuth2's errors have their own.
            400: {"anyOf": [_OAUTH_ERROR, FAULTS]},
            401: _OAUTH_ERROR,
        },
        forms="also",
    ),
    Call(
        "POST",
        "/v1/requestToken",
        None,
        give_older_token,
        "Give a token, as older clients ask for it",
        request=table({"clientId": TEXT, "clientSecret": TEXT}),
        responses={
            200: table({"accessToken": TEXT, "expiresIn": _SECONDS}, {"legacyToken": TEXT}),
            400: FAULTS,
        },
        query={"legacy": {**TEXT, "description": "1: give the token as legacyToken, too."}},
        forms="also",
    ),
)
