"""`POST /sms/v1/messageContact/{id}/send`: who is sent what, from the call to the gateway."""

# ruff: noqa: E501 - a case is one line, in columns.

from datetime import time, timedelta
from typing import Any

import pytest

from optin_engine.service.outbound.orders import Blackout, Options
from optin_engine.vocabulary import Inbound
from tests.sends_by_call import caller, handed_over, id_of, sent, to_contacts
from tests.web_service import ALICE, BOB, LONG, NUMBER, SHORT, Caller

__all__ = ["caller"]

SUBSCRIBING: dict[str, Any] = {"Subscribe": True, "keyword": "NEWS"}

# As the guide prints them, with a keyword of ours; `ContentURL` is of an MMS.
OVERRIDING = {
    "mobileNumbers": [ALICE],
    "Subscribe": True,
    "Resubscribe": True,
    "keyword": "NEWS",
    "Override": True,
    "messageText": "Welcome to Code@",
    "ContentURL": "http://image.exct.net/lib/fe6d15707662057c7411/m/1/dj_CC_AUS.jpg",
    "SendTime": "2012-10-05 20:01",
}
ATTRIBUTED: dict[str, Any] = {
    "Subscribers": [
        {"MobileNumber": ALICE, "SubscriberKey": "ExampleSubKey1", "Attributes": {"Day": "Monday"}},
        {"MobileNumber": BOB, "SubscriberKey": "ExampleSubKey2", "Attributes": {"Day": "Friday"}},
    ],
    "Subscribe": "true",
    "Resubscribe": "true",
    "keyword": "NEWS",
    "Override": "false",
    "SendTime": "2012-10-05 20:01",
}


def text(caller: Caller, *texts: str, number: str = ALICE, code: str = SHORT) -> None:
    """Let a handset text, each a second later; what it is answered is handed over."""
    for said in texts:
        caller.clock.pass_by(seconds=1)
        caller.service.receive(code, f"+{number}", Inbound(said, caller.clock()))
    handed_over(caller)


@pytest.mark.parametrize("kind", ["message", "message object"])
def test_the_guide_s_first_request_subscribes_and_says_the_caller_s_own_text(
    caller: Caller, kind: str
) -> None:
    sent(caller, f"/sms/v1/messageContact/{id_of(caller, 'Sale', kind)}/send", OVERRIDING)
    assert handed_over(caller) == [(ALICE, "Welcome to Code@")]
    assert caller.state("NEWS") == "Subscribed"


def test_the_guide_s_second_request_says_to_each_subscriber_what_it_says_of_them(
    caller: Caller,
) -> None:
    to_contacts(caller, **{name.lower(): value for name, value in ATTRIBUTED.items()})
    assert handed_over(caller) == [(ALICE, "Sale on Monday!"), (BOB, "Sale on Friday!")]
    assert caller.service.numbers_of(["ExampleSubKey1"]) == {"ExampleSubKey1": (NUMBER,)}


def test_the_guide_s_request_without_flags_tells_who_is_subscribed_and_nobody_else(
    caller: Caller,
) -> None:
    text(caller, "NEWS")
    body: dict[str, Any] = {
        "Subscribe": False,
        "Resubscribe": False,
        "keyword": " ",
        "Override": True,
        "messageText": "Welcome",
    }
    to_contacts(caller, mobileNumbers=[ALICE, BOB], **body)
    assert handed_over(caller) == [(ALICE, "Welcome")]


@pytest.mark.parametrize(
    ("message", "code", "keyword"), [("Club", SHORT, "JOIN"), ("Paper", LONG, "NEWS")]
)
def test_a_message_supplies_its_keyword_or_the_only_one_that_can_be_subscribed_to(
    caller: Caller, message: str, code: str, keyword: str
) -> None:
    body: dict[str, Any] = {
        "Subscribe": True,
        "Resubscribe": True,
        "Override": True,
        "messageText": "Welcome",
    }
    to_contacts(caller, message, **body)
    assert handed_over(caller) == [(ALICE, "Welcome")]
    (contact,) = caller.service.subscriptions(NUMBER)
    assert (contact.code, contact.subscription(keyword).state) == (code, "Subscribed")


