"""Tokens: who is given one, what it allows, and for how long."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import jwt
import pytest

from optin_engine.web.auth import Tokens
from optin_engine.web.call import Refused
from optin_engine.web.limits import Rates
from optin_engine.web.settings import SCOPES, Client
from tests.web_service import (
    ALICE,
    CALLED,
    CLIENTS,
    SECRET,
    SETTINGS,
    URL,
    Caller,
    Clock,
    calling,
)

EVERYTHING, READER, HASTY = CLIENTS
GRANT = {"grant_type": "client_credentials"}
RIGHT = {**GRANT, "client_id": READER.id, "client_secret": READER.secret}
ASKED = "/sms/v1/contacts/subscriptions"
NOT_AUTHORIZED = {
    "message": "Not Authorized",
    "errorcode": 0,
    "documentation": "",
    "objectErrors": [],
    "fieldErrors": [],
}


@pytest.fixture
def caller() -> Iterator[Caller]:
    with calling() as caller:
        yield caller


def is_taken(caller: Caller, token: str, **further: Any) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    answer = caller.post(ASKED, {"mobileNumber": [ALICE]}, headers=headers, **further)
    if answer.status_code == 401:
        assert answer.json() == NOT_AUTHORIZED
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    return answer.status_code == 200


@pytest.mark.parametrize("path", ["/v2/token", "/V2/Token/", "/tenant/v2/token"])
def test_a_token_is_given_for_the_right_secret(caller: Caller, path: str) -> None:
    answer = caller.anonymous().post(path, {**RIGHT, "account_id": "1234"})
    told = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert is_taken(caller, told.pop("access_token"))
    assert told == {
        "expires_in": 1080,
        "token_type": "Bearer",
        "rest_instance_url": f"{URL}/",
        "soap_instance_url": f"{URL}/",
        "scope": "sms_read",
    }


@pytest.mark.parametrize(("public", "named"), [(f"{URL}/base", f"{URL}/base/"), ("", f"{CALLED}/")])
def test_the_url_that_is_named_is_the_public_one_or_else_the_one_that_was_called(
    public: str, named: str
) -> None:
    with calling(settings=attrs.evolve(SETTINGS, public_url=public)) as caller:
        told = caller.login(READER.id).json()
    assert told["rest_instance_url"] == named


def test_a_token_is_given_by_a_form_and_by_http_basic(caller: Caller) -> None:
    by_form = caller.anonymous().call("POST", "/v2/token", data=RIGHT)
    basic = b64encode(f"{READER.id}:{READER.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}"}
    by_basic = caller.anonymous().call("POST", "/v2/token", data=GRANT, headers=headers)
    assert [is_taken(caller, a.json()["access_token"]) for a in (by_form, by_basic)] == [True] * 2


# fmt: off
REFUSED: list[tuple[dict[str, Any], int, str]] = [
    # changed in a right request                       HTTP  error
    ({"client_secret": "wrong"},                       401,  "invalid_client"),
    ({"client_secret": ""},                            401,  "invalid_client"),
    ({"client_secret": None},                          401,  "invalid_client"),
    ({"client_secret": ["another secret"]},            401,  "invalid_client"),
    ({"client_id": "nobody"},                          401,  "invalid_client"),
    ({"client_id": "", "client_secret": ""},           401,  "invalid_client"),
    ({"client_id": 7},                                 401,  "invalid_client"),
    ({"client_id": "n\u00f6body", "client_secret": "\u00f6"}, 401, "invalid_client"),
    ({"grant_type": "password"},                       400,  "unsupported_grant_type"),
    ({"grant_type": ["client_credentials"]},           400,  "unsupported_grant_type"),
    ({"grant_type": None},                             400,  "invalid_request"),
    ({"scope": "sms_send"},                            400,  "invalid_scope"),
    ({"scope": "sms_read sms_send"},                   400,  "invalid_scope"),
    ({"scope": "email_read"},                          400,  "invalid_scope"),
    ({"scope": ["sms_read"]},                          400,  "invalid_scope"),
    ({"scope": " "},                                   400,  "invalid_scope"),
]
# fmt: on


@pytest.mark.parametrize(("change", "status", "error"), REFUSED)
def test_a_wrong_request_for_a_token_is_refused_as_oauth_says(
    caller: Caller, change: dict[str, Any], status: int, error: str
) -> None:
    answer = caller.anonymous().post("/v2/token", {**RIGHT, **change})
    told = answer.json()
    assert (answer.status_code, told["error"], told["error_uri"]) == (status, error, "")
    assert told["error_description"]
    assert READER.secret not in answer.text


def test_a_wrong_http_basic_is_told_to_try_that_again(caller: Caller) -> None:
    for basic in ("Basic !", "Basic bm9ib2R5", "Basic /////"):
        headers = {"Authorization": basic}
        answer = caller.anonymous().call("POST", "/v2/token", data=RIGHT, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer.headers["www-authenticate"] == 'Basic realm="optin-engine"'


def test_the_older_call_gives_a_token_for_an_hour(caller: Caller) -> None:
    body = {"clientId": READER.id, "CLIENTSECRET": READER.secret, "accessType": "offline"}
    answer = caller.anonymous().post("/v1/requestToken", body).json()
    assert is_taken(caller, answer["accessToken"])
    assert {**answer, "accessToken": ""} == {"accessToken": "", "expiresIn": 3600}
    legacy = caller.anonymous().post("/v1/requestToken?Legacy=1", body).json()
    assert is_taken(caller, legacy["legacyToken"])


def test_the_older_call_refuses_a_wrong_secret_in_the_envelope(caller: Caller) -> None:
    body = {"clientId": READER.id, "clientSecret": "wrong"}
    answer = caller.anonymous().post("/v1/requestToken", body)
    assert (answer.status_code, answer.json()) == (401, NOT_AUTHORIZED)


@pytest.mark.parametrize(("path", "seconds"), [("/v2/token", 1080), ("/v1/requestToken", 3600)])
def test_a_token_ends_when_it_said(path: str, seconds: int) -> None:
    clock = Clock(datetime(2026, 6, 1, tzinfo=UTC))
    with calling(clock=clock) as caller:
        names = {"clientId": READER.id, "clientSecret": READER.secret}
        told = caller.anonymous().post(path, {**RIGHT, **names}).json()
        token = told.get("access_token") or told["accessToken"]
        clock.time += timedelta(seconds=seconds - 1)
        assert is_taken(caller, token)
        clock.time += timedelta(seconds=1)
        assert not is_taken(caller, token)


def signed(secret: bytes | None = SECRET, algorithm: str = "HS256", **change: Any) -> str:
    claims = {"sub": READER.id, "scope": "sms_read", "exp": 4_000_000_000, **change}
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, secret, algorithm)


def test_a_token_that_another_process_signed_is_taken(caller: Caller) -> None:
    assert is_taken(caller, signed())


# fmt: off
FORGED = {
    "nothing":                       "",
    "no token":                      "abc",
    "another secret":                signed(b"another secret of enough bytes..."),
    "another algorithm":             signed(algorithm="HS512", secret=SECRET * 2),
    "no signature":                  signed(None, "none"),
    "over":                          signed(exp=1_000_000_000),
    "without end":                   signed(exp=None),
    "an end that is no number":      signed(exp="soon"),
    "a client that is gone":         signed(sub="nobody"),
    "without scopes":                signed(scope=None),
    "scopes that are no text":       signed(scope=["sms_read"]),
    "not in ASCII":                  "\u00e4.\u00f6.\u00fc",
}
# fmt: on


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
def test_what_is_no_good_token_is_not_authorized(caller: Caller, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}".encode("latin-1")}
    answer = caller.call("POST", ASKED, json={"mobileNumber": [ALICE]}, headers=headers)
    assert (answer.status_code, answer.json()) == (401, NOT_AUTHORIZED)
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_a_token_may_stand_in_the_query(caller: Caller) -> None:
    body, alone = {"mobileNumber": [ALICE]}, caller.anonymous()
    answers = [
        alone.post(f"{ASKED}?access_token={signed()}", body),
        alone.post(f"{ASKED}?Access_Token={signed()}", body),
        alone.post(f"{ASKED}?access_token=abc", body),
        alone.post(ASKED, body),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 401, 401]


# fmt: off
NEEDED = [
    # call                                          scope
    ("POST",   "/sms/v1/contacts/subscriptions",    "sms_read"),
    ("GET",    "/sms/v1/queueMO/deliveries/x",      "sms_read"),
    ("GET",    "/sms/v1/queueMO/history/x",         "sms_read"),
    ("POST",   "/sms/v1/queueMO",                   "sms_send"),
    ("POST",   "/sms/v1/message/optin",             "sms_write"),
    ("POST",   "/sms/v1/keyword",                   "sms_write"),
    ("DELETE", "/sms/v1/keyword/x",                 "sms_write"),
    ("DELETE", "/sms/v1/keyword/X/15555550100",  "sms_write"),
    ("DELETE", "/sms/v1/keyword/X/123456/US",    "sms_write"),
]
# fmt: on


@pytest.mark.parametrize(("method", "path", "scope"), NEEDED)
def test_a_call_needs_its_own_scope_and_no_other(
    caller: Caller, method: str, path: str, scope: str
) -> None:
    with_it = caller.as_client(EVERYTHING.id, scope=scope)
    others = " ".join(other for other in SCOPES if other != scope)
    without = caller.as_client(EVERYTHING.id, scope=others)
    answer = without.call(method, path, json={})
    assert (answer.status_code, answer.json()["errorcode"]) == (403, 20000)
    assert scope in answer.headers["www-authenticate"]
    assert with_it.call(method, path, json={}).status_code == 400
    assert caller.anonymous().call(method, path, json={}).status_code == 401


def test_a_scope_that_a_client_lost_is_lost_to_its_tokens_too(caller: Caller) -> None:
    token = signed(scope="sms_read sms_send")
    headers = {"Authorization": f"Bearer {token}"}
    assert caller.post("/sms/v1/queueMO", {}, headers=headers).status_code == 403


def test_a_client_that_calls_too_often_is_told_when_to_come_back(caller: Caller) -> None:
    hasty = caller.as_client(HASTY.id)
    answers = [hasty.post(ASKED, {"mobileNumber": [ALICE]}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    told, wait = answers[3].json(), int(answers[3].headers["retry-after"])
    assert (told["errorcode"], told["retryAfter"]) == (50100, wait)
    assert 1 <= wait <= 60
    assert is_taken(caller, signed())


@pytest.mark.parametrize("client_id", [READER.id, "nobody", "x" * 100_000])
def test_after_ten_wrong_secrets_even_the_right_one_must_wait(
    caller: Caller, client_id: str
) -> None:
    wrong = {**RIGHT, "client_id": client_id, "client_secret": "wrong"}
    tried = [caller.anonymous().post("/v2/token", wrong).status_code for _ in range(10)]
    assert tried == [401] * 10
    right = {**wrong, "client_secret": READER.secret}
    names = {"clientId": client_id, "clientSecret": READER.secret}
    answers = [
        caller.anonymous().post("/v2/token", right),
        caller.anonymous().post("/v1/requestToken", names),
    ]
    assert [(a.status_code, a.json()["errorcode"]) for a in answers] == [(429, 50100)] * 2
    assert all(int(a.headers["retry-after"]) >= 1 for a in answers)
    assert caller.login(EVERYTHING.id).status_code == 200


def test_wrong_secrets_from_elsewhere_lock_nobody_out() -> None:
    rates = Rates()
    for _ in range(10):
        rates.count_failed_login(READER.id, "192.0.2.1")
    with pytest.raises(Refused):
        rates.judge_login(READER.id, "192.0.2.1")
    rates.judge_login(READER.id, "192.0.2.2")


def test_a_client_without_a_secret_is_given_to_nobody() -> None:
    tokens = Tokens(SECRET, {"open": Client("open", "", frozenset(SCOPES))}, lambda: 0.0)
    assert tokens.client("open", "") is None
