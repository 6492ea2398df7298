"""Files of list members: every way they are written, and every way they are broken."""

import csv
from io import BufferedReader, BytesIO, RawIOBase, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.harness import csv_lines, list_numbers
from optin_engine.harness.csv_lines import HAS_NUL, LONGEST_LINE, TOO_LONG, UNCLOSED
from optin_engine.harness.list_files import LONG_KEY, WRONG_WIDTH, Listed, MemberFile, RefusedLine
from optin_engine.harness.list_numbers import international, reads_numbers
from optin_engine.harness.mos import UnfitError
from optin_engine.harness.refusal import CommandError
from optin_engine.stores import Member

ANN, BILL = "15555550123", "15555550124"


def members(file: bytes) -> MemberFile:
    return MemberFile(BufferedReader(BytesIO(file)), international)


def refused(file: bytes) -> list[tuple[int, str]]:
    return [(r.line, r.reason) for r in members(file) if isinstance(r, RefusedLine)]


def numbers(file: bytes) -> list[tuple[int, str]]:
    return [(r.line, r.member.number) for r in members(file) if isinstance(r, Listed)]


TABLE = f"MobileNumber;Vorname;subscriber_key\r\n{ANN};Jürgen 🐟;7\r\n\r\n+1 (555) 555-0124;;\r\n"
WRITTEN = {
    "UTF-8": TABLE.encode(),
    "UTF-8 with a byte order mark": TABLE.encode("utf-8-sig"),
    "UTF-16, the lesser byte first": TABLE.encode("utf-16"),
    "UTF-16, the greater byte first": b"\xfe\xff" + TABLE.encode("utf-16-be"),
    "commas": TABLE.replace(";", ",").encode(),
    "tabs": TABLE.replace(";", "\t").encode(),
    "the line ends of Unix": TABLE.replace("\r\n", "\n").encode(),
    "the line ends of an old Mac": TABLE.replace("\r\n", "\r").encode(),
    "an apostrophe, which says that a cell is text": TABLE.replace("+", "'+").encode(),
    "quotes": TABLE.replace("Jürgen 🐟", '"Jürgen 🐟"').encode(),
}


@pytest.mark.parametrize("file", WRITTEN.values(), ids=list(WRITTEN))
def test_a_file_is_read_however_its_system_writes_it(file: bytes) -> None:
    assert list(members(file)) == [
        Listed(2, Member(f"+{ANN}", "7", {"Vorname": "Jürgen 🐟"})),
        Listed(4, Member(f"+{BILL}", "", {"Vorname": ""})),
    ]


def test_a_column_of_numbers_is_enough_and_a_column_without_a_name_is_passed_over() -> None:
    (alone,) = members(f"phone\n{ANN}".encode())
    (beside,) = members(f"\n \nNUMBER,,\n{ANN},x,\n".encode())
    assert alone == Listed(2, Member(f"+{ANN}"))
    assert beside == Listed(4, Member(f"+{ANN}"))


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\n \n", "the file is empty"),
        (f"{ANN},Ann\n".encode(), "line 1 is no header"),
        (b"\nname,key\n", "line 2 is no header"),
        (b"phone,name,Number\n", "line 1: columns 1 and 3 are both the number"),
        (b"phone,first name,FIRST  NAME\n", "columns 2 and 3 are both the attribute FIRST NAME"),
        (b"phone,subscriberkey,Subscriber Key\n", "columns 2 and 3 are both the subscriberKey"),
        (b"phone,na\xff\n", "not UTF-8"),
        (b"phone" * LONGEST_LINE, "longer than"),
    ],
)
def test_a_file_without_a_fit_header_is_refused_and_nothing_of_it_is_repeated(
    file: bytes, reason: str
) -> None:
    with pytest.raises(UnfitError, match=reason) as unfit:
        members(file)
    assert ANN not in str(unfit.value)


GOOD = f"{BILL},b".encode()

