"""`optin-engine serve` as an operator starts it and ends it: the real command, a real file."""

import json
import logging
import re
import signal
import socket
import sys
from collections.abc import Iterator
from errno import ECONNREFUSED
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import httpx
import pytest

from optin_engine.harness import service_text, starter_text
from optin_engine.web.lines import JsonLines
from tests.faults.waiting import wait_until
from tests.operating import NUMBER, Served, run, run_apart, serving

VECTORS = json.loads((Path(__file__).parent / "vectors" / "definitions.json").read_text())
PUBLISHED = [case["definition"] for case in VECTORS["cases"] if "as published" in case["name"]]
TODAY = {
    **PUBLISHED[1],
    "messageName": "Offers",
    "keyword": "JOIN",
    "doubleOptInValidResponses": "y,yes",
    "startDate": None,
    "endDate": None,
}
SECRETS = {
    "OPTIN_TOKEN_SECRET": "token-secret-of-at-least-32-characters",
    "OPTIN_WEBSITE_SECRET": "website-secret-of-16",
    "OPTIN_GATEWAY_SECRET": "gateway-secret-of-16",
}


class Caller:
    """A client with a token; each call has a connection of its own."""

    def __init__(self, url: str, client: str = "dev", secret: str = "dev") -> None:  # noqa: S107 - that is what it is.
        self._url, self.authorization = url, ""
        grant = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
        self.authorization = f"Bearer {self.post('/v2/token', grant)[1]['access_token']}"

    def post(self, path: str, body: Any) -> Any:
        headers = {"Authorization": self.authorization}
        answer = httpx.post(self._url + path, json=body, headers=headers, trust_env=False)
        return answer.status_code, answer.json()

    def text(self, words: str, mo_id: str) -> Any:
        mo = {"id": mo_id, "from": NUMBER, "to": "123456", "text": words}
        return self.post("/inbound", mo)[1]

    def subscriptions(self) -> list[tuple[str, str]]:
        body = {"mobileNumber": [NUMBER.removeprefix("+")]}
        status, answer = self.post("/sms/v1/contacts/subscriptions", body)
        assert status == 200
        return [(row["keyword"], row["status"]) for row in answer["contacts"]]


@pytest.fixture
def dev(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path, "--dev") as served:
        yield served


def test_from_the_three_published_definitions_to_a_subscription(dev: Served) -> None:
    caller = Caller(dev.url)
    for definition in (*PUBLISHED, TODAY):
        status, answer = caller.post("/sms/v1/message/optin", definition)
        assert (status, list(answer)) == (201, ["messageID"])
    assert caller.text("JOIN", "1")["state"] == "In Progress"
    assert caller.subscriptions() == [("JOIN", "In Progress")]
    assert caller.text("Yes!", "2")["state"] == "Subscribed"
    assert caller.subscriptions() == [("JOIN", "Subscribed")]


def test_the_second_start_on_a_file_finds_everything_of_the_first(tmp_path: Path) -> None:
    with serving(tmp_path, "--dev") as served:
        caller = Caller(served.url)
        caller.post("/sms/v1/message/optin", TODAY)
        first = caller.text("JOIN", "1")
        assert served.stop() == 0
    with serving(tmp_path, "--dev") as served:
        caller = Caller(served.url)
        assert caller.text("JOIN", "1") == first
        assert caller.text("YES", "2")["state"] == "Subscribed"
        assert served.stop() == 0
    assert "Subscribed" in run("status", NUMBER, "--store", f"sqlite:///{tmp_path}/optin.db").stdout


def test_two_processes_on_one_file_work_together(tmp_path: Path) -> None:
    assert_work_together(tmp_path, _store(tmp_path))


def test_two_processes_on_one_postgresql_work_together(tmp_path: Path, postgres: str) -> None:
    assert_work_together(tmp_path, postgres)


