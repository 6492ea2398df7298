"""`Idempotency-Key`: a call to send that is made again is answered as before, and sends nothing."""

from collections.abc import Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest
from httpx import Response

from optin_engine.stores import Member, Send
from optin_engine.vocabulary import Inbound
from optin_engine.web.call import Refused
from optin_engine.web.idempotency import LONGEST, NAME, WRONG_KEY, read_key
from optin_engine.web.identifiers import encode
from optin_engine.web.settings import SCOPES, Client
from tests.sends_by_call import MESSAGING, caller, handed_over, path_of
from tests.store_contract import in_threads
from tests.web_service import ALICE, BOB, IN_THE_US, NUMBER, SETTINGS, SHORT, Caller, calling
from tests.web_service import is_envelope as is_larger_envelope

__all__ = ["caller"]

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"
TO_ALICE: Mapping[str, Any] = {
    "mobileNumbers": [ALICE],
    "Subscribe": True,
    "Resubscribe": True,
    "keyword": "NEWS",
}


def keyed(caller: Caller, key: str | bytes, body: object = TO_ALICE, path: str = "") -> Response:
    """Make the call to send with a key, to Alice where nobody else is named."""
    header = key if isinstance(key, bytes) else key.encode()
    headers = {name.encode(): value.encode() for name, value in caller.headers.items()}
    return caller.post(
        path or path_of(caller, "Club"), body, headers={**headers, NAME.encode(): header}
    )


def token(answer: Response) -> str:
    assert answer.status_code == 202, answer.text
    assert [*answer.json()] == ["tokenId"]
    return str(answer.json()["tokenId"])


def sends(caller: Caller) -> list[Send]:
    return [*caller.store.sends.recent()]


def text(caller: Caller, said: str) -> None:
    caller.clock.pass_by(seconds=1)
    caller.service.receive(SHORT, NUMBER, Inbound(said, caller.clock()))


def friends(caller: Caller) -> str:
    made = caller.store.lists.make("Friends", caller.clock())
    caller.store.lists.fill(made.id, [Member(NUMBER)])
    return encode(made.id, "list")


@pytest.mark.parametrize("call", ["messageContact", "messageList"])
def test_a_retry_has_the_token_of_the_first_and_is_no_send(caller: Caller, call: str) -> None:
    text(caller, "NEWS")
    handed_over(caller)
    path = path_of(caller, "Club", call)
    to_list = {"TargetListIds": [friends(caller)]}
    body = to_list if call == "messageList" else {"mobileNumbers": [ALICE]}
    first = token(keyed(caller, KEY, body, path))
    assert handed_over(caller) == [(ALICE, "Club night!")]
    assert token(keyed(caller, KEY, body, path)) == first
    assert handed_over(caller) == []
    assert len(sends(caller)) == 1


def test_without_a_key_each_call_is_a_send(caller: Caller) -> None:
    tokens = {token(caller.post(path_of(caller, "Club"), TO_ALICE)) for _ in range(2)}
    assert len(tokens) == len(sends(caller)) == 2


def test_a_retry_subscribes_nobody_who_has_left_since(caller: Caller) -> None:
    first = token(keyed(caller, KEY))
    text(caller, "STOP")
    caller.clock.pass_by(seconds=1)
    assert token(keyed(caller, KEY)) == first
    assert caller.state("NEWS") == "Unsubscribed"
    assert [said for _, said in handed_over(caller) if said == "Club night!"] == []


def test_a_retry_is_answered_also_where_a_new_call_would_be_refused(caller: Caller) -> None:
    changed = {**IN_THE_US, "messageName": "Flash", "messageText": "Now!"}
    message = caller.service.catalog.define_message(changed).id
    path = f"/sms/v1/messageContact/{encode(message, 'message')}/send"
    first = token(keyed(caller, KEY, path=path))
    caller.service.catalog.define_message({**changed, "active": "false"})
    assert token(keyed(caller, KEY, path=path)) == first
    assert keyed(caller, "another", path=path).status_code == 400


