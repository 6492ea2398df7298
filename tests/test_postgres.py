"""What only PostgreSQL has: several processes at once, and a server that goes away."""

import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import attrs
import psycopg
import pytest

from optin_engine.service.ledger import verify
from optin_engine.stores import Changes, Due, Fate, Settlement, StoreError, Unavailable, open_store
from optin_engine.stores.migrations import latest
from optin_engine.stores.postgres import PostgresStore
from optin_engine.stores.postgres_connections import CONNECTIONS
from optin_engine.vocabulary import Contact
from tests.faults.waiting import PATIENCE_SECONDS, wait_until
from tests.servers import Server
from tests.store_contract import ANNE, BILL, CODE, LATER, NOW, change, keep, keys, mo, mt
from tests.test_store_erasure import remember


@pytest.fixture
def store(postgres: str) -> Iterator[PostgresStore]:
    with PostgresStore(postgres, patience=PATIENCE_SECONDS) as store:
        yield store


@pytest.fixture
def other(postgres: str, store: PostgresStore) -> Iterator[PostgresStore]:
    """Give a second store on the database, as another process has it."""
    assert store
    with PostgresStore(postgres, patience=PATIENCE_SECONDS) as other:
        yield other


@pytest.fixture
def server(postgres_server: Server) -> Iterator[Server]:
    """Give the server to a test that kills it; it runs again afterwards."""
    yield postgres_server
    postgres_server.stop()
    postgres_server.start()


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


def numbers(count: int) -> list[str]:
    return [f"+1555{place:07}" for place in range(count)]


def sequences(store: PostgresStore, whom: Sequence[str]) -> list[int]:
    return [contact.sequence for number in whom for contact in store.contacts(number)]


def test_a_contact_in_hand_is_waited_for_by_other_processes_and_no_other_contact_is(
    postgres: str, store: PostgresStore, other: PostgresStore
) -> None:
    waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with ThreadPoolExecutor() as threads:
        with store.batch(keys(ANNE)) as batch:
            late = threads.submit(keep_one_more, other, [ANNE])
            wait_until(lambda: bool(ask(postgres, waiting)), "the contact is waited for")
            keep(other, Contact(BILL, CODE))
            batch.commit(Changes([Due(Contact(ANNE, CODE, sequence=5), None)]))
        late.result(PATIENCE_SECONDS)
    assert sequences(store, [ANNE, BILL]) == [6, 0]


def keep_one_more(store: PostgresStore, whom: Sequence[str]) -> None:
    """Count up every contact's sequence, from what is there."""
    with store.batch(keys(*whom)) as batch:
        contacts = [batch.contacts.get(key) or Contact(key[1], key[0]) for key in keys(*whom)]
        more = [attrs.evolve(contact, sequence=contact.sequence + 1) for contact in contacts]
        batch.commit(Changes([Due(contact, None) for contact in more]))


def test_overlapping_batches_of_many_threads_follow_one_another_and_never_deadlock(
    other: PostgresStore,
) -> None:
    everyone = numbers(300)
    samples = [(everyone + everyone)[place * 37 % 300 :][:200] for place in range(24)]
    samples[::2] = [sample[::-1] for sample in samples[::2]]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda sample: keep_one_more(other, sample), samples))
    assert sum(sequences(other, everyone)) == 24 * 200


def test_a_batch_of_any_size_fits_the_servers_table_of_locks(store: PostgresStore) -> None:
    many = numbers(20_000)
    with store.batch(keys(*many)) as batch:
        batch.commit(Changes([Due(Contact(many[-1], CODE), NOW)]))
    assert store.next_due() == NOW


def test_a_batch_of_more_bytes_than_a_socket_holds_is_committed(store: PostgresStore) -> None:
    whom = numbers(1_000)
    with store.batch(keys(*whom), [number.encode() for number in whom]) as batch:
        mos = [mo(id_, to, text="x" * 1_600) for id_, to in enumerate(whom)]
        mts = [mt(id_, to, text="x" * 1_600) for id_, to in enumerate(whom)]
        batch.commit(Changes(mos=mos, mts=mts))
    assert store.backlog().queued == 1_000


