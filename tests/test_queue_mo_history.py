"""What came of a queued MO: its deliveries and its history."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta

import pytest

from optin_engine.stores import Fate, Settlement
from optin_engine.vocabulary import Inbound
from optin_engine.web.identifiers import encode
from tests.mobileconnect import AGE, OPTIN, QUEUE, queued, texted
from tests.web_service import ALICE, BOB, SHORT, Caller, Clock, calling


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def caller(clock: Clock) -> Iterator[Caller]:
    with calling(clock=clock) as caller:
        yield caller


def test_a_history_is_the_conversation_that_its_mo_opened(caller: Caller, clock: Clock) -> None:
    texted(caller, clock, "JOIN", BOB)
    (first,) = queued(caller)
    texted(caller, clock, "what?")
    texted(caller, clock, "YES")
    clock.time += timedelta(seconds=1)
    (second,) = queued(caller)
    told = caller.get(f"{QUEUE}/history/{first['identifier']}").json()
    history = told.pop("history")
    assert [(said["type"], said["message"]) for said in history] == [
        ("MT", "Reply YES to join the club."),
        ("MO", "what?"),
        ("MT", "Reply YES, please."),
        ("MO", "YES"),
        ("MT", "You are in."),
    ]
    assert history[1]["date"] == "2026-11-21T12:00:02.51"
    assert told == {"count": 5, "createDate": "2026-11-21T12:00:01.51", "status": "Active"}
    told = caller.get(f"{QUEUE.upper()}/HISTORY/{second['identifier']}/").json()
    assert (told["count"], told["history"]) == (0, [])


def test_a_birth_date_is_masked_in_a_history(caller: Caller, clock: Clock) -> None:
    assert caller.post(OPTIN, AGE).status_code == 201
    (result,) = queued(caller, messageText="WINE")
    texted(caller, clock, "5/6/1970")
    answer = caller.get(f"{QUEUE}/history/{result['identifier']}")
    assert [said["type"] for said in answer.json()["history"]] == ["MT", "MO", "MT"]
    assert "1970" not in answer.text


# fmt: off
FATES = [
    # fate             statusCode  message
    (None,              "1000",    "Queued"),
    (Fate.SENT,         "2000",    "Delivered to aggregator"),
    (Fate.DEAD,         "2500",    "Failed to aggregator"),
    (Fate.DELIVERED,    "4000",    "Delivered to handset"),
    (Fate.UNDELIVERED,  "4500",    "Undeliverable"),
    (Fate.CANCELLED,    "4503",    "Rejected"),
]
# fmt: on


@pytest.mark.parametrize(("fate", "status", "message"), FATES)
def test_a_delivery_is_told_in_standard_codes(
    caller: Caller, clock: Clock, fate: Fate | None, status: str, message: str
) -> None:
    (result,) = queued(caller)
    settle(caller, clock, fate)
    answer = caller.get(f"{QUEUE}/deliveries/{result['identifier']}")
    expected = {"mobileNumber": ALICE, "statusCode": status, "message": message}
    assert (answer.status_code, answer.json()) == (200, {"tracking": [expected]})


def settle(caller: Caller, clock: Clock, fate: Fate | None) -> None:
    store, at = caller.service.store, clock.time
    if fate == Fate.CANCELLED:
        texted(caller, clock, "STOP")
    elif fate is not None:
        (mt,) = store.claim(at, at + timedelta(minutes=1), 10)
        first = Fate.DEAD if fate == Fate.DEAD else Fate.SENT
        store.settle([Settlement(mt.id, first, at, "SM1")])
        if fate not in {Fate.SENT, Fate.DEAD}:
            store.delivered("SM1", fate, at)


def test_where_nothing_is_said_nothing_is_tracked(caller: Caller, clock: Clock) -> None:
    texted(caller, clock, "STOP")
    clock.time += timedelta(seconds=1)
    (result,) = queued(caller)
    assert caller.get(f"{QUEUE}/deliveries/{result['identifier']}").json() == {"tracking": []}


UNKNOWN = encode(7, "queueMO")
A_GUID = urlsafe_b64encode(b"A" * 22 + b":76:0").rstrip(b"=").decode()


@pytest.mark.parametrize("identifier", ["x", "MzA6Nzg6MA", UNKNOWN, A_GUID, "\u00e9"])
@pytest.mark.parametrize("call", ["deliveries", "history"])
def test_an_identifier_that_is_no_queued_mo_is_refused(
    caller: Caller, call: str, identifier: str
) -> None:
    answer = caller.get(f"{QUEUE}/{call}/{identifier}")
    assert answer.status_code == 400
    assert answer.json() == {"errors": [f"Token id {identifier} is not valid."]}


@pytest.mark.parametrize("call", ["deliveries", "history"])
def test_of_a_long_text_that_is_no_identifier_only_the_beginning_is_repeated(
    caller: Caller, call: str
) -> None:
    answer = caller.get(f"{QUEUE}/{call}/{'x' * 5000}")
    assert answer.json() == {"errors": [f"Token id {'x' * 40}... is not valid."]}


def test_an_mo_of_a_handset_is_no_queued_one(caller: Caller, clock: Clock) -> None:
    answer = caller.service.receive(SHORT, f"+{ALICE}", Inbound("JOIN", clock.time))
    identifier = encode(answer.id, "queueMO")
    assert caller.get(f"{QUEUE}/history/{identifier}").status_code == 400
