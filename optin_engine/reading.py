"""What a text is taken for, and why: SPEC section 3, the first hit wins.

`read` looks at the text alone for REACTION, STOP and HELP, then at the code for a keyword,
then at the text for a slip of STOP and for START, and last at the programme that waits for
an answer. Any text whatever gives a reading.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from string import ascii_lowercase, digits

import attrs

from optin_engine import phrases
from optin_engine.birthdate import date_orders, read_birth_date
from optin_engine.folding import fold, words
from optin_engine.program import Code, Program
from optin_engine.vocabulary import Hears, OptInType, Reading

Words = tuple[str, ...]

NOBODY_WAITS = Reading(Hears.UNMATCHED, "nobody is waiting for it")
NO_ANSWER = Reading(Hears.OTHER, "no answer to the question")
TAPBACK = Reading(Hears.REACTION, "a tapback quotes us")


@attrs.frozen
class Scan:
    """What can be told of a text without knowing the code: its words and two readings.

    Attributes:
        folded: the text, folded.
        words: its words.
        asks: it holds a question mark.
        first: REACTION, STOP or HELP, which come before any keyword.
        then: a slip of STOP, or START, which a keyword comes before.

    """

    folded: str
    words: Words
    asks: bool
    first: Reading | None
    then: Reading | None


def read(text: str, code: Code, waiting: Program | None, at: datetime) -> Reading:
    """Tell what a text means on a code.

    Args:
        text: any text; past 1,600 characters only the head is read.
        code: the code it came to, with its programmes.
        waiting: the programme that asked the contact last and waits for an answer.
        at: when it arrived, for the programmes' dates and for ages.

    >>> from datetime import UTC, datetime
    >>> read("Stop. Thank you", Code("123456"), None, datetime(2026, 1, 1, tzinfo=UTC)).rule
    'STOP word first'
    """
    scan = _remembered(text) if _HARMLESS.fullmatch(text) else _scan(text)
    if scan.first is not None:
        return scan.first
    if scan.words:
        for program in code.by_keyword.get(scan.words[0], ()):
            if program.is_active(at):
                return _join(scan.words, program.keyword, masks_digits=code.has_age_gate)
    if scan.then is not None:
        return scan.then
    return NOBODY_WAITS if waiting is None else _answer(scan, code, waiting, at)


def _join(found: Words, keyword: str, *, masks_digits: bool) -> Reading:
    """Keep the nouns, but no birth date that somebody put right behind the keyword."""
    nouns = tuple(_DIGIT.sub("#", noun) for noun in found[1:]) if masks_digits else found[1:]
    return Reading(Hears.JOIN, "keyword first", found[0], keyword, nouns)


def _answer(scan: Scan, code: Code, waiting: Program, at: datetime) -> Reading:
    if not scan.asks:
        if _is_phrase_then_courtesy(scan.words, waiting.yes):
            return Reading(Hears.YES, "valid response", " ".join(scan.words))
        if _is_phrase_then_courtesy(scan.words, NO):
            return Reading(Hears.NO, "NO word", " ".join(scan.words))
    if waiting.opt_in_type == OptInType.AGE and _DIGIT.search(scan.folded):
        given = read_birth_date(
            scan.folded,
            date_orders(code.country),
            at.astimezone(waiting.zone).date(),
            waiting.minimum_age,
            accepts_age=waiting.accepts_age,
        )
        if given is not None:
            rule = f"{given.what}, minimum age {waiting.minimum_age}"
            return Reading(Hears.BIRTH_DATE, rule, given.what, verdict=given.verdict)
    return NO_ANSWER


def _scan(text: str) -> Scan:
    folded = fold(text)
    found = words(folded)
    first = _reaction(folded) or _stop(found) or _help(found)
    then = None if first else _slip(found) or _start(found)
    return Scan(folded, found, bool(_ASKS.search(folded)), first, then)


# A reply such as "yes" comes again and again. What may hold personal data, a digit first of
# all, is never remembered.
_HARMLESS = re.compile(r"[A-Za-z '.,!?-]{0,24}")
_remembered = lru_cache(maxsize=4096)(_scan)
_ASKS = re.compile("[?\u00bf\u061f]")
_DIGIT = re.compile(r"\d")


def _phrases(data: Iterable[str]) -> frozenset[Words]:
    return frozenset(words(phrase) for phrase in data)


def _any_of(data: Iterable[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in data)


STOP, NO = _phrases(phrases.STOP_WORDS), _phrases(phrases.NO_WORDS)
HELP, START = _phrases(phrases.HELP_WORDS), _phrases(phrases.START_WORDS)
OPENERS, CLOSERS = _phrases(phrases.OPENERS), _phrases(phrases.CLOSERS)
_LONGEST_PHRASE = max(map(len, OPENERS | CLOSERS | STOP))

_REACTION = re.compile(
    rf"(?:{_any_of(phrases.REACTION_VERBS)}"
    r'|removed .{1,40} from|reacted .{1,40} to|[^\w\s"]{1,20} to)'
    rf' ?(?:"(?:.*"\W*|[^"]*)|(?:{_any_of(phrases.REACTED_TO_THINGS)})\W*)'
)
_REVOKING = re.compile(
    "".join(rf"(?<!\b{no} )" for no in phrases.NEGATIONS)
    + rf"\b(?:{_any_of(phrases.REVOKING_PHRASES)})\b"
)


def _reaction(folded: str) -> Reading | None:
    return TAPBACK if _REACTION.fullmatch(folded) else None


def _stop(found: Words) -> Reading | None:
    parts = tuple(part for word in found for part in word.split("-"))
    rest = _without_leading(parts, OPENERS)
    if (head := _leading(rest, STOP)) is not None:
        return Reading(Hears.STOP, "STOP word first", " ".join(head))
    if (letters := "".join(parts)) in _STOP_LETTERS:
        return Reading(Hears.STOP, "STOP word, spelled apart", letters)
    if revoked := _REVOKING.search(" ".join(parts)):
        return Reading(Hears.STOP, "revoking phrase", revoked.group())
    return None


_STOP_LETTERS = frozenset("".join(phrase) for phrase in STOP)


def _help(found: Words) -> Reading | None:
    return Reading(Hears.HELP, "HELP word first", found[0]) if found[:1] in HELP else None


def _start(found: Words) -> Reading | None:
    return Reading(Hears.START, "START word alone", found[0]) if found in START else None


def _slip(found: Words) -> Reading | None:
    if len(found) == 1 and (found[0] in SLIPS or _RUN.sub(r"\1", found[0]) in phrases.SLIPS_OF):
        return Reading(Hears.STOP, "a slip of a STOP word", found[0])
    return None


# A letter held down: "stoppp".
_RUN = re.compile(r"(.)\1+")


def _is_phrase_then_courtesy(found: Words, wanted: frozenset[Words]) -> bool:
    return any(
        found[:n] in wanted and not _without_leading(found[n:], CLOSERS)
        for n in range(1, len(found) + 1)
    )


def _leading(found: Words, wanted: frozenset[Words]) -> Words | None:
    for n in range(min(len(found), _LONGEST_PHRASE), 0, -1):
        if found[:n] in wanted:
            return found[:n]
    return None


def _without_leading(found: Words, wanted: frozenset[Words]) -> Words:
    while (head := _leading(found, wanted)) is not None:
        found = found[len(head) :]
    return found


def _slips(word: str) -> Iterator[str]:
    """Two neighbouring letters swapped, a letter doubled, or 0 for o."""
    for i, letter in enumerate(word):
        yield word[:i] + word[i : i + 2][::-1] + word[i + 2 :]
        yield word[:i] + letter + word[i:]
        yield word.replace("o", "0")


def _edits(word: str) -> Iterator[str]:
    """Any one letter missing, added, or another, or two neighbours swapped."""
    yield from _slips(word)
    for i in range(len(word) + 1):
        yield word[:i] + word[i + 1 :]
        for letter in ascii_lowercase + digits:
            yield word[:i] + letter + word[i:]
            yield word[:i] + letter + word[i + 1 :]


SLIPS = frozenset(
    slip
    for word in phrases.SLIPS_OF + phrases.ANY_EDIT_OF
    for slip in (_slips(word) if word in phrases.SLIPS_OF else _edits(word))
)
