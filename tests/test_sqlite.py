"""What holds for SQLite alone: its file, its errors, its schema, its plans."""

import re
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from optin_engine.stores import Changes, Due, StoreError, Unavailable, migrate, open_store
from optin_engine.stores.migrations import latest
from optin_engine.stores.sqlite import MOS, NEXT_DUE, OF_CONTACT, SqliteStore
from optin_engine.stores.sqlite_batch import DUE, KNOWN, PROMPTS, WITHDRAW
from optin_engine.stores.sqlite_claims import CLAIM_LATE, MOVING, OF_SEND, REPLIES
from optin_engine.stores.sqlite_outbox import BACKLOG, MTS
from optin_engine.stores.sqlite_sends import CANCEL, DONE, OF_TARGET, READ_ALLOWED, WAITING
from optin_engine.vocabulary import Contact
from tests.store_contract import ANNE, BILL, CODE, NOW, change, keep, keys, mo, mt


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "optin.db"


@pytest.fixture
def store(file: Path) -> Iterator[SqliteStore]:
    with SqliteStore(f"sqlite:///{file}", patience=0.1) as store:
        yield store


def refusal(url: str) -> str:
    with pytest.raises(StoreError) as refused:
        open_store(url)
    return str(refused.value)


def test_a_relative_file_is_beside_the_process_and_four_slashes_are_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with open_store("sqlite:///one.db") as one, open_store(f"sqlite:///{tmp_path}/two.db"):
        assert {path.suffix for path in tmp_path.iterdir()} >= {".db"}
        monkeypatch.chdir("/")
        one.ping()
    assert {path.name for path in tmp_path.iterdir()} == {"one.db", "two.db"}


@pytest.mark.parametrize("name", ["a b.db", "100%.db", "what?.db", "#1.db", "é.db"])
def test_any_name_is_a_name(tmp_path: Path, name: str) -> None:
    with open_store(f"sqlite:///{tmp_path}/{name}") as store:
        keep(store, Contact(ANNE, CODE))
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("url", ["sqlite:", "sqlite:///", "sqlite://host/a", "sqlite:///:memory:"])
def test_a_url_that_names_no_file_is_refused_with_its_form(url: str) -> None:
    assert refusal(url) == (
        "The store URL is invalid. It must be sqlite:///file or sqlite:////absolute/file."
    )


def test_a_missing_folder_and_a_folder_are_named(tmp_path: Path) -> None:
    missing = refusal(f"sqlite:///{tmp_path}/no/optin.db")
    assert missing == f"The folder {tmp_path}/no does not exist. Create it, or name another."
    assert refusal(f"sqlite:///{tmp_path}") == f"{tmp_path} is a folder. Name a file in it."


@pytest.mark.parametrize("migrating", [True, False])
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    file: Path, *, migrating: bool
) -> None:
    content = b"The quick brown fox jumps over the lazy dog. " * 100
    file.write_bytes(content)
    with pytest.raises(StoreError, match=r"is not a SQLite database. Name another file"):
        open_store(f"sqlite:///{file}", migrating=migrating)
    assert file.read_bytes() == content


