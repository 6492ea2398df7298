"""Which text a programme or a code says, and what it costs to send.

A text that fits the GSM 03.38 alphabet takes 160 septets in one SMS, or 153 in each of
several; any other is UCS-2: 70 code units, or 67 (3GPP TS 23.038 and 23.040). A character
of the extension table, or an emoji, is never cut in two.

A text with marks is a template. What it says depends on the contact and the moment; what it
says of a contact of whom nothing is known is settled here, and said where the other fails:
no turn is lost to a template.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Self

import attrs
import gsm0338

from optin_engine.outcome import Outbound
from optin_engine.program import Code, Program
from optin_engine.templating import Template, TemplateError, compile_template
from optin_engine.templating.evaluation import Fetch
from optin_engine.templating.tokens import MARK
from optin_engine.vocabulary import Says

GSM_7, UCS_2 = "GSM-7", "UCS-2"

# What is shown of a text before HTTPGet has filled it.
UNFILLED = "(to be filled by HTTPGet) "
ESCAPE = "\x1b"
_GSM = gsm0338.Codec()

# Which attribute of a programme, or of a code, holds each text.
PROGRAM_TEXTS = {
    Says.RESPONSE: "response",
    Says.INITIAL: "initial",
    Says.BIRTH_DATE: "birth_date",
    Says.CONFIRMATION: "confirmation",
    Says.ERROR: "error",
    Says.INVALID_AGE: "invalid_age",
    Says.DUPLICATE: "duplicate",
}
CODE_TEXTS = {
    Says.STOP: "stop",
    Says.HELP: "help",
    Says.START: "start",
    Says.DEFAULT: "default",
}


def texts_of_code(code: Code) -> dict[str, Outbound]:
    """Give what a code can say itself, by kind; an empty text is not said.

    >>> texts_of_code(Code("123456", help="Acme: reply STOP to stop."))["help"].segments
    1
    """
    return _spoken({str(kind): getattr(code, name) for kind, name in CODE_TEXTS.items()}, "")


def texts_of_program(program: Program) -> dict[str, Outbound]:
    """Give what a programme can say, by kind, with its further messages."""
    texts = {str(kind): getattr(program, name) for kind, name in PROGRAM_TEXTS.items()}
    return _spoken({**program.messages, **texts}, program.keyword)


@attrs.frozen
class Wording:
    """A text with marks, ready to be filled.

    Attributes:
        template: it.
        written: the MT as it is written in the definition.
        of_nobody: what it says of a contact of whom nothing is known; None for silence.

    """

    template: Template
    written: Outbound
    of_nobody: Outbound | None

    @classmethod
    def of(cls, written: Outbound) -> Self:
        """Make one of a text.

        Raises:
            TemplateError: it is no template, which no definition lets through.

        """
        template = compile_template(written.text)
        try:
            of_nobody = "" if template.fetches else template.of_nobody()
        except TemplateError:
            of_nobody = ""
        return cls(template, written, _said(written, of_nobody))

    def filled(self, context: Mapping[str, str], now: datetime) -> Outbound | None:
        """Give what it says, white space around it gone; whatever the context, it never fails.

        Where it cannot be filled for this contact, or says nothing, it says what it says of a
        contact of whom nothing is known: whoever is asked, or has withdrawn, is told so in any
        case. Every opt-in text says something then, because a definition is refused where one
        does not; a Text Response may be silent.

        Args:
            context: values by upper-case name, as `message_context` gives them.
            now: the time, for Now().

        Returns:
            The MT; with HTTPGet one that is yet to be `finished`; None for silence.

        """
        if self.template.fetches:
            return Outbound(
                self.written.kind, self.written.text, "", 0, self.written.keyword, context
            )
        try:
            text = self.template.render(context, now).strip()
        except TemplateError:
            text = ""
        return _said(self.written, text) or self.of_nobody


def wordings(says: Mapping[str, Outbound]) -> dict[str, Wording]:
    """Give the texts that have marks, by kind."""
    marked = {kind: Wording.of(said) for kind, said in says.items() if MARK in said.text}
    return {kind: wording for kind, wording in marked.items() if not wording.template.is_plain}


def finished(outbound: Outbound, now: datetime, fetch: Fetch) -> Outbound:
    """Give an MT whose text HTTPGet had yet to fill, filled, white space around it gone.

    Args:
        outbound: one with a context; one without is ready, and given as it is.
        now: the time, for Now().
        fetch: gets a URL's text, or raises OSError; it may take its time.

    Raises:
        TemplateError: a text could not be fetched, a function was given what it cannot take, or
            nothing is said. The message names no value that it was filled with.

    >>> from datetime import UTC
    >>> quote = Outbound("response", "ACME: %%=HTTPGet('http://a.test/')=%%", "", 0, "STOCK", {})
    >>> finished(quote, datetime(2026, 11, 22, tzinfo=UTC), lambda url: "12.50").text
    'ACME: 12.50'
    """
    if outbound.context is None:
        return outbound
    text = compile_template(outbound.text).render(outbound.context, now, fetch).strip()
    said = _said(outbound, text)
    if said is None:
        message = "the text says nothing; add words that are always said"
        raise TemplateError(1, 1, message)
    return said


def shown(outbound: Outbound) -> str:
    """Give the text of an MT as people may see it before it is handed over.

    >>> shown(Outbound("response", "%%=HTTPGet('http://a.test/')=%%", "", 0, "STOCK", {}))
    "(to be filled by HTTPGet) %%=HTTPGet('http://a.test/')=%%"
    """
    return outbound.text if outbound.context is None else UNFILLED + outbound.text


def _said(written: Outbound, text: str) -> Outbound | None:
    return Outbound(written.kind, text, *segments(text), written.keyword) if text else None


def segments(text: str) -> tuple[str, int]:
    """Give the encoding of a text and how many SMS it takes.

    Args:
        text: any text; a broken surrogate counts as one code unit.

    >>> segments("Reply YES to confirm"), segments("\u20ac" * 81), segments("\N{BELL}" * 36)
    (('GSM-7', 1), ('GSM-7', 2), ('UCS-2', 2))
    """
    try:
        sizes = [_septets(character) for character in text]
    except UnicodeError:
        return UCS_2, _parts([2 if character > "\uffff" else 1 for character in text], 70, 67)
    return GSM_7, _parts(sizes, 160, 153)


# Of a send that is filled for each of a million members, every character is looked up here.
@lru_cache(maxsize=1024)
def _septets(character: str) -> int:
    """Give what a character takes of GSM's alphabet, whose escape stands for none itself.

    Raises:
        UnicodeError: the alphabet does not have it.

    """
    if character == ESCAPE:
        raise UnicodeError
    return len(_GSM.encode(character)[0])


def _spoken(texts: Mapping[str, str], keyword: str) -> dict[str, Outbound]:
    return {
        kind: Outbound(kind, text, *segments(text), keyword) for kind, text in texts.items() if text
    }


def _parts(sizes: list[int], alone: int, together: int) -> int:
    if sum(sizes) <= alone:
        return 1
    parts, room = 0, 0
    for size in sizes:
        if size > room:
            parts, room = parts + 1, together
        room -= size
    return parts