NOBODY, SENT = "dropped", "sent"
NEITHER: dict[str, Any] = {}
SUBSCRIBE, RESUBSCRIBE = {"subscribe": "true"}, {"Resubscribe": 1}
TOO_YOUNG, OLD_ENOUGH = "1/1/2015", "1/1/1990"

# fmt: off
STATES = (
    # what was texted before        keyword   neither, Subscribe, Resubscribe
    ((),                            "NEWS",   (NOBODY, SENT,      NOBODY)),
    (("JOIN",),                     "JOIN",   (NOBODY, NOBODY,    NOBODY)),
    (("JOIN",),                     "NEWS",   (NOBODY, NOBODY,    NOBODY)),
    (("NEWS",),                     "NEWS",   (SENT,   SENT,      SENT)),
    (("NEWS",),                     "JOIN",   (SENT,   SENT,      SENT)),
    (("NEWS", "STOP"),              "NEWS",   (NOBODY, NOBODY,    SENT)),
    (("WINE", TOO_YOUNG),           "NEWS",   (NOBODY, NOBODY,    NOBODY)),
    ((),                            "WINE",   (NOBODY, NOBODY,    NOBODY)),
    (("WINE", OLD_ENOUGH, "STOP"),  "WINE",   (NOBODY, NOBODY,    SENT)),
)
CASES = [
    pytest.param(texted, keyword, flags, expected, id=f"{'+'.join(texted)} {keyword} {flags}")
    for texted, keyword, row in STATES
    for flags, expected in zip((NEITHER, SUBSCRIBE, RESUBSCRIBE), row, strict=True)
]
# fmt: on


@pytest.mark.parametrize(("texted", "keyword", "flags", "expected"), CASES)
def test_who_is_sent_to_is_what_the_table_of_states_says(
    caller: Caller, texted: tuple[str, ...], keyword: str, flags: dict[str, Any], expected: str
) -> None:
    text(caller, *texted)
    to_contacts(caller, "Blank", override=1, messageText="Hi", **flags, **_keyword(keyword, flags))
    assert handed_over(caller) == ([(ALICE, "Hi")] if expected == SENT else [])


def _keyword(keyword: str, flags: dict[str, Any]) -> dict[str, str]:
    return {"keyword": keyword.lower()} if flags else {}


def test_an_mt_names_the_consent_record_that_allows_it(caller: Caller) -> None:
    text(caller, "JOIN", "yes")
    send = to_contacts(caller, **SUBSCRIBING)
    handed_over(caller)
    (mt,) = caller.store.sends.mts(send.id)
    chain = caller.store.chain(SHORT, NUMBER)
    assert chain is not None
    record = chain.records[mt.consent - 1]
    assert (record.sequence, record.keyword, record.to_state) == (mt.consent, "NEWS", "Subscribed")


def test_a_number_with_several_keys_is_told_once_and_found_by_each(caller: Caller) -> None:
    pairs = (("ann", "Monday"), ("family", None), (7, "Sunday"))
    subscribers = [
        {"mobileNumber": ALICE, "subscriberKey": key, "attributes": day and {"day": day}}
        for key, day in pairs
    ]
    to_contacts(caller, subscribers=subscribers, mobileNumbers=None, **SUBSCRIBING)
    assert handed_over(caller) == [(ALICE, "Sale on Sunday!")]
    found = caller.service.numbers_of(["ann", "family", "7"])
    assert [*found.values()] == [(NUMBER,)] * 3


def test_a_key_is_known_also_where_the_send_drops_its_number(caller: Caller) -> None:
    to_contacts(caller, subscribers=[{"mobileNumber": ALICE, "subscriberKey": "ann"}])
    assert handed_over(caller) == []
    assert caller.service.numbers_of(["ann"]) == {"ann": (NUMBER,)}


