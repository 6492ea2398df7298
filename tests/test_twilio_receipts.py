"""Twilio's status callbacks: what they tell of an MT, and when they come too early."""

import asyncio
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest

from optin_engine.stores import Fate, Settlement
from optin_engine.web import receipts
from tests.twilio_forms import post
from tests.web_service import NOW, NUMBER, SHORT, Caller, calling


@pytest.fixture
def served() -> Iterator[Caller]:
    with calling() as caller:
        yield caller.anonymous()


def sent(served: Caller, sid: str = "SM9") -> None:
    """Let a transport hand over what is said to a JOIN, under this name."""
    served.bring("JOIN")
    (mt,) = served.store.claim(NOW, NOW, 10)
    served.store.settle([Settlement(mt.id, Fate.SENT, NOW, provider_id=sid)])


def receipt(served: Caller, status: str, sid: str = "SM9", **more: str) -> None:
    fields = {"MessageSid": sid, "MessageStatus": status, "From": SHORT, "To": NUMBER, **more}
    response = post(served, "/twilio/status", list(fields.items()))
    assert (response.status_code, response.json()) == (200, {})


@pytest.mark.parametrize(
    ("statuses", "fate"),
    [
        (["accepted", "queued"], "sent"),
        (["queued", "sending"], "enroute"),
        (["queued", "sending", "sent"], "carried"),
        (["sent", "sending"], "carried"),
        (["sent", "delivered"], "delivered"),
        (["delivered", "delivered", "sent"], "delivered"),
        (["delivered", "undelivered"], "delivered"),
        (["failed"], "undelivered"),
        (["canceled"], "undelivered"),
        (["read", "sent"], "delivered"),
        (["undelivered", "delivered"], "delivered"),
        (["something new"], "sent"),
    ],
)
def test_a_receipt_is_kept_and_delivered_is_final(
    served: Caller, statuses: list[str], fate: str
) -> None:
    sent(served)
    for status in statuses:
        receipt(served, status)
    assert [mt.fate for mt in served.mts()] == [fate]


@pytest.mark.parametrize("status", ["undelivered", "failed"])
@pytest.mark.parametrize(
    ("code", "fate"),
    [
        ("30003", "undelivered"),
        ("30008", "undelivered"),
        ("30001", "expired"),
        ("30036", "expired"),
        ("30007", "rejected"),
        ("30034", "rejected"),
        ("21610", "rejected"),
    ],
)
def test_twilios_error_code_says_why_an_mt_was_not_delivered(
    served: Caller, status: str, code: str, fate: str
) -> None:
    sent(served)
    receipt(served, status, ErrorCode=code)
    assert [(mt.fate, mt.error) for mt in served.mts()] == [(fate, code)]


def test_a_receipts_error_is_kept(served: Caller) -> None:
    sent(served)
    receipt(served, "undelivered", ErrorCode="30006")
    assert [mt.error for mt in served.mts()] == ["30006"]
    assert served.store.blocked(SHORT, NUMBER) is None


@pytest.mark.parametrize("sid", ["SM9", "unknown"])
def test_21610_marks_the_contact_as_blocked_and_leaves_consent_alone(
    served: Caller, sid: str
) -> None:
    sent(served)
    receipt(served, "undelivered", sid, ErrorCode="21610")
    assert served.store.blocked(SHORT, NUMBER) == NOW
    assert served.state() == "In Progress"


async def waited() -> None:
    await asyncio.gather(*receipts._waiting)  # noqa: SLF001 - who waits for them but a test?


def test_a_receipt_that_is_here_before_its_mt_is_known_as_sent_is_kept(
    served: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "WAITS", (0.02,) * 3_000)
    receipt(served, "delivered")
    sent(served)
    served.portal.call(waited)
    assert [mt.fate for mt in served.mts()] == ["delivered"]


def test_a_receipt_for_an_mt_that_nobody_knows_is_taken_and_forgotten(
    served: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "WAITS", (0.0, 0.0))
    receipt(served, "delivered", "SM404")
    served.portal.call(waited)
    assert not receipts._waiting  # noqa: SLF001


def test_no_more_receipts_wait_than_there_is_room_for(
    served: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "WAITS", (60.0,))
    monkeypatch.setattr(receipts, "MOST_WAITING", 2)
    for sid in ("SM1", "SM2", "SM3"):
        receipt(served, "delivered", sid)
    assert len(receipts._waiting) == 2  # noqa: SLF001


def test_a_receipt_without_its_status_is_refused(served: Caller) -> None:
    response = post(served, "/twilio/status", [("MessageSid", "SM1")])
    assert response.status_code == 400
    (fault,) = response.json()["fieldErrors"]
    assert fault["message"] == "The MessageStatus field must be specified."


ACCOUNT = "AC" + "0" * 32
FORMS = {
    # As Twilio sends them: of a carrier that tells when it was done, and of one that refuses.
    "delivered": f"ApiVersion=2010-04-01&MessageStatus=delivered&RawDlrDoneDate=2611211201"
    f"&SmsSid=SM9&SmsStatus=delivered&To=%2B15555550123&From=123456&MessageSid=SM9"
    f"&AccountSid={ACCOUNT}",
    "rejected": f"ErrorCode=30007&ApiVersion=2010-04-01&MessageStatus=undelivered"
    f"&SmsSid=SM9&SmsStatus=undelivered&To=%2B15555550123&From=123456&MessageSid=SM9"
    f"&AccountSid={ACCOUNT}&ErrorMessage=&ChannelPrefix=",
    "carried": f"MessagingServiceSid=MG{'0' * 32}&ApiVersion=2010-04-01&MessageStatus=sent"
    f"&SmsSid=SM9&SmsStatus=sent&To=%2B15555550123&From=123456&MessageSid=SM9"
    f"&AccountSid={ACCOUNT}",
}


@pytest.mark.parametrize(("fate", "form"), FORMS.items())
def test_a_whole_form_of_twilios_is_taken(served: Caller, fate: str, form: str) -> None:
    sent(served)
    response = post(served, "/twilio/status", parse_qsl(form, keep_blank_values=True))
    assert (response.status_code, response.json()) == (200, {})
    assert [mt.fate for mt in served.mts()] == [fate]


def test_what_is_no_code_is_not_kept_as_an_error(served: Caller) -> None:
    sent(served)
    receipt(served, "undelivered", ErrorCode=f"{NUMBER} is unreachable")
    assert [(mt.fate, mt.error) for mt in served.mts()] == [("undelivered", "")]


def test_who_is_blocked_must_be_a_number_which_a_database_can_hold(postgres: str) -> None:
    with calling(postgres) as caller:
        for field in ("From", "To"):
            nobody = {field: "15555550123\0"}
            receipt(caller, "failed", "unknown", ErrorCode="21610", **nobody)
