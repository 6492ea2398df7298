"""Whatever is sent, the service answers with its envelope; never a 5xx, never a traceback."""

import json
import logging
from collections.abc import Iterator

import pytest

from tests.malformed import TOKEN, Malformed, corpus
from tests.web_server import Reply, Served, serving
from tests.web_service import Caller, calling


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with calling(f"sqlite:///{tmp_path_factory.mktemp('served')}/optin.db") as caller:
        yield caller


@pytest.fixture(scope="module", params=["httptools", "h11"])
def served(request: pytest.FixtureRequest, caller: Caller) -> Iterator[Served]:
    with serving(caller.app, request.param) as served:
        yield served


def is_envelope(reply: Reply) -> bool:
    """Tell whether a refusal is one of MobileConnect's two, or OAuth2's for a token."""
    body = json.loads(reply.body)
    refusal = {"message", "errorcode", "documentation", "objectErrors", "fieldErrors"}
    return set(body) - {"retryAfter"} in ({"errors"}, refusal, OAUTH)


# What uvicorn says of requests that are none.
SAID = {
    "Invalid HTTP request received",
    "Unsupported upgrade request",
    "No supported WebSocket library detected",
    # It hung up, because what followed a request was none, before that one was answered.
    "ASGI callable returned without completing response",
}

OAUTH = {"error", "error_description", "error_uri"}


def fault(malformed: Malformed, reply: Reply | None, method: str) -> str:
    """Tell what is wrong with a reply; empty where nothing is."""
    if reply is None:
        return "no answer" if malformed.is_http else ""
    if reply.status >= 500 or b"Traceback" in reply.body:
        return f"{reply.status} {reply.body[:200]!r}"
    if reply.media_type != "application/json":
        is_servers = not malformed.is_http and reply.status == 400
        is_page = reply.status == 200 and method == "GET"
        return "" if is_servers or is_page else f"{reply.status} {reply.media_type}"
    if reply.status >= 400 and method != "HEAD" and not is_envelope(reply):
        return f"{reply.status} {reply.body[:200]!r}"
    return ""


def test_every_malformed_request_is_answered_with_an_envelope(
    caller: Caller, served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    token = caller.token().encode()
    found = {}
    with caplog.at_level(logging.WARNING):
        for malformed in corpus():
            method = malformed.raw.split(b" ")[0].decode("latin-1")
            raw = malformed.raw.replace(TOKEN, token)
            reply = served.send(raw, method, is_cut=malformed.is_cut)
            if wrong := fault(malformed, reply, method):
                found[malformed.name] = wrong
    assert found == {}
    written = [record.getMessage() for record in caplog.records]
    assert {text.split(".")[0] for text in written} <= SAID
    assert not any(record.exc_info for record in caplog.records)


def test_after_all_that_the_service_serves(served: Served) -> None:
    reply = served.send(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n", "GET")
    assert reply is not None
    assert reply.status == 200