# fmt: off
BAD = [
    # the line                                  why it is refused
    (f"{ANN}".encode(),                         WRONG_WIDTH),
    (f"{ANN},a,b".encode(),                     WRONG_WIDTH),
    (f"{ANN},a\0".encode(),                     HAS_NUL),
    (f"{ANN},a\xff".encode("latin-1"),          csv_lines.NO_TEXT.format("UTF-8")),
    (f"{ANN},{'a' * LONGEST_LINE}".encode(),    TOO_LONG),
    (f'{ANN},{"a" * 3 * LONGEST_LINE}"'.encode(), TOO_LONG),
    (f'{ANN},"{"a" * LONGEST_LINE}'.encode(),   TOO_LONG),
    (f'{ANN},"open'.encode(),                   UNCLOSED),
    (f'{ANN},"half" open'.encode(),             UNCLOSED),
    (b",a",                                     list_numbers.MISSING),
    (b"555-0123,a",                             list_numbers.NATIONAL),
    (b"1.55556E+10,a",                          list_numbers.ROUNDED),
    (b"0015555550123,a",                        list_numbers.NATIONAL),
    (b"+1555,a",                                list_numbers.NO_NUMBER),
    (b"=HYPERLINK(1),a",                        list_numbers.NO_NUMBER),
    ("١٢٣٤٥٦٧٨٩,a".encode(),                    list_numbers.NO_NUMBER),
]
# fmt: on


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_bad_line_is_refused_and_the_lines_around_it_are_not(line: bytes, reason: str) -> None:
    file = b"\n".join((b"phone,name", GOOD, line, GOOD, b"", GOOD))
    assert refused(file) == [(3, reason)]
    assert numbers(file) == [(2, f"+{BILL}"), (4, f"+{BILL}"), (6, f"+{BILL}")]


def test_a_key_that_is_too_long_is_refused() -> None:
    file = f"phone,subscriberKey\n{ANN},{'k' * 254}\n{BILL},{'k' * 255}\n".encode()
    assert (numbers(file), refused(file)) == ([(2, f"+{ANN}")], [(3, LONG_KEY)])


def test_what_is_told_of_a_refused_number_is_its_last_two_characters() -> None:
    file = f"phone,name\n{ANN}x,Ann\n{'9' * 300},Bill\n1\x1b[2J\x1b,C\n".encode()
    told = [line.number for line in members(file) if isinstance(line, RefusedLine)]
    assert told == ["**********3x", "*" * 18 + "99", "****J\\x1b"]


def test_a_closed_quote_may_hold_line_breaks_and_its_record_has_the_number_of_the_first() -> None:
    file = f'phone,name\n{ANN},"Ann\n""O""\nK"\n{BILL},b\n'.encode()
    first, second = members(file)
    assert first == Listed(2, Member(f"+{ANN}", "", {"name": 'Ann\n"O"\nK'}))
    assert second == Listed(5, Member(f"+{BILL}", "", {"name": "b"}))


@pytest.mark.parametrize("after", [0, 1, csv_lines.MOST_LINES - 1, csv_lines.MOST_LINES, 1000])
def test_a_quote_that_nobody_closes_costs_its_own_line_alone(after: int) -> None:
    lines = [b"phone,name", f'{ANN},"open'.encode(), *[GOOD] * after]
    file = b"\n".join(lines)
    assert refused(file) == [(2, UNCLOSED)]
    assert numbers(file) == [(line, f"+{BILL}") for line in range(3, 3 + after)]


def test_each_of_two_bad_lines_is_refused_for_its_own_fault() -> None:
    file = b"\n".join((b"phone,name", f'{ANN},"open'.encode(), b"1\0,a", GOOD))
    assert refused(file) == [(2, UNCLOSED), (3, HAS_NUL)]
    assert numbers(file) == [(4, f"+{BILL}")]


def test_a_file_that_was_cut_off_within_a_line_is_known_by_its_end() -> None:
    whole, cut = members(b"phone,name\n" + GOOD + b"\n"), members(b"phone,name\n" + GOOD)
    assert (len(list(whole)), len(list(cut))) == (1, 1)
    assert (whole.is_whole, cut.is_whole) == (True, False)


