"""`sends why`: the reason for each number, of a real service over every store."""

import json
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from optin_engine.harness.why import Asked, why, why_lines
from optin_engine.service.outbound.orders import Blackout
from optin_engine.service.service import Service
from optin_engine.stores import Fate, Member, Send, Store, open_store
from optin_engine.vocabulary import Hears, Instruction
from optin_engine.web.identifiers import encode
from tests.operating import run
from tests.ordering import joined, queued, to, to_lists
from tests.sends import a_list, number_of, settle
from tests.serving import ANN, BOB, CODE, NOON, PLACE, SINGLE, Phone, SetClock, serve

AT_NOON = "2026-11-21T12:00:00Z"
AT_THE_DEADLINE = "2026-11-24T12:00:00Z"
NOTHING = f"it is subscribed to nothing on {CODE}"
TOKEN = "MzA6Nzk6MA"  # noqa: S105 - it names a send, and opens nothing.


def asked_of(service: Service, send: Send, number: str = ANN) -> dict[str, Any]:
    now = service.sender.find(send.id)
    assert now is not None
    contact = next((c for c in service.subscriptions(number) if c.code == CODE), None)
    code = service.catalog.account().codes.get(CODE)
    return why(service.store, Asked(now, number, contact, code, service.now()), TOKEN)


def reasons(service: Service, send: Send, number: str = ANN) -> list[str]:
    found: list[str] = asked_of(service, send, number)["reasons"]
    return found


def leaves(service: Service) -> None:
    Phone(service).texts("NEWS")
    service.instruct(CODE, ANN, Instruction(Hears.UNSUBSCRIBE, service.now(), "NEWS"))


def deactivated(service: Service) -> None:
    Phone(service).texts("NEWS")
    service.instruct(CODE, ANN, Instruction(Hears.DEACTIVATE, service.now()))


def texts(*said: str) -> Callable[[Service], None]:
    def does(service: Service) -> None:
        for text in said:
            Phone(service).texts(text)

    return does


# fmt: off
LEFT_OUT = [
    # what the contact did     why it was told nothing
    (texts(),                  f"it never joined anything on {CODE}"),
    (texts("HELP"),            f"it never joined anything on {CODE}"),
    (texts("JOIN"),            f"it is In Progress on {CODE}: asked {AT_NOON}, and has"),
    (texts("JOIN", "No"),      f"{NOTHING}: it said no to what it was asked {AT_NOON}"),
    (texts("WINE", "01/01/2015"), f"it was declined on {CODE} {AT_NOON}, as too young"),
    (texts("NEWS", "STOP"),    f"it said STOP on {CODE} {AT_NOON}"),
    (texts("STOP"),            f"it said STOP on {CODE} {AT_NOON}"),
    (leaves,                   f"it was unsubscribed on {CODE} {AT_NOON}"),
    (deactivated,              f"{NOTHING}: its number was deactivated {AT_NOON}"),
]
# fmt: on


@pytest.mark.parametrize(("does", "reason"), LEFT_OUT)
def test_who_may_not_be_told_is_left_out_for_the_reason_that_holds(
    store: Store, does: Callable[[Service], None], reason: str
) -> None:
    with serve(store) as service:
        does(service)
        send = queued(service, service.sender.to_contacts(to(ANN)))
        assert send.dropped == 1
        report = asked_of(service, send)
        (said,) = report["reasons"]
        assert said.startswith(f"it was left out when the send dealt with it: {reason}")
        assert (report["message"], report["asOf"]) == (None, AT_NOON)
        assert list(why_lines(report))[-1] == f"  as of {AT_NOON}"


def test_who_was_asked_too_long_ago_and_who_joined_since_are_told_as_they_are_now(
    store: Store,
) -> None:
    clock = SetClock()
    with serve(store, clock=clock) as service:
        Phone(service).texts("JOIN")
        send = queued(service, service.sender.to_contacts(to(ANN)))
        clock.passes(hours=200)
        (expired,) = reasons(service, send)
        assert expired.endswith(f"{NOTHING}: what it was asked has expired {AT_THE_DEADLINE}")
        Phone(service).texts("NEWS")
        (joined_now,) = reasons(service, send)
        since = "2026-11-29T20:00:00Z: it joined, or came into the list, after the send"
        assert joined_now.endswith(f"it is Subscribed on {CODE} {since}")


