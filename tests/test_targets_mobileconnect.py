"""MobileConnect's API as a target, played by our service: keywords, histories, and states."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from optin_engine.harness import starter
from optin_engine.harness.targets.opening import Opened, Options, open_targets
from tests.running import TOKEN, Running, running, said, skipped, told

CODE = starter().code("123456")
NEWS, JOIN, WINE = CODE.programs

# The histories of our service are there at once; silence costs this.
PATIENCE = 0.1


@pytest.fixture
def served() -> Iterator[Running]:
    with running() as service:
        yield service


@contextmanager
def opened(served: Running, **options: object) -> Iterator[Opened]:
    given = Options(patience=PATIENCE, auth_token=TOKEN, **options)  # type: ignore[arg-type]
    with open_targets(served.url, "mobileconnect", given) as targets:
        yield targets


def test_a_keyword_is_answered_as_its_history_says(served: Running) -> None:
    with opened(served) as targets:
        played = told(
            targets(),
            f"""\
            > @web JOIN
            < {JOIN.initial}
            = JOIN: In Progress
            = In Progress
            again
            > @app join
            < {JOIN.initial}
            > @api NEWS
            = refused: double opt-in required
            > @web YES
            = refused: handset only
            ! STOP
            < {CODE.stop}
            = JOIN: Unsubscribed
            > @web JOIN
            = refused: opted out
            """,
        )
    assert (played.broken, played.skipped) == ("", ())
    assert [one.turn.line for one in played.performed if one.differs] == []


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        ("> JOIN", "MobileConnect has no way in for a handset's text: give it a webhook"),
        ("> @web JOIN\nwait 1h", "the target's clock cannot be moved"),
        ("> @web -1h JOIN", "queueMO does not say when a text was sent"),
        ("! UNSUBSCRIBE JOIN", "MobileConnect has no call that does UNSUBSCRIBE"),
    ],
)
def test_what_it_cannot_do_is_skipped_with_the_reason(
    served: Running, act: str, reason: str
) -> None:
    with opened(served) as targets:
        (why,) = skipped(told(targets(), act))
    assert why.startswith(reason)


def test_a_webhook_brings_what_handsets_say(served: Running) -> None:
    with opened(served, handset_url=f"{served.url}/twilio/inbound") as targets:
        played = told(
            targets(),
            f"""\
            > @web WINE
            < {WINE.initial}
            > yes
            < {WINE.birth_date}
            > 1/2/1980
            < {WINE.confirmation}
            = WINE: Subscribed
            > @web JOIN
            < {JOIN.initial}
            """,
        )
    assert (played.broken, played.skipped) == ("", ())
    assert played.passed


def test_what_is_not_told_is_not_guessed(served: Running) -> None:
    with opened(served, handset_url=f"{served.url}/twilio/inbound") as targets:
        played = told(
            targets(), "> WINE\n> 1/2/2020\n= WINE: Declined\n= Declined\n! STOP\n= Declined"
        )
    assert [found.found for one in played.performed for found in one.found] == [None, None, None]
    assert said(played)[1] == [WINE.invalid_age]
