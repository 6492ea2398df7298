"""The contract of all stores: of the sends that claim the same, one is kept."""

from itertools import count

from optin_engine.stores import Member, Send, SendState, Store
from tests.sends import a_send
from tests.store_contract import ANNE, BILL, NOW, Opener, in_threads

CLAIM, OTHER = b"c" * 16, b"o" * 16
REQUEST = b"r" * 32


def test_a_send_that_claims_what_another_has_leaves_nothing(store: Store) -> None:
    first = store.sends.add(a_send(claim=CLAIM, request=REQUEST), [Member(ANNE)])
    late = a_send(claim=CLAIM, request=REQUEST[::-1], keyword="LATE")
    assert (first.claim, first.request) == (CLAIM, REQUEST)
    assert store.sends.add(late, [Member(BILL)]) == first
    assert store.sends.claimed(CLAIM) == store.sends.find(first.id) == first
    assert store.sends.recent() == (first,)
    assert (store.lists.of(ANNE), store.lists.of(BILL)) == (first.targets, ())


def test_sends_without_a_claim_are_all_kept_and_found_by_none(store: Store) -> None:
    plain = [store.sends.add(a_send()) for _ in range(2)]
    claiming = [store.sends.add(a_send(claim=claim)) for claim in (CLAIM, OTHER)]
    assert [send.id for send in store.sends.recent()] == sorted(
        (send.id for send in (*plain, *claiming)), reverse=True
    )
    assert (store.sends.claimed(b""), store.sends.claimed(b"n" * 16)) == (None, None)


def test_a_claim_holds_in_every_process_and_however_the_send_ends(opener: Opener) -> None:
    one, other = opener(), opener()
    send = one.sends.add(a_send(claim=CLAIM, request=REQUEST), [Member(ANNE)])
    one.sends.cancel(send.id, NOW, 1)
    one.erase(ANNE)
    known = other.sends.add(a_send(claim=CLAIM, request=REQUEST), [Member(ANNE)])
    assert (known.id, known.state, known.request) == (send.id, SendState.CANCELLED, REQUEST)
    assert other.lists.of(ANNE) == ()


def test_of_those_who_claim_the_same_at_once_one_is_kept(opener: Opener) -> None:
    stores = [opener() for _ in range(4)]
    claims, places = [bytes([place]) * 16 for place in range(25)], count()
    added = dict[int, list[Send]]()

    def work() -> None:
        place = next(places)
        sends = stores[place].sends
        added[place] = [sends.add(a_send(claim=claim), [Member(ANNE)]) for claim in claims]

    in_threads(work, len(stores))
    first, *others = (added[place] for place in range(4))
    assert [send.claim for send in first] == claims
    assert all(sends == first for sends in others)
    kept = sorted(send.id for send in stores[0].sends.recent())
    assert kept == sorted(send.id for send in first) == list(stores[0].lists.of(ANNE))
