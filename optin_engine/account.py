"""An account: its codes, and on each the programmes and the outbound messages that live there.

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
from optin_engine.definition import LINT_IGNORE, read_program
from optin_engine.entries import DefinitionError, Entry, Fault, take
from optin_engine.fields import shown
from optin_engine.messages import judge_messages, read_messages
from optin_engine.neighbours import judge_keywords, judge_texts
from optin_engine.program import ASKING, Code, OutboundMessage, Program

ACCOUNT = "account"


class UnknownCode(KeyError):  # noqa: N818 - the name is what the caller has, as in KeyError.
    """The account has no such code; the message says which it has."""

    def __str__(self) -> str:
        """Give the message without the quotes that KeyError puts around it."""
        return str(self.args[0])


@attrs.frozen(slots=False)
class Account:
    """The codes of an account, by digits, with their programmes and messages.

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
        """Read an account from `{"codes": [...], "programs": [...], "messages": [...]}`.

        Args:
            definitions: a mapping with MobileConnect's field names, in any case; the messages
                are outbound ones.

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

    def with_messages(self, messages: Sequence[object]) -> "Account":
        """Read outbound messages onto its codes; they may name keywords that are there no more.

        Raises:
            DefinitionError: it has every fault of them.

        """
        read = read_messages(messages, self.codes)
        if faults := [fault for entry in read for fault in entry.faults]:
            raise DefinitionError(faults)
        return attrs.evolve(self, codes=_with_messages(self.codes, read))

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
        codes = self.codes.values()
        programs = chain.from_iterable(code.programs for code in codes)
        suspicious = (warning for program in programs for warning in _suspicious(program, today))
        return (*self.unknown, *suspicious, *(w for code in codes for w in _loud(code)))


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
        definitions: `{"codes": [...], "programs": [...], "messages": [...]}`; any other value
            is a fault.

    Returns:
        The account, None if there is any fault; and the faults.

    """
    top = Entry(ACCOUNT)
    if not isinstance(definitions, Mapping):
        top.refuse("", "The definitions must be a table with codes and programs.")
        return None, top.faults
    take(top, definitions, ["codes", "programs", "messages"])
    if top.given.get("codes") is None:
        top.refuse("codes", "The Codes field must be specified.")
    codes: dict[str, Code] = {}
    entries = [top]
    for number, given in _listed(top, "codes"):
        entries.append(read_code(number, given, codes))
    drafts = [read_program(number, given, codes) for number, given in _listed(top, "programs")]
    judge_keywords(drafts)
    judge_texts(entries[1:], drafts)
    messages = read_messages([given for _, given in _listed(top, "messages")], codes)
    judge_messages(messages, drafts)
    entries += [*drafts, *messages]
    ignored = {_key(entry): _rules_ignored(entry) for entry in entries}
    if faults := [fault for entry in entries for fault in entry.faults]:
        return None, faults
    unknown = tuple(fault for entry in entries for fault in entry.unknown)
    programs = [Program(**draft.read) for draft in drafts]
    peopled = {
        digits: attrs.evolve(code, programs=tuple(p for p in programs if p.code == digits))
        for digits, code in codes.items()
    }
    whole = _with_messages(peopled, messages)
    return Account(whole, unknown, {key: rules for key, rules in ignored.items() if rules}), []


def _with_messages(codes: Mapping[str, Code], read: Iterable[Entry]) -> dict[str, Code]:
    messages = [OutboundMessage(**entry.read) for entry in read]
    return {
        digits: attrs.evolve(code, outbound=tuple(m for m in messages if m.code == digits))
        for digits, code in codes.items()
    }


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


def _suspicious(program: Program, today: date) -> Iterator[Fault]:
    def warning(field: str, message: str) -> Fault:
        return Fault(program.name, field, message)

    if program.end_date is not None and program.end_date < today:
        yield warning("endDate", "EndDate is in the past; the keyword starts nothing any more.")
    if program.start_date is not None and program.start_date > today:
        yield warning("startDate", "StartDate is in the future; the keyword starts nothing yet.")
    if program.opt_in_type not in ASKING:
        return
    within, after = program.confirm_within, program.remind_after
    if within is not None and after is not None and within <= after:
        rule = "RemindAfter is not before ConfirmWithin; the reminder is never sent."
        yield warning("remindAfter", rule)
    if not program.error:
        rule = "OptInErrorMessage is not set; a reply that is no answer gets silence."
        yield warning("optInErrorMessage", rule)


def _loud(code: Code) -> Iterator[Fault]:
    if code.outbound and code.quiet_hours is None:
        rule = "QuietHours is not set; sends also reach people at night, which the law may forbid."
        yield Fault(f"code {code.digits}", "quietHours", rule)
