"""The OpenAPI document is valid and whole, and its page loads nothing from elsewhere."""

import json
import re
from collections.abc import Iterator
from typing import Any

import attrs
import openapi_spec_validator
import pytest

from optin_engine.web.call import Call
from optin_engine.web.calls import CALLS
from optin_engine.web.openapi import document
from tests.web_service import SETTINGS, URL, Caller, application, calling, calling_app

DOCUMENT: dict[str, Any] = json.loads(json.dumps(document(CALLS, URL)))

SCHEMES: dict[str, Any] = DOCUMENT["components"]["securitySchemes"]
IN_QUERY = "apiKey", "query"

OPERATIONS = [pytest.param(call, id=f"{call.method} {call.path}") for call in CALLS]


@pytest.fixture
def served() -> Iterator[Caller]:
    with calling() as caller:
        yield caller.anonymous()


def operation(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][call.path][call.method.lower()]
    return found


def test_the_document_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    openapi_spec_validator.validate(DOCUMENT)


def test_the_document_has_every_call_and_no_other() -> None:
    written = {
        (method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in item
    }
    assert written == {(call.method, call.path) for call in CALLS}


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation(call)["operationId"] for call in CALLS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"\w+", name) for name in names)


@pytest.mark.parametrize("call", OPERATIONS)
def test_an_operation_says_what_its_call_needs_and_how_it_is_refused(call: Call) -> None:
    written = operation(call)
    schemes = [set(scheme) for scheme in written["security"]]
    assert ({"oauth2"} in schemes) == (call.scope is not None)
    assert any("ignature" in name for s in schemes for name in s) == bool(call.signature)
    assert ("requestBody" in written) == (call.request is not None)
    statuses = set(written["responses"])
    assert statuses >= {str(status) for status in call.responses} | {"500", "503", "414", "431"}
    if call.scope:
        assert statuses >= {"401", "403", "429"}
    assert ("404" in statuses) == ("{" in call.path or 404 in call.responses)
    if call.request is not None:
        assert statuses >= {"400", "413", "415"}


def test_the_parameters_of_a_path_of_a_query_and_of_headers_are_told() -> None:
    told = {
        (call.path, parameter["name"], parameter["in"])
        for call in CALLS
        for parameter in operation(call).get("parameters", [])
    }
    segments = [(call.path, segment) for call in CALLS for segment in call.path.split("/")]
    in_path = {(path, name[1:-1], "path") for path, name in segments if name.startswith("{")}
    in_query = {(call.path, name, "query") for call in CALLS for name in call.query}
    in_headers = {(call.path, name, "header") for call in CALLS for name in call.headers}
    assert told == in_path | in_query | in_headers
    assert ("/v1/requestToken", "legacy", "query") in in_query
    assert ("/sms/v1/messageList/{id}/send", "Idempotency-Key", "header") in in_headers


@pytest.mark.parametrize("call", OPERATIONS)
def test_a_call_that_takes_a_token_takes_it_in_the_query_too(call: Call) -> None:
    in_query = [name for name, s in SCHEMES.items() if (s["type"], s.get("in")) == IN_QUERY]
    assert [SCHEMES[name]["name"] for name in in_query] == ["access_token"]
    assert ({in_query[0]: []} in operation(call)["security"]) == (call.scope is not None)


def test_what_a_legacy_call_refuses_has_either_envelope() -> None:
    async def never(_: object) -> Any:
        raise AssertionError

    call = Call("POST", "/x", "sms_send", never, "x", {}, {202: {}}, is_legacy=True)
    rendered = document([call])["paths"]["/x"]["post"]["responses"]["400"]
    assert rendered["content"]["application/json"]["schema"]["anyOf"] == [
        {"$ref": "#/components/schemas/Errors"},
        {"$ref": "#/components/schemas/Faults"},
    ]


def test_a_body_that_is_no_json_is_named_by_its_media_type() -> None:
    (twiml,) = (call for call in CALLS if call.path == "/twilio/inbound")
    assert list(operation(twiml)["responses"]["200"]["content"]) == ["text/xml"]
    assert list(operation(twiml)["requestBody"]["content"]) == ["application/x-www-form-urlencoded"]


def test_the_service_gives_the_document_that_is_rendered_here(served: Caller) -> None:
    response = served.call("GET", "/openapi.json", headers=served.bearer("sms_read"))
    assert response.headers["content-type"] == "application/json"
    assert response.json() == DOCUMENT


@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
def test_the_documentation_needs_a_token_unless_nobody_else_calls(path: str) -> None:
    with calling() as caller:
        served = caller.anonymous()
        assert served.call("GET", path).status_code == 401
        url = f"{path}?access_token={served.token('sms_read')}"
        assert served.call("GET", url).status_code == 200
    here = {"Host": "localhost"}
    with application(settings=attrs.evolve(SETTINGS, is_dev=True)) as app, calling_app(app) as dev:
        assert dev.call("GET", path, headers=here).status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
def test_the_page_holds_the_document_and_loads_only_what_the_service_has(
    served: Caller, path: str
) -> None:
    response = served.call("GET", path, headers=served.bearer("sms_read"))
    page = response.text
    embedded = re.search(r'<script type="application/json" id="document">(.*?)</script>', page)
    assert embedded
    assert json.loads(embedded[1]) == DOCUMENT
    loaded = re.findall(r'(?:src|href)="([^"]*)"', page)
    loaded.remove("data:,")
    assert len(loaded) == 3
    for address in loaded:
        asset = served.call("GET", str(response.url.join(address)))
        assert (asset.status_code, len(asset.content) > 100) == (200, True)


def test_nothing_in_the_document_ends_the_script_that_holds_it() -> None:
    url = "https://sms.example/</script><script>alert(1)</script><!--"
    with calling(settings=attrs.evolve(SETTINGS, public_url=url)) as caller:
        page = caller.get("/docs").text
        assert page.count("<script") == page.count("</script>") == 3
        embedded = re.search(r'id="document">(.*?)</script>', page)
        assert embedded
        assert json.loads(embedded[1])["servers"] == [{"url": url}]


def test_the_page_may_load_nothing_from_another_host_and_runs_no_script_of_its_own(
    served: Caller,
) -> None:
    response = served.call("GET", "/docs", headers=served.bearer("sms_read"))
    policy = dict(
        rule.strip().split(" ", 1)
        for rule in response.headers["content-security-policy"].split(";")
    )
    assert (policy["default-src"], policy["script-src"]) == ("'none'", "'self'")
    allowed = {source for sources in policy.values() for source in sources.split()}
    assert allowed == {"'none'", "'self'", "'unsafe-inline'", "data:"}
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "https://" not in response.text.replace(URL, "")


def test_the_page_is_a_swagger_ui_that_reads_openapi_3_1(served: Caller) -> None:
    script = served.call("GET", "/docs/swagger-ui.js")
    assert script.headers["content-type"] == "text/javascript"
    version = re.search(r'PACKAGE_VERSION:"(\d+)\.', script.text)
    assert version
    assert int(version[1]) >= 5
