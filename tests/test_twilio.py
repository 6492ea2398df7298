"""Twilio's webhooks, with Twilio's own library as the oracle of signatures."""

import string
from collections.abc import Iterator
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import attrs
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from optin_engine.web import twilio
from optin_engine.web.bodies import FORM
from optin_engine.web.settings import Settings
from tests.twilio_forms import ORACLE, Fields, mo, post, sign, text_in
from tests.web_service import NOW, NUMBER, SETTINGS, SHORT, TWILIO_TOKEN, URL, Caller, calling


@pytest.fixture
def served() -> Iterator[Caller]:
    with calling() as caller:
        yield caller.anonymous()


def test_an_mo_is_answered_in_twiml_and_counts_as_sent(served: Caller) -> None:
    response = post(served, "/twilio/inbound", mo("NEWS"))
    assert text_in(response) == ["Fish & <chips> 🐟"]
    assert [mt.fate for mt in served.mts()] == ["sent"]


def test_where_nothing_is_said_the_response_is_empty(served: Caller) -> None:
    assert text_in(post(served, "/twilio/inbound", mo("well, hello"))) == []


def test_a_retried_message_sid_gets_the_same_twiml_and_does_nothing(served: Caller) -> None:
    first = post(served, "/twilio/inbound", mo("JOIN"))
    post(served, "/twilio/inbound", mo("YES", "SM2"))
    assert post(served, "/twilio/inbound", mo("JOIN")).content == first.content
    assert (served.state(), len(served.mos())) == ("Subscribed", 2)


def test_a_picture_without_a_text_and_fields_nobody_knows_are_taken(served: Caller) -> None:
    fields = [
        *mo("", NumMedia="1"),
        ("MediaUrl0", "https://media.example/1"),
        ("New", ""),
        ("New", "2"),
    ]
    assert text_in(post(served, "/twilio/inbound", fields)) == []
    assert len(served.mos()) == 1


@pytest.mark.parametrize("missing", ["MessageSid", "From", "To", "Body"])
def test_a_field_that_is_missing_is_named(served: Caller, missing: str) -> None:
    response = post(served, "/twilio/inbound", [f for f in mo("JOIN") if f[0] != missing])
    assert response.status_code == 400
    (fault,) = response.json()["fieldErrors"]
    assert fault["message"] == f"The {missing} field must be specified."


@pytest.mark.parametrize(("name", "value"), [("From", "whatsapp:+15555550123"), ("To", "999999")])
def test_what_is_no_number_and_no_code_of_ours_is_refused(
    served: Caller, name: str, value: str
) -> None:
    response = post(served, "/twilio/inbound", mo("JOIN", **{name: value}))
    assert response.status_code == 400
    (fault,) = response.json()["fieldErrors"]
    assert fault["message"].startswith(f"{name} is invalid. ")


@pytest.mark.parametrize("path", ["/twilio/inbound", "/twilio/status"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/x-www-form-urlencoded"},
        sign(f"{URL}/twilio/inbound", mo("STOP")),
        sign("https://other.example/twilio/inbound", mo("JOIN")),
        sign(f"{URL}/twilio/inbound?x=1", mo("JOIN")),
        sign(f"{URL}/twilio/inbound", mo("JOIN"), RequestValidator("another's")),
        sign(f"{URL}/twilio/inbound", mo("JOIN"), RequestValidator("")),
        sign(f"{URL}/twilio/inbound", mo("JOIN")) | {"X-Twilio-Signature": ""},
    ],
)
def test_what_twilio_did_not_sign_is_forbidden_and_does_nothing(
    served: Caller, path: str, headers: dict[str, str]
) -> None:
    assert post(served, path, mo("JOIN"), headers).status_code == 403
    assert not served.service.subscriptions(NUMBER)


def test_a_signature_that_is_not_even_ascii_is_forbidden(served: Caller) -> None:
    headers = {b"X-Twilio-Signature": b"\xe9\xff", b"Content-Type": FORM.encode()}
    content = urlencode(mo("JOIN")).encode()
    response = served.call("POST", "/twilio/inbound", content=content, headers=headers)
    assert response.status_code == 403


UNCONFIGURED = {
    "no token": attrs.evolve(SETTINGS, twilio_auth_token=""),
    "no URL": attrs.evolve(SETTINGS, public_url=""),
}


@pytest.mark.parametrize("settings", UNCONFIGURED.values(), ids=UNCONFIGURED)
def test_without_its_token_or_the_public_url_twilio_is_forbidden(settings: Settings) -> None:
    oracle = RequestValidator(settings.twilio_auth_token)
    with calling(settings=settings) as served:
        headers = sign(f"{URL}/twilio/inbound", mo("JOIN"), oracle)
        response = post(served, "/twilio/inbound", mo("JOIN"), headers)
        assert response.status_code == 403
        assert "need its auth token and the public URL" in response.json()["message"]


