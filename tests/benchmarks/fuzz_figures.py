"""The fuzzer with the engine, beside its strategies with an engine that does nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime
from statistics import median
from time import process_time

from optin_engine.account import Account
from optin_engine.harness import starter
from optin_engine.harness.fuzzing.fuzzer import drive
from optin_engine.harness.fuzzing.game import Game
from optin_engine.harness.fuzzing.judges import Judge, OracleJudge
from optin_engine.harness.stories.story import Order
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.harness.targets.target import Came, Target
from optin_engine.vocabulary import Inbound
from tests.benchmarks.figures import Figure, ratio

NOTHING = Came()


class Empty:
    """A target that hears everything and does nothing."""

    def define(self, account: Account, at: datetime) -> None:
        """Take the programmes."""

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:  # noqa: ARG002
        """Hear an MO."""
        return NOTHING

    def order(self, code: str, number: str, order: Order, now: datetime) -> Came:  # noqa: ARG002
        """Hear an order."""
        return NOTHING

    def wait_until(self, moment: datetime) -> Came:  # noqa: ARG002
        """Hear that time passed."""
        return NOTHING

    def state(self, code: str, number: str, keyword: str) -> str | None:  # noqa: ARG002
        """Tell nothing."""
        return None

    def close(self) -> None:
        """End."""


def measure(rounds: int, conversations: int) -> Sequence[Figure]:
    """Give the figures of a conversation, with everything and with nothing behind it.

    Args:
        rounds: of which the medians are taken; each has a seed of its own.
        conversations: in each round.

    """
    account, whole, empty = starter(), list[float](), list[float]()
    for seed in range(rounds):
        whole.append(milliseconds(account, EngineTarget, OracleJudge, conversations, seed))
        empty.append(milliseconds(account, Empty, None, conversations, seed))
    return (
        Figure("fuzz", "ms each", median(whole), ratio(whole, empty), "empty", most=2),
        Figure("its strategies, an empty engine", "ms each", median(empty)),
    )


def milliseconds(
    account: Account,
    open_target: Callable[[], Target],
    judge: Callable[[], Judge] | None,
    conversations: int,
    seed: int,
) -> float:
    """Give the time of a conversation that Hypothesis thinks out and a target hears."""
    game = Game(account, "built-in", open_target, judge)
    begun = process_time()
    drive(account, conversations, seed, game.play)
    return (process_time() - begun) / conversations * 1_000
