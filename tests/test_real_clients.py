"""MobileConnect's own clients work here, their base URL and credentials changed only.

They come from npm and PyPI when the tests run. A machine need not have node, or a way to
either registry; then the tests of those clients are skipped, and say so.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest

from tests.web_server import serving
from tests.web_service import ALICE, CLIENTS, SETTINGS, SHORT, application

SCRIPTS = Path(__file__).parent / "clients"
EVERYTHING = CLIENTS[0]

DEFINITION = {
    "messageName": "Alerts",
    "shortCode": SHORT,
    "countryCode": "US",
    "keyword": "ALERT",
    "messageOptInType": "Single",
    "responseMessage": "You get alerts.",
    "allowSingleOptIn": "true",
}
QUEUED = {"mobileNumbers": [ALICE], "shortCode": SHORT, "messageText": "ALERT"}

NPM = ("npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--no-package-lock")
PIP = (sys.executable, "-m", "pip", "install", "-q", "--no-deps", "-t", ".", "-r")


@pytest.fixture
def url() -> Iterator[str]:
    # They go where the token's answer says that the service is.
    with application(settings=attrs.evolve(SETTINGS, public_url="")) as app, serving(app) as served:
        yield served.url


def installed(factory: pytest.TempPathFactory, *command: str) -> Path:
    """Give a directory with the scripts, and what a command has installed there."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    home = factory.mktemp("clients")
    shutil.copytree(SCRIPTS, home, dirs_exist_ok=True)
    done = subprocess.run(command, cwd=home, capture_output=True, timeout=200, check=False)
    if done.returncode != 0:
        pytest.skip(f"{' '.join(command[:4])} could not install the clients")
    return home


@pytest.fixture(scope="module")
def from_npm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(tmp_path_factory, *NPM)


@pytest.fixture(scope="module")
def from_pypi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(tmp_path_factory, *PIP, "requirements.txt")


def conversation(home: Path, url: str, *command: str) -> list[dict[str, Any]]:
    """Run a client's script; give what it was answered: definition, MO, history."""
    task = {"url": url, "id": EVERYTHING.id, "secret": EVERYTHING.secret}
    return ran(home, {**task, "definition": DEFINITION, "queued": QUEUED}, *command)


def ran(home: Path, task: object, *command: str) -> list[dict[str, Any]]:
    """Run a client's script with its task; give what it tells."""
    environment = {**os.environ, "PYTHONPATH": str(home), "HOME": str(home)}
    done = subprocess.run(
        [*command, json.dumps(task)],
        cwd=home,
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def judge(answers: Sequence[dict[str, Any]]) -> None:
    defined, taken, history = answers
    (result,) = taken["results"]
    assert [*defined] == ["messageID"]
    assert (result["mobileNumber"], result["result"]) == (ALICE, "OK")
    said = [(line["type"], line["message"]) for line in history["history"]]
    assert said == [("MT", "You get alerts.")]


@pytest.mark.parametrize("script", ["fuel_rest.cjs", "sfmc_sdk.mjs"])
def test_a_client_from_npm_defines_queues_and_reads(from_npm: Path, url: str, script: str) -> None:
    judge(conversation(from_npm, url, "node", "--no-deprecation", script))


def test_the_client_from_pypi_defines_queues_and_reads(from_pypi: Path, url: str) -> None:
    judge(conversation(from_pypi, url, sys.executable, "fuel_sdk.py"))
