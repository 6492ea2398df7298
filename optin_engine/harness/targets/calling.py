"""Calls a target that listens at a URL: bounded in time and size, and each fault in words.

What a target is texted and what it answers is never part of an error: only where it was
called, and how it failed.
"""

from collections.abc import Mapping
from http import HTTPStatus
from time import monotonic
from typing import Any, TypeVar

import attrs
import httpx
import msgspec

from optin_engine.harness.targets.target import TargetError
from optin_engine.transports.posting import client_for

T = TypeVar("T")

SECONDS_TO_ANSWER = 10.0
"""How long a carrier, or anybody, waits for an answer; then it hangs."""

LONGEST_ANSWER = 1 << 20


class RefusedError(TargetError):
    """A call that the target understood, and refused."""


@attrs.frozen
class Reply:
    """What came back.

    Attributes:
        where: the method and the URL that were called.
        status: of HTTP.
        media_type: in lower case, without parameters.
        body: as it came.

    """

    where: str
    status: int
    media_type: str = ""
    body: bytes = b""

    def told(self, kind: type[T]) -> T:
        """Give what the body tells, as a value of a kind.

        Raises:
            RefusedError: it is a refusal.
            TargetError: it tells something else.

        """
        if self.status >= HTTPStatus.BAD_REQUEST:
            message = f"{self.where}: {self.faults()}"
            raise RefusedError(message)
        try:
            return msgspec.json.decode(self.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            message = f"{self.where}: the answer is none of that call: {error}"
            raise TargetError(message) from None

    def words(self) -> str:
        """Give what it says is wrong, whichever of our envelopes it has."""
        told = self._object()
        errors = told.get("errors") or told.get("fieldErrors") or [told.get("message")]
        texts = [e.get("message") if isinstance(e, dict) else e for e in errors]
        return " ".join(text for text in texts if isinstance(text, str))

    def faults(self) -> str:
        """Give its status, and what it says is wrong."""
        words = self.words()
        return f"HTTP {self.status}" + (f": {words}" if words else "")

    def _object(self) -> Mapping[str, Any]:
        try:
            found = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


class Caller:
    """Calls one place; shared by threads.

    Args:
        url: of an API, behind which paths are put; or the whole that is called.
        seconds: how long an answer may take.

    """

    def __init__(self, url: str, seconds: float = SECONDS_TO_ANSWER) -> None:
        self.url = url
        self._seconds = seconds
        self._client = client_for(url, seconds)

    def call(self, method: str, path: str = "", **given: Any) -> Reply:
        """Make one call.

        Args:
            method: of HTTP.
            path: behind the URL; without one the URL is called as it is.
            given: as httpx takes it: `json`, `data`, `headers`, `params`.

        Raises:
            TargetError: there was no answer, or it failed, or it went elsewhere.

        """
        return _judged(self._answer(method, path, given))

    def knock(self) -> None:
        """See that somebody listens, whatever is answered.

        Raises:
            TargetError: nobody does.

        """
        self._answer("HEAD", "", {})

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _answer(self, method: str, path: str, given: dict[str, Any]) -> Reply:
        url = self.url.rstrip("/") + path if path else self.url
        where = f"{method} {shown(url)}"
        if "json" in given:
            given["content"] = msgspec.json.encode(given.pop("json"))
            given["headers"] = {"Content-Type": "application/json", **given.get("headers", {})}
        try:
            request = self._client.build_request(method, url, **given)
            response = self._client.send(request, stream=True)
            try:
                return self._read(response, where)
            finally:
                response.close()
        except httpx.TimeoutException:
            raise _hung(where, self._seconds) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            message = f"{where}: {str(error) or type(error).__name__}"
            raise TargetError(message) from None

    def _read(self, response: httpx.Response, where: str) -> Reply:
        until, body = monotonic() + self._seconds, bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if monotonic() > until:
                raise _hung(where, self._seconds)
            if len(body) > LONGEST_ANSWER:
                message = f"{where}: the answer is longer than {LONGEST_ANSWER} bytes"
                raise TargetError(message)
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Reply(where, response.status_code, media_type, bytes(body))


@attrs.frozen
class Granted:
    """A token."""

    access_token: str = attrs.field(repr=False)


class Tokens:
    """Gives calls their token, by the client's credentials; shared by threads.

    Args:
        caller: which calls the API.
        client_id, client_secret: of the client.

    """

    def __init__(self, caller: Caller, client_id: str, client_secret: str) -> None:
        self._caller = caller
        self._login = {"grant_type": "client_credentials", "client_id": client_id}
        self._login["client_secret"] = client_secret
        self._token = ""

    def renew(self) -> None:
        """Ask for a new token.

        Raises:
            TargetError: none was given.

        """
        reply = self._caller.call("POST", "/v2/token", json=self._login)
        self._token = reply.told(Granted).access_token

    def call(self, method: str, path: str, **given: Any) -> Reply:
        """Make a call with the token, or with a new one where that has ended.

        Raises:
            TargetError: as in `Caller.call`, or no token is given any more.

        """
        reply = self._with_token(method, path, given)
        if reply.status == HTTPStatus.UNAUTHORIZED:
            self.renew()
            reply = self._with_token(method, path, given)
        return reply

    def _with_token(self, method: str, path: str, given: Mapping[str, Any]) -> Reply:
        headers = {"Authorization": f"Bearer {self._token}"}
        return self._caller.call(method, path, **given, headers=headers)


def shown(url: str) -> str:
    """Give a URL without what may be secret in it: who logs in, and the query.

    >>> shown("https://me:secret@sms.example/hook?key=1")
    'https://sms.example/hook'
    """
    return str(httpx.URL(url).copy_with(userinfo=b"", query=None, fragment=None)).rstrip("/")


def _judged(reply: Reply) -> Reply:
    """Give an answer that means what it says; a refusal is for whoever asked to judge."""
    status = f"{reply.status} {httpx.codes.get_reason_phrase(reply.status)}".strip()
    if httpx.codes.is_server_error(reply.status):
        message = f"{reply.where}: it failed with {status}"
    elif httpx.codes.is_redirect(reply.status):
        message = f"{reply.where}: it redirects, with {status}, and nobody follows"
    else:
        return reply
    raise TargetError(message)


def _hung(where: str, seconds: float) -> TargetError:
    return TargetError(f"{where}: no answer within {seconds:g} seconds")
