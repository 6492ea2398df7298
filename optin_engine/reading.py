"""What a text is taken for, and why: SPEC section 3, the first hit wins.

`read` looks at the text alone for REACTION, STOP and HELP, then at the code for a keyword,
then at the text for a slip of STOP and for START, and last at the programme that waits for
an answer. Any text whatever gives a reading.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
Phrases = Mapping[str, Sequence[Words]]

NOBODY_WAITS = Reading(Hears.UNMATCHED, "nobody is waiting for it")
NO_RESPONSES: frozenset[Words] = frozenset()
NO_ANSWER = Reading(Hears.OTHER, "no answer to the question")
TAPBACK = Reading(Hears.REACTION, "a tapback quotes us")


@attrs.frozen
class Scan:
    """What can be told of a text without knowing who waits: its words and three readings.

    Attributes:
        folded: the text, folded.
        words: its words.
        first: REACTION, STOP or HELP, which come before any keyword.
        then: a slip of STOP, or START, which a keyword comes before.
        last: YES or NO, if somebody waits for an answer.

    """

    folded: str
    words: Words
    first: Reading | None = None
    then: Reading | None = None
    last: Reading | None = None


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
    valid = NO_RESPONSES if waiting is None else waiting.yes
    scan = _remembered(text, valid) if _HARMLESS.fullmatch(text) else _scan(text, valid)
    return (
        scan.first
        or _join(scan.words, code, at)
        or scan.then
        or (NOBODY_WAITS if waiting is None else scan.last or _birth_date(scan, code, waiting, at))
        or NO_ANSWER
    )


def _join(found: Words, code: Code, at: datetime) -> Reading | None:
    """Read a keyword and its nouns; where an age gate is, no birth date among these is kept."""
    for program in code.by_keyword.get(found[0], ()) if found else ():
        if program.is_active(at):
            nouns = found[1:]
            if code.has_age_gate:
                nouns = tuple(_DIGIT.sub("#", noun) for noun in nouns)
            return Reading(Hears.JOIN, "keyword first", found[0], program.keyword, nouns)
    return None


def _birth_date(scan: Scan, code: Code, waiting: Program, at: datetime) -> Reading | None:
    if waiting.opt_in_type != OptInType.AGE or not _DIGIT.search(scan.folded):
        return None
    given = read_birth_date(
        scan.folded,
        date_orders(code.country),
        at.astimezone(waiting.zone).date(),
        waiting.minimum_age,
        accepts_age=waiting.accepts_age,
    )
    if given is None:
        return None
    rule = f"{given.what}, minimum age {waiting.minimum_age}"
    return Reading(Hears.BIRTH_DATE, rule, given.what, verdict=given.verdict)


def _scan(text: str, valid: frozenset[Words]) -> Scan:
    folded = fold(text)
    found = words(folded)
    answer = _yes_or_no(folded, found, valid)
    # Without a letter, as dates and ages mostly are, it holds no word of ours.
    if not _LETTER.search(folded):
        return Scan(folded, found, None, None, answer)
    if (first := _reaction(folded) or _stop(found) or _help(found)) is not None:
        return Scan(folded, found, first)
    return Scan(folded, found, None, _slip(found) or _start(found), answer)


# A reply such as "yes" comes again and again. What may hold personal data, a digit first of
# all, is never remembered.
_HARMLESS = re.compile(r"[A-Za-z '.,!?-]{0,24}")
_remembered = lru_cache(maxsize=4096)(_scan)
_ASKS = re.compile("[?\u00bf\u061f]")
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")


def _phrases(data: Iterable[Words]) -> Phrases:
    """Sort phrases by their first word, so that most texts are told from them at a glance."""
    sorted_: dict[str, list[Words]] = {}
    for phrase in sorted(data, key=len, reverse=True):
        sorted_.setdefault(phrase[0], []).append(phrase)
    return sorted_


def _any_of(data: Iterable[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in data)


STOP, NO, HELP, START, OPENERS, CLOSERS = (
    _phrases(map(words, data))
    for data in (
        phrases.STOP_WORDS,
        phrases.NO_WORDS,
        phrases.HELP_WORDS,
        phrases.START_WORDS,
        phrases.OPENERS,
        phrases.CLOSERS,
    )
)
_valid = lru_cache(maxsize=1024)(_phrases)

_REACTION = re.compile(
    rf"(?:{_any_of(phrases.REACTION_VERBS)}"
    r'|removed .{1,40} from|reacted .{1,40} to|[^\w\s"]{1,20} to)'
    rf' ?(?:"(?:.*"\W*|[^"]*)|(?:{_any_of(phrases.REACTED_TO_THINGS)})\W*)'
)
_REVOKING = re.compile(rf"\b(?:{_any_of(phrases.REVOKING_PHRASES)})\b")
_DENIED = re.compile(rf"\b(?:{_any_of(phrases.NEGATIONS)}) $")


def _reaction(folded: str) -> Reading | None:
    return TAPBACK if _REACTION.fullmatch(folded) else None


def _stop(found: Words) -> Reading | None:
    # What joins words is punctuation to an opt-out: "opt-out", "stop_all".
    text = _JOINT.sub(" ", " ".join(found))
    parts = tuple(text.split(" "))
    rest = _without_leading(parts, OPENERS)
    if (head := _leading(rest, STOP)) is not None:
        return Reading(Hears.STOP, "STOP word first", " ".join(head))
    if (letters := "".join(parts)) in _STOP_LETTERS:
        return Reading(Hears.STOP, "STOP word, spelled apart", letters)
    for revoked in _REVOKING.finditer(text):
        if not _DENIED.search(text, 0, revoked.start()):
            return Reading(Hears.STOP, "revoking phrase", revoked.group())
    return None


_JOINT = re.compile("-|_+")
_STOP_LETTERS = frozenset("".join(words(phrase)) for phrase in phrases.STOP_WORDS)


def _help(found: Words) -> Reading | None:
    head = _leading(found, HELP)
    return Reading(Hears.HELP, "HELP word first", " ".join(head)) if head else None


def _start(found: Words) -> Reading | None:
    alone = found if _leading(found, START) == found else ()
    return Reading(Hears.START, "START word alone", " ".join(alone)) if alone else None


def _slip(found: Words) -> Reading | None:
    if len(found) == 1 and (found[0] in SLIPS or _RUN.sub(r"\1", found[0]) in phrases.SLIPS_OF):
        return Reading(Hears.STOP, "a slip of a STOP word", found[0])
    return None


# A letter held down: "stoppp".
_RUN = re.compile(r"(.)\1+")


def _yes_or_no(folded: str, found: Words, valid: frozenset[Words]) -> Reading | None:
    """Read a YES or a NO; a text that asks something back is neither."""
    if _ASKS.search(folded):
        return None
    if _is_phrase_then_courtesy(found, _valid(valid)):
        return Reading(Hears.YES, "valid response", " ".join(found))
    if _is_phrase_then_courtesy(found, NO):
        return Reading(Hears.NO, "NO word", " ".join(found))
    return None


def _is_phrase_then_courtesy(found: Words, wanted: Phrases) -> bool:
    for phrase in wanted.get(found[0] if found else "", ()):
        rest = found[len(phrase) :]
        if found[: len(phrase)] == phrase and not _without_leading(rest, CLOSERS):
            return True
    return False


def _leading(found: Words, wanted: Phrases) -> Words | None:
    """Give the longest phrase that the words begin with."""
    for phrase in wanted.get(found[0] if found else "", ()):
        if found[: len(phrase)] == phrase:
            return phrase
    return None


def _without_leading(found: Words, wanted: Phrases) -> Words:
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
