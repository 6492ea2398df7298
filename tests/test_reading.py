"""What a text is taken for."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine import phrases
from optin_engine.program import Code, Program
from optin_engine.reading import read
from optin_engine.vocabulary import Hears, OptInType, Reading

NOW = datetime(2026, 11, 21, 18, tzinfo=UTC)
DOUBLE = Program("Double", "123456", "JOIN", OptInType.DOUBLE, initial="Reply YES")
AGE = Program("Age", "123456", "WINE", OptInType.AGE, initial="Born when?", minimum_age=21)
CODE = Code("123456", "US", programs=(DOUBLE, AGE))
WAITING = {"idle": None, "double": DOUBLE, "age": AGE}
VECTORS = json.loads(Path(__file__).with_name("vectors").joinpath("readings.json").read_text())

words_of_strangers = st.text(max_size=60)


def reading(text: str, context: str = "double") -> Reading:
    return read(text, CODE, WAITING[context], NOW)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda c: f"{c['context']}-{c['text']!a}")
def test_a_golden_text_is_read_as_the_vectors_say(case: dict[str, str]) -> None:
    assert reading(case["text"], case["context"]).hears == case["reading"]


@given(st.text(), st.sampled_from(sorted(WAITING)))
def test_any_text_whatever_has_a_reading_and_a_reason(text: str, context: str) -> None:
    found = reading(text, context)
    assert isinstance(found.hears, Hears)
    assert found.rule


@given(st.characters(), st.integers(0, 3000))
def test_a_text_of_any_length_has_a_reading(character: str, length: int) -> None:
    assert reading(character * length).hears in set(Hears)


def _upper(word: str) -> str:
    return word.upper()


def _full_width(word: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)


def _spelled_apart(word: str) -> str:
    return ".".join(word.replace(" ", ""))


def _hidden_between(word: str) -> str:
    return "\u200b".join(word)


def _quoted(word: str) -> str:
    return f"\u201c{word}\u201d!"


def _with_thanks(word: str) -> str:
    return f"{word}. Thank you"


def _please(word: str) -> str:
    return f"Hi, please {word}"


@pytest.mark.parametrize(
    "text",
    [
        *("opt_out", "STOP_ALL", "s_t_o_p", "__stop__", "Stop_texting_me", "ok_stop"),
        *("yes please but stop", "Yes, but stop", "never text me again"),
        *("Arr\u00eatez!", "arr\u00eate", "ARRETEZ SVP"),
    ],
)
@pytest.mark.parametrize("context", WAITING)
def test_an_opt_out_counts_however_it_is_put(text: str, context: str) -> None:
    assert reading(text, context).hears == Hears.STOP


@pytest.mark.parametrize("text", ["never ever", "the_stop", "non_stop", "but", "yes but not now"])
def test_what_is_near_an_opt_out_is_none(text: str) -> None:
    assert reading(text).hears == Hears.OTHER


@pytest.mark.parametrize("word", phrases.STOP_WORDS)
@pytest.mark.parametrize(
    "dress",
    [_upper, _full_width, _spelled_apart, _hidden_between, _quoted, _with_thanks, _please],
)
@pytest.mark.parametrize("context", WAITING)
def test_an_opt_out_never_depends_on_case_spacing_or_punctuation(
    word: str, dress: Callable[[str], str], context: str
) -> None:
    assert reading(dress(word), context).hears == Hears.STOP


@given(st.sampled_from(phrases.REVOKING_PHRASES), words_of_strangers)
def test_a_revoking_phrase_anywhere_is_a_stop(phrase: str, tail: str) -> None:
    assert reading(f"well, {phrase} {tail}").hears == Hears.STOP


@pytest.mark.parametrize("no", ["don't", "Don\u2019t", "do not", "never"])
@pytest.mark.parametrize("phrase", ["remove me", "opt me out", "stop texting", "take me off"])
def test_a_revoking_phrase_that_is_denied_is_no_stop(no: str, phrase: str) -> None:
    assert reading(f"please {no} {phrase}").hears == Hears.OTHER


@pytest.mark.parametrize(
    "slip",
    [
        *("tsop", "sotp", "stpo", "sstop", "sttop", "stoop", "st0p", "STOPPPP"),
        *("cancle", "cance", "cancell", "csncel", "unsubscirbe", "unsubscrbe", "unsubscribed"),
    ],
)
def test_a_slip_as_the_whole_text_is_a_stop(slip: str) -> None:
    assert reading(f" {slip}! ").hears == Hears.STOP
    assert reading(f"the {slip} thing").hears == Hears.OTHER


def test_a_keyword_that_looks_like_a_slip_is_the_keyword() -> None:
    stoop = Program("Stoop", "123456", "STOOP", OptInType.DOUBLE, initial="Reply YES")
    code = Code("123456", "US", programs=(stoop,))
    assert read("stoop", code, None, NOW) == Reading(
        Hears.JOIN, "keyword first", "stoop", keyword="STOOP"
    )


@pytest.mark.parametrize("text", ["bus stop", "non-stop", "Nonstop!", "don't stop", "unstoppable"])
def test_what_only_contains_stop_is_no_stop(text: str) -> None:
    assert reading(text).hears == Hears.OTHER


@pytest.mark.parametrize("text", ["yes", "!", "", "\U0001f44d"])
def test_a_valid_response_without_a_word_is_never_heard(text: str) -> None:
    program = attrs.evolve(DOUBLE, valid_responses=("\U0001f44d", "", "go"))
    assert read(text, CODE, program, NOW).hears == Hears.OTHER
    assert read("go!", CODE, program, NOW).hears == Hears.YES


@given(
    st.sampled_from(["YES", "y", "Yes!", "Y.", "\uff39\uff25\uff33"]),
    st.lists(st.sampled_from(phrases.CLOSERS), max_size=2),
)
def test_a_valid_response_with_courtesy_is_yes(response: str, courtesy: list[str]) -> None:
    assert reading(" ".join([response, *courtesy])).hears == Hears.YES


@given(st.text(alphabet=st.characters(categories=["Ll"], max_codepoint=0x7F), min_size=1))
def test_yes_followed_by_any_other_word_is_not_yes(word: str) -> None:
    if word not in " ".join(phrases.CLOSERS).split() and reading(word).hears != Hears.STOP:
        assert reading(f"yes {word} it").hears != Hears.YES


@pytest.mark.parametrize("text", ["yes?", "Y?", "no?", "yes please\u061f", "\u00bfyes"])
def test_a_question_is_no_answer(text: str) -> None:
    assert reading(text).hears == Hears.OTHER


@pytest.mark.parametrize(
    "text",
    [
        'Liked "STOP"',
        "Loved \u201cReply YES to confirm\u201d",
        "Disliked \u201cReply STOP to stop\u201d",
        'Emphasized "Reply YES\u2026',
        "Removed a heart from \u201cReply YES\u201d",
        "\u2764\ufe0f to \u201cYES\u201d",
        "Reacted \U0001f44d\U0001f3fd to \u201cReply \u2018YES\u2019\u201d",
        "A aim\u00e9 \u00ab STOP \u00bb",
        "Loved an image",
    ],
)
def test_the_quoted_part_of_a_tapback_is_never_read(text: str) -> None:
    for context in WAITING:
        assert reading(text, context).hears == Hears.REACTION


def test_words_after_a_tapbacks_quote_are_the_contacts_own() -> None:
    assert reading('"Reply YES" stop texting me').hears == Hears.STOP
    assert reading('Liked "Reply YES" and remove me').hears == Hears.STOP


def test_a_keyword_keeps_its_nouns() -> None:
    found = reading("Join, the  WINE club!", "idle")
    assert (found.keyword, found.nouns) == ("JOIN", ("the", "wine", "club"))


def test_outside_its_dates_a_keyword_is_not_the_programmes() -> None:
    day = NOW.date()
    past = Program("Past", "123456", "JOIN", OptInType.SINGLE, end_date=day.replace(day=19))
    now = Program("Now", "123456", "JOIN", OptInType.SINGLE, start_date=day, end_date=day)
    assert read("join", Code("123456", programs=(past,)), None, NOW).hears == Hears.UNMATCHED
    assert read("join", Code("123456", programs=(past, now)), None, NOW).hears == Hears.JOIN


def test_valid_responses_of_several_words_are_read_whole() -> None:
    agree = Program("A", "123456", "JOIN", OptInType.DOUBLE, valid_responses=("I agree", "1"))
    code = Code("123456", programs=(agree,))
    read_as = [read(t, code, agree, NOW).hears for t in ("I AGREE!", "1", "i", "yes", "i agree to")]
    assert read_as == [Hears.YES, Hears.YES, Hears.OTHER, Hears.OTHER, Hears.OTHER]


def test_only_the_head_of_a_long_text_is_read() -> None:
    assert reading("x " * 800 + "remove me").hears == Hears.OTHER
    assert reading("x " * 700 + "remove me").hears == Hears.STOP


def test_a_birth_date_is_not_in_its_reading() -> None:
    found = reading("05/17/1990", "age")
    assert found == Reading(
        Hears.BIRTH_DATE, "a birth date, minimum age 21", "a birth date", verdict=found.verdict
    )
