"""The fuzzer: Hypothesis plays conversations with a target, and a judge says what must come.

Each rule of SPEC that is broken is an exception type of its own, so that Hypothesis shrinks each
by itself, and one run finds several. It is not asked to remember, to hurry or to explain: the
seed alone decides what is played, and time alone when it ends.
"""

from collections.abc import Callable
from datetime import datetime
from time import perf_counter

import attrs
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import HypothesisException

from optin_engine.account import Account
from optin_engine.harness.fuzzing.game import BrokenError, Finding, Game
from optin_engine.harness.fuzzing.judges import Judge
from optin_engine.harness.fuzzing.pools import Acts, beginning
from optin_engine.harness.phone import NOON
from optin_engine.harness.rules import BY_ID, Rule
from optin_engine.harness.stories.player import UnplayableError
from optin_engine.harness.strategies import conversations
from optin_engine.harness.targets.target import Target, TargetError

# How many conversations Hypothesis plays at once; after them it begins anew, with another seed.
BATCH = 500

# So many conversations in a row that show nothing shorter, and Hypothesis has shrunk enough: what
# can still be left out of one is found by leaving it out.
PATIENCE = 100

# What was found in time may be shrunk for as long as this after it, in parts of the whole time.
OVERTIME = 0.25

Check = Callable[[Acts], None]


@attrs.frozen
class Findings:
    """What the fuzzer found.

    Attributes:
        found: each rule that is broken, in the order they were found.
        examples: how many conversations were played.
        seconds: how long it took.
        seed: what decided which conversations.
        target_error: what the target did by which it ended the search; empty where it did not.

    """

    found: tuple[Finding, ...]
    examples: int
    seconds: float
    seed: int
    target_error: str = ""


class _TimeIsUp(BaseException):
    """The time is over, or somebody has enough of it, also in the midst of shrinking."""


class _IsShrunk(BaseException):
    """Whatever was found in this batch is short enough."""


class _TargetIsBroken(BaseException):
    """The target can no longer be asked anything."""


def drive(account: Account, examples: int, seed: int, check: Check, begin: datetime = NOON) -> None:
    """Let Hypothesis play conversations; what `check` raises, it shrinks.

    Args:
        account: with whom.
        examples: how many.
        seed: decides which ones.
        check: is given each.
        begin: what the clock shows at first.

    >>> from optin_engine.harness import starter
    >>> played = []
    >>> drive(starter(), 10, 1, played.append)
    >>> len(played)
    10
    """

    @seeded(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=True,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(conversations(account, begin))
    def play(acts: Acts) -> None:
        check(acts)

    play()


@attrs.define
class _Search:
    """What was played and found so far."""

    game: Game
    seconds: float
    enough: int
    tell: Callable[[int, int], object]
    is_ended: Callable[[], bool]
    begun: float = attrs.field(factory=perf_counter)
    examples: int = 0
    found: dict[Rule, BrokenError] = attrs.field(factory=dict)
    known: frozenset[Rule] = frozenset()
    in_vain: int = 0
    target_error: str = ""

    def check(self, acts: Acts) -> None:
        """Play one conversation; what shows a rule anew that was shrunk before is no news."""
        shrinks = len(self.found) > len(self.known)
        seconds = perf_counter() - self.begun
        if self.is_ended() or seconds > self.seconds * (1 + OVERTIME * shrinks):
            raise _TimeIsUp
        if shrinks and self.in_vain > PATIENCE:
            raise _IsShrunk
        self.examples, self.in_vain = self.examples + 1, self.in_vain + 1
        self.tell(self.examples, len(self.found))
        try:
            self.game.play(acts)
        except TargetError as error:
            raise _TargetIsBroken(str(error)) from None
        except BrokenError as broken:
            rule = broken.finding.rule
            if rule in self.known:
                return
            if rule not in self.found or _size(broken) < _size(self.found[rule]):
                self.found[rule], self.in_vain = broken, 0
            raise

    def search(self, seed: int) -> None:
        """Play until the time is over, somebody has enough of it, or the target is broken."""
        batch = 0
        while perf_counter() - self.begun < self.seconds and len(self.found) < self.enough:
            try:
                drive(
                    self.game.account, BATCH, seed * 1_000_003 + batch, self.check, self.game.begin
                )
            except (BrokenError, ExceptionGroup, HypothesisException) as found:
                self._is_ours(found)
            except _IsShrunk:
                pass
            except (_TimeIsUp, KeyboardInterrupt):
                return
            except _TargetIsBroken as broken:
                self.target_error = str(broken)
                return
            self.known, batch = frozenset(self.found), batch + 1

    def _is_ours(self, error: Exception) -> None:
        """Raise on what no rule is broken by: a fault of the judge, or of the fuzzer."""
        errors = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
        for one in errors:
            if not isinstance(one, BrokenError | HypothesisException):
                raise one


def _size(broken: BrokenError) -> tuple[int, int]:
    """Give how long a conversation is: its acts, and then what is in them."""
    return len(broken.acts), sum(len(str(act)) for act in broken.acts)


def fuzz(  # noqa: PLR0913 - each is a choice of its own; most are named.
    account: Account,
    programs: str,
    open_target: Callable[[], Target],
    judge: Callable[[], Judge],
    *,
    seconds: float,
    seed: int,
    enough: int = len(BY_ID),
    now: datetime | None = None,
    tell: Callable[[int, int], object] = lambda examples, found: None,  # noqa: ARG005
    is_ended: Callable[[], bool] = lambda: False,
) -> Findings:
    """Play conversations with a target for a while, and find what it does wrong.

    Where Ctrl-C or a target that breaks ends it early, what was found by then is given.

    Args:
        account: the programmes.
        programs: what a story calls them: the path of their file from the story's, or
            `built-in`.
        open_target: opens a target for one conversation, where nobody is known.
        judge: makes a judge for one conversation.
        seconds: how long; a quarter more where something is found at the end.
        seed: decides which conversations are played.
        enough: of how many broken rules; then the time is over.
        now: what the clock of a target shows that cannot be moved; None: it can.
        tell: is told how many were played, and how many rules are broken so far.
        is_ended: tells whether to end, before each conversation.

    Raises:
        TargetError: the target is broken or not there, and nothing was found before.

    >>> from optin_engine.harness import starter
    >>> from optin_engine.harness.fuzzing.judges import OracleJudge
    >>> from optin_engine.harness.targets.engine import EngineTarget
    >>> fuzz(starter(), "built-in", EngineTarget, OracleJudge, seconds=0.2, seed=1).found
    ()
    """
    begin = now or beginning(account, NOON)
    game = Game(account, programs, open_target, judge, begin, can_wait=now is None)
    search = _Search(game, seconds, enough, tell, is_ended)
    search.search(seed)
    if search.target_error and not search.found:
        raise TargetError(search.target_error)
    found = tuple(_shortest(game, one).finding for one in search.found.values())
    taken = perf_counter() - search.begun
    return Findings(found, search.examples, taken, seed, search.target_error)


def _shortest(game: Game, broken: BrokenError) -> BrokenError:
    """Leave out what is not needed, act by act: Hypothesis may have run out of time.

    Where the target is broken, or somebody has enough of this, too, it stays as it is.
    """
    for place in reversed(range(len(broken.acts))):
        try:
            game.play(broken.acts[:place] + broken.acts[place + 1 :])
        except UnplayableError:
            continue
        except BrokenError as shorter:
            if shorter.finding.rule == broken.finding.rule:
                return _shortest(game, shorter)
        except (TargetError, KeyboardInterrupt):
            break
    return broken
