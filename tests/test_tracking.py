"""What came of a send: its deliveries, over every store."""

from collections.abc import Iterator

import pytest

from optin_engine.stores import Fate, SendKind, SendState, Store
from optin_engine.web import tracking_calls
from optin_engine.web.identifiers import encode
from tests import sends
from tests.store_contract import ANNE, BILL, LATER, NOW, change, mt
from tests.tracking import CARL, IN_MEMORY, MESSAGE, deliveries, faults, path, text
from tests.web_service import Caller, Clock, calling


@pytest.fixture
def caller(store: Store) -> Iterator[Caller]:
    with calling(store, clock=Clock(NOW)) as caller:
        yield caller


@pytest.fixture
def message(caller: Caller) -> int:
    return caller.service.catalog.define_message(MESSAGE).id


def test_deliveries_tell_what_became_of_each_mt_in_standard_codes(
    caller: Caller, message: int
) -> None:
    send = sends.sent_to(caller.store, ANNE, BILL, CARL, message=message, text=text("Hi %%Name%%"))
    anne, bill, _ = caller.store.sends.mts(send)
    sends.settle(caller.store, [anne.id], provider_id="SM1")
    caller.store.delivered("SM1", Fate.EXPIRED, LATER, "30036")
    sends.settle(caller.store, [bill.id], Fate.DEAD, error="HTTP 400")
    assert deliveries(caller, message, send) == {
        "message": "Hi %%Name%%",
        "count": 3,
        "createDate": "2026-11-21T12:00:00",
        "status": "Started",
        "tracking": [
            _row(ANNE, "4501", "Expired", "The handset was out of reach (30036)"),
            _row(BILL, "2500", "Failed to aggregator", "The provider did not take it (HTTP 400)"),
            _row(CARL, "1000", "Queued", "Waits to be handed over"),
        ],
    }


def _row(number: str, code: str, message: str, description: str) -> dict[str, str]:
    return {
        "mobileNumber": number.removeprefix("+"),
        "statusCode": code,
        "message": message,
        "standardStatusCode": code,
        "description": description,
    }


@IN_MEMORY
@pytest.mark.parametrize(
    ("fate", "code", "name"),
    [
        (Fate.QUEUED,      "1000", "Queued"),
        (Fate.SENT,        "2000", "Delivered to aggregator"),
        (Fate.DEAD,        "2500", "Failed to aggregator"),
        (Fate.ENROUTE,     "3000", "Enroute"),
        (Fate.CARRIED,     "3001", "Sent to carrier"),
        (Fate.DELIVERED,   "4000", "Delivered to handset"),
        (Fate.UNDELIVERED, "4500", "Undeliverable"),
        (Fate.EXPIRED,     "4501", "Expired"),
        (Fate.REJECTED,    "4503", "Rejected"),
        (Fate.CANCELLED,   "4503", "Rejected"),
    ],
)  # fmt: skip
def test_every_fate_has_its_standard_code(
    caller: Caller, message: int, fate: Fate, code: str, name: str
) -> None:
    send = caller.store.sends.add(sends.a_send(kind=SendKind.CONTACT, message=message))
    change(caller.store, mts=[mt(1 << 60, fate=fate, send=send.id)])
    (row,) = deliveries(caller, message, send.id)["tracking"]
    told = (row["statusCode"], row["standardStatusCode"], row["message"])
    assert told == (code, code, name)


def test_the_count_leaves_out_whom_nobody_may_tell(caller: Caller, message: int) -> None:
    for number in (ANNE, BILL):
        sends.join(caller.store, number)
    sends.stop(caller.store, BILL)
    listed = sends.a_list(caller.store, "a", ANNE, BILL, CARL)
    send = sends.add(caller.store, listed, kind=SendKind.CONTACT, message=message)
    assert sends.enqueue_all(caller.store, send).dropped == 2
    told = deliveries(caller, message, send)
    assert (told["count"], len(told["tracking"])) == (1, 1)