@pytest.mark.parametrize(
    "public", ["https://a.example", "https://a.example:443", "http://a.example:8080/sms"]
)
@pytest.mark.parametrize("query", ["", "?a=1&b=%20c"])
def test_the_signature_is_over_the_public_url_with_its_port_or_without(
    public: str, query: str
) -> None:
    parts = httpx.URL(public)
    port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    path = parts.path.rstrip("/")
    with calling(settings=attrs.evolve(SETTINGS, public_url=public)) as served:
        for host in (parts.host, f"{parts.host}:{port}"):
            signed = f"{parts.scheme}://{host}{path}/twilio/inbound{query}"
            headers = sign(signed, mo("JOIN"))
            response = post(served, f"/twilio/inbound{query}", mo("JOIN"), headers)
            assert response.status_code == 200


NAMES = st.text(string.printable, max_size=8) | st.sampled_from(["Body", "From", "body"])


@given(fields=st.lists(st.tuples(NAMES, st.text(st.characters(exclude_categories=["Cs"])))))
def test_any_form_has_the_signature_that_twilios_library_gives_it(fields: Fields) -> None:
    expected = ORACLE.compute_signature(URL, ImmutableMultiDict(fields))
    assert twilio.signature(TWILIO_TOKEN, URL, fields) == expected.encode()


def is_xml(character: str) -> bool:
    """Ask the parser itself whether XML can hold a character."""
    try:
        ET.fromstring(f"<a>&#{ord(character)};</a>")  # noqa: S314
    except ET.ParseError:
        return False
    return True


@given(text=st.text(st.characters() | st.sampled_from("<>&\"'\0\x0b\ufffe]")))
def test_any_text_comes_through_twiml_but_for_what_xml_cannot_hold(text: str) -> None:
    read = ET.fromstring(twilio.twiml([text]))[0].text or ""  # noqa: S314
    held = "".join(filter(is_xml, text)).replace("\r\n", "\n").replace("\r", "\n")
    assert read == held


@pytest.mark.parametrize("body", ["Arrêt svp", "GENUG"])
def test_what_twilio_counted_as_stop_is_a_stop_and_nothing_is_said(
    served: Caller, body: str
) -> None:
    post(served, "/twilio/inbound", mo("NEWS"))
    response = post(served, "/twilio/inbound", mo(body, "SM2", OptOutType="STOP"))
    assert text_in(response) == []
    assert served.state("NEWS") == "Unsubscribed"
    assert [mt.kind for mt in served.mts()] == ["response"]


def test_the_words_of_a_stop_that_we_know_are_kept_for_the_record(served: Caller) -> None:
    post(served, "/twilio/inbound", mo("Arrêt svp", OptOutType="STOP"))
    post(served, "/twilio/inbound", mo("GENUG", "SM2", OptOutType="STOP"))
    assert [row.text for row in served.mos()] == ["Arrêt svp", "STOP"]


def test_a_help_that_twilio_answered_is_not_answered_again(served: Caller) -> None:
    assert text_in(post(served, "/twilio/inbound", mo("wat", OptOutType="HELP"))) == []
    assert text_in(post(served, "/twilio/inbound", mo("HELP", "SM2"))) != []


def test_a_retry_of_what_twilio_answered_says_nothing_either(served: Caller) -> None:
    for _ in range(2):
        assert text_in(post(served, "/twilio/inbound", mo("STOP", OptOutType="STOP"))) == []


def test_a_yes_that_twilio_counted_as_start_confirms_and_lifts_the_block(served: Caller) -> None:
    post(served, "/twilio/inbound", mo("JOIN"))
    served.store.block(SHORT, NUMBER, NOW)
    assert text_in(post(served, "/twilio/inbound", mo("YES", "SM2", OptOutType="START"))) == []
    assert served.state() == "Subscribed"
    assert served.store.blocked(SHORT, NUMBER) is None


def test_a_start_in_words_that_we_do_not_know_gives_no_consent(served: Caller) -> None:
    for sid, text, kind in (("1", "NEWS", ""), ("2", "STOP", "STOP"), ("3", "ZURÜCK", "START")):
        post(served, "/twilio/inbound", mo(text, sid, OptOutType=kind))
    assert served.state("NEWS") == "Unsubscribed"


@pytest.fixture(scope="module")
def shared() -> Iterator[Caller]:
    with calling() as caller:
        yield caller.anonymous()


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SIGNED = ["MessageSid", "MessageStatus", "ErrorCode", "From", "To", "Body", "OptOutType"]


@given(
    path=st.sampled_from(["/twilio/inbound", "/twilio/status"]),
    fields=st.dictionaries(
        st.sampled_from(SIGNED), ANY | st.sampled_from([NUMBER, SHORT, "21610"])
    ),
)
def test_any_values_that_twilio_signs_are_taken_or_refused_by_name(
    shared: Caller, path: str, fields: dict[str, str]
) -> None:
    response = post(shared, path, list(fields.items()))
    if response.status_code != 200:
        assert response.status_code == 400
        assert response.json()["fieldErrors"]
