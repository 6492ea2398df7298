"""Fills a list from a file: in portions, each kept before the next is read.

Whatever ends an import, what was read before is kept, and it is told from which line to go
on; to import the whole file again does as well, because who is in the list already stays as
the file says. Who stands in a file twice is as the first of the lines has it.
"""

import csv
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import attrs

from optin_engine.harness.list_files import WHY, Listed, MemberFile, RefusedLine
from optin_engine.harness.refusal import CommandError, reason
from optin_engine.harness.standing import printable
from optin_engine.stores import Lists, Member, StoreError
from optin_engine.stores.mailing import PORTION
from optin_engine.transports.masking import masked

Report = dict[str, Any]

# So many refused lines are shown where they are not written to a file.
MOST_SHOWN = 20

INTERRUPTED = 130
REPEATED = "the number stands in the file before"
NOT_TEXT = (
    "Not all of it is {}. Say how the file is written, as by --encoding cp1252 if Excel on Windows"
    " wrote it, and import it again; nothing is lost."
)


@attrs.define
class Tally:
    """What an import has done.

    Attributes:
        taken: how many lines are in the list; those that were in it before count too.
        remarks: how many of them may be wrong all the same, by the remark.
        refused: how many are not, by the reason.
        next_line: all before it are in the list, or refused.

    """

    taken: int = 0
    remarks: Counter[str] = attrs.field(factory=Counter)
    refused: Counter[str] = attrs.field(factory=Counter)
    next_line: int = 1

    @property
    def lines(self) -> int:
        """Count the lines, of members and refused."""
        return self.taken + self.refused.total()


@attrs.frozen
class Import:
    """One import.

    Attributes:
        lists, list: the one that is filled.
        name: of the file, for errors.
        refuse: is told of each line that is refused.
        tell: is told from time to time how many lines were read.
        from_line: earlier lines are neither taken nor refused.

    """

    lists: Lists
    list: int
    name: str
    refuse: Callable[[RefusedLine], object]
    tell: Callable[[int], object]
    from_line: int = 1

    def take(self, lines: Iterable[Listed | RefusedLine]) -> Tally:
        """Take every line.

        Args:
            lines: as `MemberFile` gives them.

        Raises:
            CommandError: it ended before the file did; it says from which line to go on.

        """
        tally = Tally(next_line=self.from_line)
        try:
            self._take(lines, tally)
        except StoreError as error:
            raise CommandError(*str(error).splitlines(), _go_on(tally)) from None
        except OSError as error:
            raise CommandError(reason(error, self.name), _go_on(tally)) from None
        except KeyboardInterrupt:
            message = "interrupted"
            raise CommandError(message, _go_on(tally), status=INTERRUPTED) from None
        return tally

    def _take(self, lines: Iterable[Listed | RefusedLine], tally: Tally) -> None:
        portion: list[Member] = []
        counted: Counter[str] = Counter()
        remarks: Counter[str] = Counter()
        last = tally.next_line - 1

        def keep() -> None:
            if portion:
                self.lists.fill(self.list, portion)
            tally.taken += len(portion)
            tally.remarks += remarks
            tally.refused += counted
            tally.next_line = max(tally.next_line, last + 1)
            portion.clear()
            remarks.clear()
            counted.clear()
            self.tell(tally.lines)

        try:
            for line in without_repeats(lines):
                if line.line < self.from_line:
                    continue
                if isinstance(line, Listed):
                    portion.append(line.member)
                    if line.remark:
                        remarks[line.remark] += 1
                else:
                    # A line that cannot be written down is not dealt with, and comes again.
                    self.refuse(line)
                    counted[line.reason] += 1
                last = line.line
                if len(portion) + counted.total() >= PORTION:
                    keep()
        except OSError:
            keep()
            raise
        keep()


