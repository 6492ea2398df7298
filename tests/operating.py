"""The command as an operator runs it, the service as a process, and a store to look at."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from subprocess import CompletedProcess

import attrs
import pytest

from optin_engine import cli
from optin_engine.service.service import Service
from optin_engine.stores import Store, open_store
from optin_engine.vocabulary import Inbound

COMMAND = [sys.executable, "-m", "optin_engine"]
NUMBER, OTHER = "+15555550123", "+15555550199"
CODE, LONG_CODE = "123456", "15555550100"
BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
QUEUED = BEGAN + timedelta(hours=1)
INITIAL, CONFIRMATION = "Acme: reply YES.", "Acme: you are subscribed."
ACCOUNT = {
    "codes": [
        {"shortCode": CODE, "countryCode": "US", "brand": "Acme"},
        {"longCode": LONG_CODE, "brand": "Acme Long"},
    ],
    "programs": [
        {
            "messageName": f"Offers {field}",
            **place,
            "keyword": "JOIN",
            "messageOptInType": "Double",
            "doubleOptinInitialMessage": INITIAL,
            "doubleOptinConfirmationMessage": CONFIRMATION,
        }
        for field, place in (
            ("short", {"shortCode": CODE, "countryCode": "US"}),
            ("long", {"longCode": LONG_CODE}),
        )
    ],
}

# Where a test could hang, the process is killed and the test fails.
PATIENCE_SECONDS = 60


def run(*arguments: object, **environment: str) -> CompletedProcess[str]:
    """Run a command to its end, as its process does, but within this one: it is quicker."""
    patches = pytest.MonkeyPatch.context()
    with patches as patch, redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        for name in set(os.environ) - set(_environment({})):
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["optin-engine", *map(str, arguments)])
        patch.setattr(sys, "stdin", StringIO())
        with pytest.raises(SystemExit) as ended:
            cli.main()
    status = ended.value.code
    assert isinstance(status, int)
    return CompletedProcess([*map(str, arguments)], status, out.getvalue(), err.getvalue())


def run_apart(*arguments: object, **environment: str) -> CompletedProcess[str]:
    """Run a command to its end, in a process of its own."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
        env=_environment(environment),
    )


@attrs.frozen
class Served:
    """A service that runs.

    Attributes:
        process: its own.
        url: where it listens.
        log: the file of its standard error.

    """

    process: "subprocess.Popen[str]"
    url: str
    log: Path

    def stop(self, ending: signal.Signals = signal.SIGTERM) -> int:
        """End it, and give its exit status."""
        self.process.send_signal(ending)
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def serving(folder: Path, *arguments: object, **environment: str) -> Iterator[Served]:
    """Run `serve` on a free port until the block ends; it is ready when the block begins."""
    log = folder / "serve.log"
    with log.open("a") as errors:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=folder,
            env=_environment(environment),
        )
    try:
        assert process.stdout is not None
        # The line comes when it listens; a process that ends before gives an empty one.
        told = process.stdout.readline()
        assert told.startswith("Serving at http://"), log.read_text()
        yield Served(process, told.split()[-1], log)
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE_SECONDS)


def text(service: Service, *said: str, number: str = NUMBER, code: str = CODE) -> None:
    """Let a number text, a minute apart, from `BEGAN` on."""
    for minute, words in enumerate(said):
        mo = Inbound(words, BEGAN + timedelta(minutes=minute), f"{number}-{code}-{minute}")
        service.receive(code, number, mo)


@contextmanager
def seeded(url: str) -> Iterator[tuple[Store, Service]]:
    """Open a store with the account of these tests in it; it is `QUEUED` there."""
    with open_store(url) as store, Service(store, clock=lambda: QUEUED) as service:
        service.catalog.load(ACCOUNT)
        yield store, service


def _environment(more: dict[str, str]) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("OPTIN_")}
    return ours | more
