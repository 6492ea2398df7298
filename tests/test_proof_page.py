"""The page of a consent proof: what a person reads, and nothing that a stranger made of it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.harness.consent_proof import proof
from optin_engine.harness.proof_page import page
from optin_engine.stores import Chain, Store
from tests.operating import BEGAN, CODE, CONFIRMATION, INITIAL, NUMBER, seeded, text

# What loads something from elsewhere, or runs.
ACTIVE = {"script", "img", "iframe", "link", "object", "embed", "form", "video", "audio", "base"}


class Page(HTMLParser):
    """The texts of a page in their order, and every tag and attribute of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(given)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())


@pytest.fixture
def store() -> Iterator[Store]:
    with seeded("memory:") as (opened, service):
        text(service, "JOIN", "Yes!")
        yield opened


def chain_in(store: Store) -> Chain:
    chain = store.chain(CODE, NUMBER)
    assert chain is not None
    return chain


def reported(store: Store, chain: Chain) -> dict[str, Any]:
    return proof(store, chain, "Acme", BEGAN)


def test_it_tells_who_what_when_why_and_what_was_asked(store: Store) -> None:
    shown = Page(page(reported(store, chain_in(store))))
    told = "\n".join(shown.texts)
    assert f"Number\n{NUMBER}\nCode\n{CODE} (Acme)" in told
    assert "The chain holds: 2 records follow each other unchanged." in told
    when = f"{BEGAN + timedelta(minutes=1):%Y-%m-%d %H:%M:}"
    change = "In Progress \N{RIGHTWARDS ARROW} Subscribed\nYES: valid response, from handset"
    assert re.search(rf"2\n{when}\S+\nJOIN\n{change}\nYes!\n{re.escape(INITIAL)}", told)
    assert f"doubleOptinConfirmationMessage\n{CONFIRMATION}" in told
    assert "ledger verify" in told


def test_it_tells_where_no_send_told_anything_and_where_what_was_told_is_erased(
    store: Store,
) -> None:
    assert (
        "No send has told this number anything."
        in Page(page(reported(store, chain_in(store)))).texts
    )
    store.erase(NUMBER)
    (chain,) = store.chains()
    erased = Page(page(reported(store, chain))).texts
    assert "The number was erased, and with it all that sends told it." in erased


def test_it_says_where_the_fields_are_that_it_leaves_out(store: Store) -> None:
    told = Page(page(reported(store, chain_in(store)))).texts
    assert [one for one in told if "`optin-engine ledger export`" in one]


def test_it_stands_alone(store: Store) -> None:
    html = page(reported(store, chain_in(store)))
    shown = Page(html)
    assert html.startswith("<!DOCTYPE html>")
    assert not ACTIVE & {*shown.tags}
    assert {name for name, _ in shown.attributes} <= {"lang", "charset", "http-equiv", "content",
                                                      "class"}  # fmt: skip
    assert not re.search(r"https?:|url\(|@import", html)


def test_a_broken_chain_is_told_at_the_top(store: Store) -> None:
    chain = chain_in(store)
    changed = attrs.evolve(chain.records[1], rule="guessed")
    shown = Page(page(reported(store, attrs.evolve(chain, records=(chain.records[0], changed)))))
    assert [told for told in shown.texts if told.startswith("The chain is broken at record 2: ")]
    assert ("class", "broken") in shown.attributes
    assert not [told for told in shown.texts if "The chain holds" in told]


def test_a_definition_that_was_changed_or_is_unknown_is_told(store: Store) -> None:
    report = reported(store, chain_in(store))
    (digest,) = report["definitions"]
    assert report["definitions"][digest]["holds"]
    report["definitions"][digest]["holds"] = False
    assert f"{digest}: NOT that of the fields below" in Page(page(report)).texts
    report["definitions"][digest] = None
    assert "A definition that this store does not have" in Page(page(report)).texts


def test_a_body_that_was_rewritten_is_not_that_of_its_digest(tmp_path: Path) -> None:
    file = tmp_path / "optin.db"
    with seeded(f"sqlite:///{file}") as (store, service):
        text(service, "JOIN")
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute(
                "UPDATE definitions SET body = CAST(replace(body, ?, ?) AS BLOB)", (INITIAL, "Hi.")
            )
        (definition,) = reported(store, chain_in(store))["definitions"].values()
    assert (definition["holds"], definition["body"]["doubleOptinInitialMessage"]) == (False, "Hi.")


def test_an_erased_contact_has_neither_number_nor_text_on_it(store: Store) -> None:
    store.erase(NUMBER)
    (chain,) = store.chains()
    html = page(reported(store, chain))
    assert "erased" in Page(html).texts
    assert NUMBER.removeprefix("+") not in html
    assert "Yes!" not in html
    assert "The chain holds: 2 records follow each other unchanged." in Page(html).texts


@pytest.fixture(scope="module")
def joined() -> dict[str, Any]:
    with seeded("memory:") as (store, service):
        text(service, "JOIN")
        return reported(store, chain_in(store))


@given(said=st.text())
def test_whatever_a_stranger_texts_stays_a_text(joined: dict[str, Any], said: str) -> None:
    (record,) = joined["records"]
    shown = Page(page(joined | {"records": [record | {"text": said}]}))
    assert shown.tags == Page(page(joined)).tags
    assert said.strip() in shown.texts or not said.isprintable() or not said.strip()
