"""Every row of every table matters: without it, or with another target, something fails.

A mutant that does not build is caught when the package is imported; one that builds is
caught by the comparison with the oracle, which is the test that it would fail.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from optin_engine.flow import TableError
from optin_engine.machines import build, compile_flow
from optin_engine.tables import STAYS, TABLES
from optin_engine.vocabulary import Refusal, Says
from tests.flows_and_oracle import difference_from_oracle

Row = tuple[Any, ...]


def mutants(name: str) -> Iterator[tuple[str, list[Row]]]:
    """Give the rows of a table with one left out, or with one cell of one row changed."""
    states, _, rows = TABLES[name]
    for place, row in enumerate(rows):
        before, after = list(rows[:place]), list(rows[place + 1 :])
        sources, hears, guards, target, says = row
        yield f"without {row}", before + after
        for other in (*states, STAYS):
            # To stay, and to go where one is, are the same.
            if other != target and not (target == STAYS and sources == other):
                yield f"{row} to {other}", [*before, (sources, hears, guards, other, says), *after]
        for other in (Says.NOTHING, Says.ERROR, Refusal.STALE):
            if other != says:
                changed = (sources, hears, guards, target, other)
                yield f"{row} says {other}", [*before, changed, *after]


def survives(name: str, rows: list[Row]) -> bool:
    """Tell whether no test would notice: it builds, and does what the oracle does."""
    states, hears, _ = TABLES[name]
    try:
        flow = compile_flow(build(name, states, rows), hears=hears)
    except TableError:
        return False
    return difference_from_oracle(flow) is None


@pytest.mark.parametrize("name", TABLES)
def test_no_row_can_be_removed_or_changed_unnoticed(name: str) -> None:
    tried = dict(mutants(name))
    same = {what for what, rows in tried.items() if survives(name, rows)}
    assert same == set()
    assert len(tried) > 4 * len(TABLES[name][2])
