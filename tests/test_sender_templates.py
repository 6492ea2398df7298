"""The texts of sends: each member's own, and what happens to one that cannot be made."""

import logging

import pytest

from optin_engine.service.outbound.enqueuer import Enqueuer
from optin_engine.stores import Member, Send, SendState, Store, Text
from optin_engine.templating import TemplateError
from tests.ordering import joined, queued, records, to, to_lists, told
from tests.sends import a_list, a_send, number_of
from tests.serving import ANN, BOB, NOON, serve

CARL = "+15555550125"
# It fails for everybody whose points are no number; the second marks fail for anybody.
POINTS = "You have %%=Add(Points, 1)=%% points, %%First Name%%."
HOPELESS = "Good morning!\nHow are %%=Add('you', 1)=%%"
BROKEN = "Hi %%=v(City)"
WHY = "line 2, column 12: a number such as 12 or -3.50 is wanted, and this value is none"


def mts_of(store: Store, send: Send) -> list[Text]:
    return [Text(mt.text, mt.encoding, mt.segments) for mt in store.sends.mts(send.id)]


def test_each_is_told_by_its_own_attributes(store: Store) -> None:
    text = "Hi %%First Name%% %%=Uppercase([City])=%%: %%MOBILE_NUMBER%% at %%SHORT_CODE%%"
    ann = Member(ANN, "ann", {"first name": "Zoë", "CITY": "Zürich"})
    bob = Member(BOB, "bob", {"First Name": "Bob" + "!" * 160})
    with serve(store) as service:
        joined(service, ANN, BOB, CARL)
        send = service.sender.to_contacts(to(ann, bob, CARL, text=text))
        queued(service, send)
    assert mts_of(store, send) == [
        Text("Hi Zoë ZÜRICH: 15555550123 at 123456", "UCS-2", 1),
        Text(f"Hi Bob{'!' * 160} : 15555550124 at 123456", "GSM-7", 2),
        Text("Hi  : 15555550125 at 123456", "GSM-7", 1),
    ]


def test_a_text_without_marks_is_the_same_for_all_whatever_else_it_is(store: Store) -> None:
    text = "50 % off \N{ICE CREAM}, see [the shop]"
    with serve(store) as service:
        joined(service, ANN)
        send = service.sender.to_contacts(to(Member(ANN, "ann", {"the shop": "x"}), text=text))
        queued(service, send)
    assert (send.is_template, mts_of(store, send)) == (False, [Text(text, "UCS-2", 1)])


def test_who_has_a_blank_text_is_told_nothing(store: Store) -> None:
    text = "%%[ IF City == 'Rome' THEN ]%%Ciao!%%[ ENDIF ]%% "
    with serve(store) as service:
        joined(service, ANN, BOB)
        rome = Member(BOB, "", {"City": "rome"})
        send = service.sender.to_contacts(to(ANN, rome, text=text))
        done = queued(service, send)
    assert told(store, send) == [(BOB, "Ciao!")]
    assert (done.queued, done.dropped) == (1, 1)


def test_an_error_that_some_have_drops_those_and_the_log_says_where_but_not_what(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    ann, bob, carl = (
        Member(number, "", {"Points": points, "First Name": "Secret"})
        for number, points in ((ANN, "many"), (BOB, "41"), (CARL, "few"))
    )
    with serve(store) as service, caplog.at_level(logging.WARNING):
        joined(service, ANN, BOB, CARL)
        send = service.sender.to_contacts(to(ann, bob, carl, text=POINTS))
        done = queued(service, send)
    assert told(store, send) == [(BOB, "You have 42 points, Secret.")]
    assert (done.state, done.queued, done.dropped) == (SendState.STARTED, 1, 2)
    (line,) = [record.getMessage() for record in caplog.records]
    assert (f"send={send.id}" in line, "members=2" in line) == (True, True)
    assert not any(private in line for private in ("Secret", "many", "points", ANN))


def test_an_error_that_all_have_ends_the_send_and_it_says_why(store: Store) -> None:
    with serve(store) as service:
        joined(service, ANN, BOB)
        send = service.sender.to_contacts(to(ANN, BOB, text=HOPELESS))
        done = queued(service, send)
        assert service.enqueuer.step() == 0
    assert (done.state, done.queued, done.dropped) == (SendState.ERROR, 0, 0)
    assert done.error == f"The text cannot be rendered: {WHY}"
    assert store.sends.mts(send.id) == ()


def test_an_error_of_the_first_members_alone_does_not_end_the_send(store: Store) -> None:
    numbers = [number_of(place) for place in range(5)]
    friends = a_list(store, "Friends", *numbers[:4])
    store.lists.fill(friends, [Member(numbers[4], "", {"Points": "1"})])
    with serve(store) as service:
        joined(service, *numbers)
        send = service.sender.to_lists(to_lists(friends, text=POINTS))
        done = queued(service, send)
    assert (done.state, done.queued, done.dropped) == (SendState.STARTED, 1, 4)


@pytest.mark.parametrize(("page", "state"), [(2, SendState.ERROR), (4, SendState.STARTED)])
def test_a_template_is_judged_by_as_many_members_as_there_are_on_a_page(
    store: Store, page: int, state: SendState
) -> None:
    numbers = [number_of(place) for place in range(3)]
    members = [Member(numbers[2], "", {"Points": "1"}), *map(Member, numbers[:2])]
    with serve(store) as service:
        joined(service, *numbers)
        send = service.sender.to_contacts(to(*members, text=POINTS))
    Enqueuer(store, lambda: NOON, page).step()
    done = store.sends.find(send.id)
    assert done is not None
    assert done.state == state


def test_once_anybody_was_told_the_others_errors_are_their_own(store: Store) -> None:
    with serve(store) as service:
        joined(service, ANN, BOB)
        ann, bob = Member(ANN, "", {"Points": "1"}), Member(BOB, "", {"Points": "x"})
        send = service.sender.to_contacts(to(ann, bob, text=POINTS))
        store.sends.enqueue(send.id, 1, NOON, lambda _: Text("First", "GSM-7", 1))
        done = queued(service, send)
    assert (done.state, done.queued, done.dropped) == (SendState.STARTED, 1, 1)


def test_a_kept_text_that_is_no_template_any_more_ends_its_send(store: Store) -> None:
    with serve(store) as service:
        joined(service, ANN)
        text = Text(BROKEN, "", 0)
        send = store.sends.add(a_send(text=text, is_template=True), [Member(ANN)])
        done = queued(service, send)
    assert (done.state, done.error) == (
        SendState.ERROR,
        "The text cannot be rendered: line 1, column 4: %%= has no end; end it with =%%",
    )


def test_a_text_that_is_no_template_is_refused_and_changes_nothing(store: Store) -> None:
    with serve(store) as service:
        with pytest.raises(TemplateError, match="line 1, column 4"):
            service.sender.to_contacts(to(ANN, text=BROKEN, keyword="NEWS", subscribe=True))
        with pytest.raises(TemplateError, match="line 1, column 4"):
            service.sender.to_lists(to_lists(7, text=BROKEN))
    assert records(store, ANN) == ()
    assert store.sends.waiting(NOON) == ()


def test_a_text_to_many_fetches_nothing(store: Store) -> None:
    with serve(store) as service:
        joined(service, ANN)
        text = "%%=HTTPGet('http://example.com/')=%%"
        done = queued(service, service.sender.to_contacts(to(ANN, text=text)))
    assert done.state == SendState.ERROR
