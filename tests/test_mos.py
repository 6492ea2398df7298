"""Files of MOs: JSON lines and CSV as people have them, and what is said of a bad line."""

from collections.abc import Iterable
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optin_engine.harness.mos import MO, BadLine, UnfitError, read_mos
from optin_engine.vocabulary import Origin
from tests.mo_lines import BEGAN, line

CODES = {"123456", "+123456"}


def only(lines: Iterable[bytes]) -> MO | BadLine:
    (mo,) = read_mos(lines, CODES)
    return mo


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"from": None}, "from is missing"),
        ({"from": "5550123"}, "from is no number of 8 to 15 digits"),
        ({"from": "+1555555012٣"}, "from is no number of 8 to 15 digits"),
        ({"from": True}, "from is no text"),
        ({"to": "654321"}, "to is no code of the account"),
        ({"text": None}, "text is missing"),
        ({"text": ["JOIN"]}, "text is no text"),
        ({"receivedAt": None}, "receivedAt is missing"),
        ({"receivedAt": ""}, "receivedAt is no time"),
        ({"receivedAt": "yesterday"}, "receivedAt is no time"),
        ({"receivedAt": []}, "receivedAt is no text"),
        ({"receivedAt": "2026-02-30T00:00:00Z"}, "receivedAt is no time"),
        ({"receivedAt": "0001-01-01T00:00:00"}, "receivedAt is not between 1970 and 2999"),
        ({"receivedAt": "9999-12-31T23:59:59Z"}, "receivedAt is not between 1970 and 2999"),
        ({"origin": "fax"}, "origin is none of handset, web, app, api"),
        ({"origin": 1}, "origin is none of handset, web, app, api"),
        ({"id": {}}, "id is no text"),
    ],
)
def test_a_bad_line_says_which_member_is_wrong(members: dict[str, object], reason: str) -> None:
    bad = only([line(**members)])
    assert isinstance(bad, BadLine)
    assert bad.reason.startswith(reason)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "it is no JSON"),
        (b"{}", "from is missing"),
        (b'{"text": "\xff"}', "it is not UTF-8"),
        (b'{"a":' * 200_000, "it is no JSON"),
        (b"{} {}", "it is no JSON"),
    ],
)
def test_a_line_that_is_no_json_is_bad(raw: bytes, reason: str) -> None:
    assert only([raw]) == BadLine(1, reason)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-01T12:00:00Z", BEGAN),
        ("2026-01-01T12:00:00", BEGAN),
        ("2026-01-01 12:00", BEGAN),
        ("20260101T120000Z", BEGAN),
        ("2026-01-01t07:00:00.000-05:00", BEGAN),
        ("2026-01-01", BEGAN.replace(hour=0)),
    ],
)
def test_a_time_is_any_iso_8601_and_without_a_zone_it_is_utc(written: str, meant: datetime) -> None:
    mo = only([line(receivedAt=written)])
    assert isinstance(mo, MO)
    assert mo.received_at == meant


def test_unusual_json_is_read_all_the_same() -> None:
    mo = only(
        [b'{"FROM":15555550123,"to":123456,"Text":25,"receivedat":"2026-01-01","origin":"WEB"}']
    )
    assert isinstance(mo, MO)
    assert (mo.sender, mo.to, mo.text, mo.origin) == ("15555550123", "123456", "25", Origin.WEB)


CSV = (
    b"\xef\xbb\xbf\r\nReceivedAt,Origin,TEXT,to,From,Id,campaign\r\n"
    b'2026-01-01T12:00:00Z,,"JOIN, please",123456,15555550123,a,spring\r\n'
    b"\r\n"
    b'2026-01-01T12:01:00Z,handset,"YES\r\nthanks", 123456 ,+15555550123,b,\r\n'
    b"2026-01-01T12:02:00Z,handset,a,b,123456,15555550123,c,d\r\n"
    b"2026-01-01T12:02:00Z,handset,\xff,123456,15555550123,c,\r\n"
    b"2026-01-01T12:02:00Z\r\n"
    b"2026-01-01T12:03:00Z,app,stop,+123456,15555550123\r\n"
)  # fmt: skip


def test_csv_is_told_by_its_content_and_read_with_its_line_numbers() -> None:
    mos = list(read_mos(CSV.splitlines(keepends=True), CODES))
    assert [mo for mo in mos if isinstance(mo, BadLine)] == [
        BadLine(7, "it has more cells than the header: quote a text that holds a comma"),
        BadLine(8, "it is not UTF-8"),
        BadLine(9, "from is missing"),
    ]
    good = [(mo.id, mo.text, mo.origin) for mo in mos if isinstance(mo, MO)]
    assert good == [
        ("a", "JOIN, please", "handset"),
        ("b", "YES\r\nthanks", "handset"),
        (None, "stop", "app"),
    ]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_csv_may_be_separated_as_spreadsheets_do_elsewhere(delimiter: str) -> None:
    lines = ["from,to,text,receivedAt", "15555550123,123456,HELP,2026-01-01"]
    mo = only(line.replace(",", delimiter).encode() for line in lines)
    assert isinstance(mo, MO)


def test_a_cell_without_an_end_spoils_its_own_lines_only() -> None:
    endless = b'15555550123,123456,"' + b"JOIN\n" * 40_000
    lines = [b"from,to,text,receivedAt\n", *endless.splitlines(keepends=True)]
    mos = list(read_mos(lines, CODES))
    assert mos[0] == BadLine(2, "it is no CSV")


@pytest.mark.parametrize(
    "raw",
    [b"[1]\n", b"hello\n", b"\xff\xfe{\x00", b"text,from\n", b"to\rtext\n", b"x" * 200_000],
)
def test_a_file_that_is_neither_says_what_it_lacks(raw: bytes) -> None:
    with pytest.raises(UnfitError, match="neither a JSON object nor a CSV header: it lacks"):
        list(read_mos([raw], CODES))


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_any_bytes_give_mos_bad_lines_or_one_refusal_of_the_file(raw: bytes) -> None:
    for head in (b"", b"{}\n", b"from,to,text,receivedAt\n"):
        try:
            found = list(read_mos((head + raw).splitlines(keepends=True), CODES))
        except UnfitError:
            continue
        assert all(isinstance(mo, (MO, BadLine)) for mo in found)
