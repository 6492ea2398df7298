"""The hash chain of consent records."""

import hashlib
import json
import string
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.consent import erase, redacted, verify, write
from optin_engine.outcome import ConsentRecord
from optin_engine.vocabulary import Hears, Reading, from_json, to_json

NAMES = [field.name for field in attrs.fields(ConsentRecord)]
times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).flatmap(  # noqa: DTZ001  Hypothesis takes bounds without a zone.
    lambda at: st.integers(-14, 14).map(
        lambda hours: at.replace(tzinfo=timezone(timedelta(hours=hours)))
    )
)


@st.composite
def chains(draw: st.DrawFn) -> list[ConsentRecord]:
    chain: list[ConsentRecord] = []
    previous = b""
    for place in range(1, draw(st.integers(1, 5)) + 1):
        public = draw(
            st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=9, max_size=9)
        )
        texts = [*public, *draw(st.lists(st.text(max_size=20), min_size=3, max_size=3))]
        chain.append(write(previous, [place, draw(times), *texts]))
        previous = bytes.fromhex(chain[-1].digest)
    return chain


@given(chains())
def test_what_was_written_verifies_also_when_read_back_from_json(
    chain: list[ConsentRecord],
) -> None:
    assert verify(chain) is None
    plain = json.loads(json.dumps([to_json(record) for record in chain]))
    assert verify(from_json(list[ConsentRecord], plain)) is None


@given(chains(), st.data())
def test_any_field_that_is_changed_is_found_and_its_place_named(
    chain: list[ConsentRecord], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    name = data.draw(st.sampled_from(NAMES))
    old = getattr(chain[place], name)
    if isinstance(old, datetime):
        new: Any = old + timedelta(microseconds=1)
    else:
        new = (
            old + 1 if isinstance(old, int) else old + data.draw(st.sampled_from(string.printable))
        )
    chain[place] = attrs.evolve(chain[place], **{name: new})
    found = verify(chain)
    assert found is not None
    assert found.sequence == place + 1


@given(chains(), st.data())
def test_a_record_left_out_or_swapped_is_found(
    chain: list[ConsentRecord], data: st.DataObject
) -> None:
    if len(chain) > 1:
        place = data.draw(st.integers(0, len(chain) - 2))
        assert verify(chain[:place] + chain[place + 1 :]) is not None
        chain[place], chain[place + 1] = chain[place + 1], chain[place]
        assert verify(chain) is not None


@given(chains())
def test_an_erased_record_holds_nothing_personal_and_still_verifies(
    chain: list[ConsentRecord],
) -> None:
    erased = [erase(record) for record in chain]
    assert {(r.number, r.mo_id, r.text) for r in erased} == {("", "", "")}
    assert verify(erased) is None
    assert [r.digest for r in erased] == [r.digest for r in chain]


def test_anybody_can_check_the_chain_with_a_json_library() -> None:
    at = datetime(2026, 11, 21, 18, 30, tzinfo=timezone(timedelta(hours=2)))
    fields = [1, at, "123456", "JOIN", "None", "In Progress", "JOIN", "handset", "keyword first"]
    record = write(b"", [*fields, "", "d" * 64, "+15555550123", "SM1", "Join \u2764"])

    def sha(*parts: object) -> str:
        array = ["optin-engine consent 1", *parts]
        text = json.dumps(array, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    personal = sha("+15555550123", "SM1", "Join \u2764")
    fields[1] = "2026-11-21T16:30:00Z"
    assert record.personal == personal
    assert record.digest == sha("", *fields, "", "d" * 64, personal)


def test_a_broken_surrogate_does_not_break_the_chain() -> None:
    record = write(b"", [1, datetime(2026, 1, 1, tzinfo=UTC), *["x"] * 9, *["\ud83d"] * 3])
    assert record.text == "?"
    assert verify([record]) is None


@pytest.mark.parametrize("masks", [True, False])
def test_a_birth_date_is_redacted_whole(*, masks: bool) -> None:
    reading = Reading(Hears.BIRTH_DATE, "a birth date, minimum age 21", "a birth date")
    assert redacted("may 5 1990", reading, masks_digits=masks) == "[a birth date]"


@given(st.text())
def test_where_an_age_gate_is_no_digit_of_any_script_is_kept(text: str) -> None:
    kept = redacted(text, Reading(Hears.STOP, "STOP word first"), masks_digits=True)
    assert not any(character.isdecimal() for character in kept)
    assert len(kept) == len(text)
