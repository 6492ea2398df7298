"""`optin-engine sends`, by the real commands, on a real file."""

import json
from datetime import timedelta

import pytest

from optin_engine.stores import Fate, open_store
from optin_engine.web.identifiers import encode
from tests.commanding import assert_fails, done
from tests.sends import number_of, sent_to, settle
from tests.store_contract import ANNE, CODE, NOW


@pytest.fixture
def token(url: str) -> str:
    with open_store(url) as store:
        return encode(sent_to(store, ANNE), "send")


def test_sends_are_listed_shown_and_steered(url: str, token: str) -> None:
    at = "--store", url
    kind = f"contact send on {CODE} NEWS, 1 queued, 0 sent"
    about = f"{kind}, 1 waiting, 0 dropped"
    began = f"{token} {NOW.isoformat().replace('+00:00', 'Z')}"
    assert done("sends", "list", *at) == f"{began} Started, {about}\n"
    assert done("sends", "pause", token, *at) == f"{began} Paused, {about}\n"
    assert done("sends", "resume", token, *at) == f"{began} Started, {about}\n"
    about = f"{kind}, 1 cancelled, 0 dropped"
    assert done("sends", "cancel", token, *at) == f"{began} Cancelled, {about}\n"
    assert_fails(1, "The send is Cancelled, and cannot be resumed.", "sends", "resume", token, *at)
    shown = done("sends", "show", token, *at).splitlines()
    assert shown[0] == f"{began} Cancelled, {about}"
    assert "  messages: 1 cancelled" in shown
    assert ANNE not in "".join(shown)


def test_what_came_of_what_was_queued_is_told_by_its_fates(url: str) -> None:
    with open_store(url) as store:
        send = sent_to(store, *map(number_of, range(7)))
        mts = [mt.id for mt in store.sends.mts(send)]
        fates = (Fate.SENT, Fate.SENT, Fate.SENT, Fate.DEAD)
        claimed = store.claim(NOW, NOW + timedelta(minutes=1), 4)
        for mt, fate in zip(claimed, fates, strict=True):
            settle(store, [mt.id], fate, provider_id=f"SM{mt.id}")
        for name, fate in zip(mts, (Fate.DELIVERED, Fate.REJECTED), strict=False):
            store.delivered(f"SM{name}", fate, NOW)
        store.sends.cancel(send, NOW, 2)
    (line,) = done("sends", "list", "--store", url).splitlines()
    assert line.endswith("7 queued, 3 sent, 1 waiting, 2 cancelled, 1 given up, 0 dropped")
    (report,) = json.loads(done("sends", "list", "--json", "--store", url))
    assert (report["queued"], report["sent"]) == (7, 3)


def test_a_send_is_shown_as_json(url: str, token: str) -> None:
    report = json.loads(done("sends", "show", token, "--json", "--store", url))
    assert json.loads(done("sends", "list", "--json", "--store", url)) == [report]
    assert (report["tokenId"], report["status"], report["queued"]) == (token, "Started", 1)
    assert report["messages"] == {fate.value: int(fate == Fate.QUEUED) for fate in Fate}


def test_what_the_store_does_not_have_is_one_line(url: str) -> None:
    at = "--store", url
    assert_fails(2, "--limit", "sends", "list", "--limit", 2**64, *at)
    for token in ("nothing", encode(7, "send"), encode(7, "list")):
        assert_fails(1, "the store has no such send", "sends", "show", token, *at)
        assert_fails(1, "the store has no such send", "sends", "cancel", token, *at)
        assert_fails(1, "the store has no such list", "lists", "show", token, *at)
