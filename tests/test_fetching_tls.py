"""HTTPGet by https: the certificate is looked at as the name, not as the address."""

import shutil
import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from optin_engine.service.fetching import Fetcher
from optin_engine.service.unfetched import FetchError
from tests.answering import Answer, answering


def _here(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with a key and a certificate for stock.example that nobody else trusts."""
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=stock.example", "-addext", "subjectAltName=DNS:stock.example"]
    files = ["-keyout", str(folder / "key"), "-out", str(folder / "certificate"), "-days", "2"]
    subprocess.run([openssl, *made, *names, *files], check=True, capture_output=True)
    both = folder / "both"
    both.write_bytes((folder / "key").read_bytes() + (folder / "certificate").read_bytes())
    return both


def test_a_certificate_must_be_the_names_though_the_address_is_called(certificate: Path) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    down = Answer(status=302, headers={"Location": "http://stock.example/"})
    with answering({"/": Answer(b"safe"), "/down": down}, serving) as host:
        allowed = [f"{name}.example:{host.port}" for name in ("stock", "other")]
        url = f"https://stock.example:{host.port}/"
        with Fetcher(allowed, resolve=_here, tls=trusting, allows_loopback=True) as fetch:
            assert fetch(url) == "safe"
            with pytest.raises(FetchError, match="no valid certificate"):
                fetch(f"https://other.example:{host.port}/")
            with pytest.raises(FetchError, match="from https to another scheme"):
                fetch(f"{url}down")
        with (
            Fetcher(allowed, resolve=_here, allows_loopback=True) as fetch,
            pytest.raises(FetchError, match="no valid certificate"),
        ):
            fetch(url)
