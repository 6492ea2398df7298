"""The ledger: every break of every chain is found, and named without a number."""

from datetime import timedelta
from typing import Any, cast

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.outcome import ConsentRecord
from optin_engine.service.ledger import Broken, Walked, break_of, verify
from optin_engine.stores import Chain, Store, open_store
from tests.serving import ANN, BOB, CODE, Phone, opening, serve, store

__all__ = ["opening", "store"]


def chains() -> tuple[Chain, Chain]:
    """Give the chains of two contacts, of three records each."""
    with open_store("memory:") as store, serve(store) as service:
        for number in (ANN, BOB):
            for text in ("JOIN", "YES", "STOP"):
                Phone(service, number).texts(text, f"SM {text}")
        one, other = store.chains()
        return one, other


ANNS, BOBS = chains()
FIELDS = [field.name for field in attrs.fields(ConsentRecord)]


def changed(value: Any) -> Any:
    if isinstance(value, int):
        return value ^ 1
    if isinstance(value, str):
        return value[:-1] + chr(ord(value[-1]) ^ 1) if value else "x"
    return value + timedelta(microseconds=1)


def test_a_whole_ledger_is_counted(store: Store) -> None:
    with serve(store) as service:
        for number in (ANN, BOB):
            Phone(service, number).texts("JOIN")
        Phone(service).texts("STOP")
    assert verify(store) == Walked(chains=2, records=4, broken=None)


@given(st.integers(0, len(ANNS.records) - 1), st.sampled_from(FIELDS))
def test_one_changed_byte_of_any_record_is_found_and_named(place: int, field: str) -> None:
    records = list(ANNS.records)
    record = records[place]
    records[place] = attrs.evolve(record, **{field: changed(getattr(record, field))})
    broken = break_of(attrs.evolve(ANNS, records=tuple(records)))
    assert broken is not None
    assert (broken.contact, broken.code, broken.sequence) == (ANNS.contact, CODE, place + 1)
    assert ANN[1:] not in str(broken)


@pytest.mark.parametrize(
    ("change", "sequence", "reason"),
    [
        ({"records": ANNS.records[:-1]}, len(ANNS.records), "and 3 are there"),
        ({"records": ()}, 1, "and 0 are there"),
        ({"sequence": 3}, 4, "the contact has had 3 records"),
        ({"head": bytes(32)}, len(ANNS.records), "another last record"),
        ({"records": BOBS.records, "head": BOBS.head}, 1, "another contact's"),
        ({"code": "654321"}, 1, "another contact's"),
    ],
)
def test_records_that_are_missing_or_moved_are_found(
    change: dict[str, Any], sequence: int, reason: str
) -> None:
    broken = break_of(attrs.evolve(ANNS, **change))
    assert broken is not None
    assert broken.sequence == sequence
    assert reason in broken.reason


def test_an_erased_contact_verifies() -> None:
    records = [attrs.evolve(r, number="", mo_id="", text="") for r in ANNS.records]
    assert break_of(attrs.evolve(ANNS, number="", records=tuple(records))) is None


class Altered:
    """A store whose chains are these."""

    def __init__(self, *altered: Chain) -> None:
        self.chains = lambda: iter(altered)


def test_the_walk_ends_at_the_first_break() -> None:
    broken = attrs.evolve(BOBS, head=b"")
    walked = verify(cast("Store", Altered(ANNS, broken, ANNS)))
    assert (walked.chains, walked.records) == (2, 8)
    assert walked.broken == Broken(
        BOBS.contact, CODE, 4, "the contact remembers another last record than this one"
    )
    assert str(walked.broken).startswith(f"contact {BOBS.contact} on code {CODE}, record 4: ")
