"""`optin-engine test`: stories as tests, from the command line."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from optin_engine.harness.refusal import CommandError, file_errors
from optin_engine.harness.shell import examples, print_json
from optin_engine.trials.reaching import AdapterOption, DefineOption, TargetOption, reached

if TYPE_CHECKING:
    from optin_engine.harness.stories.coverage import Coverage
    from optin_engine.harness.stories.played import Played

commands = typer.Typer()

ENGINE_ONLY = "--update, --coverage and --diagrams are for the engine; leave out --target"
NEEDS_EXTRA = "--junit needs the extra `harness`: pip install 'optin-engine[harness]'"


@commands.command(
    "test",
    epilog=examples(
        "test join.story",
        "test stories/ --coverage --junit results.xml",
        "test join.story --update",
        "test stories/ --target http://127.0.0.1:8080",
        "test stories/ --target http://127.0.0.1:5000/sms --adapter twilio",
    ),
)
def play_stories(  # noqa: PLR0913 - each is an option of its own.
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="Stories, and folders of *.story.")
    ],
    *,
    update: Annotated[
        bool, typer.Option("--update", help="Rewrite what stories expect to what came.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="In how many processes.  [default: the cores]"),
    ] = None,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write JUnit XML as well.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Give the report as JSON.")] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Tell which rows no story takes.")
    ] = False,
    diagrams: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Draw the machines, those rows marked (Mermaid)."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Name also the stories that pass.")
    ] = False,
    target: TargetOption = None,
    adapter: AdapterOption = None,
    define: DefineOption = False,
) -> None:
    """Play stories, and show where something else comes of them.

    With --target they are played at a system that runs, and a report tells of each rule whether
    it is kept. The status is 0 if every story passes, 1 if one does not, and 2 if none could be
    played. What could not be played is skipped, with all that comes after it, and named.
    """
    from optin_engine.harness.stories import reports
    from optin_engine.harness.stories.running import stories_in

    at_system = target is not None
    if at_system and (update or coverage or diagrams):
        raise CommandError(ENGINE_ONLY)
    files = stories_in(paths)
    write = _junit_writer(junit, files) if junit else None
    show = _quietly if as_json else _shown()
    updates: dict[str, Sequence[str]] = {}
    begun, stories = perf_counter(), list["Played"]()
    with _playing(files, jobs, target, adapter, define=define) as playing:
        for played in _updating(playing, updates, show) if update else playing:
            stories.append(played)
            # What breaks a rule is shown in the report on the rules.
            show(() if at_system and played.story.rules else _lines(played, verbose=verbose))
    seconds = perf_counter() - begun
    covered = _coverage(stories) if coverage or diagrams else None
    if write:
        write(stories)
    if diagrams and covered:
        _draw(covered, diagrams)
    if as_json:
        told = reports.to_json(stories, seconds, covered, updates)
        print_json(told | {"rules": _rules(stories)} if at_system else told)
    else:
        if at_system:
            _show_rules(stories, whole=verbose)
        show(_coverage_lines(covered, verbose=verbose) if coverage and covered else ())
        show(reports.summary(stories, seconds, len(updates)))
    raise typer.Exit(reports.status(stories))


def _updating(
    playing: "Iterable[Played]",
    updates: dict[str, Sequence[str]],
    show: Callable[[Iterable[str]], None],
) -> "Iterator[Played]":
    """Rewrite each story that wants it, and play it again: it is its update that counts."""
    from optin_engine.harness.stories.running import play_file
    from optin_engine.harness.stories.updating import update
    from optin_engine.harness.targets.engine import EngineTarget

    for played in playing:
        file = Path(played.story.name)
        changes = update(file, played)
        if changes:
            updates[played.story.name] = changes
            show([*changes, ""])
        yield play_file(EngineTarget, file) if changes else played


def _lines(played: "Played", *, verbose: bool) -> Iterator[str]:
    from optin_engine.harness.stories.reports import verdict
    from optin_engine.harness.stories.showing import lines_of

    if not played.passed:
        yield from lines_of(played)
        yield ""
    elif verbose:
        yield f"{verdict(played)}: {played.story.name}: {played.story.title}".rstrip(": ")


@contextmanager
def _playing(
    files: Sequence[Path],
    jobs: int | None,
    target: str | None,
    adapter: str | None,
    *,
    define: bool,
) -> "Iterator[Iterator[Played]]":
    """Play stories with the engine, or at the system that was named, until the block ends."""
    from optin_engine.harness.stories.running import run, run_together
    from optin_engine.harness.targets.engine import EngineTarget

    with reached(target, adapter, define=define) as opened:
        if opened is None:
            yield run(files, EngineTarget, jobs)
        else:
            yield run_together(files, opened, min(opened.at_once, jobs or opened.at_once))


def _rules(stories: Sequence["Played"]) -> list[dict[str, object]]:
    from optin_engine.harness.conformance import judge, to_json

    return to_json(judge(stories))


def _show_rules(stories: Sequence["Played"], *, whole: bool) -> None:
    from rich.console import Console

    from optin_engine.harness.conformance import judge, show

    show(judge(stories), Console(highlight=False), whole=whole)


def _coverage(stories: Sequence["Played"]) -> "Coverage":
    from optin_engine.harness.stories.coverage import Coverage, flows_of
    from optin_engine.harness.stories.running import accounts_of

    rows = (row for story in stories for row in story.rows())
    return Coverage.of(rows, flows_of(accounts_of(stories)))


def _coverage_lines(coverage: "Coverage", *, verbose: bool) -> Iterator[str]:
    from optin_engine.harness.stories.coverage import coverage_lines

    yield from coverage_lines(coverage, verbose=verbose)
    yield ""


def _draw(coverage: "Coverage", folder: Path) -> None:
    """Write a Mermaid file for each machine."""
    from optin_engine.harness.stories.coverage import diagrams

    with file_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, drawn in diagrams(coverage).items():
            (folder / f"{name.lower()}.mmd").write_text(drawn, encoding="utf-8")


def _junit_writer(file: Path, stories: Sequence[Path]) -> Callable[[Sequence["Played"]], None]:
    """Give what writes the results, once it is clear that they can be, and over no story."""
    if file.resolve() in {story.resolve() for story in stories}:
        message = f"{file}: --junit would be written over this story"
        raise CommandError(message)
    try:
        from optin_engine.harness.stories.junit import write_junit
    except ModuleNotFoundError:
        raise CommandError(NEEDS_EXTRA) from None

    def write(stories: Sequence["Played"]) -> None:
        with file_errors(file):
            write_junit(stories, file)

    return write


def _shown() -> Callable[[Iterable[str]], None]:
    """Give what shows lines, on a terminal in colours."""
    if not sys.stdout.isatty():
        return _flushed
    from rich.console import Console
    from rich.text import Text

    from optin_engine.harness.stories.showing import style_of

    console = Console(highlight=False)

    def show(lines: Iterable[str]) -> None:
        for line in lines:
            console.print(Text(line, style=style_of(line)), soft_wrap=True)

    return show


def _flushed(lines: Iterable[str]) -> None:
    """Show a story at once, also through a pipe."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def _quietly(_: Iterable[str]) -> None:
    """Show nothing: all is in the report."""
