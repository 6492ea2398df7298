"""What came of many stories, in words and as JSON; `junit` has it in XML."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from optin_engine.harness.refusal import FAULTY, UNUSABLE
from optin_engine.harness.stories.played import Performed, Played
from optin_engine.harness.stories.showing import lines_of
from optin_engine.harness.stories.story import Again, Order, Text
from optin_engine.harness.stories.writing import act_line, said_line, stands_line
from optin_engine.vocabulary import Word

if TYPE_CHECKING:
    from optin_engine.harness.stories.coverage import Coverage


class Verdict(Word):
    """What came of a story as a whole."""

    PASSED = "passed"
    PASSED_IN_PART = "passed in part"
    SKIPPED = "skipped"
    FAILED = "failed"
    BROKEN = "broken"


def verdict(played: Played) -> Verdict:
    """Tell what came of a story; it is skipped where nothing could be texted or ordered."""
    if played.broken:
        return Verdict.BROKEN
    if not played.passed:
        return Verdict.FAILED
    if not played.skipped:
        return Verdict.PASSED
    done = (one for one in played.performed if not one.skipped)
    tried = any(isinstance(one.turn.act, Text | Order | Again) for one in done)
    return Verdict.PASSED_IN_PART if tried else Verdict.SKIPPED


def summary(stories: Sequence[Played], seconds: float, updated: int = 0) -> Iterator[str]:
    """Sum stories up in words: what was left out and why, and then the figures in one line.

    Args:
        stories: as they were played.
        seconds: how long it took, in all.
        updated: how many were rewritten.

    >>> print(*summary([], 0.5))
    0 stories: 0 passed in 0.50 s
    """
    for story in stories:
        first = next(iter(story.skipped), None)
        if first is not None:
            yield f"{story.story.name}:{first.turn.line}: skipped{_rest(story)}: {first.skipped}"
    untold = sum(map(_untold, stories))
    if untold:
        lines = "1 line that begins with = was"
        if untold > 1:
            lines = f"{untold} lines that begin with = were"
        yield f"{lines} not judged: the target does not tell"
    counted = Counter(map(verdict, stories))
    figures = [f"{counted[one]} {one}" for one in Verdict if counted[one] or one is Verdict.PASSED]
    figures += [f"{updated} updated"] if updated else []
    yield f"{_count(len(stories), 'story', 'stories')}: {', '.join(figures)} in {seconds:.2f} s"


def status(stories: Sequence[Played]) -> int:
    """Give the exit status: 0 for what passed, 1 where a story did not, 2 where none was played."""
    if not all(story.passed for story in stories):
        return FAULTY
    is_played = any(verdict(story) != Verdict.SKIPPED for story in stories)
    return 0 if is_played else UNUSABLE


def to_json(
    stories: Sequence[Played],
    seconds: float,
    coverage: "Coverage | None" = None,
    updates: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """Give what came of stories as plain JSON values.

    Args:
        stories: as they were played.
        seconds: how long it took, in all.
        coverage: the rows that they took, if that is wanted.
        updates: by name, the diffs of the stories that were rewritten.

    """
    counted = Counter(map(verdict, stories))
    report = {
        "passed": all(story.passed for story in stories),
        "seconds": round(seconds, 3),
        "summary": {str(one): counted[one] for one in Verdict},
        "stories": [_story(story) for story in stories],
        "updated": {name: list(diff) for name, diff in (updates or {}).items()},
    }
    if coverage is not None:
        report["coverage"] = {
            flow.name: {
                "taken": len(flow.taken),
                "of": len(flow.taken) + len(flow.missing),
                "missing": list(map(str, flow.missing)),
            }
            for flow in coverage.flows
        }
    return report


def _story(played: Played) -> dict[str, Any]:
    story = played.story
    return {
        "name": story.name,
        "title": story.title,
        "rules": list(story.rules),
        "verdict": verdict(played),
        "seconds": round(played.seconds, 6),
        "broken": played.broken.splitlines(),
        "differences": [_difference(one) for one in played.performed if one.differs],
        "skipped": [
            {"line": one.turn.line, "act": act_line(one.turn.act), "reason": one.skipped}
            for one in played.skipped
        ],
        "shown": [] if played.passed else list(lines_of(played)),
    }


def _difference(one: Performed) -> dict[str, Any]:
    return {
        "line": one.turn.line,
        "act": act_line(one.turn.act),
        "at": one.at.isoformat(),
        "expected": [*map(said_line, one.turn.said), *map(stands_line, one.turn.stands)],
        "said": [said_line(said) for said in one.said],
        "stands": [found.found for found in one.found],
        "refused": one.came.refused,
        "readings": [
            {"hears": reading.hears, "rule": reading.rule, "matched": reading.matched}
            for reading in one.came.readings
        ],
        "rows": list(map(str, one.came.rows)),
    }


def _untold(played: Played) -> int:
    return sum(found.found is None for one in played.performed for found in one.found)


def _rest(played: Played) -> str:
    others = len(played.skipped) - 1
    return f", and {_count(others, 'turn', 'turns')} after it" if others else ""


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
