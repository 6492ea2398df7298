"""Takes numbers out of a list, and says why a list cannot be deleted.

As an import does, a removal goes on by portions, each kept before the next is read. Who is
not in the list is no fault, so that what was cut off may be run again.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from optin_engine.harness.list_files import Listed, RefusedLine
from optin_engine.harness.list_import import lists_lines
from optin_engine.harness.list_numbers import ReadNumber
from optin_engine.harness.mos import UnfitError
from optin_engine.harness.refusal import CommandError
from optin_engine.stores import Lists, Member
from optin_engine.stores.mailing import PORTION

Report = dict[str, Any]

# So many sends are named where they keep a list from being deleted.
MOST_NAMED = 10
NAMED = "The list is named by sends that are not over: {}. Cancel them, or wait until they are."

_LIKE_A_NUMBER = re.compile(r"\+?[0-9(][0-9 .()/-]*")


def are_numbers(words: Sequence[str]) -> bool:
    """Tell whether words are numbers, and not the name of a file.

    >>> are_numbers(["+1 (555) 555-0123", "15555550124"]), are_numbers(["2026.csv"])
    (True, False)
    """
    return all(map(_LIKE_A_NUMBER.fullmatch, words))


def listed(words: Sequence[str], read_number: ReadNumber) -> Sequence[Listed]:
    """Give numbers as the lines of a file would be given.

    Raises:
        CommandError: one of them is none.

    """
    try:
        return [Listed(place, Member(read_number(word))) for place, word in enumerate(words, 1)]
    except UnfitError as unfit:
        raise CommandError(str(unfit)) from None


def take_out(
    lists: Lists,
    list_: int,
    lines: Iterable[Listed | RefusedLine],
    refuse: Callable[[RefusedLine], object] = str,
) -> Report:
    """Take the numbers of lines out of a list.

    Args:
        lists: the store's.
        list_: the id of the one that is meant.
        lines: as `MemberFile` gives them; only their numbers count.
        refuse: is told of each line that is refused.

    Returns:
        How many members were `removed`, how many lines named nobody who was in the list
        (`absent`), and how many were `refused`, by `reasons`.

    Raises:
        OSError: the file cannot be read on; what was read before is removed.

    """
    reasons: Counter[str] = Counter()
    removed = taken = 0
    rest = iter(lines)
    while portion := list(islice(rest, PORTION)):
        numbers = []
        for line in portion:
            if isinstance(line, Listed):
                numbers.append(line.member.number)
            else:
                reasons[line.reason] += 1
                refuse(line)
        taken += len(numbers)
        removed += lists.remove(list_, numbers)
    return {
        "removed": removed,
        "absent": taken - removed,
        "refused": reasons.total(),
        "reasons": dict(reasons.most_common()),
    }


def removal_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Give what was taken out, and the `list` as it is now, as lines for people."""
    yield f"removed: {report['removed']:,}"
    if report["absent"]:
        yield f"not in the list: {report['absent']:,}"
    if report["refused"]:
        yield f"refused: {report['refused']:,}"
    for reason, many in report["reasons"].items():
        yield f"  {many:,}: {reason}"
    yield from lists_lines([report["list"]])


def kept_by(tokens: Sequence[str]) -> str:
    """Say which sends keep a list from being deleted.

    Args:
        tokens: by which callers know the sends.

    >>> kept_by(["MzA6Nzk6MA"])[:66]
    'The list is named by sends that are not over: MzA6Nzk6MA. Cancel t'
    """
    more = len(tokens) - MOST_NAMED
    named = ", ".join(tokens[:MOST_NAMED])
    return NAMED.format(f"{named} and {more} more" if more > 0 else named)