def _moved(caller: Caller, state: SendState, message: int) -> int:
    """Give a send that has come to a state."""
    store = caller.store
    if state in {SendState.NEW, SendState.QUEUING}:
        for number in (ANNE, BILL):
            sends.join(store, number)
        listed = sends.a_list(store, "a", ANNE, BILL)
        send = sends.add(store, listed, kind=SendKind.CONTACT, message=message)
        if state == SendState.QUEUING:
            store.sends.enqueue(send, 1, NOW)
        return send
    send = sends.sent_to(store, ANNE, message=message)
    if state == SendState.PAUSED:
        store.sends.pause(send)
    elif state == SendState.FINISHED:
        sends.settle(store, [each.id for each in store.sends.mts(send)])
        store.sends.finish(LATER)
    elif state in {SendState.CANCELLED, SendState.ERROR}:
        store.sends.cancel(send, LATER, 10, "no template" if state == SendState.ERROR else "")
    return send


@IN_MEMORY
@pytest.mark.parametrize(
    ("state", "status"),
    [
        (SendState.NEW,       "New"),
        (SendState.QUEUING,   "Queuing"),
        (SendState.STARTED,   "Started"),
        (SendState.PAUSED,    "Started"),
        (SendState.FINISHED,  "Finished"),
        (SendState.CANCELLED, "Finished"),
        (SendState.ERROR,     "Error"),
    ],
)  # fmt: skip
def test_a_send_is_told_in_mobileconnects_words_and_is_complete_once_it_is_over(
    caller: Caller, message: int, state: SendState, status: str
) -> None:
    send = _moved(caller, state, message)
    found = caller.store.sends.find(send)
    assert found is not None
    assert found.state == state
    told = deliveries(caller, message, send)
    complete = "2026-11-21T13:00:00" if status in {"Finished", "Error"} else None
    error = "no template" if status == "Error" else None
    assert (told["status"], told.get("completeDate"), told.get("error")) == (
        status,
        complete,
        error,
    )


def test_many_rows_come_in_pages_that_miss_and_repeat_nobody(
    caller: Caller, message: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking_calls, "LARGEST_PAGE", 4)
    numbers = [sends.number_of(place) for place in range(9)]
    send = sends.sent_to(caller.store, *numbers, message=message)
    pages = [deliveries(caller, message, send)]
    while after := pages[-1].get("next"):
        pages.append(deliveries(caller, message, send, **{"$pageSize": 3, "$after": after}))
    assert [len(page["tracking"]) for page in pages] == [4, 3, 2]
    told = [row["mobileNumber"] for page in pages for row in page["tracking"]]
    assert told == [number.removeprefix("+") for number in numbers]
    assert {page["count"] for page in pages} == {9}
    exact = deliveries(caller, message, send, **{"$PageSize": 2, "$after": pages[1]["next"]})
    assert (len(exact["tracking"]), "next" in exact) == (2, False)


def test_the_id_that_creation_returned_is_taken_too(caller: Caller, message: int) -> None:
    send = sends.sent_to(caller.store, ANNE, message=message)
    created = encode(message, "message object")
    answer = caller.get(f"/sms/v1/messageContact/{created}/deliveries/{encode(send, 'send')}")
    assert answer.status_code == 200


def test_a_message_that_ended_is_still_tracked(caller: Caller, message: int) -> None:
    send = sends.sent_to(caller.store, ANNE, message=message)
    with caller.store.defining() as defining:
        defining.commit((), [message], LATER)
    assert deliveries(caller, message, send)["count"] == 1


@IN_MEMORY
@pytest.mark.parametrize("size", ["0", "-1", "x", "10001", "1" * 5000, "²"])
def test_a_page_of_no_size_is_refused(caller: Caller, message: int, size: str) -> None:
    send = sends.sent_to(caller.store, ANNE, message=message)
    address = path("deliveries", message, send)
    assert faults(caller, address, **{"$pageSize": size}) == [tracking_calls.NO_SIZE]
    assert faults(caller, address, **{"$after": f"{size}x"}) == [tracking_calls.NO_AFTER]
