"""A contact as the store in memory keeps it; the store holds the lock."""

from datetime import datetime

import attrs

from optin_engine.outcome import ConsentRecord
from optin_engine.stores.rows import Chain
from optin_engine.vocabulary import Contact


@attrs.define(eq=False)
class Kept:
    """A contact with all that was said and recorded; its number is gone once erased."""

    id: int
    contact: Contact
    due_at: datetime | None = None
    blocked_at: datetime | None = None
    records: list[ConsentRecord] = attrs.field(factory=list)
    mos: list[int] = attrs.field(factory=list)
    mts: list[int] = attrs.field(factory=list)

    def chain(self) -> Chain:
        """Give its consent records."""
        who, records = self.contact, tuple(self.records)
        return Chain(self.id, who.code, who.number, who.sequence, who.chain, records)
