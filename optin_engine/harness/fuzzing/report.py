"""What the fuzzer found, for people, for programs, and as stories on the disk."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from hypothesis.configuration import set_hypothesis_home_dir
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from optin_engine.harness.fuzzing.fuzzer import Findings
from optin_engine.harness.fuzzing.game import Finding
from optin_engine.harness.stories.writing import turn_lines, written

Tell = Callable[[int, int], object]


def write_stories(findings: Findings, folder: Path) -> list[Path]:
    """Write each broken rule's story, never over a file that is there; give where.

    Raises:
        OSError: the folder cannot be made, or not written to.

    """
    if findings.found:
        folder.mkdir(parents=True, exist_ok=True)
    return [_written_to(folder, finding) for finding in findings.found]


def _written_to(folder: Path, finding: Finding) -> Path:
    content = written(finding.story)
    for number in count(1):
        name = finding.rule.id if number == 1 else f"{finding.rule.id}-{number}"
        path = folder / f"{name}.story"
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(content)
        except FileExistsError:
            continue
        break
    return path


def lines(findings: Findings, stories: list[Path]) -> Iterator[str]:
    """Tell people: each broken rule with its shortest conversation, and a summary at last."""
    for finding, path in zip(findings.found, stories, strict=True):
        yield f"{finding.rule.id}: {finding.rule.says} (SPEC {finding.rule.section})"
        for turn in finding.story.turns:
            yield from (f"    {line}" for line in turn_lines(turn))
        yield f"  but {came(finding)}"
        yield f"  optin-engine test {path}"
        yield ""
    broken = len(findings.found)
    verdict = f"{broken} rule{'s' * (broken != 1)} broken" if broken else "No rule is broken"
    conversations = f"{findings.examples:,} conversation{'s' * (findings.examples != 1)}"
    played = f"{conversations} in {findings.seconds:.0f} s"
    yield f"{verdict}: {played}, --seed {findings.seed}"


def came(finding: Finding) -> str:
    """Tell what came instead of what had to, in one line."""
    judged = finding.judged
    if judged.crash:
        return f"it failed: {judged.crash}"
    wrong: list[str] = []
    if not judged.is_said:
        texts = (f'"{message.text}"' for message in judged.came.said)
        wrong.append(f"it said {' and '.join(texts) or 'nothing'}")
    if not judged.is_refused:
        why = judged.came.refused
        wrong.append(f"it was refused: {why}" if why else "it was not refused")
    wrong += [
        f"{keyword or 'the contact'} stands at {judged.found[code, number][keyword]}"
        for code, number, keyword in judged.astray
    ]
    if not wrong and judged.law is not None:
        wrong.append(f'"{judged.law.says}" does not hold')
    return ", ".join(wrong)


def to_json(findings: Findings, stories: list[Path]) -> dict[str, Any]:
    """Give the findings as plain values."""
    return {
        "seed": findings.seed,
        "conversations": findings.examples,
        "seconds": round(findings.seconds, 3),
        "targetError": findings.target_error,
        "broken": [
            {
                "rule": finding.rule.id,
                "section": finding.rule.section,
                "says": finding.rule.says,
                "came": came(finding),
                "file": str(path),
                "story": written(finding.story),
            }
            for finding, path in zip(findings.found, stories, strict=True)
        ],
    }


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Keep what Hypothesis writes for itself out of the user's folder."""
    with TemporaryDirectory() as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)


@contextmanager
def progress(seconds: float) -> Iterator[Tell]:
    """Show a progress bar, if there is a terminal; give what is told of the search."""
    if not sys.stderr.isatty():
        yield lambda _, __: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    begun = perf_counter()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=seconds)

        def tell(examples: int, found: int) -> None:
            description = f"conversations: {examples:,}, rules broken: {found}"
            bar.update(task, completed=perf_counter() - begun, description=description)

        yield tell