def test_a_number_of_no_target_list_or_of_an_excluded_one_is_told_so(store: Store) -> None:
    with serve(store) as service:
        joined(service, ANN, BOB)
        friends, out = a_list(store, "Friends", ANN, BOB), a_list(store, "Staff", ANN)
        send = queued(service, service.sender.to_lists(to_lists(friends, excluded=[out])))
        (excluded,) = reasons(service, send)
        assert excluded == "it is in a list that the send leaves out: Staff"
        stranger = number_of(7)
        assert reasons(service, send, stranger) == ["it is in no list that the send is for"]
        to_ann = queued(service, service.sender.to_contacts(to(ANN)))
        assert reasons(service, to_ann, BOB) == ["it is not among those whom the send is for"]
        assert asked_of(service, send, BOB)["message"]["fate"] == "queued"


def test_whose_turn_has_not_come_is_told_what_the_send_waits_for(store: Store) -> None:
    clock = SetClock()
    with serve(store, clock=clock) as service:
        joined(service, ANN)
        send = service.sender.to_contacts(to(ANN, due_at=NOON + timedelta(hours=1)))
        begins = "the send begins 2026-11-21T13:00:00Z"
        assert reasons(service, send) == [f"its turn has not come: {begins}"]
        service.sender.pause(send.id)
        assert reasons(service, send) == ["its turn has not come: the send is paused"]
        service.sender.resume(send.id)
        clock.passes(hours=1)
        (dealing,) = reasons(service, send)
        assert dealing == "its turn has not come: the send is dealing with its members"
        service.sender.cancel(send.id)
        assert reasons(service, send) == ["the send was Cancelled before its turn came"]


def test_a_message_waits_for_all_that_holds_it_back_until_it_does_not(store: Store) -> None:
    clock, new_york = SetClock(NOON - timedelta(hours=9)), "+12125550123"  # 22:00 there
    quiet = {"codes": [PLACE | {"quietHours": "21:00-08:00"}], "programs": [SINGLE]}
    with serve(store, clock=clock, definitions=quiet) as service:
        joined(service, new_york)
        night = Blackout(timedelta(hours=-5), time(20), time(23))
        order = to(new_york, blackout=night)
        send = queued(service, service.sender.to_contacts(order))
        (welcome, mt) = (said.id for said in store.conversation(CODE, new_york)[1:])
        service.sender.pause(send.id)
        assert reasons(service, send, new_york) == [
            "it waits: the send is paused",
            "it waits: the send's blackout, until 2026-11-21T04:00:01Z",
            f"it waits: quiet hours of {CODE}, until 2026-11-21T13:00:00Z",
            f"it waits: an earlier text to this number, {welcome}, is not settled yet",
        ]
        service.sender.resume(send.id)
        clock.at = NOON + timedelta(hours=1)
        store.claim(clock.at, clock.at + timedelta(minutes=5), 1)
        settle(store, [welcome])
        assert reasons(service, send, new_york) == [f"it waits: for its turn on {CODE}"]
        store.claim(clock.at, clock.at + timedelta(minutes=5), 1)
        (in_hand,) = reasons(service, send, new_york)
        assert in_hand.endswith(
            "in hand of a transport, or another takes it at 2026-11-21T13:05:00Z"
        )
        again = clock.at + timedelta(minutes=9)
        settle(store, [mt], Fate.QUEUED, due_at=again, error="503")
        (tried,) = reasons(service, send, new_york)
        assert tried == "it waits: to be tried again at 2026-11-21T13:09:00Z, after: 503"


