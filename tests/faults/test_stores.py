"""Stores that fail under load: PostgreSQL restarts, a full disk, a file that is read-only."""

import os
import pwd
import resource
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from optin_engine.service.service import Service
from optin_engine.stores import Unavailable, open_store
from optin_engine.vocabulary import Inbound
from tests.faults.definitions import DIGITS
from tests.faults.delivering import deliver, deliver_more, deliver_the_rest
from tests.faults.figures import Report
from tests.faults.load import Carrier
from tests.faults.receiver import Receiver
from tests.faults.verdicts import check, is_quiet
from tests.faults.victim import NO_LIMIT, Place, Victim, forking
from tests.faults.waiting import PATIENCE_SECONDS, wait_until
from tests.servers import Server

if TYPE_CHECKING:
    from tests.faults.victim import Line

RESTARTS, MOST_RESTARTS = 3, 20
FULL_DISKS = 3
A_FULL_DISK_BYTES = 4096


def test_postgres_restarted_under_load_costs_answers_but_no_mo_and_no_mt(
    postgres_server: Server, postgres: str, report: Report
) -> None:
    carrier = Carrier(seed=5)
    with Receiver() as receiver, Victim(Place(postgres, receiver.url)) as victim:
        restarts = 0
        # A restart that falls between two commits goes by unseen; then it takes another one.
        while restarts < RESTARTS or (not carrier.reasons and restarts < MOST_RESTARTS):
            restarts += 1
            deliver_more(carrier, victim, "answered", 100)
            with ThreadPoolExecutor(1) as operator:
                restart = operator.submit(postgres_server.restart)
                deliver(carrier, victim, restart.done)
                restart.result()
        deliver_more(carrier, victim, "answered", 100)
        deliver_the_rest(carrier, victim)
        with open_store(postgres) as store:
            wait_until(lambda: is_quiet(store), "everything is sent")
            figures = check(store, carrier.talks, receiver.arrivals)
    report({"restarts": restarts} | carrier.figures | figures)
    assert carrier.reasons


def test_a_full_disk_costs_answers_but_no_mo_and_no_mt(tmp_path: Path, report: Report) -> None:
    file, carrier = tmp_path / "full.db", Carrier(seed=6)
    url = f"sqlite:///{file}"
    with Receiver() as receiver, Victim(Place(url, receiver.url)) as victim:
        for _ in range(FULL_DISKS):
            deliver_more(carrier, victim, "answered", 100)
            with full_disk(victim):
                deliver_more(carrier, victim, "refused", 20)
                assert is_sound(file)
        deliver_more(carrier, victim, "answered", 100)
        deliver_the_rest(carrier, victim)
        with open_store(url) as store:
            wait_until(lambda: is_quiet(store), "everything is sent")
            figures = check(store, carrier.talks, receiver.arrivals)
    assert is_sound(file)
    report({"full disks": FULL_DISKS} | carrier.figures | figures)


@contextmanager
def full_disk(victim: Victim) -> Iterator[None]:
    """Let the victim's files grow no more, and be written near their beginning only."""
    soft, hard = resource.prlimit(victim.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(victim.pid, resource.RLIMIT_FSIZE, (A_FULL_DISK_BYTES, hard))
    yield
    resource.prlimit(victim.pid, resource.RLIMIT_FSIZE, (soft, hard))


def is_sound(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_file_that_may_not_be_written_is_refused_in_clear_words_until_it_may(
    report: Report,
) -> None:
    with TemporaryDirectory() as folder, Receiver() as receiver:
        file, carrier = Path(folder, "locked.db"), Carrier(seed=7)
        place = Place(f"sqlite:///{file}", receiver.url)
        with Victim(place) as victim:
            deliver_more(carrier, victim, "answered", 100)
            deliver_the_rest(carrier, victim)
        file.chmod(0o444)
        Path(folder).chmod(0o555)
        ours, theirs = forking.Pipe()
        process = forking.Process(target=serve_as_nobody, args=(theirs, place.store))
        process.start()
        assert ours.poll(PATIENCE_SECONDS)
        refusal = ours.recv()
        process.join(PATIENCE_SECONDS)
        Path(folder).chmod(0o755)
        file.chmod(0o644)
        assert str(file) in refusal
        assert "Let this user" in refusal
        assert is_sound(file)
        with Victim(place) as victim, open_store(place.store) as store:
            deliver_more(carrier, victim, "answered", 100)
            deliver_the_rest(carrier, victim)
            wait_until(lambda: is_quiet(store), "everything is sent")
            report(check(store, carrier.talks, receiver.arrivals))


def serve_as_nobody(line: "Line", url: str) -> None:
    """Take an MO as a user who may not write the file, and tell what came of it."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    try:
        with open_store(url) as store, Service(store, NO_LIMIT) as service:
            service.receive(DIGITS, "+12125550100", Inbound("CLUB", datetime.now(UTC), "1"))
    except Unavailable as error:
        line.send(str(error))
    else:
        line.send("it was taken")
