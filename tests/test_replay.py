"""Replaying files of MOs: what is written, its laws, and what it costs."""

import json
import tracemalloc
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from optin_engine.account import Account
from optin_engine.harness import starter
from optin_engine.harness.replay import Replay, SeenIds, Tally, summary
from tests.mo_lines import BEGAN, line, many

MEMBERS = [
    "id", "from", "to", "keyword", "reading", "rule", "verdict", "fromState", "state", "says",
    "refused", "duplicate",
]  # fmt: skip


def outcomes_of(lines: Iterable[bytes]) -> list[dict[str, Any]]:
    written = bytearray()
    Replay(starter(), written.extend).play(lines)
    return [json.loads(outcome) for outcome in written.splitlines()]


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
        [line("JOIN", 0, id="1"), line("YES", 1, id="2"), line("STOP", 2, id="1")]
    )
    again = outcomes[2]
    assert (again["duplicate"], again["says"]) == (True, [])
    assert again["fromState"] == again["state"] == "Subscribed"


def test_an_id_counts_on_its_own_code_and_only_where_there_is_one() -> None:
    lines = [line("HELP", 0), line("HELP", 1), line("HELP", 2, id=""), line("HELP", 3, id=None)]
    assert [outcome["duplicate"] for outcome in outcomes_of(lines)] == [False] * 4
    codes = [{"shortCode": code, "countryCode": "US"} for code in ("123456", "222222")]
    both = [line("HELP", 0, id="a"), line("HELP", 1, id="a", to="222222")]
    assert Replay(Account.from_dict({"codes": codes})).play(both * 2).duplicates == 2


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


def test_a_text_with_half_a_character_or_a_raw_line_feed_is_heard() -> None:
    outcomes = outcomes_of(
        [line("STOP \ud800", id="\ud800"), line("HELP").replace(b"HELP", b"HE\tLP")]
    )
    assert [outcome["reading"] for outcome in outcomes] == ["STOP", "UNMATCHED"]


def test_json_and_csv_give_the_same_outcomes() -> None:
    texts = ["JOIN", "y", 'say "what", now', "STOP"]
    rows = [b"from,to,text,receivedAt\n"]
    for minute, text in enumerate(texts):
        quoted = text.replace('"', '""')
        at = (BEGAN + timedelta(minutes=minute)).isoformat()
        rows.append(f'+15555550123,123456,"{quoted}",{at}\n'.encode())
    assert outcomes_of(rows) == outcomes_of(line(text, n) for n, text in enumerate(texts))


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
