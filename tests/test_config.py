"""What `serve` is told: every fault of a configuration at once, and no secret ever shown."""

import json
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.harness import service_text, starter_text
from optin_engine.harness.refusal import CommandError
from optin_engine.web.config import Config, read_config
from optin_engine.web.dev import DEFINITIONS, dev_config
from optin_engine.web.settings import SCOPES

SIGNING = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ENVIRONMENT = {
    "OPTIN_TOKEN_SECRET": "token-secret-of-at-least-32-characters",
    "OPTIN_WEBSITE_SECRET": "website-secret-of-16",
    "OPTIN_GATEWAY_SECRET": "gateway-secret-of-16",
    "OPTIN_WEBHOOK_SECRET": SIGNING,
    "OPTIN_INBOUND_SECRET": SIGNING,
    "TWILIO_AUTH_TOKEN": "twilio-auth-token",
    "OPTIN_SHORT_SECRET": "tiny!",
    "OPTIN_BLANK_SECRET": "  ",
}
SOUND = """
[service]
token_secret_env = "OPTIN_TOKEN_SECRET"
[[clients]]
id = "website"
secret_env = "OPTIN_WEBSITE_SECRET"
scopes = ["sms_read"]
[transport]
kind = "log"
"""


def read(folder: Path, text: str) -> Config:
    path = folder / "serve.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path, ENVIRONMENT)


def faults(folder: Path, text: str) -> list[str]:
    """Give what is wrong with a configuration, without the name of its file."""
    with pytest.raises(CommandError) as caught:
        read(folder, text)
    assert caught.value.status == 1
    named = f"{folder / 'serve.toml'}: "
    assert all(line.startswith(named) for line in caught.value.lines)
    return [line.removeprefix(named) for line in caught.value.lines]


def replaced(old: str, new: str) -> str:
    assert old in SOUND
    return SOUND.replace(old, new)


def test_the_starter_is_sound_and_names_every_setting_but_those_of_the_definitions(
    tmp_path: Path,
) -> None:
    (tmp_path / "optin.toml").write_text(starter_text(), encoding="utf-8")
    config = read(tmp_path, service_text())
    assert set(config.settings.clients) == {"website", "gateway"}
    assert config.settings.clients["gateway"].scopes == {"sms_inbound"}
    assert config.definitions == tomllib.loads(starter_text())
    assert config.transport["kind"] == "log"


def test_what_the_starter_has_behind_a_hash_is_sound_for_a_webhook_and_for_twilio(
    tmp_path: Path,
) -> None:
    (tmp_path / "optin.toml").write_text(starter_text(), encoding="utf-8")
    bare = re.sub(r"(?m)^# (\[[a-z]+\]|[a-z_]+ = )", r"\1", service_text())
    webhook = bare.replace('kind = "log"', 'kind = "webhook"')
    config = read(tmp_path, webhook.replace("messaging_service_sid", "# "))
    assert config.settings.public_url == "https://sms.example.com"
    assert config.settings.repeats_within == timedelta(seconds=10)
    assert config.settings.inbound_secret == SIGNING
    assert config.settings.http_get_hosts == ("api.example.com", "quotes.example.com:8080")
    assert (config.transport["secret"], config.transport["timeout"]) == (SIGNING, 10)
    twilio = bare.replace('kind = "log"', 'kind = "twilio"').replace("AC...", f"AC{'0' * 32}")
    twilio = re.sub(r'(?m)^url = .*|^secret_env = "OPTIN_WEBHOOK.*', "", twilio)
    config = read(tmp_path, twilio.replace("MG...", f"MG{'0' * 32}"))
    assert config.transport["status_callback"] == "https://sms.example.com/twilio/status"
    assert config.settings.twilio_auth_token == config.transport["auth_token"]


def test_a_secret_may_be_in_a_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(" 32-characters-and-a-line-break--\n")
    text = replaced('token_secret_env = "OPTIN_TOKEN_SECRET"', 'token_secret_file = "token"')
    assert read(tmp_path, text).settings.token_secret == b"32-characters-and-a-line-break--"