OTHERS = {
    "other numbers": ("Club", "messageContact", {**TO_ALICE, "mobileNumbers": [BOB]}),
    "a field more": ("Club", "messageContact", {**TO_ALICE, "SendTime": "2027-01-01 12:00"}),
    "a field that is ignored": ("Club", "messageContact", {**TO_ALICE, "ContentURL": "x"}),
    "another message": ("Sale", "messageContact", TO_ALICE),
    "the other call": ("Club", "messageList", TO_ALICE),
    "nothing": ("Club", "messageContact", {}),
}


@pytest.mark.parametrize("other", OTHERS)
def test_another_request_with_the_key_is_refused_and_does_nothing(
    caller: Caller, other: str
) -> None:
    token(keyed(caller, KEY))
    kept, (message, call, body) = sends(caller), OTHERS[other]
    answer = keyed(caller, KEY, body, path_of(caller, message, call))
    assert answer.status_code == 422
    assert is_larger_envelope(answer, 30004)
    assert NAME in answer.json()["message"]
    assert sends(caller) == kept
    assert caller.store.contacts(f"+{BOB}") == ()


def test_the_same_request_may_be_written_in_another_order_and_case(caller: Caller) -> None:
    window = {"UtcOffset": "-0500", "WindowStart": "1500", "WindowEnd": "2200"}
    body = {**TO_ALICE, "BlackoutWindow": window}
    other = {name.upper(): body[name] for name in reversed(body)}
    other["BLACKOUTWINDOW"] = {name: window[name] for name in reversed(window)}
    assert token(keyed(caller, KEY, body)) == token(keyed(caller, KEY, other))


def test_a_call_that_was_refused_has_used_up_no_key(caller: Caller) -> None:
    assert keyed(caller, KEY, {**TO_ALICE, "mobileNumbers": ["1"]}).status_code == 400
    token(keyed(caller, KEY))


def test_a_key_is_its_clients_own() -> None:
    both = [Client(name, "its secret", frozenset(SCOPES)) for name in ("shop", "club")]
    clients = {client.id: client for client in both} | {**SETTINGS.clients}
    settings = attrs.evolve(SETTINGS, clients=clients)
    with calling(settings=settings, definitions=MESSAGING) as caller:
        tokens = []
        for client in both:
            access = caller.app.tokens.issue(client, SCOPES, 3600)
            own = attrs.evolve(caller, headers={"Authorization": f"Bearer {access}"})
            tokens.append([token(keyed(own, KEY)) for _ in range(2)])
    (first, again), (second, once_more) = tokens
    assert (first, second) == (again, once_more)
    assert first != second


def test_a_key_may_stand_in_quotation_marks_as_the_draft_has_it(caller: Caller) -> None:
    assert token(keyed(caller, f'"{KEY}"')) == token(keyed(caller, KEY))
    longest = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"\\').ljust(
        LONGEST, "~"
    )
    assert token(keyed(caller, longest)) == token(keyed(caller, f'"{longest}"'))


@pytest.mark.parametrize(
    "wrong",
    [b"", b'""', b'"', b"a b", b'"a', b'a"', b'a"b', b"a\\b", b"\xe9", "é".encode(), b"a" * 256],
)
def test_what_is_no_key_is_refused_before_all_else(caller: Caller, wrong: bytes) -> None:
    answer = keyed(caller, wrong, {})
    assert (answer.status_code, answer.json()) == (400, {"errors": [WRONG_KEY]})


def test_two_keys_are_none() -> None:
    with pytest.raises(Refused, match="must be one key"):
        read_key(["a", "a"])


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_calls_at_one_instant_in_several_processes_are_one_send(
    store: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    is_file = store == "sqlite"
    url = f"sqlite:///{tmp_path}/optin.db" if is_file else request.getfixturevalue("postgres")
    with ExitStack() as stack:
        callers = [stack.enter_context(calling(url, definitions=MESSAGING)) for _ in range(3)]
        places, told = count(), dict[int, list[str]]()

        def work() -> None:
            place = next(places)
            told[place] = [token(keyed(callers[place], f"{KEY}{n}")) for n in range(4)]

        in_threads(work, len(callers))
        tokens, *others = told.values()
        assert all(each == tokens for each in others)
        assert len(set(tokens)) == len(sends(callers[0])) == 4
        assert handed_over(callers[0]) == [(ALICE, "Club night!")] * 4
        chain = callers[0].store.chain(SHORT, NUMBER)
        assert chain is not None
        assert len(chain.records) == 1
