"""A pytest plugin: which lines of `tables.TABLES` did the tests take?

A whole run (no paths, no `-k`, no `-m`, no `--lf`) fails if a line of any table was never
taken, so that no rule can be added without a test that goes through it. A line stands for
a row in each of its states and for each thing it hears; it counts as taken when one of
these was. The lines of the shared groups count once for each table. Where several processes
share the tests (pytest-xdist), each tells the first what it took.
"""

from collections.abc import Generator, Iterable
from itertools import product
from typing import Any

import pytest

from optin_engine import machines
from optin_engine.flow import Flow
from optin_engine.guards import Situation
from optin_engine.outcome import Row
from optin_engine.tables import ANY, TABLES

Key = tuple[str, str, frozenset[str]]
Line = tuple[str, tuple[Any, ...]]
Taken = set[tuple[str, *Key]]

TAKEN = pytest.StashKey[Taken]()


def keys_of(states: tuple[str, ...], line: tuple[Any, ...]) -> Generator[Key]:
    """Give source, event and guards of every row that a line of a table stands for."""
    sources, heard, guards, *_ = line
    here = states if sources == ANY else listed(sources)
    asked = frozenset(guard for guard in guards.split(", ") if guard)
    for source, hears in product(here, listed(heard)):
        yield source, hears, asked


def listed(cell: Any) -> tuple[str, ...]:
    return cell if type(cell) is tuple else (cell,)


def lines_of(taken: Taken) -> dict[str, dict[Line, bool]]:
    """Give, for each table, its lines and whether any row of each was taken."""
    return {
        str(name): {
            (str(name), line): any((str(name), *key) in taken for key in keys_of(states, line))
            for line in lines
        }
        for name, (states, _, lines) in TABLES.items()
    }


def shown(line: Line) -> str:
    """Write a line of a table as one reads it there."""
    name, cells = line
    sources, heard, guards, target, says = (" or ".join(listed(cell)) for cell in cells)
    return f"{name}: {sources}, {heard}, {guards or 'always'} -> {target}, {says}"


def ran_whole(config: pytest.Config) -> bool:
    """Tell whether nothing was left out of the suite."""
    option = config.option
    chosen = option.keyword or option.markexpr or getattr(option, "lf", False)
    return config.args_source is not pytest.Config.ArgsSource.ARGS and not chosen


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Write down every row that the flows of the house take from now on."""
    taken = session.config.stash.setdefault(TAKEN, set())
    ours = {id(flow) for flow in machines.FLOWS.values()}
    seen: set[int] = set()
    step = Flow.step

    def recorded(flow: Flow, state: str, hears: str, situation: Situation) -> Row:
        row = step(flow, state, hears, situation)
        # A row is one and the same value whenever it is taken; most were seen before.
        if id(row) not in seen and id(flow) in ours:
            seen.add(id(row))
            taken.add((row.flow, row.source, row.hears, frozenset(row.guards)))
        return row

    Flow.step = recorded  # type: ignore[method-assign, assignment]
    session.config.add_cleanup(lambda: setattr(Flow, "step", step))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:  # noqa: ARG001 - as xdist calls it.
    """Take what another process took for taken."""
    told: Iterable[tuple[str, str, str, list[str]]] = getattr(node, "workeroutput", {}).get(
        "rows", ()
    )
    node.config.stash[TAKEN] |= {(*row, frozenset(guards)) for *row, guards in told}


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a whole run that passed, but left a line out."""
    told: dict[str, object] | None = getattr(session.config, "workeroutput", None)
    if told is not None:
        rows = session.config.stash[TAKEN]
        told["rows"] = [(*map(str, row), sorted(map(str, guards))) for *row, guards in rows]
        return
    left_out = not all(
        all(lines.values()) for lines in lines_of(session.config.stash[TAKEN]).values()
    )
    if exitstatus == pytest.ExitCode.OK and left_out and ran_whole(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how many lines of each table were taken, and name those that were not."""
    tables = lines_of(config.stash[TAKEN])
    counts = (f"{name} {sum(lines.values())}/{len(lines)}" for name, lines in tables.items())
    terminalreporter.write_line(f"row coverage: {', '.join(counts)}")
    for lines in tables.values():
        for line, taken in lines.items():
            if not taken and ran_whole(config):
                terminalreporter.write_line(f"never taken: {shown(line)}", red=True)
