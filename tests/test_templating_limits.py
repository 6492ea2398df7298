"""The bounds of a template let through exactly what they name, and say where they were met."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from optin_engine.templating import TemplateError, compile_template
from optin_engine.templating.errors import UnfitError
from optin_engine.templating.evaluation import Evaluation

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def steps(it: Evaluation, count: int) -> None:
    it.step(count, 0)


def said(it: Evaluation, count: int) -> None:
    it.say("x" * count)


def made(it: Evaluation, count: int) -> None:
    """Make the longest texts that there may be, and a rest."""
    whole, rest = divmod(count, 65_536)
    for length in (*[65_536] * whole, rest):
        it.make(length)


def fetched(it: Evaluation, count: int) -> None:
    for _ in range(count):
        it.get("http://stock.example/")


# fmt: off
BOUNDS = (
    # what is bounded  most        the error
    (steps,            100_000,    "more than 100,000 steps"),
    (said,             1_600,      "more than 1,600 characters"),
    (made,             1_048_576,  "more than 1,048,576 characters together"),
    (fetched,          3,          "HTTPGet more than 3 times"),
)
# fmt: on


@pytest.mark.parametrize(("use", "most", "error"), BOUNDS)
def test_a_bound_lets_through_what_it_names_and_no_more(
    use: Callable[[Evaluation, int], None], most: int, error: str
) -> None:
    it = Evaluation({}, NOW, lambda _: "")
    use(it, most)
    with pytest.raises(UnfitError, match=error):
        use(it, 1)


def test_one_text_may_be_as_long_as_the_longest_and_no_longer() -> None:
    it = Evaluation({}, NOW)
    it.make(65_536)
    with pytest.raises(UnfitError, match="more than 65,536 characters"):
        it.make(65_537)


# fmt: off
MET = (
    # template                                                          place    bound
    ("Hi\n%%[ FOR @i = 1 TO 999999 DO\nSET @a = 1 NEXT ]%%",            (3, 1),  "steps"),
    (f"Hi %%=v(1)=%%\n{'x' * 1600}",                                    (1, 14), "says more"),
    (f"%%[ SET @a = '{'x' * 900}' ]%%\n%%=v(@a)=%%\n%%=v(@a)=%%",       (3, 1),  "says more"),
    ("%%=v('a')=%%\n%%[ FOR @i = 'x' TO 2 DO NEXT ]%%",                 (2, 5),  "a number"),
)
# fmt: on


@pytest.mark.parametrize(("template", "place", "bound"), MET)
def test_a_bound_is_met_at_the_place_that_goes_beyond_it(
    template: str, place: tuple[int, int], bound: str
) -> None:
    with pytest.raises(TemplateError, match=bound) as failed:
        compile_template(template).render({}, NOW)
    assert (failed.value.line, failed.value.column) == place
