"""What an import counts, over as many portions as it takes."""

from collections import Counter
from collections.abc import Iterator

import pytest

from optin_engine.harness.list_files import Listed, RefusedLine
from optin_engine.harness.list_import import Import
from optin_engine.stores import Member, open_store
from optin_engine.stores.mailing import PORTION
from tests.sends import a_list

ODD, BAD, NO_NUMBER = "it looks odd", "it is bad", "it is no number"


def lines(count: int) -> Iterator[Listed | RefusedLine]:
    """Give lines of which every third has a remark, and every fourth is refused by turns."""
    for line in range(2, count + 2):
        if line % 4 == 0:
            yield RefusedLine(line, BAD if line % 8 == 0 else NO_NUMBER)
        else:
            member = Member(f"+1555{line:07}")
            yield Listed(line, member, remark=ODD if line % 3 == 0 else "")


@pytest.mark.parametrize("count", [0, PORTION - 1, PORTION, 2 * PORTION + 7])
def test_each_line_counts_once_however_many_portions_there_are(count: int) -> None:
    given, told = [*lines(count)], list[int]()
    refused = [line for line in given if isinstance(line, RefusedLine)]
    taken = [line for line in given if isinstance(line, Listed)]
    with open_store("memory:") as store:
        friends = a_list(store, "Friends")
        tally = Import(store.lists, friends, "friends.csv", str, told.append).take(given)
        kept = store.lists.count(friends)
    assert tally.taken == kept == len(taken)
    assert tally.refused == Counter(line.reason for line in refused)
    assert tally.remarks == Counter(line.remark for line in taken if line.remark)
    # No line is left for the last portion where the others took them all.
    assert told == [*range(PORTION, count + 1, PORTION), count]
    assert tally.next_line == max(line.line for line in given) + 1 if given else 1
