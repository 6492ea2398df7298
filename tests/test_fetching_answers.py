"""What HTTPGet makes of each answer: where it goes on, what it gives up, and what it takes."""

from collections.abc import Iterator

import pytest

from optin_engine.service.fetching import Fetcher
from optin_engine.service.unfetched import FetchError, FetchRefused
from tests.answering import Answer, Host, answering
from tests.test_fetching import HERE, TLS, Names, fetcher

# Nothing listens there.
DEAF = [f"127.0.0.{last}" for last in range(2, 7)]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with answering({"/": Answer(b"hello")}) as host:
        yield host


def get(host: Host, answer: Answer) -> str:
    host.answers["/asked"] = answer
    with fetcher(host) as fetch:
        return fetch(f"http://stock.example:{host.port}/asked")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_redirect_leads_on(host: Host, status: int) -> None:
    assert get(host, Answer(b"moved", status, {"Location": "/"})) == "hello"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (300, FetchRefused),
        (400, FetchRefused),
        (404, FetchRefused),
        (410, FetchRefused),
        (408, FetchError),
        (429, FetchError),
        (500, FetchError),
        (503, FetchError),
    ],
)
def test_only_a_host_that_is_busy_or_broken_is_worth_asking_again(
    host: Host, status: int, kind: type[FetchError]
) -> None:
    with pytest.raises(FetchError, match=f"status {status}") as failed:
        get(host, Answer(b"none", status, {"Location": "/"}))
    assert failed.type is kind


def test_an_answer_is_asked_for_as_it_is(host: Host) -> None:
    assert get(host, Answer(b"as it is", headers={"Content-Encoding": "Identity"})) == "as it is"
    _, headers = host.asked[-1]
    assert headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "identity, gzip"])
def test_an_answer_in_any_other_encoding_is_refused(host: Host, encoding: str) -> None:
    with pytest.raises(FetchRefused, match="encoding that was not asked for"):
        get(host, Answer(b"x", headers={"Content-Encoding": encoding}))


@pytest.mark.parametrize(("before", "is_reached"), [(3, True), (4, False)])
def test_only_the_first_four_addresses_of_a_host_are_tried(
    host: Host, before: int, *, is_reached: bool
) -> None:
    names = Names({"stock.example": [" ".join([*DEAF[:before], HERE])]})
    with fetcher(host, names=names) as fetch:
        if is_reached:
            assert fetch(f"http://stock.example:{host.port}/") == "hello"
            return
        with pytest.raises(FetchError, match="does not take a connection"):
            fetch(f"http://stock.example:{host.port}/")


def test_a_host_that_is_allowed_on_the_port_of_https_is_asked_by_https_alone() -> None:
    names = Names({"stock.example": ["10.0.0.1"]})
    with Fetcher(["stock.example:443"], resolve=names, tls=TLS) as fetch:
        # It may be asked, and its address may not.
        with pytest.raises(FetchRefused, match="a private address"):
            fetch("https://stock.example/")
        with pytest.raises(FetchRefused, match="not on the allow-list"):
            fetch("http://stock.example/")
