"""What came of a send: its history with a number, and what is refused, over every store."""

from collections.abc import Iterator

import pytest

from optin_engine.outcome import Outbound
from optin_engine.service.outbound.unrendered import packed
from optin_engine.stores import SendKind, Store
from optin_engine.vocabulary import Inbound, Origin
from optin_engine.web.identifiers import encode
from tests import sends
from tests.mobileconnect import AGE, OPTIN
from tests.store_contract import ANNE, BILL, NOW, change, mt
from tests.tracking import (
    IN_MEMORY,
    MESSAGE,
    deliveries,
    faults,
    history,
    of_number,
    path,
    text,
    told,
)
from tests.web_service import SHORT, Caller, Clock, calling


@pytest.fixture
def caller(store: Store) -> Iterator[Caller]:
    with calling(store, clock=Clock(NOW)) as caller:
        yield caller


@pytest.fixture
def message(caller: Caller) -> int:
    return caller.service.catalog.define_message(MESSAGE).id


def test_a_history_is_what_followed_until_another_conversation(
    caller: Caller, message: int
) -> None:
    service, clock = caller.service, caller.clock
    service.receive(SHORT, ANNE, Inbound("NEWS", clock()))
    first = sends.sent_to(caller.store, ANNE, message=message, text=text("One"))
    clock.pass_by(seconds=1)
    service.receive(SHORT, ANNE, Inbound("Help!", clock()))
    listed = sends.a_list(caller.store, "a", ANNE)
    second = sends.add(caller.store, listed, kind=SendKind.CONTACT, message=message)
    sends.enqueue_all(caller.store, second, now=clock())
    service.receive(SHORT, ANNE, Inbound("HELP", clock()))
    service.queue_mo(SHORT, [ANNE], "NEWS", Origin.WEB)
    found = history(caller, message, first)
    kinds = [said["type"] for said in found["history"]]
    assert kinds == ["MT", "MO", "MT"]
    assert [said["message"] for said in found["history"]][:2] == ["One", "Help!"]
    assert found["history"][1]["date"] == "2026-11-21T12:00:01"
    assert (found["count"], found["createDate"], found["status"]) == (
        3,
        "2026-11-21T12:00:00",
        "Active",
    )
    then = history(caller, message, second)
    assert [said["type"] for said in then["history"]] == ["MT", "MO", "MT"]


def test_to_whom_nothing_was_said_has_an_empty_history(caller: Caller, message: int) -> None:
    send = sends.sent_to(caller.store, ANNE, message=message)
    caller.service.receive(SHORT, BILL, Inbound("NEWS", NOW))
    found = history(caller, message, send, BILL)
    assert (found["count"], found["history"]) == (0, [])


def test_a_birth_date_is_masked_in_a_history(caller: Caller, message: int) -> None:
    assert caller.post(OPTIN, AGE).status_code == 201
    caller.service.receive(SHORT, ANNE, Inbound("WINE", NOW))
    send = sends.sent_to(caller.store, ANNE, message=message)
    caller.service.receive(SHORT, ANNE, Inbound("5/6/1970", NOW))
    found = history(caller, message, send)["history"]
    assert [said["type"] for said in found] == ["MT", "MO", "MT"]
    assert "1970" not in str(found)


def test_what_httpget_has_yet_to_fill_is_shown_as_its_template(
    caller: Caller, message: int
) -> None:
    send = sends.sent_to(caller.store, ANNE, message=message)
    template = packed(Outbound("response", "It is %%=HTTPGet(Url)=%%", "", 0, "", {"URL": "x"}))
    change(caller.store, mts=[mt(1 << 60, text=template, encoding="template", segments=0)])
    _, unfilled = history(caller, message, send)["history"]
    assert unfilled["message"].endswith("It is %%=HTTPGet(Url)=%%")


def test_what_is_erased_is_gone(caller: Caller, message: int) -> None:
    send = sends.sent_to(caller.store, ANNE, message=message, text=text("Secret"))
    assert "Secret" in str(history(caller, message, send))
    caller.store.erase(ANNE)
    assert history(caller, message, send)["history"] == []
    found = deliveries(caller, message, send)
    assert [row["mobileNumber"] for row in found["tracking"]] == [""]
    assert found["message"] == ""


def test_a_list_sends_deliveries_and_history_are_told_by_messagelist(
    caller: Caller, message: int
) -> None:
    sends.join(caller.store, ANNE)
    listed = sends.a_list(caller.store, "a", ANNE)
    send = sends.add(caller.store, listed, message=message)
    sends.enqueue_all(caller.store, send)
    assert told(caller, path("deliveries", message, send, kind="MESSAGELIST"))["count"] == 1
    assert told(caller, of_number(message, send, kind="messageList"))["count"] == 1


def test_ids_and_tokens_that_are_not_valid_are_refused_all_at_once(
    caller: Caller, message: int
) -> None:
    other = caller.service.catalog.define_message({**MESSAGE, "messageName": "Other"}).id
    send = sends.sent_to(caller.store, ANNE, message=message)
    good, token, wrong = (
        encode(message, "message"),
        encode(send, "send"),
        encode(other, "message"),
    )
    unknown, no_send, mo = encode(7, "message"), encode(7, "send"), encode(send, "queueMO")
    no_id, no_message = "Message id {} is not valid.", "Message {} is not valid for the client."
    no_token = "Token id {} is not valid."  # noqa: S105 - what is said of a token.
    # fmt: off
    expected = [
        ("x",     token,   [no_id.format("x")]),
        (token,   token,   [no_id.format(token)]),
        (wrong,   token,   [no_message.format(wrong)]),
        (unknown, token,   [no_message.format(unknown)]),
        (good,    "x",     [no_token.format("x")]),
        (good,    no_send, [no_token.format(no_send)]),
        (good,    mo,      [no_token.format(mo)]),
        ("x",     "x",     [no_id.format("x"), no_token.format("x")]),
        (good,    "x" * 41, [no_token.format("x" * 40 + "...")]),
        (unknown, no_send, [no_message.format(unknown), no_token.format(no_send)]),
    ]
    # fmt: on
    for id_, token_id, errors in expected:
        base = f"/sms/v1/messageContact/{id_}"
        assert faults(caller, f"{base}/deliveries/{token_id}") == errors
        number = f"{base}/history/{token_id}/mobileNumber/15555550123"
        assert faults(caller, number) == errors
    of_list = path("deliveries", message, send, kind="messageList")
    assert faults(caller, of_list) == [no_token.format(token)]


@IN_MEMORY
@pytest.mark.parametrize(
    ("number", "fault"),
    [("1-317", "1-317 is not a numeric string"), ("123", "Invalid phone number")],
)
def test_a_history_of_what_is_no_number_is_refused(
    caller: Caller, message: int, number: str, fault: str
) -> None:
    send = sends.sent_to(caller.store, ANNE, message=message)
    assert faults(caller, of_number(message, send, number)) == [fault]
