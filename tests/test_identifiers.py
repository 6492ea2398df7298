"""MobileConnect's identifiers: the published ones, and that nothing else is taken for one."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.web.identifiers import TYPES, decode, encode

NUMBERS = st.integers(0, 2**63 - 1)
KINDS = st.sampled_from(sorted(TYPES))


def bare(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


# fmt: off
PUBLISHED = [
    # inner                                       kind              identifier
    (30,                                          "message",        "MzA6Nzg6MA"),
    (28,                                          "message object", "Mjg6NjI1OjA"),
]

NONE_OF_THEM = [
    # what is wrong                    text
    ("nothing",                        ""),
    ("another type",                   "MzA6Nzg6MA"),
    ("padding",                        "MzA6NzY6MA=="),
    ("white space",                    "MzA6NzY6MA "),
    ("a line's end",                   "MzA6NzY6MA\n"),
    ("a letter in another script",     "MzA6NzY6M\u0410"),
    ("another spelling of its bits",   "MzA6NzY6MB"),
    ("a length that none has",         "MzA6N"),
    ("no last part",                   "MzA6NzY"),
    ("another last part",              bare(b"30:76:1")),
    ("a leading zero",                 bare(b"030:76:0")),
    ("a negative number",              bare(b"-3:76:0")),
    ("a number of more than 63 bits",  bare(b"9223372036854775808:76:0")),
    ("digits that are not ASCII",      bare("٣:76:0".encode())),
    ("far too long",                   "MzA6" * 10_000),
]
# fmt: on


@pytest.mark.parametrize(("inner", "kind", "identifier"), PUBLISHED)
def test_a_published_identifier_is_written_and_read(inner: int, kind: str, identifier: str) -> None:
    assert (encode(inner, kind), decode(identifier, kind)) == (identifier, inner)


@pytest.mark.parametrize(
    "text", [text for _, text in NONE_OF_THEM], ids=[w for w, _ in NONE_OF_THEM]
)
def test_what_is_no_identifier_of_a_kind_is_none(text: str) -> None:
    assert decode(text, "queueMO") is None


def test_the_one_spelling_of_that_number_is_taken() -> None:
    assert decode("MzA6NzY6MA", "queueMO") == 30


@given(NUMBERS | st.uuids(), KINDS)
def test_an_identifier_is_read_back_as_what_it_names(inner: int | UUID, kind: str) -> None:
    identifier = encode(inner, kind)
    content = urlsafe_b64decode(identifier + "=" * (-len(identifier) % 4)).decode()
    assert content.split(":")[1:] == [str(TYPES[kind]), "0"]
    assert decode(identifier, kind) == inner
    assert [decode(identifier, other) for other in TYPES if other != kind] == [None] * 5


@given(st.uuids())
def test_a_guid_stands_in_the_order_of_bytes_that_dot_net_has(guid: UUID) -> None:
    first, second, third, *_ = guid.fields
    name = urlsafe_b64decode(encode(guid, "queueMO") + "==").split(b":")[0]
    held = urlsafe_b64decode(name + b"==")
    assert held[:4] == first.to_bytes(4, "little")
    assert held[4:8] == second.to_bytes(2, "little") + third.to_bytes(2, "little")
    assert held[8:] == guid.bytes[8:]


@given(st.text() | st.text("MzA6Nzg6MAbcdefghij_-=", max_size=30), KINDS)
def test_any_text_is_read_or_is_none(text: str, kind: str) -> None:
    inner = decode(text, kind)
    assert inner is None or encode(inner, kind) == text
