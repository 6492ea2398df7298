"""Orders to send that are repeated with a key: each is carried out once, whatever comes between."""

from typing import Any, cast

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optin_engine.service.outbound.once import KeyReused, Once
from optin_engine.stores import Member, Send, Store, open_store
from optin_engine.vocabulary import State
from tests.ordering import SALE, joined, queued, records, to, to_lists, told
from tests.sends import a_list
from tests.serving import ANN, BOB, Opening, Phone, SetClock, opening, serve, store

__all__ = ["opening", "store"]

ONCE = Once.of("shop", "one", b"to Ann")
SUBSCRIBING: dict[str, Any] = {"keyword": "NEWS", "subscribe": True, "resubscribe": True}


@attrs.frozen
class Call:
    """One order: who makes it, with which key (None: without), and what is asked for."""

    client: str
    key: str | None
    text: str

    def once(self) -> Once | None:
        return None if self.key is None else Once.of(self.client, self.key, self.text.encode())


# Written one after the other, some clients and keys of these are the same text.
CALLS = st.builds(
    Call,
    client=st.sampled_from(("", "a", "ab")),
    key=st.sampled_from((None, "c", "bc", "abc")),
    text=st.sampled_from(("Hi", "Hello")),
)


@settings(max_examples=50)
@given(st.lists(CALLS, max_size=12), st.sampled_from(("to_contacts", "to_lists")))
def test_any_orders_make_one_send_a_key_and_one_for_each_without(
    calls: list[Call], method: str
) -> None:
    kept, made = dict[object, tuple[str, int]](), list[int]()
    with open_store("memory:") as store, serve(store) as service:
        friends = a_list(store, "Friends", BOB)
        for place, call in enumerate(calls):
            orders = {
                "to_contacts": to(ANN, text=call.text, **SUBSCRIBING),
                "to_lists": to_lists(friends, text=call.text),
            }
            known_by = place if call.key is None else (call.client, call.key)
            text, expected = kept.get(known_by, (call.text, None))
            try:
                send = getattr(service.sender, method)(orders[method], call.once()).id
            except KeyReused:
                assert text != call.text
            else:
                assert text == call.text
                assert expected in {None, send}
                made += [send] if expected is None else []
                kept[known_by] = text, send
        assert [send.id for send in store.sends.recent()] == made[::-1]
        assert len(set(made)) == len(kept)
        assert len(records(store, ANN)) == bool(made and method == "to_contacts")


def test_a_retry_is_answered_by_another_process_with_the_same_send(opening: Opening) -> None:
    with serve(opening()) as service:
        sent = service.sender.to_contacts(to(ANN, **SUBSCRIBING), ONCE)
    with serve(opening(), secret=b"another process's, or a later one") as service:
        assert service.sender.earlier(ONCE) == sent
        assert service.sender.to_contacts(to(ANN, **SUBSCRIBING), ONCE) == sent
        queued(service, sent)
    assert told(opening(), sent) == [(ANN, SALE)]


def test_a_retry_keeps_no_keys_and_undoes_no_stop(store: Store) -> None:
    clock = SetClock()
    with serve(store, clock=clock) as service:
        sent = service.sender.to_contacts(to(ANN, **SUBSCRIBING), ONCE)
        clock.passes(seconds=1)
        Phone(service, ANN).texts("STOP")
        before = records(store, ANN)
        clock.passes(seconds=1)
        again = to(Member(ANN, "ann"), Member(BOB, "bob"), **SUBSCRIBING)
        assert service.sender.to_contacts(again, ONCE).id == sent.id
        assert (records(store, ANN), records(store, BOB)) == (before, ())
        assert service.numbers_of(["ann", "bob"]) == {"ann": (), "bob": ()}
        assert Phone(service, ANN).state("NEWS") == State.UNSUBSCRIBED


def test_another_order_with_a_key_that_was_used_changes_nothing(store: Store) -> None:
    other = Once.of("shop", "one", b"to Bob")
    with serve(store) as service:
        sent = service.sender.to_contacts(to(ANN), ONCE)
        with pytest.raises(KeyReused, match="a key of its own"):
            service.sender.to_contacts(to(BOB, **SUBSCRIBING), other)
        with pytest.raises(KeyReused):
            service.sender.to_lists(to_lists(a_list(store, "Friends", BOB)), other)
        with pytest.raises(KeyReused):
            service.sender.earlier(other)
    assert store.sends.recent() == (sent,)
    assert records(store, BOB) == ()


class Killed(Exception):  # noqa: N818 - what became of the process.
    """The process ended."""


@attrs.frozen
class Dying:
    """A real store, whose process ends as it is to keep a send."""

    _store: Store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @property
    def sends(self) -> "Dying":
        return Dying(cast("Store", self._store.sends))

    def add(self, *_: object) -> Send:
        raise Killed


def test_who_was_killed_between_subscription_and_send_is_carried_out_by_the_retry(
    opening: Opening,
) -> None:
    with serve(cast("Store", Dying(opening()))) as service:
        joined(service, BOB)
        with pytest.raises(Killed):
            service.sender.to_contacts(to(ANN, BOB, **SUBSCRIBING), ONCE)
    store = opening()
    assert (len(records(store, ANN)), store.sends.recent()) == (1, ())
    with serve(store) as service:
        assert service.sender.earlier(ONCE) is None
        sent = service.sender.to_contacts(to(ANN, BOB, **SUBSCRIBING), ONCE)
        queued(service, sent)
    assert told(store, sent) == [(ANN, SALE), (BOB, SALE)]
    assert len(records(store, ANN)) == 1
