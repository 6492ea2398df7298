"""The library of stories, and a real service that has the codes of all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec

from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.playing import programs_beside
from optin_engine.harness.stories.story import Programs, Story
from optin_engine.harness.targets.defining import Definition, code_of, written
from tests.operating import serving

LIBRARY = Path(__file__).parent / "stories"
STORIES = sorted(LIBRARY.rglob("*.story"))


@cache
def story_of(path: Path) -> Story:
    return read_story(path.name, path.read_text(encoding="utf-8"))


def codes_of_the_library() -> list[Definition]:
    """Give every code that a story names: a running service has them from its file."""
    accounts = (
        programs_beside(path)(turn.act.file)
        for path in STORIES
        for turn in story_of(path).turns
        if isinstance(turn.act, Programs)
    )
    codes = {code_of(code): code for account in accounts for code in written(account).codes}
    return [*codes.values()]


@contextmanager
def serving_the_library(folder: Path) -> Iterator[str]:
    """Run `serve --dev` with these codes and no programmes; give its URL."""
    codes = folder / "codes.json"
    codes.write_bytes(msgspec.json.encode({"codes": codes_of_the_library()}))
    with serving(folder, "--dev", "--config", codes, "--store", "memory:") as served:
        yield served.url
