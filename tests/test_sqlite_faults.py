"""SQLite among processes: killed, at once, on a disk that is full or closed to them."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from optin_engine.stores import open_store
from optin_engine.stores.migrations import latest
from optin_engine.stores.sqlite import SqliteStore
from optin_engine.vocabulary import Contact
from tests.store_contract import ANNE, BILL, CODE, keep

# Somebody who owns nothing; a test that root could not fail is run as this user.
NOBODY = 65534


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "optin.db"


def run(program: str, *arguments: object) -> subprocess.Popen[str]:
    """Run a program in a process of its own, where `store` is the first argument, opened."""
    opening = """
        import sys
        from optin_engine.stores import *
        from tests.store_contract import *
        """
    lines = [line.strip() for line in opening.splitlines()]
    return subprocess.Popen(
        [sys.executable, "-c", "\n".join([*lines, program]), *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_that_open_a_new_file_at_once_migrate_it_once(file: Path) -> None:
    program = "print(migrate(sys.argv[1])[0])"
    running = [run(program, f"sqlite:///{file}") for _ in range(4)]
    outputs = [process.communicate()[0].strip() for process in running]
    assert sorted(outputs) == ["0", *3 * [str(latest())]]


def test_a_disk_that_stops_taking_bytes_keeps_what_was_committed(file: Path) -> None:
    program = """
import resource
store = open_store(sys.argv[1])
keep(store, Contact(ANNE, CODE))
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
try:
    for number in range(1, 10_000):
        change(store, BILL, mos=[mo(number, BILL, text="x" * 1600)])
except Unavailable as error:
    print(number, error)
"""
    output = run(program, f"sqlite:///{file}").communicate()[0]
    number, _, message = output.partition(" ")
    assert "Look after its disk, and the space on it." in message
    with open_store(f"sqlite:///{file}") as store:
        assert store.contacts(ANNE) == (Contact(ANNE, CODE),)
        assert [said.id for said in store.conversation(CODE, BILL)] == [*range(1, int(number))]


@pytest.mark.skipif(os.name != "posix", reason="users and modes are POSIX's")
def test_a_file_that_may_only_be_read_says_who_must_write() -> None:
    program = f"""
import os
import optin_engine.stores.sqlite
if os.geteuid() == 0:
    os.setuid({NOBODY})
try:
    keep(open_store(sys.argv[1]), Contact(BILL, CODE))
except Unavailable as error:
    print(error)
"""
    # pytest's own folders are closed to everyone else.
    with TemporaryDirectory() as folder:
        file = Path(folder) / "optin.db"
        with open_store(f"sqlite:///{file}") as store:
            keep(store, Contact(ANNE, CODE))
        file.chmod(0o444)
        file.parent.chmod(0o555)
        output = run(program, f"sqlite:///{file}").communicate()[0]
        file.parent.chmod(0o755)
    assert output == (
        f"The file {file} cannot be written. Let this user write the file and its folder.\n"
    )


def test_a_commit_is_durable_when_it_returns(file: Path) -> None:
    program = """
import os
store = open_store(sys.argv[1])
keep(store, Contact(ANNE, CODE))
os.kill(os.getpid(), 9)
"""
    process = run(program, f"sqlite:///{file}")
    process.communicate()
    assert process.returncode == -9
    with SqliteStore(f"sqlite:///{file}") as store:
        assert store.contacts(ANNE) == (Contact(ANNE, CODE),)
        with store._file.writing() as connection:  # noqa: SLF001 - SQLite's own settings.
            assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_batches_of_two_processes_on_one_contact_follow_one_another(file: Path) -> None:
    program = """
import attrs
store = open_store(sys.argv[1])
for _ in range(50):
    with store.batch(keys(ANNE)) as batch:
        contact = batch.contacts.get((CODE, ANNE), Contact(ANNE, CODE))
        batch.commit(Changes([Due(attrs.evolve(contact, sequence=contact.sequence + 1), None)]))
"""
    running = [run(program, f"sqlite:///{file}") for _ in range(2)]
    for process in running:
        process.communicate()
    assert [process.returncode for process in running] == [0, 0]
    with open_store(f"sqlite:///{file}") as store:
        assert store.contacts(ANNE)[0].sequence == 100
