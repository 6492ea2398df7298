"""Orders to send: whom they subscribe, who is told and by which consent, and who is not."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import time, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.service import ledger
from optin_engine.service.outbound.orders import Blackout, Options
from optin_engine.service.service import Service
from optin_engine.stores import Batch, Key, Member, SendKind, SendState, Store
from optin_engine.vocabulary import Hears, Instruction, Origin, State
from tests.ordering import MESSAGE, SALE, joined, queued, records, to, to_lists, told
from tests.sends import a_list, a_send, number_of
from tests.serving import ANN, BOB, CODE, NOON, PLACE, SINGLE, Phone, SetClock, serve

CARL = "+15555550125"
OLD_ENOUGH, TOO_YOUNG = "01/01/1990", "01/01/2015"
LEAVES = "leaves "

# What becomes of one recipient: nothing at all; an MT by the consent that it had; or a consent
# record of this order's keyword, and an MT that names it.
NO, TOLD, NEW = "dropped", "told", "subscribed and told"

# fmt: off
TABLE = (
    # what the contact texted before                keyword neither subscribe re          both
    ((),                                            "NEWS",  (NO,     NEW,      NO,          NEW)),
    ((),                                            "JOIN",  (NO,     NEW,      NO,          NEW)),
    ((),                                            "WINE",  (NO,     NO,       NO,          NO)),
    ((),                                            "NONE",  (NO,     NO,       NO,          NO)),
    (("JOIN",),                                     "JOIN",  (NO,     NO,       NO,          NO)),
    (("JOIN",),                                     "NEWS",  (NO,     NO,       NO,          NO)),
    (("JOIN", "no"),                                "JOIN",  (NO,     NEW,      NO,          NEW)),
    (("JOIN", "yes"),                               "JOIN",  (TOLD,   TOLD,     TOLD,        TOLD)),
    (("NEWS",),                                     "NEWS",  (TOLD,   TOLD,     TOLD,        TOLD)),
    (("NEWS",),                                     "JOIN",  (TOLD,   NEW,      TOLD,        NEW)),
    (("NEWS",),                                     "WINE",  (TOLD,   TOLD,     TOLD,        TOLD)),
    (("NEWS", "JOIN"),                              "JOIN",  (TOLD,   TOLD,     TOLD,        TOLD)),
    (("NEWS", "JOIN", "yes", "leaves JOIN"),        "JOIN",  (TOLD,   TOLD,     TOLD,        TOLD)),
    (("NEWS", "leaves NEWS"),                       "JOIN",  (NO,     NO,       NEW,         NEW)),
    (("NEWS", "STOP"),                              "NEWS",  (NO,     NO,       NEW,         NEW)),
    (("NEWS", "STOP"),                              "JOIN",  (NO,     NO,       NEW,         NEW)),
    (("NEWS", "STOP"),                              "WINE",  (NO,     NO,       NO,          NO)),
    (("STOP",),                                     "NEWS",  (NO,     NO,       NEW,         NEW)),
    (("WINE", "yes"),                               "WINE",  (NO,     NO,       NO,          NO)),
    (("WINE", TOO_YOUNG),                           "WINE",  (NO,     NO,       NO,          NO)),
    (("WINE", TOO_YOUNG),                           "NEWS",  (NO,     NO,       NO,          NO)),
    (("WINE", OLD_ENOUGH),                          "WINE",  (TOLD,   TOLD,     TOLD,        TOLD)),
    (("WINE", OLD_ENOUGH, "STOP"),                  "WINE",  (NO,     NO,       NEW,         NEW)),
    (("WINE", OLD_ENOUGH, "STOP", "WINE", "no"),    "WINE",  (NO,     NEW,      NO,          NEW)),
)
# fmt: on
SUBSCRIBE, RESUBSCRIBE = {"subscribe": True}, {"resubscribe": True}
FLAGS: Sequence[dict[str, Any]] = ({}, SUBSCRIBE, RESUBSCRIBE, SUBSCRIBE | RESUBSCRIBE)


def texts_before(service: Service, number: str, texted: Sequence[str]) -> None:
    for text in texted:
        if text.startswith(LEAVES):
            order = Instruction(Hears.UNSUBSCRIBE, service.now(), text.removeprefix(LEAVES))
            service.instruct(CODE, number, order)
        else:
            Phone(service, number).texts(text)


def came_of(service: Service, number: str, keyword: str, flags: dict[str, Any]) -> str:
    """Order, and tell what became of a recipient in the outbox and in the ledger."""
    store, before = service.store, len(records(service.store, number))
    send = queued(service, service.sender.to_contacts(to(number, keyword=keyword, **flags)))
    mts, kept = store.sends.mts(send.id), records(store, number)
    changed = [r for r in kept[before:] if r.keyword and r.event != Hears.EXPIRE]
    new = [(r.keyword, r.to_state, r.event, r.origin) for r in changed]
    assert (send.state, send.queued, send.dropped) == (
        SendState.STARTED if mts else SendState.FINISHED, len(mts), 1 - len(mts),
    )  # fmt: skip
    if not mts:
        return f"{NO} {new}" if new else NO
    (mt,) = mts
    assert (mt.number, mt.text) == (number, SALE)
    consent = kept[mt.consent - 1]
    assert (consent.sequence, consent.to_state) == (mt.consent, State.SUBSCRIBED)
    if not new:
        return TOLD
    assert new == [(keyword, State.SUBSCRIBED, Hears.SUBSCRIBE, Origin.API)]
    return NEW if changed == [consent] else f"{NEW} by another consent"


@pytest.mark.parametrize("column", range(len(FLAGS)), ids=["neither", "subscribe", "re", "both"])
def test_whom_the_flags_subscribe_and_who_is_told_is_as_the_table_says(
    store: Store, column: int
) -> None:
    with serve(store) as service:
        came = []
        for place, (texted, keyword, _) in enumerate(TABLE):
            number = number_of(place)
            texts_before(service, number, texted)
            came.append(came_of(service, number, keyword, FLAGS[column]))
        expected = [(texted, keyword, cells[column]) for texted, keyword, cells in TABLE]
        seen = [(*row[:2], cell) for row, cell in zip(TABLE, came, strict=True)]
    assert seen == expected
    assert ledger.verify(store).broken is None


def test_an_order_is_kept_with_its_message_and_what_it_asks(store: Store) -> None:
    window = Blackout(timedelta(hours=-5), time(15), time(22))
    later = NOON + timedelta(hours=1)
    with serve(store) as service:
        one = service.sender.to_contacts(to(ANN, due_at=later, blackout=window))
        first, second, left_out = (a_list(store, name) for name in ("a", "b", "c"))
        many = service.sender.to_lists(to_lists(first, second, excluded=(left_out,)))
        assert [service.sender.find(send.id) for send in (one, many)] == [one, many]
    assert (one.kind, one.code, one.keyword, one.message, one.version, one.at, one.due_at) == (
        SendKind.CONTACT, CODE, "NEWS", MESSAGE.id, MESSAGE.version, NOON, later,
    )  # fmt: skip
    assert (many.kind, many.targets, many.excluded) == (
        SendKind.LIST, (first, second), (left_out,),
    )  # fmt: skip
    assert (Options.of(one), Options.of(many)) == (Options(window), Options())


def test_a_send_is_queued_when_it_is_due_and_not_before(store: Store) -> None:
    clock = SetClock()
    with serve(store, clock=clock) as service:
        joined(service, ANN)
        later = NOON + timedelta(hours=1)
        send = service.sender.to_contacts(to(ANN, due_at=later))
        assert queued(service, send).state == SendState.NEW
        clock.passes(hours=1)
        assert queued(service, send).state == SendState.STARTED
    assert told(store, send) == [(ANN, SALE)]


def test_of_a_list_only_the_subscribed_are_told(store: Store) -> None:
    with serve(store) as service:
        joined(service, ANN)
        Phone(service, BOB).texts("JOIN")
        send = service.sender.to_lists(to_lists(a_list(store, "Friends", ANN, BOB, CARL)))
        done = queued(service, send)
    assert told(store, send) == [(ANN, SALE)]
    assert (done.queued, done.dropped) == (1, 2)


def test_who_stops_between_the_order_and_its_queuing_is_not_told(store: Store) -> None:
    with serve(store) as service:
        joined(service, ANN, BOB)
        send = service.sender.to_contacts(to(ANN, BOB, CARL, keyword="NEWS", subscribe=True))
        for number in (ANN, CARL):
            Phone(service, number).texts("STOP")
        queued(service, send)
    assert told(store, send) == [(BOB, SALE)]


def test_who_is_in_progress_no_more_counts_as_nobody(store: Store) -> None:
    clock = SetClock()
    with serve(store, clock=clock) as service:
        Phone(service, ANN).texts("JOIN")
        clock.passes(hours=73)
        assert came_of(service, ANN, "NEWS", SUBSCRIBE) == NEW


class Interrupted:
    """A real store, in which something happens each time a batch was looked at."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.happens: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def batch(self, keys: Sequence[Key], claims: Sequence[bytes] = ()) -> Iterator[Batch]:
        with self._store.batch(keys, claims) as batch:
            yield batch
        if self.happens:
            self.happens.pop()()


