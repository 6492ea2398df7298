"""`POST /lists/{id}/remove` and `DELETE /lists/{id}`, and what past sends tell afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest

from optin_engine.harness.list_removal import MOST_NAMED, kept_by
from optin_engine.harness.why import Asked, why
from optin_engine.stores import Fate, Member, SendKind
from optin_engine.web.identifiers import encode
from tests.sends import a_list, a_send, add, enqueue_all, join, told
from tests.web_service import ALICE, BOB, NOW, NUMBER, SHORT, Caller, calling, is_envelope

BOTH = {"name": "Friends", "mobileNumbers": [ALICE, BOB]}


@pytest.fixture
def caller() -> Iterator[Caller]:
    with calling() as caller:
        yield caller


@pytest.fixture
def path(caller: Caller) -> str:
    """Give the path of a list of Alice and Bob."""
    return f"/lists/{caller.post('/lists', BOTH).json()['listId']}"


def members(caller: Caller) -> list[str]:
    (known,) = caller.store.lists.every()
    return [member.number for member in caller.store.lists.members(known.id)]


@pytest.mark.parametrize(
    "whom",
    [
        {"mobileNumbers": [ALICE, "15555550199"]},
        {"Subscribers": [{"MobileNumber": ALICE, "SubscriberKey": "another key"}]},
    ],
)
def test_numbers_are_taken_out_whatever_their_key_and_may_be_again(
    caller: Caller, path: str, whom: dict[str, Any]
) -> None:
    first, again = caller.post(f"{path}/remove", whom), caller.post(f"{path}/remove", whom)
    assert (first.status_code, first.json()["removed"], again.json()["removed"]) == (200, 1, 0)
    assert first.json() == {**caller.get(path).json(), "removed": 1}
    assert members(caller) == [f"+{BOB}"]


def test_a_removal_with_a_fault_takes_nobody_out(caller: Caller, path: str) -> None:
    answer = caller.post(f"{path}/remove", {"mobileNumbers": [ALICE, "1"]})
    assert answer.status_code == 400
    assert [each["message"] for each in answer.json()["fieldErrors"]] == ["Invalid phone number"]
    assert len(members(caller)) == 2


def test_a_deleted_list_is_told_of_once_more_and_its_name_is_free(
    caller: Caller, path: str
) -> None:
    before = caller.get(path).json()
    deleted = caller.delete(path)
    assert (deleted.status_code, deleted.json()) == (200, before)
    assert caller.get("/lists").json() == {"count": 0, "lists": []}
    gone = caller.get(path), caller.delete(path), caller.post(f"{path}/remove", BOTH)
    assert all(answer.status_code == 404 and is_envelope(answer, 30003) for answer in gone)
    again = caller.post("/lists", BOTH)
    assert (again.status_code, again.json()["listId"] != before["listId"]) == (201, True)


def test_a_list_that_a_send_keeps_for_itself_is_nobody_s_to_shrink(caller: Caller) -> None:
    send = caller.store.sends.add(a_send(kind=SendKind.CONTACT), [Member(NUMBER)])
    path = f"/lists/{encode(send.targets[0], 'list')}"
    assert caller.delete(path).status_code == 404
    assert caller.post(f"{path}/remove", {"mobileNumbers": [ALICE]}).status_code == 404


@pytest.mark.parametrize("role", ["targets", "excluded"])
def test_a_list_is_not_deleted_under_a_send_and_the_token_is_told(
    caller: Caller, path: str, role: str
) -> None:
    (friends,) = caller.store.lists.every()
    send = caller.store.sends.add(a_send(**{role: (friends.id,)}))
    token = encode(send.id, "send")
    refused = caller.delete(path)
    assert (refused.status_code, is_envelope(refused, 11000)) == (409, True)
    assert refused.json()["message"] == kept_by([token])
    assert caller.post(f"/sends/{token}/cancel").status_code == 200
    assert caller.delete(path).status_code == 200
    assert caller.get(f"/sends/{token}").json()["status"] == "Cancelled"


def test_of_many_sends_the_first_are_named_and_the_others_counted() -> None:
    tokens = [f"token{place}" for place in range(MOST_NAMED + 3)]
    assert ", token9 and 3 more. " in kept_by(tokens)
    assert "more" not in kept_by(tokens[:MOST_NAMED])


def test_what_a_past_send_said_is_told_after_its_lists_are_gone(caller: Caller) -> None:
    store = caller.store
    join(store, NUMBER, "NEWS", code=SHORT)
    friends, foes = a_list(store, "Friends", NUMBER), a_list(store, "Foes", f"+{BOB}")
    send = add(store, friends, code=SHORT, excluded=(foes,))
    enqueue_all(store, send)
    store.sends.cancel(send, NOW, 9)
    before = caller.get(f"/sends/{encode(send, 'send')}").json()
    assert (store.lists.delete(friends), store.lists.delete(foes)) == ((), ())
    assert caller.get(f"/sends/{encode(send, 'send')}").json() == before
    assert told(store, send) == [(NUMBER, Fate.CANCELLED)]
    kept = store.sends.find(send)
    assert kept is not None
    reported = why(store, Asked(kept, f"+{BOB}", None, None, NOW), "token")
    (reason,) = reported["reasons"]
    assert reason.startswith("it is in no list that the send is for")
    assert reason.endswith(" (lists deleted since, whose members are not known: 1)")
