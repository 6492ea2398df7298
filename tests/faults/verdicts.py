"""What must hold after all faults: everything once, in order, and as the oracle says."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from optin_engine import consent
from optin_engine.harness.fuzzing.oracle import Heard, Phone
from optin_engine.service import ledger
from optin_engine.stores import Fate, Mo, Mt, Store
from optin_engine.vocabulary import Hears
from tests.faults.definitions import DIGITS, PROGRAMS, THE_CODE
from tests.faults.load import Talk
from tests.faults.receiver import Arrival
from tests.playing import states

ARRIVED = (Fate.SENT, Fate.DELIVERED)
Conversation = tuple[Sequence[Mo], Sequence[Mt]]


def is_quiet(store: Store) -> bool:
    """Tell whether nothing is left to send, and no deadline to pass."""
    due = store.next_due()
    return not store.backlog().queued and (due is None or due > datetime.now(UTC))


def check(store: Store, talks: Sequence[Talk], arrivals: Sequence[Arrival]) -> Counter[str]:
    """Hold all that is stored, and all that arrived, against what was said.

    Args:
        store: after all faults, when `is_quiet`.
        talks: every MO of them is answered.
        arrivals: all requests that reached the receiver.

    Returns:
        How many MOs, MTs and consent records there are, and how many MTs came twice.

    """
    figures = Counter[str]()
    of_key: dict[str, list[Arrival]] = {}
    for arrival in arrivals:
        of_key.setdefault(arrival.key, []).append(arrival)
    figures["arrivals"], figures["arrived again"] = len(arrivals), len(arrivals) - len(of_key)
    place = {id(arrival): place for place, arrival in enumerate(arrivals)}
    for talk in talks:
        mos, mts = conversation(store, talk.number)
        check_talk(store, talk, mos, mts)
        check_fates(talk, mts)
        mine = [arrival for mt in mts for arrival in of_key.pop(key_of(mt), ())]
        check_arrivals(mts, sorted(mine, key=lambda arrival: place[id(arrival)]))
        figures += Counter({"MOs": len(mos), "MTs": len(mts)})
        figures["cancelled"] += sum(mt.fate == Fate.CANCELLED for mt in mts)
    assert not of_key, "nothing arrives that was never queued"
    figures["records"] = check_chains(store)
    return figures


def key_of(mt: Mt) -> str:
    """Give the idempotency key that an MT is sent with."""
    return f"mt-{mt.id}"


def conversation(store: Store, number: str) -> Conversation:
    """Give the MOs and the MTs of a number, each in their order."""
    every = store.conversation(DIGITS, number)
    return [x for x in every if isinstance(x, Mo)], [x for x in every if isinstance(x, Mt)]


def check_talk(store: Store, talk: Talk, mos: Sequence[Mo], mts: Sequence[Mt]) -> None:
    """Each MO is there once, in its order, answered and followed as the oracle says."""
    phone, answers = Phone(THE_CODE, PROGRAMS), [talk.answers[mo.id] for mo in talk.sent]
    assert [mo.at for mo in mos] == [mo.received_at for mo in talk.sent]
    assert [mo.id for mo in mos] == [answer.id for answer in answers]
    heard: list[Heard] = []
    for mo, answer in zip(talk.sent, answers, strict=True):
        heard.append(phone.receive(mo.text, mo.received_at, mo.origin))
        said = [(outbound.kind, outbound.text) for outbound in answer.outbound]
        assert (said, answer.refused or "") == heard[-1], (talk.number, mo.id)
    by_mo: dict[int, list[tuple[str, str]]] = {}
    for mt in mts:
        by_mo.setdefault(mt.mo, []).append((mt.kind, mt.text))
    in_time = phone.tick(datetime.now(UTC))
    expected = {answer.id: said for answer, (said, _) in zip(answers, heard, strict=True) if said}
    assert by_mo == (expected | {0: in_time} if in_time else expected)
    (contact,) = store.contacts(talk.number)
    subscriptions = {key: sub["state"] for key, sub in phone.subscriptions.items()}
    assert states(contact) == {"": phone.state} | subscriptions


def check_fates(talk: Talk, mts: Sequence[Mt]) -> None:
    """Every MT arrived, but for programme texts that a later STOP cancelled."""
    stops = [a.id for a in talk.answers.values() if a.reading.hears == Hears.STOP]
    last_stop = max(stops, default=0)
    for mt in mts:
        if mt.fate not in ARRIVED:
            assert mt.fate == Fate.CANCELLED, (mt.fate, mt.error)
            assert mt.keyword
            assert mt.id < last_stop


def check_arrivals(mts: Sequence[Mt], arrivals: Sequence[Arrival]) -> None:
    """What arrived is what was queued, in its order, and nothing of a programme after a stop."""
    queued = {key_of(mt): mt for mt in mts}
    bodies: dict[str, object] = {}
    for arrival in arrivals:
        assert bodies.setdefault(arrival.key, arrival.body) == arrival.body
    first = [queued[key].id for key in bodies]
    assert first == sorted(first)
    taken = {arrival.key for arrival in arrivals if arrival.is_taken}
    assert taken >= {key for key, mt in queued.items() if mt.fate in ARRIVED}
    check_silence([queued[arrival.key] for arrival in arrivals])


def check_silence(arrived: Sequence[Mt]) -> None:
    """After the text that confirms a STOP, whatever a programme says answers a later MO."""
    stopped_by = 0
    for mt in arrived:
        if mt.kind == "stop":
            stopped_by = max(stopped_by, mt.mo)
        elif mt.keyword:
            assert mt.id > stopped_by, (mt.kind, "after the stop message")


def check_chains(store: Store) -> int:
    """Every chain is whole, and as long as the contact says; give how many records there are."""
    records = 0
    for chain in store.chains():
        assert consent.verify(chain.records) is None
        assert len(chain.records) == chain.sequence
        assert not chain.records or chain.records[-1].digest == chain.head.hex()
        records += len(chain.records)
    assert ledger.verify(store).broken is None
    return records
