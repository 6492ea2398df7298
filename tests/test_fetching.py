"""HTTPGet fetches from allowed public hosts, and can be led nowhere else."""

import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence

import pytest

from optin_engine.service.fetching import Fetcher
from optin_engine.service.unfetched import FetchError, FetchLate, FetchRefused
from tests.answering import Answer, Host, answering
from tests.test_addresses import INNER

HERE, PUBLIC = "127.0.0.1", "93.184.216.34"

# Made once, because making one takes longer than a test.
TLS = ssl.create_default_context()

ANSWERS = {
    "/": Answer(b"hello"),
    "/quote": Answer("ACME 12.50 €".encode()),
    "/latin": Answer(b"caf\xe9", headers={"Content-Type": "text/plain; charset=iso-8859-1"}),
    "/odd": Answer(b"caf\xc3\xa9", headers={"Content-Type": "text/plain; charset=punycode"}),
    "/broken": Answer(b"\xef\xbb\xbfa\0b\xff"),
    "/most": Answer(b"x" * 65_536),
    "/more": Answer(b"x" * 65_537),
    "/zipped": Answer(b"x", headers={"Content-Encoding": "gzip"}),
    "/short": Answer(b"x", headers={"Content-Length": "5"}),
    "/fails": Answer(b"secret", 500),
    "/nowhere": Answer(status=302, headers={"Location": "http://[::1/"}),
    "/busy": Answer(b"secret", 429),
    "/drips": Answer(b"x", drips=True),
    "/drips-headers": Answer(drips=True),
    "/relative": Answer(status=302, headers={"Location": "quote?secret"}),
    "/round": Answer(status=307, headers={"Location": "/round"}),
    **{f"/{n}": Answer(status=301, headers={"Location": f"/{n - 1}"}) for n in range(2, 8)},
    "/1": Answer(status=303, headers={"Location": "/"}),
}


class Names:
    """A name server of one's own: what each name leads to, one answer after the other."""

    def __init__(self, answers: Mapping[str, Sequence[str]] | None = None) -> None:
        self._answers = {name: list(found) for name, found in (answers or {}).items()}
        self.asked: list[str] = []

    def __call__(self, host: str, _: int) -> Sequence[str]:
        self.asked.append(host)
        found = self._answers.get(host, [HERE])
        return (found.pop(0) if len(found) > 1 else found[0]).split()


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with answering(ANSWERS) as host:
        yield host


@pytest.fixture
def url(host: Host) -> str:
    return f"http://stock.example:{host.port}"


def fetcher(host: Host, *others: str, names: Names | None = None, seconds: float = 60) -> Fetcher:
    """Give one that reaches a host here by a name that no name server knows."""
    allowed = [f"stock.example:{host.port}", *others]
    resolve = names or Names()
    return Fetcher(allowed, resolve=resolve, tls=TLS, allows_loopback=True, seconds=seconds)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("", "hello"),
        ("/quote?q=ACME", "ACME 12.50 €"),
        ("/quote#part", "ACME 12.50 €"),
        ("/latin", "café"),
        ("/odd", "café"),
        ("/broken", "ab\ufffd"),
        ("/most", "x" * 65_536),
        ("/relative", "ACME 12.50 €"),
        ("/5", "hello"),
    ],
)
def test_a_text_of_an_allowed_host_is_fetched(host: Host, url: str, path: str, text: str) -> None:
    with fetcher(host) as fetch:
        assert fetch(url + path) == text


@pytest.mark.parametrize(
    ("path", "kind", "why"),
    [
        ("/nothing", FetchRefused, "answers with status 404"),
        ("/fails", FetchError, "answers with status 500"),
        ("/busy", FetchError, "answers with status 429"),
        ("/more", FetchRefused, "more than 65,536 bytes"),
        ("/zipped", FetchRefused, "an encoding that was not asked for"),
        ("/short", FetchError, "broke off"),
        ("/nowhere", FetchError, "broke off"),
        ("/round", FetchRefused, "redirects more than 5 times"),
        ("/6", FetchRefused, "redirects more than 5 times"),
    ],
)
def test_what_is_no_good_answer_is_an_error_that_tells_nothing_of_the_url(
    host: Host, url: str, path: str, kind: type[FetchError], why: str
) -> None:
    with fetcher(host) as fetch, pytest.raises(FetchError, match=why) as failed:
        fetch(f"{url}{path}?secret")
    assert failed.type is kind
    assert "secret" not in str(failed.value)
    assert "stock" not in str(failed.value)


@pytest.mark.parametrize("path", ["/drips", "/drips-headers"])
def test_a_host_that_drips_is_left_in_time(host: Host, url: str, path: str) -> None:
    with (
        fetcher(host, seconds=0.3) as fetch,
        pytest.raises(FetchLate, match=r"longer than 0\.3 seconds"),
    ):
        fetch(url + path)


def test_a_name_that_is_never_found_is_left_in_time() -> None:
    found = threading.Event()

    def resolve(_host: str, _port: int) -> Sequence[str]:
        found.wait(20)
        return [HERE]

    with Fetcher(["stock.example"], resolve=resolve, seconds=0.2) as fetch:
        with pytest.raises(FetchLate, match="longer than"):
            fetch("http://stock.example/")
        found.set()


@pytest.mark.parametrize("error", [OSError("secret"), UnicodeError("secret")])
def test_a_name_without_an_address_is_an_error(error: Exception) -> None:
    def resolve(_host: str, _port: int) -> Sequence[str]:
        raise error

    with (
        Fetcher(["stock.example"], resolve=resolve, tls=TLS) as fetch,
        pytest.raises(FetchError, match=r"^the host's name has no address$"),
    ):
        fetch("http://stock.example/")


