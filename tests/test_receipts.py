"""`POST /receipts`: what a gateway tells of the MTs that it was given."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from standardwebhooks import Webhook

from optin_engine.stores import Fate, Mt, Settlement
from optin_engine.vocabulary import Inbound
from optin_engine.web import receipts
from tests.web_service import INBOUND_SECRET, NOW, SHORT, Caller, calling


@pytest.fixture
def served() -> Iterator[Caller]:
    with calling() as caller:
        yield caller.anonymous()


def handed_over(served: Caller, name: str = "GW1") -> Mt:
    """Let a transport hand over what is said to a JOIN; the gateway calls it so."""
    served.bring("JOIN")
    (mt,) = served.store.claim(NOW, NOW, 10)
    served.store.settle([Settlement(mt.id, Fate.SENT, NOW, provider_id=name)])
    return mt


def tell(served: Caller, **body: Any) -> Any:
    """Tell what became of GW1, or of another; give the answer's body."""
    whole = {"id": "GW1", "status": "delivered", **body}
    response = served.post("/receipts", whole, headers=served.bearer("sms_inbound"))
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(
    ("status", "fate", "code"),
    [
        ("enroute",       Fate.ENROUTE,     "3000"),
        ("sent",          Fate.CARRIED,     "3001"),
        ("ACCEPTD",       Fate.CARRIED,     "3001"),
        ("delivered",     Fate.DELIVERED,   "4000"),
        (" DELIVRD",      Fate.DELIVERED,   "4000"),
        ("Undeliverable", Fate.UNDELIVERED, "4500"),
        ("UNDELIV",       Fate.UNDELIVERED, "4500"),
        ("failed",        Fate.UNDELIVERED, "4500"),
        ("EXPIRED",       Fate.EXPIRED,     "4501"),
        ("REJECTD",       Fate.REJECTED,    "4503"),
    ],
)  # fmt: skip
def test_a_status_is_kept_and_told_in_standard_codes(
    served: Caller, status: str, fate: Fate, code: str
) -> None:
    handed_over(served)
    assert tell(served, status=status) == {"known": True, "statusCode": code}
    assert [mt.fate for mt in served.mts()] == [fate]


def test_a_late_receipt_undoes_nothing_and_the_answer_says_what_holds(served: Caller) -> None:
    handed_over(served)
    tell(served)
    for status in ("enroute", "undelivered"):
        assert tell(served, status=status, error="30003") == {"known": True, "statusCode": "4000"}
    assert [(mt.fate, mt.error) for mt in served.mts()] == [(Fate.DELIVERED, "")]


def test_an_mt_is_known_by_the_gateways_name_or_by_its_webhook_id(served: Caller) -> None:
    mt = handed_over(served)
    tell(served, id=f"mt-{mt.id}", status="enroute")
    tell(served, status="sent")
    assert [mt.fate for mt in served.mts()] == [Fate.CARRIED]


def test_a_gateways_own_name_goes_before_what_looks_like_ours(served: Caller) -> None:
    mt = handed_over(served)
    other = served.store.delivered(mt.id, Fate.ENROUTE, NOW)
    assert other is not None
    served.service.receive(SHORT, "+15555550124", Inbound("JOIN", NOW))
    (second,) = served.store.claim(NOW, NOW, 10)
    name = f"mt-{mt.id}"
    served.store.settle([Settlement(second.id, Fate.SENT, NOW, provider_id=name)])
    tell(served, id=name)
    assert [each.fate for each in served.mts()] == [Fate.ENROUTE]


def test_time_and_reason_are_kept_and_no_time_is_later_than_now(served: Caller) -> None:
    handed_over(served)
    tell(served, status="expired", error="SMSC-8", at="2026-11-21T09:30:00+01:00")
    (mt,) = served.mts()
    assert (mt.error, mt.settled_at) == ("SMSC-8", datetime(2026, 11, 21, 8, 30, tzinfo=UTC))
    tell(served, status="rejected", error=21, at="2036-11-21T09:30:00Z")
    (mt,) = served.mts()
    assert (mt.error, mt.settled_at) == ("21", NOW)


