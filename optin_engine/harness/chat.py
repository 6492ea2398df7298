"""A conversation with an account, a line at a time: what `optin-engine chat` does.

What is shown is a story as people write it: `>` what the phone texts, `<` what it gets, `=`
the state, `wait` and `at` the time, `#` a remark; `:record` keeps it. So a number stands before
what concerns another than the story's usual one, whoever one is just now.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import ClassVar, TextIO

from rich.console import Console
from rich.text import Text as Styled

from optin_engine.harness.mos import LATEST
from optin_engine.harness.phone import Phone, duration, phone_number
from optin_engine.harness.refusal import reason
from optin_engine.harness.stories.escaping import escaped
from optin_engine.harness.stories.recording import seen_from
from optin_engine.harness.stories.story import BUILT_IN, At, Programs, Text, To, Wait
from optin_engine.harness.stories.telling import turn_of, unusual
from optin_engine.harness.stories.writing import act_line, turn_lines
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
        programs: the file of the account, to be named in a recorded story; None: the
            built-in example.
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
        programs: Path | None = None,
        *,
        why: bool = False,
        echo: bool = False,
    ) -> None:
        self.phone = phone
        self._show, self._why, self._echo = show, why, echo
        self._programs = programs
        self._story: list[str] = []
        self._file: TextIO | None = None
        self._typed(act_line(At(phone.at)))

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
        except OSError as wrong:
            self._show(f"# {reason(wrong, rest)}")
        except ValueError as wrong:
            self._show(f"# {wrong}")
        return True

    def record(self, path: Path) -> None:
        """Write the conversation to a file from its beginning on, as a story.

        Raises:
            OSError: the file is there already, or cannot be written.

        """
        programs = seen_from(path.parent, self._programs) if self._programs else BUILT_IN
        file = path.open("x", encoding="utf-8")
        self.close()
        self._file = file
        head = ("# Recorded by optin-engine chat", act_line(Programs(programs)))
        print(*head, *self._story, sep="\n", file=file, flush=True)
        self._show(f"# recording to {path}")

    def close(self) -> None:
        """End the recording, if there is one."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _text(self, text: str, origin: Origin) -> None:
        phone = self.phone
        act = Text(text, unusual(phone.number), origin)
        self._typed(act_line(act))
        self._came(act, [phone.text(text, origin)])

    def _wait(self, _: str, written: str) -> None:
        act = Wait(duration(written))
        if act.length > LATEST - self.phone.at:
            message = f"a story ends with the year {LATEST.year}"
            raise ValueError(message)
        outcomes = self.phone.wait(act.length)
        self._typed(act_line(act))
        self._came(act, outcomes)

    def _came(self, act: Text | Wait, outcomes: Sequence[Outcome]) -> None:
        if self._why:
            for line in chain.from_iterable(map(_reasons, outcomes)):
                self._show(line)
        for line in islice(turn_lines(turn_of(act, outcomes, self.phone.code)), 1, None):
            self._tell(line)

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
        self._typed(act_line(To(wanted)))

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
        self.record(Path(name).expanduser())

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


def _reasons(outcome: Outcome) -> Iterator[str]:
    """Say how something was read, and which rows were taken."""
    reading = outcome.reading
    matched = f': "{escaped(reading.matched)}"' if reading.matched else ""
    yield f"? {reading.hears}, {reading.rule}{matched}"
    for step in outcome.steps:
        yield f"? {step.row}"


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
        console.print(Styled(line, style=styles.get(line[:1], "")), soft_wrap=True)

    return show
