"""`POST /sms/v1/messageList/{id}/send`: who of which lists is sent what, and each error."""

# ruff: noqa: E501 - a case is one line, in columns.

import re
from collections.abc import Sequence
from typing import Any

import pytest

from optin_engine.stores import Member, Send
from optin_engine.vocabulary import Inbound
from optin_engine.web.identifiers import encode
from tests.mobileconnect import errors
from tests.sends_by_call import UNKNOWN, caller, handed_over, id_of, path_of, sent, to_contacts
from tests.web_service import ALICE, BOB, SHORT, Caller

__all__ = ["caller"]

CAROL = "15555550125"

PUBLISHED = (
    "Message id {0} is not valid.",
    "Message {0} is not valid for the client.",
    "The Message must be in Active status in order to send.",
    "The count of Target List IDs cannot be zero.",
    "Target list id [{0}] is invalid.",
    "TargetListIds is not applicable when OverrideTemplateTargetLists is false.",
    "Cannot override template target lists when no target list ids are specified.",
    "The count of Exclusion List IDs cannot be zero.",
    "Exclusion list id [{0}] is invalid.",
    "ExclusionListIds is not applicable when OverrideTemplateExclusionLists is false.",
    "Cannot override template exclusion lists when no exclusion list ids are specified.",
    "Exclusion list ids cannot be specified when IgnoreExclusionLists is true.",
    "OverrideTemplateExclusionLists cannot be true when IgnoreExclusionLists is true.",
    "Message is blank and no override message was provided.",
    "Cannot override message text with a blank message.",
    "MessageText is not applicable when OverrideMessageText is false.",
    "A UTC offset must be specified when using a blackout window.",
    "{0} is not a valid UTC offset.",
    "A window start time must be specified when using a blackout window.",
    "{0} is not a valid blackout window start time.",
    "A window end time must be specified when using a blackout window.",
    "{0} is not a valid blackout window end time.",
    "{0} is not a valid send time (yyyy-MM-dd HH:mm).",
)


def a_list(caller: Caller, name: str, *numbers: str, **attributes: str) -> str:
    """Make a list; give its identifier."""
    made = caller.store.lists.make(name, caller.clock())
    caller.store.lists.fill(made.id, [Member(f"+{n}", "", attributes or None) for n in numbers])
    return encode(made.id, "list")


def joined(caller: Caller, *numbers: str) -> None:
    for number in numbers:
        caller.service.receive(SHORT, f"+{number}", Inbound("NEWS", caller.clock()))
    handed_over(caller)


def to_lists(caller: Caller, message: str = "Club", **body: Any) -> Send:
    return sent(caller, path_of(caller, message, "messageList"), body)


def test_the_guide_s_request_is_sent_after_its_window(caller: Caller) -> None:
    joined(caller, ALICE)
    # As the guide prints it, but for the list; it is 07:00 by the clock of the window.
    body: dict[str, Any] = {
        "TargetListIds": [a_list(caller, "Friends", ALICE, BOB)],
        "OverrideTemplateTargetLists": "true",
        "OverrideTemplateExclusionLists": "false",
        "IgnoreExclusionLists": "true",
        "OverrideMessageText": "false",
        "ContentURL": "http://image.exct.net/lib/fe6d15707662057c7411/m/1/dj_CC_AUS.jpg",
        "BlackoutWindow": {"UtcOffset": "-0500", "WindowStart": "0700", "WindowEnd": "2200"},
        "AllowDuplication": "false",
    }
    to_lists(caller, **body)
    assert handed_over(caller) == []
    caller.clock.pass_by(hours=15, seconds=2)
    assert handed_over(caller) == [(ALICE, "Club night!")]


def test_who_is_in_a_target_and_in_no_excluded_list_is_told_once(caller: Caller) -> None:
    joined(caller, ALICE, BOB, CAROL)
    friends = a_list(caller, "Friends", ALICE, BOB)
    family = a_list(caller, "Family", BOB, CAROL)
    tired = a_list(caller, "Tired", CAROL, "15555550199")
    to_lists(caller, targetlistids=[friends, family, friends], EXCLUSIONLISTIDS=[tired])
    assert handed_over(caller) == [(ALICE, "Club night!"), (BOB, "Club night!")]


