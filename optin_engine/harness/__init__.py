"""The harness: everything to try programmes with, before a real phone is texted.

`phone` is a phone with a clock of its own, `chat` a conversation with it in the terminal,
`replay` a file of MOs through the engine, `check` the faults of a definition and the proof
of the machines, `diagrams` the pictures of them. `standing`, `consent_proof` and `proof_page`
are what an operator is shown of a store. `stories`, `fuzzing` and `targets` are what plays
whole conversations, and `pytest_plugin` what brings them and the phone to pytest.

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
