"""`optin-engine lists` and `sends`, by the real commands, on a real file."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pexpect
import pytest

from optin_engine.harness.list_files import Listed, RefusedLine
from optin_engine.harness.list_import import MOST_SHOWN, REPEATED, Import, without_repeats
from optin_engine.harness.list_numbers import NATIONAL
from optin_engine.harness.refusal import CommandError
from optin_engine.stores import Fate, Lists, Member, Store, Unavailable, open_store
from optin_engine.stores.mailing import PORTION
from optin_engine.web.identifiers import encode
from tests.operating import COMMAND, run
from tests.sends import a_list, number_of, sent_to, settle
from tests.store_contract import ANNE, BILL, CODE, NOW

HEAD = "mobileNumber,subscriberKey,First Name\n"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Give the URL of a store with nothing in it."""
    made = f"sqlite:///{tmp_path}/optin.db"
    open_store(made).close()
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "friends.csv"
    path.write_text(f"{HEAD}{ANNE},ann,Anne\n{BILL},bill,Bill\n")
    return path


def members(url: str) -> Sequence[Member]:
    with open_store(url) as store:
        (known,) = store.lists.every()
        return store.lists.members(known.id)


def done(*arguments: object, status: int = 0) -> str:
    ran = run(*arguments)
    assert (ran.returncode, ran.stderr if status == 0 else "") == (status, ""), ran
    return ran.stdout


def assert_fails(status: int, reason: str, *arguments: object) -> None:
    ran = run(*arguments)
    assert (ran.returncode, ran.stdout) == (status, ""), ran
    assert ran.stderr.startswith("optin-engine: error: ")
    assert reason in ran.stderr
    assert ANNE not in ran.stderr


# -- lists import


def test_an_import_fills_a_list_and_may_be_run_again(url: str, file: Path) -> None:
    command = "lists", "import", "Friends", file, "--store", url
    first = done(*command)
    *counts, list_ = first.splitlines()
    assert counts == ["taken: 2", "refused: 0"]
    assert list_.endswith(" Friends: 2 numbers")
    assert members(url) == (
        Member(ANNE, "ann", {"First Name": "Anne"}),
        Member(BILL, "bill", {"First Name": "Bill"}),
    )
    file.write_text(f"phone\n{BILL}\n")
    assert done(*command).splitlines() == ["taken: 1", "refused: 0", list_]
    assert members(url)[1] == Member(BILL)


def test_refused_lines_are_shown_masked_and_the_rest_is_taken(url: str, file: Path) -> None:
    file.write_text(f"{HEAD}{ANNE},a,A\n{ANNE}x,b,B\n{ANNE},c,C\n{BILL}\n{BILL},d,D")
    ran = run("lists", "import", "Friends", file, "--store", url)
    assert ran.returncode == 1
    assert ran.stderr.splitlines() == [
        "line 3: the number is not 8 to 15 digits with the calling code: +**********3x",
        f"line 4: {REPEATED}: +*********23",
        "line 5: the line has not as many cells as the header",
    ]
    assert ran.stdout.splitlines()[:2] == ["taken: 2", "refused: 3"]
    assert "The last line (6) has no end: was the file cut off there?" in ran.stdout
    assert [member.key for member in members(url)] == ["a", "d"]


def test_all_refused_lines_are_written_to_a_file_or_the_first_are_shown(
    url: str, file: Path, tmp_path: Path
) -> None:
    file.write_text("phone\n" + "1\n" * (MOST_SHOWN + 1))
    command = "lists", "import", "Friends", file, "--store", url
    ran = run(*command)
    assert len(ran.stderr.splitlines()) == MOST_SHOWN
    assert f"The first {MOST_SHOWN} were shown; --refused FILE writes all." in ran.stdout
    kept = tmp_path / "refused.csv"
    ran = run(*command, "--refused", kept)
    head, first, *rest = csv.reader(kept.read_text().splitlines())
    assert (head, first) == (["whyRefused", "phone"], [f"line 2: {NATIONAL}", "1"])
    assert (len(rest), ran.stderr, "were shown" in ran.stdout) == (MOST_SHOWN, "", False)


def test_a_report_is_given_as_json(url: str, file: Path) -> None:
    file.write_text(f"{HEAD}{ANNE},a,A\n,b,B\n")
    shown = done("lists", "import", "Friends", file, "--json", "--store", url, status=1)
    report = json.loads(shown)
    list_ = report.pop("list")
    assert report == {
        "taken": 1,
        "remarks": {},
        "refused": 1,
        "reasons": {"the number is missing": 1},
        "lastLine": 3,
        "isWhole": True,
    }
    (same,) = json.loads(done("lists", "show", list_["listId"], "--json", "--store", url))
    assert (same, list_["name"], list_["count"]) == (list_, "Friends", 1)


def test_numbers_are_read_as_they_are_dialled_in_a_country(url: str, file: Path) -> None:
    file.write_text("Phone\n(555) 555-0123\n")
    done("lists", "import", "Friends", file, "--country", "US", "--store", url)
    assert members(url) == (Member(ANNE),)


def test_an_import_goes_on_from_a_line_and_still_knows_what_stood_before(
    url: str, file: Path
) -> None:
    file.write_text(f"phone,name\n{ANNE},first\nbad\n{BILL},b\n{ANNE},second\n")
    shown = run("lists", "import", "Friends", file, "--from-line", 4, "--store", url)
    assert shown.stderr.splitlines() == [f"line 5: {REPEATED}: +*********23"]
    assert members(url) == (Member(BILL, "", {"name": "b"}),)
    after_its_end = "lists", "import", "Friends", file, "--from-line", 99, "--json", "--store", url
    report = json.loads(done(*after_its_end))
    assert (report["taken"], report["refused"], report["lastLine"]) == (0, 0, 5)


