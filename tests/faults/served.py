"""`optin-engine serve` as the process that is killed; MOs go to it over HTTP, signed."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import httpx
import msgspec
from standardwebhooks import Webhook

from optin_engine.outcome import Outbound
from optin_engine.service.answer import Answer
from optin_engine.stores import Unavailable
from optin_engine.vocabulary import Inbound, Reading
from tests.faults.definitions import DEFINITIONS, DIGITS
from tests.faults.receiver import SECRET

CALLERS = 16
CONFIGURATION = """
definitions = "definitions.json"

[service]
token_secret_env = "FAULTS_TOKEN_SECRET"

[inbound]
secret_env = "FAULTS_WEBHOOK_SECRET"

[[clients]]
id = "nobody"
secret_env = "FAULTS_TOKEN_SECRET"
scopes = ["sms_read"]

[transport]
kind = "webhook"
url = "{receiver}"
secret_env = "FAULTS_WEBHOOK_SECRET"
timeout = 1
"""
SECRETS = {"FAULTS_TOKEN_SECRET": "x" * 32, "FAULTS_WEBHOOK_SECRET": SECRET}


class Served:
    """A service that is started as an operator starts it.

    Args:
        folder: for its configuration.
        store, receiver: URLs.

    """

    def __init__(self, folder: Path, store: str, receiver: str) -> None:
        (folder / "definitions.json").write_text(json.dumps(DEFINITIONS))
        (folder / "serve.toml").write_text(CONFIGURATION.format(receiver=receiver))
        command = [sys.executable, "-m", "optin_engine", "serve", "--port", "0"]
        self._process = subprocess.Popen(
            [*command, "--config", str(folder / "serve.toml"), "--store", store],
            env=os.environ | SECRETS,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self._url = self._process.stdout.readline().removeprefix("Serving at ").strip()
        assert self._url, "it says where it listens"
        self._callers = ThreadPoolExecutor(CALLERS)
        self._client = httpx.Client(trust_env=False)
        self._answers: SimpleQueue[tuple[int, Answer | Exception]] = SimpleQueue()

    def send(self, ticket: int, number: str, mo: Inbound) -> None:
        """Hand it an MO."""
        self._callers.submit(self._call, ticket, number, mo)

    def heard(self, seconds: float) -> list[tuple[int, Answer | Exception]]:
        """Give the answers that have come; wait for the first, but only so long."""
        answers = []
        try:
            answers.append(self._answers.get(timeout=seconds))
            while True:
                answers.append(self._answers.get_nowait())
        except Empty:
            return answers

    def kill(self) -> None:
        """End it at once; calls under way get no answer."""
        self._process.kill()
        self._process.wait()
        self._callers.shutdown()
        self._client.close()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _call(self, ticket: int, number: str, mo: Inbound) -> None:
        try:
            answer: Answer | Exception = self._answer(number, mo)
        except httpx.HTTPError as error:
            answer = Unavailable(type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the test judges what it is.
            answer = error
        self._answers.put((ticket, answer))

    def _answer(self, number: str, mo: Inbound) -> Answer:
        now, body = datetime.now(UTC), _body(number, mo)
        headers = {
            "content-type": "application/json",
            "webhook-id": mo.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SECRET).sign(mo.id, now, body),
        }
        response = self._client.post(f"{self._url}/inbound", content=body, headers=headers)
        response.raise_for_status()
        return _read(response.json(), mo)


def _body(number: str, mo: Inbound) -> str:
    # A gateway has read the text before, so no half of a surrogate pair is left in it.
    text = mo.text.encode("utf-8", "replace").decode()
    told = {"from": number, "to": DIGITS, "text": text, "id": mo.id}
    return json.dumps(told | {"receivedAt": mo.received_at.isoformat()})


def _read(told: Mapping[str, Any], mo: Inbound) -> Answer:
    return Answer(
        int(told["id"]),
        msgspec.convert(told["reading"], Reading),
        told["keyword"],
        told["fromState"],
        told["state"],
        told["refused"],
        msgspec.convert(told["messages"], tuple[Outbound, ...]),
        mo.received_at,
    )