def test_the_same_claim_in_two_hands_is_committed_once_and_the_other_may_try_again(
    store: PostgresStore, other: PostgresStore
) -> None:
    with store.batch(keys(ANNE), [b"SM1"]) as first, other.batch(keys(BILL), [b"SM1"]) as second:
        first.commit(Changes(mos=[mo(first.base, ANNE, claim=b"SM1")]))
        with pytest.raises(Unavailable, match="Try again") as refused:
            second.commit(Changes(mos=[mo(second.base, BILL, claim=b"SM1")]))
    assert b"SM1".hex() not in "".join(traceback.format_exception(refused.value))
    with other.batch(keys(BILL), [b"SM1"]) as second:
        assert second.answers == {b"SM1": b'"first"'}


def test_an_mt_is_claimed_by_one_of_many_threads_and_in_its_contacts_order(
    other: PostgresStore,
) -> None:
    whom = numbers(30)
    mts = [mt(place, whom[place % len(whom)]) for place in range(150)]
    with other.batch(keys(*whom)) as batch:
        batch.commit(Changes(mts=mts))
    claimed: list[tuple[str, int]] = []

    def send(_: int) -> None:
        while other.backlog().queued:
            for taken in other.claim(NOW, LATER, 7):
                claimed.append((taken.number, taken.id))
                other.settle([Settlement(taken.id, Fate.SENT, NOW)])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(send, range(8)))
    assert len(claimed) == len(mts)
    for number in whom:
        mine = [id_ for to, id_ in claimed if to == number]
        assert mine == [mt.id for mt in mts if mt.number == number]


def test_a_server_that_is_gone_is_unavailable_and_found_again_without_help(
    server: Server, postgres: str
) -> None:
    with PostgresStore(postgres, patience=1.0) as store:
        wait_until(lambda: answers(store), "it answers")
        keep(store, Contact(ANNE, CODE))
        server.kill()
        for use in (store.ping, lambda: keep(store, Contact(BILL, CODE)), store.definitions):
            with pytest.raises(Unavailable, match="Check"):
                use()
        server.start()
        wait_until(lambda: answers(store), "it answers again")
        keep(store, Contact(BILL, CODE))
        assert sequences(store, [ANNE, BILL]) == [0, 0]


def answers(store: PostgresStore) -> bool:
    try:
        store.ping()
    except Unavailable:
        return False
    return True


def commit_after(something: Callable[[], object], store: PostgresStore) -> None:
    with store.batch(keys(ANNE)) as batch:
        something()
        batch.commit(Changes([Due(Contact(ANNE, CODE, sequence=5), None)], mos=[mo(1)]))


def test_a_server_that_restarts_under_a_batch_keeps_nothing_of_it(
    server: Server, store: PostgresStore
) -> None:
    with pytest.raises(Unavailable):
        commit_after(server.restart, store)
    assert store.contacts(ANNE) == ()
    assert store.mo(1) is None


def test_a_connection_that_is_cut_in_a_batch_leaves_nothing_and_lets_go_of_the_contact(
    postgres: str, store: PostgresStore, other: PostgresStore
) -> None:
    cut = """SELECT pg_terminate_backend(pid, 10000) FROM pg_locks
              WHERE locktype = 'advisory' AND granted"""
    with pytest.raises(Unavailable):
        commit_after(lambda: ask(postgres, cut), store)
    keep_one_more(other, [ANNE])
    keep_one_more(store, [ANNE])
    assert sequences(store, [ANNE]) == [2]
    assert store.mo(1) is None


def test_a_batch_whose_commit_failed_half_way_leaves_nothing(store: PostgresStore) -> None:
    with store.batch(keys(ANNE)) as batch:
        twice = [mo(batch.base), mo(batch.base)]
        with pytest.raises(Unavailable):
            batch.commit(Changes([Due(Contact(ANNE, CODE), None)], mos=twice))
    assert store.contacts(ANNE) == ()


