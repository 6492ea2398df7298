"""Who plays a story, turn by turn: what a story leaves unsaid is here.

That is the clock, the code that is texted, the ids of the texts, and whose the phone is.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from functools import partial

import attrs

from optin_engine.account import Account
from optin_engine.harness.phone import NOON, NUMBER, TYPING, later
from optin_engine.harness.stories.matching import is_said
from optin_engine.harness.stories.played import NOTHING_CAME, Found, Performed
from optin_engine.harness.stories.story import (
    Act,
    Again,
    At,
    Order,
    Programs,
    Refused,
    Said,
    Stands,
    Story,
    Text,
    To,
    Turn,
    Wait,
)
from optin_engine.harness.stories.telling import unusual
from optin_engine.harness.targets.target import Came, Message, Target, UnableError
from optin_engine.vocabulary import Inbound

NOTHING_REFUSED = ""


class UnplayableError(Exception):
    """The story asks for what no target can do; the message says what."""


@attrs.define
class Player:
    """A player in the midst of a story.

    Its clock is in UTC, whatever zone the story sets it in: there no hour comes twice.

    Args:
        story: the story.
        target: whom it is told to.
        programs: gives the account of what a story calls its programmes.
        begin: what the clock shows at first, where the story does not set it.

    Attributes:
        now: what the clock shows.
        codes: of the definitions that hold; at first none.
        keywords: that each code has, or had before its definitions changed.
        code: that is texted.
        last: the code, number and MO of the last text.
        texts: how many there were.

    """

    story: Story
    target: Target
    programs: Callable[[str], Account]
    begin: datetime = NOON
    now: datetime = attrs.field(init=False)
    codes: Collection[str] = attrs.field(default=(), init=False)
    keywords: dict[str, dict[str, None]] = attrs.field(factory=dict, init=False)
    code: str = attrs.field(default="", init=False)
    last: tuple[str, str, Inbound] | None = attrs.field(default=None, init=False)
    texts: int = attrs.field(default=0, init=False)

    @now.default
    def _first_moment(self) -> datetime:
        """Begin with what the clock is set to before anything is done, if it is."""
        for turn in self.story.turns:
            if isinstance(turn.act, At):
                return turn.act.moment.astimezone(UTC)
            if not isinstance(turn.act, Programs | To):
                break
        return self.begin

    def perform(self, turn: Turn) -> Performed:
        """Play one turn, and ask for what must stand after it.

        Raises:
            UnplayableError: nobody could play it.
            TargetError: the target is broken.
            CommandError: the definitions are.

        """
        if not self.codes and not isinstance(turn.act, Programs):
            message = "a story begins with its programmes, such as `programs: built-in`"
            raise UnplayableError(message)
        at = self.now
        try:
            came = self._act(turn.act)
            found = tuple(map(partial(self._found, came), turn.stands))
        except UnableError as unable:
            return Performed(turn, at, skipped=str(unable))
        said = tuple(map(_said, came.said))
        keywords = tuple(self.keywords.get(self.code, ()))
        return Performed(turn, at, came, said, found, keywords, is_said=is_said(turn.said, said))

    def _act(self, act: Act) -> Came:
        match act:
            case Text():
                return self._text(act)
            case Again():
                return self._bring()
            case Order():
                number = act.number or NUMBER
                return self._typed(self.target.order(self.code, number, act, self.now))
            case Wait():
                return self._pass_until(_later(self.now, act.length))
            case At():
                return self._pass_until(act.moment.astimezone(UTC))
            case To():
                self._turn_to(act.code)
            case Programs():
                self._define(act.file)
        return NOTHING_CAME

    def _text(self, text: Text) -> Came:
        self.texts += 1
        try:
            sent = self.now - text.ago
        except OverflowError:
            message = "a text cannot have been sent before the year 1"
            raise UnplayableError(message) from None
        inbound = Inbound(text.text, sent, f"mo-{self.texts}", text.origin)
        self.last = self.code, text.number or NUMBER, inbound
        return self._typed(self._bring())

    def _bring(self) -> Came:
        """Bring the last text, for the first time or once more."""
        if self.last is None:
            message = "nothing was texted yet that could come again"
            raise UnplayableError(message)
        return self.target.text(*self.last, self.now)

    def _typed(self, came: Came) -> Came:
        """Let the second pass that it took."""
        self.now = _later(self.now, TYPING)
        return came

    def _pass_until(self, moment: datetime) -> Came:
        if moment < self.now:
            shown = f"{self.now:%Y-%m-%d %H:%M:%S %Z}"
            message = f"the clock never goes back; it shows {shown}"
            raise UnplayableError(message)
        came = self.target.wait_until(moment)
        self.now = moment
        return came

    def _turn_to(self, code: str) -> None:
        if code not in self.codes:
            message = f"there is no code {code}; the programmes have {', '.join(self.codes)}"
            raise UnplayableError(message)
        self.code = code

    def _define(self, file: str) -> None:
        """Let other definitions hold; the code that is texted stays, if they have it."""
        account = self.programs(file)
        if not account.codes:
            message = f"{file}: it has no code to text to"
            raise UnplayableError(message)
        self.target.define(account, self.now)
        self.codes = account.codes
        for digits, code in account.codes.items():
            known = self.keywords.setdefault(digits, {})
            known |= dict.fromkeys(program.keyword for program in code.programs)
        if self.code not in self.codes:
            self.code = next(iter(self.codes))

    def _found(self, came: Came, expected: Stands | Refused) -> Found:
        if isinstance(expected, Stands):
            keywords = self.keywords[self.code]
            if expected.keyword and expected.keyword.upper() not in keywords:
                known = ", ".join(keywords)
                message = f"{self.code} has no programme {expected.keyword}; it has {known}"
                raise UnplayableError(message)
            number = expected.number or NUMBER
            return Found(expected, self.target.state(self.code, number, expected.keyword))
        return Found(expected, (came.refused or NOTHING_REFUSED) if came.tells_refusals else None)


def _later(moment: datetime, length: timedelta) -> datetime:
    try:
        return later(moment, length)
    except ValueError as error:
        raise UnplayableError(str(error)) from None


def _said(message: Message) -> Said:
    return Said(message.text, unusual(message.number))