def test_the_host_is_asked_by_its_name_and_told_nothing_else(
    host: Host, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with fetcher(host) as fetch:
        fetch(f"{url}/quote?q=%C3%A9")
    path, headers = host.asked[-1]
    assert path == "/quote?q=%C3%A9"
    assert headers["host"] == f"stock.example:{host.port}"
    assert set(headers) == {"host", "user-agent", "accept-encoding", "accept", "connection"}


@pytest.mark.parametrize(
    "url",
    [
        "http://other.example/",
        "http://sub.stock.example/",
        "http://stock.example.other.example/",
        "http://stock.example:8080/",
        "https://stock.example:80/",
        "http://stock.example:0/",
        "http://stock.example@other.example/",
        "http://user:secret@stock.example/",
        "http://stock.example\\@other.example/",
        "ftp://stock.example/",
        "file:///etc/passwd",
        "//stock.example/",
        "stock.example",
        "",
        "http://",
        "http://stock.example\r\nX: secret/",
        "http://stock.example:99999999/",
        "http://[::1/",
        "http://0177.0.0.1/",
    ],
)
def test_what_is_no_url_of_an_allowed_host_is_not_even_looked_up(url: str) -> None:
    names = Names()
    with (
        Fetcher(["stock.example"], resolve=names, tls=TLS) as fetch,
        pytest.raises(FetchRefused) as refused,
    ):
        fetch(url)
    assert names.asked == []
    assert "secret" not in str(refused.value)


def test_an_allowed_host_is_meant_in_any_case_and_with_a_dot_at_its_end() -> None:
    names = Names({"stock.example": ["10.0.0.1"]})
    with Fetcher([" Stock.Example "], resolve=names) as fetch:
        for url in ("http://STOCK.example./", "https://stock.example:443/", "http://stock.example"):
            with pytest.raises(FetchError, match="private"):
                fetch(url)


@pytest.mark.parametrize(
    "host", ["", "a b", "http://a.example", "a.example/x", "u@a.example", "?", "[::1"]
)
def test_what_is_no_host_cannot_be_allowed(host: str) -> None:
    with pytest.raises(ValueError, match="is no host such as"):
        Fetcher([host])


@pytest.mark.parametrize(("address", "kind"), INNER)
def test_a_host_with_an_address_that_is_not_public_is_refused(address: str, kind: str) -> None:
    for found in (address, f"{PUBLIC} {address}", f"{address} {PUBLIC}"):
        names = Names({"stock.example": [found]})
        with (
            Fetcher(["stock.example"], resolve=names, tls=TLS) as fetch,
            pytest.raises(FetchRefused, match=f"a {kind} address"),
        ):
            fetch("http://stock.example/?secret")


@pytest.mark.parametrize(
    "name",
    [
        "localhost", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0",
        "[::1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "169.254.169.254", "10.1",
    ],
)  # fmt: skip
def test_no_writing_of_an_inner_address_gets_through_though_it_were_allowed(name: str) -> None:
    with Fetcher([name], tls=TLS) as fetch, pytest.raises(FetchError, match="address"):
        fetch(f"http://{name}/")


def test_loopback_is_reached_only_where_the_constructor_says_so(host: Host) -> None:
    url = f"http://127.0.0.1:{host.port}/"
    with Fetcher([f"127.0.0.1:{host.port}"], allows_loopback=True) as fetch:
        assert fetch(url) == "hello"
    with Fetcher([f"127.0.0.1:{host.port}"]) as fetch, pytest.raises(FetchError, match="loopback"):
        fetch(url)


def test_a_name_cannot_lead_elsewhere_after_it_was_looked_at(host: Host, url: str) -> None:
    names = Names({"stock.example": [HERE, "10.0.0.1"]})
    with fetcher(host, names=names) as fetch:
        assert fetch(url) == "hello"
        assert names.asked == ["stock.example"]
        with pytest.raises(FetchError, match="private"):
            fetch(url)


def test_a_name_that_leads_elsewhere_at_the_redirect_is_refused(host: Host, url: str) -> None:
    names = Names({"stock.example": [HERE, "169.254.169.254"]})
    with fetcher(host, names=names) as fetch, pytest.raises(FetchError, match="link-local"):
        fetch(f"{url}/relative")


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://inner.example/", "private"),
        ("//inner.example/", "private"),
        ("http://[::ffff:10.0.0.1]/", "IPv4-mapped"),
        ("http://169.254.169.254/latest/meta-data", "not on the allow-list"),
        ("http://other.example/", "not on the allow-list"),
        ("http://stock.example/", "not on the allow-list"),
        ("file:///etc/passwd", "only http and https"),
        ("http://user:secret@inner.example/", "without user and password"),
    ],
)
def test_a_redirect_is_looked_at_as_the_url_was(
    host: Host, url: str, location: str, why: str
) -> None:
    host.answers["/away"] = Answer(status=302, headers={"Location": location})
    mapped = "::ffff:10.0.0.1"
    names = Names({"inner.example": ["10.0.0.1"], mapped: [mapped]})
    with (
        fetcher(host, "inner.example", f"[{mapped}]", names=names) as fetch,
        pytest.raises(FetchRefused, match=why),
    ):
        fetch(f"{url}/away")


def test_an_address_that_takes_no_connection_is_passed_over_for_the_next(
    host: Host, url: str
) -> None:
    with fetcher(host, names=Names({"stock.example": [f"127.0.0.2 {HERE}"]})) as fetch:
        assert fetch(url) == "hello"
    with (
        fetcher(host, names=Names({"stock.example": ["127.0.0.2"]})) as fetch,
        pytest.raises(FetchError, match="does not take a connection"),
    ):
        fetch(url)
