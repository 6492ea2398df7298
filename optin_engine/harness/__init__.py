"""The harness: everything to try programmes with, before a real phone is texted.

To try: `phone` is a phone with a clock of its own, `chat` a conversation with it in the
terminal, `replay` a file of `mos` through the engine, by the `files` of the command line.

To test: `stories` plays written conversations, `fuzzing` those that nobody thought of, both at
`targets`; `conformance` tells which of the `rules` of SPEC they show kept. `pytest_plugin` and
`strategies` bring all that to pytest and Hypothesis.

To judge: `check` finds the faults of definitions and proves the machines, `linting` judges the
copy, by the `positions` of texts in a file, and `diagrams` draws the machines.

To operate: `lookup` finds what is `stored`; `standing`, `consent_proof` and `proof_page` show it.

Every command has `definitions`, the lines of a `shell`, and a `refusal` where it cannot go on.

Every command comes through here: what a function needs is imported when it is called.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optin_engine.account import Account


def starter_text() -> str:
    """Give the example account as a commented TOML file, to begin one's own with.

    >>> starter_text().startswith("#")
    True
    """
    return _read("starter.toml")


def service_text() -> str:
    """Give the configuration of `serve` as a commented TOML file, to begin one's own with.

    >>> service_text().startswith("#")
    True
    """
    return _read("service.toml")


def starter() -> "Account":
    """Give the example account: one short code with a Single, a Double and an Age programme.

    >>> [program.keyword for program in starter().code("123456").programs]
    ['NEWS', 'JOIN', 'WINE']
    """
    import tomllib

    from optin_engine.account import Account

    return Account.from_dict(tomllib.loads(starter_text()))


def _read(name: str) -> str:
    from importlib import resources

    return (resources.files(__name__) / name).read_text(encoding="utf-8")
