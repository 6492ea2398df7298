"""Fixtures of the tests of faults: the stores they use, and their figures, shown at the end."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.faults.figures import Report

SHARED = ("sqlite", "postgres")
"""The stores that several processes can use at once."""


@pytest.fixture(params=SHARED)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty store that several processes may use."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'faults.db'}"
    found: str = request.getfixturevalue("postgres")
    return found


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Report:
    """Give a function that shows figures at the end."""

    def show(figures: Mapping[str, object]) -> None:
        for name, value in figures.items():
            record_property(name, value)

    return show
