"""By whom a send's template is judged: the members who are next, the first of them first."""

from optin_engine.service.outbound.enqueuer import Enqueuer
from optin_engine.service.outbound.once import Once
from optin_engine.stores import Member, SendState, open_store
from tests.ordering import joined, to
from tests.serving import ANN, BOB, NOON, serve

# Each of its lines fails for whoever lacks one attribute.
TWO_LINES = "%%=Add(First, 1)=%%\n%%=Add(Second, 1)=%%"


def test_members_who_were_dealt_with_do_not_vouch_for_those_who_are_left() -> None:
    ann, bob = Member(ANN, "", {"First": "1", "Second": "1"}), Member(BOB)
    with open_store("memory:") as store, serve(store) as service:
        # Ann could be told, but nobody may tell her anything.
        joined(service, BOB)
        send = service.sender.to_contacts(to(ann, bob, text=TWO_LINES))
        enqueuer = Enqueuer(store, lambda: NOON, page=1)
        enqueuer.step()
        enqueuer.step()
        done = store.sends.find(send.id)
    assert done is not None
    assert (done.state, done.queued, done.dropped) == (SendState.ERROR, 0, 1)


def test_the_error_that_ends_a_send_is_that_of_the_first_member() -> None:
    ann, bob = Member(ANN), Member(BOB, "", {"First": "1"})
    with open_store("memory:") as store, serve(store) as service:
        joined(service, ANN, BOB)
        send = service.sender.to_contacts(to(bob, ann, text=TWO_LINES))
        service.enqueuer.step()
        done = store.sends.find(send.id)
    assert done is not None
    assert "line 1, column 4" in done.error


def test_one_order_under_two_keys_has_two_digests_so_that_none_can_be_tried_against() -> None:
    first, second = (Once.of("shop", key, b"to +15555550123") for key in ("order 7", "order 8"))
    assert first.claim != second.claim
    assert first.request != second.request
