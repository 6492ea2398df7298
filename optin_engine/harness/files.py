"""The files that `replay` and `lists import` read, with a bar, and those that `replay` writes."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from io import BufferedReader
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, cast

from optin_engine.harness.refusal import file_errors

STANDARD = "-"
A_LOT = 1 << 20


def incoming(name: str) -> AbstractContextManager[BufferedReader]:
    """Open a file to read; `-` is standard input.

    Raises:
        OSError: it cannot be opened.

    """
    if name == STANDARD:
        return nullcontext(cast("BufferedReader", sys.stdin.buffer))
    return cast("BufferedReader", Path(name).open("rb", buffering=A_LOT))


@contextmanager
def outgoing(name: str, *sources: str | Path) -> Iterator[Callable[[bytearray], object] | None]:
    """Open the file of outcomes, and give what writes whole lines to it.

    Whatever ends the writing, the file ends with a whole line: of what was cut off in the
    midst of writing, nothing is left.

    Args:
        name: the file; `-` is standard output, and an empty name is none at all.
        sources: what is read, each of which must be another file.

    Raises:
        CommandError: it cannot be written.
        OSError: it cannot be opened, or it is one of those that are read.

    """
    if name in {"", STANDARD}:
        yield sys.stdout.buffer.write if name else None
        return
    for source in map(Path, sources):
        if Path(name).exists() and source.exists() and source.samefile(name):
            message = f"the outcomes would be written over {source}"
            raise OSError(message)
    with Path(name).open("wb", buffering=0) as file:
        whole = 0

        def write(lines: bytearray) -> None:
            nonlocal whole
            rest = memoryview(lines)
            # It is this file that is full, and not the one that is read meanwhile.
            with file_errors(name):
                while rest:
                    rest = rest[file.write(rest) :]
            whole += len(lines)

        try:
            yield write
        except BaseException:
            with suppress(OSError):
                file.truncate(whole)
            raise


@contextmanager
def progress(file: BinaryIO, counted: str = "MOs") -> Iterator[Callable[[int], object]]:
    """Show a progress bar, if there is a terminal; give what is told the lines so far."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    status = os.fstat(file.fileno())
    size = status.st_size if S_ISREG(status.st_mode) else None
    counts = TextColumn(f"{{task.fields[lines]:,}} {counted}")
    columns = (counts, BarColumn(), TaskProgressColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=size, lines=0)

        def tell(lines: int) -> None:
            bar.update(task, completed=file.tell() if size else 0, lines=lines, refresh=True)

        yield tell
