"""What no call could use is refused when `serve` starts, and not by every call after."""

from pathlib import Path

import pytest

from optin_engine.harness.refusal import CommandError
from optin_engine.web.config import Config, read_config

SECRETS = {"OPTIN_TOKEN_SECRET": "t" * 32, "OPTIN_WEBSITE_SECRET": "w" * 16}
SOUND = """
[[clients]]
id = "website"
secret_env = "OPTIN_WEBSITE_SECRET"
scopes = ["sms_read"]
[service]
token_secret_env = "OPTIN_TOKEN_SECRET"
"""


def read(folder: Path, text: str, **secrets: str) -> Config:
    path = folder / "serve.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path, SECRETS | secrets)


def read_url(folder: Path, url: str) -> str:
    return read(folder, f'{SOUND}public_url = "{url}"\n').settings.public_url


def read_signing(folder: Path, secret: str) -> str:
    signed = f'{SOUND}[inbound]\nsecret_env = "OPTIN_SIGNING"\n'
    return read(folder, signed, OPTIN_SIGNING=secret).settings.inbound_secret


@pytest.mark.parametrize(
    "url", ["https://sms.example:abc", "https://sms.example:99999", "https://[sms.example"]
)
def test_a_public_url_that_has_no_port_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(CommandError, match=r"service\.public_url is invalid\."):
        read_url(tmp_path, url)


@pytest.mark.parametrize(
    "url", ["https://sms.example", "http://sms.example:8080/optin", "http://[::1]:8080"]
)
def test_a_public_url_may_have_a_port_and_a_path(tmp_path: Path, url: str) -> None:
    assert read_url(tmp_path, url) == url


@pytest.mark.parametrize("size", [32 + 1, 86])
def test_a_signing_secret_that_is_no_base64_is_refused(tmp_path: Path, size: int) -> None:
    secret = "whsec_" + "a" * size
    with pytest.raises(CommandError, match=r"inbound\.secret is invalid\.") as caught:
        read_signing(tmp_path, secret)
    assert secret not in str(caught.value)


@pytest.mark.parametrize("ending", ["a" * 32, "a" * 86 + "=="])
def test_a_signing_secret_of_24_to_64_bytes_is_taken(tmp_path: Path, ending: str) -> None:
    assert read_signing(tmp_path, f"whsec_{ending}") == f"whsec_{ending}"
