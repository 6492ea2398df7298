"""Replaying files of MOs: what is read, what is written, and what it costs."""

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optin_engine.harness import starter, starter_text
from optin_engine.harness.mos import MO, BadLine, UnfitError, read_mos
from optin_engine.harness.replay import Replay, SeenIds, Tally, summary
from optin_engine.vocabulary import Origin

MEMBERS = [
    "id", "from", "to", "keyword", "reading", "rule", "verdict", "fromState", "state", "says",
    "refused", "duplicate",
]  # fmt: skip
BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)
CODES = {"123456", "+123456"}


def line(text: object = "JOIN", minute: Any = 0, **members: object) -> bytes:
    """Write an MO as a JSON line."""
    at = (BEGAN + timedelta(minutes=minute)).isoformat()
    mo = {"from": "+15555550123", "to": "123456", "text": text, "receivedAt": at}
    return json.dumps({**mo, **members}).encode() + b"\n"


def outcomes_of(lines: Iterable[bytes]) -> list[dict[str, Any]]:
    written = bytearray()
    Replay(starter(), written.extend).play(lines)
    return [json.loads(outcome) for outcome in written.splitlines()]


def only(lines: Iterable[bytes]) -> MO | BadLine:
    (mo,) = read_mos(lines, CODES)
    return mo


def run(*arguments: object, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "optin_engine", "replay", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, check=False)


@pytest.fixture
def definitions(tmp_path: Path) -> Path:
    path = tmp_path / "optin.toml"
    path.write_text(starter_text(), encoding="utf-8")
    return path


# -- what is written


def test_an_outcome_has_the_members_of_the_issue_in_their_order() -> None:
    (outcome,) = outcomes_of([line(id="a")])
    assert list(outcome) == MEMBERS
    (said,) = outcome.pop("says")
    assert outcome == {
        "id": "a", "from": "+15555550123", "to": "123456", "keyword": "JOIN", "reading": "JOIN",
        "rule": "keyword first", "verdict": None, "fromState": "None", "state": "In Progress",
        "refused": None, "duplicate": False,
    }  # fmt: skip
    assert list(said) == ["kind", "text", "encoding", "segments"]
    assert (said["kind"], said["encoding"], said["segments"]) == ("initial", "GSM-7", 1)


def test_a_conversation_is_played_over_its_lines() -> None:
    texts = ["JOIN", "yes please", "WINE", "05/14/2020", "STOP", "STOP"]
    outcomes = outcomes_of(line(text, minute) for minute, text in enumerate(texts))
    members = ("keyword", "reading", "verdict", "fromState", "state")
    assert [tuple(outcome[member] for member in members) for outcome in outcomes] == [
        ("JOIN", "JOIN", None, "None", "In Progress"),
        ("JOIN", "YES", None, "In Progress", "Subscribed"),
        ("WINE", "JOIN", None, "None", "In Progress"),
        ("WINE", "BIRTH_DATE", "too_young", "In Progress", "Declined"),
        (None, "STOP", None, "Subscribed", "Unsubscribed"),
        (None, "STOP", None, "Unsubscribed", "Unsubscribed"),
    ]  # fmt: skip
    said = [[mt["kind"] for mt in o["says"]] for o in outcomes]
    assert said == [["initial"], ["confirmation"], ["initial"], ["invalid age"], ["stop"], []]


def test_an_id_seen_before_says_and_changes_nothing() -> None:
    outcomes = outcomes_of(
        [line("JOIN", 0, id="1"), line("YES", 1, id="2"), line("JOIN", 2, id="1")]
    )
    again = outcomes[2]
    assert (again["duplicate"], again["says"]) == (True, [])
    assert again["fromState"] == again["state"] == "Subscribed"


def test_an_id_counts_on_its_own_code_and_only_where_there_is_one() -> None:
    lines = [line("HELP", 0), line("HELP", 1), line("HELP", 2, id=""), line("HELP", 3, id=None)]
    assert [outcome["duplicate"] for outcome in outcomes_of(lines)] == [False] * 4
    seen = SeenIds()
    assert seen.repeats([("1 a", 0), ("2 a", 1), ("1 a", 2)]) == {2}


def test_a_refusal_is_named() -> None:
    (outcome,) = outcomes_of([line("NEWS", origin="web")])
    assert (outcome["refused"], outcome["says"]) == ("double opt-in required", [])


