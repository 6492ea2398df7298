"""Tables with one row wrong, as flows to be put in place of the right ones."""

from typing import Any

from optin_engine.flow import Flow
from optin_engine.machines import build, compile_flow
from optin_engine.tables import NONE, NOTHING, SUBSCRIBED, TABLES
from optin_engine.vocabulary import Hears, Says

Row = tuple[Any, ...]


def with_row(name: str, old: Row, new: Row) -> Flow:
    """Give the flow of a table in which one row is another."""
    states, hears, rows = TABLES[name]
    assert old in rows
    changed = [new if row == old else row for row in rows]
    return compile_flow(build(name, states, changed), hears=hears)


JOINS_IN_SILENCE = with_row(
    "Single",
    (NONE, Hears.JOIN, "handset", SUBSCRIBED, Says.RESPONSE),
    (NONE, Hears.JOIN, "handset", SUBSCRIBED, NOTHING),
)