def test_a_stop_that_comes_while_an_order_is_taken_is_not_undone(store: Store) -> None:
    clock, interrupted = SetClock(), Interrupted(store)
    with serve(cast("Store", interrupted), clock=clock) as service:
        phone = Phone(service, ANN)
        phone.texts("STOP")

        def stops_again() -> None:
            clock.passes(seconds=1)
            phone.texts("STOP")

        interrupted.happens.append(stops_again)
        assert came_of(service, ANN, "NEWS", RESUBSCRIBE) == NO


def test_who_is_of_a_country_that_the_code_may_not_write_to_is_not_subscribed(
    store: Store,
) -> None:
    here, abroad = "+14155550100", "+14165550100"
    home = {"codes": [PLACE | {"countries": "US"}], "programs": [SINGLE]}
    with serve(store, definitions=home) as service:
        order = to(here, abroad, keyword="NEWS", subscribe=True)
        send = service.sender.to_contacts(order)
        queued(service, send)
    assert told(store, send) == [(here, SALE)]
    assert records(store, abroad) == ()


def test_the_keys_by_which_a_caller_knows_numbers_are_kept_whatever_comes_of_it(
    store: Store,
) -> None:
    with serve(store) as service:
        service.sender.to_contacts(to(Member(ANN, "ann\ud800"), Member(BOB, "bob"), CARL))
        found = service.numbers_of(["ann\ud800", "bob", ""])
    assert found == {"ann\ud800": (ANN,), "bob": (BOB,), "": ()}