def test_the_limits_have_the_defaults_of_the_settings(tmp_path: Path) -> None:
    settings = read(tmp_path, SOUND).settings
    assert (settings.prompts_per_day, settings.repeats_within) == (5, None)
    assert settings.clients["website"].calls_per_minute == 6000


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            'token_secret_env = "OPTIN_TOKEN_SECRET"',
            "",
            "service.token_secret must be specified. Name an environment variable in ",
        ),
        ('"OPTIN_TOKEN_SECRET"', '"OPTIN_NO_SECRET"', "service.token_secret_env is invalid."),
        ('"OPTIN_TOKEN_SECRET"', '"OPTIN_BLANK_SECRET"', "service.token_secret_env is invalid."),
        (
            '"OPTIN_TOKEN_SECRET"',
            '"OPTIN_SHORT_SECRET"',
            "service.token_secret_env is invalid. The secret must have at least 32 characters.",
        ),
        (
            '"OPTIN_TOKEN_SECRET"',
            '"hunter2hunter2"',
            "service.token_secret_env is invalid. The variable that it names is not set.",
        ),
        (
            'token_secret_env = "OPTIN_TOKEN_SECRET"',
            'token_secret = "hunter2hunter2"',
            "service.token_secret must not be in the file. Name an environment variable in ",
        ),
        (
            'secret_env = "OPTIN_WEBSITE_SECRET"',
            'secret = "hunter2hunter2"',
            "clients.website.secret must not be in the file. Name an environment variable in ",
        ),
        (
            'secret_env = "OPTIN_WEBSITE_SECRET"',
            'secret_file = "nothing"',
            "clients.website.secret_file cannot be read: No such file or directory.",
        ),
        (
            'secret_env = "OPTIN_WEBSITE_SECRET"',
            'secret_env = "OPTIN_WEBSITE_SECRET"\nsecret_file = "b"',
            "clients.website.secret_env and clients.website.secret_file cannot be specified at the",
        ),
        ('["sms_read"]', '["sms_reed"]', "clients.website.scopes is invalid."),
        (
            'id = "website"',
            'id = "website"\ncalls_per_minute = 0',
            "clients.website.calls_per_minute is invalid. It must be a whole number from 1 to ",
        ),
        ('id = "website"', "", "clients.1.id must be specified."),
        (
            "[[clients]]",
            "[clients]",
            "clients is invalid. It must be a list of tables: [[clients]].",
        ),
        (
            "[service]",
            '[service]\npublic_url = "sms.example.com"',
            "service.public_url is invalid. It must be a URL such as https://sms.example.com.",
        ),
        ("[service]", '[service]\nrepeats_within = "soon"', "service.repeats_within is invalid."),
        ("[service]", '[service]\nhttp_get_hosts = "x"', "service.http_get_hosts is invalid. It m"),
        (
            "[service]",
            '[service]\nhttp_get_hosts = ["api.example.com", "https://api.example.com/quote"]',
            "service.http_get_hosts is invalid: 'https://api.example.com/quote' is no host such as",
        ),
        (
            "[service]",
            "[service]\nprompt_per_day = 1",
            "service.prompt_per_day is not known. Did you mean prompts_per_day?",
        ),
        (
            "[transport]",
            '[inbound]\nsecret_env = "OPTIN_WEBSITE_SECRET"\n[transport]',
            "inbound.secret is invalid. It must be whsec_ and 24 to 64 random bytes in base64.",
        ),
        (
            "[transport]",
            '[twilio]\nauth_token_env = "TWILIO_AUTH_TOKEN"\n[transport]',
            "service.public_url must be specified. Twilio signs its calls with it.",
        ),
        ('kind = "log"', "timeout = 5", "transport.kind must be specified."),
        (
            "\n[service]",
            'definitions = "none.toml"\ncodes = []\n[service]',
            "definitions cannot be specified together with codes and programs.",
        ),
        (
            "\n[service]",
            'codes = [{shortCode = "123456", countryCode = "USA"}]\n[service]',
            "code 1: CountryCode must have a length of 2.",
        ),
    ],
)
def test_a_fault_is_one_line_that_names_the_field_and_the_mend(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    assert [line for line in faults(tmp_path, replaced(old, new)) if line.startswith(fault)]


def test_a_transport_that_cannot_be_opened_is_a_fault(tmp_path: Path) -> None:
    found = faults(tmp_path, replaced('kind = "log"', 'kind = "pigeon"'))
    assert len(found) == 1
    assert "kind is invalid" in found[0]
    found = faults(tmp_path, replaced('kind = "log"', 'kind = "twilio"'))
    assert any("account_sid must be specified" in fault for fault in found)


def test_without_a_transport_it_is_the_log(tmp_path: Path) -> None:
    config = read(tmp_path, replaced('[transport]\nkind = "log"\n', ""))
    assert config.transport["kind"] == "log"


def test_two_clients_of_one_name_are_refused(tmp_path: Path) -> None:
    client = SOUND[SOUND.index("[[clients]]") : SOUND.index("[transport]")]
    found = faults(tmp_path, SOUND + client)
    assert found == ["clients.website.id is already used by another client."]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, "[service]\ncolour = 1\n[transport]\ntimeout = 5\n[[clients]]\n")
    assert len(found) == 6


