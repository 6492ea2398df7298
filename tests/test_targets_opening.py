"""A running system is opened, or it is said in words why not and what to do."""

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from optin_engine.harness.phone import NOON
from optin_engine.harness.refusal import CommandError
from optin_engine.harness.targets.carrier import Carrier
from optin_engine.harness.targets.opening import CLIENT_SECRET, Options, open_targets
from optin_engine.vocabulary import Inbound
from tests.receivers import Receiver, Reply, receiving
from tests.running import Running, running


@pytest.fixture
def served() -> Iterator[Running]:
    with running() as service:
        yield service


@pytest.fixture
def system() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def lines_of(url: str, adapter: str = "inbound", options: Options | None = None) -> str:
    """Give why a target cannot be opened."""
    with pytest.raises(CommandError) as refused, open_targets(url, adapter, options):
        pass
    assert refused.value.status == 2
    return "\n".join(refused.value.lines)


@pytest.mark.parametrize("url", ["", "localhost:8080", "ftp://localhost", "http://", "http://[::1"])
def test_what_is_no_url_is_told_with_one_that_is(url: str) -> None:
    assert "one is such as http://127.0.0.1:8080" in lines_of(url)


def test_an_unknown_adapter_is_told_with_those_that_there_are() -> None:
    told = lines_of("http://localhost", "smpp")
    assert told == "there is no adapter smpp; choose one of inbound, mobileconnect, twilio"


@pytest.mark.parametrize("adapter", ["inbound", "mobileconnect", "twilio"])
def test_where_nothing_listens_it_is_told_how_to_start_it(adapter: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        told = lines_of(url, adapter)
    assert url in told
    assert "Connection refused" in told
    assert "serve --dev" in told


@pytest.mark.parametrize("adapter", ["inbound", "mobileconnect"])
def test_a_wrong_secret_is_told_and_not_shown(served: Running, adapter: str) -> None:
    told = lines_of(served.url, adapter, Options(client_id="dev", client_secret="a wrong one"))  # noqa: S106
    assert "/v2/token: HTTP 401" in told
    assert CLIENT_SECRET in told
    assert "a wrong one" not in told


def test_the_secret_is_taken_from_the_environment(
    served: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CLIENT_SECRET, "dev")
    with open_targets(served.url, "inbound", Options(client_id="dev")) as targets:
        assert targets().state("123456", "+15555550123", "") is None


def test_elsewhere_the_client_of_dev_is_not_assumed() -> None:
    told = lines_of("http://sms.example")
    assert told.startswith("who calls? Name the client by `clientId`")


def test_what_is_another_s_service_is_told(system: Receiver) -> None:
    system.replies = [Reply(body=b"<html>Welcome</html>")]
    assert "POST " + system.url in lines_of(system.url)


def test_a_port_of_the_carrier_that_is_taken_is_told(system: Receiver) -> None:
    with Carrier() as taken:
        port = int(taken.url.rpartition(":")[2])
        told = lines_of(system.url, "twilio", Options(carrier_port=port))
    assert f"the carrier cannot listen on 127.0.0.1, port {port}" in told
    assert "`carrierPort`" in told


def test_a_service_behind_a_webhook_must_have_dev(served: Running) -> None:
    told = lines_of(f"{served.url}/twilio/inbound", "twilio", Options(dev_url=served.url))
    assert told == f"{served.url} was not started with --dev, so its clock cannot be moved"


def test_without_httpx_it_is_told_what_to_install() -> None:
    program = """
import sys
sys.modules["httpx"] = None
from optin_engine.harness.refusal import CommandError
from optin_engine.harness.targets.opening import open_targets
try:
    with open_targets("http://127.0.0.1:1", "inbound"):
        pass
except CommandError as error:
    print(*error.lines)
"""
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert told.stdout.endswith("this needs: pip install 'optin-engine[harness]'\n")


def test_only_numbers_that_nobody_has_are_texted(system: Receiver) -> None:
    with open_targets(system.url, "twilio") as targets:
        for role in ("+15555550123", "+447700900123", "+12125551234"):
            targets().text("123456", role, Inbound("JOIN", NOON, "1"), NOON)
    froms = [
        dict(pair.split("=") for pair in received.body.decode().split("&"))["From"]
        for received in system.wait_for(3)
    ]
    assert len(set(froms)) == 3
    assert all(number[:4] == "%2B1" and number[7:12] == "55501" for number in froms)