def test_a_text_of_the_caller_s_own_is_said_of_each_member(caller: Caller) -> None:
    joined(caller, ALICE, BOB)
    lists = [a_list(caller, "A", ALICE, Name="Ann"), a_list(caller, "B", BOB)]
    said = {"OverrideMessageText": True, "MessageText": "Hi %%Name%%!"}
    to_lists(caller, "Blank", TargetListIds=lists, SendTime="2012-10-05 20:01", **said)
    assert handed_over(caller) == [(ALICE, "Hi Ann!"), (BOB, "Hi !")]


def test_an_empty_array_of_exclusions_excludes_nobody(caller: Caller) -> None:
    joined(caller, ALICE)
    to_lists(caller, TargetListIds=[a_list(caller, "A", ALICE)], ExclusionListIds=[])
    assert handed_over(caller) == [(ALICE, "Club night!")]


def test_the_list_of_a_send_to_contacts_is_none_to_send_to(caller: Caller) -> None:
    (private,) = to_contacts(caller).targets
    identifier = encode(private, "list")
    expected = [f"Target list id [{identifier}] is invalid."]
    path = path_of(caller, "Club", "messageList")
    assert errors(caller, {"TargetListIds": [identifier]}, path) == expected


ZERO = "The count of Target List IDs cannot be zero."
NO_TARGET, NO_EXCLUSION = "Target list id [{}] is invalid.", "Exclusion list id [{}] is invalid."
UNSAID = "{0}ListIds is not applicable when OverrideTemplate{0}Lists is false."
MISSING = "Cannot override template {} lists when no {} list ids are specified."
IGNORED = "Exclusion list ids cannot be specified when IgnoreExclusionLists is true."
IGNORED_OVERRIDE = (
    "OverrideTemplateExclusionLists cannot be true when IgnoreExclusionLists is true."
)
NO_TEXT = "Message is blank and no override message was provided."
BLANK = "Cannot override message text with a blank message."
NOT_APPLICABLE = "MessageText is not applicable when OverrideMessageText is false."
WINDOW = {"UtcOffset": "-2500", "WindowStart": "25", "WindowEnd": "99"}
WRONG_WINDOW = [
    "-2500 is not a valid UTC offset.",
    "25 is not a valid blackout window start time.",
    "99 is not a valid blackout window end time.",
]
NO_WINDOW = [
    "A UTC offset must be specified when using a blackout window.",
    "A window start time must be specified when using a blackout window.",
]

# A list that is there, by the name it has in the cases, and one that no account has.
FRIENDS, GONE = "friends", encode(4_000_000, "list")
A_KEYWORD = encode(1, "keyword")


def override(lists: str, is_so: object) -> dict[str, object]:
    return {f"OverrideTemplate{lists}Lists": is_so}