def test_an_outcome_repeats_the_mo_as_it_was_written() -> None:
    (outcome,) = outcomes_of([line(**{"id": 7, "from": 15555550123, "to": "+123456"})])
    assert (outcome["id"], outcome["from"], outcome["to"]) == ("7", "15555550123", "+123456")


def test_a_number_is_one_contact_with_a_plus_sign_and_without() -> None:
    lines = [line("JOIN", 0), line("YES", 1, **{"from": "15555550123", "to": "+123456"})]
    assert outcomes_of(lines)[1]["state"] == "Subscribed"


def test_the_summary_counts_what_the_outcomes_show() -> None:
    lines = [
        line("JOIN", 0, id="1"),
        line("JOIN", 0, id="1"),
        b"?\n",
        line("NEWS", 1, origin="web"),
    ]
    found = Replay(starter()).play(lines)
    assert (found.mos, found.bad_lines, found.duplicates, found.segments) == (3, 1, 1, 1)
    assert found.readings == {"JOIN": 2}
    assert found.refused == {"double opt-in required": 1}
    assert found.states == {"In Progress": 1}
    text = dict(line.split(maxsplit=1) for line in summary(found) if not line.startswith("bad"))
    assert text["MTs"] == "1 (initial 1)"
    assert found.to_json()["mts"] == 1
    assert Tally().to_json()["mosPerSecond"] == 0


# -- what is read


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


def test_a_text_with_half_a_character_or_a_raw_line_feed_is_heard() -> None:
    outcomes = outcomes_of(
        [line("STOP \ud800", id="\ud800"), line("HELP").replace(b"HELP", b"HE\tLP")]
    )
    assert [outcome["reading"] for outcome in outcomes] == ["STOP", "UNMATCHED"]


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


def test_json_and_csv_give_the_same_outcomes() -> None:
    texts = ["JOIN", "y", 'say "what", now', "STOP"]
    rows = [b"from,to,text,receivedAt\n"]
    for minute, text in enumerate(texts):
        quoted = text.replace('"', '""')
        at = (BEGAN + timedelta(minutes=minute)).isoformat()
        rows.append(f'+15555550123,123456,"{quoted}",{at}\n'.encode())
    assert outcomes_of(rows) == outcomes_of(line(text, n) for n, text in enumerate(texts))


@pytest.mark.parametrize("raw", [b"[1]\n", b"hello\n", b"\xff\xfe{\x00", b"text,from\n"])
def test_a_file_that_is_neither_says_what_it_lacks(raw: bytes) -> None:
    with pytest.raises(UnfitError, match="neither a JSON object nor a CSV header: it lacks"):
        list(read_mos([raw], CODES))


# -- laws

BAD = st.sampled_from(
    [b"\n", b"no JSON\n", b"{}\n", line(to="1"), line(receivedAt="never", id="1")]
)
GOOD = st.builds(
    lambda text, minute, last, mo_id: line(text, minute, id=mo_id, **{"from": f"1555555012{last}"}),
    st.sampled_from(["JOIN", "YES", "STOP", "WINE", "1/2/1990", "HELP", "NEWS", "no", "hm?"]),
    st.integers(0, 6000),
    st.integers(0, 3),
    st.sampled_from(["", "1", "2", "3", "4"]),
)


@given(st.lists(st.tuples(st.booleans(), GOOD, BAD), max_size=30))
def test_bad_lines_anywhere_change_nothing_of_the_good_ones(
    drawn: list[tuple[bool, bytes, bytes]],
) -> None:
    good = [line(id="0"), *(line for is_good, line, _ in drawn if is_good)]
    mixed = [line(id="0"), *(line if is_good else bad for is_good, line, bad in drawn)]
    assert outcomes_of(mixed) == outcomes_of(good)


@given(st.lists(st.lists(st.tuples(st.sampled_from("abcdef"), st.just(0)), max_size=9)))
def test_ids_are_remembered_exactly_over_any_batches(batches: list[list[tuple[str, int]]]) -> None:
    seen, known = SeenIds(), set[str]()
    for batch in batches:
        expected = set()
        for place, (id_, _) in enumerate(batch):
            if id_ in known:
                expected.add(place)
            known.add(id_)
        assert seen.repeats((id_, place) for place, (id_, _) in enumerate(batch)) == expected
    seen.close()


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_any_bytes_give_mos_bad_lines_or_one_refusal_of_the_file(raw: bytes) -> None:
    for head in (b"", b"{}\n", b"from,to,text,receivedAt\n"):
        try:
            found = list(read_mos((head + raw).splitlines(keepends=True), CODES))
        except UnfitError:
            continue
        assert all(isinstance(mo, (MO, BadLine)) for mo in found)


