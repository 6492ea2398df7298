"""MobileConnect's STOCK example: a keyword that answers with what another host says."""

from datetime import UTC, datetime

import pytest

from optin_engine.service.fetching import Fetcher
from optin_engine.templating import TemplateError, compile_template, message_context
from tests.answering import Answer, Host, answering

NOW = datetime(2026, 11, 22, tzinfo=UTC)

STOCK = """%%[
VAR @symbol, @quote
SET @symbol = MSG(0).NOUN(0)
IF Empty(@symbol) THEN
]%%Acme: text %%=Uppercase(MSG(0).VERB)=%% and a symbol.%%[
ELSE
  SET @url = "http://stock.example:PORT/quote?q="
  SET @quote = HTTPGet(Concat(@url, URLEncode(@symbol, 1, 1)), true)
  IF Empty(@quote) THEN ]%%Acme: no quote for %%=v(@symbol)=%% now.%%[
  ELSE ]%%Acme: %%=Trim(@quote)=%%. Reply STOP to end.%%[ ENDIF
ENDIF
]%%"""


def _fetcher(host: Host) -> Fetcher:
    """Give one that reaches a host here by a name that no name server knows."""
    allowed = [f"stock.example:{host.port}"]
    return Fetcher(allowed, resolve=lambda *_: ["127.0.0.1"], allows_loopback=True)


@pytest.mark.parametrize(
    ("said", "asked", "answer", "text"),
    [
        (
            "stock a&b=c d",
            "/quote?q=a%26b%3Dc",
            Answer(b" 12.50\n"),
            "Acme: 12.50. Reply STOP to end.",
        ),
        ("Stock ACME", "/quote?q=ACME", Answer(b"", 503), "Acme: no quote for ACME now."),
        ("STOCK", "", Answer(), "Acme: text STOCK and a symbol."),
    ],
)
def test_the_stock_example_answers_with_what_a_host_says(
    said: str, asked: str, answer: Answer, text: str
) -> None:
    context = message_context("+15555550123", "123456", said, "STOCK", {})
    with answering({"/quote": answer}) as host, _fetcher(host) as fetch:
        template = compile_template(STOCK.replace("PORT", str(host.port)))
        assert template.fetches
        assert template.render(context, NOW, fetch) == text
        assert [path for path, _ in host.asked] == ([asked] if asked else [])


def test_a_fetch_that_fails_without_going_on_is_an_error_of_the_template_at_its_place() -> None:
    template = compile_template("Hi\n%%=HTTPGet('http://other.example/?secret')=%%")
    with Fetcher([]) as fetch, pytest.raises(TemplateError, match="allow-list") as failed:
        template.render({}, NOW, fetch)
    assert (failed.value.line, failed.value.column) == (2, 4)
    assert "secret" not in str(failed.value)
