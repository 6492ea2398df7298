"""What ends a search of the fuzzer too early, and that what was found by then is kept."""

import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from unittest import mock

import pytest
import typer

from optin_engine.harness import starter, starter_text
from optin_engine.harness.fuzzing.fuzzer import Findings, fuzz
from optin_engine.harness.fuzzing.interruption import interruption
from optin_engine.harness.fuzzing.judges import EngineJudge
from optin_engine.harness.refusal import CommandError
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.harness.targets.target import Came, TargetError
from optin_engine.trials import fuzz as command
from optin_engine.vocabulary import Inbound

A_MINUTE = 60.0
SAYS = "it answered 500"


class Failing(EngineTarget):
    """Says everything twice, and after so many texts of all conversations nothing any more."""

    left = 0

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        Failing.left -= 1
        if Failing.left < 0:
            raise TargetError(SAYS)
        said = super().text(code, number, inbound, now).said
        return Came((*said, *said), tells_refusals=False)


def found_before(texts: int) -> Findings:
    """Search at a target that breaks after so many texts."""
    with mock.patch.object(Failing, "left", texts):
        return fuzz(starter(), "x.toml", Failing, EngineJudge, seconds=A_MINUTE, seed=1)


@pytest.mark.parametrize("texts", [20, 40])
def test_what_was_found_before_the_target_broke_is_kept(texts: int) -> None:
    findings = found_before(texts)
    assert "one-mt" in {found.rule.id for found in findings.found}
    assert findings.target_error == SAYS


def test_a_target_that_breaks_before_anything_was_found_is_an_error() -> None:
    with pytest.raises(TargetError, match=SAYS):
        found_before(0)


def run(target: type[EngineTarget], folder: Path, out: str = "found") -> int:
    """Run the command at a target, with its stories in a folder of the folder; give its status."""
    definitions = folder / "optin.toml"
    definitions.write_text(starter_text(), encoding="utf-8")

    @contextmanager
    def partners(*_: object, **__: object) -> Iterator[object]:
        yield target, EngineJudge, None

    with (
        mock.patch.object(command, "_partners", partners),
        pytest.raises(typer.Exit) as ended,
    ):
        command.fuzz(definitions, seed=1, out=folder / out)
    return ended.value.exit_code


def test_the_command_writes_what_was_found_and_then_names_the_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        mock.patch.object(Failing, "left", 40),
        pytest.raises(CommandError, match=SAYS) as ended,
    ):
        run(Failing, tmp_path)
    assert ended.value.status == 1
    assert (tmp_path / "found" / "one-mt.story").exists()
    assert "one-mt: " in capsys.readouterr().out


def test_what_was_found_is_shown_where_it_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        mock.patch.object(Failing, "left", 40),
        pytest.raises(CommandError, match="Not a directory") as ended,
    ):
        run(Failing, tmp_path, "optin.toml/found")
    assert ended.value.status == 2
    assert "rules: one-mt\n" in capsys.readouterr().out


class Interrupted(EngineTarget):
    """At the first text somebody presses Ctrl-C, just where an exception would be swallowed."""

    texts = 0

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        Interrupted.texts += 1
        if Interrupted.texts == 1:
            press_in_a_callback()
        return super().text(code, number, inbound, now)


def press_in_a_callback() -> None:
    """Press Ctrl-C in a callback of the garbage collector."""

    def press(*_: object) -> None:
        gc.callbacks.remove(press)
        signal.raise_signal(signal.SIGINT)

    gc.callbacks.append(press)
    gc.collect()


def test_ctrl_c_ends_the_command_with_its_report_wherever_it_comes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with mock.patch.object(Interrupted, "texts", 0):
        assert run(Interrupted, tmp_path) == 0
    assert capsys.readouterr().out.startswith("No rule is broken: ")


def test_ctrl_c_pressed_again_is_an_exception_as_ever() -> None:
    with interruption() as is_pressed:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert is_pressed()


def test_who_is_deaf_to_ctrl_c_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interruption() as is_pressed:
            signal.raise_signal(signal.SIGINT)
            assert not is_pressed()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