def test_a_text_of_a_paused_send_holds_up_no_later_one_and_a_pace_is_named(store: Store) -> None:
    paced = {"codes": [PLACE | {"throughput": 2.5}], "programs": [SINGLE]}
    with serve(store, definitions=paced) as service:
        joined(service, ANN)
        (welcome,) = store.claim(NOON, NOON + timedelta(minutes=5), 1)
        settle(store, [welcome.id])
        first = queued(service, service.sender.to_contacts(to(ANN)))
        second = queued(service, service.sender.to_contacts(to(ANN)))
        (held,) = reasons(service, second)
        (mt,) = store.sends.mts(first.id)
        assert held == f"it waits: an earlier text to this number, {mt.id}, is not settled yet"
        service.sender.pause(first.id)
        (turn,) = reasons(service, second)
        assert turn == f"it waits: for its turn on {CODE}, at most 2.5 a second"


def test_what_came_of_a_message_is_told_with_when_and_why(store: Store) -> None:
    with serve(store) as service:
        joined(service, ANN)
        send = queued(service, service.sender.to_contacts(to(ANN)))
        (mt,) = store.sends.mts(send.id)
        Phone(service).texts("STOP")
        by = f"record 2 (STOP, STOP word first) ended its consent {AT_NOON}"
        stopped = [f"it was cancelled {AT_NOON} before it was handed over: {by}"]
        assert reasons(service, send) == stopped
        assert asked_of(service, send)["message"]["consent"] == mt.consent

        # Neither who comes back nor who cancels the send afterwards changes why it was.
        joined(service, ANN)
        service.sender.cancel(send.id)
        assert reasons(service, send) == stopped

        joined(service, BOB)
        dead = queued(service, service.sender.to_contacts(to(BOB)))
        for _ in range(2):
            for taken in store.claim(NOON, NOON + timedelta(minutes=5), 9):
                is_ours = taken.send == dead.id
                settle(store, [taken.id], Fate.DEAD if is_ours else Fate.SENT, error="no route")
        given_up = f"it was given up {AT_NOON} after 1 attempt: no route"
        assert reasons(service, dead, BOB) == [given_up]

        send = queued(service, service.sender.to_contacts(to(BOB)))
        service.sender.cancel(send.id)
        assert reasons(service, send, BOB) == [f"it was cancelled {AT_NOON}, as the send was"]

        send = queued(service, service.sender.to_contacts(to(BOB)))
        for taken in store.claim(NOON, NOON + timedelta(minutes=5), 9):
            settle(store, [taken.id])
        assert reasons(service, send, BOB) == [f"it was handed over; sent {AT_NOON}"]


def test_the_command_says_it_and_names_no_number_that_it_was_not_asked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/optin.db"
    with open_store(url) as store, serve(store) as service:
        joined(service, ANN)
        send = queued(service, service.sender.to_contacts(to(ANN, BOB)))
    token, at = encode(send.id, "send"), ("--store", url)
    ran = run("sends", "why", token, ANN.removeprefix("+"), *at)
    assert ran.returncode == 0
    assert ran.stdout.splitlines()[0] == (
        f"{ANN} in {token} (Started): its message is queued, by record 1"
    )
    assert BOB not in ran.stdout
    ran = run("sends", "why", token, BOB, "--json", *at)
    report = json.loads(ran.stdout)
    assert (report["number"], report["message"], report["status"]) == (BOB, None, "Started")
    assert report["reasons"][0].endswith(f"it never joined anything on {CODE}")
    wrong = run("sends", "why", token, "me", *at)
    assert (wrong.returncode, wrong.stdout) == (2, "")


def test_a_number_that_is_only_in_lists_is_known_and_can_be_erased(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/optin.db"
    with open_store(url) as store, serve(store) as service:
        a_list(store, "Friends", ANN)
        a_list(store, "Foes", ANN)
        service.sender.to_contacts(to(Member(ANN)))
    at = "--store", url
    ran = run("status", ANN, *at)
    assert ran.stdout.splitlines() == [
        f"{ANN}: no code knows it; it never texted, and nobody subscribed it",
        f"{ANN} is in 2 lists, and named by 1 send",
    ]
    report = json.loads(run("status", ANN, "--json", *at).stdout)
    assert report == {"number": ANN, "lists": 2, "sends": 1, "codes": []}
    said = run("history", ANN, *at)
    assert said.returncode == 1
    assert "it is only in lists" in said.stderr
    assert ANN not in said.stderr
    assert run("erase", ANN, "--yes", *at).returncode == 0
    assert "does not know" in run("status", ANN, *at).stderr
