"""Bodies of any kind: each is read, or refused in the envelope; none makes us fail."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.web.limits import LARGEST_BODY, LARGEST_FORM
from tests.web_service import (
    ALICE,
    SHORT,
    Caller,
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


DEEP = b'{"mobileNumber":' + b"[" * 31 + b"]" * 31 + b"}"
DEEPER = b'{"mobileNumber":' + b"[" * 32 + b"]" * 32 + b"}"

# fmt: off
UNREADABLE: list[tuple[str, bytes]] = [
    ("nothing",                  b""),
    ("no JSON",                  b"mobileNumber=1"),
    ("cut short",                b'{"mobileNumber": ["155555'),
    ("two objects",              b"{}{}"),
    ("a list",                   b"[]"),
    ("null",                     b"null"),
    ("a number",                 b"1"),
    ("NaN",                      b'{"mobileNumber": NaN}'),
    ("Infinity",                 b'{"mobileNumber": -Infinity}'),
    ("half of a pair",           b'{"mobileNumber": ["\\ud800"]}'),
    ("half of a pair as bytes",  b'{"mobileNumber": ["\xed\xa0\x80"]}'),
    ("Latin-1",                  '{"mobileNumber": ["é"]}'.encode("latin-1")),
    ("UTF-16",                   '{"mobileNumber": []}'.encode("utf-16")),
    ("single quotes",            b"{'mobileNumber': []}"),
    ("a comma too many",         b'{"mobileNumber": [],}'),
    ("an integer of 5,000",      b'{"mobileNumber": [' + b"1" * 5000 + b"]}"),
    ("a number out of range",    b'{"mobileNumber": [1e999]}'),
    ("nested 33 deep",           DEEPER),
    ("nested far too deep",      b"[" * 500_000),
    ("objects far too deep",     b'{"a":' * 100_000),
    ("too many objects",         b'{"a": [' + b"{}," * 10_000 + b"{}]}"),
    ("NUL between",              b'{"mobileNumber"\x00: []}'),
]

READABLE_BUT_WRONG: list[tuple[str, bytes]] = [
    ("nothing in it",            b"{}"),
    ("nested 32 deep",           DEEP),
    ("10,000 objects and lists", b'{"a": [' + b"{}," * 9_997 + b"{}]}"),
    ("NUL in a text",            b'{"mobileNumber": ["\\u0000"]}'),
    ("a huge integer",           b'{"mobileNumber": [' + b"1" * 400 + b"]}"),
    ("a name twice",             b'{"mobileNumber": 1, "MOBILENUMBER": 2}'),
    ("texts, not a list",        b'{"mobileNumber": "15555550123"}'),
    ("a list of everything",     b'{"mobileNumber": [null, true, 1.5, {}, [], "", " "]}'),
]
# fmt: on


@pytest.mark.parametrize("raw", [raw for _, raw in UNREADABLE], ids=[w for w, _ in UNREADABLE])
@pytest.mark.parametrize(
    "path", [ASKED, QUEUE, "/sms/v1/message/optin", "/sms/v1/keyword", "/v2/token"]
)
def test_a_body_that_is_no_json_object_is_unreadable(caller: Caller, path: str, raw: bytes) -> None:
    answer = caller.call("POST", path, content=raw, headers=JSON)
    assert answer.status_code == 400
    assert is_envelope(answer, 10004)


@pytest.mark.parametrize(
    "raw", [raw for _, raw in READABLE_BUT_WRONG], ids=[w for w, _ in READABLE_BUT_WRONG]
)
@pytest.mark.parametrize("path", [ASKED, "/sms/v1/message/optin"])
def test_a_body_with_wrong_values_is_invalid_data(caller: Caller, path: str, raw: bytes) -> None:
    answer = caller.call("POST", path, content=raw, headers=JSON)
    assert answer.status_code == 400
    assert is_envelope(answer, 11000)
    assert answer.json()["fieldErrors"]


# fmt: off
MEDIA: list[tuple[str, str, int]] = [
    # path       media type                            HTTP
    (ASKED,      "application/json",                   200),
    (ASKED,      "Application/JSON; charset=utf-8",    200),
    (ASKED,      "application/vnd.api+json",           200),
    (ASKED,      "text/json",                          200),
    (ASKED,      "",                                   200),
    (ASKED,      "text/plain",                         415),
    (ASKED,      "application/xml",                    415),
    (ASKED,      "multipart/form-data; boundary=x",    415),
    (ASKED,      "application/x-www-form-urlencoded",  415),
    ("/v2/token", "text/plain",                        415),
]
# fmt: on


@pytest.mark.parametrize(("path", "media_type", "status"), MEDIA)
def test_a_body_of_another_media_type_is_415(
    caller: Caller, path: str, media_type: str, status: int
) -> None:
    headers = {"Content-Type": media_type}
    raw = b'\xef\xbb\xbf{"MobileNumber": ["15555550123"]}'
    answer = caller.call("POST", path, content=raw, headers=headers)
    assert answer.status_code == status
    assert status == 200 or is_envelope(answer)


@pytest.mark.parametrize(("size", "status"), [(LARGEST_FORM, 400), (LARGEST_FORM + 1, 413)])
def test_a_form_of_64_kib_is_read_and_one_byte_more_is_not(
    caller: Caller, size: int, status: int
) -> None:
    content = b"grant_type=" + b"x" * (size - len(b"grant_type="))
    answer = caller.call("POST", "/v2/token", content=content, headers=FORM)
    assert answer.status_code == status


def test_a_form_of_too_many_fields_is_unreadable(caller: Caller) -> None:
    answer = caller.call("POST", "/v2/token", content=b"a=1&" * 1001, headers=FORM)
    assert answer.status_code == 400
    assert is_envelope(answer, 10004)


async def in_chunks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]


@pytest.mark.parametrize("as_sent", [bytes, in_chunks])
def test_a_body_of_one_mebibyte_is_taken_and_one_byte_more_is_not(
    caller: Caller, as_sent: Callable[[bytes], Any]
) -> None:
    answers = [
        caller.call("POST", ASKED, content=as_sent(padded(size)), headers=JSON)
        for size in (LARGEST_BODY, LARGEST_BODY + 1)
    ]
    assert [answer.status_code for answer in answers] == [200, 413]
    assert is_envelope(answers[1])


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
)
JSON_VALUES = (
    SCALARS
    | st.lists(SCALARS, max_size=3)
    | st.lists(st.dictionaries(st.text(max_size=5), SCALARS, max_size=2), max_size=2)
)
NAMES = st.sampled_from(
    [
        *("mobileNumbers", "subscribers", "shortCode", "longCode", "countryCode", "messageText"),
        *("keyword", "origin", "id", "mobileNumber", "subscriberKey", "messageName", "startDate"),
        *("messageOptInType", "minimumAge", "messages", "confirmWithin", "clientId"),
    ]
)
PLAUSIBLE = st.sampled_from([SHORT, "US", "JOIN", "Double", [ALICE], ALICE, "y", 13, "\x00"])


@given(
    path=st.sampled_from(
        [ASKED, QUEUE, "/sms/v1/message/optin", "/sms/v1/keyword", "/v1/requestToken"]
    ),
    body=st.dictionaries(NAMES, JSON_VALUES | PLAUSIBLE, max_size=6),
)
def test_no_json_whatever_makes_the_service_fail(
    caller: Caller, path: str, body: dict[str, Any]
) -> None:
    answer = caller.post(path, body)
    assert answer.status_code < 500
    assert answer.headers["content-type"] == "application/json"
    assert answer.is_success or is_envelope(answer) or [*answer.json()] == ["errors"]


@given(raw=st.binary(max_size=200), path=st.sampled_from([ASKED, QUEUE, "/v2/token"]))
def test_no_bytes_whatever_make_the_service_fail(caller: Caller, raw: bytes, path: str) -> None:
    for headers in (JSON, FORM):
        answer = caller.call("POST", path, content=raw, headers=headers)
        assert 400 <= answer.status_code < 500