@pytest.mark.parametrize(
    ("text", "reason"), [("", "the file is empty"), ("codes = [", "The file is not TOML")]
)
def test_a_file_that_cannot_be_read_has_status_2(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason) as caught:
        read(tmp_path, text)
    assert caught.value.status == 2


# Any value of JSON, in which a configuration may be written too, under the names that it has.
NAMES = re.findall(r"(?m)^(?:# )?\[{0,2}([a-z_]+)", service_text())
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)


def tables(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=6)


values = st.recursive(
    scalars | st.sampled_from(sorted(ENVIRONMENT)),
    lambda inner: st.lists(inner, max_size=3) | tables(inner),
    max_leaves=12,
)


@given(tables(values))
def test_whatever_a_configuration_holds_is_refused_line_by_line_and_shows_no_secret(
    tmp_path_factory: pytest.TempPathFactory, configuration: dict[str, Any]
) -> None:
    path = tmp_path_factory.getbasetemp() / "serve.json"
    path.write_text(json.dumps(configuration))
    with pytest.raises(CommandError) as caught:
        read_config(path, ENVIRONMENT)
    told = "\n".join(caught.value.lines)
    assert told.strip()
    assert not [value for name, value in ENVIRONMENT.items() if value in told and value.strip()]


def test_no_secret_is_in_what_is_shown_of_a_configuration(tmp_path: Path) -> None:
    shown = repr(read(tmp_path, SOUND))
    assert not [secret for secret in ENVIRONMENT.values() if secret.strip() and secret in shown]


def test_dev_has_one_client_with_every_scope_and_other_tokens_each_time() -> None:
    one, other = dev_config(None, "127.0.0.1"), dev_config(None, "localhost")
    client = one.settings.clients["dev"]
    assert (client.secret, client.scopes) == ("dev", frozenset(SCOPES))
    assert one.settings.is_dev
    assert one.settings.token_secret != other.settings.token_secret
    assert "codes" in DEFINITIONS


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.1", "example.com", ""])  # noqa: S104
def test_dev_listens_to_nobody_else(host: str) -> None:
    with pytest.raises(CommandError, match="this machine only"):
        dev_config(None, host)


def test_dev_takes_definitions_and_limits_of_a_configuration_and_no_secret(tmp_path: Path) -> None:
    path = tmp_path / "serve.toml"
    path.write_text(
        replaced("[service]", "[service]\nprompts_per_day = 2") + starter_text(), encoding="utf-8"
    )
    config = dev_config(path, "127.0.0.1")
    assert config.definitions == {
        name: tomllib.loads(starter_text())[name] for name in ("codes", "programs")
    }
    assert config.settings.prompts_per_day == 2
    assert set(config.settings.clients) == {"dev"}
    assert not config.transport
