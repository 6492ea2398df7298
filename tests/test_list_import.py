"""Imports that break off: what was read is kept, and it is said where to go on."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from optin_engine.harness.list_files import Listed, RefusedLine
from optin_engine.harness.list_import import REPEATED, Import, without_repeats
from optin_engine.harness.refusal import CommandError
from optin_engine.stores import Lists, Member, Store, Unavailable
from optin_engine.stores.mailing import PORTION
from tests.sends import a_list, number_of


def lines(count: int, first: int = 2) -> Iterator[Listed | RefusedLine]:
    return (Listed(n, Member(number_of(n))) for n in range(first, first + count))


def ends(count: int, error: BaseException) -> Iterator[Listed | RefusedLine]:
    yield from lines(count)
    raise error


def broken_import(
    store: Store, lists: Lists, given: Iterable[Listed | RefusedLine]
) -> CommandError:
    """Import what breaks off; give what is said of it."""
    task = Import(lists, a_list(store, "Friends"), "friends.csv", str, str)
    with pytest.raises(CommandError) as said:
        task.take(given)
    return said.value


@pytest.mark.parametrize("count", [0, 7, PORTION, PORTION + 7])
def test_a_broken_file_loses_nothing_that_was_read(store: Store, count: int) -> None:
    error = OSError(5, "Input/output error")
    said = broken_import(store, store.lists, ends(count, error))
    friends = a_list(store, "Friends")
    assert store.lists.count(friends) == count
    go_on = f"{count:,} lines are in the list, 0 were refused; go on with --from-line "
    assert said.lines == ("friends.csv: Input/output error", f"{go_on}{count + 2 if count else 1}")
    assert said.status == 2


class Full:
    """Lists whose disk is full after so many portions."""

    def __init__(self, lists: Lists, portions: int) -> None:
        self._lists, self._left = lists, portions

    def __getattr__(self, name: str) -> Any:
        return getattr(self._lists, name)

    def fill(self, list_: int, members: Iterable[Member]) -> None:
        if not self._left:
            message = "The disk is full."
            raise Unavailable(message)
        self._left -= 1
        self._lists.fill(list_, members)


def test_a_store_that_is_full_is_filled_from_where_it_broke_off(store: Store) -> None:
    lists: Any = Full(store.lists, 1)
    said = broken_import(store, lists, lines(PORTION + 7))
    go_on = f"5,000 lines are in the list, 0 were refused; go on with --from-line {PORTION + 2}"
    assert said.lines == ("The disk is full.", go_on)
    friends = a_list(store, "Friends")
    task = Import(store.lists, friends, "friends.csv", str, str, PORTION + 2)
    assert task.take(lines(PORTION + 7)).taken == 7
    assert store.lists.count(friends) == PORTION + 7


def test_an_interrupted_import_says_where_to_go_on(store: Store) -> None:
    said = broken_import(store, store.lists, ends(PORTION + 7, KeyboardInterrupt()))
    assert (said.lines[0], said.status) == ("interrupted", 130)
    assert said.lines[1].endswith(f"go on with --from-line {PORTION + 2}")
    assert store.lists.count(a_list(store, "Friends")) == PORTION


def test_a_refused_line_that_could_not_be_written_down_is_where_to_go_on(store: Store) -> None:
    def refuse(line: RefusedLine) -> None:
        if line.line == 4:
            raise OSError(28, "No space left on device", "refused.csv")

    task = Import(store.lists, a_list(store, "Friends"), "friends.csv", refuse, str)
    given = [*lines(1), RefusedLine(3, "bad"), RefusedLine(4, "bad"), *lines(9)]
    with pytest.raises(CommandError) as said:
        task.take(given)
    assert said.value.lines == (
        "refused.csv: No space left on device",
        "1 lines are in the list, 1 were refused; go on with --from-line 4",
    )


def test_a_number_is_as_the_first_of_its_lines_has_it() -> None:
    first, bad = [*lines(3)], RefusedLine(5, "bad")
    again = [Listed(6, Member(number_of(3))), Listed(7, Member(number_of(9)))]
    *kept, repeated, new = without_repeats([*first, bad, *again])
    assert kept == [*first, bad]
    assert repeated == RefusedLine(6, REPEATED, "+*********03")
    assert new == again[1]
