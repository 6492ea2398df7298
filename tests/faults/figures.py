"""Figures of a test, for people to read: what they are of, and how many."""

from collections.abc import Callable, Mapping

Report = Callable[[Mapping[str, object]], None]
