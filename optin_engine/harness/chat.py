r"""A conversation with an account, a line at a time: what `optin-engine chat` does.

What is shown is a story as people write it: `>` what the phone texts, `<` what it gets, `=`
the state, `wait` and `at` the time, `#` a remark; `:record` keeps it. A line break inside a
message is shown as the two characters `\n`, for a story has one line for each message.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar, TextIO

from rich.console import Console
from rich.text import Text

from optin_engine.harness.phone import NUMBER, Phone, phone_number
from optin_engine.outcome import Outcome
from optin_engine.vocabulary import Origin

HELP = """\
# Type a text as a customer would, such as JOIN, or one of these:
# :wait 2d           let time pass (45s, 90m, 23h, 2d, 1w), with its reminders and expiries
# :web JOIN          join by a web form; :app and :api likewise
# :as +15555550199   be somebody else, or yourself again
# :code 123456       text another code of the account
# :state             who you are, what time it is, and where you stand
# :record FILE       write the conversation to a file, from its beginning, as a story
# :quit              end"""

HINT = "# Text {code}: try {keywords}, then STOP. :help lists the commands, :quit ends."


class Chat:
    """A conversation.

    Args:
        phone: the phone that texts.
        show: is given each line to show.
        programs: the file of the account, to be named in a recorded story.
        why: show the reading's rule and the rows taken.
        echo: show the user's own lines too, because nobody saw them typed.

    >>> from optin_engine.harness import starter
    >>> chat = Chat(Phone(starter()), print, echo=True)
    at 2026-01-01 12:00 UTC
    >>> chat.hear("JOIN") and chat.hear(":wait 4d")  # doctest: +ELLIPSIS
    > JOIN
    < Acme Offers: Reply YES ...
    = In Progress
    wait 4d
    < Acme Offers: Reply YES ...
    = None
    True
    """

    def __init__(
        self,
        phone: Phone,
        show: Callable[[str], object],
        programs: str = "built-in",
        *,
        why: bool = False,
        echo: bool = False,
    ) -> None:
        self.phone = phone
        self._show, self._why, self._echo = show, why, echo
        self._programs = programs
        self._story: list[str] = []
        self._file: TextIO | None = None
        self._typed(f"at {self.phone.at:%Y-%m-%d %H:%M %Z}")

    def hint(self) -> str:
        """Give the line that tells a newcomer what to type."""
        code = self.phone.account.code(self.phone.code)
        keywords = ", ".join(program.keyword for program in code.programs)
        return HINT.format(code=code.digits, keywords=keywords)

    def hear(self, line: str) -> bool:
        """Take one line of the user; tell whether the conversation goes on."""
        line = line.rstrip("\r\n")
        word, _, rest = line.strip().partition(" ")
        if not word:
            return True
        if not (word[0] == ":" and word[1:].isalpha()):
            self._text(line, Origin.HANDSET)
            return True
        if word in {":quit", ":q", ":exit"}:
            return False
        command = self._COMMANDS.get(word)
        if command is None:
            self._show(f"# there is no {word}; :help lists the commands")
            return True
        try:
            command(self, word, rest.strip())
        except (OSError, ValueError) as wrong:
            self._show(f"# {wrong}")
        return True

    def close(self) -> None:
        """End the recording, if there is one."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _text(self, text: str, origin: Origin) -> None:
        phone = self.phone
        number = "" if phone.number == NUMBER else f"{phone.number} "
        place = "" if origin == Origin.HANDSET else f"@{origin} "
        self._typed(f"> {number}{place}{_on_one_line(text)}")
        outcome = phone.text(text, origin)
        self._explain(outcome)
        for mt in outcome.outbound:
            self._tell(f"< {_on_one_line(mt.text)}")
        if outcome.refused:
            self._tell(f"# refused: {outcome.refused}")
        self._tell(f"= {_labelled(outcome, outcome.keyword, outcome.state)}")

    def _explain(self, outcome: Outcome) -> None:
        if self._why:
            reading = outcome.reading
            matched = f': "{_on_one_line(reading.matched)}"' if reading.matched else ""
            self._show(f"? {reading.hears}, {reading.rule}{matched}")
            for step in outcome.steps:
                self._show(f"? {step.row}")

    def _wait(self, _: str, length: str) -> None:
        outcomes = self.phone.wait(length)
        self._typed(f"wait {length}")
        for outcome in outcomes:
            self._explain(outcome)
            number = outcome.contact.number
            somebody = "" if number == self.phone.number else f"{number} "
            for mt in outcome.outbound:
                self._tell(f"< {somebody}{_on_one_line(mt.text)}")
            for step in outcome.steps:
                if step.row.source != step.row.target:
                    state = _labelled(outcome, step.keyword, step.row.target)
                    self._tell(f"= {somebody}{state}")

    def _from_elsewhere(self, command: str, text: str) -> None:
        if not text:
            message = f"{command} needs a text, such as {command} JOIN"
            raise ValueError(message)
        self._text(text, Origin(command[1:]))

    def _as(self, _: str, number: str) -> None:
        self.phone.number = phone_number(number)
        self._show(f"# you are {self.phone.number}")

    def _code(self, _: str, digits: str) -> None:
        wanted = digits.removeprefix("+")
        if wanted not in self.phone.account.codes:
            message = f"the codes are {', '.join(self.phone.account.codes)}"
            raise ValueError(message)
        self.phone.code = wanted
        self._typed(f"to {wanted}")

    def _state(self, _: str, __: str) -> None:
        phone = self.phone
        self._show(f"# {phone.number} texts {phone.code}; it is {phone.at:%Y-%m-%d %H:%M:%S %Z}")
        subscriptions = phone.contact.subscriptions
        for subscription in subscriptions:
            self._show(f"= {subscription.keyword}: {subscription.state}")
        if not subscriptions:
            self._show(f"= {phone.state}")

    def _record(self, _: str, name: str) -> None:
        if not name:
            message = ":record needs the name of a file, such as :record double.story"
            raise ValueError(message)
        path = Path(name).expanduser()
        programs = self._programs
        if Path(programs).exists():
            programs = os.path.relpath(programs, path.parent)
        file = path.open("x", encoding="utf-8")
        self.close()
        self._file = file
        print("# Recorded by optin-engine chat", f"programs: {programs}", sep="\n", file=file)
        print(*self._story, sep="\n", file=file, flush=True)
        self._show(f"# recording to {name}")

    def _help(self, _: str, __: str) -> None:
        self._show(HELP)

    def _typed(self, line: str) -> None:
        self._tell(line, seen=not self._echo)

    def _tell(self, line: str, *, seen: bool = False) -> None:
        self._story.append(line)
        if self._file is not None:
            print(line, file=self._file, flush=True)
        if not seen:
            self._show(line)

    _COMMANDS: ClassVar[dict[str, Callable[["Chat", str, str], None]]] = {
        ":wait": _wait,
        ":web": _from_elsewhere,
        ":app": _from_elsewhere,
        ":api": _from_elsewhere,
        ":as": _as,
        ":code": _code,
        ":state": _state,
        ":record": _record,
        ":help": _help,
    }


def _labelled(outcome: Outcome, keyword: str | None, state: str) -> str:
    """Give a state, with its keyword where the contact has another programme as well."""
    others = any(s.keyword != keyword for s in outcome.contact.subscriptions)
    return f"{keyword}: {state}" if keyword and others else state


def _on_one_line(text: str) -> str:
    return "\\n".join(text.splitlines())


def lines_of(prompt: Callable[[str], str]) -> Iterator[str]:
    """Give what is typed after a prompt, until the end of the input."""
    try:
        while True:
            yield prompt("> ")
    except EOFError:
        return


def in_colour() -> Callable[[str], None]:
    """Give what shows a line on a terminal, each kind of line in a look of its own."""
    console = Console(highlight=False)
    styles = {"<": "green", "=": "bold", "#": "dim", "?": "cyan"}

    def show(line: str) -> None:
        console.print(Text(line, style=styles.get(line[:1], "")), soft_wrap=True)

    return show