def test_attributes_may_be_numbers_truths_and_nothing(caller: Caller) -> None:
    given = {"A": 1, "b c": 2.5, "D": True, "E": None, "F": ""}
    one = {"mobileNumber": ALICE, "subscriberKey": "ann", "ATTRIBUTES": given}
    said: dict[str, Any] = {
        "override": True,
        "messageText": "%%a%% %%B C%% %%D%% [%%E%%%%F%%%%G%%]",
    }
    to_contacts(caller, subscribers=[one], **SUBSCRIBING, **said)
    assert handed_over(caller) == [(ALICE, "1 2.5 true []")]


def test_a_country_that_the_code_may_not_write_to_is_subscribed_by_no_flag(caller: Caller) -> None:
    numbers = [ALICE, "447700900123"]
    to_contacts(caller, mobileNumbers=numbers, **SUBSCRIBING)
    assert handed_over(caller) == [(ALICE, "Sale on !")]
    assert caller.store.contacts("+447700900123") == ()


def test_a_send_waits_for_its_time(caller: Caller) -> None:
    to_contacts(caller, SendTime="2026-11-21 18:30", **SUBSCRIBING)
    caller.clock.pass_by(hours=6, minutes=29)
    assert handed_over(caller) == []
    caller.clock.pass_by(minutes=1)
    assert handed_over(caller) == [(ALICE, "Sale on !")]


def test_a_send_waits_for_the_end_of_its_blackout_window(caller: Caller) -> None:
    # It is 07:00 by the clock of the window, and noon in UTC.
    window = {"utcOffset": "-0500", "WINDOWSTART": "06:30", "windowEnd": "0800"}
    to_contacts(caller, blackoutWindow=window, **SUBSCRIBING)
    assert handed_over(caller) == []
    caller.clock.pass_by(hours=1, seconds=2)
    assert handed_over(caller) == [(ALICE, "Sale on !")]


# fmt: off
BLACKOUTS: tuple[tuple[object, Blackout | None], ...] = (
    ({"UtcOffset": "-0500", "WindowStart": "1500", "WindowEnd": "2200"}, Blackout(timedelta(hours=-5), time(15), time(22))),
    ({"UtcOffset": "+05:30", "WindowStart": 2200, "WindowEnd": "08:15"}, Blackout(timedelta(hours=5, minutes=30), time(22), time(8, 15))),
    ({"UtcOffset": "0000", "WindowStart": "0000", "WindowEnd": "0001"}, Blackout(timedelta(0), time(0), time(0, 1))),
    ({"UtcOffset": None, "WindowStart": " ", "Other": 1},                None),
    ({},                                                                 None),
    (None,                                                               None),
)
# fmt: on


@pytest.mark.parametrize(("given", "blackout"), BLACKOUTS)
def test_a_blackout_window_is_kept_with_the_send(
    caller: Caller, given: object, blackout: Blackout | None
) -> None:
    assert Options.of(to_contacts(caller, BlackoutWindow=given)).blackout == blackout


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "0001-01-01T00:00:00",
        "0001-01-01 00:00",
        "0001-12-31T23:59:59",
        "2026-11-21 12:00",
        "2012-10-17 17:01",
    ],
)
def test_a_time_that_is_past_or_blank_means_at_once(caller: Caller, given: str | None) -> None:
    assert to_contacts(caller, sendTime=given).due_at is None


def test_two_hundred_and_fifty_numbers_are_sent_to_at_once(caller: Caller) -> None:
    numbers = [str(15555550000 + place) for place in range(250)]
    to_contacts(caller, mobileNumbers=[*numbers, ALICE][:250], **SUBSCRIBING)
    assert [number for number, _ in handed_over(caller)] == numbers


def test_what_was_sent_once_is_sent_again_by_another_call(caller: Caller) -> None:
    sends = [to_contacts(caller, **SUBSCRIBING) for _ in range(2)]
    assert len({send.id for send in sends}) == 2
    assert handed_over(caller) == [(ALICE, "Sale on !")] * 2
