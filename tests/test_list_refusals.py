"""What an import leaves behind: refused lines that can be mended, and remarks on numbers."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optin_engine.harness.csv_lines import UNCLOSED
from optin_engine.harness.list_files import WRONG_WIDTH
from optin_engine.harness.list_import import REPEATED
from optin_engine.harness.list_numbers import NATIONAL, remarks_on
from optin_engine.stores import Member, open_store
from tests.operating import run
from tests.store_contract import ANNE, BILL

CARL = "+15555550125"
BRAZIL = "no + and no --country; taken as +55 (Brazil)"


def members(url: str) -> Sequence[Member]:
    with open_store(url) as store:
        (known,) = store.lists.every()
        return store.lists.members(known.id)


def imported(url: str, file: Path, *more: object) -> tuple[int, str, str]:
    ran = run("lists", "import", "Friends", file, "--store", url, *more)
    return ran.returncode, ran.stdout, ran.stderr


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-16"), ("\t", "utf-8-sig")]
)
def test_refused_lines_are_kept_as_they_were_and_are_imported_once_mended(
    url: str, tmp_path: Path, delimiter: str, encoding: str
) -> None:
    file, kept, again = tmp_path / "a.csv", tmp_path / "refused.csv", tmp_path / "again.csv"
    bad = [f"555-0123,Ann-Zoë {ANNE}", f'{BILL},"open', CARL]
    text = "\r\n".join(["Phone,First Name", f"{ANNE},A", f"{ANNE},B", *bad, ""])
    file.write_text(text.replace(",", delimiter), encoding=encoding, newline="")
    status, _, errors = imported(url, file, "--refused", kept)
    assert (status, errors) == (1, "")
    lines = kept.read_text(encoding="utf-8").replace(delimiter, ",").splitlines()
    assert lines == [
        "whyRefused,Phone,First Name",
        f"line 3: {REPEATED},{ANNE},B",
        f'"line 4: {NATIONAL}",{bad[0]}' if delimiter == "," else f"line 4: {NATIONAL},{bad[0]}",
        f'"line 5: {UNCLOSED}",{bad[1]}' if delimiter == "," else f"line 5: {UNCLOSED},{bad[1]}",
        f"line 6: {WRONG_WIDTH},{bad[2]}",
    ]
    mended = kept.read_text(encoding="utf-8").replace("555-0123", "+15555550124")
    mended = mended.replace(f'{BILL}{delimiter}"open', f"+15555550126{delimiter}B")
    kept.write_text(mended, encoding="utf-8")
    # What was not mended yet is refused again, and may be mended then.
    assert imported(url, kept, "--refused", again)[0] == 1
    assert again.read_text(encoding="utf-8").count("whyRefused") == 2
    again.write_text(
        again.read_text(encoding="utf-8").rstrip() + f"{delimiter}Carl\n", encoding="utf-8"
    )
    assert imported(url, again)[0] == 0
    named = {member.number: member.attributes for member in members(url)}
    assert named == {
        ANNE: {"First Name": "B"},
        "+15555550124": {"First Name": f"Ann-Zoë {ANNE}"},
        CARL: {"First Name": "Carl"},
        "+15555550126": {"First Name": "B"},
    }


CELLS = st.text(
    st.characters(exclude_characters="\0\r\ufffd", exclude_categories=["Cs"]), max_size=9
)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5), st.sampled_from(",;\t"))
@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_every_refused_row_comes_back_cell_by_cell(
    tmp_path: Path, url: str, rows: list[tuple[str, str]], delimiter: str
) -> None:
    file, kept = tmp_path / "a.csv", tmp_path / "refused.csv"
    with file.open("w", encoding="utf-8", newline="") as written:
        writer = csv.writer(written, delimiter=delimiter)
        writer.writerow(("phone", "one", "two"))
        writer.writerows(("12", *row) for row in rows)
    assert imported(url, file, "--refused", kept)[0] == 1
    with kept.open(encoding="utf-8", newline="") as read:
        _, *found = csv.reader(read, delimiter=delimiter)
    assert [tuple(cells[1:]) for cells in found] == [("12", *row) for row in rows]


def test_the_help_says_that_the_file_of_refused_lines_holds_personal_data() -> None:
    assert "personal data" in run("lists", "import", "--help").stdout


# fmt: off
REMARKS = [
    # as it is written  country  remark
    ("5555550123",      "",      BRAZIL),
    ("55555501",        "",      BRAZIL),
    ("2025550123",      "",      BRAZIL.replace("+55 (Brazil)", "+20 (Egypt)")),
    ("1202555012",      "",      BRAZIL.replace("+55 (Brazil)", "+1")),
    ("21012345678",     "",      BRAZIL.replace("+55 (Brazil)", "a number of no country")),
    ("15555550123",     "",      ""),
    ("447700900123",    "",      ""),
    ("+5555550123",     "",      ""),
    ("5555550123",      "US",    ""),
]
# fmt: on


@pytest.mark.parametrize(("written", "country", "remark"), REMARKS)
def test_a_number_that_may_lack_its_calling_code_is_remarked_on(
    written: str, country: str, remark: str
) -> None:
    assert remarks_on(country)(written) == remark


def test_remarks_are_counted_in_the_report_of_what_was_taken(url: str, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("phone\n5555550123\n5555550124\n5555550124\n555\n15555550123\n")
    _, told, _ = imported(url, file)
    assert told.splitlines()[:3] == ["taken: 3", f"  2: {BRAZIL}", "refused: 2"]
    _, told, _ = imported(url, file, "--json")
    assert json.loads(told)["remarks"] == {BRAZIL: 2}
    _, told, _ = imported(url, file, "--country", "US", "--json")
    assert json.loads(told)["remarks"] == {}
