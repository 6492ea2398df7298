"""Where the fields of a definition stand in its file, so that a report can point at them."""

import json
import re
from collections.abc import Iterator, Mapping

from optin_engine.entries import MISSPELT, Entry, take

# A table (one of `TABLES`), the place in it from 1, and the field in lower case; an empty
# field is the whole entry.
Spot = tuple[str, int, str]

# A programme comes after a message of its name, so that the name means the programme.
TABLES = ("codes", "messages", "programs")
FIRST_LINE = 1


class Positions:
    r"""The lines of a definition file on which its entries and their fields stand.

    Args:
        text: the file's, TOML or JSON; it has been read as `definitions`.
        definitions: what it holds.

    >>> text = '[[programs]]\nmessageName = "News"\nkeyword = "JOIN"'
    >>> Positions(text, {"programs": [{"messageName": "News", "keyword": "JOIN"}]}).line("News")
    1

    """

    def __init__(self, text: str, definitions: object) -> None:
        spots = _json_spots(text) if text.lstrip("\ufeff \t\r\n")[:1] == "{" else _toml_spots(text)
        self._lines: dict[Spot, int] = {}
        for spot, line in spots:
            self._lines.setdefault(spot, line)
        self._entries = dict(_entries(definitions))

    def line(self, label: str, keyword: str = "", field: str = "") -> int:
        """Give the line of a field, from 1; where it is not found, of its entry, or of the file.

        Args:
            label: the messageName, or `code 123456`, as in a `Fault`.
            keyword: the programme's, where several have the same name.
            field: MobileConnect's name; `messages.NAME` is found as `messages`.

        """
        entry = self._entries.get((label, keyword.upper())) or self._entries.get((label, ""))
        if entry is None:
            return FIRST_LINE
        name = field.partition(".")[0].lower()
        spelt = (name, *(wrong for wrong, right in MISSPELT.items() if right.lower() == name), "")
        return next(
            (self._lines[spot] for each in spelt if (spot := (*entry, each)) in self._lines),
            FIRST_LINE,
        )


def _entries(definitions: object) -> Iterator[tuple[tuple[str, str], tuple[str, int]]]:
    """Give the table and the number of each entry, by what reports call it."""
    top = Entry("")
    if isinstance(definitions, Mapping):
        take(top, definitions, TABLES)
    for table in TABLES:
        listed = top.given.get(table)
        for number, given in enumerate(listed if isinstance(listed, (list, tuple)) else (), 1):
            entry = Entry("")
            if isinstance(given, Mapping):
                take(entry, given, ("messageName", "keyword", "shortCode", "longCode"))
            said = {name: str(value).strip() for name, value in entry.given.items()}
            keyword = said.get("keyword", "").upper()
            code = re.sub(r"\D", "", said.get("shortCode") or said.get("longCode") or "")
            label = f"code {code}" if table == "codes" else said.get("messageName", "")
            numbered = f"{table[:-1]} {number}"
            for called in ((label, keyword), (label, ""), (numbered, "")):
                yield called, (table, number)


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]')
_DEPTH = 3


def _json_spots(text: str) -> Iterator[tuple[Spot, int]]:
    """Walk the brackets of a JSON text: `{"programs": [{"field": ...}]}`."""
    line, read, word, word_line = FIRST_LINE, 0, "", FIRST_LINE
    path: list[str | int] = []
    for token in _TOKEN.finditer(text):
        line, read = line + text.count("\n", read, token.start()), token.start()
        match token[0]:
            case "{" | "[" as opened:
                path.append("" if opened == "{" else 1)
                if spot := _spot(path, ""):
                    yield spot, line
            case "}" | "]":
                path.pop()
            case ",":
                if isinstance(path[-1], int):
                    path[-1] += 1
            case ":":
                path[-1] = word
                if spot := _spot(path, word):
                    yield spot, word_line
            case quoted:
                word, word_line = json.loads(quoted, strict=False), line


def _spot(path: list[str | int], field: str) -> Spot | None:
    if len(path) != _DEPTH:
        return None
    table, number, inside = path
    if isinstance(table, str) and isinstance(number, int) and isinstance(inside, str):
        return table.lower(), number, field.lower()
    return None


_HEADER = re.compile(r"\s*\[\[\s*[\"']?(\w+)[\"']?\s*\]\]")
_INNER = re.compile(r"\s*\[\s*[\"']?(\w+)[\"']?\s*\.\s*[\"']?(\w+)")
_KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*[=.]")


def _toml_spots(text: str) -> Iterator[tuple[Spot, int]]:
    """Walk the lines of a TOML text; what stands in a text of several lines is no field."""
    numbers = dict.fromkeys(TABLES, 0)
    table, is_inner, closing = "", False, ""
    for line, written in enumerate(text.splitlines(), FIRST_LINE):
        if closing:
            closing = "" if closing in written else closing
        elif header := _HEADER.match(written):
            table, is_inner = header[1].lower(), False
            numbers[table] = numbers.get(table, 0) + 1
            yield (table, numbers[table], ""), line
        elif inner := _INNER.match(written):
            table, is_inner = inner[1].lower(), True
            yield (table, numbers.get(table, 0), inner[2].lower()), line
        elif (key := _KEY.match(written)) and table:
            if not is_inner:
                yield (table, numbers[table], key[1].lower()), line
            closing = next((q for q in ('"""', "'''") if written.count(q) % 2), "")
