"""The definitions of a story, which stand beside it, and the codes on them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from optin_engine.harness import starter_text
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.played import Played
from optin_engine.harness.stories.playing import play, programs_beside
from optin_engine.harness.targets.engine import EngineTarget

Write = Callable[[str, str, str], Path]

BEGIN = "programs: built-in\n"


@pytest.fixture
def account(tmp_path: Path) -> Write:
    def write(name: str, old: str, new: str) -> Path:
        (tmp_path / name).write_text(starter_text().replace(old, new), encoding="utf-8")
        return tmp_path / "a.story"

    return write


def play_beside(path: Path, text: str) -> Played:
    return play(read_story("a.story", text), EngineTarget(), programs_beside(path))


def test_other_definitions_hold_from_there_on_and_who_is_known_stays_known(
    account: Write,
) -> None:
    path = account("other.toml", "NEWS", "TEA")
    begin = f"{BEGIN}> NEWS\n<~ Acme.*\n"
    assert play_beside(path, f"{begin}programs: other.toml\n= NEWS: Subscribed\n> NEWS").passed
    assert not play_beside(path, f"{begin}programs: other.toml\n> TEA").passed


def test_a_story_s_definitions_are_looked_for_beside_it_and_read_again_when_they_change(
    account: Write,
) -> None:
    text = "programs: own.toml\n> TEA\n= TEA: Subscribed\n<~ Acme News.*"
    assert play_beside(account("own.toml", "NEWS", "TEA"), text).passed
    assert not play_beside(account("own.toml", "NEWS", "COFFEE"), text).passed


def test_another_code_is_another_contact_and_must_be_of_the_account(
    account: Write,
) -> None:
    second = '[[codes]]\nshortCode = "654321"\ncountryCode = "US"\n\n[[codes]]'
    path = account("two.toml", "[[codes]]", second)
    begin = "programs: two.toml\n> STOP\n<~ .*\n"
    assert play_beside(path, f"{begin}= Unsubscribed\nto +123456\n= None\n").passed
    assert play_beside(path, f"{begin}to 123456\nprograms: two.toml\n= None").passed
    assert play_beside(path, f"{begin}to 123456\n> NEWS\n<~ .*\n= Subscribed\n").passed
    assert play_beside(path, f"{begin}to 99999\n").broken == (
        "a.story:4: there is no code 99999; the programmes have 654321, 123456"
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "none.toml: No such file or directory"),
        ("", "none.toml: the file is empty"),
        ("codes = 1", "none.toml: "),
        ("codes = []", "none.toml: it has no code to text to"),
    ],
)
def test_definitions_that_are_missing_or_faulty_break_the_story_and_are_named(
    tmp_path: Path, content: str | None, fault: str
) -> None:
    if content is not None:
        (tmp_path / "none.toml").write_text(content, encoding="utf-8")
    story = play_beside(tmp_path / "a.story", "# Title\n\nprograms: none.toml\n> JOIN")
    assert story.broken.startswith("a.story:3: ")
    assert fault in story.broken
    assert not story.passed
