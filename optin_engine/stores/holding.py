"""What sends wait for beside their pace: the hours at which nobody wants to be told.

Whom a quiet hour keeps from being told is put off to its end, and a send that rests is passed
over, before anything is taken in hand. So neither costs an attempt or any of a code's pace. A
contact's MTs stay in their order, but for those of a send that rests, which hold up nobody's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

import attrs

from optin_engine.stores.pacing import Found, Outlook

# So many are put off in one claim; the rest of a great send has its turn in the next ones.
MOST_PUT_OFF = 2_000
LARGEST_PAGE = 1_000


def _never(_: bytes) -> bool:
    return False


def _always(_: str) -> bool:
    return True


@attrs.frozen
class Holds:
    """What sends wait for at a moment; a reply waits for nothing.

    Attributes:
        rests: tells by the `options` of a send whether all of it waits.
        until: by code, what gives for a number until when no send tells it anything; None:
            it may be told. Whom a code that is not in it writes to may be told at any hour.
        serves: tells whether there is a code. The sends of one that is gone are not handed over:
            nobody knows its quiet hours any more, and nobody hears a STOP to it.

    """

    rests: Callable[[bytes], bool] = _never
    until: Mapping[str, Callable[[str], datetime | None]] = attrs.field(factory=dict)
    serves: Callable[[str], bool] = _always


NO_HOLDS = Holds()

Numbers = Callable[[Sequence[int]], Mapping[int, str]]
"""Gives the numbers of MTs by their ids."""

PutOff = Callable[[Mapping[int, datetime]], object]
"""Keeps, by the ids of MTs, when they are due."""


def held_back(outlook: Outlook, holds: Holds, numbers: Numbers, put_off: PutOff) -> Outlook:
    """Give an outlook that puts off whoever may not be told now, and gives the others."""

    def of_code(code: str, most: int) -> Found:
        ask, until = partial(outlook.of_code, code), holds.until.get(code)
        return ask(most) if until is None else _unheld(ask, until, numbers, put_off, most)

    def codes() -> Iterable[str]:
        return filter(holds.serves, outlook.codes())

    return attrs.evolve(outlook, of_code=of_code, codes=codes)


def _unheld(
    ask: Callable[[int], Found],
    until: Callable[[str], datetime | None],
    numbers: Numbers,
    put_off: PutOff,
    most: int,
) -> Found:
    """Ask again, for more, as long as some were to be put off."""
    page, count = most, 0
    while True:
        found = ask(page)
        of = numbers([mt for mt, _ in found])
        held = {mt: at for mt, _ in found if (at := until(of[mt])) is not None}
        if held:
            put_off(held)
        count += len(held)
        if not held or count >= MOST_PUT_OFF:
            return [(mt, code) for mt, code in found if mt not in held][:most]
        page = min(2 * page, LARGEST_PAGE)
