"""`/lists` and `/sends`: lists are made and filled, sends are told of and steered."""

# ruff: noqa: E501 - a case is one line, in columns.

import json
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from httpx import Response

from optin_engine.harness.sends import Steering, steer
from optin_engine.stores import Fate, Member, SendKind, SendState, Store
from optin_engine.web.identifiers import encode
from tests.sends import a_send, sent_to, settle
from tests.web_service import ALICE, BOB, NOW, NUMBER, SHORT, Caller, calling, is_envelope

FRIENDS = {"Name": " Friends ", "mobileNumbers": [ALICE, int(BOB), ALICE]}
UNKNOWN = encode(7, "list"), encode(7, "send"), "nothing", encode(7, "message")


@pytest.fixture
def caller() -> Iterator[Caller]:
    with calling() as caller:
        yield caller


def members(caller: Caller) -> tuple[Member, ...]:
    (known,) = caller.store.lists.every()
    return tuple(caller.store.lists.members(known.id))


def test_a_list_is_made_and_shown(caller: Caller) -> None:
    made = caller.post("/lists", FRIENDS)
    (known,) = caller.store.lists.every()
    assert (made.status_code, made.json()) == (
        201,
        {
            "listId": encode(known.id, "list"),
            "name": "Friends",
            "count": 2,
            "createDate": "2026-11-21T12:00:00.51",
        },
    )
    assert caller.get(f"/lists/{made.json()['listId']}").json() == made.json()
    assert caller.get("/lists").json() == {"count": 1, "lists": [made.json()]}
    assert members(caller) == (Member(f"+{ALICE}"), Member(f"+{BOB}"))


def test_a_list_is_filled_again_under_its_name_with_what_was_given_last(caller: Caller) -> None:
    first = caller.post("/lists", FRIENDS).json()
    ann = {"MobileNumber": BOB, "subscriberKey": 7, "Attributes": {"Vorname": "Ännchen", "Age": 30}}
    again = caller.post("/lists", {"name": "Friends", "Subscribers": [ann]}).json()
    assert again == first
    assert members(caller)[1] == Member(f"+{BOB}", "7", {"Vorname": "Ännchen", "Age": "30"})


def faults(answer: Response) -> list[str]:
    assert answer.status_code == 400
    assert is_envelope(answer, 11000)
    return [fault["message"] for fault in answer.json()["fieldErrors"]]


# fmt: off
FAULTY: list[tuple[dict[str, Any], list[str]]] = [
    ({},                                         ["The Name field must be specified.", "The count of mobile numbers or subscribers cannot be zero."]),
    ({**FRIENDS, "Name": " "},                   ["The Name field cannot be blank or only contain whitespace."]),
    ({**FRIENDS, "Name": "x" * 101},             ["The Name field cannot contain more than 100 characters."]),
    ({**FRIENDS, "Name": ["x"]},                 ["The Name field must be a text."]),
    ({**FRIENDS, "mobileNumbers": ["x", "1"]},   ["x is not a numeric string", "Invalid phone number"]),
    ({**FRIENDS, "mobileNumbers": [ALICE] * 251}, ["The count of mobile numbers or subscribers cannot be more than 250."]),
]
# fmt: on


@pytest.mark.parametrize(("body", "told"), FAULTY)
def test_every_fault_is_told_at_once_and_no_list_is_made(
    caller: Caller, body: dict[str, Any], told: list[str]
) -> None:
    assert faults(caller.post("/lists", body)) == told
    assert caller.get("/lists").json() == {"count": 0, "lists": []}


@pytest.mark.parametrize("identifier", UNKNOWN)
def test_what_is_not_there_is_404(caller: Caller, identifier: str) -> None:
    paths = f"/lists/{identifier}", f"/sends/{identifier}"
    answers = [caller.get(path) for path in paths]
    answers += [caller.post(f"/sends/{identifier}/{act}") for act in ("pause", "resume", "cancel")]
    assert all(a.status_code == 404 and is_envelope(a, 30003) for a in answers)


def test_the_list_that_a_send_keeps_for_itself_is_nobody_s_to_see(caller: Caller) -> None:
    send = caller.store.sends.add(a_send(kind=SendKind.CONTACT), [Member(NUMBER)])
    assert caller.get(f"/lists/{encode(send.targets[0], 'list')}").status_code == 404
    assert caller.get("/lists").json()["count"] == 0


# fmt: off
SCOPES = [
    ("POST", "/lists",                       "sms_write"),
    ("GET",  "/lists",                       "sms_read"),
    ("GET",  "/lists/MTo2Mzow",              "sms_read"),
    ("POST", "/lists/MTo2Mzow/remove",       "sms_write"),
    ("DELETE", "/lists/MTo2Mzow",            "sms_write"),
    ("GET",  "/sends/MTo3OTow",              "sms_read"),
    ("POST", "/sends/MTo3OTow/pause",        "sms_send"),
    ("POST", "/sends/MTo3OTow/resume",       "sms_send"),
    ("POST", "/sends/MTo3OTow/cancel",       "sms_send"),
]
# fmt: on


