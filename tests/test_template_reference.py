"""`optin-engine templates`: each example renders as told, and every function is there."""

import re

import pytest

from optin_engine.templating import TemplateError, compile_template
from optin_engine.templating.evaluation import MOST_FETCHES
from optin_engine.templating.functions import FUNCTIONS, MANY
from optin_engine.templating.reference import (
    FETCHED,
    Shown,
    functions,
    reference_lines,
    rendered,
    sections,
)
from optin_engine.templating.values import COMPARISONS
from tests.operating import run

SHOWN = [shown for rows in sections().values() for shown in rows]


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.what)
def test_an_example_renders_as_told(shown: Shown) -> None:
    assert rendered(shown.example) == shown.says


def test_every_function_is_there_with_an_example_that_calls_it() -> None:
    assert [shown.what.partition("(")[0] for shown in functions()] == [
        function.name for function in FUNCTIONS.values()
    ]
    for shown in functions():
        assert shown.example.startswith(f"%%={shown.what.partition('(')[0]}(")


@pytest.mark.parametrize("shown", functions(), ids=lambda shown: shown.what)
def test_a_function_takes_the_arguments_that_are_told(shown: Shown) -> None:
    name, told = shown.what[:-1].split("(")
    needed = re.sub(r" ?\[[^]]*\]", "", told)
    least = len(needed.split(",")) if needed else 0
    most = MANY if "..." in told else least + told.count("[")
    for count in {0, 1, 2, 3, 4, 5, 6, MANY, MANY + 1}:
        template = f"%%={name}({', '.join('1' for _ in range(count))})=%%"
        try:
            compile_template(template)
            is_taken = True
        except TemplateError:
            is_taken = False
        assert is_taken == (least <= count <= most), count


def test_every_comparison_and_statement_is_there() -> None:
    text = "\n".join(reference_lines())
    assert " ".join(COMPARISONS) in text
    for word in ("VAR", "SET", "IF", "THEN", "ELSEIF", "ELSE", "ENDIF", "FOR", "TO", "DO", "NEXT"):
        assert re.search(rf"\b{word}\b", text)


def test_the_examples_fetch_what_the_reference_says() -> None:
    fetching = "%%=HTTPGet('x')=%%" * MOST_FETCHES
    assert rendered(fetching) == FETCHED * MOST_FETCHES


def test_the_command_prints_it_all() -> None:
    ran = run("templates")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [*reference_lines()]
    for shown in SHOWN:
        assert any(
            line.strip().startswith(shown.what) and f"{shown.example} " in line
            for line in ran.stdout.splitlines()
        )
