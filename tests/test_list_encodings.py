"""Files of list members in other encodings than UTF-8, and what is said where one is not told."""

from io import BufferedReader, BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optin_engine.harness.csv_lines import NO_TEXT, known_encoding
from optin_engine.harness.list_files import Listed, MemberFile, RefusedLine
from optin_engine.harness.list_numbers import international
from optin_engine.harness.mos import UnfitError
from optin_engine.harness.refusal import CommandError

ANN = "15555550123"


def members(file: bytes, encoding: str = "") -> MemberFile:
    codec = known_encoding(encoding)
    return MemberFile(BufferedReader(BytesIO(file)), international, encoding=codec)


def names(file: bytes, encoding: str = "") -> list[str]:
    """Give the names of all lines, none of which is refused."""
    found = list(members(file, encoding))
    assert not [line for line in found if isinstance(line, RefusedLine)]
    return [(line.member.attributes or {})["name"] for line in found if isinstance(line, Listed)]


# fmt: off
WRITTEN = [
    # encoding     name of who writes so     said as
    ("cp1252",     "Jürgen Šonja €",         "Windows-1252"),
    ("latin-1",    "Jürgen",                 "ISO-8859-1"),
    ("cp1251",     "Анна",                   "cp1251"),
    ("mac_roman",  "Zoë",                    "macintosh"),
    ("shift_jis",  "アンナ",                  "Shift_JIS"),
    ("gb18030",    "安娜 🐟",                 "GB18030"),
    ("utf-16-le",  "Jürgen 🐟",              "UTF-16LE"),
    ("utf-8",      "Jürgen 🐟",              "utf_8"),
    ("cp500",      "Jürgen",                 "EBCDIC-CP-BE"),
]
# fmt: on


@pytest.mark.parametrize(("encoding", "name", "said"), WRITTEN)
def test_a_file_is_read_as_its_encoding_is_said(encoding: str, name: str, said: str) -> None:
    assert names(f"phone;name\r\n{ANN};{name}\r\n".encode(encoding), said) == [name]


@settings(max_examples=30)
@given(
    st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N"])), max_size=9),
    st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]),
    st.sampled_from(["", "cp1252", "utf-8", "utf-16-be"]),
)
def test_a_byte_order_mark_tells_how_a_file_is_written_whatever_is_said(
    texts: list[str], encoding: str, said: str
) -> None:
    rows = "".join(f"{ANN},{text}\n" for text in texts)
    assert names(f"phone,name\n{rows}".encode(encoding), said) == [text.strip() for text in texts]


@settings(max_examples=30)
@given(st.text("aé'ÿŠ€\xc3\xbc", min_size=1))
def test_a_line_that_is_not_utf_8_is_refused_and_kept_byte_by_byte(name: str) -> None:
    line = f"{ANN},{name}".encode("cp1252")
    (found,) = members(b"phone,name\n" + line + b"\n")
    assert found.written.encode(errors="surrogateescape") == line
    is_text = line.decode(errors="ignore").encode() == line
    assert isinstance(found, Listed if is_text else RefusedLine)
    assert is_text or getattr(found, "reason", "") == NO_TEXT.format("UTF-8")


@pytest.mark.parametrize(
    "file", ["phone,Straße\n".encode("cp1252"), "phone,a\n".encode("utf-16-le")]
)
def test_a_header_that_cannot_be_read_says_which_option_mends_it(file: bytes) -> None:
    with pytest.raises(UnfitError, match="--encoding says how it is written, by Excel on Windows"):
        members(file)


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13", "idna", "undefined", "\0"])
def test_what_is_no_encoding_of_text_is_refused(name: str) -> None:
    with pytest.raises(CommandError, match="--encoding is invalid"):
        known_encoding(name)


def test_what_an_encoding_does_not_know_is_refused_line_by_line() -> None:
    good, bad = members(f"phone,name\n{ANN},a\n{ANN},".encode() + b"\x81\n", "cp1252")
    assert isinstance(good, Listed)
    assert isinstance(bad, RefusedLine)
    assert bad.reason == NO_TEXT.format("cp1252")
