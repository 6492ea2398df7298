"""Texts that HTTPGet has yet to fill: kept in the outbox, said once, shown for what they are."""

import pytest

from optin_engine.service.answer import Delivery
from optin_engine.service.arrivals import Known, Recipients
from optin_engine.service.outbound.unrendered import shown, unpacked
from optin_engine.service.service import Service
from optin_engine.stores import Fate, Mt, Store
from optin_engine.vocabulary import Inbound, Origin
from tests.serving import (
    AGE,
    ANN,
    BOB,
    CODE,
    DEFINITIONS,
    NOON,
    PLACE,
    Opening,
    Phone,
    mts,
    opening,
    said,
    serve,
    store,
)

__all__ = ["opening", "store"]

FETCH = "Hi %%First Name%%, %%=MSG(0).NOUN(0)=%%: %%=HTTPGet('https://quotes.example/')=%%"
STOCK = PLACE | {
    "messageName": "Stock",
    "keyword": "STOCK",
    "messageOptInType": "Text",
    "allowSingleOptIn": True,
    "responseMessage": FETCH,
}
HELP = "Help for %%First Name%% (%%MOBILE_NUMBER%%)"
WITH_STOCK = {"codes": [PLACE | {"helpMessage": HELP}], "programs": [STOCK]}


def stocked(store: Store, definitions: object = WITH_STOCK) -> Service:
    return serve(store, definitions=definitions)


@pytest.mark.parametrize("delivery", [Delivery.OUTBOX, Delivery.ANSWER])
def test_one_is_queued_with_all_it_needs_whoever_says_the_answer(
    store: Store, delivery: Delivery
) -> None:
    with stocked(store) as service:
        Phone(service).texts("stock ACME", delivery=delivery)
    (mt,) = mts(store)
    assert (mt.fate, mt.encoding, mt.segments, mt.settled_at) == (Fate.QUEUED, "template", 0, None)
    template, context = unpacked(mt.text)
    assert template == FETCH
    assert (context["MOBILE_NUMBER"], context["SHORT_CODE"]) == (ANN.removeprefix("+"), CODE)
    assert (context["MSG(0).VERB"], context["MSG(0).NOUN(0)"]) == ("stock", "ACME")


def test_a_ready_text_is_sent_by_who_brought_the_mo(store: Store) -> None:
    with stocked(store) as service:
        Phone(service).texts("HELP", delivery=Delivery.ANSWER)
    assert [(mt.text, mt.fate) for mt in mts(store)] == [("Help for  (15555550123)", Fate.SENT)]


def test_where_the_provider_has_answered_none_is_queued(store: Store) -> None:
    with stocked(store) as service:
        Phone(service).texts("STOCK ACME", delivery=Delivery.NOBODY)
    assert mts(store) == []


def test_a_retry_gets_the_kept_answer_and_nothing_is_said_twice(opening: Opening) -> None:
    with stocked(opening()) as service:
        first = Phone(service).texts("STOCK ACME", "SM1")
    store = opening()
    with stocked(store) as service:
        again = Phone(service).texts("STOCK ACME", "SM1")
    assert again == first
    assert [mt.context and mt.context["MSG(0).NOUN(0)"] for mt in again.outbound] == ["ACME"]
    assert len(mts(store)) == 1


def test_it_is_claimed_from_the_outbox_as_it_was_queued(store: Store) -> None:
    with stocked(store) as service:
        Phone(service).texts("STOCK ACME")
        (mt,) = mts(store)
        (claimed,) = store.claim_unrendered(NOON, NOON, 10)
    assert (claimed.text, claimed.encoding) == (mt.text, mt.encoding)


def test_histories_show_its_template_and_nothing_of_its_context(store: Store) -> None:
    with stocked(store) as service:
        Phone(service).texts("STOCK ACME")
        Phone(service).texts("HELP")
    assert [shown(mt) for mt in mts(store)] == [
        f"(to be filled by HTTPGet) {FETCH}",
        "Help for  (15555550123)",
    ]


def test_an_erased_one_shows_nothing(store: Store) -> None:
    mt = Mt(1, CODE, ANN, NOON, 0, "", "response", "", "template", 0)
    assert shown(mt) == ""
    with stocked(store) as service:
        Phone(service).texts("STOCK ACME")
    store.erase(ANN)
    assert not any("ACME" in mt.text for mt in mts(store))


def test_what_a_caller_knows_of_each_number_fills_its_texts(store: Store) -> None:
    club = STOCK | {"responseMessage": "Hi %%First Name%% of %%City%%"}
    with stocked(store, {"codes": [PLACE], "programs": [club]}) as service:
        known: Recipients = {
            ANN: Known(["ann"], {"First Name": "Ann\0\ud800", "city": "Oslo"}),
            BOB: ["bob"],
        }
        answers = service.queue_mo(CODE, known, "STOCK", Origin.WEB)
        assert service.numbers_of(["ann", "bob"]) == {"ann": (ANN,), "bob": (BOB,)}
    # What no store could hold is replaced, as in any other text.
    assert said(answers) == ["Hi Ann\N{REPLACEMENT CHARACTER}? of Oslo", "Hi  of"]


def test_an_age_gate_on_the_code_keeps_digits_out_of_the_outbox(store: Store) -> None:
    gated = {"codes": [PLACE], "programs": [STOCK, AGE]}
    with stocked(store, gated) as service:
        Phone(service).texts("STOCK 01/02/1990")
    (mt,) = mts(store)
    assert "1990" not in mt.text
    assert unpacked(mt.text)[1]["MSG(0).NOUN(0)"] == "##/##/####"


def test_attributes_make_no_difference_to_what_an_mo_is_known_by(store: Store) -> None:
    with serve(store, definitions=DEFINITIONS) as service:
        by_web = Inbound("JOIN", NOON, "F1", Origin.WEB, {"First Name": "Ann"})
        first = service.receive(CODE, ANN, by_web)
        again = service.receive(CODE, ANN, Inbound("JOIN", NOON, "F1", Origin.WEB))
    assert first == again
