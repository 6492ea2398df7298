"""Files of MOs, as JSON lines or CSV, read line by line: each an MO, or why it is none.

A file that another system wrote is never quite clean, so a bad line is a value like a good
one. It says what is wrong, and never what the line held: that may be somebody's number.
"""

import csv
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import chain

import attrs
import msgspec

from optin_engine.vocabulary import Origin

# A time outside of these is an unset field or a slip; deadlines are counted on from it.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2999, 12, 31, tzinfo=UTC)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_REQUIRED = ("from", "to", "text", "receivedat")
_DELIMITERS = ",;\t"
_is_number = re.compile(r"\+?[0-9]{8,15}").fullmatch


class MO(msgspec.Struct, gc=False, rename={"sender": "from", "received_at": "receivedAt"}):
    """One MO as the file has it.

    Attributes:
        sender: the number, 8 to 15 digits, with or without a plus sign.
        to: the code, as it was written.
        text: any text.
        received_at: when it arrived, timezone-aware; UTC where the file names no zone.
        id: None where it has none.
        origin: where it came from.

    """

    sender: str
    to: str
    text: str
    received_at: datetime
    id: str | None = None
    origin: Origin = Origin.HANDSET


@attrs.frozen
class BadLine:
    """A line that is no MO: its number in the file (the first is 1), and why."""

    line: int
    reason: str


class UnfitError(ValueError):
    """Why a line is no MO, or a file holds none; it quotes nothing of either."""


def read_mos(lines: Iterable[bytes], codes: Collection[str]) -> Iterator[MO | BadLine]:
    r"""Read MOs from JSON lines or from CSV; which of them, the first character tells.

    Args:
        lines: JSON objects, one a line, or CSV with a header row, whose columns may come
            in any order and case. UTF-8; a byte order mark, CRLF and blank lines are
            passed over.
        codes: the codes of the account, in every way they may be written.

    Raises:
        UnfitError: the first line is neither a JSON object nor such a header.

    >>> list(read_mos([b'{"from": 15555550123}', b"", b"[]"], {"123456"}))
    [BadLine(line=1, reason='to is missing'), BadLine(line=3, reason='it is no JSON object')]
    """
    lines = iter(lines)
    for number, line in enumerate(lines, 1):
        head = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
        if not head.strip():
            continue
        read = _read_json if head.lstrip().startswith(b"{") else _read_csv
        yield from read(chain([head], lines), number, _checked_by(codes))


def _read_json(
    lines: Iterable[bytes], first: int, checked: Callable[[MO], MO]
) -> Iterator[MO | BadLine]:
    decode = msgspec.json.Decoder(MO).decode
    for number, line in enumerate(lines, first):
        try:
            mo = checked(decode(line))
        except (ValueError, RecursionError):
            if not line.strip():
                continue
            yield _read_again(number, partial(_fields_of, line), checked)
            continue
        yield mo


def _read_csv(
    lines: Iterable[bytes], first: int, checked: Callable[[MO], MO]
) -> Iterator[MO | BadLine]:
    texts = (line.decode("utf-8", "surrogateescape") for line in lines)
    head = next(texts)
    rows = csv.reader(texts, delimiter=max(_DELIMITERS, key=head.count))
    columns = _columns(csv.reader([head], rows.dialect))
    if missing := [name for name in _REQUIRED if name not in columns]:
        message = (
            f"line {first} is neither a JSON object nor a CSV header: it lacks "
            f"{', '.join(missing).replace('receivedat', 'receivedAt')}"
        )
        raise UnfitError(message)
    while True:
        number = first + rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield BadLine(number, "it is no CSV")
            continue
        if row:
            yield _read_again(number, partial(_fields_of_row, columns, row), checked)


def _columns(header: Iterator[list[str]]) -> list[str]:
    try:
        return [name.strip().casefold() for name in next(header)]
    except csv.Error:
        # A line of some other kind of file, which has none.
        return []


def _read_again(
    number: int, fields: Callable[[], Mapping[str, object]], checked: Callable[[MO], MO]
) -> MO | BadLine:
    """Read a line field by field: what is merely unusual passes, what is bad is named."""
    try:
        return checked(_mo(fields()))
    except UnfitError as unfit:
        return BadLine(number, str(unfit))


def _checked_by(codes: Collection[str]) -> Callable[[MO], MO]:
    known = frozenset(codes)

    def checked(mo: MO) -> MO:
        if mo.to not in known:
            message = "to is no code of the account"
            raise UnfitError(message)
        if not _is_number(mo.sender):
            message = "from is no number of 8 to 15 digits"
            raise UnfitError(message)
        if mo.received_at.tzinfo is None:
            mo.received_at = mo.received_at.replace(tzinfo=UTC)
        if not EARLIEST <= mo.received_at <= LATEST:
            message = f"receivedAt is not between {EARLIEST.year} and {LATEST.year}"
            raise UnfitError(message)
        return mo

    return checked


def _fields_of(line: bytes) -> Mapping[str, object]:
    try:
        # Not strict: a provider that leaves a line break in a text as it is still means it.
        value = json.loads(line, strict=False)
    except UnicodeDecodeError:
        message = "it is not UTF-8"
        raise UnfitError(message) from None
    except (ValueError, RecursionError):
        message = "it is no JSON"
        raise UnfitError(message) from None
    if not isinstance(value, dict):
        message = "it is no JSON object"
        raise UnfitError(message)
    return {name.casefold(): member for name, member in value.items()}


def _fields_of_row(columns: list[str], row: list[str]) -> Mapping[str, object]:
    if len(row) > len(columns):
        message = "it has more cells than the header: quote a text that holds a comma"
        raise UnfitError(message)
    fields = dict(zip(columns, row, strict=False))
    if not all(_is_utf8(cell) for cell in row):
        message = "it is not UTF-8"
        raise UnfitError(message)
    return {name: cell if name == "text" else cell.strip() for name, cell in fields.items()}


def _is_utf8(cell: str) -> bool:
    return cell.isascii() or not any("\udc80" <= character <= "\udcff" for character in cell)


def _mo(fields: Mapping[str, object]) -> MO:
    return MO(
        sender=_word(fields, "from"),
        to=_word(fields, "to"),
        text=_word(fields, "text"),
        received_at=_moment(fields),
        # A broken half of a character in an id could be neither kept nor written out.
        id=_word(fields, "id", "").encode(errors="replace").decode() or None,
        origin=_origin(fields),
    )


def _word(fields: Mapping[str, object], name: str, default: str | None = None) -> str:
    value = fields.get(name.casefold())
    if value is None:
        value = default
    if value is None:
        message = f"{name} is missing"
        raise UnfitError(message)
    if not isinstance(value, str | int) or isinstance(value, bool):
        message = f"{name} is no text"
        raise UnfitError(message)
    return str(value)


def _moment(fields: Mapping[str, object]) -> datetime:
    written = _word(fields, "receivedAt")
    try:
        return datetime.fromisoformat(written.upper())
    except ValueError:
        message = "receivedAt is no time in ISO 8601, such as 2026-01-31T18:00:00Z"
        raise UnfitError(message) from None


def _origin(fields: Mapping[str, object]) -> Origin:
    written = _word(fields, "origin", "").casefold() or Origin.HANDSET
    try:
        return Origin(written)
    except ValueError:
        message = f"origin is none of {', '.join(Origin)}"
        raise UnfitError(message) from None
