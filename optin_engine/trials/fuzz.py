"""`optin-engine fuzz`: conversations by chance, and what is wrong with what comes of them."""

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optin_engine.harness.refusal import FAULTY, CommandError, file_errors
from optin_engine.harness.shell import examples, print_json, print_lines
from optin_engine.trials.reaching import AdapterOption, DefineOption, TargetOption, reached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optin_engine.harness.fuzzing.fuzzer import Findings
    from optin_engine.harness.fuzzing.judges import Judge
    from optin_engine.harness.targets.target import Target

    Partners = tuple[Callable[[], Target], Callable[[], Judge], datetime | None]

commands = typer.Typer()

NEEDS_EXTRA = "fuzz needs the extra `harness`: pip install 'optin-engine[harness]'"
SEEDS = 3  # bytes: a number that people can copy.


@commands.command(
    epilog=examples(
        "fuzz optin.toml",
        "fuzz optin.toml --for 5m --seed 17 --out found",
        "fuzz optin.toml --target http://127.0.0.1:5000/sms --adapter twilio",
    ),
)
def fuzz(  # noqa: PLR0913 - each is an option of its own.
    definitions: Annotated[
        Path, typer.Argument(metavar="DEFINITIONS", help="Your codes and programmes, TOML or JSON.")
    ],
    *,
    length: Annotated[str, typer.Option("--for", metavar="LENGTH", help="How long.")] = "60s",
    seed: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Play the same again.  [default: another each time]"),
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where to write stories of what is wrong.")
    ] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Give the report as JSON.")] = False,
    target: TargetOption = None,
    adapter: AdapterOption = None,
    define: DefineOption = False,
) -> None:
    """Play conversations by chance, and check every turn of them.

    Several people text retries, late texts, odd texts, birth dates at the edge, at moments
    around your deadlines. What breaks a rule is written as the shortest story that shows it.
    With --target it is a system that runs which is texted, and the engine says what must come.
    Ctrl-C ends it, and shows what was found. The status is 1 if a rule is broken.
    """
    _see_to_the_extra()
    from optin_engine.harness.definitions import account_to_text
    from optin_engine.harness.fuzzing import report
    from optin_engine.harness.fuzzing.fuzzer import fuzz as find
    from optin_engine.harness.fuzzing.interruption import interruption

    account = account_to_text(definitions)
    if out.exists() and not out.is_dir():
        message = f"{out}: it is no folder"
        raise CommandError(message)
    seconds = _seconds(length)
    chosen = int.from_bytes(os.urandom(SEEDS)) if seed is None else seed
    programs = os.path.relpath(definitions, out)
    with (
        _partners(target, adapter, define=define) as (open_target, judge, now),
        report.nothing_kept(),
        report.progress(seconds) as tell,
        interruption() as is_ended,
    ):
        findings = find(
            account,
            programs,
            open_target,
            judge,
            seconds=seconds,
            seed=chosen,
            now=now,
            tell=tell,
            is_ended=is_ended,
        )
    stories = _written(findings, out)
    if as_json:
        print_json(report.to_json(findings, stories))
    else:
        print_lines(report.lines(findings, stories))
    if findings.target_error:
        raise CommandError(findings.target_error, status=FAULTY)
    raise typer.Exit(FAULTY if findings.found else 0)


def _written(findings: "Findings", out: Path) -> list[Path]:
    """Write the stories; where they cannot be, show them, for it took long to find them."""
    from optin_engine.harness.fuzzing.report import write_stories
    from optin_engine.harness.stories.writing import written

    try:
        with file_errors(out):
            return write_stories(findings, out)
    except CommandError:
        print_lines(written(finding.story) for finding in findings.found)
        raise


def _see_to_the_extra() -> None:
    try:
        import hypothesis  # noqa: F401 - it is there, and that is all.
    except ModuleNotFoundError:
        raise CommandError(NEEDS_EXTRA) from None


@contextmanager
def _partners(target: str | None, adapter: str | None, *, define: bool) -> "Iterator[Partners]":
    """Give who is texted, who judges, and the time if the clock there stands in nobody's hand."""
    from optin_engine.harness.fuzzing.judges import EngineJudge, OracleJudge
    from optin_engine.harness.targets.engine import EngineTarget
    from optin_engine.harness.targets.target import TargetError

    try:
        with reached(target, adapter, define=define) as opened:
            if opened is None:
                yield EngineTarget, OracleJudge, None
            else:
                yield opened, EngineJudge, None if opened.can_wait else datetime.now(UTC)
    except TargetError as error:
        raise CommandError(str(error)) from None


def _seconds(length: str) -> float:
    from optin_engine.harness.phone import duration

    try:
        seconds = duration(length).total_seconds()
    except ValueError as error:
        message = f"--for {length}: {error}"
        raise CommandError(message) from None
    if not seconds:
        message = f"--for {length}: it must be a second at the least"
        raise CommandError(message)
    return seconds
