"""Definitions of before texts could be templates: a service starts, and they say what they said."""

from typing import Any

import attrs
import msgspec
import pytest

from optin_engine.account import Account
from optin_engine.entries import DefinitionError
from optin_engine.harness.consent_proof import proof
from optin_engine.service.catalog import Catalog
from optin_engine.service.service import Service
from optin_engine.stores import Definition, Store
from optin_engine.vocabulary import Inbound
from tests.serving import AGE, ANN, CODE, DEFINITIONS, NOON, SINGLE, opening, store

__all__ = ["opening", "store"]

# What was said as it is, and is no template, or none of an opt-in text.
ONCE_PLAIN = [
    "News: 20%%= off!",
    "News: %%[ everything ]%% %%First Name%%",
    "News: %%=Lookup('a', 'b')=%% 100%%",
    "%%=HTTPGet('https://quotes.example/')=%%",
    "%%First Name%%",
]


def stands(store: Store, program: dict[str, Any], said: dict[str, Any]) -> Definition:
    """Keep a programme of a text as schema 1 has it, which nobody can define any more."""
    new = Catalog(store, lambda: NOON).define(program)
    body = msgspec.json.encode(msgspec.json.decode(new.body) | said)
    read = Account.of([place_of(program)], [program]).code(CODE).programs[0]
    attributes: Any = {"responseMessage": "response", "doubleOptinInitialMessage": "initial"}
    texts = {attributes.get(name, name): text for name, text in said.items()}
    if "initial" in texts:
        texts["birth_date"] = texts["initial"]
    old = attrs.evolve(new, version=2, body=body, digest=attrs.evolve(read, **texts).digest)
    with store.defining() as defining:
        defining.commit([old], (), NOON)
    return old


def place_of(program: dict[str, Any]) -> dict[str, Any]:
    return {name: program[name] for name in ("shortCode", "countryCode")}


@pytest.fixture
def kept(store: Store) -> Store:
    """A store with codes and no programme."""
    Catalog(store, lambda: NOON).load({"codes": DEFINITIONS["codes"]})
    return store


@pytest.mark.parametrize("said", ONCE_PLAIN)
def test_a_service_starts_and_says_what_was_said(kept: Store, said: str) -> None:
    old = stands(kept, SINGLE, {"responseMessage": said})
    with pytest.raises(DefinitionError):
        Catalog(kept).account()
    with Service(kept, clock=lambda: NOON) as service:
        answer = service.receive(CODE, ANN, Inbound("NEWS", NOON, "SM1"))
    assert [mt.text for mt in answer.outbound] == [said]
    versions = [(one.version, one.body == old.body) for one in kept.versions(old.id)]
    assert versions[1:] == [(2, True), (3, False)]
    (now,) = (one for one in Catalog(kept).definitions() if one.id == old.id)
    assert (now.version, now.source) == (3, "api")


def test_texts_that_are_templates_now_and_all_else_stay_as_they_are(kept: Store) -> None:
    catalog = Catalog(kept, lambda: NOON)
    catalog.define(SINGLE | {"responseMessage": "News: hi %%First Name%%, 100%% free"})
    before = kept.definitions()
    for _ in range(2):
        Service(kept, clock=lambda: NOON).close()
    assert kept.definitions() == before


def test_further_texts_are_mended_too_and_once(kept: Store) -> None:
    more = {"offer": "20%%= off", "plain": "Hi"}
    stands(kept, SINGLE, {"messages": more})
    Service(kept, clock=lambda: NOON).close()
    before = kept.definitions()
    Service(kept, clock=lambda: NOON).close()
    assert kept.definitions() == before
    (program,) = Catalog(kept).account().code(CODE).programs
    assert program.messages == {"offer": "20%%='%%'=%%= off", "plain": "Hi"}


@pytest.mark.parametrize(
    ("program", "field", "answers"),
    [(SINGLE, "responseMessage", ["NEWS"]), (AGE, "doubleOptinInitialMessage", ["WINE", "40"])],
)
def test_a_consent_proof_has_the_definition_of_each_time_and_each_holds(
    kept: Store, program: dict[str, Any], field: str, answers: list[str]
) -> None:
    old = stands(kept, program, {field: "Wine: %%= born when?"})
    with Service(kept, clock=lambda: NOON) as service:
        for place, text in enumerate(answers):
            service.receive(CODE, ANN, Inbound(text, NOON, f"SM{place}"))
    chain = kept.chain(CODE, ANN)
    assert chain is not None
    then = attrs.evolve(chain.records[-1], definition=old.digest)
    report = proof(kept, attrs.evolve(chain, records=(*chain.records, then)), "", NOON)
    held = {(one["version"], one["holds"]) for one in report["definitions"].values()}
    assert held == {(2, True), (3, True)}