def test_a_database_of_another_program_is_refused_and_left_alone(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE contacts (name)")
    connection.close()
    content = file.read_bytes()
    assert "some other program's. Name another file." in refusal(f"sqlite:///{file}")
    assert ([*file.parent.iterdir()], file.read_bytes()) == ([file], content)


@pytest.mark.usefixtures("store")
def test_a_newer_schema_is_refused_with_both_versions(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE meta SET version = 99")
    connection.close()
    message = f"The store has schema 99, and this version needs {latest()}. Upgrade optin-engine."
    assert refusal(f"sqlite:///{file}") == message
    with pytest.raises(StoreError, match="schema 99"):
        migrate(f"sqlite:///{file}")


def test_an_older_schema_is_refused_unless_it_may_be_migrated(file: Path) -> None:
    file.touch()
    with pytest.raises(StoreError, match=r"has schema 0, .* Run `optin-engine migrate`"):
        open_store(f"sqlite:///{file}", migrating=False)
    assert migrate(f"sqlite:///{file}") == (0, latest())
    assert migrate(f"sqlite:///{file}") == (latest(), latest())
    open_store(f"sqlite:///{file}", migrating=False).close()


def test_a_store_that_is_not_there_is_not_made_unless_it_may_be_migrated(file: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be opened"):
        open_store(f"sqlite:///{file}", migrating=False)
    assert not file.exists()


def test_threads_that_open_a_new_file_at_once_migrate_it_once(tmp_path: Path) -> None:
    for place in range(20):
        url, before = f"sqlite:///{tmp_path}/{place}.db", list[int]()
        threads = [
            threading.Thread(target=lambda u=url, b=before: b.append(migrate(u)[0]))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(before) == [0, *[latest()] * 3]


def test_a_locked_file_is_unavailable_until_it_is_let_go(store: SqliteStore, file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match=r"is locked. End the process that holds it"):
        keep(store, Contact(ANNE, CODE))
    assert store.contacts(ANNE) == ()
    other.close()
    keep(store, Contact(ANNE, CODE))
    assert store.contacts(ANNE) == (Contact(ANNE, CODE),)


def test_a_full_file_keeps_nothing_of_the_batch_and_takes_the_next(store: SqliteStore) -> None:
    texts = [mo(n, text="x" * 1600) for n in range(1, 500)]
    with store._file.writing() as connection:  # noqa: SLF001 - the limit is per connection.
        connection.execute("PRAGMA max_page_count = 60")
    with pytest.raises(Unavailable, match=r"the disk is full. Free some space"):
        change(store, contacts=[Due(Contact(ANNE, CODE), NOW)], mos=texts)
    assert (store.contacts(ANNE), store.next_due(), store.mo(1)) == ((), None, None)
    keep(store, Contact(BILL, CODE))
    assert store.contacts(BILL) == (Contact(BILL, CODE),)


def test_a_batch_that_breaks_a_law_of_the_schema_leaves_nothing(store: SqliteStore) -> None:
    change(store, mos=[mo(1, claim=b"SM1")])
    with pytest.raises(StoreError, match=r"cannot be used: SQLITE_CONSTRAINT_UNIQUE"):
        change(store, mos=[mo(2, claim=b"SM2"), mo(3, claim=b"SM1")], mts=[mt(4)])
    assert [said.id for said in store.conversation(CODE, ANNE)] == [1]


def test_a_closed_store_says_so(store: SqliteStore) -> None:
    store.close()
    for use in (store.ping, lambda: keep(store, Contact(ANNE, CODE)), store.backlog):
        with pytest.raises(StoreError, match="closed"):
            use()


def test_what_was_erased_is_in_no_byte_of_the_file(file: Path) -> None:
    text = "my very private words"
    with open_store(f"sqlite:///{file}") as store:
        change(store, mos=[mo(1, text=text)], mts=[mt(2, text=text)])
        keep(store, Contact(ANNE, CODE, said=(("stop", NOW),)))
        content = b"".join(path.read_bytes() for path in file.parent.iterdir())
        assert ANNE.encode() in content
        store.erase(ANNE)
        content = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert ANNE.encode() not in content
    assert text.encode() not in content


QUERIES = {
    "the contacts of a batch": KNOWN,
    "the contacts that are due": DUE,
    "when a contact is due": NEXT_DUE,
    "the backlog": BACKLOG,
    "the prompts of a day": PROMPTS,
    "a withdrawal": WITHDRAW,
    "a reply to send": REPLIES,
    "an MT of a send": OF_SEND,
    "the sends under way": MOVING,
    "the sends to begin": WAITING,
    "the sends to finish": DONE,
    "a page of a list": OF_TARGET.format(target=":target"),
    "who may be told": READ_ALLOWED,
    "an end of a send": CANCEL,
    "an MT to cancel": CLAIM_LATE,
    "a conversation's MOs": f"{MOS} {OF_CONTACT} AND mos.id > ?",
    "a conversation's MTs": f"{MTS} {OF_CONTACT} AND mts.id > ?",
}


def planned(store: SqliteStore, query: str) -> list[str]:
    names = re.findall(r":(\w+)", query)
    asked = dict.fromkeys(names) if ":" in query else (None,) * query.count("?")
    with store._file.reading() as connection:  # noqa: SLF001 - the plan is SQLite's own.
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", asked)]


def test_a_claim_stops_at_its_limit_whatever_waits_behind(store: SqliteStore) -> None:
    for query in (REPLIES, OF_SEND):
        claimed = planned(store, query)
        assert "SEARCH mts USING INDEX mts_due (send=? AND <expr><?)" in claimed
        assert not any("B-TREE" in step for step in claimed)
    late = planned(store, CLAIM_LATE)
    assert late == ["SEARCH mts USING INDEX mts_withdrawn (<expr><?)"]


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_no_query_of_every_day_walks_a_whole_table(store: SqliteStore, query: str) -> None:
    plan = planned(store, query)
    walks = [step for step in plan if step.startswith("SCAN") and "INDEX" not in step]
    # A list that was asked for, and those of it that may be told, are walked.
    assert all("json_each" in step or step == "SCAN told" for step in walks)


def test_a_batch_can_be_committed_from_another_thread(store: SqliteStore) -> None:
    with store.batch(keys(ANNE)) as batch:
        changes = Changes([Due(Contact(ANNE, CODE), None)])
        thread = threading.Thread(target=batch.commit, args=(changes,))
        thread.start()
        thread.join()
    assert store.contacts(ANNE) == (Contact(ANNE, CODE),)


def test_a_reader_neither_waits_for_a_batch_nor_sees_into_it(store: SqliteStore) -> None:
    keep(store, Contact(ANNE, CODE))
    seen = list[object]()
    with store.batch(keys(BILL)) as batch:
        reader = threading.Thread(target=lambda: seen.append(store.contacts(ANNE)))
        reader.start()
        reader.join()
        batch.commit(Changes())
    assert seen == [(Contact(ANNE, CODE),)]
