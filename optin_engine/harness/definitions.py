"""The file of definitions that a command is given, and why a command cannot go on."""

from pathlib import Path

from optin_engine.account import Account, parse, read_account
from optin_engine.entries import DefinitionError
from optin_engine.harness import starter_text
from optin_engine.harness.refusal import FAULTY, CommandError, file_errors


def account_of(path: Path | None) -> Account:
    """Read an account from a TOML or JSON file; without one, the built-in example.

    Raises:
        CommandError: the file cannot be read (status 2), or is faulty (status 1).

    """
    account, faults = read_account(definitions_of(path))
    if account is None:
        raise CommandError(*(f"{path}: {fault}" for fault in faults), status=FAULTY)
    return account


def account_to_text(path: Path | None) -> Account:
    """Read an account that somebody is about to text.

    Raises:
        CommandError: as in `account_of`, or it has no code.

    >>> list(account_to_text(None).codes)
    ['123456']
    """
    account = account_of(path)
    if not account.codes:
        message = f"{path}: it has no code to text to"
        raise CommandError(message)
    return account


def definitions_of(path: Path | None) -> object:
    """Read what a TOML or JSON file holds; without one, the built-in example.

    Raises:
        CommandError: the file cannot be read, is empty, or is neither TOML nor JSON.

    """
    if path is None:
        return parse(starter_text().encode(), ".toml")
    return parsed(content_of(path), path)


def content_of(path: Path) -> bytes:
    """Read a file of definitions as it is; a pipe can be read only once.

    Raises:
        CommandError: the file cannot be read, or is empty.

    """
    with file_errors(path):
        content = path.read_bytes()
    if not content.strip():
        message = f"{path}: the file is empty; `optin-engine init` writes one to begin with"
        raise CommandError(message)
    return content


def parsed(content: bytes, path: Path) -> object:
    """Give what the content of a TOML or JSON file holds.

    Raises:
        CommandError: it is neither.

    """
    try:
        return parse(content, path.suffix)
    except DefinitionError as error:
        message = f"{path}: {error.faults[0].message}"
        raise CommandError(message) from None
