"""A story of what a service's store has of a number: told to the engine again, as it was.

The store masks birth dates and keeps no order that changed nothing; all else is told in its
order. Where today's definitions say something else than was said then, a remark tells what
that was, for the story passes.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from heapq import merge
from itertools import accumulate
from pathlib import Path

import attrs
import msgspec

from optin_engine.account import Account
from optin_engine.birthdate import AN_AGE, OLDEST
from optin_engine.engine import Engine
from optin_engine.guards import RESUBSCRIBE
from optin_engine.harness.definitions import account_of
from optin_engine.harness.refusal import FAULTY, CommandError
from optin_engine.harness.stories.escaping import escaped
from optin_engine.harness.stories.recording import Recorder, write_new
from optin_engine.harness.stories.story import Order, Ordered
from optin_engine.outcome import ConsentRecord
from optin_engine.service.answer import Answer, Unserved
from optin_engine.service.bodies import CODE, PROGRAM, given_of
from optin_engine.service.catalog import Catalog
from optin_engine.stores import Mo, Mt, Store
from optin_engine.vocabulary import Hears, Inbound, Reading, Verdict
from optin_engine.wording import shown

_answer_of = msgspec.json.Decoder(Answer).decode

_ORDERED: dict[str, Ordered] = {
    Hears.SUBSCRIBE: Ordered.SUBSCRIBE,
    Hears.UNSUBSCRIBE: Ordered.UNSUBSCRIBE,
    Hears.DEACTIVATE: Ordered.DEACTIVATE,
}
DEFINITIONS = ".json"
_MASK = "#"
_DIGITS = "0123456789"

# Ages to invent birth dates of, the likely ones first: a grown-up, a child, then anybody.
_AGES = (30, 10, *range(OLDEST + 1))


@attrs.frozen
class _Event:
    """Something that the store has of a code: an MO, an order, or (neither) that time passed."""

    at: datetime
    code: str
    what: Mo | Order | None


def record_history(store: Store, number: str, codes: Sequence[str], path: Path) -> str:
    """Write a story of a number's history, and the definitions that hold beside it.

    Args:
        store: the service's.
        number: whose, E.164; the story does not name it.
        codes: on which codes.
        path: the story's; a file of definitions of its name (`.json`) that is there already
            is not written, and holds.

    Returns:
        A line that tells what was written.

    Raises:
        CommandError: the story is there already, a file cannot be written, or the definitions
            have no such code any more.

    """
    if path.exists() or path.suffix == DEFINITIONS:
        message = f"{path}: choose another name, such as {path.stem}-2.story"
        raise CommandError(message)
    definitions = path.with_suffix(DEFINITIONS)
    holds = definitions.exists()
    account = account_of(definitions) if holds else Catalog(store).account()
    if gone := [code for code in codes if code not in account.codes]:
        message = f"the definitions have no code {', '.join(gone)} any more; choose by --code"
        raise CommandError(message, status=FAULTY)
    if not holds:
        write_new(definitions, [_definitions(store)])
    write_new(path, history_lines(store, number, codes, account, definitions.name))
    return f"Wrote {path}" + (f"; {definitions} holds." if holds else f" and {definitions}.")


def history_lines(
    store: Store, number: str, codes: Sequence[str], account: Account, programs: str
) -> list[str]:
    """Give the lines of a story of a number's history.

    Args:
        store: the service's.
        number: whose, E.164.
        codes: on which codes, of the account.
        account: the definitions that hold for the story.
        programs: what the story calls them.

    """
    events = list(merge(*(_events(store, code, number) for code in codes), key=_moment))
    began = events[0].at if events else Catalog(store).definitions()[0].at
    recorder = Recorder("Recorded from the history of a service", programs, account, began)
    engine = Engine(account)
    for event in events:
        recorder.to(event.code)
        if isinstance(event.what, Mo):
            _bring(recorder, engine, event.what)
        elif event.what is not None:
            recorder.order(event.what, event.at)
        else:
            recorder.until(event.at)
    return recorder.lines


def _bring(recorder: Recorder, engine: Engine, mo: Mo) -> None:
    """Bring an MO again, with what it said where the store has masked that."""
    answer = _answer_of(mo.answer)
    if answer.refused in set(Unserved):
        recorder.remark(f"a text of origin {mo.origin} was not served: {answer.refused}")
        return
    recorder.until(mo.at)
    text, remark = _unmasked(recorder, engine, mo, answer.reading)
    if remark:
        recorder.remark(remark)
    outcome = recorder.text(text, mo.origin, mo.at)
    said = list(map(shown, answer.outbound))
    if said != list(map(shown, outcome.outbound)):
        told = " and ".join(map(escaped, said)) or "silence"
        recorder.remark(f"by the definitions of its time it was answered: {told}")


def _unmasked(recorder: Recorder, engine: Engine, mo: Mo, reading: Reading) -> tuple[str, str]:
    """Give a text that is read as the MO was, and a remark where it is not the MO's own."""
    contact = recorder.phone.contact
    for text in _candidates(mo, reading):
        found = engine.receive(contact, Inbound(text, mo.at, origin=mo.origin)).reading
        if (found.hears, found.verdict) == (reading.hears, reading.verdict):
            break
    else:
        return mo.text, "the text is masked in the store: what stood here is not known"
    if reading.hears == Hears.BIRTH_DATE:
        return text, f"{reading.matched} stood here; this one has the same verdict"
    return text, "" if text == mo.text else "digits stood here that are masked in the store"


