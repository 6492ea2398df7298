"""A figure, what it is measured against, the table of them, and the command that prints it."""

import argparse
import json
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import attrs

Effort = TypeVar("Effort")


@attrs.frozen
class Figure:
    """One row of the table.

    Attributes:
        what: who or what was measured.
        unit: of the value, such as `us an MO`.
        value: the median of the rounds.
        ratio: the median, over the rounds, of the ratio that the target is about.
        of_what: that ratio in words; empty where the value itself is held to the target.
        most, least: the target; None where there is none.

    """

    what: str
    unit: str
    value: float
    ratio: float | None = None
    of_what: str = ""
    most: float | None = None
    least: float | None = None

    def is_kept(self) -> bool | None:
        """Tell whether the target is reached; None where there is none."""
        held = self.value if self.ratio is None else self.ratio
        if self.most is not None:
            return held <= self.most
        return held >= self.least if self.least is not None else None

    def target(self) -> str:
        """Give the target in words."""
        if self.most is not None:
            return f"at most {self.most:g}"
        return f"at least {self.least:g}" if self.least is not None else ""

    def cells(self) -> Sequence[str]:
        """Give the row of the table."""
        decimals = 0 if self.value >= 100 else 2 if self.value >= 1 else 3
        ratio = f"{self.ratio:.2f} x {self.of_what}" if self.ratio is not None else ""
        kept = {True: "yes", False: "**no**", None: ""}[self.is_kept()]
        return self.what, f"{self.value:,.{decimals}f} {self.unit}", ratio, self.target(), kept


def ratio(ones: Sequence[float], others: Sequence[float]) -> float:
    """Give the median of the ratios of each round."""
    return median(one / other for one, other in zip(ones, others, strict=True))


def table(figures: Iterable[Figure]) -> str:
    """Give the figures as a Markdown table."""
    header = ("measured", "median", "ratio", "target", "reached")
    rows = [header, ("---", "---:", "---", "---", "---"), *(f.cells() for f in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def keep(figures: Iterable[Figure], effort: Any, file: Path) -> None:
    """Write figures to a file as JSON, with the machine and the effort that they are of.

    Args:
        figures: in the order of the table.
        effort: an attrs value that says how much was measured.
        file: which is written over.

    """
    rows = [{**attrs.asdict(figure), "kept": figure.is_kept()} for figure in figures]
    about = {"python": platform.python_version(), "machine": platform.machine()}
    plain = {**about, **attrs.asdict(effort), "figures": rows}
    file.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")


def measure(
    about: str,
    parts: Mapping[str, Callable[[Effort], Sequence[Figure]]],
    usual: Effort,
    quick: Effort,
) -> None:
    """Measure what the command line asks for, and print the table.

    Args:
        about: one line, for `--help`.
        parts: what can be measured, by name.
        usual, quick: attrs values that say how much is measured, without and with `--quick`.

    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--quick", action="store_true", help="only try that everything runs")
    parser.add_argument("--only", choices=parts, action="append", help="measure only this part")
    given = parser.parse_args()
    effort = quick if given.quick else usual
    figures = [figure for part in given.only or parts for figure in parts[part](effort)]
    print(table(figures))
    if given.json is not None:
        keep(figures, effort, given.json)
