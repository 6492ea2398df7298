"""A story told to a target, and what came of it held against what had to.

The player goes on after a turn that differs, for what comes then is news as well. It does
not go on after a turn that the target cannot play: what follows may rest on it, and to judge
that would blame the target for what it was never asked.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from time import perf_counter

from optin_engine.account import Account
from optin_engine.harness import starter
from optin_engine.harness.definitions import account_of
from optin_engine.harness.refusal import CommandError, file_errors
from optin_engine.harness.stories.played import Performed, Played
from optin_engine.harness.stories.player import Player, UnplayableError
from optin_engine.harness.stories.story import BUILT_IN, Story
from optin_engine.harness.targets.target import Target, TargetError


def play(story: Story, target: Target, programs: Callable[[str], Account]) -> Played:
    """Tell a story to a target, and compare.

    Each text and each order takes a second; `again` takes none, for nobody types it.

    Args:
        story: the story.
        target: one that no story was told to; it is closed at the end.
        programs: gives the account of what a story calls its programmes.

    Returns:
        What came of each turn, as far as the story went: it breaks off where the target or
        the definitions are broken. Where the target is unable the rest is skipped.

    """
    begun, performed, broken = perf_counter(), list[Performed](), ""
    player, skipped = Player(story, target, programs), ""
    try:
        for turn in story.turns:
            if skipped:
                performed.append(Performed(turn, player.now, skipped=skipped))
                continue
            done = player.perform(turn)
            performed.append(done)
            if done.skipped:
                skipped = f"it comes after line {turn.line}, which was skipped"
    except (TargetError, CommandError, UnplayableError) as error:
        lines = error.lines if isinstance(error, CommandError) else (str(error),)
        broken = "\n".join(f"{story.name}:{turn.line}: {line}" for line in lines)
    finally:
        target.close()
    return Played(story, tuple(performed), broken, perf_counter() - begun)


def programs_beside(path: Path) -> Callable[[str], Account]:
    """Give what reads the definitions that a story names.

    Args:
        path: of the story; a file of definitions is looked for from its folder.

    Returns:
        What takes the name and gives the account. It raises a `CommandError` that names
        file and fault; a file that has not changed is read once only.

    >>> list(programs_beside(Path("my.story"))("built-in").codes)
    ['123456']
    """
    return partial(_account, path.parent)


def _account(folder: Path, name: str) -> Account:
    if name == BUILT_IN:
        return _built_in()
    file = folder / name
    with file_errors(file, ValueError):
        status = file.stat()
    return _account_in(file, (status.st_mtime_ns, status.st_size))


@lru_cache(maxsize=256)
def _account_in(file: Path, _version: tuple[int, int]) -> Account:
    return account_of(file)


_built_in = lru_cache(maxsize=1)(starter)
