"""`POST /inbound` on SQLite by the real command, beside a bare handler on the same server."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx

from tests.benchmarks import mix
from tests.benchmarks.figures import Figure, ratio
from tests.benchmarks.load import post_all
from tests.benchmarks.mix import CODE, MO, definitions

CONNECTIONS = 64
CLIENT, SECRET = "load", "only for the length of a benchmark"

CONFIG = f"""
definitions = "mix.json"
[service]
token_secret_env = "LOAD_SECRET"
[[clients]]
id = "{CLIENT}"
secret_env = "LOAD_SECRET"
scopes = ["sms_inbound"]
calls_per_minute = 1_000_000
[transport]
kind = "log"
"""
OURS = (sys.executable, "-m", "optin_engine", "serve", "--port", "0")
BARE = (sys.executable, "-m", "uvicorn", "--port", "0", "--no-access-log")


def measure(home: Path, rounds: int, mos: int) -> Sequence[Figure]:
    """Give the figures of HTTP.

    Args:
        home: a folder on the disk that is measured.
        rounds: of which the medians are taken.
        mos: in each round.

    """
    (home / "mix.json").write_text(json.dumps(definitions()))
    (home / "serve.toml").write_text(CONFIG)
    contacts = mos // 4
    joins, mixed = mix.joins(contacts), mix.mix(mos, contacts)
    ours, bare = [], []
    with running(home, (*BARE, "tests.benchmarks.bare_app:app")) as limit:
        for number in range(rounds):
            store = ("--store", f"sqlite:///{home}/{number}.db", "--config", "serve.toml")
            with running(home, (*OURS, *store)) as url:
                headers = {"Authorization": f"Bearer {_token(url)}"}
                post_all(f"{url}/inbound", headers, _bodies(joins), CONNECTIONS)
                ours.append(post_all(f"{url}/inbound", headers, _bodies(mixed), CONNECTIONS))
            bare.append(post_all(f"{limit}/inbound", headers, _bodies(mixed), CONNECTIONS))
    what = f"HTTP, {CONNECTIONS} connections, SQLite"
    return (
        Figure(
            f"{what}: POST /inbound", "MOs/s", median(ours), ratio(ours, bare), "bare", least=0.35
        ),
        Figure(f"{what}: a bare handler", "MOs/s", median(bare)),
    )


@contextmanager
def running(home: Path, command: Sequence[str]) -> Iterator[str]:
    """Run a server that says on standard error or output where it listens; give that URL."""
    environment = {**os.environ, "LOAD_SECRET": SECRET, "PYTHONPATH": str(Path.cwd())}
    log = home / "server.log"
    with log.open("w") as written:
        process = subprocess.Popen(
            command, cwd=home, env=environment, stdout=written, stderr=subprocess.STDOUT
        )
    try:
        yield _url(process, log)
    finally:
        process.terminate()
        process.wait()


def _url(process: subprocess.Popen[bytes], log: Path) -> str:
    while process.poll() is None:
        if found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text()):
            return found[0]
    raise RuntimeError(log.read_text())


def _token(url: str) -> str:
    asked = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET}
    answer: Mapping[str, str] = httpx.post(f"{url}/v2/token", json=asked).json()
    return answer["access_token"]


def _bodies(mos: Sequence[MO]) -> Sequence[bytes]:
    return [
        json.dumps(
            {
                "id": mo.inbound.id,
                "from": mo.number,
                "to": CODE,
                "text": mo.inbound.text,
                "receivedAt": mo.inbound.received_at.isoformat(),
            }
        ).encode()
        for mo in mos
    ]
