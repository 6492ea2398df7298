"""`optin-engine lists`, by the real commands, on a real file."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pexpect
import pytest

from optin_engine.harness.list_import import MOST_SHOWN, REPEATED
from optin_engine.harness.list_numbers import NATIONAL
from optin_engine.stores import Member, open_store
from optin_engine.stores.mailing import PORTION
from optin_engine.web.identifiers import encode
from tests.commanding import assert_fails, done
from tests.operating import COMMAND, run
from tests.sends import add, number_of
from tests.store_contract import ANNE, BILL

HEAD = "mobileNumber,subscriberKey,First Name\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "friends.csv"
    path.write_text(f"{HEAD}{ANNE},ann,Anne\n{BILL},bill,Bill\n")
    return path


def members(url: str) -> Sequence[Member]:
    with open_store(url) as store:
        (known,) = store.lists.every()
        return store.lists.members(known.id)


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
        "encoding": "UTF-8",
        "notText": 0,
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


# -- files that are not UTF-8

SONJA = f"phone;Name\r\n{ANNE};Šonja\r\n{BILL};Bob\r\n"


def test_what_excel_on_windows_writes_is_read_once_its_encoding_is_said(
    url: str, file: Path
) -> None:
    file.write_bytes(SONJA.encode("cp1252"))
    command = "lists", "import", "Friends", file, "--store", url
    told = run(*command).stdout
    assert told.count("--encoding cp1252") == 1
    assert done(*command, "--encoding", "windows-1252").startswith("taken: 2\nrefused: 0\n")
    assert members(url) == (Member(ANNE, "", {"Name": "Šonja"}), Member(BILL, "", {"Name": "Bob"}))


def test_refused_lines_that_are_no_utf_8_are_kept_byte_by_byte(
    url: str, file: Path, tmp_path: Path
) -> None:
    file.write_bytes(SONJA.encode("cp1252"))
    kept = tmp_path / "refused.csv"
    command = "lists", "import", "Friends", "--store", url
    assert run(*command, file, "--refused", kept).returncode == 1
    assert f"{ANNE};Šonja\n".encode("cp1252") in kept.read_bytes()
    done(*command, kept, "--encoding", "cp1252")
    assert members(url)[0] == Member(ANNE, "", {"Name": "Šonja"})


@pytest.mark.parametrize("name", ["klingon", "base64", "idna", "undefined"])
def test_an_encoding_that_reads_no_text_is_refused(url: str, file: Path, name: str) -> None:
    asked = file, "--encoding", name, "--store", url
    assert_fails(2, "--encoding is invalid", "lists", "import", "Friends", *asked)
    assert_fails(2, "--encoding is invalid", "lists", "remove", "Friends", *asked)


# -- lists remove, lists delete


def test_the_numbers_of_a_file_are_taken_out_whatever_else_it_holds(url: str, file: Path) -> None:
    at = "--store", url
    done("lists", "import", "Friends", file, *at)
    wrong = file.with_name("wrong.csv")
    wrong.write_text(f"Number;Why\n{BILL};never asked\n15555550199;unknown\n{BILL}x;broken\n")
    ran = run("lists", "remove", "Friends", wrong, *at)
    assert ran.returncode == 1
    assert ran.stderr.startswith("line 4: the number is not 8 to 15 digits")
    assert ran.stdout.splitlines()[:3] == ["removed: 1", "not in the list: 1", "refused: 1"]
    assert members(url) == (Member(ANNE, "ann", {"First Name": "Anne"}),)


def test_numbers_are_taken_out_and_who_is_not_in_the_list_is_no_fault(url: str, file: Path) -> None:
    at = "--store", url
    done("lists", "import", "Friends", file, *at)
    asked = "lists", "remove", "Friends", "+1 (555) 555-0123", "5555550124", "--country", "US", *at
    first, again = json.loads(done(*asked, "--json")), json.loads(done(*asked, "--json"))
    assert (first["removed"], first["absent"], first["list"]["count"]) == (2, 0, 0)
    assert (again["removed"], again["absent"]) == (0, 2)


def test_what_cannot_be_taken_out_is_one_line(url: str, file: Path) -> None:
    at = "--store", url
    assert_fails(1, "no such list", "lists", "remove", "Friends", file, *at)
    done("lists", "import", "Friends", file, *at)
    assert_fails(2, "none.csv: No such", "lists", "remove", "Friends", "none.csv", *at)
    assert_fails(2, "one file, or numbers", "lists", "remove", "Friends", file, ANNE, *at)
    assert_fails(2, "no calling code", "lists", "remove", "Friends", ANNE, "555-0124", *at)
    assert len(members(url)) == 2


def test_a_list_is_deleted_and_its_name_begins_anew(url: str, file: Path) -> None:
    at = "--store", url
    done("lists", "import", "Friends", file, *at)
    assert_fails(2, "say --yes", "lists", "delete", "Friends", *at)
    (before,) = json.loads(done("lists", "show", "--json", *at))
    told = done("lists", "delete", before["listId"], "--yes", *at)
    assert told == f"deleted: {before['listId']} Friends: 2 numbers\n"
    assert_fails(1, "no such list", "lists", "delete", "Friends", "--yes", *at)
    file.write_text(f"phone\n{ANNE}\n")
    done("lists", "import", "Friends", file, *at)
    (after,) = json.loads(done("lists", "show", "--json", *at))
    assert after["listId"] != before["listId"]
    assert members(url) == (Member(ANNE),)


def test_a_list_that_a_send_under_way_names_is_kept_and_its_token_is_told(
    url: str, file: Path
) -> None:
    at = "--store", url
    done("lists", "import", "Friends", file, *at)
    with open_store(url) as store:
        (known,) = store.lists.every()
        token = encode(add(store, known.id), "send")
    assert_fails(1, f"not over: {token}. Cancel", "lists", "delete", "Friends", "--yes", *at)
    done("sends", "cancel", token, *at)
    done("lists", "delete", "Friends", "--yes", *at)
    assert done("sends", "show", token, *at).startswith(token)
