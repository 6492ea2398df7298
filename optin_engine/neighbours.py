"""What only several programmes on one code can do wrong: their keywords and texts, together."""

from collections.abc import Iterable, Sequence
from datetime import date

from optin_engine import texts
from optin_engine.codes import CODE_FIELDS
from optin_engine.definition import FIELDS
from optin_engine.entries import Entry
from optin_engine.fields import Field, Wrong, shown
from optin_engine.folding import fold, words
from optin_engine.phrases import NO_WORDS
from optin_engine.program import ASKING, VALID_RESPONSES
from optin_engine.vocabulary import OptInType


def judge_keywords(drafts: Sequence[Entry]) -> None:
    """Judge the keywords of each code together, also those of programmes with other faults."""
    by_code: dict[str, list[Entry]] = {}
    for draft in drafts:
        if "code" in draft.read:
            by_code.setdefault(draft.read["code"], []).append(draft)
    for neighbours in by_code.values():
        answers = _answers(neighbours)
        of_word: dict[str, list[Entry]] = {}
        for draft in neighbours:
            if "keyword" not in draft.read:
                continue
            word = fold(draft.read["keyword"])
            if word in answers:
                _refuse(draft, f"is invalid. {answers[word]} on the code.")
            others = of_word.setdefault(word, [])
            if rival := next((other for other in others if _overlap(draft, other)), None):
                rule = f"is already used on the code by {rival.label} on days that both run."
                _refuse(draft, rule)
            others.append(draft)


def _answers(neighbours: Iterable[Entry]) -> dict[str, str]:
    """Give, by its first word, what may be answered on a code to a programme that asks.

    A keyword is read before any answer, so one that is an answer's first word would start
    another programme for whoever meant YES, or NO, to this one.
    """
    asking = [d for d in neighbours if d.read.get("opt_in_type") in ASKING]
    answers: dict[str, str] = {}
    for draft in asking:
        if not draft.is_sound("doubleOptInValidResponses"):
            continue
        for response in draft.read.get("valid_responses", VALID_RESPONSES):
            first, *more = words(fold(response))
            verb = "begins" if more else "is"
            answers.setdefault(first, f"It {verb} a valid response of {draft.label}")
    for draft in asking:
        for word in NO_WORDS:
            answers.setdefault(word, f"It is a NO to {draft.label}")
    return answers


def _refuse(draft: Entry, rule: str) -> None:
    draft.refuse("keyword", f"The Keyword {str(draft.given['keyword']).strip()} {rule}")


def _overlap(one: Entry, other: Entry) -> bool:
    """Tell whether two programmes share a day, as each counts its own; wrong dates share none."""
    if not (one.is_sound("startDate", "endDate") and other.is_sound("startDate", "endDate")):
        return False
    (start, end), (since, until) = (_days(draft) for draft in (one, other))
    return start <= until and since <= end


def _days(draft: Entry) -> tuple[date, date]:
    return draft.read.get("start_date", date.min), draft.read.get("end_date", date.max)


def judge_texts(codes: Iterable[Entry], programs: Iterable[Entry]) -> None:
    """Refuse texts that repeat what was texted, on codes where that may be a birth date.

    A Text Response may: it answers its keyword alone, and no digit of what follows is kept.

    Args:
        codes: the entries of the codes.
        programs: the entries of the programmes.

    """
    drafts = [draft for draft in programs if "code" in draft.read]
    gated = {d.read["code"] for d in drafts if d.read.get("opt_in_type") == OptInType.AGE}
    for entry in codes:
        if entry.label.removeprefix("code ") in gated:
            _judge_texts_of(entry, CODE_FIELDS)
    for draft in drafts:
        if draft.read["code"] in gated and draft.read.get("opt_in_type") != OptInType.TEXT:
            _judge_texts_of(draft, FIELDS)


def _judge_texts_of(entry: Entry, table: Sequence[Field]) -> None:
    for field in table:
        if field.read not in (texts.template, texts.messages) or field.name not in entry.given:
            continue
        said, named = entry.read.get(field.attribute, ""), shown(field.name)
        by_name = {named: said}
        if field.read is texts.messages:
            by_name = {f"{named}.{name}": text for name, text in (said or {}).items()}
        for name, text in by_name.items():
            try:
                texts.check_quotes_nothing(name, text)
            except Wrong as wrong:
                entry.refuse(field.name, *wrong.args)
