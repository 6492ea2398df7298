"""Figures of a test, for people to read: a plugin that shows them at the end of a run."""

from collections.abc import Callable, Mapping

import pytest

Report = Callable[[Mapping[str, object]], None]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for test in terminalreporter.getreports("passed"):
        if test.user_properties and "faults" in test.nodeid:
            figures = ", ".join(f"{value} {name}" for name, value in test.user_properties)
            terminalreporter.write_line(f"{test.nodeid.partition('::')[2]}: {figures}")
