"""What every call shares: its address, its limits, and that any request has an envelope."""

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from optin_engine.stores import Unavailable
from optin_engine.stores.memory import MemoryStore
from optin_engine.web.app import App
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.limits import LARGEST_BODY
from optin_engine.web.routes import Routes
from tests.web_server import serving
from tests.web_service import (
    ALICE,
    CALLED,
    Caller,
    application,
    calling,
    is_envelope,
    padded,
)

ASKED = "/sms/v1/contacts/subscriptions"
QUEUE = "/sms/v1/queueMO"
BODY = {"mobileNumber": [ALICE]}
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    with calling() as caller:
        yield caller


@pytest.mark.parametrize(
    "path",
    [ASKED, f"{ASKED}/", f"/{ASKED}", "/SMS/V1/Contacts/SUBSCRIPTIONS", f"//{ASKED.upper()}//"],
)
def test_a_path_is_matched_without_case_and_with_a_slash_more(caller: Caller, path: str) -> None:
    assert caller.post(f"{CALLED}{path}", BODY).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "", "/sms", f"{ASKED}/x", "/sms//v1/queueMO", "/%00", "/%ff%2f"]
)
@pytest.mark.parametrize("method", ["GET", "DELETE", "OPTIONS", "BREW"])
def test_an_unknown_path_is_404(caller: Caller, method: str, path: str) -> None:
    answer = caller.call(method, path)
    assert answer.status_code == 404
    assert is_envelope(answer, 30003)


# fmt: off
ALLOWED = [
    # wrong method, path                                 Allow
    ("GET",    "/v2/token",                              "OPTIONS, POST"),
    ("PUT",    "/sms/v1/queuemo/",                       "OPTIONS, POST"),
    ("TRACE",  "/sms/v1/keyword/x",                      "DELETE, OPTIONS"),
    ("DELETE", "/sms/v1/queueMO/history/x",              "GET, HEAD, OPTIONS"),
    ("BREW",   ASKED,                                    "OPTIONS, POST"),
]
# fmt: on


@pytest.mark.parametrize(("method", "path", "allow"), ALLOWED)
def test_a_wrong_method_is_told_the_right_ones(
    caller: Caller, method: str, path: str, allow: str
) -> None:
    answer = caller.anonymous().call(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allow)
    assert is_envelope(answer)
    options = caller.anonymous().call("OPTIONS", path)
    assert (options.status_code, options.headers["allow"], options.json()) == (200, allow, {})


def test_head_answers_as_get_without_the_body(caller: Caller) -> None:
    path = "/sms/v1/queueMO/history/x"
    by_get, by_head = caller.get(path), caller.call("HEAD", path)
    assert (by_head.status_code, by_head.content) == (400, b"")
    assert by_head.headers["content-length"] == str(len(by_get.content))


def test_the_values_of_a_path_keep_their_case() -> None:
    async def unused(_: Asked) -> Answered:
        raise NotImplementedError

    call = Call("GET", "/Things/{oneThing}/Parts", None, unused, "", None, {})
    resource, path = Routes([call]).find("/THINGS/AbC/parts/")
    assert (resource.methods["GET"], path) == (call, {"oneThing": "AbC"})


# fmt: off
TOO_LARGE: list[tuple[str, dict[str, str], int]] = [
    # query      headers                                          HTTP
    ("x" * 9000, {},                                              414),
    ("",         {"X-Large": "x" * 40_000},                       431),
    ("",         {f"X-{number}": "x" for number in range(120)},   431),
]
# fmt: on


@pytest.mark.parametrize(("query", "headers", "status"), TOO_LARGE)
def test_a_url_or_headers_that_are_too_large_are_refused(
    caller: Caller, query: str, headers: dict[str, str], status: int
) -> None:
    answer = caller.call("POST", f"{ASKED}?{query}", json=BODY, headers=headers)
    assert answer.status_code == status
    assert is_envelope(answer)


class LostStore(MemoryStore):
    """A store that can be reached no more."""

    def contacts(self, number: str) -> Any:
        raise Unavailable(number)


class BrokenStore(MemoryStore):
    """A store with a bug in it."""

    def contacts(self, number: str) -> Any:
        message = f"no {number}"
        raise ZeroDivisionError(message)


# fmt: off
FAILING = [
    # store        HTTP, errorcode, Retry-After   logged
    (LostStore,    (503, 50300,     "1"),         "The store is not available."),
    (BrokenStore,  (500, 50000,     None),        "A call failed."),
]
# fmt: on


@pytest.mark.parametrize(("store", "refusal", "event"), FAILING)
def test_a_failure_is_an_envelope_and_a_line_of_the_log_without_the_number(
    caplog: pytest.LogCaptureFixture,
    store: type[MemoryStore],
    refusal: tuple[int, int, str | None],
    event: str,
) -> None:
    status, errorcode, wait = refusal
    with calling(store()) as caller:
        answer = caller.post(ASKED, BODY)
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, wait)
    assert is_envelope(answer, errorcode)
    assert answer.json().get("retryAfter") == (int(wait) if wait else None)
    (record,) = [r for r in caplog.records if r.name == "optin_engine.web"]
    assert (record.levelno, record.getMessage()) == (logging.ERROR, event)
    assert "test_web_app.py" in str(vars(record))
    assert ALICE not in str(vars(record)) + answer.text


def test_what_a_handler_answers_wrongly_is_a_failure_too(caller: Caller) -> None:
    async def unwritable(_: Asked) -> Answered:
        return Answered(200, {"half a pair": "\ud800"})

    call = Call("GET", "/unwritable", None, unwritable, "", None, {})
    app = App(caller.app.service, caller.app.settings, [call])
    with serving(app) as served:
        answer = httpx.get(f"{served.url}/unwritable")
    assert answer.status_code == 500
    assert is_envelope(answer, 50000)


def test_a_real_server_answers_as_the_application_does() -> None:
    with application() as app, serving(app) as served:
        body = {"clientId": "reader", "clientSecret": "another secret"}
        with httpx.Client(base_url=served.url) as http:
            token = http.post("/v1/requestToken", json=body).json()["accessToken"]
            headers = {"Authorization": f"Bearer {token}", **JSON}
            answers = [
                http.post(ASKED, json=BODY, headers=headers),
                http.post(ASKED, content=padded(LARGEST_BODY + 1), headers=headers),
                http.get("/nowhere"),
                http.head("/sms/v1/queueMO/history/x", headers=headers),
                http.get("/nowhere", headers={f"X-{number}": "x" for number in range(120)}),
                http.get("/%FF%00/..%2f"),
                http.post(ASKED, json=BODY, headers=headers),
            ]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [200, 413, 404, 400, 431, 404, 200]
    assert {answer.headers["content-type"] for answer in answers} == {"application/json"}
