"""A webhook as Twilio calls it: ours, both by TwiML and by the API, and others that are broken."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from socket import SO_REUSEADDR, SOL_SOCKET, socket

import attrs
import pytest

from optin_engine.harness import starter
from optin_engine.harness.phone import NOON, NUMBER
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.playing import play
from optin_engine.harness.targets.calling import Caller
from optin_engine.harness.targets.carrier import Carrier, Sent
from optin_engine.harness.targets.cast import Cast, Numbers
from optin_engine.harness.targets.opening import Opened, Options, open_targets
from optin_engine.harness.targets.target import Came, TargetError
from optin_engine.harness.targets.twilio import TwilioTarget, signature
from optin_engine.vocabulary import Inbound
from tests.receivers import Receiver, Reply, receiving
from tests.running import TOKEN, running, said, skipped, told
from tests.twilio_forms import sign

CODE = "123456"
INITIAL, ERROR, CONFIRMATION = (
    getattr(starter().code(CODE).programs[1], text) for text in ("initial", "error", "confirmation")
)
XML = {"Content-Type": "text/xml"}

# Whatever is sent is there before the answer; silence costs this.
PATIENCE = 0.2


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    with Carrier() as opened:
        yield opened


@pytest.fixture
def system() -> Iterator[Receiver]:
    """Give a system that answers whatever a test says."""
    with receiving() as receiver:
        yield receiver
        receiver.released.set()


def opened(stack: ExitStack, url: str, token: str = TOKEN, **more: object) -> Opened:
    options = Options(auth_token=token, patience=PATIENCE, **more)  # type: ignore[arg-type]
    return stack.enter_context(open_targets(f"{url}/twilio/inbound", "twilio", options))


@pytest.fixture
def ours() -> Iterator[Opened]:
    """Give our service, which answers in TwiML; nothing is known beside its webhook."""
    with ExitStack() as stack:
        yield opened(stack, stack.enter_context(running()).url)


@contextmanager
def reserved_port() -> Iterator[int]:
    """Give a port on which nobody listens, and that is given to nobody who does not ask for it."""
    with socket() as reserving:
        reserving.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        reserving.bind(("127.0.0.1", 0))
        yield reserving.getsockname()[1]


def test_our_service_is_told_a_story_by_twiml(ours: Opened) -> None:
    played = told(
        ours(),
        f"""\
        > JOIN
        < {INITIAL}
        > maybe
        < {ERROR}
        > Yes please!
        < {CONFIRMATION}
        > thanks
        """,
    )
    assert (played.broken, played.skipped) == ("", ())
    assert played.passed


def test_every_story_has_contacts_of_its_own(ours: Opened) -> None:
    for _ in range(3):
        assert said(told(ours(), "> JOIN")) == [[INITIAL]]


def test_a_retry_that_is_answered_alike_says_nothing_more(ours: Opened) -> None:
    assert said(told(ours(), "> JOIN\nagain\n> Y\nagain")) == [[INITIAL], [], [CONFIRMATION], []]


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        ("> @web JOIN", "Twilio's webhook brings the texts of handsets, and none from web"),
        ("> -2h JOIN", "Twilio's webhook does not say when a text was sent"),
        ("! SUBSCRIBE JOIN", "a webhook takes no orders; SUBSCRIBE can only be given"),
        ("> JOIN\nwait 1h", "the target's clock cannot be moved"),
    ],
)
def test_what_a_webhook_cannot_do_is_skipped_with_the_reason(
    ours: Opened, act: str, reason: str
) -> None:
    (why,) = skipped(told(ours(), act))
    assert why.startswith(reason)


def test_other_programmes_in_the_middle_of_a_story_are_skipped(ours: Opened) -> None:
    story = read_story("a.story", "programs: a\n> JOIN\nprograms: a\n> JOIN\nprograms: b\n> YES")
    others = attrs.evolve(starter(), codes={CODE: attrs.evolve(starter().code(CODE), brand="B")})
    played = play(story, ours(), {"a": starter(), "b": others}.__getitem__)
    assert skipped(played) == [
        "the programmes behind a webhook cannot be changed in the middle of a story",
        "it comes after line 5, which was skipped",
    ]


def test_states_are_not_told_by_a_webhook(ours: Opened) -> None:
    played = told(ours(), f"> JOIN\n< {INITIAL}\n= Declined\n= refused: stale")
    assert [found.found for found in played.performed[1].found] == [None, None]
    assert played.passed


@pytest.mark.parametrize("begin", ["2020-01-01 12:00", "2040-01-01 12:00"])
def test_what_is_sent_by_the_api_arrives_at_the_carrier(begin: str) -> None:
    """The reminder and what an order says go out by the API; clock and states are known by /dev."""
    with ExitStack() as stack:
        port = stack.enter_context(reserved_port())
        url = stack.enter_context(running(f"http://127.0.0.1:{port}", is_dev=True)).url
        target = opened(stack, url, carrier_port=port, dev_url=url)
        assert (target.at_once, target.can_wait) == (1, True)
        assert target.carrier_url == f"http://127.0.0.1:{port}"
        played = told(
            target(),
            f"""\
            at {begin}
            > JOIN
            < {INITIAL}
            = In Progress
            wait 25h
            < {INITIAL}
            wait 5d
            = None
            ! STOP
            < {starter().code(CODE).stop}
            = Unsubscribed
            > Y
            """,
        )
    assert (played.broken, played.skipped) == ("", ())
    assert played.passed


def test_what_was_begun_with_a_story_s_numbers_ends_with_it() -> None:
    with ExitStack() as stack:
        served = stack.enter_context(running(is_dev=True))
        target = opened(stack, served.url, dev_url=served.url)
        told(target(), "> JOIN")
        assert served.service.store.next_due() is None


def test_a_wrong_token_is_told_by_the_service_and_ends_the_story() -> None:
    with ExitStack() as stack:
        target = opened(stack, stack.enter_context(running()).url, token="another")  # noqa: S106
        played = told(target(), "> JOIN")
    assert "/twilio/inbound: HTTP 403 in place of TwiML" in played.broken
    assert "another" not in played.broken


def test_the_signature_is_twilio_s_own() -> None:
    form = {"To": CODE, "Body": "Ja, über 🐟 & <b>", "From": NUMBER, "MessageSid": "SM1"}
    expected = sign("https://sms.example/hook?a=1", list(form.items()))
    given = signature(TOKEN, "https://sms.example/hook?a=1", form)
    assert {"X-Twilio-Signature": given}.items() <= expected.items()


def text(target: TwilioTarget, words: str, mo_id: str = "1", at: datetime = NOON) -> Came:
    return target.text(CODE, NUMBER, Inbound(words, at, mo_id), at)


def target_of(
    stack: ExitStack, url: str, seconds: float = 5, carrier: Carrier | None = None
) -> TwilioTarget:
    caller = stack.enter_context(closing(Caller(url, seconds)))
    return TwilioTarget(caller, Cast(Numbers("US").fresh), carrier=carrier, patience=PATIENCE)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def twiml(*texts: str) -> Reply:
    said = "".join(f"<Message><Body>{one}</Body></Message>" for one in texts)
    return Reply(body=f"<Response>{said}</Response>".encode(), headers=XML)


def test_a_retry_that_is_answered_otherwise_says_something_more(
    system: Receiver, stack: ExitStack
) -> None:
    system.replies = [twiml("Welcome"), twiml("You are a member already")]
    target = target_of(stack, system.url)
    texts = [[one.text for one in text(target, "JOIN").said] for _ in range(2)]
    assert texts == [["Welcome"], ["You are a member already"]]
    first, again = (received.body for received in system.wait_for(2))
    assert first == again


def test_what_another_system_sends_by_the_api_is_what_it_says(
    system: Receiver, stack: ExitStack, carrier: Carrier
) -> None:
    target = target_of(stack, system.url, carrier=carrier)
    text(target, "first")
    number = dict(pair.split("=") for pair in system.wait_for(1)[0].body.decode().split("&"))
    mine = number["From"].replace("%2B", "+")
    for sent in (Sent(mine, "Hello"), Sent("+12125550199", "to others"), Sent(mine, "again")):
        carrier.take(sent)
    came = text(target, "second", "2")
    assert [(one.number, one.text) for one in came.said] == [(NUMBER, "Hello"), (NUMBER, "again")]
    assert text(target, "third", "3").said == ()


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(500), "it failed with 500 Internal Server Error"),
        (Reply(302, headers={"Location": "/there"}), "it redirects, with 302 Found"),
        (Reply(404), "HTTP 404 in place of TwiML"),
        (Reply(body=b"<html>Welcome</html>", headers=XML), "its root is html, not Response"),
        (Reply(body=b"Traceback: ...", headers=XML), "the answer is no TwiML"),
        (Reply(is_held=True), "no answer within 0.2 seconds"),
        (Reply(headers={"Content-Length": "100"}, body=b"<Resp"), "peer closed connection"),
    ],
)
def test_a_broken_webhook_is_told_of_in_words(
    system: Receiver, stack: ExitStack, reply: Reply, reason: str
) -> None:
    system.replies = [reply]
    seconds = 0.2 if reply.is_held else 60
    with pytest.raises(TargetError) as broken:
        text(target_of(stack, system.url, seconds), "JOIN")
    assert reason in str(broken.value)
    assert str(broken.value).startswith(f"POST {system.url}")


def test_a_webhook_that_is_gone_is_told_of_in_words(stack: ExitStack) -> None:
    with receiving() as gone:
        target = target_of(stack, gone.url)
    with pytest.raises(TargetError, match="Connection refused"):
        text(target, "JOIN")