@pytest.mark.parametrize(("method", "path", "scope"), SCOPES)
def test_a_call_needs_its_scope(caller: Caller, method: str, path: str, scope: str) -> None:
    others = [s for s in ("sms_read", "sms_write", "sms_send", "sms_inbound") if s != scope]
    body: dict[str, Any] = {"json": {}} if method == "POST" and "/lists" in path else {}
    refused = caller.call(method, path, headers=caller.bearer(*others), **body)
    passed = caller.call(method, path, headers=caller.bearer(scope), **body)
    assert (refused.status_code, passed.status_code in {200, 400, 404}) == (403, True)


# -- sends


def sending(caller: Caller, **fields: Any) -> tuple[int, str]:
    """Queue a send to Alice, who is Subscribed, and give its id and its path."""
    send = sent_to(caller.store, NUMBER, code=SHORT, **fields)
    return send, f"/sends/{encode(send, 'send')}"


def test_a_send_tells_how_far_it_is(caller: Caller) -> None:
    send, path = sending(caller)
    (mt,) = caller.store.sends.mts(send)
    settle(caller.store, [mt.id], Fate.SENT)
    told = caller.get(path).json()
    at = "2026-11-21T12:00:00"
    assert told == {
        "tokenId": encode(send, "send"),
        "status": "Started",
        "kind": "contact",
        "code": SHORT,
        "keyword": "NEWS",
        "createDate": at,
        "sendDate": None,
        "queueDate": at,
        "completeDate": None,
        "queued": 1,
        "sent": 1,
        "dropped": 0,
        "messages": {fate.value: int(fate == Fate.SENT) for fate in Fate},
        "error": "",
    }


# What is told one after another to a send that is under way, and the status or state after.
STEERED = [
    ("pause", "Paused"),
    ("pause", "Paused"),
    ("resume", "Started"),
    ("resume", "Started"),
    ("pause", "Paused"),
    ("cancel", "Cancelled"),
    ("cancel", "Cancelled"),
    ("pause", "The send is Cancelled, and cannot be paused."),
    ("resume", "The send is Cancelled, and cannot be resumed."),
]


def test_a_send_is_paused_resumed_and_cancelled_and_each_may_be_said_twice(caller: Caller) -> None:
    send, path = sending(caller)
    for act, after in STEERED:
        answer = caller.post(f"{path}/{act}")
        if answer.status_code == 200:
            assert (act, answer.json()["status"]) == (act, after)
            assert answer.json() == caller.get(path).json()
        else:
            assert answer.status_code == 409
            assert is_envelope(answer, 11000)
            assert (act, answer.json()["message"]) == (act, after)
    assert [mt.fate for mt in caller.store.sends.mts(send)] == [Fate.CANCELLED]


@pytest.mark.parametrize("act", ["pause", "resume", "cancel"])
def test_a_send_that_went_out_cannot_be_called_back(caller: Caller, act: str) -> None:
    send, path = sending(caller)
    settle(caller.store, [mt.id for mt in caller.store.sends.mts(send)])
    assert caller.store.sends.finish(NOW) == (send,)
    refused = caller.post(f"{path}/{act}")
    assert (refused.status_code, refused.json()["message"][:22]) == (409, "The send is Finished, ")
    assert caller.get(path).json()["status"] == "Finished"


def test_a_send_that_finishes_as_soon_as_it_is_resumed_was_resumed(caller: Caller) -> None:
    send, path = sending(caller)
    settle(caller.store, [mt.id for mt in caller.store.sends.mts(send)])
    paused = caller.post(f"{path}/pause")
    # Its enqueuer is so quick that the send is finished before it is looked at again.
    sender = attrs.evolve(caller.service.sender, wake=lambda: caller.store.sends.finish(NOW))
    before = sender.find(send)
    assert before is not None
    assert paused.json()["status"] == "Paused"
    assert steer(sender, before, Steering.RESUME).state == SendState.FINISHED


def test_why_a_send_ended_is_told(caller: Caller) -> None:
    send, path = sending(caller)
    caller.store.sends.cancel(send, NOW, 10, "the template cannot be rendered")
    told = caller.get(path).json()
    assert (told["status"], told["error"]) == ("Error", "the template cannot be rendered")


def test_nobody_s_number_is_in_what_is_told(caller: Caller) -> None:
    _, path = sending(caller)
    made = caller.post("/lists", FRIENDS).json()
    assert ALICE not in json.dumps([caller.get(path).json(), made])


def test_every_store_gives_the_latest_sends_first_and_on_from_any(store: Store) -> None:
    sends = store.sends
    assert list(sends.recent()) == []
    first, second, third = (sends.add(a_send()) for _ in range(3))
    assert list(sends.recent()) == [third, second, first]
    assert list(sends.recent(limit=1)) == [third]
    assert list(sends.recent(before=second.id)) == [first]