# fmt: off
WRONG: list[tuple[str, dict[str, Any], Sequence[str]]] = [
    # message   changed                                             errors
    ("none",    {},                                                 ["Message id none is not valid."]),
    (UNKNOWN,   {},                                                 [f"Message {UNKNOWN} is not valid for the client."]),
    ("Asleep",  {},                                                 ["The Message must be in Active status in order to send."]),
    ("Club",    {"TargetListIds": []},                              [ZERO]),
    ("Club",    {"TargetListIds": None},                            [ZERO]),
    ("Club",    {"TargetListIds": None, **override("Target", 0)},   [ZERO]),
    ("Club",    {"TargetListIds": [], **override("Target", "true")}, [ZERO, MISSING.format(*["target"] * 2)]),
    ("Club",    override("Target", "false"),                        [UNSAID.format("Target")]),
    ("Club",    override("Target", "x"),                            ["OverrideTemplateTargetLists is invalid. It must be true or false."]),
    ("Club",    {"TargetListIds": FRIENDS},                         ["The TargetListIds field must be an array."]),
    ("Club",    {"TargetListIds": [FRIENDS] * 251},                 ["The TargetListIds field cannot contain more than 250 elements."]),
    ("Club",    {"TargetListIds": [FRIENDS, GONE, GONE, 7, None]},  [NO_TARGET.format(one) for one in (GONE, "7", "null")]),
    ("Club",    {"TargetListIds": [A_KEYWORD]},                     [NO_TARGET.format(A_KEYWORD)]),
    ("Club",    {"ExclusionListIds": [GONE, FRIENDS]},              [NO_EXCLUSION.format(GONE)]),
    ("Club",    {"ExclusionListIds": {"a": 1}},                     ["The ExclusionListIds field must be an array."]),
    ("Club",    {"ExclusionListIds": [], **override("Exclusion", 1)}, ["The count of Exclusion List IDs cannot be zero."]),
    ("Club",    override("Exclusion", "True"),                      [MISSING.format(*["exclusion"] * 2)]),
    ("Club",    {"ExclusionListIds": [FRIENDS], **override("Exclusion", 0)}, [UNSAID.format("Exclusion")]),
    ("Club",    {"ExclusionListIds": [FRIENDS], "IgnoreExclusionLists": "true"}, [IGNORED]),
    ("Club",    {"ExclusionListIds": [FRIENDS], "IgnoreExclusionLists": 1, **override("Exclusion", 1)}, [IGNORED, IGNORED_OVERRIDE]),
    ("Club",    {"IgnoreExclusionLists": 1, **override("Exclusion", 1)}, [MISSING.format(*["exclusion"] * 2), IGNORED_OVERRIDE]),
    ("Blank",   {},                                                 [NO_TEXT]),
    ("Blank",   {"OverrideMessageText": "true"},                    [BLANK]),
    ("Club",    {"OverrideMessageText": "", "MessageText": "Hi"},   [NOT_APPLICABLE]),
    ("Club",    {"SendTime": "soon"},                               ["soon is not a valid send time (yyyy-MM-dd HH:mm)."]),
    ("Club",    {"BlackoutWindow": WINDOW},                         WRONG_WINDOW),
    ("Club",    {"BlackoutWindow": {"WindowEnd": "0800"}},          NO_WINDOW),
    ("Club",    {"BlackoutWindow": {"UtcOffset": "0000", "WindowStart": "0800"}}, ["A window end time must be specified when using a blackout window."]),
    ("none",    {"TargetListIds": [GONE], "ExclusionListIds": [7], "MessageText": "Hi", "SendTime": 7, "BlackoutWindow": WINDOW},
     ["Message id none is not valid.", NO_TARGET.format(GONE), NO_EXCLUSION.format(7), NOT_APPLICABLE,
      "7 is not a valid send time (yyyy-MM-dd HH:mm).", *WRONG_WINDOW]),
]
# fmt: on


@pytest.mark.parametrize(("message", "change", "expected"), WRONG)
def test_a_wrong_call_is_refused_with_all_its_faults_and_nothing_is_kept(
    caller: Caller, message: str, change: dict[str, Any], expected: Sequence[str]
) -> None:
    friends = a_list(caller, "Friends", ALICE)
    body = {"TargetListIds": [FRIENDS], **change}
    named = {
        field: [friends if one == FRIENDS else one for one in value]
        for field, value in body.items()
        if isinstance(value, list)
    }
    assert errors(caller, body | named, path_of(caller, message, "messageList")) == expected
    caller.clock.pass_by(days=400)
    assert not caller.store.sends.waiting(caller.clock())


@pytest.mark.parametrize("published", PUBLISHED)
def test_each_published_error_is_produced_by_a_call(published: str) -> None:
    said = re.escape(published).replace(r"\{0\}", r"(?s:.*)")
    assert [row for row in WRONG if any(re.fullmatch(said, text) for text in row[2])]


@pytest.mark.parametrize("kind", ["message", "message object"])
def test_a_message_goes_by_either_of_its_identifiers(caller: Caller, kind: str) -> None:
    path = f"/sms/v1/MessageList/{id_of(caller, 'Club', kind)}/Send/"
    assert sent(caller, path, {"TargetListIds": [a_list(caller, "Friends")]}).dropped == 0
