"""Our service over HTTP, mostly without `--dev`: its clock is the wall's, and its answers are all.

With `--dev` every story of the library is told to it in `test_stories_everywhere`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import time

import attrs
import pytest

from optin_engine.account import Account
from optin_engine.harness import starter
from optin_engine.harness.phone import NOON
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.playing import play
from optin_engine.harness.targets.defining import Definitions, written
from optin_engine.harness.targets.opening import Opened, Options, open_targets
from optin_engine.harness.targets.target import UnableError
from optin_engine.web.auth import Tokens
from tests.running import Running, running, said, skipped, told

CODE = starter().code("123456")
NEWS, JOIN, WINE = CODE.programs


@contextmanager
def opened(served: Running, **options: object) -> Iterator[Opened]:
    given = Options(**options)  # type: ignore[arg-type]
    with open_targets(served.url, "inbound", given) as targets:
        yield targets


@pytest.fixture
def served() -> Iterator[Running]:
    with running() as service:
        yield service


@pytest.fixture
def ours(served: Running) -> Iterator[Opened]:
    with opened(served) as targets:
        yield targets


def test_it_is_told_a_story_of_texts_from_everywhere(ours: Opened) -> None:
    assert (ours.at_once, ours.can_wait) == (8, False)
    played = told(
        ours(),
        f"""\
        > @web JOIN
        < {JOIN.initial}
        = JOIN: In Progress
        > @app YES
        = refused: handset only
        > @api
        = refused: handset only
        > YES please
        < {JOIN.confirmation}
        = Subscribed
        > +15555550199 @web NEWS
        = refused: double opt-in required
        ! STOP
        < {CODE.stop}
        = Unsubscribed
        > @web JOIN
        = refused: opted out
        > -2h YES
        = refused: stale
        """,
    )
    assert (played.broken, played.skipped) == ("", ())
    assert [one.turn.line for one in played.performed if one.differs] == []


@pytest.mark.parametrize("origin", ["", "@web "])
def test_what_a_repeat_is_answered_is_not_said_again(ours: Opened, origin: str) -> None:
    assert said(told(ours(), f"> {origin}JOIN\nagain\nagain")) == [[JOIN.initial], [], []]


@pytest.mark.parametrize("act", ["> @web NEWS", "> @web YES"])
def test_a_retry_of_what_was_refused_is_not_refused_again(ours: Opened, act: str) -> None:
    _, first, again = told(ours(), f"{act}\nagain").performed
    assert first.came.refused in {"double opt-in required", "handset only"}
    assert again.came.refused is None


def test_what_was_asked_on_the_web_is_said_once_also_where_the_handset_goes_on(
    ours: Opened,
) -> None:
    texts = said(told(ours(), "> @web JOIN\n> maybe\n> @web WINE\n> yes"))
    assert texts == [[JOIN.initial], [JOIN.error], [WINE.initial], [WINE.birth_date]]


def test_where_no_row_tells_a_state_it_is_not_told(ours: Opened) -> None:
    played = told(ours(), "> hello\n= None\n> STOP\n= Unsubscribed\n= JOIN: Unsubscribed")
    found = [[one.found for one in performed.found] for performed in played.performed]
    assert found == [[], [None], [None, None]]


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        ("> JOIN\nwait 1h", "the target's clock cannot be moved"),
        ("> @web -1h JOIN", "queueMO does not say when a text was sent"),
        ("! SUBSCRIBE JOIN", "only `serve --dev` takes the order SUBSCRIBE"),
    ],
)
def test_what_it_cannot_do_is_skipped_with_the_reason(ours: Opened, act: str, reason: str) -> None:
    (why,) = skipped(told(ours(), act))
    assert why.startswith(reason)


def renamed(account: Account, **changes: object) -> Account:
    """Give the example account with another JOIN."""
    definitions = written(account)
    programs = [p | changes if p["keyword"] == "JOIN" else p for p in definitions.programs]
    return Account.from_dict({"codes": definitions.codes, "programs": programs})


def codes_alone() -> Definitions:
    return attrs.evolve(written(starter()), programs=[])


def keywords(served: Running) -> list[str]:
    account = served.service.catalog.account()
    return sorted(program.keyword for program in account.codes[CODE.digits].programs)


@pytest.mark.parametrize("is_dev", [True, False])
def test_programmes_are_defined_changed_and_deleted_as_stories_have_them(*, is_dev: bool) -> None:
    with (
        running(definitions=codes_alone(), is_dev=is_dev) as served,
        opened(served, is_defining=True) as targets,
    ):
        targets().define(starter(), NOON)
        assert keywords(served) == ["JOIN", "NEWS", "WINE"]
        changed = renamed(starter(), optInErrorMessage="Pardon?", messageText="Offers")
        targets().define(changed, NOON)
        assert served.service.catalog.account() == changed
        (join,) = [d for d in served.service.catalog.definitions() if b"Pardon?" in d.body]
        assert join.version == 2
        other = renamed(changed, messageName="Others", keyword="OTHERS")
        targets().define(other, NOON)
        assert keywords(served) == ["NEWS", "OTHERS", "WINE"]


def test_who_was_asked_stays_asked_where_the_programme_is_changed() -> None:
    with (
        running(definitions=codes_alone(), is_dev=True) as served,
        opened(served, is_defining=True) as targets,
    ):
        text = "programs: one\n> JOIN\nprograms: two\n> what\n< Pardon?\n> Y"
        accounts = {"one": starter(), "two": renamed(starter(), optInErrorMessage="Pardon?")}
        played = play(read_story("a.story", text), targets(), accounts.__getitem__)
    assert said(played) == [[JOIN.initial], [], ["Pardon?"], [JOIN.confirmation]]


def test_a_programme_that_the_target_refuses_is_told_with_its_reason(served: Running) -> None:
    # The keyword is that of a programme in the service's file, which no call changes.
    with (
        opened(served, is_defining=True) as targets,
        pytest.raises(UnableError, match=r"Another is refused, HTTP 400: .*JOIN"),
    ):
        targets().define(renamed(starter(), messageName="Another"), NOON)


def test_other_programmes_are_told_where_none_may_be_defined() -> None:
    other = renamed(starter(), optInErrorMessage="Pardon?")
    with running(is_dev=True) as served, opened(served) as targets:
        targets().define(starter(), NOON)
        with pytest.raises(UnableError, match="the target has other programmes on 123456"):
            targets().define(other, NOON)
    with running() as served, opened(served) as targets:
        targets().define(starter(), NOON)
        with pytest.raises(UnableError, match="the target has other programmes on 123456"):
            targets().define(other, NOON)


def test_a_code_that_is_not_there_or_says_something_else_is_told() -> None:
    codes = [{"shortCode": "654321", "countryCode": "US"}]
    mine = codes_alone()
    louder = [mine.codes[0] | {"helpMessage": "HELP!"}]
    with running(is_dev=True) as served, opened(served, is_defining=True) as targets:
        with pytest.raises(UnableError, match="the target has no code 654321"):
            targets().define(Account.of(codes), NOON)
        with pytest.raises(UnableError, match="the target's code 123456 has another helpMessage"):
            targets().define(Account.of(louder), NOON)


def test_a_token_that_has_ended_is_renewed(served: Running, ours: Opened) -> None:
    # Whatever was given before, another secret signs from now on.
    served.app.tokens = Tokens(b"t" * 32, served.app.settings.clients, time)
    assert said(told(ours(), "> JOIN")) == [[JOIN.initial]]
