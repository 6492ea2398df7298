"""What holds of every template: it is read or refused at a place within, and it ends soon."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from random import Random

from hypothesis import event, example, given, reject
from hypothesis import strategies as st

from optin_engine.templating import TemplateError, compile_template, message_context
from optin_engine.templating.functions import FUNCTIONS
from tests.naive_templates import (
    CONTEXT,
    TEMPLATES,
    Naive,
    NoNumberError,
    TooLongError,
    Tree,
    Writer,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)

# What templates are made of, so that random ones come near to being right.
PIECES = st.one_of(
    st.sampled_from(["%%[", "]%%", "%%=", "=%%", "%%", "[", "]", "(", ")", ",", ".", "@", ";"]),
    st.sampled_from(["=", "==", "!=", "<", ">", "-", "+", "'", '"', "/*", "*/", "é", "🐟"]),
    st.sampled_from(["a", "@a", "@i", "1", "2.5", "City", "true", "MSG(0)", ".NOUN(", ".VERB"]),
    st.sampled_from(["VAR", "SET", "IF", "THEN", "ELSEIF", "ELSE", "ENDIF", "AND", "OR", "NOT"]),
    st.sampled_from(["FOR", "TO", "DOWNTO", "DO", "NEXT"]),
    st.sampled_from(sorted(FUNCTIONS)).map("{}(".format),
)
BLANKS = st.sampled_from(["", " ", "\n"])
JUMBLES = st.lists(st.tuples(PIECES, BLANKS).map("".join), max_size=30).map("".join)


def is_within(error: TemplateError, text: str) -> bool:
    lines = text.split("\n")
    return 1 <= error.line <= len(lines) and 1 <= error.column <= len(lines[error.line - 1]) + 1


def _said_or_error(text: str, context: Mapping[str, str]) -> tuple[str, TemplateError | None]:
    try:
        return compile_template(text).render(context, NOW, lambda _: "fetched"), None
    except TemplateError as error:
        return "", error


@given(st.text() | JUMBLES)
@example("\ud800%%=\ud800")
@example("%%=URLEncode('\ud800', 1, 1)=%%")
def test_any_text_compiles_and_renders_or_is_refused_at_a_place_within(text: str) -> None:
    said, error = _said_or_error(text, {"CITY": "Ab"})
    event("rendered" if error is None else "refused")
    assert len(said) <= 1_600
    assert error is None or is_within(error, text)


@given(st.text(max_size=1_600) | JUMBLES)
def test_a_text_without_marks_renders_as_itself(text: str) -> None:
    bare = re.sub("%%", "%", text)
    while "%%" in bare:
        bare = re.sub("%%", "%", bare)
    template = compile_template(bare)
    assert template.is_plain
    assert template.render({}, NOW) == bare


@given(TEMPLATES, st.integers())
def test_a_template_says_what_a_naive_evaluator_says_however_it_is_written(
    tree: list[Tree], seed: int
) -> None:
    text, naive = Writer(Random(seed)).write(tree), Naive()  # noqa: S311 - spacing is no secret.
    said, error = _said_or_error(text, CONTEXT)
    try:
        naive.run(tree)
    except TooLongError:
        reject()
    except NoNumberError:
        event("no number")
        assert error is not None
        assert "number" in error.message
    else:
        assert error is None
        assert said == naive.said


@given(st.text(max_size=60), st.text(max_size=10), st.dictionaries(st.text(), st.text()))
def test_the_context_holds_every_word_that_was_sent_and_no_attribute_hides_it(
    text: str, keyword: str, attributes: dict[str, str]
) -> None:
    context = message_context("+15555550123", "123456", text, keyword, attributes)
    nouns = context["MSG(0).NOUNS"].split()
    assert context["MSG(0)"] == text
    assert [context[f"MSG(0).NOUN({place})"] for place in range(len(nouns))] == nouns
    assert text.split()[-len(nouns) :] == nouns or not nouns
    assert len(text.split()) - len(nouns) in (0, 1)
    shadowing = dict.fromkeys((" msg(0) ", "mobile_number", "Short_Code"), "shadow")
    assert "shadow" not in message_context("1", "2", text, keyword, shadowing).values()
