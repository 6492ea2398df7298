"""The revision of the definitions: all that is read of them while it stays the same."""

from collections.abc import Sequence

import attrs

from optin_engine.account import Account
from optin_engine.service.catalog import Catalog
from optin_engine.service.service import Service
from optin_engine.stores import Definition
from optin_engine.stores.memory import MemoryStore
from optin_engine.vocabulary import Contact, Inbound
from tests.serving import DOUBLE, NOON, PLACE
from tests.store_contract import ANNE, CODE, NOW, Opener, keep

KEYWORD = Definition(0, 1, "keyword", b'{"keyword":"JOIN"}', "", "api", NOW)


def keywords(account: Account) -> list[str]:
    return [program.keyword for code in account.codes.values() for program in code.programs]


def test_the_revision_is_the_one_that_definitions_come_with(opener: Opener) -> None:
    store, other = opener(), opener()
    seen = [store.revision()]
    for place in (1, 2):
        with other.defining() as defining:
            defining.commit([attrs.evolve(KEYWORD, id=place)], [], NOW)
        assert store.revision() == other.revision() == store.definitions()[0]
        seen.append(store.revision())
    keep(store, Contact(ANNE, CODE))
    assert len({*seen}) == 3
    assert store.revision() == seen[-1]


class Watched(MemoryStore):
    """A store that counts how often its definitions are read."""

    reads = 0

    def definitions(self) -> tuple[int, Sequence[Definition]]:
        self.reads += 1
        return super().definitions()


def test_definitions_are_read_only_when_their_revision_changed() -> None:
    store = Watched()
    catalog = Catalog(store, lambda: NOON)
    catalog.load({"codes": [PLACE]})
    before = store.reads
    assert catalog.account() is catalog.account()
    assert catalog.current() is catalog.current()
    assert store.reads == before
    Catalog(store, lambda: NOON).define(DOUBLE)
    before = store.reads
    assert keywords(catalog.account()) == ["JOIN"]
    assert catalog.current().account is catalog.account()
    assert store.reads == before + 1


def test_what_another_service_defines_or_ends_holds_at_once(opener: Opener) -> None:
    with Service(opener()) as one, Service(opener()) as another:
        one.catalog.load({"codes": [PLACE]})
        assert keywords(another.catalog.account()) == []
        one.catalog.define(DOUBLE)
        assert keywords(another.catalog.account()) == ["JOIN"]
        assert another.receive(CODE, ANNE, Inbound("JOIN", NOON)).keyword == "JOIN"
        another.catalog.delete_keyword(CODE, "JOIN")
        assert keywords(one.catalog.current().account) == []
