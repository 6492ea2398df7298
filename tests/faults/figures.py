"""Figures of a test, for people to read."""

from collections.abc import Callable, Mapping

import pytest

FIGURES = pytest.StashKey[list[str]]()
Report = Callable[[Mapping[str, object]], None]
