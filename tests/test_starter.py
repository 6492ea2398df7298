"""The file that `init` writes: what stands behind a # in it is sound once the # is away."""

import re
import tomllib
from datetime import date
from functools import cache

from optin_engine.account import Account
from optin_engine.engine import Engine
from optin_engine.harness import starter, starter_text
from optin_engine.lint import lint
from optin_engine.program import Code
from optin_engine.vocabulary import Contact, Inbound, OptInType
from tests.serving import ANN, NOON


@cache
def whole() -> Account:
    """Give the account of the file with all its settings in use."""
    bare = re.sub(r"(?m)^# (\[\[[a-z]+\]\]|[A-Za-z]+ += )", r"\1", starter_text())
    return Account.from_dict(tomllib.loads(bare))


def code() -> Code:
    return whole().code("123456")


def test_with_every_setting_in_use_nothing_is_wrong_or_suspicious() -> None:
    assert whole().warnings(date(2026, 6, 1)) == ()
    assert lint(whole()) == ()


def test_the_pace_and_the_quiet_hours_of_a_code_are_behind_a_hash() -> None:
    assert starter().code("123456").throughput is None
    assert (code().throughput, str(code().quiet_hours)) == (10, "21:00-08:00")


def test_a_text_response_is_behind_a_hash_and_answers() -> None:
    assert [one.opt_in_type for one in starter().code("123456").programs] == [
        *(OptInType.SINGLE, OptInType.DOUBLE, OptInType.AGE)
    ]
    (response,) = (one for one in code().programs if one.opt_in_type == OptInType.TEXT)
    said = [
        Engine(whole()).receive(Contact(ANN, "123456"), Inbound(text, NOON)).outbound[0].text
        for text in (response.keyword, f"{response.keyword} rome")
    ]
    assert ["in town are" in said[0], "in Rome are" in said[1]] == [True, True]


def test_an_outbound_message_of_a_programme_is_behind_a_hash() -> None:
    assert starter().code("123456").outbound == ()
    (sale,) = code().outbound
    assert sale.keyword in {one.keyword for one in code().programs}
    assert sale.is_active