def test_chains_that_are_not_read_to_their_end_hold_no_connection(store: PostgresStore) -> None:
    keep(store, Contact(ANNE, CODE), Contact(BILL, CODE))
    for _ in range(2 * CONNECTIONS):
        assert next(store.chains()).records == ()
    store.ping()


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (r"UPDATE records SET text = '\xff41' WHERE sequence = 2 AND contact = %(id)s", 2),
        ("UPDATE records SET at = 'infinity' WHERE sequence = 2 AND contact = %(id)s", 2),
        ("UPDATE records SET at = '-infinity' WHERE sequence = 2 AND contact = %(id)s", 2),
        ("UPDATE records SET contact = 1 WHERE sequence = 2 AND contact = %(id)s", 2),
        ("DELETE FROM contacts WHERE id = %(id)s", 1),
    ],
)
def test_a_damaged_ledger_is_read_to_its_end_and_named(
    store: PostgresStore, postgres: str, damage: str, place: int
) -> None:
    for number in (ANNE, BILL):
        remember(store, number)
    (contact,) = (chain.contact for chain in store.chains() if chain.number == ANNE)
    with psycopg.connect(postgres) as connection:
        connection.execute(damage, {"id": contact})
    broken = verify(store).broken
    assert broken is not None
    assert (broken.contact, broken.sequence) == (contact, place)


def test_processes_that_migrate_at_once_migrate_once(postgres: str) -> None:
    def migrate(_: int) -> tuple[int, int]:
        with PostgresStore(postgres) as store:
            return store.migrated

    with ThreadPoolExecutor(6) as threads:
        migrated = sorted(threads.map(migrate, range(6)))
    assert migrated == [(0, latest())] + 5 * [(latest(), latest())]


@pytest.mark.parametrize(
    ("before", "migrating", "problem"),
    [
        ("UPDATE meta SET version = 99", True, f"schema 99.* needs {latest()}.*Upgrade"),
        ("UPDATE meta SET version = 0", False, f"schema 0.* needs {latest()}.*migrate"),
        ("DROP TABLE meta", True, "some other program's. Name another database"),
        ("ALTER TABLE meta DROP COLUMN version", True, "table `meta` of some other program's"),
    ],
)
def test_a_database_that_is_no_store_of_this_version_is_refused(
    postgres: str, before: str, problem: str, *, migrating: bool
) -> None:
    open_store(postgres).close()
    with psycopg.connect(postgres) as connection:
        connection.execute(before.encode())
    with pytest.raises(StoreError, match=problem):
        open_store(postgres, migrating=migrating)


def test_commits_are_on_disk_whatever_the_database_was_set_to(
    postgres: str, postgres_server: Server
) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
    flushed = "SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()"
    told = []
    with open_store(postgres_server.url(name)) as store:
        for place in range(20):
            change(store, mos=[mo(place)])
            told += ask(postgres, flushed)
    # The server itself writes now and then what it need not flush.
    assert told.count((True,)) > 15


def test_an_error_names_the_database_and_never_the_password(
    postgres: str, postgres_server: Server
) -> None:
    secret = "correct-horse"  # noqa: S105 - wrong, and for this test only.
    wrong = [
        postgres_server.url(password=secret),
        postgres.replace(f":{postgres_server.password}@/", f":{secret}@nowhere.invalid/"),
        f"postgresql://postgres:{secret}@127.0.0.1:1/optin",
        f"postgresql://postgres:{secret}@127.0.0.1:port/optin",
        f"postgresql://postgres:{secret}@127.0.0.1/optin?no_such_option=1",
        f"postgresql://postgres:%{secret}@127.0.0.1/optin",
    ]
    for url in wrong:
        with pytest.raises(StoreError) as refused:
            open_store(url)
        assert secret not in "".join(traceback.format_exception(refused.value))
    with pytest.raises(Unavailable, match=r"`nothing` on .*does not exist.*Check"):
        open_store(postgres_server.url("nothing"))
