"""Stories whose expectations are rewritten to what came."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optin_engine.harness.refusal import CommandError
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.playing import play
from optin_engine.harness.stories.updating import update, updated
from optin_engine.harness.stories.writing import written
from optin_engine.harness.targets.engine import EngineTarget
from tests.limited_targets import BreakingTarget, ReservedTarget, StillTarget
from tests.random_stories import PROGRAMS, half_right, stories, told

WELCOME = (
    "Acme News: Welcome! 2 msgs/week. Msg & data rates may apply. "
    "Reply HELP for help, STOP to stop."
)
BEFORE = """\
# Single opt-in

programs: built-in
> NEWS
# The welcome must name the brand.
< Acme: Hi
< and there

  = Subscribed
  = JOIN: Declined
> Liked "it"
< Thanks
<~ .*
> @web NEWS
<~ Acme News: You are.*
= refused: stale
# The end
"""
AFTER = f"""\
# Single opt-in

programs: built-in
> NEWS
# The welcome must name the brand.
< {WELCOME}

  = Subscribed
  = JOIN: None
> Liked "it"
<
> @web NEWS
<~ Acme News: You are.*
= not refused
# The end
"""


def after(text: str) -> str:
    return updated(text, told(read_story("a.story", text)))


def test_what_differs_becomes_what_came_and_all_else_stays_as_it_is() -> None:
    assert after(BEFORE) == AFTER


@pytest.mark.parametrize(
    ("turns", "became"),
    [
        ("> NEWS\n= Subscribed", f"> NEWS\n< {WELCOME}\n= Subscribed"),
        ("> NEWS\n<\n= Subscribed", f"> NEWS\n< {WELCOME}\n= Subscribed"),
        ("> NEWS\n# why\n  <\n", f"> NEWS\n# why\n  < {WELCOME}\n"),
        ("> NEWS", f"> NEWS\n< {WELCOME}"),
        ("> +15555550199 NEWS", f"> +15555550199 NEWS\n< +15555550199 {WELCOME}"),
        ("> maybe\n= +15555550199 Declined", "> maybe\n= +15555550199 None"),
        ("> @web NEWS\n= refused: stale", "> @web NEWS\n= refused: double opt-in required"),
        ("> @web NEWS\n= not refused", "> @web NEWS\n= refused: double opt-in required"),
        ("> maybe\n= refused: stale", "> maybe\n= not refused"),
    ],
)
def test_each_kind_of_line_is_rewritten_in_its_place(turns: str, became: str) -> None:
    assert after(f"programs: built-in\n{turns}") == f"programs: built-in\n{became}"


def test_line_ends_and_a_byte_order_mark_stay() -> None:
    windows = BEFORE.replace("\n", "\r\n")
    assert after(f"\ufeff{windows}") == "\ufeff" + AFTER.replace("\n", "\r\n")


@st.composite
def remarked(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Give a story as text, with remarks and blank lines in it, and those lines."""
    story = half_right(draw(stories()), draw(st.lists(st.booleans(), max_size=8)))
    lines, own = list[str](), list[str]()
    for place, line in enumerate(written(story).splitlines()):
        remark = draw(st.sampled_from(("", "", "  ", f"# {place}", f"\t# {place} < Hi = None")))
        lines += [line, remark] if place else [line]
        own += [remark] if place else []
    return "\n".join(lines), own


@settings(max_examples=80)
@given(remarked())
def test_an_updated_story_passes_and_keeps_every_act_and_remark(
    given: tuple[str, list[str]],
) -> None:
    text, own = given
    new = after(text)
    before, now = read_story("a.story", text), read_story("a.story", new)
    assert told(now).passed
    assert [turn.act for turn in now.turns] == [turn.act for turn in before.turns]
    assert [line for line in new.split("\n") if line.strip()[:1] in {"", "#"}][1:] == own
    assert after(new) == new


# -- the file


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "a.story"
    path.write_text(BEFORE, encoding="utf-8")
    return path