def many(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield line(
            "HELP", number, id=f"MO-{number:012d}", **{"from": f"+155555501{number % 50:02d}"}
        )


def test_memory_does_not_grow_with_the_number_of_lines() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            Replay(starter(), len).play(many(count))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10_000)
    assert peak(40_000) < 1.1 * peak(20_000)


# -- the command


def test_outcomes_are_in_the_order_of_the_file_and_decode_line_by_line(definitions: Path) -> None:
    mos, outcomes = definitions.with_name("mos.jsonl"), definitions.with_name("outcomes.jsonl")
    mos.write_bytes(b"".join(many(12_000)))
    done = run(definitions, mos, "--outcomes", outcomes)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"MOs        12,000\n")
    ids = [json.loads(outcome)["id"] for outcome in outcomes.read_bytes().splitlines()]
    assert ids == [f"MO-{number:012d}" for number in range(12_000)]


def test_standard_input_gives_outcomes_on_standard_output(definitions: Path) -> None:
    done = run(definitions, "-", "--outcomes", "-", given=line() + line("YES", 1))
    assert [json.loads(o)["state"] for o in done.stdout.splitlines()] == [
        "In Progress",
        "Subscribed",
    ]
    assert done.stderr.startswith(b"MOs        2\n")


def test_a_bad_line_is_reported_with_its_number_and_without_what_it_held(definitions: Path) -> None:
    secret = b'{"from": "+15555550123", "text": "SECRET"}\n'
    done = run(definitions, "-", "--json", given=line() + secret + line("YES", 1))
    assert done.returncode == 0
    assert done.stderr == b"optin-engine: line 2: to is missing\n"
    assert json.loads(done.stdout)["badLines"] == 1


def test_strict_stops_at_the_first_bad_line_and_keeps_what_came_before(definitions: Path) -> None:
    outcomes = definitions.with_name("outcomes.jsonl")
    given = line() + b"bad\n" + line("YES", 1) + b"bad\n"
    done = run(definitions, "-", "--strict", "--outcomes", outcomes, given=given)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"optin-engine: error: -: line 2: it is no JSON\n"
    assert len(outcomes.read_bytes().splitlines()) == 1


def test_no_lines_at_all_are_no_error(definitions: Path) -> None:
    done = run(definitions, "-", "--json")
    assert (done.returncode, json.loads(done.stdout)["mos"]) == (0, 0)


def test_files_that_cannot_be_used_are_one_line_and_status_2(definitions: Path) -> None:
    folder, mos = definitions.parent, definitions.with_name("mos.csv")
    mos.write_text("a,b\n")
    for arguments, reason in [
        ((definitions, folder / "none"), "No such file or directory"),
        ((definitions, folder), "Is a directory"),
        ((definitions, mos), "it lacks from, to, text, receivedAt"),
        ((definitions, mos, "--outcomes", mos), "the outcomes would be written over the MOs"),
        ((definitions, mos, "--outcomes", folder / "none" / "o"), "No such file or directory"),
    ]:
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.startswith(b"optin-engine: error: ")
        assert done.stderr.decode().endswith(f"{reason}\n")
        assert done.stderr.count(b"\n") == 1
    assert mos.read_text() == "a,b\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line_and_status_2(definitions: Path) -> None:
    done = run(definitions, "-", "--outcomes", "/dev/full", given=line())
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"No space left on device" in done.stderr


def test_a_reader_that_goes_away_ends_it_quietly(definitions: Path) -> None:
    mos = definitions.with_name("mos.jsonl")
    mos.write_bytes(b"".join(many(30_000)))
    command = f"{sys.executable} -m optin_engine replay {definitions} {mos} --outcomes - | head -1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False)
    assert json.loads(done.stdout)["reading"] == "HELP"
    assert b"Traceback" not in done.stderr
    assert b"rror" not in done.stderr
