"""Under `serve --dev`, where no token is needed, no web page from elsewhere can call."""

from collections.abc import Iterator

import httpx
import pytest

from tests.running import running
from tests.web_service import calling, is_envelope

TOUCHES_NOTHING = {"at": None}


@pytest.fixture(scope="module")
def dev() -> Iterator[httpx.Client]:
    with running(is_dev=True) as served, httpx.Client(base_url=served.url) as client:
        yield client


@pytest.mark.parametrize("path", ["/dev/clock", "/docs", "/healthz", "/no/such/path"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil.example//127.0.0.1",
        "127.0.0.1@evil.example",
        "127.0.0.2",
        "[::1",
        "",
    ],
)
def test_a_name_that_was_made_to_lead_here_is_refused(
    dev: httpx.Client, host: str, path: str
) -> None:
    answer = dev.get(path, headers={"Host": host})
    assert (answer.status_code, is_envelope(answer, 20000)) == (403, True)


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://evil.example:8080", "null", "http://127.0.0.1.evil"]
)
def test_a_page_from_elsewhere_cannot_call_blindly(dev: httpx.Client, origin: str) -> None:
    answer = dev.post("/dev/clock", json=TOUCHES_NOTHING, headers={"Origin": origin})
    assert (answer.status_code, is_envelope(answer, 20000)) == (403, True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:9", "LOCALHOST", "[::1]:8080"])
def test_this_machine_may_be_called_by_each_of_its_names(dev: httpx.Client, host: str) -> None:
    own = {"Host": host, "Origin": f"http://{host}"}
    assert dev.post("/dev/clock", json=TOUCHES_NOTHING, headers=own).status_code == 200


def test_without_dev_the_service_has_whatever_name_it_was_given() -> None:
    with calling() as caller:
        foreign = {"Host": "sms.example", "Origin": "https://app.example"}
        assert caller.get("/healthz", headers=foreign).status_code == 200
