"""How much longer a template takes than `str.format` of the same text.

It is a part of `python -m tests.benchmarks.outbound`, and runs alone by its own name.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from statistics import median
from time import process_time_ns

from optin_engine.templating import compile_template, message_context
from tests.benchmarks.figures import Figure, ratio, table

MOST = 10
ROUNDS, TIMES = 15, 20_000
NOW = datetime(2026, 11, 22, tzinfo=UTC)

VALUES = {"name": "Ann", "order": "A-1017", "store": "Main Street"}
FORMAT = (
    "Acme: Hi {name}, your order {order} is ready at {store}. "
    "Questions? Call 555-0100. Reply STOP to end."
)
TEMPLATES = {
    "three attributes": (
        "Acme: Hi %%Name%%, your order %%Order%% is ready at %%Store%%. "
        "Questions? Call 555-0100. Reply STOP to end."
    ),
    "a variable and a condition": (
        '%%[ SET @name = Name IF Empty(@name) THEN SET @name = "there" ENDIF ]%%'
        "Acme: Hi %%=v(@name)=%%, your order %%Order%% is ready at %%Store%%. "
        "Questions? Call 555-0100. Reply STOP to end."
    ),
}


def measure(rounds: int = ROUNDS, times: int = TIMES) -> Sequence[Figure]:
    """Give a figure for each template.

    Args:
        rounds: how many to take the median of; the two are measured in turn.
        times: how often each is rendered in a round.

    """
    context = message_context("+15555550123", "123456", "ORDER", "ORDER", VALUES)
    formatted = partial(FORMAT.format, **VALUES)
    figures = []
    for what, text in TEMPLATES.items():
        rendered = partial(compile_template(text).render, context, NOW)
        if rendered() != formatted():
            message = f"the template with {what} says something else"
            raise AssertionError(message)
        spent = [(_us(rendered, times), _us(formatted, times)) for _ in range(rounds)]
        ones, others = zip(*spent, strict=True)
        of_what = "str.format"
        told = f"a template with {what}"
        figures.append(Figure(told, "us", median(ones), ratio(ones, others), of_what, most=MOST))
    return figures


def _us(call: Callable[[], str], times: int) -> float:
    begun = process_time_ns()
    for _ in range(times):
        call()
    return (process_time_ns() - begun) / times / 1_000


if __name__ == "__main__":
    print(table(measure()))
