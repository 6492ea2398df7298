"""What a template takes for a name, a time of day, or a part of a URL, and what it does not."""

from datetime import UTC, datetime

import pytest

from optin_engine.templating import TemplateError, compile_template, message_context

NOW = datetime(2026, 11, 22, tzinfo=UTC)
WORDS = (
    "VAR", "SET", "IF", "THEN", "ELSEIF", "ELSE", "ENDIF", "FOR", "TO", "DOWNTO", "DO", "NEXT",
    "AND", "OR", "NOT",
)  # fmt: skip


def rendered(template: str, **attributes: str) -> str:
    context = message_context("+15555550123", "123456", "", "", attributes)
    return compile_template(template).render(context, NOW)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_of_the_language_is_an_attribute_in_brackets_alone(word: str) -> None:
    assert rendered(f"%%=v([{word}])=%%", **{word: "Ann"}) == "Ann"
    with pytest.raises(TemplateError, match="a value is wanted here"):
        compile_template(f"%%=v({word})=%%")


@pytest.mark.parametrize("given", ["First Name", "first  name", " FIRST\tNAME "])
def test_an_attribute_is_found_however_its_name_is_spaced_where_it_is_given(given: str) -> None:
    assert rendered("%%First Name%%", **{given: "Ann"}) == "Ann"


@pytest.mark.parametrize("hour", ["0:30 AM", "0:30 PM", "13:30 AM"])
def test_half_a_day_has_the_hours_from_1_to_12(hour: str) -> None:
    with pytest.raises(TemplateError, match="a date such as"):
        rendered(f"%%=FormatDate('1/2/2026 {hour}')=%%")


# fmt: off
ENCODED = (
    # arguments                 encoded
    ("'a\n?b\tc', 1, 1",        "a%0A%3Fb%09c"),
    ("'é b?c é', 0, 1",         "é%20b?c%20é"),
    ("'é b?c é', '', 1",        "é%20b?c%20é"),
)
# fmt: on


@pytest.mark.parametrize(("arguments", "encoded"), ENCODED)
def test_a_url_is_encoded_by_two_digits_an_octet_and_everywhere_only_where_both_say_so(
    arguments: str, encoded: str
) -> None:
    assert rendered(f"%%=URLEncode({arguments})=%%") == encoded


def test_a_template_may_be_as_long_as_the_longest_and_no_longer() -> None:
    assert compile_template("x" * 65_536).is_plain
    with pytest.raises(TemplateError, match="longer than 65,536 characters"):
        compile_template("x" * 65_537)


def test_to_look_for_long_texts_again_and_again_is_bounded_too() -> None:
    template = compile_template(
        "%%[ SET @b = 'x' FOR @i = 1 TO 16 DO SET @b = Concat(@b, @b) NEXT"
        " FOR @i = 1 TO 99999 DO SET @c = IndexOf('y', @b) NEXT ]%%"
    )
    with pytest.raises(TemplateError, match="more than 1,048,576 characters together"):
        template.render({}, NOW)
