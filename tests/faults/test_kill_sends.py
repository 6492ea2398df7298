"""The service is killed in the middle of a send to a list: everybody is told, and nobody twice.

A webhook may be called again with the idempotency key that it knows; so "once" is counted by
keys, as a gateway counts. The oracle is the list itself: who subscribed, less who left.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from random import Random

from optin_engine.stores import Fate, Member, Send, SendKind, SendState, Store, Text, open_store
from optin_engine.vocabulary import Inbound
from tests.faults.definitions import DIGITS
from tests.faults.figures import Report
from tests.faults.receiver import Arrival, Receiver
from tests.faults.victim import Place, Victim
from tests.faults.waiting import wait_until
from tests.sends import subscribe_all

KILLS = 20
SUBSCRIBED, STRANGERS, LEAVERS = 2_000, 8_000, 30
TEMPLATE = Text("Ice cream, %%Name%%!", "", 0)
# Every page of the list has some of either.
EVERYBODY = [f"+1555{place:07d}" for place in range(SUBSCRIBED + STRANGERS)]
NUMBERS = EVERYBODY[:: len(EVERYBODY) // SUBSCRIBED]


def begun(store: Store) -> Send:
    """Subscribe numbers, put them into a list among strangers, and order a send to all."""
    now = datetime.now(UTC)
    subscribe_all(store, NUMBERS, "NEWS", DIGITS, now)
    everybody = store.lists.make("Everybody", now)
    members = [Member(number, "", {"Name": number[-4:]}) for number in EVERYBODY]
    store.lists.fill(everybody.id, members)
    return store.sends.add(
        Send(
            *(0, SendKind.LIST, DIGITS, "NEWS", 30, 1, TEMPLATE, now),
            is_template=True,
            targets=(everybody.id,),
        )
    )


def keys_by_number(arrivals: Sequence[Arrival]) -> dict[str, set[str]]:
    """Give the idempotency keys under which each number was sent the send's text."""
    keys: dict[str, set[str]] = defaultdict(set)
    for arrival in arrivals:
        if arrival.body["kind"] == "outbound":
            assert arrival.body["text"] == f"Ice cream, {arrival.body['to'][-4:]}!"
            keys[arrival.body["to"]].add(arrival.key)
    return keys


def found(store: Store, send: int) -> Send:
    kept = store.sends.find(send)
    assert kept is not None
    return kept


def found_whole(store: Store, send: int) -> Send:
    """Give the send, which has at any instant as many MTs as it says.

    Had a page MTs before the send has its place, or a place before its MTs, whoever is killed
    in between would tell them twice, or never.
    """
    before, fates, after = found(store, send), store.sends.fates(send), found(store, send)
    if before.queued == after.queued:
        assert sum(fates.values()) == after.queued, "a page is kept with its place, or not at all"
    return after


def is_finished(store: Store, send: int) -> bool:
    return found(store, send).state == SendState.FINISHED


def test_after_kills_in_the_middle_of_a_send_each_number_was_told_once(
    url: str, report: Report
) -> None:
    random = Random(5)  # noqa: S311 - it draws instants, no secrets.
    with open_store(url) as store, Receiver() as receiver:
        place, send, phases = Place(url, receiver.url), begun(store).id, Counter[str]()
        for _ in range(KILLS):
            many = random.randint(1, SUBSCRIBED // KILLS)
            live_a_little(place, receiver, partial(found_whole, store, send), many)
            phases[found(store, send).state.value] += 1
        with Victim(place):
            wait_until(partial(is_finished, store, send), "the send is finished")
        receiver.settle()
        keys = keys_by_number(receiver.arrivals)
        fates = store.sends.fates(send)
        done = found(store, send)
    assert set(keys) == set(NUMBERS)
    assert {len(of_one) for of_one in keys.values()} == {1}
    assert fates == {Fate.SENT: SUBSCRIBED}
    assert (done.queued, done.dropped) == (SUBSCRIBED, STRANGERS)
    assert phases[SendState.QUEUING], "a kill met the queuing"
    assert phases[SendState.STARTED], "a kill met the handing over"
    again = len(receiver.arrivals) - len(keys)
    report({"kills": KILLS, "sent again under a known key": again, **phases})


def live_a_little(place: Place, receiver: Receiver, send: Callable[[], Send], many: int) -> None:
    """Start, and be killed as soon as members were queued, or when so many more were sent."""
    before, enough = send(), len(receiver.arrivals) + many

    def has_met_the_send() -> bool:
        now = send()
        is_further = now.cursor != before.cursor or now.state != before.state
        return len(receiver.arrivals) >= enough if before.queued_at else is_further

    victim = Victim(place)
    wait_until(partial(is_ready, victim), "it serves")
    wait_until(lambda: has_met_the_send() or send().state == SendState.FINISHED, "it goes on")
    victim.kill()
    receiver.settle()


def is_ready(victim: Victim) -> bool:
    victim.heard(0.01)
    return victim.is_ready


def has_come(receiver: Receiver, count: int) -> bool:
    return len(receiver.arrivals) >= min(count, SUBSCRIBED)


def test_a_stop_in_the_middle_of_a_send_holds_for_all_that_is_not_handed_over(
    url: str, report: Report
) -> None:
    leavers = NUMBERS[-LEAVERS:]
    with open_store(url) as store, Receiver() as receiver:
        send = begun(store).id
        with Victim(Place(url, receiver.url)) as victim:
            wait_until(partial(has_come, receiver, 1), "it begins")
            now = datetime.now(UTC)
            for ticket, number in enumerate(leavers):
                victim.send(ticket, number, Inbound("STOP", now, f"stop-{number}"))
            wait_until(partial(is_finished, store, send), "the send is finished")
        receiver.settle()
        told = keys_by_number(receiver.arrivals)
        fates = {mt.number: mt.fate for mt in store.sends.mts(send, limit=SUBSCRIBED)}
    cancelled = {number for number, fate in fates.items() if fate == Fate.CANCELLED}
    unqueued = set(NUMBERS) - set(fates)
    assert cancelled | unqueued, "the STOPs met the send"
    assert cancelled | unqueued <= set(leavers)
    assert set(told) == set(NUMBERS) - cancelled - unqueued
    assert {len(of_one) for of_one in told.values()} == {1}
    report({"left": LEAVERS, "never told": len(cancelled | unqueued)})
