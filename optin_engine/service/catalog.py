"""The definitions that live in the store: read, changed and versioned, for every process."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import attrs

from optin_engine.account import Account, UnknownCode
from optin_engine.definition import read_program
from optin_engine.engine import Engine
from optin_engine.entries import DefinitionError, Entry, Fault
from optin_engine.fields import Wrong
from optin_engine.fields import keyword as read_keyword
from optin_engine.folding import fold
from optin_engine.messages import TAKEN, judge_keyword, known_by, read_message, subscribable
from optin_engine.program import Code, OutboundMessage, Program
from optin_engine.service.bodies import (
    KEYWORD,
    MESSAGE,
    PROGRAM,
    Draft,
    Key,
    account_of,
    drafts_of,
    given_of,
    key_of,
    mended,
    place_of,
)
from optin_engine.service.clock import wall_clock
from optin_engine.service.outbound.orders import DefinedMessage
from optin_engine.stores import Batch, Definition, Store

FILE, API = "file", "api"

# The kinds of definitions that a keyword belongs to; a message only names one.
STARTING = (KEYWORD, PROGRAM)


@attrs.frozen
class _Known:
    """The definitions of one revision, read."""

    revision: int
    account: Account
    engine: Engine
    messages: Mapping[int, Definition]


class Catalog:
    """The account as the store has it now; shared by threads.

    Args:
        store: which keeps the definitions.
        clock: gives the time, timezone-aware.

    """

    def __init__(self, store: Store, clock: Callable[[], datetime] = wall_clock) -> None:
        self._store = store
        self._clock = clock
        self._known: _Known | None = None

    def account(self) -> Account:
        """Give the account as of now; read anew only if the revision changed."""
        return self._as_of_now().account

    def current(self) -> Engine:
        """Give the engine of the account as of now."""
        return self._as_of_now().engine

    def engine(self, batch: Batch) -> Engine:
        """Give the engine of the definitions that hold for a batch."""
        known = self._known
        if known is None or known.revision != batch.revision:
            known = self._read(batch.revision, batch.definitions())
        return known.engine

    def mend(self) -> None:
        """Write anew what was kept before texts could be templates and cannot be read any more.

        One text with `%%=` in it would keep every service of the store from starting, and so
        from changing it. `mended` says how it is written; the version before stays, ended.
        """
        if any(map(mended, self.definitions())):
            with self._store.defining() as defining:
                at, kept = self._clock(), [(mended(one), one) for one in defining.current]
                new = [_version(draft, old, 0, old.source, at) for draft, old in kept if draft]
                defining.commit(new, (), at)

    def load(self, definitions: object) -> Account:
        """Make a file's definitions those of source `file`; what it no longer has ends.

        The same file again changes nothing. A programme of it that a call deleted comes back.
        A message that the API defined stays, also where the keyword that it names has ended.

        Args:
            definitions: codes, programmes and messages, as `Account.from_dict` takes them.

        Returns:
            The account as of now, with a warning for each field of the file that nobody knows.

        Raises:
            DefinitionError: every fault of it; where it has none by itself, every conflict
                with what the API defined.

        """
        read = Account.from_dict(definitions)
        drafts = drafts_of(cast("Mapping[Any, object]", definitions), read)
        with self._store.defining() as defining:
            theirs = [d for d in defining.current if d.source == API]
            account_of((*theirs, *drafts))
            ours = [d for d in defining.current if d.source == FILE]
            at = self._clock()
            new, ended = _difference(ours, drafts, defining.base, at)
            if new or ended:
                defining.commit(new, ended, at)
        return attrs.evolve(self.account(), unknown=read.unknown)

    def define(self, program: Mapping[str, object]) -> Definition:
        """Add a programme, or a new version of the one with its name, code and keyword.

        The same again changes nothing and gives the same definition. A programme of a file
        is changed in that file only; to others its keyword is taken.

        Args:
            program: MobileConnect's fields, in any case.

        Raises:
            DefinitionError: every fault of it.

        """
        with self._store.defining() as defining:
            current, at = defining.current, self._clock()
            codes = account_of(current).codes
            entry = read_program(len(current), program, codes)
            key = PROGRAM, *(entry.read.get(name, "") for name in ("code", "keyword", "name"))
            same = [d for d in current if key_of(d) == key]
            old = next((d for d in same if d.source == API), None)
            digest = "" if entry.faults else Program(**entry.read).digest
            if again := [d for d in same if d.digest == digest]:
                return again[0]
            code = account_of([d for d in current if d is not old], program).codes[key[1]]
            draft = Draft.of_program(program, code.programs[-1], code)
            new = _version(draft, old, defining.base, API, at)
            defining.commit([new], (), at)
        return new

    def define_message(self, message: Mapping[str, object]) -> Definition:
        """Add an outbound message, or a new version of the one with its name, code and keyword.

        The same again changes nothing and gives the same definition, as in `define`.

        Args:
            message: MobileConnect's fields, in any case.

        Raises:
            DefinitionError: every fault of it.

        """
        with self._store.defining() as defining:
            current, at = defining.current, self._clock()
            codes = account_of(current).codes
            entry = _judged_message(message, current, codes)
            read = OutboundMessage(**entry.read)
            draft = Draft.of_message(read, codes[read.code])
            old = next((d for d in current if key_of(d) == key_of(draft)), None)
            if old is not None and old.body == draft.body:
                return old
            if old is not None and old.source == FILE:
                entry.refuse("messageName", TAKEN.format(read.name))
                raise DefinitionError(entry.faults)
            new = _version(draft, old, defining.base, API, at)
            defining.commit([new], (), at)
        return new

    def message(self, definition: int) -> DefinedMessage | None:
        """Give an outbound message in force, active or not, by the id of its definition."""
        known = self._as_of_now()
        found = known.messages.get(definition)
        if found is None:
            return None
        read = read_message(1, given_of(found), known.account.codes).read
        return DefinedMessage(found.id, found.version, OutboundMessage(**read))

    def add_keyword(self, code: str, keyword: str) -> Definition | None:
        """Reserve a keyword on a code; None where it is there already.

        Raises:
            DefinitionError: it can be none, or the account has no such code.

        """
        with self._store.defining() as defining:
            current, at = defining.current, self._clock()
            account = account_of(current)
            try:
                found = account.code(code)
            except UnknownCode:
                message = f"The code {code} does not exist for the account."
                raise DefinitionError([Fault("keyword", "shortCode", message)]) from None
            probe = {**place_of(found), "messageName": "keyword", "keyword": keyword}
            probe |= {"messageOptInType": "Single", "responseMessage": "keyword"}
            word = str(read_program(1, probe, account.codes).read.get("keyword"))
            if any(key_of(d)[1:3] == (found.digits, word) for d in current if d.kind in STARTING):
                return None
            account_of(current, probe)
            draft = Draft.of_keyword(found, word)
            new = _version(draft, None, defining.base, API, at)
            defining.commit([new], (), at)
        return new

    def delete_keyword(self, code: str, keyword: str) -> bool:
        """End a keyword and the programmes that it starts; tell whether it was there.

        Subscriptions stay as they are; STOP ends them as before. A programme of a file comes
        back when the file is loaded again: take it out there, too. Messages that name the
        keyword stay and may be sent to whoever is subscribed to the code; until it is there
        again they subscribe nobody by themselves.
        """
        try:
            wanted = code.strip().removeprefix("+"), read_keyword("Keyword", keyword)
        except Wrong:
            return False
        with self._store.defining() as defining:
            ours = [d for d in defining.current if d.kind in STARTING]
            ended = [d.id for d in ours if key_of(d)[1:3] == wanted]
            if ended:
                defining.commit((), ended, self._clock())
        return bool(ended)

    def definitions(self) -> Sequence[Definition]:
        """Give what is in force, by id."""
        return self._store.definitions()[1]

    def _as_of_now(self) -> _Known:
        known = self._known
        if known is None or known.revision != self._store.revision():
            known = self._read(*self._store.definitions())
        return known

    def _read(self, revision: int, definitions: Sequence[Definition]) -> _Known:
        known = self._known
        if known is None or known.revision != revision:
            account = account_of(definitions)
            messages = {d.id: d for d in definitions if d.kind == MESSAGE}
            known = self._known = _Known(revision, account, Engine(account), messages)
        return known


def _judged_message(
    given: Mapping[str, object], current: Sequence[Definition], codes: Mapping[str, Code]
) -> Entry:
    """Read a message that may name any keyword that its code has now.

    Raises:
        DefinitionError: every fault of it.

    """
    entry = read_message(1, given, codes)
    code, *_ = known_by(entry)
    if code:
        programs = ((one.keyword, one.opt_in_type) for one in codes[code].programs)
        reserved = {fold(key_of(d)[2]) for d in current if key_of(d)[:2] == (KEYWORD, code)}
        judge_keyword(entry, {code: {*subscribable(programs), *reserved}})
    if entry.faults:
        raise DefinitionError(entry.faults)
    return entry


def _difference(
    olds: Sequence[Definition], drafts: Sequence[Draft], base: int, at: datetime
) -> tuple[list[Definition], list[int]]:
    """Give the new versions that make the old definitions the drafts, and the ids that end.

    Several of one key, which run on different days, are matched in their order.
    """
    by_key: dict[Key, deque[Definition]] = defaultdict(deque)
    for old in olds:
        by_key[key_of(old)].append(old)
    new = []
    for place, draft in enumerate(drafts):
        found = by_key[key_of(draft)]
        before = found.popleft() if found else None
        if before is None or (before.body, before.digest) != (draft.body, draft.digest):
            new.append(_version(draft, before, base + place, FILE, at))
    return new, [left.id for rest in by_key.values() for left in rest]


def _version(
    draft: Draft, old: Definition | None, new_id: int, source: str, at: datetime
) -> Definition:
    """Give the next version of a definition, or the first one."""
    number, version = (old.id, old.version + 1) if old else (new_id, 1)
    return Definition(number, version, draft.kind, draft.body, draft.digest, source, at)
