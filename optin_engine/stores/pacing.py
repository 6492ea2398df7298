"""How fast a code may hand over: the generic cell rate algorithm, and fair turns between codes.

A pace is in messages a second. Each message moves the code's next moment on by 1/pace; it may
run ahead of the clock by one second's worth of messages, or by one where that is less. So in
any stretch of time a code hands over at most pace times its length, and that burst.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, zip_longest

import attrs

SECOND = 1_000_000
# A next moment that lies further ahead than any burst comes of a clock that was put back.
PUT_BACK = 60 * SECOND

Found = Sequence[tuple[int, str]]
"""MTs by id and code, in the order in which they are to be taken."""


def interval(pace: float) -> int:
    """Give the microseconds between two messages, never too few.

    Raises:
        ValueError: the pace is not positive.

    >>> interval(3)
    333334
    """
    if not pace > 0:
        message = f"A pace is messages a second, and more than 0; {pace} is not."
        raise ValueError(message)
    return -int(-SECOND // pace)


def burst(pace: float) -> int:
    """Give how many messages may go at once: those of a second, and at least one."""
    return max(1, int(pace))


def begun(pace: float, next_at: int | None, now: int) -> int:
    """Give the moment from which the next message counts; times are in microseconds."""
    is_put_back = next_at is not None and next_at > now + burst(pace) * interval(pace) + PUT_BACK
    return now if next_at is None or is_put_back else max(next_at, now)


def allowance(pace: float, next_at: int | None, now: int) -> int:
    """Give how many messages may go now.

    Args:
        pace: messages a second.
        next_at: the code's next moment, in microseconds; None where it never had one.
        now: the time, in microseconds.

    >>> allowance(10, None, 0), allowance(10, 700_000, 0), allowance(10, 1_000_000, 0)
    (10, 3, 0)
    """
    ahead = begun(pace, next_at, now) - now
    return max(0, (burst(pace) * interval(pace) - ahead) // interval(pace))


def moved(pace: float, next_at: int | None, now: int, taken: int) -> int:
    """Give the code's next moment after so many messages."""
    return begun(pace, next_at, now) + taken * interval(pace)


@attrs.frozen
class Outlook:
    """What a claim may look at.

    Attributes:
        replies: gives replies that are due, at most so many, and of none of these codes.
        of_code: gives MTs of the sends of a code that are due, at most so many.
        codes: gives the codes that have sends under way.

    """

    replies: Callable[[int, Sequence[str]], Found]
    of_code: Callable[[str, int], Found]
    codes: Callable[[], Iterable[str]]


def chosen(outlook: Outlook, allowed: Mapping[str, int], now: int, limit: int) -> Found:
    """Choose what to take in hand: replies first, then sends, code by code in turn.

    Args:
        outlook: what there is.
        allowed: how many each code may hand over; codes that are not in it, any number.
        now: the time, in microseconds; which code has the first turn depends on it.
        limit: at most so many.

    """
    replies = _replies(outlook, allowed, limit)
    room, used = limit - len(replies), Counter(code for _, code in replies)
    if not room:
        return replies
    codes = sorted(outlook.codes())
    first = now % len(codes) if codes else 0
    queues = []
    for code in codes[first:] + codes[:first]:
        most = min(room, allowed[code] - used[code]) if code in allowed else room
        queues.append(outlook.of_code(code, most) if most > 0 else ())
    turns = [mt for mt in chain(*zip_longest(*queues)) if mt is not None]
    return [*replies, *turns[:room]]


def in_pace(
    outlook: Outlook,
    paces: Mapping[str, float],
    next_at: Mapping[str, int | None],
    now: int,
    limit: int,
) -> tuple[Found, Mapping[str, int]]:
    """Choose what to take in hand, as `chosen` does, within the paces of codes.

    Args:
        outlook: what there is.
        paces: messages a second, by code.
        next_at: the next moments of these codes, in microseconds, where they had any.
        now: the time, in microseconds.
        limit: at most so many.

    Returns:
        What to take, and the next moments of the codes that this moves on.

    """
    allowed = {code: allowance(pace, next_at.get(code), now) for code, pace in paces.items()}
    found = chosen(outlook, allowed, now, limit)
    taken = Counter(code for _, code in found if code in paces)
    after = {code: moved(paces[code], next_at.get(code), now, taken[code]) for code in taken}
    return found, after


def _replies(outlook: Outlook, allowed: Mapping[str, int], limit: int) -> Found:
    """Give the first replies, passing over those of codes that have no allowance left."""
    spent = {code for code, left in allowed.items() if left <= 0}
    kept: list[tuple[int, str]] = []
    while True:
        used, within, exceeded = Counter[str](), list[tuple[int, str]](), set[str]()
        for mt, code in outlook.replies(limit - len(kept), sorted(spent)):
            if used[code] < allowed.get(code, limit):
                used[code] += 1
                within.append((mt, code))
            else:
                exceeded.add(code)
        if not exceeded:
            return [*kept, *within]
        # Those of a code that has used up its allowance are taken; ask anew for the others.
        kept += [found for found in within if found[1] in exceeded]
        spent |= exceeded
