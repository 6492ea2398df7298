"""A file of MOs through the engine, as fast as the engine goes.

Lines are taken ten thousand at a time, so that the ids of a batch are looked up together
and its outcomes written together. Memory holds one batch and the contacts; the ids that
were seen are kept in a temporary database, which spills to disk.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from time import perf_counter

import attrs
import msgspec

from optin_engine.account import Account
from optin_engine.engine import Engine
from optin_engine.harness.mos import MO, BadLine, read_mos
from optin_engine.outcome import Outcome
from optin_engine.vocabulary import Contact, Inbound
from optin_engine.wording import shown

BATCH = 10_000
CACHED_IDS_KIB = 65_536


class Answer(msgspec.Struct, gc=False, rename={"sender": "from", "from_state": "fromState"}):
    """A line of the outcomes: what came of one MO. Members are in the order of the file.

    Attributes:
        id, sender, to: as they were written in the MO; `id` is None where it has none.
        keyword: the programme acted on; None for the contact as a whole.
        reading, rule: what the text was taken for, and why.
        verdict: what a BIRTH_DATE says about the minimum age; None for all others.
        from_state, state: of that programme, or of the contact as a whole.
        says: the MTs.
        refused: why nothing was done; None where it was.
        duplicate: the id was seen before on this code, so nothing is done or said; the
            reading is what the text would be taken for now.

    """

    id: str | None
    sender: str
    to: str
    keyword: str | None
    reading: str
    rule: str
    verdict: str | None
    from_state: str
    state: str
    says: "list[Said]"
    refused: str | None
    duplicate: bool


class Said(msgspec.Struct, gc=False):
    """An MT of an outcome: which text it is, and what it costs."""

    kind: str
    text: str
    encoding: str
    segments: int


class SeenIds:
    """Every id that was seen, exactly, in bounded memory.

    >>> seen = SeenIds()
    >>> seen.repeats([("a", 0), ("b", 1), ("a", 2)]), seen.repeats([("b", 0), ("c", 1)])
    ({2}, {0})
    """

    def __init__(self) -> None:
        self._repeated: list[int] = []
        self._database = database = sqlite3.connect("", isolation_level=None)
        database.execute("pragma journal_mode = off")
        database.execute(f"pragma cache_size = -{CACHED_IDS_KIB}")
        database.execute("create table seen (id text primary key, place int) without rowid")
        # A function that notes the place and gives NULL: the row that is there stays.
        database.create_function("noted", 1, self._repeated.append)
        database.execute("begin")

    def repeats(self, ids: Iterable[tuple[str, int]]) -> set[int]:
        """Remember ids, each with its place; give the places of those seen before."""
        self._repeated.clear()
        self._database.executemany(
            "insert into seen values (?, ?) "
            "on conflict (id) do update set id = id where noted(excluded.place)",
            ids,
        )
        return set(self._repeated)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


@attrs.define
class Tally:
    """What is counted on the way: outcomes by several names, and lines."""

    mos: int = 0
    bad_lines: int = 0
    duplicates: int = 0
    segments: int = 0
    readings: Counter[str] = attrs.field(factory=Counter)
    refused: Counter[str] = attrs.field(factory=Counter)
    says: Counter[str] = attrs.field(factory=Counter)
    states: Counter[str] = attrs.field(factory=Counter)
    seconds: float = 0.0

    def to_json(self) -> dict[str, object]:
        """Give the summary as plain values; `states` counts contacts, `says` MTs."""
        return {
            "mos": self.mos,
            "badLines": self.bad_lines,
            "duplicates": self.duplicates,
            "refused": dict(self.refused.most_common()),
            "readings": dict(self.readings.most_common()),
            "states": dict(self.states.most_common()),
            "mts": self.says.total(),
            "says": dict(self.says.most_common()),
            "segments": self.segments,
            "seconds": round(self.seconds, 3),
            "mosPerSecond": round(self.mos / self.seconds) if self.seconds else 0,
        }


class Replay:
    """An account that hears a file of MOs.

    Args:
        account: the codes and programmes.
        write: takes the outcomes, whole JSON lines, a batch at a time; None to leave them.
        report: is told of each bad line, in the order of the file.
        progress: is told how many lines have been read, after each batch.
        keep: is given the MOs of each batch, such as `recording.Stories.keep`.
        strict: stop at the first bad line; what came before it is played and written.

    >>> from optin_engine.harness import starter
    >>> line = b'{"from":"15555550123","to":"123456","text":"NEWS","receivedAt":"2026-01-01"}'
    >>> replay = Replay(starter())
    >>> replay.play([line]).says
    Counter({'response': 1})
    """

    def __init__(  # noqa: PLR0913 - each is told of something else.
        self,
        account: Account,
        write: Callable[[bytearray], object] | None = None,
        report: Callable[[BadLine], object] = lambda _: None,
        progress: Callable[[int], object] = lambda _: None,
        keep: Callable[[list[MO]], object] = lambda _: None,
        *,
        strict: bool = False,
    ) -> None:
        self._engine = Engine(account)
        self._write, self._report, self._progress, self._keep = write, report, progress, keep
        self._strict = strict
        self._tally = Tally()
        # The contacts of a code by number; a code may be written with a plus sign or without.
        of_code: dict[str, dict[str, Contact]] = {digits: {} for digits in account.codes}
        self._digits = {w: digits for digits in of_code for w in (digits, f"+{digits}")}
        self._contacts = {written: of_code[digits] for written, digits in self._digits.items()}

    def play(self, lines: Iterable[bytes]) -> Tally:
        """Hear every line, and give the summary.

        Args:
            lines: the file, as `mos.read_mos` takes it.

        Raises:
            UnfitError: the file is neither JSON lines nor CSV with the needed columns.

        """
        tally, begun, read = self._tally, perf_counter(), 0
        seen = SeenIds()
        mos = read_mos(lines, self._digits)
        try:
            while batch := list(islice(mos, BATCH)):
                read += len(batch)
                good = self._without_bad(batch)
                self._keep(good)
                self._hear(good, self._repeated(seen, good))
                self._progress(read)
                if self._strict and tally.bad_lines:
                    break
        finally:
            seen.close()
        tally.states = Counter(contact.summary() for contact in self._everybody())
        tally.seconds = perf_counter() - begun
        return tally

    def _without_bad(self, batch: list[MO | BadLine]) -> list[MO]:
        good = []
        for mo in batch:
            if isinstance(mo, MO):
                good.append(mo)
                continue
            self._tally.bad_lines += 1
            self._report(mo)
            if self._strict:
                break
        return good

    def _repeated(self, seen: SeenIds, mos: list[MO]) -> set[int]:
        digits = self._digits
        return seen.repeats(
            [(f"{digits[mo.to]} {mo.id}", place) for place, mo in enumerate(mos) if mo.id]
        )

    def _hear(self, mos: list[MO], repeated: set[int]) -> None:
        """Play a batch. This is the loop that a million lines go through: names are local."""
        receive, tally, contacts_of = self._engine.receive, self._tally, self._contacts
        readings, refused, says = tally.readings, tally.refused, tally.says
        encode_into, lines = msgspec.json.Encoder().encode_into, bytearray()
        writes = self._write is not None
        for place, mo in enumerate(mos):
            contacts = contacts_of[mo.to]
            number = mo.sender if mo.sender[0] == "+" else "+" + mo.sender
            contact = contacts.get(number) or Contact(number, self._digits[mo.to])
            inbound = Inbound(mo.text, mo.received_at, mo.id or "", mo.origin)
            outcome = receive(contact, inbound)
            if again := place in repeated:
                tally.duplicates += 1
            else:
                contacts[number] = outcome.contact
                readings[outcome.reading.hears] += 1
                if outcome.refused is not None:
                    refused[outcome.refused] += 1
                for mt in outcome.outbound:
                    says[mt.kind] += 1
                    tally.segments += mt.segments
            if writes:
                encode_into(
                    _nothing_again(mo, outcome) if again else _answer(mo, outcome), lines, -1
                )
                lines += b"\n"
        tally.mos += len(mos)
        if self._write is not None:
            self._write(lines)

    def _everybody(self) -> Iterator[Contact]:
        for written, digits in self._digits.items():
            if written == digits:
                yield from self._contacts[digits].values()


def _answer(mo: MO, outcome: Outcome) -> Answer:
    reading = outcome.reading
    return Answer(
        mo.id,
        mo.sender,
        mo.to,
        outcome.keyword,
        reading.hears,
        reading.rule,
        reading.verdict,
        outcome.from_state,
        outcome.state,
        [Said(mt.kind, shown(mt), mt.encoding, mt.segments) for mt in outcome.outbound],
        outcome.refused,
        duplicate=False,
    )


def _nothing_again(mo: MO, outcome: Outcome) -> Answer:
    answer = _answer(mo, outcome)
    answer.state, answer.says = answer.from_state, []
    answer.refused, answer.duplicate = None, True
    return answer


def summary(tally: Tally) -> Iterator[str]:
    """Give the summary as lines for people: a name, then its figures.

    >>> print(next(summary(Tally(mos=3, seconds=0.5))))
    MOs        3
    """
    rate = round(tally.mos / tally.seconds) if tally.seconds else 0
    figures = {
        "MOs": f"{tally.mos:,}",
        "bad lines": f"{tally.bad_lines:,}",
        "duplicates": f"{tally.duplicates:,}",
        "readings": _counts(tally.readings),
        "refused": _counts(tally.refused),
        "contacts": _counts(tally.states),
        "MTs": _counts(tally.says),
        "segments": f"{tally.segments:,}",
        "time": f"{tally.seconds:.2f} s, {rate:,} MOs a second",
    }
    return (f"{name:<10} {figure}" for name, figure in figures.items())


def _counts(counted: Counter[str]) -> str:
    each = ", ".join(f"{name} {count:,}" for name, count in counted.most_common())
    return f"{counted.total():,} ({each})" if each else "0"
