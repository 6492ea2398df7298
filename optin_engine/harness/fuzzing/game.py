"""A conversation with a target, played under the eyes of a judge up to the first difference."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache

import attrs

from optin_engine.account import Account
from optin_engine.harness.fuzzing.broken import rule_of
from optin_engine.harness.fuzzing.judged import Judged, JudgedTarget
from optin_engine.harness.fuzzing.judges import Judge
from optin_engine.harness.fuzzing.pools import Acts
from optin_engine.harness.fuzzing.telling import Told, story_of
from optin_engine.harness.phone import NOON
from optin_engine.harness.rules import BY_ID, Rule
from optin_engine.harness.stories.player import Player
from optin_engine.harness.stories.story import (
    AT_ONCE,
    Act,
    At,
    Programs,
    Story,
    Text,
    Turn,
    Wait,
)
from optin_engine.harness.targets.target import Target


@attrs.frozen
class Finding:
    """A rule that is broken.

    Attributes:
        rule: the rule.
        story: the shortest conversation that shows it, with what must come of each turn.
        judged: its last turn: what had to come, and what came.
        place: of that turn in the story, from 0.

    """

    rule: Rule
    story: Story
    judged: Judged
    place: int


class BrokenError(Exception):
    """A conversation that breaks a rule; each rule has a type of its own."""

    def __init__(self, finding: Finding, acts: Acts) -> None:
        super().__init__(finding.rule.says)
        self.finding, self.acts = finding, acts


@attrs.frozen
class Game:
    """A conversation with a target, judged.

    Args:
        account: the programmes.
        programs: what a story calls them.
        open_target: opens a target for one conversation, where nobody is known.
        judge: makes a judge for one conversation; None where nobody judges.
        begin: what the clock shows at first.
        can_wait: the target's clock can be moved; if not, nothing is played that takes time.

    """

    account: Account
    programs: str
    open_target: Callable[[], Target]
    judge: Callable[[], Judge] | None
    begin: datetime = NOON
    can_wait: bool = True

    def play(self, acts: Acts) -> None:
        """Play a conversation up to the first difference.

        Raises:
            BrokenError: of the type of its rule, where something came that must not.
            TargetError: the target is broken.

        """
        opening: Acts = (Programs(self.programs),)
        if not self.can_wait:
            acts = tuple(_at_once(acts))
        elif self.begin != NOON:
            opening += (At(self.begin),)
        turns = tuple(Turn(act) for act in (*opening, *acts))
        target = self.open_target()
        judged = JudgedTarget(target, self.judge()) if self.judge else None
        story = Story("", "", (), turns)
        player = Player(story, judged or target, lambda _: self.account, self.begin)
        told: list[tuple[Act, str, Judged | None]] = []
        try:
            for place, turn in enumerate(turns):
                before = len(judged.judged) if judged else 0
                player.perform(turn)
                now = judged.judged[before:] if judged else []
                told.append((turn.act, player.code, now[0] if now else None))
                if now and now[0].differs:
                    raise _broken(told, now[0], place, acts[: place + 1 - len(opening)])
        finally:
            target.close()


def _at_once(acts: Acts) -> Iterator[Act]:
    """Give the acts without the time that passes between them and on the way."""
    for act in acts:
        if isinstance(act, Text):
            yield attrs.evolve(act, ago=AT_ONCE)
        elif not isinstance(act, Wait | At):
            yield act


def _broken(told: Told, judged: Judged, place: int, acts: Acts) -> BrokenError:
    rule = BY_ID[rule_of(judged)]
    return error_of(rule)(Finding(rule, story_of(rule, told), judged, place), acts)


@cache
def error_of(rule: Rule) -> type[BrokenError]:
    """Give the type of exception of a rule, the same one each time."""
    return type(f"Broken_{rule.id}", (BrokenError,), {})
