"""Outbound messages in the catalog: identity, versions, files beside calls, ended keywords."""

from collections.abc import Callable
from typing import Any

import pytest

from optin_engine.entries import DefinitionError
from optin_engine.messages import keyword_for
from optin_engine.program import OutboundMessage
from optin_engine.service.catalog import Catalog
from optin_engine.service.outbound.orders import DefinedMessage
from optin_engine.stores import Store
from tests.serving import CODE, DOUBLE, NOON, PLACE, SINGLE, Opening, opening, store

__all__ = ["opening", "store"]

SALE = PLACE | {"messageName": "Sale", "keyword": "NEWS", "messageText": "20% off"}
FILE = {"codes": [PLACE], "programs": [SINGLE, DOUBLE]}
TAKEN = "The MessageName Sale is already used on the code by another message of its keyword."


@pytest.fixture
def catalog(store: Store) -> Catalog:
    catalog = Catalog(store, lambda: NOON)
    catalog.load(FILE)
    return catalog


def faults(act: Callable[[], object]) -> list[str]:
    with pytest.raises(DefinitionError) as raised:
        act()
    return [fault.message for fault in raised.value.faults]


def with_messages(*messages: dict[str, Any]) -> dict[str, Any]:
    return {**FILE, "messages": [*messages]}


def in_force(catalog: Catalog) -> dict[int, tuple[int, str, str]]:
    """Give source and version of the messages in force, by id."""
    found = [d for d in catalog.definitions() if d.kind == "message"]
    return {d.id: (d.version, d.source, d.kind) for d in found}


def test_a_message_is_found_by_its_id_in_every_process(opening: Opening) -> None:
    here, there = (Catalog(opening(), lambda: NOON) for _ in range(2))
    here.load(FILE)
    known = {definition.id for definition in there.definitions()}
    new = here.define_message(SALE | {"active": "false"})
    assert new.id not in known
    message = OutboundMessage("Sale", CODE, "NEWS", "20% off", is_active=False)
    assert there.message(new.id) == DefinedMessage(new.id, 1, message)
    assert there.account().code(CODE).outbound == (message,)


def test_what_is_no_message_is_not_found_as_one(catalog: Catalog) -> None:
    assert [catalog.message(d.id) for d in catalog.definitions()] == [None] * 3
    assert catalog.message(10**9) is None


def test_the_same_again_changes_nothing_however_it_is_written(
    catalog: Catalog, store: Store
) -> None:
    first, before = catalog.define_message(SALE), store.definitions()
    again = {name.upper(): value for name, value in SALE.items()} | {"active": "1", "else": 2}
    assert catalog.define_message(again) == first
    assert store.definitions() == before


def test_name_code_and_keyword_are_who_it_is_and_all_else_is_a_next_version(
    catalog: Catalog,
) -> None:
    first = catalog.define_message(SALE)
    second = catalog.define_message(SALE | {"messageText": "30% off"})
    assert (second.id, second.version) == (first.id, 2)
    others = [SALE | {"messageName": "Sale 2"}, SALE | {"keyword": "JOIN"}, SALE | {"keyword": ""}]
    ids = {first.id, *(catalog.define_message(other).id for other in others)}
    assert len(ids) == 4
    found = catalog.message(first.id)
    assert found is not None
    assert (found.version, found.message.text) == (2, "30% off")


def test_a_refused_message_leaves_everything_as_it_was(catalog: Catalog, store: Store) -> None:
    before = store.definitions()
    wrong = SALE | {"keyword": "GONE", "active": "x"}
    assert faults(lambda: catalog.define_message(wrong)) == [
        "Active is invalid. It must be true or false.",
        "Keyword GONE is invalid for the code on the message.",
    ]
    nothing: Any = [SALE]
    assert faults(lambda: catalog.define_message(nothing)) == [
        "The message must be a table of fields."
    ]
    assert store.definitions() == before


