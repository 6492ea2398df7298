"""Texts without what never matters: case, accents, invisible characters, punctuation.

An opt-out never depends on case, spacing or punctuation (CTIA), so texts, phrases and
keywords are all folded the same way before they are compared.
"""

import re
import unicodedata

LONGEST = 1600

_APOSTROPHES = str.maketrans("", "", "'\u2018\u2019\u201a\u201b\u2032\u0060\u00b4\u02bc\uff07")
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"'))
_WORD = re.compile(r"[^\W_]+(?:(?:-|_+)[^\W_]+)*")


def fold(text: str) -> str:
    """Fold a text: NFKC, case, accents, apostrophes and white space gone, quotes plain.

    A Turkish dotless i counts as an i, as it does where a keyword is written in capitals.

    Args:
        text: any text; past 1,600 characters only the head is read.

    >>> fold("\uff33\uff34\uff2f\uff30,  don\u2019t \u201cARR\u00caT\u201d")
    'stop, dont "arret"'
    """
    text = text[:LONGEST]
    if text.isascii():
        text = text.lower().replace("'", "").replace("`", "")
    else:
        text = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES).translate(_QUOTES))
        text = unicodedata.normalize("NFKD", text.casefold().replace("\u0131", "i"))
        text = "".join(c for c in text if not _is_invisible(c)).casefold()
        text = text.translate(_APOSTROPHES).translate(_QUOTES)
    return " ".join(text.split())


def words(folded: str) -> tuple[str, ...]:
    """Give the words of a folded text, the punctuation around each stripped.

    >>> words('"stop". thank-you!!')
    ('stop', 'thank-you')
    """
    return tuple(_WORD.findall(folded))


def _is_invisible(character: str) -> bool:
    """Tell accents, variation selectors (Mn), zero-width, bidi (Cf) and broken halves (Cs)."""
    return unicodedata.category(character) in {"Mn", "Me", "Cf", "Cs"}
