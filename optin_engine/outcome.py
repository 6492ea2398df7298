"""What comes of one MO, one tick or one instruction, as values.

An `Outcome` holds the contact as it becomes, the MTs to send (`Outbound`), the rows of the
tables that were taken (`Step`, `Row`), and a `ConsentRecord` for each change of state.
"""

from collections.abc import Mapping
from datetime import datetime

import attrs

from optin_engine.vocabulary import Contact, Reading, Refusal, Says


@attrs.frozen
class Outbound:
    """One MT to send to the contact of the outcome.

    Attributes:
        kind: which text it is: a `Says`, or an extended flow's own.
        text: what to send.
        encoding: `GSM-7` or `UCS-2`.
        segments: how many SMS it takes.
        keyword: the programme that says it; empty where the code itself does.
        context: None for a text that is ready. Else `text` is a template that HTTPGet has yet to
            fill, with these values by name, because fetching is nothing that the core does;
            encoding is empty and segments is 0 until then.

    """

    kind: str
    text: str
    encoding: str
    segments: int
    keyword: str = ""
    context: Mapping[str, str] | None = attrs.field(default=None, hash=False)


@attrs.frozen
class Row:
    """One row of a table, for one state: in `source`, on `hears`, if all `guards` hold."""

    flow: str
    source: str
    hears: str
    guards: tuple[str, ...]
    target: str
    says: str = Says.NOTHING
    refusal: Refusal | None = None

    @property
    def stays(self) -> bool:
        """Whether it leaves the state as it is."""
        return self.target == self.source

    @property
    def answer(self) -> str:
        """What it says, or why it refuses, in words."""
        return f"refused: {self.refusal}" if self.refusal else self.says

    @property
    def is_silent(self) -> bool:
        """Whether nobody can tell that it was taken: it moves, says and refuses nothing."""
        return self.stays and self.answer == Says.NOTHING

    def __str__(self) -> str:
        """Give the row as one reads it in a diagram.

        >>> print(Row("Double", "In Progress", "YES", (), "Subscribed", "confirmation"))
        Double: In Progress --YES / confirmation--> Subscribed
        """
        guards = f" [{', '.join(self.guards)}]" if self.guards else ""
        return f"{self.flow}: {self.source} --{self.hears}{guards} / {self.answer}--> {self.target}"


@attrs.frozen
class Step:
    """A row that was taken, and for which programme (None: by the contact itself)."""

    keyword: str | None
    row: Row


@attrs.frozen
class ConsentRecord:
    """One change of state, as it is kept to prove consent; `consent` writes and verifies it.

    Attributes:
        sequence: 1 for the contact's first record, then one more each.
        at: when it happened; for an expiry, its deadline.
        code: the short or long code.
        keyword: the programme's; empty where the contact itself changed.
        from_state, to_state: the change.
        event: what was heard.
        origin: where that came from; empty for a deadline.
        rule: why it was taken for that.
        prompt: SHA-256 of the question that was open; empty where none was.
        definition: SHA-256 of the programme's definition in force.
        number, mo_id, text: who wrote what; a birth date or an age is redacted.
        previous: the digest of the record before; empty for the first.
        personal: SHA-256 that binds number, mo_id and text, so that these three can be
            erased and the chain still be verified.
        digest: SHA-256 over all the others but number, mo_id and text.

    """

    sequence: int
    at: datetime
    code: str
    keyword: str
    from_state: str
    to_state: str
    event: str
    origin: str
    rule: str
    prompt: str
    definition: str
    number: str
    mo_id: str
    text: str
    previous: str
    personal: str
    digest: str


@attrs.frozen
class Outcome:
    """What came of one MO, one tick or one instruction.

    Attributes:
        contact: what to remember from now on.
        reading: what was heard, and why.
        steps: the rows that were taken, deadlines that had passed first.
        outbound: the MTs to send; at most one for an MO.
        records: one for each change of state.
        refused: why nothing was done; None where it was.
        keyword: the programme that was acted on; None for the contact as a whole.
        from_state, state: of that programme, or of the contact as a whole.

    """

    contact: Contact
    reading: Reading
    steps: tuple[Step, ...]
    outbound: tuple[Outbound, ...]
    records: tuple[ConsentRecord, ...]
    refused: Refusal | None
    keyword: str | None
    from_state: str
    state: str
