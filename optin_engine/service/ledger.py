"""The ledger: the consent records of everyone, walked and verified.

>>> from optin_engine.stores import open_store
>>> with open_store("memory:") as store:
...     verify(store)
Walked(chains=0, records=0, broken=None)
"""

import attrs

from optin_engine import consent
from optin_engine.stores import Chain, Store


@attrs.frozen
class Broken:
    """Where the ledger breaks first.

    Attributes:
        contact: whose chain it is, by the id that outlives the number.
        code: the code's digits.
        sequence: the place of the record in the chain, from 1.
        reason: what is wrong with it; no personal data.

    """

    contact: int
    code: str
    sequence: int
    reason: str

    def __str__(self) -> str:
        """Give it as one line."""
        return f"contact {self.contact} on code {self.code}, record {self.sequence}: {self.reason}"


@attrs.frozen
class Walked:
    """How far a walk came: to the end, or to the first break, whose chain is counted too."""

    chains: int
    records: int
    broken: Broken | None


def verify(store: Store) -> Walked:
    """Walk every chain of a store up to the first that is not whole.

    Raises:
        Unavailable: the store cannot be read now.

    """
    chains = records = 0
    for chain in store.chains():
        chains += 1
        records += len(chain.records)
        if (broken := break_of(chain)) is not None:
            return Walked(chains, records, broken)
    return Walked(chains, records, None)


def break_of(chain: Chain) -> Broken | None:
    """Give where a chain breaks first, or None if it is whole.

    Beside its records by themselves, it must be those of its contact, as many as the contact
    has had, and end where the contact says: so none is missing at the end, either.
    """
    records, kept = chain.records, len(chain.records)
    found = consent.verify(records)
    if found is not None:
        return Broken(chain.contact, chain.code, found.sequence, found.reason)
    for record in records:
        if record.code != chain.code or record.number not in {"", chain.number}:
            reason = f"record {record.sequence} is another contact's"
            return Broken(chain.contact, chain.code, record.sequence, reason)
    if kept != chain.sequence:
        reason = f"the contact has had {chain.sequence} records, and {kept} are there"
        return Broken(chain.contact, chain.code, min(kept, chain.sequence) + 1, reason)
    if (records[-1].digest if records else "") != chain.head.hex():
        reason = "the contact remembers another last record than this one"
        return Broken(chain.contact, chain.code, kept, reason)
    return None
