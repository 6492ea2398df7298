"""Finds in a store what a command names, or says why it is not there."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from optin_engine.harness.phone import phone_number
from optin_engine.harness.refusal import FAULTY, CommandError
from optin_engine.stores import Chain, Store
from optin_engine.transports.masking import masked

PAGE = 1000


def known(store: Store, written: str, code: str = "") -> tuple[str, Sequence[str]]:
    """Give a number in E.164, and the codes that know it.

    Args:
        store: where to look.
        written: the number, as people write it.
        code: the one code that is meant; empty for all.

    Raises:
        CommandError: it is no number (status 2), or nobody's (status 1).

    """
    number = number_of(written)
    codes = codes_of(store, number)
    wanted = code.removeprefix("+")
    if not codes and store.lists.of(number):
        message = f"no code knows {masked(number)}; it is only in lists, as `status` shows"
        raise CommandError(message, status=FAULTY)
    if not codes:
        message = f"the store does not know {masked(number)}: it never texted, or was erased"
        raise CommandError(message, status=FAULTY)
    if wanted and wanted not in codes:
        message = f"{masked(number)} is not known on {wanted}; it is on {', '.join(codes)}"
        raise CommandError(message, status=FAULTY)
    return number, [wanted] if wanted else codes


def known_or_listed(store: Store, written: str) -> str:
    """Give a number in E.164 that a code knows or a list has.

    Raises:
        CommandError: as in `known`.

    """
    number = number_of(written)
    return number if store.lists.of(number) else known(store, written)[0]


def codes_of(store: Store, number: str) -> Sequence[str]:
    """Give the codes that know a number; there are none of who is only in a list."""
    return [contact.code for contact in store.contacts(number)]


def number_of(written: str) -> str:
    """Give a number in E.164, whoever knows it.

    Raises:
        CommandError: it is no number (status 2).

    """
    try:
        return phone_number(written)
    except ValueError as error:
        raise CommandError(str(error)) from None


def chain_of(store: Store, written: str, code: str = "") -> Chain:
    """Give the records of the one contact that is meant.

    Args:
        store: where to look.
        written: the number, as people write it.
        code: may be empty where only one knows the number.

    Raises:
        CommandError: as in `known`, or several codes know it (status 2).

    """
    number, codes = known(store, written, code)
    if len(codes) > 1:
        message = f"the number is on several codes; choose by --code, of {', '.join(codes)}"
        raise CommandError(message)
    chain = store.chain(codes[0], number)
    if chain is None:
        message = f"{masked(number)} was erased just now"
        raise CommandError(message, status=FAULTY)
    return chain


def erased(store: Store, contact: int) -> Chain:
    """Give the records of a contact by its id, which outlives its number.

    Raises:
        CommandError: the store has no such contact (status 1).

    """
    for chain in store.chains():
        if chain.contact == contact:
            return chain
    message = f"the store has no contact {contact}"
    raise CommandError(message, status=FAULTY)


def requeue(store: Store, ids: Sequence[int], now: datetime) -> tuple[int, int]:
    """Queue MTs again that were given up: some of them, or (without ids) all.

    Returns:
        How many were asked for, and how many are queued.

    """
    batches = [list(dict.fromkeys(ids))] if ids else _given_up(store)
    asked = done = 0
    for batch in batches:
        asked, done = asked + len(batch), done + store.requeue(batch, now)
    return asked, done


def _given_up(store: Store) -> Iterator[list[int]]:
    last = 0
    while batch := [mt.id for mt in store.dead(last, PAGE)]:
        yield batch
        last = batch[-1]
