"""What a story expects, rewritten to what came: for review, never for belief.

Only the lines `<`, `<~` and `=` that differ change; every other line stays as it is, with
its place, its indentation and its line end, and so does a pattern that still fits.
"""

import difflib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import attrs

from optin_engine.harness.refusal import CommandError, reason
from optin_engine.harness.stories.escaping import BLANKS
from optin_engine.harness.stories.matching import aligned, matches
from optin_engine.harness.stories.parsing import decoded, read_story
from optin_engine.harness.stories.played import Performed, Played
from optin_engine.harness.stories.story import StoryError, Turn
from optin_engine.harness.stories.writing import SILENCE, said_line, stands_line


def update(path: Path, played: Played) -> Sequence[str]:
    """Rewrite what a story expects to what came, in its file.

    The file is written whole or not at all. A story that broke off is left as it is, and of
    one that was played in part the turns that were skipped.

    Args:
        path: of the story.
        played: the story as it was played.

    Returns:
        What changed, as a unified diff; empty where nothing did.

    Raises:
        CommandError: the file was changed since it was played, cannot hold what came, or
            cannot be written.

    """
    name = played.story.name
    if played.broken or played.passed:
        return ()
    if not path.is_file():
        message = f"{name}: it cannot be updated: it is no file that can be written again"
        raise CommandError(message)
    try:
        text = decoded(name, path.read_bytes())
        now = read_story(name, text)
        if now.turns != played.story.turns:
            message = f"{name}: it was changed while it was played; nothing is updated"
            raise CommandError(message)
        new = updated(text, attrs.evolve(played, story=now))
        read_story(name, new)
        _write(path, new)
    except OSError as error:
        raise CommandError(reason(error, name)) from None
    except StoryError as error:
        message = f"{name}: it cannot be updated: {error.message}"
        raise CommandError(message) from None
    return tuple(_diff(name, text, new))


def updated(text: str, played: Played) -> str:
    r"""Give the text of a story with what came for what it expects.

    Args:
        text: of the story that was played.
        played: as it was played; the lines of its story are those of the text.

    """
    lines = text.split("\n")
    edits = _Edits(lines)
    ends = [turn.line for turn in played.story.turns[1:]] + [len(lines) + 1]
    turns = zip(played.story.turns, played.performed, ends, strict=False)
    for turn, performed, end in turns:
        if not performed.is_said:
            _say(edits, turn, performed, end)
        for stands, found in zip(turn.stands, performed.found, strict=False):
            if found.differs:
                edits.replace(stands.line, stands_line(found.instead) if found.instead else "")
    return "\n".join(edits.result())


def _say(edits: "_Edits", turn: Turn, performed: Performed, end: int) -> None:
    """Rewrite what is said after one act; `end` is the line where its lines have ended."""
    silences = [line for line in range(turn.line + 1, end) if edits.at(line) == SILENCE]
    last = silences[-1] if silences else turn.line
    for line in silences:
        edits.replace(line, "")
    for wanted, came in aligned(turn.said, performed.said):
        last = wanted.line if wanted else last
        if came is None:
            edits.replace(last, "")
        elif wanted is None:
            edits.add(last, said_line(came))
        elif not matches(wanted, came):
            edits.replace(last, said_line(came))
    if not performed.said:
        edits.replace(turn.said[0].line, SILENCE)


@attrs.define
class _Edits:
    """The lines of a text, and what becomes of some; the first is number 1."""

    lines: Sequence[str]
    instead: dict[int, str] = attrs.field(factory=dict, init=False)
    after: dict[int, list[str]] = attrs.field(factory=dict, init=False)

    def at(self, line: int) -> str:
        """Give a line without blanks and line end."""
        return self.lines[line - 1].strip(BLANKS + "\r")

    def replace(self, line: int, new: str) -> None:
        """Put a line in the place of another; an empty one only takes it away."""
        self.instead[line] = new

    def add(self, line: int, new: str) -> None:
        """Put a line after another, and after those that were put there before."""
        self.after.setdefault(line, []).append(new)

    def result(self) -> Iterator[str]:
        """Give all lines as they become."""
        for number, line in enumerate(self.lines, 1):
            blanks = line[: len(line) - len(line.lstrip(BLANKS))]
            end = "\r" if line.endswith("\r") else ""
            new = self.instead.get(number)
            if new is None:
                yield line
            elif new:
                yield f"{blanks}{new}{end}"
            for added in self.after.get(number, ()):
                yield f"{blanks}{added}{end}"


def _write(path: Path, text: str) -> None:
    """Write a file so that at any moment it is the old one or the new one, and whole."""
    file = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(text.encode())
            new.flush()
            os.fsync(new.fileno())
        Path(name).chmod(file.stat().st_mode)
        Path(name).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _diff(name: str, old: str, new: str) -> Iterator[str]:
    before, after = (text.replace("\r", "").split("\n") for text in (old, new))
    return difflib.unified_diff(before, after, name, f"{name}, updated", n=1, lineterm="")
