"""Many stories: found, played side by side, and given in the order in which they were found."""

import multiprocessing
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from typing import ClassVar

from optin_engine.account import Account
from optin_engine.harness.refusal import CommandError, reason
from optin_engine.harness.stories.parsing import decoded, read_story
from optin_engine.harness.stories.played import Played
from optin_engine.harness.stories.playing import play, programs_beside
from optin_engine.harness.stories.story import Programs, Story, StoryError
from optin_engine.harness.targets.target import Target, TargetError

SUFFIX = ".story"

# To start a process takes as long as to play so many stories.
WORTH_A_PROCESS = 250
AT_ONCE = 25

OpenTarget = Callable[[], Target]


def stories_in(paths: Sequence[Path]) -> Sequence[Path]:
    """Find stories.

    Args:
        paths: files, whatever their names, and folders, of which every `*.story` is taken,
            also in folders inside them, but not in hidden ones.

    Returns:
        The files, those of a folder by name, and each once.

    Raises:
        CommandError: a path is not there, or a folder has no story in it.

    """
    found: dict[Path, Path] = {}
    for path in paths:
        files = _files_in(path) if path.is_dir() else [path]
        if not files:
            message = f"{path}: there is no story in it; a story is a file named *{SUFFIX}"
            raise CommandError(message)
        if not files[0].exists():
            message = f"{path}: there is no such file or folder"
            raise CommandError(message)
        for file in files:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def run(
    files: Sequence[Path], open_target: OpenTarget, jobs: int | None = None
) -> Generator[Played, None, None]:
    """Play stories, several at a time.

    Args:
        files: the stories.
        open_target: gives a target for each; it is called in the process that plays, so it
            must be a function of a module, a class, or a `functools.partial` of one.
        jobs: in how many processes; by default in as many as there are cores, or fewer where
            starting them would take longer than playing.

    Yields:
        Each story as it was played, in the order of the files. One that cannot be read, or
        at which we ourselves fail, is broken; the others are played all the same. Who closes
        it early waits for no more than the stories at hand.

    """
    jobs = jobs or min(os.cpu_count() or 1, len(files) // WORTH_A_PROCESS)
    if jobs <= 1 or len(files) <= 1:
        yield from map(partial(play_file, open_target), files)
        return
    size = max(1, min(AT_ONCE, len(files) // jobs))
    batches = [files[begin : begin + size] for begin in range(0, len(files), size)]
    with _processes(min(jobs, len(batches))) as pool:
        futures = [pool.submit(_Process.play, open_target, batch) for batch in batches]
        for batch, future in zip(batches, futures, strict=True):
            try:
                yield from future.result()
            except BrokenProcessPool:
                yield from _play_apart(open_target, batch)


def run_together(files: Sequence[Path], open_target: OpenTarget, at_once: int) -> Iterator[Played]:
    """Play stories at a running system, in threads of this process.

    Args:
        files: the stories.
        open_target: gives a target for each.
        at_once: how many stories at a time.

    Yields:
        As `run` does.

    """
    pool = ThreadPoolExecutor(at_once)
    try:
        yield from pool.map(partial(play_file, open_target), files)
    finally:
        # Who leaves early closes the system next, and what still plays there breaks off.
        pool.shutdown(wait=False, cancel_futures=True)


def play_file(open_target: OpenTarget, file: Path) -> Played:
    """Play the story in a file; whatever happens, it is told in what comes back."""
    story = Story(str(file), "", (), ())
    try:
        story = read_story(story.name, decoded(story.name, file.read_bytes()))
        return play(story, open_target(), programs_beside(file))
    except StoryError as error:
        return Played(story, (), str(error))
    except OSError as error:
        return Played(story, (), reason(error, story.name))
    except (TargetError, CommandError) as error:
        return Played(story, (), f"{story.name}: {error}")
    except Exception as error:  # noqa: BLE001 - what fails at one story must not end the others.
        fault = f"{type(error).__name__}: {error}"
        return Played(story, (), f"{story.name}: playing it failed, which is our fault: {fault}")


def accounts_of(stories: Iterable[Played]) -> Iterator[Account]:
    """Give the definitions that stories were played with."""
    for story in stories:
        programs = programs_beside(Path(story.story.name))
        for one in story.performed:
            if isinstance(one.turn.act, Programs):
                yield programs(one.turn.act.file)


class _Process:
    """A process in which stories are played, until it is told to stop."""

    stop: ClassVar[Event]

    @classmethod
    def begin(cls, stop: Event) -> None:
        """Begin; of an interruption at a terminal, which reaches every process, it is told."""
        signal(SIGINT, SIG_IGN)
        cls.stop = stop

    @classmethod
    def play(cls, open_target: OpenTarget, files: Sequence[Path]) -> list[Played]:
        """Play stories one after another."""
        return [play_file(open_target, file) for file in files if not cls.stop.is_set()]


@contextmanager
def _processes(number: int) -> Iterator[ProcessPoolExecutor]:
    """Open processes; when the block ends, also too early, they end after the story at hand."""
    stop = multiprocessing.Event()
    pool = ProcessPoolExecutor(number, initializer=_Process.begin, initargs=(stop,))
    try:
        yield pool
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def _play_apart(open_target: OpenTarget, files: Sequence[Path]) -> list[Played]:
    """Play stories of which one may have ended its process, so that only that one is lost."""
    with _processes(1) as pool:
        try:
            return pool.submit(_Process.play, open_target, files).result()
        except BrokenProcessPool:
            pass
    if len(files) == 1:
        name = str(files[0])
        broken = f"{name}: the process that played it ended abruptly"
        return [Played(Story(name, "", (), ()), (), broken)]
    half = len(files) // 2
    return [
        *_play_apart(open_target, files[:half]),
        *_play_apart(open_target, files[half:]),
    ]


def _files_in(folder: Path) -> Sequence[Path]:
    return sorted(
        file
        for file in folder.rglob(f"*{SUFFIX}")
        if file.is_file()
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )
