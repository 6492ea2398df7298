"""`optin-engine`: the command line, a thin shell around the harness.

Each command imports what it needs when it runs, so that `--help` answers at once. An error
of the user is one line and a status: 2 for what cannot be used or read, 1 for definitions
that were read and are faulty.
"""

import contextlib
import os
import sys
from datetime import UTC, datetime
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer.exceptions import Abort, TyperException

from optin_engine import mailings, operations, trials
from optin_engine.harness.refusal import FAULTY, UNUSABLE, CommandError, file_errors, reason
from optin_engine.harness.shell import examples, print_json, print_lines

if TYPE_CHECKING:
    from optin_engine.harness.mos import BadLine

INTERRUPTED = 130

app = typer.Typer(
    help="SMS opt-in and Text Response: try it, replay it, check it, draw it.",
    epilog="Begin with `optin-engine chat`: a phone, and an example to text to.",
    add_completion=False,
    # Its tracebacks would show what is in hand, which may be somebody's number.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


Machine = Literal["single", "double", "age", "text"]
Format = Literal["mermaid", "svg", "markdown"]
Definitions = Annotated[
    Path, typer.Argument(metavar="DEFINITIONS", help="Your codes and programmes, TOML or JSON.")
]
DefinitionsOrOurs = Annotated[
    Path | None,
    typer.Argument(metavar="DEFINITIONS", help="TOML or JSON; without it a built-in example."),
]


def main() -> None:
    """Run the command line; never returns, and never shows a user a traceback."""
    sys.exit(_status())


def _status() -> int:
    _prepare_streams()
    try:
        status = app(prog_name="optin-engine", standalone_mode=False) or 0
        sys.stdout.flush()
    except CommandError as failure:
        _complain(*failure.lines)
        return failure.status
    except TyperException as error:
        _complain(" ".join(error.format_message().split()))
        return UNUSABLE
    except (KeyboardInterrupt, Abort):
        return INTERRUPTED
    except OSError as error:
        # What is still buffered must not complain once more when Python closes it.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            # Nobody reads on.
            return FAULTY
        _complain(reason(error, "input or output"))
        return UNUSABLE
    return int(status)


def _prepare_streams() -> None:
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            # Whoever began us closed it.
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - to the end.
        elif isinstance(stream, TextIOWrapper):
            # What a terminal or a locale cannot show is no reason to end.
            stream.reconfigure(errors="replace")


def _complain(*lines: str) -> None:
    for line in lines:
        typer.echo(f"optin-engine: error: {line}", err=True)


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        from optin_engine import __version__

        typer.echo(f"optin-engine {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(
    epilog=examples("chat", "chat optin.toml --why", "chat --record my.story < texts.txt"),
)
def chat(
    definitions: DefinitionsOrOurs = None,
    *,
    why: Annotated[
        bool, typer.Option("--why", help="Say how each text was read, and which rows were taken.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help="Write it as a story, too.")
    ] = None,
) -> None:
    """Text your programmes from a phone.

    Type what a customer would, in the terminal or into a pipe. Lines such as `:wait 2d` or
    `:web JOIN` are commands; `:help` lists them.
    """
    from optin_engine.harness.chat import Chat, in_colour, lines_of
    from optin_engine.harness.definitions import account_to_text
    from optin_engine.harness.phone import Phone

    account = account_to_text(definitions)
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    show = in_colour() if on_terminal else partial(print, flush=True)
    # A story's times are whole minutes.
    phone = Phone(account, at=datetime.now(UTC).replace(second=0, microsecond=0))
    conversation = Chat(phone, show, definitions, why=why, echo=not on_terminal)
    if on_terminal:
        show(conversation.hint())
    with contextlib.closing(conversation):
        if record is not None:
            with file_errors(record):
                conversation.record(record)
        for line in lines_of(input) if on_terminal else sys.stdin:
            if not conversation.hear(line):
                break


@app.command(
    epilog=examples(
        "replay optin.toml mos.jsonl --outcomes outcomes.jsonl",
        "replay optin.toml - --outcomes - < mos.csv",
        "replay optin.toml mos.csv --record stories",
    ),
)
def replay(  # noqa: PLR0913 - each is an option of its own.
    definitions: Definitions,
    mos: Annotated[
        str, typer.Argument(metavar="MOS", help="JSON lines or CSV; - for standard input.")
    ],
    *,
    outcomes: Annotated[
        str, typer.Option(metavar="FILE", help="Write a JSON line for each MO; - for here.")
    ] = "",
    record: Annotated[
        Path | None,
        typer.Option("--record", metavar="FOLDER", help="Write a story for each contact."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first bad line.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Give the summary as JSON.")] = False,
) -> None:
    """Play a file of texts, and sum it up.

    A line has the members, or columns, id, from, to, text, receivedAt and origin; id and
    origin may be missing. A bad line is reported with its number, and the rest goes on.
    A recorded story names no number, but its texts are as they were.
    """
    from optin_engine.harness.definitions import account_of
    from optin_engine.harness.files import incoming, outgoing, progress
    from optin_engine.harness.mos import UnfitError
    from optin_engine.harness.replay import Replay, summary
    from optin_engine.harness.stories.recording import Stories

    account = account_of(definitions)
    stories = Stories(account, definitions, record) if record else None
    keep = stories.keep if stories else lambda _: None
    bad: list[BadLine] = []
    report = bad.append if strict else _report
    with (
        file_errors(mos, UnfitError),
        incoming(mos) as lines,
        outgoing(outcomes, definitions, mos) as write,
        progress(lines) as tell,
    ):
        tally = Replay(account, write, report, tell, keep, strict=strict).play(lines)
    if bad:
        message = f"{mos}: line {bad[0].line}: {bad[0].reason}"
        raise CommandError(message)
    # Where the outcomes go to standard output, nothing else does.
    aside = outcomes == "-"
    if as_json:
        print_json(tally.to_json(), err=aside)
    else:
        print_lines(summary(tally), err=aside)
    if stories:
        typer.echo(f"Wrote {stories.write()} stories to {record}.", err=True)


@app.command(
    epilog=examples("check optin.toml", "check optin.toml --json"),
)
def check(
    definitions: DefinitionsOrOurs = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Give the report as JSON.")] = False,
) -> None:
    """Find every fault, and prove the machines.

    What only looks suspicious is a warning. The status is 1 if there is a fault or a proof
    fails, and 2 if the file is not TOML or JSON; with --json that is reported as a fault too.
    """
    from rich.console import Console

    from optin_engine.harness.check import is_sound, report, show, unreadable
    from optin_engine.harness.definitions import definitions_of

    try:
        given = definitions_of(definitions)
    except CommandError as failure:
        if as_json:
            print_json(unreadable(failure.lines[0]))
        raise
    found = report(given, datetime.now(UTC).date())
    if as_json:
        print_json(found)
    else:
        console = Console(highlight=False)
        with console.capture() as shown:
            show(found, console)
        typer.echo(shown.get(), nl=False)
    raise typer.Exit(0 if is_sound(found) else FAULTY)


@app.command(
    epilog=examples("diagram double", "diagram age --format svg > age.svg"),
)
def diagram(
    machine: Annotated[Machine, typer.Argument(case_sensitive=False, help="The opt-in type.")],
    *,
    written: Annotated[
        Format, typer.Option("--format", case_sensitive=False, help="What to write it in.")
    ] = "mermaid",
) -> None:
    """Draw the machine of an opt-in type."""
    from optin_engine import render
    from optin_engine.machines import FLOWS

    flow = FLOWS[machine.capitalize()]
    try:
        drawn = render.markdown(flow) if written == "markdown" else render.mermaid(flow)
        typer.echo((render.svg(drawn) if written == "svg" else drawn).rstrip("\n"))
    except ModuleNotFoundError as missing:
        raise CommandError(str(missing)) from None


@app.command(epilog=examples("init", "init acme.toml", "init --service serve.toml"))
def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to.")] = Path("optin.toml"),
    *,
    service: Annotated[
        bool, typer.Option("--service", help="The configuration of `serve` instead.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
) -> None:
    """Write a commented starter file."""
    from optin_engine.harness import service_text, starter_text

    if file.exists() and not force:
        message = f"{file} exists; --force writes over it"
        raise CommandError(message)
    with file_errors(file), file.open("w" if force else "x", encoding="utf-8") as starter:
        starter.write(service_text() if service else starter_text())
    told = f"Run it: optin-engine serve --config {file}"
    typer.echo(f"Wrote {file}. {told if service else f'Text it: optin-engine chat {file}'}")


# The tester's commands, and after what anybody can try the operator's and the campaigner's.
app.add_typer(trials.commands)
app.add_typer(operations.commands)
app.add_typer(mailings.commands)


def _report(bad: "BadLine") -> None:
    typer.echo(f"optin-engine: line {bad.line}: {bad.reason}", err=True)
