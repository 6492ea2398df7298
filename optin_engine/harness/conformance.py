"""What stories tell of a system: each rule of SPEC, kept or broken, and by what conversation.

A story speaks for the rules that it names. A rule is broken if one of them fails, and the
shortest that does is shown, to the turn where it failed; it is kept if all that could be
played to the end passed. What no story could show, because the target lacks a way to play
it, is said so with the reason: it is neither.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs
from rich.console import Console
from rich.table import Table
from rich.text import Text

from optin_engine.harness.rules import RULES, Rule
from optin_engine.harness.shell import widen
from optin_engine.harness.stories.played import Played
from optin_engine.harness.stories.showing import lines_of
from optin_engine.vocabulary import Word

NO_STORY = "no story shows it"


class Standing(Word):
    """What is known of a rule at a target."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_SHOWN = "not shown"


COLOURS = {Standing.KEPT: "green", Standing.BROKEN: "red", Standing.NOT_SHOWN: "yellow"}


@attrs.frozen
class Judged:
    """What is known of one rule.

    Attributes:
        rule: the rule.
        standing: whether the target keeps it.
        stories: how many stories show it that were played to their end, or failed.
        broken_by: the shortest conversation that breaks it, to the turn that does.
        why: the reason, where it is not shown.

    """

    rule: Rule
    standing: Standing
    stories: int = 0
    broken_by: Played | None = None
    why: str = ""


def judge(played: Iterable[Played], rules: Sequence[Rule] = RULES) -> Sequence[Judged]:
    """Judge every rule by the stories that name it.

    Args:
        played: stories that were played at one target.
        rules: those to judge, in the order to tell them.

    """
    showing: dict[str, list[Played]] = {rule.id: [] for rule in rules}
    for one in played:
        for name in one.story.rules:
            showing.setdefault(name, []).append(one)
    return [_judged(rule, showing[rule.id]) for rule in rules]


def to_json(judged: Iterable[Judged]) -> list[dict[str, Any]]:
    """Give the report as plain values."""
    return [
        {
            "rule": one.rule.id,
            "section": one.rule.section,
            "says": one.rule.says,
            "standing": one.standing,
            "stories": one.stories,
            "story": one.broken_by.story.name if one.broken_by else None,
            "conversation": list(lines_of(one.broken_by)) if one.broken_by else [],
            "why": one.why,
        }
        for one in judged
    ]


def show(judged: Sequence[Judged], console: Console, *, whole: bool = False) -> None:
    """Print the report: a table of the rules, then the conversations that break some.

    Args:
        judged: each rule.
        console: where to.
        whole: have also the rules in the table that no story shows.

    """
    widen(console)
    told = [one for one in judged if whole or one.why != NO_STORY]
    if told:
        console.print(_table(told))
    for story, broken in _by_conversation(judged):
        for rule in broken:
            console.print(Text(f"\nSPEC {rule.section}, {rule.id}, is broken: {rule.says}.", "red"))
        for line in lines_of(story):
            console.print(Text(line), soft_wrap=True)
    console.print(Text("\n" + ", ".join(_counts(judged))))


def _judged(rule: Rule, stories: Sequence[Played]) -> Judged:
    failed = [_to_the_failure(one) for one in stories if not one.passed]
    whole = [one for one in stories if one.passed and not one.skipped]
    shown = len(failed) + len(whole)
    if failed:
        shortest = min(failed, key=lambda one: len(one.performed))
        return Judged(rule, Standing.BROKEN, shown, shortest)
    if whole:
        return Judged(rule, Standing.KEPT, shown)
    reasons = dict.fromkeys(one.skipped[0].skipped for one in stories)
    return Judged(rule, Standing.NOT_SHOWN, why="; ".join(reasons) or NO_STORY)


def _to_the_failure(played: Played) -> Played:
    differing = (place for place, one in enumerate(played.performed, 1) if one.differs)
    return attrs.evolve(played, performed=played.performed[: next(differing, None)])


def _by_conversation(judged: Iterable[Judged]) -> Sequence[tuple[Played, Sequence[Rule]]]:
    """Give each conversation that breaks something with the rules that it breaks.

    The shortest comes first: what it shows is often why the longer ones fail as well.
    """
    found: dict[str, tuple[Played, list[Rule]]] = {}
    for one in judged:
        if one.broken_by:
            _, rules = found.setdefault(one.broken_by.story.name, (one.broken_by, []))
            rules.append(one.rule)
    return sorted(found.values(), key=lambda pair: len(pair[0].performed))


def _table(judged: Iterable[Judged]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("SPEC", "rule", "", "what it says"):
        table.add_column(heading, overflow="fold")
    for one in judged:
        says = f"{one.rule.says} ({one.why})" if one.why else one.rule.says
        standing = Text(one.standing, COLOURS[one.standing])
        table.add_row(one.rule.section, one.rule.id, standing, Text(says))
    return table


def _counts(judged: Sequence[Judged]) -> Iterator[str]:
    for standing in Standing:
        yield f"{sum(one.standing == standing for one in judged)} {standing}"
