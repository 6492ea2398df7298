"""What TwiML says, with Twilio's own library as its author."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.messaging_response import MessagingResponse

from optin_engine.harness.targets.calling import Reply
from optin_engine.harness.targets.target import TargetError
from optin_engine.harness.targets.twiml import Spoken, spoken

# XML cannot hold the others, and reads a carriage return as a line feed.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t")
)


def reply(body: str | bytes, media_type: str = "text/xml", status: int = 200) -> Reply:
    raw = body.encode() if isinstance(body, str) else body
    return Reply("POST http://localhost", status, media_type, raw)


@given(texts=st.lists(TEXTS, max_size=3), in_body=st.booleans())
def test_whatever_twilio_s_library_writes_is_read(texts: list[str], *, in_body: bool) -> None:
    response = MessagingResponse()
    for text in texts:
        if in_body:
            response.message().body(text)
        else:
            response.message(text)
    assert [one.text for one in spoken(reply(str(response)))] == texts


@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(TargetError):
        assert all(isinstance(one.text, str) for one in spoken(reply(body)))


def test_a_message_may_go_to_another_number() -> None:
    response = MessagingResponse()
    response.message("Hi", to="+12125550124")
    assert spoken(reply(str(response))) == (Spoken("+12125550124", "Hi"),)


@pytest.mark.parametrize("body", ["", "  \n"])
def test_an_empty_answer_says_nothing(body: str) -> None:
    assert spoken(reply(body)) == ()


def test_a_plain_text_is_said_as_it_is() -> None:
    assert spoken(reply("Thanks & bye", "text/plain")) == (Spoken("", "Thanks & bye"),)


@pytest.mark.parametrize("encoding", ["klingon", "utf-7", "rot13", "idna", "shift_jis"])
def test_an_answer_in_an_encoding_that_nobody_can_read_is_no_twiml(encoding: str) -> None:
    with pytest.raises(TargetError, match="the answer is no TwiML"):
        spoken(reply(f'<?xml version="1.0" encoding="{encoding}"?><Response/>'))


def test_an_answer_in_another_encoding_is_read_as_it_declares() -> None:
    body = '<?xml version="1.0" encoding="ISO-8859-1"?><Response><Message>é</Message></Response>'
    assert spoken(reply(body.encode("latin-1"))) == (Spoken("", "é"),)


BOMB = (
    '<!DOCTYPE Response [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<Response><Message>&b;</Message></Response>"
)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(BOMB), "it declares a document type"),
        (reply('<!DOCTYPE Response SYSTEM "file:///etc/passwd"><Response/>'), "document type"),
        (reply("<Response><Message>"), "the answer is no TwiML"),
        (reply('{"message": "Hi"}', "application/json"), "the answer is no TwiML"),
        (reply("<response/>"), "its root is response, not Response"),
        (reply("<Response><Redirect>/there</Redirect></Response>"), "asks for Redirect"),
        (reply("Not Found", "text/plain", 404), "HTTP 404 in place of TwiML"),
    ],
)
def test_what_is_no_twiml_is_refused_with_the_reason(answer: Reply, reason: str) -> None:
    with pytest.raises(TargetError, match=reason):
        spoken(answer)
