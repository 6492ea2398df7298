"""Stories of conversations that were: what was texted, and when, is told to the engine again.

So a story that is recorded passes, and whoever changes definitions sees what becomes of it.
The contact gets the story's usual number, whatever its own was; texts stay as they are.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs

from optin_engine.account import Account
from optin_engine.harness.mos import MO
from optin_engine.harness.phone import Phone
from optin_engine.harness.refusal import CommandError, file_errors
from optin_engine.harness.stories.story import (
    BUILT_IN,
    Act,
    Again,
    At,
    Order,
    Programs,
    Text,
    To,
    Turn,
    Wait,
)
from optin_engine.harness.stories.telling import stands, turn_of
from optin_engine.harness.stories.writing import act_line, turn_lines
from optin_engine.outcome import Outcome
from optin_engine.vocabulary import Origin

# A gap is told by its length up to this; beyond it a date says more.
A_DAY = timedelta(days=1)


class Recorder:
    """A conversation of one number, written down as it is told to the engine again.

    Args:
        title: of the story.
        programs: what the story calls the account's definitions.
        account: the codes and programmes.
        began: when it began, timezone-aware; times count to the second.

    Attributes:
        phone: the phone that texts; it holds the story's usual number.

    >>> from optin_engine.harness import starter
    >>> recorder = Recorder("Help", "built-in", starter(), datetime(2026, 1, 1, tzinfo=UTC))
    >>> _ = recorder.text("info", Origin.HANDSET, datetime(2026, 1, 1, 2, tzinfo=UTC))
    >>> print(*(line[:12] for line in recorder.lines), sep=" | ")
    # Help | programs: bu | at 2026-01-0 | wait 2h | > info | < Acme: News | = None
    """

    def __init__(self, title: str, programs: str, account: Account, began: datetime) -> None:
        self.phone = Phone(account, at=_to_the_second(began))
        head: list[Act] = [Programs(programs), At(self.phone.at)]
        self.lines = [f"# {title}", *map(act_line, head)]

    def to(self, code: str) -> None:
        """Text another code from now on; the account has it."""
        if code != self.phone.code:
            self.phone.code = code
            self.lines.append(act_line(To(code)))

    def until(self, moment: datetime) -> None:
        """Let time pass up to a moment; where the clock is past it, nothing."""
        moment = _to_the_second(moment)
        gap = moment - self.phone.at
        if gap > timedelta():
            act: Act = Wait(gap) if gap <= A_DAY else At(moment)
            self._tell(turn_of(act, self.phone.wait_until(moment), self.phone.code))

    def text(self, text: str, origin: str, at: datetime) -> Outcome:
        """Bring a text that was received at a moment; one from before now was under way."""
        self.until(at)
        ago = self.phone.at - _to_the_second(at)
        outcome = self.phone.text(text, origin, ago=ago)
        act = Text(text, origin=Origin(origin), ago=ago)
        self._tell(turn_of(act, [outcome], self.phone.code))
        return outcome

    def again(self) -> None:
        """Bring the last text once more; nothing comes of it."""
        self._tell(Turn(Again(), stands=(stands(self.phone.contact, ""),)))

    def order(self, order: Order, at: datetime) -> None:
        """Let an agent order something at a moment."""
        self.until(at)
        outcome = self.phone.order(order.order, order.keyword)
        self._tell(turn_of(order, [outcome], self.phone.code))

    def remark(self, remark: str) -> None:
        """Write a remark, for the reader."""
        self.lines.append(f"# {remark}")

    def _tell(self, turn: Turn) -> None:
        self.lines += turn_lines(turn)


@attrs.define
class _Contact:
    """A contact of a file of MOs: its story so far, and the id of its last text."""

    recorder: Recorder
    last: str = ""


class Stories:
    """A story for each contact (number and code) of a file of MOs, the first that wrote first.

    All are kept in memory until they are written: of a long file, take a part.

    Args:
        account: the codes and programmes.
        definitions: the file that they were read from.
        folder: where the stories are to be; it is made, if it is not there.

    Raises:
        CommandError: the folder holds such stories already, or is none.

    """

    def __init__(self, account: Account, definitions: Path, folder: Path) -> None:
        if any(folder.glob("contact-*.story")):
            message = f"{folder}: it holds recorded stories already; name another folder"
            raise CommandError(message)
        self._account, self._folder = account, folder
        self._programs = seen_from(folder, definitions)
        self._contacts: dict[tuple[str, str], _Contact] = {}
        # An id counts once on its code, whoever brings it.
        self._ids: set[tuple[str, str]] = set()

    def keep(self, mos: Iterable[MO]) -> None:
        """Take MOs of the file, in its order."""
        for mo in mos:
            self._keep(mo)

    def write(self) -> int:
        """Write the stories, and give how many there are.

        Raises:
            CommandError: a file is there already, or cannot be written.

        """
        stories = [contact.recorder.lines for contact in self._contacts.values()]
        digits = max(3, len(str(len(stories))))
        with file_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
        for number, lines in enumerate(stories, 1):
            write_new(self._folder / f"contact-{number:0{digits}}.story", lines)
        return len(stories)

    def _keep(self, mo: MO) -> None:
        code, number = (written.removeprefix("+") for written in (mo.to, mo.sender))
        contact = self._contacts.get((code, number))
        if contact is None:
            contact = self._contacts[code, number] = self._begin(code, mo.received_at)
        if not mo.id or (code, mo.id) not in self._ids:
            self._ids.add((code, mo.id or ""))
            contact.recorder.text(mo.text, mo.origin, mo.received_at)
            contact.last = mo.id or ""
        elif contact.last == mo.id:
            contact.recorder.again()
        else:
            contact.recorder.remark("a text with the id of an earlier one came, and counted not")

    def _begin(self, code: str, at: datetime) -> _Contact:
        title = f"Contact {len(self._contacts) + 1}, recorded from a file of texts"
        recorder = Recorder(title, self._programs, self._account, at)
        recorder.to(code)
        return _Contact(recorder)


def seen_from(folder: Path, definitions: Path) -> str:
    """Give what a story in a folder calls a file of definitions, whatever its name."""
    name = Path(os.path.relpath(definitions, folder)).as_posix()
    return f"./{name}" if name == BUILT_IN else name


def write_new(path: Path, lines: Sequence[str]) -> None:
    """Write lines to a file that is not there yet.

    Raises:
        CommandError: it is there, or cannot be written.

    """
    with file_errors(path), path.open("x", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def _to_the_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
