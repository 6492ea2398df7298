"""How much longer a template takes than `str.format` of the same text.

Run it with `python -m tests.benchmarks.templating`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time_ns

from optin_engine.templating import compile_template, message_context
from tests.benchmarks.figures import Figure, ratio, table

MOST = 10
ROUNDS, TIMES = 15, 20_000

# A message as it is sent: two attributes of the contact, and what it says about itself.
TEMPLATE = (
    "Acme: Hi %%First Name%%, your order %%Order%% is ready at %%=v([Store])=%%. "
    "Questions? Call 555-0100. Reply STOP to end."
)
FORMAT = (
    "Acme: Hi {first}, your order {order} is ready at {store}. "
    "Questions? Call 555-0100. Reply STOP to end."
)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
ATTRIBUTES = {"First Name": "Ann", "Order": "A-1017", "Store": "Main Street"}


def measure(rounds: int = ROUNDS, times: int = TIMES) -> Figure:
    """Give the figure of rendering.

    Args:
        rounds: how many to take the median of; the two are measured in turn.
        times: how often each is rendered in a round.

    """
    template, context = compile_template(TEMPLATE), _context()
    values = {"first": "Ann", "order": "A-1017", "store": "Main Street"}
    if template.render(context, NOW) != FORMAT.format(**values):
        message = "the two do not say the same"
        raise AssertionError(message)
    rendered, formatted = [], []
    for _ in range(rounds):
        rendered.append(_nanoseconds(lambda: template.render(context, NOW), times))
        formatted.append(_nanoseconds(lambda: FORMAT.format(**values), times))
    microseconds = sorted(rendered)[rounds // 2] / 1_000
    of_what = "`str.format` of the same text"
    return Figure(
        "render a template", "us", microseconds, ratio(rendered, formatted), of_what, most=MOST
    )


def _context() -> dict[str, str]:
    return message_context("+15555550123", "123456", "ORDER", "ORDER", ATTRIBUTES)


def _nanoseconds(call: Callable[[], str], times: int) -> float:
    begun = process_time_ns()
    for _ in range(times):
        call()
    return (process_time_ns() - begun) / times


if __name__ == "__main__":
    print(table([measure()]))
