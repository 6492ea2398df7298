"""The pytest plugin: stories as tests, and fixtures to text with.

It is there wherever optin_engine is installed (`-p no:optin_engine` leaves it out). Every
file `*.story` that pytest comes across is a test, named by its title, and a failure shows the
conversation as `optin-engine test` does. Tests of one's own have two fixtures:

    @pytest.mark.optin_programs("double.toml")
    def test_a_yes_on_the_next_day_counts(phone):
        phone.text("JOIN")
        phone.wait("23h")
        phone.text("Yes please!")
        assert phone.state == "Subscribed"
        assert len(phone.received) == 2

`phone` is a `Phone`, `optin_engine` the `Engine`, both new for each test. Their programmes are
those of the marker's file, which lies beside the test's; else of the ini option
`optin_programs`, a path from the rootdir; else the built-in example.

Every run of pytest in that environment loads this module: it imports nothing of the engine
before a story or a fixture needs it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from optin_engine.account import Account
    from optin_engine.engine import Engine
    from optin_engine.harness.phone import Phone
    from optin_engine.harness.stories.played import Played
    from optin_engine.harness.stories.story import Story

PROGRAMS = "optin_programs"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Tell of the ini option."""
    what = "definitions (TOML or JSON) for the fixtures optin_engine and phone, from the rootdir"
    parser.addini(PROGRAMS, what, default="")


def pytest_configure(config: pytest.Config) -> None:
    """Tell of the marker."""
    what = "definitions (TOML or JSON) for the fixtures optin_engine and phone, beside the test"
    config.addinivalue_line("markers", f"{PROGRAMS}(file): {what}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take the files that are stories."""
    if file_path.suffix != ".story":
        return None
    return StoryFile.from_parent(parent, path=file_path)


class StoryFile(pytest.File):
    """A file with a story, which is one test."""

    def collect(self) -> Iterator[pytest.Item]:
        """Read the story.

        Raises:
            CollectError: it cannot be read, or a line is none of a story; says where.

        """
        from optin_engine.harness.stories.parsing import read_story
        from optin_engine.harness.stories.story import StoryError

        try:
            story = read_story(self.nodeid, self.path.read_text(encoding="utf-8"))
        except StoryError as error:
            raise self.CollectError(str(error)) from None
        except UnicodeDecodeError as error:
            message = f"{self.nodeid}: it is not UTF-8: {error}"
            raise self.CollectError(message) from None
        yield StoryItem.from_parent(self, name=story.title or self.path.stem, story=story)


class StoryFailedError(Exception):
    """A story did not come as it is written."""

    def __init__(self, played: "Played") -> None:
        super().__init__(played.story.name)
        self.played = played


class StoryItem(pytest.Item):
    """A story as a test."""

    def __init__(self, *, story: "Story", **of_node: Any) -> None:
        super().__init__(**of_node)
        self.story = story

    def runtest(self) -> None:
        """Tell the story to the engine.

        Raises:
            StoryFailedError: something came otherwise.

        """
        from optin_engine.harness.stories.playing import play, programs_beside
        from optin_engine.harness.targets.engine import EngineTarget

        played = play(self.story, EngineTarget(), programs_beside(self.path))
        if not played.passed:
            raise StoryFailedError(played)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the conversation with what differs in it."""
        if not isinstance(excinfo.value, StoryFailedError):
            return super().repr_failure(excinfo, style)
        from optin_engine.harness.stories.showing import lines_of

        return "\n".join(lines_of(excinfo.value.played))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Give the file, its first line (pytest counts from 0), and the title."""
        return self.path, 0, self.name


@pytest.fixture(name="optin_engine")
def _engine(request: pytest.FixtureRequest) -> "Engine":
    """An Engine of the test's programmes."""
    from optin_engine.engine import Engine

    return Engine(_account(request))


@pytest.fixture(name="phone")
def _phone(request: pytest.FixtureRequest) -> "Phone":
    """A Phone that texts the test's programmes: text, received, wait, state."""
    from optin_engine.harness.phone import Phone

    account = _account(request)
    if not account.codes:
        pytest.fail(f"{_file(request)}: it has no code to text to", pytrace=False)
    return Phone(account)


def _account(request: pytest.FixtureRequest) -> "Account":
    from optin_engine.harness.definitions import account_of
    from optin_engine.harness.refusal import CommandError

    try:
        return account_of(_file(request))
    except CommandError as failure:
        pytest.fail("\n".join(failure.lines), pytrace=False)


def _file(request: pytest.FixtureRequest) -> Path | None:
    """Find the definitions: the marker's, else the ini option's, else none."""
    marker = request.node.get_closest_marker(PROGRAMS)
    if marker is None:
        named = request.config.getini(PROGRAMS)
        return Path(request.config.rootpath, named) if named else None
    if len(marker.args) != 1 or marker.kwargs:
        wanted = f'the marker names one file: @pytest.mark.{PROGRAMS}("double.toml")'
        pytest.fail(wanted, pytrace=False)
    return Path(request.path.parent, *marker.args)
