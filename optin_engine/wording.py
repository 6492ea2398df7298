"""Which text a programme or a code says, and what it costs to send.

A text that fits the GSM 03.38 alphabet takes 160 septets in one SMS, or 153 in each of
several; any other is UCS-2: 70 code units, or 67 (3GPP TS 23.038 and 23.040). A character
of the extension table, or an emoji, is never cut in two.
"""

from collections.abc import Mapping

import gsm0338

from optin_engine.outcome import Outbound
from optin_engine.program import Code, Program
from optin_engine.vocabulary import Says

GSM_7, UCS_2 = "GSM-7", "UCS-2"
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