def without_repeats(lines: Iterable[Listed | RefusedLine]) -> Iterator[Listed | RefusedLine]:
    """Give the same lines, but refuse each whose number stood in an earlier one.

    Raises:
        OSError: there is no room for a temporary file, which keeps memory flat.

    """
    with closing(sqlite3.connect("", isolation_level=None)) as seen:
        # A database of its own, in a file that is gone with it.
        seen.execute("PRAGMA journal_mode = OFF")
        seen.execute("PRAGMA cache_size = -16384")
        seen.execute("CREATE TABLE seen (number INTEGER PRIMARY KEY)")
        put = seen.execute("BEGIN").execute
        for line in lines:
            if isinstance(line, Listed):
                number = line.member.number
                try:
                    is_new = put("INSERT OR IGNORE INTO seen VALUES (?)", (int(number),)).rowcount
                except sqlite3.Error as error:
                    message = f"the temporary file for repeated numbers: {error}"
                    raise OSError(message) from None
                if not is_new:
                    yield RefusedLine(line.line, REPEATED, masked(number), line.written)
                    continue
            yield line


@contextmanager
def refusals(
    file: Path | None, source: MemberFile, show: Callable[[str], object]
) -> Iterator[Callable[[RefusedLine], object]]:
    """Give what keeps refused lines: a CSV file of them all, or else shows the first.

    In the file each is as it was, so that it can be mended there and imported again. Why it
    was refused stands before it, where no quote of the line that is left open can take it.

    Args:
        file: where they are kept; None: the first are shown, masked.
        source: the file that they are from, its header read.
        show: shows a line.

    Raises:
        OSError: the file cannot be written.

    """
    if file is None:
        places = iter(range(MOST_SHOWN))
        yield lambda line: show(_shown(line)) if next(places, None) is not None else None
        return
    # By the line, so that nothing is left to fail when it is closed.
    with file.open(
        "w", encoding="utf-8", errors="surrogateescape", newline="", buffering=1
    ) as written:
        # What the writer ends a row with is the delimiter, because the line itself follows.
        cells = csv.writer(written, delimiter=source.delimiter, lineterminator=source.delimiter)

        def write(why: str, line: str) -> None:
            try:
                cells.writerow([why])
                written.write(f"{line}\n")
            except OSError as error:
                # Or the file that is imported would be named.
                error.filename = str(file)
                # Closed later, it would try once more, and fail in this error's place.
                with suppress(OSError):
                    written.close()
                raise

        write(WHY, source.header)
        yield lambda line: write(f"line {line.line}: {line.reason}", line.written)


def _shown(line: RefusedLine) -> str:
    return ": ".join(filter(None, (f"line {line.line}", line.reason, line.number)))


def _go_on(tally: Tally) -> str:
    done = f"{tally.taken:,} lines are in the list, {tally.refused.total():,} were refused"
    return f"{done}; go on with --from-line {tally.next_line}"


def imported(tally: Tally, file: MemberFile, list_: Mapping[str, Any]) -> Report:
    """Report an import.

    Args:
        tally: what it has done.
        file: read to its end.
        list_: the list as it is now, with its `name`, `listId` and `count`.

    Returns:
        `list`; how many lines were `taken` and `refused`, the latter by `reasons`, and
        `remarks` on the former; the `lastLine`, and whether it `isWhole`; the `encoding` that
        the file was read by, and how many lines are `notText` by it.

    """
    return {
        "list": list_,
        "taken": tally.taken,
        "remarks": dict(tally.remarks.most_common()),
        "refused": tally.refused.total(),
        "reasons": dict(tally.refused.most_common()),
        "lastLine": file.last_line,
        "isWhole": file.is_whole,
        "encoding": file.encoding,
        "notText": tally.refused[file.no_text],
    }


def imported_lines(report: Report, *, is_kept: bool) -> Iterator[str]:
    """Give what an import has done as lines for people; `is_kept`: refused lines are in a file."""
    yield f"taken: {report['taken']:,}"
    for remark, many in report["remarks"].items():
        yield f"  {many:,}: {remark}"
    yield f"refused: {report['refused']:,}"
    for reason_, many in report["reasons"].items():
        yield f"  {many:,}: {reason_}"
    if report["refused"] > MOST_SHOWN and not is_kept:
        yield f"  The first {MOST_SHOWN} were shown; --refused FILE writes all."
    if report["notText"]:
        yield NOT_TEXT.format(report["encoding"])
    if not report["isWhole"]:
        yield f"The last line ({report['lastLine']}) has no end: was the file cut off there?"
    yield from lists_lines([report["list"]])


def lists_lines(reports: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Give lists as lines for people, one each."""
    for report in reports:
        many = f"{report['count']:,} number{'' if report['count'] == 1 else 's'}"
        yield f"{report['listId']} {printable(report['name'])}: {many}"
