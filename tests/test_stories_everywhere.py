"""Every story has the same outcome everywhere: what the engine says is what each target says.

The engine in this process is the oracle of all others: the service over each store, and a real
`optin-engine serve --dev` over HTTP, whose programmes are defined by its API.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import attrs
import pytest

from optin_engine.account import Account
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.played import Played
from optin_engine.harness.stories.playing import play, programs_beside
from optin_engine.harness.stories.story import Order, Story
from optin_engine.harness.targets.cast import Numbers
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.harness.targets.opening import Options, open_targets
from optin_engine.harness.targets.service import ServiceTarget
from optin_engine.harness.targets.target import Came, Target
from optin_engine.stores import open_store
from optin_engine.vocabulary import Inbound
from tests.library import LIBRARY, STORIES, serving_the_library, story_of
from tests.servers import Server

PLACES = ("memory", "sqlite", "postgresql", "http")

Opening = Callable[[], Target]


@attrs.define
class Looking:
    """A target after whose every act it is looked where each contact stands in everything."""

    target: Target
    states: list[dict[tuple[str, ...], str | None]] = attrs.field(factory=list)
    _account: Account | None = None
    _met: dict[tuple[str, str], None] = attrs.field(factory=dict)

    def define(self, account: Account, at: datetime) -> None:
        self._account = account
        self.target.define(account, at)

    def text(self, code: str, number: str, inbound: Inbound, now: datetime) -> Came:
        return self._look(self.target.text(code, number, inbound, now), code, number)

    def order(self, code: str, number: str, order: Order, now: datetime) -> Came:
        return self._look(self.target.order(code, number, order, now), code, number)

    def wait_until(self, moment: datetime) -> Came:
        return self._look(self.target.wait_until(moment))

    def state(self, code: str, number: str, keyword: str) -> str | None:
        return self.target.state(code, number, keyword)

    def close(self) -> None:
        self.target.close()

    def _look(self, came: Came, *contact: str) -> Came:
        if contact:
            self._met[contact[0], contact[1]] = None
        assert self._account is not None
        self.states.append(
            {
                (*met, keyword): self.target.state(*met, keyword)
                for met in self._met
                if met[0] in self._account.codes
                for keyword in ("", *(p.keyword for p in self._account.codes[met[0]].programs))
            }
        )
        return came


def played(story: Story, path: Path, target: Target) -> tuple[Played, list[Any]]:
    looking = Looking(target)
    return play(story, looking, programs_beside(path)), looking.states


@cache
def by_engine(path: Path) -> tuple[Played, list[Any]]:
    return played(story_of(path), path, EngineTarget())


# Each place stays open for all stories, so that every one begins where others have been.


@pytest.fixture(scope="session")
def memory() -> Iterator[Opening]:
    with over("memory:") as opening:
        yield opening


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opening]:
    with over(f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'optin.db'}") as opening:
        yield opening


@pytest.fixture(scope="session")
def postgresql(postgres_server: Server) -> Iterator[Opening]:
    with over(postgres_server.url(postgres_server.create_database())) as opening:
        yield opening


@contextmanager
def over(url: str) -> Iterator[Opening]:
    with open_store(url) as store:
        yield partial(ServiceTarget, store, Numbers())


@pytest.fixture(scope="session")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opening]:
    with (
        serving_the_library(tmp_path_factory.mktemp("http")) as url,
        open_targets(url, "inbound", Options(is_defining=True)) as opened,
    ):
        yield opened


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("path", STORIES, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_a_story_comes_out_the_same_everywhere(
    path: Path, place: str, request: pytest.FixtureRequest
) -> None:
    opening: Opening = request.getfixturevalue(place)
    expected, states = by_engine(path)
    found, found_states = played(story_of(path), path, opening())
    assert found.broken == ""
    assert [turn_of(one) for one in found.performed] == [turn_of(one) for one in expected.performed]
    assert found_states == states
    assert found.passed


def turn_of(performed: Any) -> Any:
    return performed.turn.line, performed.said, performed.came.refused, performed.skipped


# The reminder of the first is due as she writes, that of the second as somebody else does.
DUE_AT_A_TEXT = read_story(
    "due_at_a_text.story",
    """\
programs: programs/reminded.toml
> OFFERS
> +15555550101 TASTING
wait 23h 59m 57s
> +15555550102 HELP
> maybe
> +15555550102 HELP
wait 1s
""",
)


@pytest.mark.parametrize("place", PLACES)
def test_only_who_waits_lets_a_deadline_pass(place: str, request: pytest.FixtureRequest) -> None:
    opening: Opening = request.getfixturevalue(place)
    (expected, states), (found, found_states) = (
        played(DUE_AT_A_TEXT, LIBRARY / DUE_AT_A_TEXT.name, target)
        for target in (EngineTarget(), opening())
    )
    assert [turn_of(one) for one in found.performed] == [turn_of(one) for one in expected.performed]
    assert found_states == states
    assert [one.number for one in found.performed[-1].said] == ["+15555550101"]
