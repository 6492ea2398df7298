"""An account: its codes, and on each the programmes that live there.

The codes are keyed by their digits, because an MO names nothing else: a short code that
exists in two countries can stand only once in an account, and the second is refused.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from pathlib import Path

import attrs

from optin_engine.codes import read_code
from optin_engine.definition import (
    LINT_IGNORE,
    DefinitionError,
    Entry,
    Fault,
    read_program,
    take,
)
from optin_engine.fields import shown
from optin_engine.folding import fold, words
from optin_engine.phrases import NO_WORDS
from optin_engine.program import VALID_RESPONSES, Code, Program
from optin_engine.vocabulary import OptInType

ACCOUNT = "account"


class UnknownCode(KeyError):  # noqa: N818 - the name is what the caller has, as in KeyError.
    """The account has no such code; the message says which it has."""

    def __str__(self) -> str:
        """Give the message without the quotes that KeyError puts around it."""
        return str(self.args[0])


@attrs.frozen(slots=False)
class Account:
    """The codes of an account, by digits, with their programmes.

    Attributes:
        codes: every code by its digits.
        unknown: a warning for each field that nobody knows.
        lint_ignore: the rules of the copy lint that a programme, by (code, keyword, name), or a
            code, by (code, "", label), has passed over.

    """

    codes: Mapping[str, Code] = attrs.field(hash=False)
    unknown: tuple[Fault, ...] = attrs.field(default=(), eq=False, repr=False)
    lint_ignore: Mapping[tuple[str, str, str], tuple[str, ...]] = attrs.field(
        factory=dict, eq=False, repr=False
    )

    @classmethod
    def from_dict(cls, definitions: object) -> "Account":
        """Read an account from `{"codes": [...], "programs": [...]}`.

        Args:
            definitions: a mapping with MobileConnect's field names, in any case.

        Raises:
            DefinitionError: anything is wrong with it; it has every fault.

        >>> account = Account.from_dict({"codes": [{"shortCode": "123456", "countryCode": "US"}]})
        >>> account.code("123456").stop
        '123456: you have opted out and no more messages will be sent from this code.'
        """
        account, faults = read_account(definitions)
        if account is None:
            raise DefinitionError(faults)
        return account

    @classmethod
    def of(cls, codes: Sequence[object], programs: Sequence[object] = ()) -> "Account":
        """Read an account from its parts, as `from_dict` does."""
        return cls.from_dict({"codes": codes, "programs": programs})

    @classmethod
    def load(cls, path: str | Path) -> "Account":
        """Read an account from a TOML or JSON file; without such a suffix, by what is in it.

        Raises:
            DefinitionError: the file is not what it should be, or a definition is wrong.
            OSError: the file cannot be read.

        """
        return cls.from_dict(parse(Path(path).read_bytes(), Path(path).suffix))

    def code(self, code: str) -> Code:
        """Give a code by its digits, with or without a plus sign.

        Raises:
            UnknownCode: the account does not have it.

        """
        found = self.codes.get(code) or self.codes.get(code.strip().removeprefix("+"))
        if found is None:
            digits = sum(map(str.isdigit, code))
            had = ", ".join(self.codes) or "none"
            message = f"A code of {digits} digits is not on the account; its codes are: {had}."
            raise UnknownCode(message)
        return found

    def warnings(self, today: date) -> tuple[Fault, ...]:
        """Give what is allowed and yet looks like a mistake, unknown fields first.

        Args:
            today: against which start and end are held.

        """
        programs = chain.from_iterable(code.programs for code in self.codes.values())
        return (*self.unknown, *(w for program in programs for w in _suspicious(program, today)))


def parse(content: bytes, suffix: str = "") -> object:
    """Give what a TOML or JSON file holds.

    Args:
        content: the file's bytes, in UTF-8.
        suffix: `.toml` or `.json`; else a file that begins with a brace is JSON.

    Raises:
        DefinitionError: it is neither; the message says where it ceases to be.

    >>> parse(b'{"codes": []}') == parse(b"codes = []")
    True
    """
    kind = suffix.removeprefix(".").upper()
    if kind not in {"TOML", "JSON"}:
        kind = "JSON" if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else "TOML"
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text) if kind == "JSON" else tomllib.loads(text)
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} is not UTF-8"
    except RecursionError:
        problem = "it is nested too deep"
    except ValueError as error:
        problem = str(error)
    raise DefinitionError([Fault(ACCOUNT, "", f"The file is not {kind}: {problem}.")])


def read_account(definitions: object) -> tuple[Account | None, list[Fault]]:
    """Read an account, or every fault of it.

    Args:
        definitions: `{"codes": [...], "programs": [...]}`; any other value is a fault.

    Returns:
        The account, None if there is any fault; and the faults.

    """
    top = Entry(ACCOUNT)
    if not isinstance(definitions, Mapping):
        top.refuse("", "The definitions must be a table with codes and programs.")
        return None, top.faults
    take(top, definitions, ["codes", "programs"])
    if top.given.get("codes") is None:
        top.refuse("codes", "The Codes field must be specified.")
    codes: dict[str, Code] = {}
    entries = [top]
    for number, given in _listed(top, "codes"):
        entries.append(read_code(number, given, codes))
    drafts = [read_program(number, given, codes) for number, given in _listed(top, "programs")]
    _judge_keywords(drafts)
    entries += drafts
    ignored = {_key(entry): _rules_ignored(entry) for entry in entries}
    if faults := [fault for entry in entries for fault in entry.faults]:
        return None, faults
    unknown = tuple(fault for entry in entries for fault in entry.unknown)
    programs = [Program(**draft.read) for draft in drafts]
    peopled = {
        digits: attrs.evolve(code, programs=tuple(p for p in programs if p.code == digits))
        for digits, code in codes.items()
    }
    return Account(peopled, unknown, {key: rules for key, rules in ignored.items() if rules}), []


def _key(entry: Entry) -> tuple[str, str, str]:
    code = entry.read.get("code", entry.label.removeprefix("code "))
    return code, entry.read.get("keyword", ""), entry.label


def _rules_ignored(entry: Entry) -> tuple[str, ...]:
    """Read the ids of rules, as a list or with commas between; the lint knows which there are."""
    given = entry.given.get(LINT_IGNORE)
    parts = given.split(",") if isinstance(given, str) else () if given is None else given
    if isinstance(parts, (list, tuple)) and all(isinstance(part, str) for part in parts):
        return tuple(part.strip() for part in parts if part.strip())
    entry.refuse(LINT_IGNORE, f"{shown(LINT_IGNORE)} is invalid. It must be rules of the lint.")
    return ()


def _listed(top: Entry, name: str) -> Iterable[tuple[int, object]]:
    given = top.given.get(name)
    if isinstance(given, (list, tuple)):
        return enumerate(given, 1)
    if given is not None:
        top.refuse(name, f"The {shown(name)} field must be a list of tables.")
    return ()


def _judge_keywords(drafts: Sequence[Entry]) -> None:
    """Judge the keywords of each code together, also those of programmes with other faults."""
    by_code: dict[str, list[Entry]] = {}
    for draft in drafts:
        if "code" in draft.read:
            by_code.setdefault(draft.read["code"], []).append(draft)
    for neighbours in by_code.values():
        answers = _answers(neighbours)
        of_word: dict[str, list[Entry]] = {}
        for draft in neighbours:
            if "keyword" not in draft.read:
                continue
            word = fold(draft.read["keyword"])
            if word in answers:
                _refuse(draft, f"is invalid. {answers[word]} on the code.")
            others = of_word.setdefault(word, [])
            if rival := next((other for other in others if _overlap(draft, other)), None):
                rule = f"is already used on the code by {rival.label} on days that both run."
                _refuse(draft, rule)
            others.append(draft)


def _answers(neighbours: Iterable[Entry]) -> dict[str, str]:
    """Give, by its first word, what may be answered on a code to a programme that asks.

    A keyword is read before any answer, so one that is an answer's first word would start
    another programme for whoever meant YES, or NO, to this one.
    """
    asking = [d for d in neighbours if d.read.get("opt_in_type") in _ASKING]
    answers: dict[str, str] = {}
    for draft in asking:
        if not draft.is_sound("doubleOptInValidResponses"):
            continue
        for response in draft.read.get("valid_responses", VALID_RESPONSES):
            first, *more = words(fold(response))
            verb = "begins" if more else "is"
            answers.setdefault(first, f"It {verb} a valid response of {draft.label}")
    for draft in asking:
        for word in NO_WORDS:
            answers.setdefault(word, f"It is a NO to {draft.label}")
    return answers


_ASKING = (OptInType.DOUBLE, OptInType.AGE)


def _refuse(draft: Entry, rule: str) -> None:
    draft.refuse("keyword", f"The Keyword {str(draft.given['keyword']).strip()} {rule}")


def _overlap(one: Entry, other: Entry) -> bool:
    """Tell whether two programmes share a day, as each counts its own; wrong dates share none."""
    if not (one.is_sound("startDate", "endDate") and other.is_sound("startDate", "endDate")):
        return False
    (start, end), (since, until) = (_days(draft) for draft in (one, other))
    return start <= until and since <= end


def _days(draft: Entry) -> tuple[date, date]:
    return draft.read.get("start_date", date.min), draft.read.get("end_date", date.max)


def _suspicious(program: Program, today: date) -> Iterator[Fault]:
    def warning(field: str, message: str) -> Fault:
        return Fault(program.name, field, message)

    if program.end_date is not None and program.end_date < today:
        yield warning("endDate", "EndDate is in the past; the keyword starts nothing any more.")
    if program.start_date is not None and program.start_date > today:
        yield warning("startDate", "StartDate is in the future; the keyword starts nothing yet.")
    if program.opt_in_type not in _ASKING:
        return
    within, after = program.confirm_within, program.remind_after
    if within is not None and after is not None and within <= after:
        rule = "RemindAfter is not before ConfirmWithin; the reminder is never sent."
        yield warning("remindAfter", rule)
    if not program.error:
        rule = "OptInErrorMessage is not set; a reply that is no answer gets silence."
        yield warning("optInErrorMessage", rule)