def test_a_message_may_name_a_keyword_that_is_only_reserved_and_it_subscribes_nobody_yet(
    catalog: Catalog,
) -> None:
    catalog.add_keyword(CODE, "Spring")
    message = catalog.define_message(SALE | {"keyword": "spring"})
    assert subscribes_to(catalog, message.id) == ""
    catalog.define(SINGLE | {"messageName": "Spring", "keyword": "SPRING"})
    assert subscribes_to(catalog, message.id) == "SPRING"


def subscribes_to(catalog: Catalog, message: int) -> str:
    found = catalog.message(message)
    assert found is not None
    return keyword_for(found.message, catalog.account().code(CODE))


# Files.


def test_a_file_keeps_the_ids_of_its_messages_and_what_it_no_longer_has_ends(
    catalog: Catalog, store: Store
) -> None:
    other = SALE | {"messageName": "Other"}
    catalog.load(with_messages(SALE, other))
    first, second = in_force(catalog)
    before = store.definitions()
    catalog.load(with_messages(SALE, other))
    assert store.definitions() == before
    catalog.load(with_messages(SALE | {"messageText": "new"}))
    assert in_force(catalog) == {first: (2, "file", "message")}
    assert catalog.message(second) is None
    catalog.load(FILE)
    assert in_force(catalog) == {}


def test_a_message_by_call_outlives_the_file_and_a_files_is_changed_in_the_file_only(
    catalog: Catalog,
) -> None:
    called = catalog.define_message(SALE)
    assert faults(lambda: catalog.load(with_messages(SALE))) == [TAKEN]
    catalog.load(with_messages(SALE | {"messageName": "Filed"}))
    (filed,) = in_force(catalog).keys() - {called.id}
    same = SALE | {"messageName": "Filed"}
    assert catalog.define_message(same).id == filed
    changed = same | {"messageText": "else"}
    assert faults(lambda: catalog.define_message(changed)) == [TAKEN.replace("Sale", "Filed")]
    catalog.load(FILE)
    assert list(in_force(catalog)) == [called.id]


def test_a_file_that_drops_the_code_of_a_message_by_call_is_refused(catalog: Catalog) -> None:
    catalog.define_message(SALE)
    (fault,) = faults(lambda: catalog.load({"codes": []}))
    assert fault.startswith(f"The ShortCode {CODE} with CountryCode US cannot be found")


# Keywords that end.


def test_a_message_outlives_its_keyword_and_subscribes_nobody_until_it_is_back(
    catalog: Catalog,
) -> None:
    message = catalog.define_message(SALE)
    before = catalog.message(message.id)
    assert catalog.delete_keyword(CODE, "NEWS")
    assert catalog.message(message.id) == before
    assert subscribes_to(catalog, message.id) == ""
    assert not catalog.delete_keyword(CODE, "NEWS")
    assert catalog.add_keyword(CODE, "NEWS") is not None
    assert catalog.delete_keyword(CODE, "NEWS")
    catalog.load(FILE)
    assert subscribes_to(catalog, message.id) == "NEWS"


def test_a_file_may_drop_the_programme_whose_keyword_a_message_by_call_names(
    catalog: Catalog,
) -> None:
    message = catalog.define_message(SALE)
    catalog.load({"codes": [PLACE], "programs": [DOUBLE]})
    assert subscribes_to(catalog, message.id) == ""
    catalog.define(DOUBLE | {"messageName": "Other", "keyword": "OTHER"})
    catalog.define_message(SALE | {"messageName": "Sale 2", "keyword": "OTHER"})
    assert len(in_force(catalog)) == 2


def test_a_message_of_a_file_must_name_a_keyword_of_that_file(catalog: Catalog) -> None:
    catalog.define(SINGLE | {"messageName": "Called", "keyword": "CALLED"})
    stray = with_messages(SALE | {"keyword": "CALLED"})
    assert faults(lambda: catalog.load(stray)) == [
        "Keyword CALLED is invalid for the code on the message."
    ]
