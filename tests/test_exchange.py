"""One code, several programmes: which of them a keyword stands for, and who hears what."""

from datetime import UTC, datetime
from typing import Any

from optin_engine.account import Account
from optin_engine.engine import Engine
from optin_engine.vocabulary import Contact, Hears, Inbound, Instruction, State

CODE = {"shortCode": "123456", "countryCode": "US", "brand": "Acme"}


def program(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "shortCode": "123456",
        "countryCode": "US",
        "messageName": name,
        "keyword": "JOIN",
        "messageOptInType": "Double",
        "doubleOptinInitialMessage": f"{name}: reply YES",
        "doubleOptinConfirmationMessage": f"{name}: thanks",
        "timeZone": "UTC",
        **fields,
    }


WINTER = program("Winter", endDate="2/28/2026", confirmWithin=None)
SPRING = program("Spring", startDate="3/1/2026", endDate="5/31/2026")


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


def engine(*programs: dict[str, Any]) -> Engine:
    return Engine(Account.from_dict({"codes": [CODE], "programs": list(programs)}))


def said(engine: Engine, *texts: tuple[str, datetime]) -> list[str]:
    contact, heard = Contact("+15555550123", "123456"), []
    for text, moment in texts:
        outcome = engine.receive(contact, Inbound(text, moment))
        contact = outcome.contact
        heard.append(" ".join(mt.text for mt in outcome.outbound))
    return heard


def test_a_keyword_stands_for_the_programme_of_the_day() -> None:
    both = engine(SPRING, WINTER)
    assert said(both, ("JOIN", at(2, 28))) == ["Winter: reply YES"]
    assert said(both, ("JOIN", at(3, 1))) == ["Spring: reply YES"]
    assert said(both, ("JOIN", at(6, 1))) == [""]


def test_a_programme_that_has_ended_still_takes_the_answer_that_it_waits_for() -> None:
    assert said(engine(WINTER), ("JOIN", at(2, 28)), ("YES", at(3, 1)))[1] == "Winter: thanks"


def test_a_keyword_of_another_programme_leaves_the_first_pending() -> None:
    two = engine(program("A"), program("B", keyword="CLUB"))
    heard = said(two, ("JOIN", at(3, 1)), ("CLUB", at(3, 2)), ("YES", at(3, 3)), ("YES", at(3, 3)))
    assert heard == ["A: reply YES", "B: reply YES", "B: thanks", "A: thanks"]


def test_an_order_for_a_programme_that_is_gone_can_end_it_and_not_begin_it() -> None:
    joined = engine(program("A")).receive(
        Contact("+15555550123", "123456"), Inbound("JOIN", at(3, 1))
    )
    gone = engine()
    ended = gone.instruct(joined.contact, Instruction(Hears.UNSUBSCRIBE, at(3, 2), "join"))
    assert (ended.state, ended.refused) == (State.UNSUBSCRIBED, None)
    refused = gone.instruct(joined.contact, Instruction(Hears.SUBSCRIBE, at(3, 2), "join"))
    assert (refused.refused, refused.contact) == ("unknown keyword", joined.contact)


def test_start_after_stop_of_a_code_without_any_subscription_says_that_it_is_open_again() -> None:
    heard = said(engine(), ("STOP", at(3, 1)), ("START", at(3, 2)), ("START", at(3, 3)))
    assert [bool(text) for text in heard] == [True, True, False]
    assert "Acme" in heard[1]
