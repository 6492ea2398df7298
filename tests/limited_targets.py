"""The engine as a target that cannot do, does not tell, or does not survive something."""

import os
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from optin_engine.harness.stories import running
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.harness.targets.target import Came, TargetError, UnableError
from optin_engine.vocabulary import Inbound


class StillTarget(EngineTarget):
    """The engine with a clock that cannot be moved."""

    def wait_until(self, moment: datetime) -> Came:
        message = f"its clock cannot be moved to {moment:%H:%M}"
        raise UnableError(message)


class ReservedTarget(EngineTarget):
    """The engine, telling nothing but what it says."""

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        said = super().text(code, number, inbound, now).said
        return Came(said, tells_refusals=False)

    def state(self, *_: str) -> str | None:  # type: ignore[override]
        return None


class BreakingTarget(EngineTarget):
    """The engine, until it is told to wait."""

    closed = False

    def wait_until(self, _: datetime) -> Came:
        message = "it answered with status 500"
        raise TargetError(message)

    def close(self) -> None:
        self.closed = True
        super().close()


class CrashingTarget(EngineTarget):
    """The engine, until it is told to crash or to fail."""

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        if inbound.text == "CRASH":
            os._exit(3)
        if inbound.text == "FAIL":
            message = "a bug of ours"
            raise ZeroDivisionError(message)
        return super().text(code, number, inbound, now)


class LastingTarget(EngineTarget):
    """The engine, of which each process plays some stories and the next until it is to stop.

    For each story that was played, a file in a folder is left.
    """

    PLAYED = 30
    PATIENCE_SECONDS = 60.0
    _opened = 0

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        LastingTarget._opened += 1

    def close(self) -> None:
        if self._opened > self.PLAYED:
            running._Process.stop.wait(self.PATIENCE_SECONDS)  # noqa: SLF001 - no one else is told.
        (self._folder / uuid4().hex).touch()
        super().close()


def unreachable() -> EngineTarget:
    """Find no target."""
    message = "nobody listens at 127.0.0.1:9"
    raise TargetError(message)
