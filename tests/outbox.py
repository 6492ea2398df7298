"""What the tests of the outbox share: a clock that is set, and contacts that are told things."""

from datetime import UTC, datetime, timedelta

from optin_engine.stores import Changes, Due, Fate, Mt, Store, Withdrawal
from optin_engine.vocabulary import Contact, Says

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CODE, NUMBER, TEXT = "123456", "+15555550123", "Reply YES, dear\nsecret"
DAY = timedelta(days=1)


class Clock:
    """Gives the time it was set to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def an_mt(mt: int = 7, kind: str = Says.INITIAL, keyword: str = "JOIN", number: str = NUMBER) -> Mt:
    return Mt(mt, CODE, number, NOON, 3, "handset", kind, TEXT, "GSM-7", 1, keyword)


def queue(store: Store, *kinds: str, number: str = NUMBER, is_stop: bool = False) -> list[int]:
    """Queue MTs to a contact; the stop message withdraws what its programmes had to say."""
    with store.batch([(CODE, number)]) as batch:
        base = batch.base
        said_by = {Says.STOP: "", Says.HELP: ""}
        mts = [
            an_mt(base + n, k, said_by.get(Says(k), "JOIN"), number) for n, k in enumerate(kinds)
        ]
        withdrawn = [Withdrawal(CODE, number, "", base, NOON)] if is_stop else []
        contact = Due(Contact(number, CODE), None)
        batch.commit(Changes([contact], mts=mts, withdrawn=withdrawn))
        return [mt.id for mt in mts]


def fates(store: Store, number: str = NUMBER) -> list[Fate]:
    """Give the fates of the MTs to a contact, in their order."""
    return [mt.fate for mt in store.conversation(CODE, number) if isinstance(mt, Mt)]


def mts_of(store: Store, number: str = NUMBER) -> list[Mt]:
    return [mt for mt in store.conversation(CODE, number) if isinstance(mt, Mt)]
