"""The questions of the copy lint about answers: what is told to send, and what is understood."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

import attrs

from optin_engine.folding import fold, words
from optin_engine.lint import words as say
from optin_engine.lint.place import Check, Place
from optin_engine.phrases import HELP_WORDS, NO_WORDS, START_WORDS, STOP_WORDS
from optin_engine.program import ASKING, Code
from optin_engine.reading import read
from optin_engine.templating.template import ANY_TIME
from optin_engine.vocabulary import Hears, OptInType

ORDERS = frozenset(words(order) for order in (*STOP_WORDS, *HELP_WORDS, *START_WORDS, *NO_WORDS))


def tells_none_of(told: Iterable[str], message: str) -> Check:
    """Make a check that a text tells one of these words to send."""
    wanted = tuple(told)

    def check(place: Place) -> Iterator[str]:
        if not place.tells(wanted):
            yield message

    return check


def no_answer(place: Place) -> Iterator[str]:
    """Find a question that does not tell what to answer."""
    program = place.program
    if program is None:
        return
    if program.opt_in_type != OptInType.AGE:
        if not place.tells(program.valid_responses):
            yield f'does not tell how to answer: add "Reply {program.valid_responses[-1].upper()}".'
    elif not (say.BIRTH_DATE_ASKED.search(place.folded) or say.AGE_ASKED.search(place.folded)):
        yield 'does not ask for the birth date: add "Reply with your birth date as MM/DD/YYYY".'


def unheard(place: Place) -> Iterator[str]:
    """Find words that a text tells to send and nothing on the code understands."""
    for told in dict.fromkeys(_told(place.plain)):
        said = words(fold(told))
        if said and not _is_heard(place, said) and not _is_heard(place, said[:1]):
            yield f"tells to send {told}, which {_why_unheard(place)}."


def _is_heard(place: Place, said: tuple[str, ...]) -> bool:
    """Tell whether a programme understands it, or any on the code where the code speaks."""
    asking = place.code.programs if place.program is None else (place.program,)
    return (
        said in ORDERS
        or " ".join(said) in place.code.by_keyword
        or any(said in p.yes for p in asking if p.opt_in_type in ASKING)
    )


def _why_unheard(place: Place) -> str:
    program = place.program
    if program is None or program.opt_in_type not in ASKING:
        return "is no keyword of the code and no STOP, HELP or START word: tell one that is"
    responses = ", ".join(program.valid_responses)
    return f"is not among DoubleOptInValidResponses ({responses}): add it there, or tell another"


_CAPITALS = r"[A-Z][A-Z0-9]*(?:[-_ ][A-Z][A-Z0-9]*)*\b"
_TO_SEND = rf"(?:\"[^\"]{{1,30}}\"|'[^']{{1,30}}'|(?i:yes|ok)\b|{_CAPITALS})"
_OR = r"\s*(?:,|/|\bor\b|\bou\b|\bo\b|\band\b)\s*(?:or\s+)?"
_TOLD = re.compile(
    rf"{say.VERBS}(?i:\s+(?:back|with|by|the|word|avec|par|con|la|le|mot|palabra)\b){{0,3}}"
    rf"\s+({_TO_SEND}(?:{_OR}{_TO_SEND}){{0,5}})"
)
_TOLD_NEXT = re.compile(rf"(?:[,;.]|\bor\b|\band\b)\s+({_CAPITALS})\s+(?:to|for|pour|para)\s+[a-z]")
_EACH_TO_SEND = re.compile(_TO_SEND)
_VERB = re.compile(say.VERBS)


def _told(plain: str) -> Iterator[str]:
    """Give the words that a text tells to send; where all is in capitals, none stands out."""
    first = _VERB.search(plain)
    if first is None or plain.isupper():
        return
    lists = [found[1] for found in _TOLD.finditer(plain)]
    lists += [found[1] for found in _TOLD_NEXT.finditer(plain, first.end())]
    for told in (word for some in lists for word in _EACH_TO_SEND.findall(some)):
        bare = told.strip("\"' ")
        if fold(bare) not in say.NO_ANSWERS:
            yield bare


# A unit by its first letter, in English, French and Spanish.
_HOURS = {"m": 1 / 60, "h": 1, "d": 24, "j": 24, "w": 168, "s": 168}
_SPAN = (
    r"(\d{1,3})[ -]?(min(?:ute)?s?|h(?:ou)?rs?|h|heures?|horas?|days?|jours?|dias?|weeks?"
    r"|semaines?|semanas?)\b"
)
_DEADLINE = re.compile(
    rf"(?:{say.VERBS}|\bconfirm)[^.!?]{{0,40}}?\b(?:within|in the next|dans les|dentro de)"
    rf" (?:the next )?{_SPAN}"
    rf"|\bexpires in {_SPAN}|\byou have {_SPAN} to (?:reply|respond|answer|confirm)"
)


def other_deadline(place: Place) -> Iterator[str]:
    """Find a time to answer that is another than `confirmWithin`."""
    if place.program is None:
        return
    within = place.program.confirm_within
    counts = "never ends" if within is None else f"is {within / timedelta(hours=1):g}h"
    for found in _DEADLINE.finditer(place.folded):
        number, unit = filter(None, found.groups())
        if timedelta(hours=int(number) * _HOURS[unit[0]]) != within:
            told = f"{number} {unit}"
            yield f"gives {told} to answer, while ConfirmWithin {counts}: make both the same."


def misread_keyword(place: Place) -> Iterator[str]:
    """Find a keyword that, texted alone, is read before any keyword is looked for."""
    if place.program is None:
        return
    always = attrs.evolve(place.program, start_date=None, end_date=None)
    heard = read(always.keyword, Code(always.code, programs=(always,)), None, ANY_TIME)
    if heard.hears != Hears.JOIN:
        yield f"is read as {heard.hears} ({heard.rule}): choose another."


def misread_responses(place: Place) -> Iterator[str]:
    """Find valid responses that, texted alone, are no YES."""
    program = place.program
    if program is None:
        return
    for response in program.valid_responses:
        heard = read(response, place.code, program, ANY_TIME)
        if heard.hears != Hears.YES:
            read_as = f"is read as {heard.hears} ({heard.rule})"
            yield f"has {response}, which {read_as}: leave it out, or accept another."


def swallowed_answers(place: Place) -> Iterator[str]:
    """Find valid responses that a platform answers itself; for an age gate, those it tells."""
    program = place.program
    if program is None:
        return
    prompt = Place("", place.code, program, program.initial)
    for response in program.valid_responses:
        if program.opt_in_type != OptInType.AGE or prompt.tells((response,)):
            yield from _swallowed(place, response, "tell and accept another")


def swallowed_keyword(place: Place) -> Iterator[str]:
    """Find a keyword that a platform answers itself."""
    if place.program is not None:
        yield from _swallowed(place, place.program.keyword, "choose another")


def _swallowed(place: Place, word: str, mend: str) -> Iterator[str]:
    for provider in place.providers:
        if fold(word) in provider.words:
            yield (
                f"has {word.upper()}, which {provider.name} takes for itself on its defaults: "
                f"{mend}, or turn that off there ({provider.source})."
            )