def play_in(path: Path, target: EngineTarget | None = None) -> list[str]:
    told_in = read_story(str(path), path.read_text(encoding="utf-8"))
    return list(update(path, play(told_in, target or EngineTarget(), PROGRAMS)))


def test_the_file_is_rewritten_and_what_changed_is_told_as_a_diff(story: Path) -> None:
    story.chmod(0o640)
    diff = play_in(story)
    assert story.read_text(encoding="utf-8") == AFTER
    assert diff[:2] == [f"--- {story}", f"+++ {story}, updated"]
    assert "-< Acme: Hi" in diff
    assert f"+< {WELCOME}" in diff
    assert story.stat().st_mode & 0o777 == 0o640
    assert list(story.parent.iterdir()) == [story]


def test_a_story_that_passes_is_not_written(story: Path) -> None:
    play_in(story)
    story.chmod(0o400)
    before = story.stat()
    assert play_in(story) == []
    assert story.stat() == before


def test_a_story_behind_a_link_is_rewritten_where_it_is(story: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.story"
    link.symlink_to(story)
    play_in(link)
    assert link.is_symlink()
    assert story.read_text(encoding="utf-8") == AFTER


def test_a_story_that_broke_off_is_left_as_it_is(story: Path) -> None:
    story.write_text(f"{BEFORE}wait 1d\n", encoding="utf-8")
    assert play_in(story, BreakingTarget()) == []
    assert story.read_text(encoding="utf-8") == f"{BEFORE}wait 1d\n"


def test_what_was_skipped_or_not_told_is_left_as_it_is(story: Path) -> None:
    text = "programs: built-in\n> HELP\n> maybe\n= Declined\nwait 1d\n< Hi\n> maybe\n= Declined\n"
    story.write_text(text, encoding="utf-8")
    play_in(story, StillTarget())
    new = story.read_text(encoding="utf-8")
    assert new.endswith("> maybe\n= None\nwait 1d\n< Hi\n> maybe\n= Declined\n")
    story.write_text(text.replace("wait 1d\n< Hi\n", ""), encoding="utf-8")
    play_in(story, ReservedTarget())
    assert story.read_text(encoding="utf-8").endswith("> maybe\n= Declined\n> maybe\n= Declined\n")


def test_a_story_that_was_changed_meanwhile_is_left_as_it_is(story: Path) -> None:
    played = told(read_story("a.story", BEFORE))
    changed = f"{BEFORE}> HELP\n"
    story.write_text(changed, encoding="utf-8")
    with pytest.raises(CommandError, match="changed while it was played"):
        update(story, played)
    assert story.read_text(encoding="utf-8") == changed


def test_remarks_that_were_added_meanwhile_are_no_harm(story: Path) -> None:
    played = told(read_story("a.story", BEFORE))
    story.write_text(f"\n# new\n{BEFORE}", encoding="utf-8")
    update(story, played)
    assert story.read_text(encoding="utf-8") == f"\n# new\n{AFTER}"


def test_a_state_that_no_line_can_hold_leaves_the_story_as_it_is(story: Path) -> None:
    class Extended(EngineTarget):
        def state(self, code: str, number: str, keyword: str) -> str:
            return super().state(code, number, keyword) and "Half in"

    with pytest.raises(CommandError, match="cannot be updated: `Half in` is not a state"):
        play_in(story, Extended())
    assert story.read_text(encoding="utf-8") == BEFORE


@contextmanager
def full_disk(free: int) -> Iterator[None]:
    """Let no file grow past so many bytes, as on a disk that is full."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (free, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)


def test_on_a_full_disk_nothing_is_lost_and_nothing_left_behind(story: Path) -> None:
    with full_disk(40), pytest.raises(CommandError, match="File too large"):
        play_in(story)
    assert story.read_text(encoding="utf-8") == BEFORE
    assert list(story.parent.iterdir()) == [story]