def test_a_number_under_several_keys_is_told_once_by_what_was_said_of_it_last(
    store: Store,
) -> None:
    twice = [Member(ANN, key, {"Name": key}) for key in ("ann", "anne")]
    with serve(store) as service:
        order = to(*twice, text="Hi %%Name%%", keyword="NEWS", subscribe=True)
        send = service.sender.to_contacts(order)
        queued(service, send)
        assert service.numbers_of(["ann", "anne"]) == {"ann": (ANN,), "anne": (ANN,)}
    assert told(store, send) == [(ANN, "Hi anne")]
    assert len(records(store, ANN)) == 1


def test_the_same_order_again_subscribes_nobody_again(store: Store) -> None:
    with serve(store) as service:
        order = to(ANN, keyword="NEWS", subscribe=True)
        first, second = (service.sender.to_contacts(order) for _ in range(2))
        queued(service, second)
    assert told(store, first) == told(store, second) == [(ANN, SALE)]
    assert len(records(store, ANN)) == 1


OFFSETS = st.timedeltas(timedelta(hours=-14), timedelta(hours=14))


@given(st.none() | st.builds(Blackout, OFFSETS, st.times(), st.times()))
def test_the_options_of_a_send_come_back_as_they_were_packed(window: Blackout | None) -> None:
    assert Options.of(a_send(options=Options(window).packed())) == Options(window)
