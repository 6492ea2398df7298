"""The strategies for users: they give what they say, and reach what they are for."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st

from optin_engine.account import Account
from optin_engine.birthdate import date_orders
from optin_engine.engine import Engine
from optin_engine.harness import starter
from optin_engine.harness.fuzzing.known_texts import DATES, ORDERS, SLASHED
from optin_engine.harness.phone import NOON
from optin_engine.harness.stories.story import Act, Again, Order, Text, To, Wait
from optin_engine.harness.strategies import (
    birth_dates,
    conversations,
    definitions,
    mos,
    replies,
)
from optin_engine.outcome import Outcome
from optin_engine.vocabulary import Contact, Hears, Inbound, OptInType, Origin

ACCOUNT = starter()
NEWS, JOIN, WINE = ACCOUNT.code("123456").programs
EMPTY = Contact("+15555550123", "123456")
FEW = settings(max_examples=100, suppress_health_check=list(HealthCheck))


# To reach it is enough: what is found need not be shrunk.
ANY_OF_THEM = settings(
    max_examples=5_000, phases=(Phase.generate,), database=None, report_multiple_bugs=False
)


def answered(keyword: str, text: str, account: Account = ACCOUNT, at: datetime = NOON) -> Outcome:
    """Give what comes of an answer to a programme's question."""
    engine = Engine(account)
    asked = engine.receive(EMPTY, Inbound(keyword, at)).contact
    return engine.receive(asked, Inbound(text, at))


@given(st.data(), definitions())
@FEW
def test_a_birth_date_gets_the_verdict_that_stands_beside_it(
    data: st.DataObject, given_: dict[str, list[dict[str, object]]]
) -> None:
    account = Account.from_dict(given_)
    ages = [p for p in account.code("123456").programs if p.opt_in_type == OptInType.AGE]
    asking = [program for program in ages if program.is_active(NOON)]
    assume(asking)
    program = data.draw(st.sampled_from(asking))
    text, verdict = data.draw(birth_dates(program))
    outcome = answered(program.keyword, text, account)
    # A valid response such as 1 is an answer of its own.
    if outcome.reading.hears != Hears.YES:
        assert (outcome.reading.hears, outcome.reading.verdict) == (Hears.BIRTH_DATE, verdict)


@pytest.mark.parametrize(
    ("born", "verdict"), [("2005-01-01", "old_enough"), ("2005-01-02", "too_young")]
)
def test_birth_dates_lie_at_the_very_edge(born: str, verdict: str) -> None:
    assert find(birth_dates(WINE), lambda given_: given_[0] == born)[1] == verdict


@given(definitions())
@FEW
def test_definitions_are_sound(given_: dict[str, list[dict[str, object]]]) -> None:
    assert Account.from_dict(given_).codes


@pytest.mark.parametrize("kind", list(OptInType))
def test_definitions_have_every_type(kind: str) -> None:
    found = find(
        definitions(),
        lambda one: any(p["messageOptInType"] == kind for p in one["programs"]),
        settings=ANY_OF_THEM,
    )
    assert Account.from_dict(found)


@pytest.mark.parametrize("codes", [1, 2, 3])
def test_definitions_have_several_codes(codes: int) -> None:
    found = find(definitions(), lambda one: len(one["codes"]) == codes, settings=ANY_OF_THEM)
    assert len(Account.from_dict(found).codes) == codes


@pytest.mark.parametrize("heard", [Hears.YES, Hears.NO, Hears.BIRTH_DATE, Hears.OTHER])
def test_replies_are_all_that_can_be_answered(heard: Hears) -> None:
    found = find(replies(WINE), lambda text: answered("WINE", text).reading.hears == heard)
    assert answered("WINE", found).reading.hears == heard


def test_a_programme_that_asks_nothing_gets_replies_all_the_same() -> None:
    assert find(replies(NEWS), lambda text: text == "what is this?")


@pytest.mark.parametrize("heard", ["JOIN", "STOP", "HELP", "START", "REACTION", "UNMATCHED"])
@pytest.mark.parametrize("origin", [Origin.HANDSET, Origin.API])
def test_mos_are_of_every_kind_from_everywhere(heard: str, origin: str) -> None:
    engine = Engine(ACCOUNT)
    found = find(
        mos(ACCOUNT),
        lambda mo: mo.origin == origin and engine.receive(EMPTY, mo).reading.hears == heard,
        settings=ANY_OF_THEM,
    )
    assert found.received_at == NOON


def waits_to_the_second(acts: tuple[Act, ...]) -> bool:
    """Tell whether a wait meets the end of JOIN's question, asked a second before."""
    assert JOIN.confirm_within is not None
    return Wait(JOIN.confirm_within - timedelta(seconds=1)) in acts


CONVERSATIONS: dict[str, Callable[[tuple[Act, ...]], bool]] = {
    "retries": lambda acts: Again() in acts,
    "late texts": lambda acts: any(isinstance(act, Text) and act.ago for act in acts),
    "other people": lambda acts: any(isinstance(act, Text) and act.number for act in acts),
    "other origins": lambda acts: any(
        isinstance(act, Text) and act.origin == Origin.APP for act in acts
    ),
    "orders": lambda acts: any(isinstance(act, Order) for act in acts),
    "deadlines to the second": waits_to_the_second,
}


@pytest.mark.parametrize("kind", list(CONVERSATIONS))
def test_conversations_have_all_that_can_happen(kind: str) -> None:
    reaches = CONVERSATIONS[kind]
    assert reaches(find(conversations(ACCOUNT), reaches, settings=ANY_OF_THEM))


def test_conversations_go_to_every_code_where_there_are_several() -> None:
    codes = [{"shortCode": "123456", "countryCode": "US"}, {"longCode": "15555550100"}]
    several = Account.of(codes)
    found = find(conversations(several), lambda acts: To("15555550100") in acts)
    assert found == (To("15555550100"),)


@given(conversations(ACCOUNT))
@FEW
def test_nothing_comes_again_before_the_first_text(acts: tuple[Act, ...]) -> None:
    texts = [place for place, act in enumerate(acts) if isinstance(act, Text)]
    agains = [place for place, act in enumerate(acts) if isinstance(act, Again)]
    assert not agains or min(texts) < min(agains)


@pytest.mark.parametrize("country", list(ORDERS))
def test_the_oracle_knows_the_order_of_a_country_as_cldr_has_it(country: str) -> None:
    order = "MDY" if SLASHED[country] == "%m/%d/%Y" else "DMY"
    assert date_orders(country) == (order,)
    assert (ORDERS[country]["03/10/2005"] == DATES["03/10/2005"]) == (order == "MDY")
