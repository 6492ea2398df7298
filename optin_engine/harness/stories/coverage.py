"""Which rows of the machines did no story take?

`Coverage.of` counts, `coverage_lines` tells it in tables of plain text, and `diagrams` draws
each machine with what no story takes marked. Rows that no conversation can take
(`out_of_reach`) count for nothing. A row is counted, and not a line of `tables`: a line that
stands for several states must be shown in each. Some rows want definitions that change in
the middle of a story: Single hears an answer only from who was asked before it was Single.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Self

import attrs

from optin_engine import render
from optin_engine.account import Account
from optin_engine.flow import Flow
from optin_engine.harness.stories.out_of_reach import CONTACT, why_out_of_reach
from optin_engine.machines import FLOWS
from optin_engine.outcome import Row

HEADINGS = ("in", "hears", "if", "goes to", "says")


@attrs.frozen
class OutOfReach:
    """Rows that no conversation can take, for one reason."""

    why: str
    rows: tuple[Row, ...]


@attrs.frozen
class FlowCoverage:
    """One machine, each row of it in one place; all in the order of its table.

    Attributes:
        name: the machine's.
        taken: the rows that were taken.
        missing: those that were not, and could have been.
        out_of_reach: those that cannot be, by the reason.

    """

    name: str
    taken: tuple[Row, ...]
    missing: tuple[Row, ...]
    out_of_reach: tuple[OutOfReach, ...]

    @classmethod
    def of(cls, flow: Flow, taken: Collection[Row]) -> Self:
        """Sort the rows of a flow; one that was taken is within reach, whatever was said of it."""
        rows = tuple(flow.rows())
        others = [row for row in rows if row not in taken]
        by_reason: dict[str, list[Row]] = {}
        for row in others:
            by_reason.setdefault(why_out_of_reach(row), []).append(row)
        missing = tuple(by_reason.pop("", ()))
        out_of_reach = tuple(OutOfReach(why, tuple(rows)) for why, rows in by_reason.items())
        return cls(flow.name, tuple(row for row in rows if row in taken), missing, out_of_reach)

    def __str__(self) -> str:
        """Give the name, and how many rows were taken of those that could be."""
        return f"{self.name} {len(self.taken)}/{len(self.taken) + len(self.missing)}"


@attrs.frozen
class Coverage:
    """What stories took of the machines.

    Attributes:
        flows: the machines.

    >>> print(Coverage.of([]))
    Single 0/32, Double 0/40, Age 0/58, Text 0/25, Contact 0/16
    """

    flows: tuple[FlowCoverage, ...]

    @classmethod
    def of(cls, rows: Iterable[Row], flows: Iterable[Flow] = tuple(FLOWS.values())) -> Self:
        """Count rows.

        Args:
            rows: every row that was taken, in any order and number. One that is of none of
                these machines is not counted: a subscription whose programme is gone runs
                Age, and a target may run machines of its own.
            flows: the machines to cover; `flows_of` gives those that definitions use.

        """
        taken = frozenset(rows)
        return cls(tuple(FlowCoverage.of(flow, taken) for flow in flows))

    @property
    def missing(self) -> tuple[Row, ...]:
        """Every row that was not taken, and could have been."""
        return tuple(row for flow in self.flows for row in flow.missing)

    def __str__(self) -> str:
        """Give the figures of each machine, in one line."""
        return ", ".join(map(str, self.flows))


def flows_of(accounts: Iterable[Account]) -> tuple[Flow, ...]:
    """Give the machines that the programmes of some accounts run, and the number's own.

    >>> [flow.name for flow in flows_of([])]
    ['Contact']
    """
    programs = (p for account in accounts for code in account.codes.values() for p in code.programs)
    used = {CONTACT, *(str(program.opt_in_type) for program in programs)}
    return tuple(flow for name, flow in FLOWS.items() if name in used)


def coverage_lines(coverage: Coverage, *, verbose: bool = False) -> Iterator[str]:
    """Tell a coverage to people, in lines that are never wrapped.

    Args:
        coverage: what to tell.
        verbose: tell also what no conversation can take, and why.

    >>> yes = Row("Double", "In Progress", "YES", (), "Subscribed", "confirmation")
    >>> for line in coverage_lines(Coverage((FlowCoverage("Double", (), (yes,), ()),))):
    ...     print(line)
    Row coverage: Double 0/1
    <BLANKLINE>
    Double: 1 row that no story takes
      in           hears  if  goes to     says
      In Progress  YES        Subscribed  confirmation
    """
    yield f"Row coverage: {coverage}"
    for flow in coverage.flows:
        if flow.missing:
            yield ""
            yield f"{flow.name}: {_counted(flow.missing)} that no story takes"
            yield from _table([HEADINGS, *map(_cells, flow.missing)])
        if verbose and flow.out_of_reach:
            yield ""
            unreached = [row for group in flow.out_of_reach for row in group.rows]
            yield f"{flow.name}: {_counted(unreached)} that no conversation can take"
            for group in flow.out_of_reach:
                yield f"  {len(group.rows):2}  {_where(group.rows)}: {group.why}"


def diagrams(coverage: Coverage) -> dict[str, str]:
    """Draw each machine as a Mermaid text, by its name, with what no story takes marked.

    Args:
        coverage: of the machines of the house; one of another is left out.

    >>> diagrams(Coverage.of([], flows_of([])))["Contact"].count(render.UNTAKEN) > 0
    True
    """
    return {
        flow.name: render.mermaid(FLOWS[flow.name], flow.missing)
        for flow in coverage.flows
        if flow.name in FLOWS
    }


def _cells(row: Row) -> Sequence[str]:
    target = "stays" if row.stays else row.target
    says = f"refused: {row.refusal}" if row.refusal else row.says
    return row.source, row.hears, ", ".join(row.guards), target, says


def _table(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Align cells in columns, two blanks between them."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for cells in lines:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield f"  {'  '.join(padded)}".rstrip()


def _where(rows: Iterable[Row]) -> str:
    """Tell in which states rows stand, and what they hear."""
    states: dict[str, list[str]] = {}
    for row in rows:
        states.setdefault(row.source, []).append(row.hears)
    sources: dict[str, list[str]] = {}
    for state, heard in states.items():
        sources.setdefault(", ".join(heard), []).append(state)
    return "; ".join(f"in {', '.join(where)} on {heard}" for heard, where in sources.items())


def _counted(rows: Sequence[Row]) -> str:
    return f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