def test_a_utf_16_file_that_was_cut_off_within_a_character_loses_that_line_alone() -> None:
    file = f"phone,name\n{ANN},a\n{BILL},b".encode("utf-16")[:-1]
    assert (numbers(file), refused(file)) == (
        [(2, f"+{ANN}")],
        [(3, csv_lines.NO_TEXT.format("UTF-16"))],
    )


class BrokenDisk(RawIOBase):
    """Gives some bytes, and then an error."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._content:
            raise OSError(5, "Input/output error")
        part, self._content = self._content[: len(buffer)], self._content[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def test_every_whole_line_before_an_error_of_the_disk_is_given() -> None:
    count = 5000
    content = b"phone,name\n" + (GOOD + b"\n") * count + b"155"
    lines = iter(MemberFile(BufferedReader(BrokenDisk(content)), international))
    assert [next(lines).line for _ in range(count)] == list(range(2, count + 2))
    with pytest.raises(OSError, match="Input/output error"):
        next(lines)


CELLS = st.text(st.characters(exclude_characters="\0\r\ufffd", exclude_categories=["Cs"]))


@given(st.lists(CELLS, max_size=20), st.sampled_from(",;\t"), st.sampled_from(["utf-8", "utf-16"]))
def test_what_python_writes_as_csv_is_read_as_it_was(
    names: list[str], delimiter: str, encoding: str
) -> None:
    text = StringIO()
    rows = csv.writer(text, delimiter=delimiter)
    rows.writerow(("number", "name"))
    rows.writerows((ANN, name) for name in names)
    found = list(members(text.getvalue().encode(encoding)))
    assert all(isinstance(line, Listed) for line in found)
    attributes = [line.member.attributes for line in found if isinstance(line, Listed)]
    assert attributes == [{"name": name.strip()} for name in names]


@given(st.lists(st.text('",;\n+1 5\0x', max_size=30) | st.just(f"{ANN},a"), max_size=30))
def test_whatever_a_file_holds_each_line_is_given_or_refused_once_in_its_order(
    texts: list[str],
) -> None:
    file = "\n".join(["number,name", *texts]).encode()
    found = [line.line for line in members(file)]
    assert found == sorted(set(found))
    assert all(2 <= line <= file.count(b"\n") + 1 for line in found)


# fmt: off
DIALLED = [
    # country  as it is written       in E.164
    ("",       "15555550123",         "+15555550123"),
    ("",       "+1 (555) 555-01.23",  "+15555550123"),
    ("US",     "(555) 555-0123",      "+15555550123"),
    ("us",     "1-555-555-0123",      "+15555550123"),
    ("US",     "+33 6 12 34 56 78",   "+33612345678"),
    ("FR",     "06 12 34 56 78",      "+33612345678"),
    ("FR",     "0033612345678",       "+33612345678"),
]
NOT_DIALLED = [
    ("US",     "555-0123"),
    ("US",     "1-800-FLOWERS"),
    ("US",     "555-555-0123 x5"),
    ("US",     "123456"),
    ("US",     "1.55556E+10"),
    ("US",     ""),
    ("",       "5555550123" * 2),
    ("",       "++15555550123"),
    ("",       "+0123456789"),
]
# fmt: on


@pytest.mark.parametrize(("country", "written", "number"), DIALLED)
def test_a_number_is_read_into_e_164(country: str, written: str, number: str) -> None:
    assert reads_numbers(country)(written) == number


@pytest.mark.parametrize(("country", "written"), NOT_DIALLED)
def test_what_is_no_number_of_a_handset_is_refused(country: str, written: str) -> None:
    with pytest.raises(UnfitError):
        reads_numbers(country)(written)


@pytest.mark.parametrize("country", ["XX", "USA", "1"])
def test_a_country_that_there_is_not_is_refused(country: str) -> None:
    with pytest.raises(CommandError, match="--country is invalid"):
        reads_numbers(country)
