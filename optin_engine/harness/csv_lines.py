"""Lines of a CSV file that another system wrote, one record at a time, whatever it holds.

A file has one bad line, and the rest of it is good: so it must be with what reads it. A line
that is too long or no text is a fault of its own. A quote that nobody closes would take all
that follows for one cell; here it is a fault of its line alone, and what follows is read
again. Cells that are closed may hold line breaks.
"""

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator
from io import BufferedReader, BytesIO, TextIOWrapper

import attrs

from optin_engine.harness.mos import BadLine, UnfitError
from optin_engine.harness.refusal import CommandError

# A line has at most so many characters, its end included, and a record so many lines.
LONGEST_LINE = 10_000
MOST_LINES = 100

TOO_LONG = f"the line is longer than {LONGEST_LINE:,} characters"
NO_TEXT = "the line is not {}, or has lost a character"
HAS_NUL = "the line holds a NUL"
UNCLOSED = "a quote is not closed, or not doubled within quotes"

UTF_8 = "UTF-8"
# A file that begins so tells by itself how it is written. UTF-32 begins as UTF-16 does.
# fmt: off
MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
    (codecs.BOM_UTF8,     "UTF-8-sig"),
)
# fmt: on
LONGEST_MARK = 4

# What stands for bytes that are no text; a file that holds it has lost what was there before.
LOST = "\N{REPLACEMENT CHARACTER}"
# Bytes that are not UTF-8 are kept as halves of characters, to be written as they were.
_NO_TEXT = re.compile(f"[\ud800-\udfff{LOST}]")
_NO_BYTES = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def known_encoding(name: str) -> str:
    """Give the name of an encoding as `Lines` tells it; empty means UTF-8.

    Raises:
        CommandError: Python knows none of this name that is of text.

    >>> known_encoding(""), known_encoding("utf8"), known_encoding("Windows-1252")
    ('UTF-8', 'UTF-8', 'cp1252')
    """
    try:
        known = codecs.lookup(name or UTF_8).name
        # Some turn bytes into bytes, and some cannot pass over what they do not understand.
        TextIOWrapper(BytesIO(b"1"), known, "replace").read()
    except (LookupError, ValueError):
        message = "--encoding is invalid. It must be one of Python's, such as cp1252 or utf-16"
        raise CommandError(message) from None
    return UTF_8 if known.startswith("utf-8") else known


@attrs.frozen
class Record:
    """One record: the number of its first line (the first of the file is 1), and its cells."""

    line: int
    cells: list[str]


class Lines:
    """The lines of a file, for a reader of CSV that can be told to read some of them again.

    Iterating raises `UnfitError` for a line that is none, and `OSError` where the file cannot
    be read on; the lines before that were all given.

    Args:
        file: what begins with a byte order mark is read by it.
        encoding: how any other is written; see `known_encoding`.

    Attributes:
        encoding: how it is written.
        number: of the line that was given last.
        is_whole: it ends as lines do, which the last line of a file that was cut off does not.

    """

    def __init__(self, file: BufferedReader, encoding: str = UTF_8) -> None:
        head = file.peek(LONGEST_MARK)
        codec = next((codec for mark, codec in MARKS if head.startswith(mark)), encoding)
        self.encoding = codec.removesuffix("-sig")
        errors = "surrogateescape" if self.encoding == UTF_8 else "replace"
        self._text = TextIOWrapper(file, codec, errors)
        self._given: list[str] = []
        self._again: deque[str] = deque()
        self.number = 0
        self.is_whole = True

    def __iter__(self) -> "Lines":
        """Give itself."""
        return self

    def __next__(self) -> str:
        """Give the next line of a record."""
        if len(self._given) == MOST_LINES:
            raise UnfitError(UNCLOSED)
        line = self._again.popleft() if self._again else self._read()
        if not line:
            raise StopIteration
        self._given.append(line)
        self.number += 1
        if len(line) > LONGEST_LINE:
            raise UnfitError(TOO_LONG)
        if "\0" in line:
            raise UnfitError(HAS_NUL)
        if _NO_TEXT.search(line):
            raise UnfitError(self.no_text)
        return line

    def begin(self) -> int:
        """Begin a record, and give the number of its first line."""
        self._given.clear()
        return self.number + 1

    def go_back(self) -> None:
        """Read the lines of this record again, all but its first."""
        first, *again = self._given
        self._given = [first]
        self._again.extendleft(reversed(again))
        self.number -= len(again)

    @property
    def no_text(self) -> str:
        """Give why a line is refused that the encoding cannot read."""
        return NO_TEXT.format(self.encoding)

    @property
    def written(self) -> str:
        """Give the record as it was written, without its end; of a bad one, its first line.

        Of a line that is too long, only its beginning is kept. What is not UTF-8 in a file
        of UTF-8 stands there as `surrogateescape` has it.
        """
        return _NO_BYTES.sub(LOST, "".join(self._given).rstrip("\r\n"))

    def close(self) -> None:
        """Let go of the file, and leave it open."""
        self._text.detach()

    def _read(self) -> str:
        line = part = self._text.readline(LONGEST_LINE + 1)
        while len(part) > LONGEST_LINE and not part.endswith("\n"):
            part = self._text.readline(LONGEST_LINE + 1)
        if line:
            self.is_whole = part.endswith("\n")
        return line


def records(lines: Lines, delimiter: str) -> Iterator[Record | BadLine]:
    r"""Read records; those of blank lines are passed over.

    Args:
        lines: from the first that is not read yet.
        delimiter: one character.

    Raises:
        OSError: the file cannot be read on.

    >>> from io import BytesIO
    >>> file = b'1,"two\nlines"\n2,"open\n3,"tree"\n'
    >>> for each in records(Lines(BufferedReader(BytesIO(file))), ","):
    ...     print(each)
    Record(line=1, cells=['1', 'two\nlines'])
    BadLine(line=3, reason='a quote is not closed, or not doubled within quotes')
    Record(line=4, cells=['3', 'tree'])
    """
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        number = lines.begin()
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            reason = UNCLOSED
        except UnfitError as unfit:
            # It is another line's fault if a quote was open before that.
            reason = str(unfit) if lines.number == number else UNCLOSED
        else:
            if any(map(str.strip, cells)):
                yield Record(number, cells)
            continue
        lines.go_back()
        yield BadLine(number, reason)
