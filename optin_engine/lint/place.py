"""What the copy lint looks at: one field, with all that is known around it."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache

import attrs

from optin_engine.folding import LONGEST, fold, words
from optin_engine.lint.words import VERBS, Provider
from optin_engine.program import Code, OutboundMessage, Program
from optin_engine.templating import Template, TemplateError, compile_template
from optin_engine.templating.message import MOBILE_NUMBER, SHORT_CODE
from optin_engine.templating.template import ANY_TIME
from optin_engine.templating.tokens import MARK
from optin_engine.wording import segments

# A number like any other; every contact has one.
ANY_NUMBER = "15555550123"

_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})


@attrs.frozen(slots=False)
class Place:
    """One field of a code, or of a programme or an outbound message on it.

    Attributes:
        field: MobileConnect's name.
        code: of the account.
        program: None for a field of the code itself, or of a message.
        text: what the field says to somebody of whom nothing is known but the number; empty
            where it is no text, or says nothing then.
        providers: the platforms that the code's texts go through.
        passed_over: the ids of rules that its entry's `lintIgnore` names.
        template: the text, where it has marks; None where it has none.
        message: the outbound one whose text this is; None for any other field.

    """

    field: str
    code: Code
    program: Program | None = None
    text: str = ""
    providers: tuple[Provider, ...] = ()
    passed_over: tuple[str, ...] = ()
    template: Template | None = None
    message: OutboundMessage | None = None

    def saying(self, written: str) -> "Place":
        """Give the place with a text, as a contact is told it of whom nothing is known.

        HTTPGet gets nothing here. A text that cannot do without stays as it is written.
        """
        if MARK not in written:
            return attrs.evolve(self, text=written)
        known = {MOBILE_NUMBER: ANY_NUMBER, SHORT_CODE: self.code.digits}
        template = compile_template(written)
        try:
            text = template.render(known, ANY_TIME, lambda _: "").strip()
        except TemplateError:
            text = written
        return attrs.evolve(self, text=text, template=template)

    @property
    def is_text(self) -> bool:
        """Whether its field is a text, though it may say nothing."""
        return bool(self.text) or self.template is not None

    @cached_property
    def folded(self) -> str:
        """The text as patterns read it."""
        return fold(self.text)

    @cached_property
    def plain(self) -> str:
        """The text with its capitals, without accents and with plain quotes."""
        apart = unicodedata.normalize("NFKD", self.text[:LONGEST].translate(_QUOTES))
        return "".join(c for c in apart if not unicodedata.combining(c))

    @cached_property
    def sent(self) -> tuple[str, int]:
        """The encoding it needs, and how many SMS it takes."""
        return segments(self.text)

    def tells(self, wanted: tuple[str, ...]) -> bool:
        """Tell whether it has one of these phrases in capitals, or after `reply` or `text`.

        >>> Place("", Code("123456"), text="Never stop smiling! Text END to end.").tells(("stop",))
        False
        """
        in_capitals, after_verb = _telling(wanted)
        return bool(in_capitals.search(self.plain) or after_verb.search(self.plain))

    def names(self, name: str) -> bool:
        """Tell whether the text holds a name, word by word; a possessive s may follow.

        >>> Place("", Code("123456"), text="Acme's News: welcome!").names("ACME")
        True
        """
        wanted, found = words(fold(name)), words(self.folded)
        if not wanted:
            return fold(name) in self.folded
        *first, last = wanted
        return any(
            found[at : at + len(first)] == tuple(first)
            and found[at + len(first)] in {last, f"{last}s"}
            for at in range(len(found) - len(first))
        )


# `Reply LEAVE to stop` and `never stop smiling` tell no STOP, and `text us for help` no HELP.
_NOT_FOR = r"(?<!\bto )(?<!\bfor )(?<!\bpour )(?<!\bpara )(?<!\bnever )(?<!\bnot )(?<!n't )"

Check = Callable[[Place], Iterator[str]]


@lru_cache(maxsize=256)
def _telling(wanted: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    spelt = [[re.escape(word) for word in words(fold(phrase))] for phrase in wanted]
    lower = "|".join(r"\W+".join(phrase) for phrase in spelt if phrase) or "(?!)"
    upper = "|".join(r"\W+".join(map(str.upper, phrase)) for phrase in spelt if phrase) or "(?!)"
    return (
        re.compile(rf"(?<![\w-])(?:{upper})(?![\w-])"),
        re.compile(rf"{VERBS}[^.!?]{{0,80}}?{_NOT_FOR}(?<![\w-])(?i:{lower})(?![\w-])"),
    )
