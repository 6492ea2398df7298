"""Schemathesis plays the OpenAPI document against the service, to prove that it is true."""

import json
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
import schemathesis
from hypothesis import settings
from requests.auth import AuthBase
from schemathesis import CheckFunction
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from optin_engine.stores import SendKind
from optin_engine.web.bodies import FORM, JSON
from optin_engine.web.calls import CALLS
from optin_engine.web.identifiers import encode
from optin_engine.web.openapi import document
from tests import sends
from tests.web_server import Served, serving
from tests.web_service import LONG, NUMBER, SHORT, TWILIO_TOKEN, URL, Caller, calling

# Whether a request is taken depends on what the store holds, too: a code of the account, a
# keyword that is free, an id that was given out. No schema can say that.
EXCLUDED: list[CheckFunction] = [positive_data_acceptance]

schema = schemathesis.openapi.from_dict(json.loads(json.dumps(document(CALLS))))

SIGNATURE = "X-Twilio-Signature"

EXAMPLES = 400 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 10


class Authorized(AuthBase):
    """Gives a request a token, or signs it as Twilio does if it is to have a signature at all."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if SIGNATURE in request.headers:
            text = request.body if isinstance(request.body, str) else ""
            fields = ImmutableMultiDict(parse_qsl(text, keep_blank_values=True))
            validator = RequestValidator(TWILIO_TOKEN)
            signature = validator.compute_signature(URL + request.path_url, fields)
            request.headers[SIGNATURE] = signature
        elif not request.path_url.startswith("/twilio/"):
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with calling(f"sqlite:///{tmp_path_factory.mktemp('served')}/optin.db") as caller:
        yield caller


@pytest.fixture(scope="module")
def served(caller: Caller) -> Iterator[Served]:
    with serving(caller.app) as served:
        yield served


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as keeping_alive:
        yield keeping_alive


@schema.parametrize()
@settings(max_examples=EXAMPLES)
def test_the_document_is_true(
    case: schemathesis.Case[Any], caller: Caller, served: Served, session: requests.Session
) -> None:
    auth = Authorized(caller.token())
    case.call_and_validate(
        base_url=served.url, session=session, auth=auth, excluded_checks=EXCLUDED
    )


DIGITS = NUMBER.removeprefix("+")
CLIENT = {
    "grant_type": "client_credentials",
    "client_id": "everything",
    "client_secret": "its secret",
}
OLDER_CLIENT = {"clientId": "everything", "clientSecret": "its secret"}
OPTIN = {
    "messageName": "More",
    "shortCode": SHORT,
    "countryCode": "US",
    "keyword": "MORE",
    "messageOptInType": "Single",
    "responseMessage": "More it is.",
}
OUTBOUND = {
    "messageName": "Sale",
    "shortCode": SHORT,
    "countryCode": "US",
    "messageText": "Ice cream!",
}
KEYWORD = {"keyword": "EXTRA", "shortCode": SHORT, "countryCode": "US"}
QUEUED = {"mobileNumbers": [DIGITS], "shortCode": SHORT, "messageText": "JOIN"}
MO = {"MessageSid": "SM1", "From": NUMBER, "To": SHORT, "Body": "JOIN"}
RECEIPT = {"MessageSid": "SM1", "MessageStatus": "delivered"}

# fmt: off
TAKEN = (
    # path                             body                                         status
    ("/v2/token",                      CLIENT,                                      200),
    ("/v1/requestToken",               OLDER_CLIENT,                                200),
    ("/sms/v1/message/optin",          OPTIN,                                       201),
    ("/sms/v1/message/outbound",       OUTBOUND,                                    201),
    ("/sms/v1/keyword",                KEYWORD,                                     202),
    ("/sms/v1/queueMO",                QUEUED,                                      202),
    ("/sms/v1/contacts/subscriptions", {"mobileNumber": [DIGITS]},                  200),
    ("/inbound",                       {"from": NUMBER, "to": SHORT, "text": "YES"}, 200),
    ("/lists",                         {"name": "All", "mobileNumbers": [DIGITS]},  201),
    ("/receipts",                      {"id": "GW1", "status": "delivered"},        200),
    ("/twilio/inbound",                MO,                                          200),
    ("/twilio/status",                 RECEIPT,                                     200),
)
# fmt: on


@pytest.mark.parametrize(("path", "body", "status"), TAKEN)
def test_what_is_taken_is_answered_as_the_document_says(
    caller: Caller, served: Served, path: str, body: dict[str, Any], status: int
) -> None:
    headers = {SIGNATURE: ""} if path.startswith("/twilio/") else {}
    media_type = FORM if path.startswith("/twilio/") else JSON
    case = schema[path]["POST"].Case(body=body, headers=headers, media_type=media_type)
    response = case.call_and_validate(base_url=served.url, auth=Authorized(caller.token()))
    assert response.status_code == status


@pytest.mark.parametrize("place", [{"shortCode": SHORT, "countryCode": "US"}, {"longCode": LONG}])
def test_outbound_messages_are_told_as_the_document_says(
    caller: Caller, served: Served, place: dict[str, str]
) -> None:
    message = caller.service.catalog.define_message({**place, "messageName": "Told"}).id
    case = schema["/sms/v1/message/outbound"]["GET"].Case()
    response = case.call_and_validate(base_url=served.url, auth=Authorized(caller.token()))
    told = [one["messageID"] for one in response.json()["messages"]]
    assert (response.status_code, encode(message, "message object") in told) == (200, True)


def test_a_list_shrinks_and_ends_as_the_document_says(caller: Caller, served: Served) -> None:
    known = sends.a_list(caller.store, "Wrong file", NUMBER)
    sending = caller.store.sends.add(sends.a_send(excluded=(known,))).id
    parameters, auth = {"id": encode(known, "list")}, Authorized(caller.token())
    remove, delete = schema["/lists/{id}/remove"]["POST"], schema["/lists/{id}"]["DELETE"]
    whom = remove.Case(path_parameters=parameters, body={"mobileNumbers": [DIGITS]})
    removed = whom.call_and_validate(base_url=served.url, auth=auth)
    assert (removed.status_code, removed.json()["removed"]) == (200, 1)
    for status in (409, 200):
        whole = delete.Case(path_parameters=parameters)
        response = whole.call_and_validate(base_url=served.url, auth=auth)
        assert response.status_code == status
        caller.service.sender.cancel(sending)


def test_a_send_with_a_key_is_answered_as_the_document_says(caller: Caller, served: Served) -> None:
    message = caller.service.catalog.define_message({**OUTBOUND, "messageName": "Once"}).id
    operation = schema["/sms/v1/messageContact/{id}/send"]["POST"]
    statuses = []
    for number in (DIGITS, DIGITS, "15555550124"):
        case = operation.Case(
            path_parameters={"id": encode(message, "message")},
            headers={"Idempotency-Key": '"one"'},
            body={"mobileNumbers": [number]},
            media_type=JSON,
        )
        response = case.call_and_validate(base_url=served.url, auth=Authorized(caller.token()))
        statuses.append(response.status_code)
    assert statuses == [202, 202, 422]


@pytest.mark.parametrize("what", ["deliveries", "history"])
def test_what_came_of_a_queued_mo_is_told_as_the_document_says(
    caller: Caller, served: Served, what: str
) -> None:
    queued = caller.post("/sms/v1/queueMO", QUEUED)
    (result,) = queued.json()["results"]
    operation = schema[f"/sms/v1/queueMO/{what}/{{identifier}}"]["GET"]
    case = operation.Case(path_parameters={"identifier": result["identifier"]})
    response = case.call_and_validate(base_url=served.url, auth=Authorized(caller.token()))
    assert response.status_code == 200


@pytest.mark.parametrize(("name", "kind"), [("Contact", SendKind.CONTACT), ("List", SendKind.LIST)])
def test_what_came_of_a_send_is_told_as_the_document_says(
    caller: Caller, served: Served, name: str, kind: SendKind
) -> None:
    message = caller.service.catalog.define_message({**OUTBOUND, "messageName": name}).id
    sends.join(caller.store, NUMBER)
    listed = sends.a_list(caller.store, name, NUMBER)
    send = sends.add(caller.store, listed, kind=kind, message=message)
    sends.enqueue_all(caller.store, send)
    ids = {"id": encode(message, "message"), "tokenId": encode(send, "send")}
    of_number = "history/{tokenId}/mobileNumber/{mobileNumber}"
    whole = {"deliveries/{tokenId}": ids, of_number: {**ids, "mobileNumber": DIGITS}}
    for end, parameters in whole.items():
        operation = schema[f"/sms/v1/message{name}/{{id}}/{end}"]["GET"]
        case = operation.Case(path_parameters=parameters)
        response = case.call_and_validate(base_url=served.url, auth=Authorized(caller.token()))
        assert (response.status_code, response.json()["count"]) == (200, 1)