def assert_work_together(folder: Path, store: str) -> None:
    with (
        serving(folder, "--dev", OPTIN_ENGINE_STORE=store) as one,
        serving(folder, "--dev", OPTIN_ENGINE_STORE=store) as other,
    ):
        here, there = Caller(one.url), Caller(other.url)
        here.post("/sms/v1/message/optin", TODAY)
        assert there.text("JOIN", "1")["state"] == "In Progress"
        assert here.text("YES", "2")["state"] == "Subscribed"
        assert there.text("YES", "2")["state"] == "Subscribed"
        assert there.subscriptions() == [("JOIN", "Subscribed")]
        assert (one.stop(), other.stop()) == (0, 0)
        assert store not in one.log.read_text()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_quietly_with_status_0(dev: Served, ending: signal.Signals) -> None:
    begun = dev.log.read_text()
    assert dev.stop(ending) == 0
    assert dev.log.read_text() == begun


def test_where_the_log_is_the_transport_one_line_says_that_nobody_gets_anything(
    dev: Served,
) -> None:
    (line,) = dev.log.read_text().splitlines()
    told = json.loads(line)
    assert (told["level"], told["transport"]) == ("warning", "log")
    assert told["event"] == "MTs are written to the log and sent to nobody"


def test_a_request_that_was_begun_is_finished_before_it_ends(dev: Served) -> None:
    caller = Caller(dev.url)
    caller.post("/sms/v1/message/optin", TODAY)
    head, body = _inbound(caller)
    with socket.create_connection(_address(dev.url)) as connection:
        connection.sendall(head)
        # The service asks for the body once it has begun with the request.
        assert connection.recv(1024).startswith(b"HTTP/1.1 100")
        dev.process.send_signal(signal.SIGTERM)
        _wait_until_refused(dev.url)
        connection.sendall(body)
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
    assert dev.process.wait(60) == 0


def test_the_log_is_json_lines_without_numbers_and_texts(dev: Served) -> None:
    caller = Caller(dev.url)
    caller.post("/sms/v1/message/optin", TODAY)
    caller.text("JOIN", "1")
    assert dev.stop() == 0
    lines = [json.loads(line) for line in dev.log.read_text().splitlines()]
    (logged,) = [line for line in lines if line["event"] == "MT logged"]
    assert (logged["number"], logged["level"]) == ("+*********23", "info")
    assert NUMBER.removeprefix("+") not in dev.log.read_text()
    assert "Thanks" not in dev.log.read_text()


def test_an_error_is_logged_with_its_place_and_without_its_message() -> None:
    try:
        int(f"{NUMBER} texted JOIN")
    except ValueError:
        failed = {"name": "a", "msg": "It failed", "exc_info": sys.exc_info()}
    logged = JsonLines().format(logging.makeLogRecord(failed))
    assert json.loads(logged)["error"] == "ValueError"
    assert "test_serving.py:" in json.loads(logged)["where"][0]
    assert "texted" not in logged


# -- what it refuses


def assert_refused(done: CompletedProcess[str], status: int, *reasons: str) -> None:
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (status, "", len(reasons)), done
    for line, reason in zip(lines, reasons, strict=True):
        assert line.startswith("optin-engine: error: ")
        assert reason in line


def test_without_a_configuration_it_tells_the_two_ways() -> None:
    assert_refused(run("serve"), 2, "--config FILE", "--dev")


def test_without_its_secrets_it_does_not_start(tmp_path: Path) -> None:
    path = _configured(tmp_path)
    store = f"sqlite:///{tmp_path}/new.db"
    given = {name: secret for name, secret in SECRETS.items() if name != "OPTIN_TOKEN_SECRET"}
    done = run_apart("serve", "--config", path, "--store", store, **given)
    assert_refused(done, 1, "service.token_secret_env is invalid")
    assert not [secret for secret in given.values() if secret in done.stderr]
    assert not (tmp_path / "new.db").exists()


def test_dev_refuses_to_listen_to_others() -> None:
    assert_refused(run("serve", "--dev", "--host", "0.0.0.0"), 2, "this machine only")  # noqa: S104


