"""The harness: everything to try programmes with, before a real phone is texted.

`phone` is a phone with a clock of its own, `chat` a conversation with it in the terminal,
`replay` a file of MOs through the engine, `check` the faults of a definition and the proof
of the machines, `diagrams` the pictures of them. `standing`, `consent_proof` and `proof_page`
are what an operator is shown of a store.
"""

import tomllib
from importlib import resources

from optin_engine.account import Account


def starter_text() -> str:
    """Give the example account as a commented TOML file, to begin one's own with.

    >>> starter_text().startswith("#")
    True
    """
    return (resources.files(__name__) / "starter.toml").read_text(encoding="utf-8")


def service_text() -> str:
    """Give the configuration of `serve` as a commented TOML file, to begin one's own with.

    >>> service_text().startswith("#")
    True
    """
    return (resources.files(__name__) / "service.toml").read_text(encoding="utf-8")


def starter() -> Account:
    """Give the example account: one short code with a Single, a Double and an Age programme.

    >>> [program.keyword for program in starter().code("123456").programs]
    ['NEWS', 'JOIN', 'WINE']
    """
    return Account.from_dict(tomllib.loads(starter_text()))