def _candidates(mo: Mo, reading: Reading) -> Iterator[str]:
    if reading.hears == Hears.BIRTH_DATE:
        for age in _AGES:
            year = mo.at.year - age
            if reading.matched == AN_AGE:
                yield str(age)
            elif reading.verdict == Verdict.AMBIGUOUS:
                yield f"01/01/{year % 100:02}"
            else:
                yield f"{year}-01-01"
        return
    yield mo.text
    if _MASK in mo.text:
        yield from (mo.text.replace(_MASK, digit) for digit in _DIGITS)


def _events(store: Store, code: str, number: str) -> list[_Event]:
    """Give what the store has of a contact, in its order.

    The order of MOs is that in which they came, which may not be that of their times.
    """
    chain = store.chain(code, number)
    records = chain.records if chain else ()
    said = store.conversation(code, number)
    mos = [one for one in said if isinstance(one, Mo)]
    came = accumulate((mo.at for mo in mos), max)
    arrived = [_Event(at, code, mo) for at, mo in zip(came, mos, strict=True)]
    orders = [_Event(at, code, order) for at, order in _orders(records)]
    events = list(merge(arrived, orders, key=_moment))
    passed = [mt.at for mt in said if isinstance(mt, Mt) and not mt.mo]
    passed += [record.at for record in records if record.event == Hears.EXPIRE]
    last = max(passed, default=None)
    if last and (not events or last > events[-1].at):
        events.append(_Event(last, code, None))
    return events


def _orders(records: Iterable[ConsentRecord]) -> Iterator[tuple[datetime, Order]]:
    """Give the orders that changed something; one may have left several records."""
    seen = set()
    for record in records:
        ordered = _ORDERED.get(record.event)
        if ordered is None:
            continue
        if record.rule == RESUBSCRIBE:
            ordered = Ordered.RESUBSCRIBE
        keyword = "" if ordered == Ordered.DEACTIVATE else record.keyword
        if (record.at, ordered, keyword) not in seen:
            seen.add((record.at, ordered, keyword))
            yield record.at, Order(ordered, keyword)


def _definitions(store: Store) -> str:
    """Give the definitions that hold as the text of a JSON file."""
    given = [(one.kind, given_of(one)) for one in Catalog(store).definitions()]
    sections = {"codes": CODE, "programs": PROGRAM}
    whole = {
        name: [body for kind, body in given if kind == wanted] for name, wanted in sections.items()
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()


def _moment(event: _Event) -> datetime:
    return event.at
