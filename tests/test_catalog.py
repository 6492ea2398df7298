"""The catalog: definitions in the store, their faults to the letter, and their versions."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.account import Account
from optin_engine.entries import DefinitionError
from optin_engine.program import Program
from optin_engine.service.catalog import Catalog
from optin_engine.stores import Definition, Store, open_store
from tests import strategies
from tests.serving import (
    AGE,
    CODE,
    DEFINITIONS,
    DOUBLE,
    NOON,
    OTHER_CODE,
    PLACE,
    SINGLE,
    Opening,
    opening,
    store,
)
from tests.test_definition import REFUSED

__all__ = ["opening", "store"]

VECTORS = json.loads((Path(__file__).parent / "vectors/definitions.json").read_text("utf-8"))
TEA = DOUBLE | {"messageName": "Tea", "keyword": "TEA"}


def catalog_of(store: Store, definitions: object = None) -> Catalog:
    catalog = Catalog(store, lambda: NOON)
    catalog.load(definitions or {"codes": VECTORS["codes"]})
    return catalog


def faults(act: Callable[[], object]) -> list[str]:
    try:
        act()
    except DefinitionError as error:
        return [fault.message for fault in error.faults]
    return []


def programs(account: Account) -> list[Program]:
    return [program for code in account.codes.values() for program in code.programs]


def in_force(catalog: Catalog) -> list[tuple[str, str, int, str]]:
    """Give source, kind, version and name or keyword of what is in force."""
    found = []
    for definition in catalog.definitions():
        body = json.loads(definition.body)
        name = body.get("messageName") or body.get("keyword") or "code"
        found.append((definition.source, definition.kind, definition.version, name))
    return found


# Faults.


@pytest.mark.parametrize("case", VECTORS["cases"], ids=[c["name"] for c in VECTORS["cases"]])
def test_each_golden_definition_has_exactly_its_faults_by_api(
    store: Store, case: dict[str, Any]
) -> None:
    catalog = catalog_of(store)
    before = store.definitions()
    found = faults(lambda: catalog.define(case["definition"]))
    assert sorted(found) == sorted(case["faults"])
    assert (store.definitions() == before) == bool(case["faults"])


@pytest.mark.parametrize(("definition", "change", "expected"), REFUSED)
def test_a_wrong_programme_has_its_own_faults_and_no_others_beside_sound_ones(
    definition: dict[str, Any], change: dict[str, Any], expected: list[str]
) -> None:
    whole = {**definition, **change}
    with open_store("memory:") as store:
        catalog = catalog_of(store)
        catalog.define(TEA)
        given = {name: value for name, value in whole.items() if type(value) is not object}
        assert faults(lambda: catalog.define(given)) == expected


def test_a_keyword_of_another_programme_is_taken(store: Store) -> None:
    catalog = catalog_of(store)
    catalog.define(TEA)
    taken = "The Keyword tea is already used on the code by Tea on days that both run."
    assert faults(lambda: catalog.define({**TEA, "messageName": "Chai", "keyword": "tea"})) == [
        taken
    ]
    answer = "The Keyword TEA is invalid. It is a valid response of Club on the code."
    wrong = {**DOUBLE, "doubleOptInValidResponses": "tea"}
    assert faults(lambda: catalog.define(wrong)) == [answer]


def test_what_is_no_table_is_refused(store: Store) -> None:
    catalog = catalog_of(store)
    nothing: Any = ["a list"]
    assert faults(lambda: catalog.define(nothing)) == ["The program must be a table of fields."]
    assert faults(lambda: catalog.load(nothing)) != []
    assert faults(lambda: catalog.load({"codes": [PLACE], "programs": [{}, {}]})) != []


# Versions.


def test_a_definition_keeps_its_id_over_its_versions(store: Store) -> None:
    catalog = catalog_of(store)
    first = catalog.define(TEA)
    revision = store.definitions()[0]
    assert catalog.define({**TEA, "KEYWORD": "tea", "keyword": None, "unknown": 1}) == first
    assert store.definitions()[0] == revision
    second = catalog.define({**TEA, "optInErrorMessage": "Tea?"})
    assert (second.id, second.version) == (first.id, 2)
    assert catalog.define(TEA).version == 3
    assert [v.ended_at is None for v in store.versions(first.id)] == [False, False, True]
    assert catalog.define({**TEA, "messageName": "Chai", "keyword": "CHAI"}).id != first.id


def test_the_digest_is_the_one_that_records_name(store: Store) -> None:
    catalog = catalog_of(store)
    definition = catalog.define(TEA)
    (program,) = programs(catalog.account())
    assert definition.digest == program.digest
    assert store.version(program.digest) == definition


def test_processes_that_define_at_once_leave_one_definition(opening: Opening) -> None:
    catalogs = [catalog_of(opening()) for _ in range(4)]

    def define(place: int) -> int:
        body = {**TEA, "messageName": f"Tea {place % 2}"}
        return len(faults(lambda: catalogs[place % 4].define(body)))

    with ThreadPoolExecutor(8) as pool:
        refused = sorted(pool.map(define, range(8)))
    assert refused == [0, 0, 0, 0, 1, 1, 1, 1]
    assert len(programs(catalogs[0].account())) == 1


@given(strategies.codes(), st.data())
def test_a_body_reads_as_what_was_given(
    codes: tuple[strategies.Definition, list[strategies.Definition]], data: st.DataObject
) -> None:
    code, given_programs = codes
    junk = {"minimumAge": "none", "doubleOptInValidResponses": 0, "x": "\ud800"}
    for program in given_programs:
        if program["messageOptInType"] == "Single" and data.draw(st.booleans()):
            program.update(junk)
    with open_store("memory:") as store:
        catalog = catalog_of(store, {"codes": [code]})
        for program in given_programs:
            catalog.define(MappingProxyType(program))
        expected = Account.of([code], given_programs)
        assert catalog.account() == expected
        assert catalog.load({"codes": [code]}) == expected


def test_values_of_toml_are_kept(store: Store) -> None:
    catalog = catalog_of(store)
    dated = {**TEA, "startDate": date(2026, 1, 2), "confirmWithin": None, "maxAttempts": 5.0}
    catalog.define(dated | {"messages": MappingProxyType({"hello": "Hello"})})
    (program,) = programs(catalog.account())
    assert (program.start_date, program.confirm_within) == (date(2026, 1, 2), None)
    assert (program.max_attempts, program.messages) == (5, {"hello": "Hello"})


# Files.


def test_the_same_file_again_changes_nothing(opening: Opening) -> None:
    catalog = catalog_of(opening(), DEFINITIONS)
    before = opening().definitions()
    assert catalog_of(opening(), DEFINITIONS).account() == catalog.account()
    assert opening().definitions() == before
    assert [found[0] for found in in_force(catalog)] == ["file"] * 6


def test_what_a_file_has_no_longer_ends_and_what_the_api_defined_stays(store: Store) -> None:
    catalog = catalog_of(store, {"codes": [PLACE], "programs": [SINGLE, AGE]})
    catalog.define(TEA)
    other = {**AGE, "minimumAge": 18}
    account = catalog.load({"codes": [PLACE | {"brand": "Acme"}], "programs": [other]})
    assert account == catalog.account()
    assert in_force(catalog) == [
        ("file", "code", 2, "code"),
        ("file", "program", 2, "Wine"),
        ("api", "program", 1, "Tea"),
    ]
    assert account.code(CODE).brand == "Acme"


def test_a_file_that_conflicts_with_what_the_api_defined_is_refused_whole(store: Store) -> None:
    catalog = catalog_of(store, {"codes": [PLACE]})
    catalog.define(TEA)
    before = store.definitions()
    taken = "The Keyword TEA is already used on the code by Tea on days that both run."
    assert faults(lambda: catalog.load({"codes": [PLACE], "programs": [TEA]})) == [taken]
    (lost,) = faults(lambda: catalog.load({"codes": [{"longCode": OTHER_CODE}]}))
    assert lost.startswith("The ShortCode 123456 with CountryCode US cannot be found")
    assert store.definitions() == before


def test_a_programme_of_a_file_is_not_changed_by_api(store: Store) -> None:
    catalog = catalog_of(store, {"codes": [PLACE], "programs": [TEA]})
    assert catalog.define(TEA).source == "file"
    taken = "The Keyword TEA is already used on the code by Tea on days that both run."
    assert faults(lambda: catalog.define({**TEA, "optInErrorMessage": "Tea?"})) == [taken]


def test_two_programmes_of_one_name_and_keyword_run_one_after_the_other(store: Store) -> None:
    spring = {**TEA, "endDate": "2026-06-30"}
    autumn = {**TEA, "startDate": "2026-07-01"}
    catalog = catalog_of(store, {"codes": [PLACE], "programs": [spring, autumn]})
    before = store.definitions()
    catalog_of(store, {"codes": [PLACE], "programs": [spring, autumn]})
    assert store.definitions() == before
    catalog.load({"codes": [PLACE], "programs": [spring]})
    assert len(programs(catalog.account())) == 1


# Keywords.


def test_a_reserved_keyword_starts_nothing_and_hinders_no_programme(store: Store) -> None:
    catalog = catalog_of(store, DEFINITIONS)
    reserved = catalog.add_keyword(f"+{OTHER_CODE}", " tea ")
    assert reserved is not None
    assert json.loads(reserved.body)["keyword"] == "TEA"
    assert (reserved.kind, reserved.source, reserved.digest) == ("keyword", "api", "")
    assert catalog.add_keyword(OTHER_CODE, "TEA") is None
    assert catalog.add_keyword(CODE, "JOIN") is None
    there: dict[str, object] = {"shortCode": None, "longCode": OTHER_CODE}
    assert catalog.define(TEA | there).version == 1
    assert [p.keyword for p in catalog.account().code(OTHER_CODE).programs] == ["JOIN", "TEA"]


@pytest.mark.parametrize(
    ("code", "keyword", "expected"),
    [
        ("777777", "TEA", ["The code 777777 does not exist for the account."]),
        (CODE, "STOP", ["The Keyword STOP is invalid. It is a STOP, HELP or START word."]),
        (CODE, "", ["The Keyword field cannot be blank or only contain whitespace."]),
        (CODE, "YES", ["The Keyword YES is invalid. It is a valid response of Club on the code."]),
    ],
)
def test_a_keyword_that_can_be_none_is_not_reserved(
    code: str, keyword: str, expected: list[str]
) -> None:
    with open_store("memory:") as store:
        catalog = catalog_of(store, DEFINITIONS)
        assert faults(lambda: catalog.add_keyword(code, keyword)) == expected


def test_a_deleted_keyword_ends_with_its_programmes(store: Store) -> None:
    catalog = catalog_of(store, {"codes": [PLACE]})
    catalog.add_keyword(CODE, "TEA")
    ended: Definition = catalog.define(TEA)
    assert catalog.delete_keyword(f"+{CODE}", "tea")
    assert in_force(catalog) == [("file", "code", 1, "code")]
    assert [catalog.delete_keyword(CODE, word) for word in ("TEA", "STOP", "")] == [False] * 3
    assert catalog.define(TEA).id != ended.id


def test_an_account_is_read_anew_only_when_its_revision_changed(store: Store) -> None:
    catalog = catalog_of(store)
    account = catalog.account()
    assert catalog.account() is account
    catalog.define(TEA)
    assert catalog.account() is not account