def test_a_port_in_use_is_one_line(tmp_path: Path, dev: Served) -> None:
    port = dev.url.rpartition(":")[2]
    done = run_apart("serve", "--dev", "--port", port, "--store", f"sqlite:///{tmp_path}/other.db")
    assert_refused(done, 2, "Address already in use")


@pytest.mark.parametrize(
    ("store", "reason"),
    [
        ("redis://:hunter2@host", "The store URL is invalid"),
        ("sqlite:////none/at/all/optin.db", "does not exist"),
        ("postgresql://optin:hunter2@127.0.0.1:1/optin", ""),
    ],
)
def test_a_store_that_cannot_be_used_is_one_line_without_its_password(
    store: str, reason: str
) -> None:
    done = run("serve", "--dev", "--port", "0", OPTIN_ENGINE_STORE=store)
    assert_refused(done, 2, reason)
    assert "hunter2" not in done.stderr


def test_a_store_without_a_code_is_refused_where_the_file_has_none(tmp_path: Path) -> None:
    path = _configured(tmp_path, definitions="")
    done = run("serve", "--config", path, "--store", f"sqlite:///{tmp_path}/a.db", **SECRETS)
    assert_refused(done, 1, "there is no code to text to")


# -- with a configuration


def test_with_its_secrets_it_serves_the_definitions_of_the_file(tmp_path: Path) -> None:
    path = _configured(tmp_path)
    with serving(tmp_path, "--config", path, **SECRETS) as served:
        gateway = Caller(served.url, "gateway", SECRETS["OPTIN_GATEWAY_SECRET"])
        assert gateway.text("JOIN", "1")["state"] == "In Progress"
        website = Caller(served.url, "website", SECRETS["OPTIN_WEBSITE_SECRET"])
        assert website.subscriptions() == [("JOIN", "In Progress")]
        assert website.post("/inbound", {})[0] == 403
        with pytest.raises(KeyError):
            Caller(served.url)
        assert served.stop() == 0
        assert not [secret for secret in SECRETS.values() if secret in served.log.read_text()]


def test_what_a_file_defines_must_agree_with_what_the_api_defined(tmp_path: Path) -> None:
    with serving(tmp_path, "--dev") as served:
        Caller(served.url).post("/sms/v1/message/optin", TODAY)
        served.stop()
    done = run("serve", "--config", _configured(tmp_path), "--store", _store(tmp_path), **SECRETS)
    assert_refused(done, 1, "The Keyword JOIN is already used on the code")


def test_dev_leaves_the_codes_of_a_store_that_has_some(tmp_path: Path) -> None:
    with serving(tmp_path, "--config", _configured(tmp_path), **SECRETS) as served:
        served.stop()
    with serving(tmp_path, "--dev") as served:
        assert Caller(served.url).text("JOIN", "1")["state"] == "In Progress"


def _configured(folder: Path, definitions: str = 'definitions = "optin.toml"') -> Path:
    (folder / "optin.toml").write_text(starter_text(), encoding="utf-8")
    path = folder / "serve.toml"
    written = re.sub("(?m)^definitions = .*", definitions, service_text())
    path.write_text(written, encoding="utf-8")
    return path


def _store(folder: Path) -> str:
    return f"sqlite:///{folder}/optin.db"


def _address(url: str) -> tuple[str, int]:
    host, _, port = url.removeprefix("http://").rpartition(":")
    return host, int(port)


def _inbound(caller: Caller) -> tuple[bytes, bytes]:
    """Give the head and the body of a request that waits to be asked for its body."""
    body = json.dumps({"id": "9", "from": NUMBER, "to": "123456", "text": "JOIN"}).encode()
    head = (
        "POST /inbound HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
        f"Authorization: {caller.authorization}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode(), body


def _wait_until_refused(url: str) -> None:
    """Wait until nobody listens any more: the signal has come through."""

    def is_refused() -> bool:
        with socket.socket() as calling:
            return calling.connect_ex(_address(url)) == ECONNREFUSED

    wait_until(is_refused, "the service listens no more")
