"""Whatever JSON a call to send is given, it is taken or told what is wrong; it never fails."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.web import message_contact_calls, message_list_calls
from optin_engine.web.call import Call
from optin_engine.web.identifiers import encode
from tests.malformed import VALUES
from tests.sends_by_call import handed_over, messaging, path_of
from tests.web_service import ALICE, BOB, Caller

# Stands for the identifier of a list that is there.
LIST = "A LIST"

SUBSCRIBER = {"mobileNumber": ALICE, "subscriberKey": "ann", "attributes": {"Day": "today"}}
WINDOW = {"UtcOffset": "-0500", "WindowStart": "1500", "WindowEnd": "2200"}

# Calls that are right, so that what is wrong in a body is met with much that is not.
RIGHT: tuple[tuple[Call, Mapping[str, Any]], ...] = (
    (
        *message_contact_calls.CALLS,
        {
            "subscribers": [SUBSCRIBER, {"mobileNumber": int(BOB), "subscriberKey": 7}],
            "Subscribe": "true",
            "keyword": "NEWS",
            "Override": 1,
            "messageText": "Hi %%Day%%",
            "SendTime": "2026-12-24 20:01",
            "BlackoutWindow": WINDOW,
        },
    ),
    (
        *message_list_calls.CALLS,
        {
            "TargetListIds": [LIST],
            "OverrideMessageText": True,
            "MessageText": "Hi %%Day%%",
            "BlackoutWindow": WINDOW,
        },
    ),
)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=9)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | st.integers() | FINITE | TEXTS
JSON = st.sampled_from([*VALUES]) | SCALARS | st.lists(SCALARS, max_size=2)


def parts(right: object) -> st.SearchStrategy[Any]:
    """Give values that are nearly right: any part of a right one may be something else."""
    if isinstance(right, dict):
        fields = {name: parts(part) for name, part in right.items()}
        return JSON | st.fixed_dictionaries({}, optional=fields)
    if isinstance(right, list):
        return JSON | st.lists(st.one_of(*map(parts, right)), max_size=3)
    return st.just(right) | JSON


def cases(call: Call, right: Mapping[str, Any]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """Give the name of a call, and bodies of it of which a few fields are not right, or new."""
    assert call.request is not None
    changes = [
        st.tuples(st.just(name), parts(right.get(name, True)))
        for name in call.request["properties"]
    ]
    few = st.lists(st.one_of(*changes), max_size=3)
    name = call.path.split("/")[3]
    return few.map(lambda changed: (name, {**right, **dict(changed)}))


CASES = st.one_of(*(cases(*row) for row in RIGHT))
MESSAGES = st.sampled_from(["Sale", "Sale", "Blank", "Asleep", "Paper", "none", "\u00e9", "%00"])


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    with messaging() as caller:
        yield caller


@pytest.fixture(scope="module")
def friends(caller: Caller) -> str:
    return encode(caller.store.lists.make("Friends", caller.clock()).id, "list")


@given(MESSAGES, CASES)
def test_a_call_is_taken_or_told_its_faults(
    caller: Caller, friends: str, message: str, case: tuple[str, dict[str, Any]]
) -> None:
    call, body = case
    body = json.loads(json.dumps(body).replace(json.dumps(LIST), json.dumps(friends)))
    answer = caller.post(path_of(caller, message, call), body)
    told = answer.json()
    assert answer.headers["content-type"] == "application/json"
    if answer.status_code == 202:
        assert [*told] == ["tokenId"]
    else:
        assert (answer.status_code, [*told]) == (400, ["errors"])
        assert told["errors"]
        assert all(isinstance(text, str) and text for text in told["errors"])


def test_whatever_was_taken_is_dealt_with(caller: Caller) -> None:
    caller.clock.pass_by(days=366)
    assert caller.store.sends.waiting(caller.clock())
    handed_over(caller)
    assert not caller.store.sends.waiting(caller.clock())
