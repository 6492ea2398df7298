"""Files of list members: CSV with a header row, read line by line, each a member or refused.

The header names the columns in any case, with spaces, hyphens and underscores or without:
`mobileNumber` (also `number` or `phone`), and if there is one `subscriberKey`. Every other
column is an attribute that texts may name, and one without a name is passed over; so is the
column that `lists import --refused` has added. Commas, semicolons or tabs stand between cells:
those by which the header has a number.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from io import BufferedReader

import attrs

from optin_engine.harness.csv_lines import HAS_NUL, UTF_8, Lines, Record, records
from optin_engine.harness.list_numbers import ReadNumber
from optin_engine.harness.mos import BadLine, UnfitError
from optin_engine.harness.standing import printable
from optin_engine.service.arrivals import LONGEST_KEY
from optin_engine.stores import Member
from optin_engine.transports.masking import masked

# The column of a file of refused lines that says why; whoever mends them may leave it there.
WHY = "whyRefused"
DELIMITERS = ",;\t"
NUMBER, KEY = frozenset({"mobilenumber", "number", "phone"}), frozenset({"subscriberkey"})

# Of a cell that is no number so much is looked at.
LONGEST_SHOWN = 20

EMPTY = "the file is empty"
NO_HEADER = "line {} is no header: none of its columns is mobileNumber, number or phone"
NOT_READ = "{}; --encoding says how it is written, by Excel on Windows as cp1252 or utf-16-le"
TWICE = "line {}: columns {} and {} are both the {}"
WRONG_WIDTH = "the line has not as many cells as the header"
LONG_KEY = f"subscriberKey is longer than {LONGEST_KEY} characters"


@attrs.frozen
class Listed:
    """A member, and the number of its line (the first of the file is 1).

    Attributes:
        written: the line as it was, without its end.
        remark: what may be wrong with the number all the same; or empty.

    """

    line: int
    member: Member
    written: str = attrs.field(default="", eq=False, repr=False)
    remark: str = attrs.field(default="", eq=False, repr=False)


@attrs.frozen
class RefusedLine:
    """A line that is no member, why, and its number so far as may be shown; or empty.

    `written` is the line as it was, without its end: personal data.
    """

    line: int
    reason: str
    number: str = ""
    written: str = attrs.field(default="", eq=False, repr=False)


@attrs.frozen
class Columns:
    """Where things stand in a row; `key` is None where there is none."""

    width: int
    number: int
    key: int | None
    attributes: Mapping[int, str]


class MemberFile:
    r"""A file of members, its header read.

    Args:
        file: CSV; a byte order mark tells how it is written.
        read_number: reads its numbers.
        remark_on: tells by a number as it is written what may be wrong with it; or nothing.
        encoding: how it is written without such a mark.

    Attributes:
        header: the line of the names, without its end.
        delimiter: what stands between its cells.

    Raises:
        UnfitError: it has no such header.
        OSError: it cannot be read.

    >>> from io import BytesIO
    >>> from optin_engine.harness.list_numbers import international
    >>> file = b"Phone;First Name\n+1 555 555 0123;Ann\n+1 555 555 0124\n"
    >>> for line in MemberFile(BufferedReader(BytesIO(file)), international):
    ...     print(line)
    Listed(line=2, member=Member(number='+15555550123', key='', attributes={'First Name': 'Ann'}))
    RefusedLine(line=3, reason='the line has not as many cells as the header', number='')
    """

    def __init__(
        self,
        file: BufferedReader,
        read_number: ReadNumber,
        remark_on: Callable[[str], str] = lambda _: "",
        encoding: str = UTF_8,
    ) -> None:
        self._lines = Lines(file, encoding)
        self._read_number, self._remark_on = read_number, remark_on
        self.header, self.delimiter, self._columns = _header(self._lines)

    @property
    def encoding(self) -> str:
        """Give how the file is written."""
        return self._lines.encoding

    @property
    def no_text(self) -> str:
        """Give why lines are refused that are not written so."""
        return self._lines.no_text

    @property
    def last_line(self) -> int:
        """Give the number of the last line that was read."""
        return self._lines.number

    @property
    def is_whole(self) -> bool:
        """Tell whether the last line that was read ends as lines do."""
        return self._lines.is_whole

    def __iter__(self) -> Iterator[Listed | RefusedLine]:
        """Give every line that is left; raises `OSError` where the file cannot be read on."""
        for record in records(self._lines, self.delimiter):
            if isinstance(record, BadLine):
                yield RefusedLine(record.line, record.reason, "", self._lines.written)
            else:
                yield self._read(record)

    def close(self) -> None:
        """Let go of the file, and leave it open."""
        self._lines.close()

    def _read(self, record: Record) -> Listed | RefusedLine:
        columns, cells, line = self._columns, record.cells, self._lines.written
        if len(cells) != columns.width:
            return RefusedLine(record.line, WRONG_WIDTH, "", line)
        key = "" if columns.key is None else cells[columns.key].strip()
        # An apostrophe before a cell tells a spreadsheet that it is text.
        written = cells[columns.number].strip().removeprefix("'")
        try:
            number = self._read_number(written)
        except UnfitError as unfit:
            return RefusedLine(record.line, str(unfit), _shown(written), line)
        if len(key) > LONGEST_KEY:
            return RefusedLine(record.line, LONG_KEY, _shown(written), line)
        named = columns.attributes
        attributes = {named[place]: cells[place].strip() for place in named} if named else None
        member = Member(number, key, attributes)
        return Listed(record.line, member, line, self._remark_on(written))


def _header(lines: Lines) -> tuple[str, str, Columns]:
    """Read the header: it, the delimiter by which it has a number, and its columns."""
    try:
        head = next((line for line in lines if line.strip()), "")
    except UnfitError as unfit:
        reason = str(unfit)
        mended = NOT_READ.format(reason) if reason in {lines.no_text, HAS_NUL} else reason
        raise UnfitError(mended) from None
    if not head:
        raise UnfitError(EMPTY)
    for delimiter in DELIMITERS:
        names = [name.strip() for name in next(csv.reader([head], delimiter=delimiter))]
        if any(_folded(name) in NUMBER for name in names):
            return head.rstrip("\r\n"), delimiter, _columns(names, lines.number)
    raise UnfitError(NO_HEADER.format(lines.number))


def _columns(names: list[str], line: int) -> Columns:
    """Say what each column is; no two of them are the same thing."""
    meant: dict[str, int] = {}
    attributes: dict[int, str] = {}
    for place, name in enumerate(names):
        folded = _folded(name)
        what = "number" if folded in NUMBER else "subscriberKey" if folded in KEY else ""
        if not what:
            if not name or name == WHY:
                continue
            attributes[place] = name
            # Texts find an attribute so, whatever its case.
            what = f"attribute {' '.join(name.split()).upper()}"
        if what in meant:
            message = TWICE.format(line, meant[what] + 1, place + 1, printable(what))
            raise UnfitError(message)
        meant[what] = place
    return Columns(len(names), meant["number"], meant.get("subscriberKey"), attributes)


def _shown(written: str) -> str:
    return printable(masked(written[:LONGEST_SHOWN]))


def _folded(name: str) -> str:
    return "".join(c for c in name if c not in " _-").casefold()