def test_blank_fields_and_those_nobody_knows_count_as_not_given(served: Caller) -> None:
    handed_over(served)
    tell(served, error=None, at="0001-01-01T00:00:00", parts=2)
    (mt,) = served.mts()
    assert (mt.fate, mt.error, mt.settled_at) == (Fate.DELIVERED, "", NOW)


WRONG: dict[str, list[Any]] = {
    "Id": [None, "", 7, "a\nb", "x" * 201],
    "Status": [None, "", 4000, "gone"],
    "Error": ["two words", "+15555550123", "15555550123", "x" * 41, ["30003"], True],
    "At": ["today", "2026-11-21", "1999-12-31T00:00:00Z", 7],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in WRONG.items() for v in values])
def test_what_is_wrong_is_refused_by_its_name(served: Caller, name: str, value: Any) -> None:
    body = {"id": "GW1", "status": "delivered", name.lower(): value}
    response = served.post("/receipts", body, headers=served.bearer("sms_inbound"))
    assert response.status_code == 400
    (fault,) = response.json()["fieldErrors"]
    assert fault["message"].startswith(f"{name} is invalid. ")


def test_all_faults_are_told_at_once(served: Caller) -> None:
    body = {"error": "two words", "at": "today"}
    response = served.post("/receipts", body, headers=served.bearer("sms_inbound"))
    told = [fault["message"].split()[0] for fault in response.json()["fieldErrors"]]
    assert told == ["Id", "Status", "Error", "At"]


def signed(body: bytes, secret: str = INBOUND_SECRET) -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "Content-Type": "application/json",
        "webhook-id": "r1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("r1", now, body.decode()),
    }


def test_a_signature_stands_in_for_a_token_and_another_does_not(served: Caller) -> None:
    handed_over(served)
    body = json.dumps({"id": "GW1", "status": "delivered"}).encode()
    other = signed(body, "whsec_" + "b3RoZXJzIG93biBzZWNyZXQgaGVyZS4=")
    for headers, status in ((signed(body), 200), (other, 401)):
        response = served.call("POST", "/receipts", content=body, headers=headers)
        assert response.status_code == status
    assert served.post("/receipts", {"id": "GW1", "status": "sent"}).status_code == 401
    with_less = served.bearer("sms_read")
    assert served.post("/receipts", {"id": "GW1"}, headers=with_less).status_code == 403


def test_a_receipt_that_is_early_is_kept_once_its_mt_is_known(
    served: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "WAITS", (0.02,) * 3_000)
    assert tell(served) == {"known": False}
    handed_over(served)

    async def waited() -> None:
        await asyncio.gather(*receipts._waiting)  # noqa: SLF001 - only a test waits for them.

    served.portal.call(waited)
    assert [mt.fate for mt in served.mts()] == [Fate.DELIVERED]


def counted(served: Caller, name: str) -> dict[tuple[str, ...], float]:
    text = served.call("GET", "/metrics", headers=served.bearer("sms_read")).text
    families = text_string_to_metric_families(text)
    samples = [sample for family in families for sample in family.samples]
    return {tuple(s.labels.values()): s.value for s in samples if s.name == name}


def test_receipts_are_counted_by_what_they_told_and_an_mt_once_for_each_fate(
    served: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "MOST_WAITING", 0)
    handed_over(served)
    for status in ("enroute", "delivered", "delivered", "sent"):
        tell(served, status=status, at="2026-11-21T11:00:00Z")
    tell(served, id="GW2")
    told = {("news",): 2, ("known",): 2, ("unknown",): 1}
    assert counted(served, "optin_receipts_total") == told
    fates = {("enroute", "initial"): 1, ("delivered", "initial"): 1}
    assert counted(served, "optin_mts_total") == fates


def test_without_metrics_a_receipt_is_kept_all_the_same() -> None:
    with calling() as caller:
        caller.app.metrics = None
        handed_over(caller)
        tell(caller)
        assert [mt.fate for mt in caller.mts()] == [Fate.DELIVERED]