def test_what_cannot_be_imported_is_one_line_and_makes_no_list(
    url: str, file: Path, tmp_path: Path
) -> None:
    at = "--store", url
    assert_fails(2, "none.csv: No such file", "lists", "import", "F", tmp_path / "none.csv", *at)
    assert_fails(2, "Is a directory", "lists", "import", "F", tmp_path, *at)
    assert_fails(2, "a list needs a name", "lists", "import", " ", file, *at)
    assert_fails(2, "more than 100 characters", "lists", "import", "x" * 101, file, *at)
    assert_fails(2, "--country", "lists", "import", "F", file, "--country", "XX", *at)
    assert_fails(2, "written over", "lists", "import", "F", file, "--refused", file, *at)
    missing = f"sqlite:///{tmp_path}/none.db"
    assert_fails(2, "none.db", "lists", "import", "F", file, "--store", missing)
    file.write_text(f"{ANNE},Anne\n")
    assert_fails(2, "friends.csv: line 1 is no header", "lists", "import", "F", file, *at)
    assert done("lists", "show", *at) == ""


def test_an_import_shows_a_progress_bar_on_a_terminal(url: str, file: Path) -> None:
    file.write_text("phone\n" + "".join(f"{number_of(n)}\n" for n in range(PORTION + 1)))
    arguments = [*COMMAND[1:], "lists", "import", "Friends", str(file), "--store", url]
    child = pexpect.spawn(COMMAND[0], arguments, encoding="utf-8", timeout=60)
    child.expect("5,000 lines")
    child.expect("taken: 5,001")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


# -- what breaks off


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


def test_a_number_is_as_the_first_of_its_lines_has_it() -> None:
    first, bad = [*lines(3)], RefusedLine(5, "bad")
    again = [Listed(6, Member(number_of(3))), Listed(7, Member(number_of(9)))]
    *kept, repeated, new = without_repeats([*first, bad, *again])
    assert kept == [*first, bad]
    assert repeated == RefusedLine(6, REPEATED, "+*********03")
    assert new == again[1]


# -- sends


@pytest.fixture
def token(url: str) -> str:
    with open_store(url) as store:
        return encode(sent_to(store, ANNE), "send")


def test_sends_are_listed_shown_and_steered(url: str, token: str) -> None:
    at = "--store", url
    kind = f"contact send on {CODE} NEWS, 1 queued, 0 sent"
    about = f"{kind}, 1 waiting, 0 dropped"
    began = f"{token} {NOW.isoformat().replace('+00:00', 'Z')}"
    assert done("sends", "list", *at) == f"{began} Started, {about}\n"
    assert done("sends", "pause", token, *at) == f"{began} Paused, {about}\n"
    assert done("sends", "resume", token, *at) == f"{began} Started, {about}\n"
    about = f"{kind}, 1 cancelled, 0 dropped"
    assert done("sends", "cancel", token, *at) == f"{began} Cancelled, {about}\n"
    assert_fails(1, "The send is Cancelled, and cannot be resumed.", "sends", "resume", token, *at)
    shown = done("sends", "show", token, *at).splitlines()
    assert shown[0] == f"{began} Cancelled, {about}"
    assert "  messages: 1 cancelled" in shown
    assert ANNE not in "".join(shown)


def test_what_came_of_what_was_queued_is_told_by_its_fates(url: str) -> None:
    with open_store(url) as store:
        send = sent_to(store, *map(number_of, range(7)))
        mts = [mt.id for mt in store.sends.mts(send)]
        fates = (Fate.SENT, Fate.SENT, Fate.SENT, Fate.DEAD)
        claimed = store.claim(NOW, NOW + timedelta(minutes=1), 4)
        for mt, fate in zip(claimed, fates, strict=True):
            settle(store, [mt.id], fate, provider_id=f"SM{mt.id}")
        for name, fate in zip(mts, (Fate.DELIVERED, Fate.REJECTED), strict=False):
            store.delivered(f"SM{name}", fate, NOW)
        store.sends.cancel(send, NOW, 2)
    (line,) = done("sends", "list", "--store", url).splitlines()
    assert line.endswith("7 queued, 3 sent, 1 waiting, 2 cancelled, 1 given up, 0 dropped")
    (report,) = json.loads(done("sends", "list", "--json", "--store", url))
    assert (report["queued"], report["sent"]) == (7, 3)


def test_a_send_is_shown_as_json(url: str, token: str) -> None:
    report = json.loads(done("sends", "show", token, "--json", "--store", url))
    assert json.loads(done("sends", "list", "--json", "--store", url)) == [report]
    assert (report["tokenId"], report["status"], report["queued"]) == (token, "Started", 1)
    assert report["messages"] == {fate.value: int(fate == Fate.QUEUED) for fate in Fate}


def test_what_the_store_does_not_have_is_one_line(url: str) -> None:
    at = "--store", url
    assert_fails(2, "--limit", "sends", "list", "--limit", 2**64, *at)
    for token in ("nothing", encode(7, "send"), encode(7, "list")):
        assert_fails(1, "the store has no such send", "sends", "show", token, *at)
        assert_fails(1, "the store has no such send", "sends", "cancel", token, *at)
        assert_fails(1, "the store has no such list", "lists", "show", token, *at)
