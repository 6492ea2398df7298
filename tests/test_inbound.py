"""POST /inbound: an MO from a gateway as JSON, signed or with a token."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from tests.web_service import INBOUND_SECRET, LONG, NOW, NUMBER, SETTINGS, SHORT, Caller, calling

TIME = "It must be a time since 2000 with its offset: 2026-11-21T14:35:35Z."
MO = {"id": "m1", "from": NUMBER, "to": SHORT, "text": "JOIN"}


@pytest.fixture
def served() -> Iterator[Caller]:
    with calling() as caller:
        yield caller.anonymous()


def faults(body: dict[str, Any]) -> list[str]:
    assert (body["message"], body["errorcode"]) == ("Invalid data", 11000)
    assert {fault["errorcode"] for fault in body["fieldErrors"]} == {10005}
    return [fault["message"] for fault in body["fieldErrors"]]


def test_an_mo_is_answered_with_its_whole_outcome(served: Caller) -> None:
    response = served.bring("join me", id="m1")
    told = response.json()
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert told.pop("id") == str(served.mos()[0].id)
    assert told == {
        "reading": {
            "hears": "JOIN",
            "rule": "keyword first",
            "matched": "join",
            "keyword": "JOIN",
            "nouns": ["me"],
            "verdict": None,
        },
        "keyword": "JOIN",
        "fromState": "None",
        "state": "In Progress",
        "refused": None,
        "messages": [
            {
                "kind": "initial",
                "text": "Reply YES to join the club.",
                "encoding": "GSM-7",
                "segments": 1,
                "keyword": "JOIN",
            }
        ],
    }


def test_a_retry_with_the_same_id_gets_the_same_answer_and_does_nothing(served: Caller) -> None:
    first = served.bring("JOIN", id="m1")
    served.bring("YES", id="m2")
    assert served.bring("JOIN", id="m1").content == first.content
    assert served.state() == "Subscribed"
    assert [mt.kind for mt in served.mts()] == ["initial", "confirmation"]


def test_what_is_said_is_queued_for_the_transport(served: Caller) -> None:
    served.bring("JOIN")
    assert [(mt.text, mt.fate) for mt in served.mts()] == [
        ("Reply YES to join the club.", "queued")
    ]


@pytest.mark.parametrize("number", ["+15555550123", "15555550123"])
@pytest.mark.parametrize("code", [SHORT, f"+{SHORT}"])
def test_number_and_code_may_stand_with_a_plus_or_without(
    served: Caller, number: str, code: str
) -> None:
    assert served.bring("JOIN", **{"from": number, "to": code}).status_code == 200
    assert served.state() == "In Progress"


def test_names_are_matched_without_case_and_unknown_ones_ignored(served: Caller) -> None:
    body = {"FROM": NUMBER, "To": SHORT, "tExt": "JOIN", "media": [{"deep": 1}]}
    response = served.call("POST", "/Inbound/", json=body, headers=served.bearer())
    assert response.json()["state"] == "In Progress"


def test_every_fault_of_a_body_is_told_at_once(served: Caller) -> None:
    body = {"id": 7, "from": "555-0123", "to": "Acme", "receivedAt": "yesterday"}
    response = served.call("POST", "/inbound", json=body, headers=served.bearer())
    assert response.status_code == 400
    assert faults(response.json()) == [
        "The Text field must be specified.",
        "From is invalid. It must be a number in E.164: a calling code and more, 8 to 15 digits.",
        "To is invalid. It must be a short code or a long code, in digits.",
        f"ReceivedAt is invalid. {TIME}",
        "Id is invalid. It must be a string of 1 to 255 printable characters.",
    ]


@pytest.mark.parametrize("given", ["a\nb", "\0", "x" * 256, 7, True, ["m1"]])
def test_an_id_that_no_log_line_could_hold_is_refused(served: Caller, given: object) -> None:
    response = served.bring("JOIN", id=given)
    assert response.status_code == 400
    assert faults(response.json())[0].startswith("Id is invalid. ")


def test_a_code_that_the_account_does_not_have_is_named_as_the_fault(served: Caller) -> None:
    response = served.bring("JOIN", to="999999")
    assert response.status_code == 400
    (fault,) = faults(response.json())
    codes = f"its codes are: {SHORT}, {LONG}."
    assert fault == f"To is invalid. A code of 6 digits is not on the account; {codes}"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2026-11-21T10:00:00Z", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("2026-11-21T10:00:00.25+02:00", datetime(2026, 11, 21, 8, 0, 0, 250_000, tzinfo=UTC)),
        (None, NOW),
        ("", NOW),
        ("0001-01-01T00:00:00", NOW),
    ],
)
def test_the_time_of_receipt_is_the_bodys_or_else_now(
    served: Caller, given: str | None, meant: datetime
) -> None:
    assert served.bring("JOIN", receivedAt=given).status_code == 200
    assert served.mos()[0].at == meant


@pytest.mark.parametrize(
    "given",
    ["2026-11-21T10:00:00", "2026-11-21", "1999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59",
     "0002-01-01T00:00:00+23:59", "١٢", 1_700_000_000, True, {}],
)  # fmt: skip
def test_a_time_without_offset_or_out_of_all_bounds_is_refused(
    served: Caller, given: object
) -> None:
    response = served.bring("JOIN", receivedAt=given)
    assert response.status_code == 400
    assert len(faults(response.json())) == 1


def test_without_a_token_or_its_scope_nobody_brings_an_mo(served: Caller) -> None:
    assert served.call("POST", "/inbound", json=MO).status_code == 401
    headers = served.bearer("sms_read", "sms_write", "sms_send")
    assert served.call("POST", "/inbound", json=MO, headers=headers).status_code == 403
    assert not served.service.subscriptions(NUMBER)


def signed(body: bytes, secret: str = INBOUND_SECRET, age: float = 0) -> dict[str, str]:
    at = datetime.now(UTC) - timedelta(seconds=age)
    return {
        "Content-Type": "application/json",
        "webhook-id": "w1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("w1", at, body.decode()),
    }


def test_a_standard_webhooks_signature_stands_in_for_a_token(served: Caller) -> None:
    body = json.dumps({**MO, "text": "JOIN ✓"}, ensure_ascii=False).encode()
    response = served.call("POST", "/inbound", content=body, headers=signed(body))
    assert (response.status_code, served.state()) == (200, "In Progress")


BODY = json.dumps(MO).encode()


@pytest.mark.parametrize(
    ("body", "how", "change"),
    [
        (BODY + b" ", {}, {}),
        (BODY, {"secret": "whsec_c29tZWJvZHkgZWxzZQ=="}, {}),
        (BODY, {"age": 3600}, {}),
        (BODY, {"age": -3600}, {}),
        (BODY, {}, {"webhook-signature": ""}),
        (BODY, {}, {"webhook-signature": "v1"}),
        (BODY, {}, {"webhook-signature": "v1,*"}),
        (BODY, {}, {"webhook-signature": "v1,\u00e9"}),
        (BODY, {}, {"webhook-timestamp": "nan"}),
        (BODY, {}, {"webhook-id": "w2"}),
    ],
)
def test_any_other_signature_is_not_authorized(
    served: Caller, body: bytes, how: dict[str, Any], change: dict[str, str]
) -> None:
    # Signed now: an hour after the tests were found, each would be refused for its age alone.
    headers = signed(body, **how) | change
    raw = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
    response = served.call("POST", "/inbound", content=BODY, headers=raw)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert not served.service.subscriptions(NUMBER)


def test_without_a_secret_no_signature_is_trusted() -> None:
    with calling(settings=attrs.evolve(SETTINGS, inbound_secret="")) as caller:
        served = caller.anonymous()
        response = served.call("POST", "/inbound", content=BODY, headers=signed(BODY))
        assert response.status_code == 401


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Caller]:
    with calling() as caller:
        yield caller.anonymous()


@given(text=TEXTS)
def test_any_text_whatever_is_taken(shared: Caller, text: str) -> None:
    assert shared.bring(text).status_code == 200


@given(fields=st.dictionaries(st.sampled_from(["id", "from", "to", "text", "receivedAt"]), VALUES))
def test_any_values_in_the_fields_are_taken_or_refused_by_name(
    shared: Caller, fields: dict[str, Any]
) -> None:
    body = {**MO, "id": None, **fields}
    response = shared.call("POST", "/inbound", json=body, headers=shared.bearer())
    if response.status_code != 200:
        assert response.status_code == 400
        assert faults(response.json())
