"""A flow of a user's own: Double opt-in that also asks for a postcode, as in the README."""

from datetime import UTC, datetime
from typing import Any

import pytest
from transitions import Machine

from optin_engine.account import Account
from optin_engine.engine import Engine
from optin_engine.flow import TableError
from optin_engine.guards import Situation
from optin_engine.machines import compile_flow, machine
from optin_engine.proof import prove
from optin_engine.vocabulary import Contact, Inbound, State


def is_postcode(situation: Situation) -> bool:
    text = situation.inbound.text.strip()
    return len(text) == 5 and text.isdigit()


def with_postcode() -> Machine:
    double = machine("Double")
    double.add_states("POSTCODE")
    double.remove_transition("YES", source="IN_PROGRESS")
    double.add_transition("YES", "IN_PROGRESS", "POSTCODE", before="postcode")
    confirmed: dict[str, Any] = {"dest": State.SUBSCRIBED, "before": "confirmation"}
    double.add_transition("OTHER", "POSTCODE", conditions=[is_postcode], **confirmed)
    double.add_transition("OTHER", "POSTCODE", None, unless=[is_postcode], before="postcode")
    double.add_transition("STOP", "POSTCODE", State.UNSUBSCRIBED, before="stop")
    double.add_transition("HELP", "POSTCODE", None, before="help")
    double.add_transition("UNSUBSCRIBE", "POSTCODE", State.UNSUBSCRIBED)
    for hears in ("NO", "EXPIRE", "DEACTIVATE"):
        double.add_transition(hears, "POSTCODE", State.NONE)
    for hears in ("JOIN", "START", "YES", "BIRTH_DATE", "REACTION", "REMIND", "SUBSCRIBE"):
        double.add_transition(hears, "POSTCODE", None)
    return double


ACCOUNT: dict[str, Any] = {
    "codes": [{"shortCode": "123456", "countryCode": "US", "brand": "Acme"}],
    "programs": [
        {
            "messageName": "News",
            "shortCode": "123456",
            "countryCode": "US",
            "keyword": "JOIN",
            "messageOptInType": "Double",
            "doubleOptinInitialMessage": "Reply YES",
            "doubleOptinConfirmationMessage": "Thanks",
            "messages": {"postcode": "Your postcode?"},
        }
    ],
}


def say(engine: Engine, *texts: str) -> list[tuple[list[str], str]]:
    contact, heard = Contact("+15555550123", "123456"), []
    for text in texts:
        outcome = engine.receive(contact, Inbound(text, datetime(2026, 11, 21, tzinfo=UTC)))
        contact = outcome.contact
        heard.append(([mt.text for mt in outcome.outbound], outcome.state))
    return heard


def test_a_flow_with_a_state_of_a_users_own_runs_under_the_same_checks() -> None:
    flow = compile_flow(with_postcode(), messages=["postcode"])
    assert prove(flow).broken == ()
    engine = Engine(Account.from_dict(ACCOUNT), flows={"JOIN": flow})
    assert say(engine, "JOIN", "yes", "no idea", "12345") == [
        (["Reply YES"], "In Progress"),
        (["Your postcode?"], "POSTCODE"),
        (["Your postcode?"], "POSTCODE"),
        (["Thanks"], "Subscribed"),
    ]
    assert say(engine, "JOIN", "yes", "STOP")[-1][1] == "Unsubscribed"


def test_a_contact_in_a_state_that_its_flow_lost_can_still_stop_and_join() -> None:
    flow = compile_flow(with_postcode(), messages=["postcode"])
    account = Account.from_dict(ACCOUNT)
    contact = Contact("+15555550123", "123456")
    now = datetime(2026, 11, 21, tzinfo=UTC)
    for text in ("JOIN", "YES"):
        contact = Engine(account, {"JOIN": flow}).receive(contact, Inbound(text, now)).contact
    plain = Engine(account)
    gone = Engine(Account.from_dict({**ACCOUNT, "programs": []}))
    for engine in (plain, gone):
        outcome = engine.receive(contact, Inbound("stop", now))
        assert outcome.contact.subscription("JOIN").state == State.UNSUBSCRIBED
        assert outcome.records[0].from_state == "POSTCODE"
        assert engine.tick(contact, now).contact.summary() in {"POSTCODE", State.NONE}
    assert plain.receive(contact, Inbound("join", now)).state == State.IN_PROGRESS


def test_a_flow_that_says_what_its_programme_does_not_have_is_refused() -> None:
    flow = compile_flow(with_postcode(), messages=["postcode"])
    account = {**ACCOUNT, "programs": [{**ACCOUNT["programs"][0], "messages": {}}]}
    with pytest.raises(TableError, match=r"says \['postcode'\]: add it to the messages of JOIN"):
        Engine(Account.from_dict(account), flows={"JOIN": flow})
