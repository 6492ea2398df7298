"""Sends as an operator sees and steers them: how far one is, and pause, resume, cancel."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from optin_engine.harness.standing import plain_time, printable
from optin_engine.stores import Fate, Send, SendState, Store
from optin_engine.vocabulary import Word

if TYPE_CHECKING:
    from optin_engine.service.outbound.sender import Sender

Report = dict[str, Any]


class Steering(Word):
    """What a send can be told."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


# What is asked for holds already in these states, so that asking twice does no harm.
HOLDS = {
    Steering.PAUSE: {SendState.PAUSED},
    Steering.RESUME: {SendState.NEW, SendState.QUEUING, SendState.STARTED},
    Steering.CANCEL: {SendState.CANCELLED},
}
# What came of an MT that a transport took; how a carrier went on with it is told by each fate.
HANDED_OVER = frozenset(Fate) - {Fate.QUEUED, Fate.WITHDRAWN, Fate.CANCELLED, Fate.DEAD}
# What a send is not done with, and what it never said.
OTHERWISE = (
    ("waiting", frozenset({Fate.QUEUED, Fate.WITHDRAWN})),
    ("cancelled", frozenset({Fate.CANCELLED})),
    ("given up", frozenset({Fate.DEAD})),
)
CANNOT = {
    Steering.PAUSE: "cannot be paused",
    Steering.RESUME: "cannot be resumed",
    Steering.CANCEL: "cannot be cancelled",
}


class SendOverError(Exception):
    """A send is too far for what it was told; the message says how far."""


def steer(sender: "Sender", send: Send, told: Steering) -> Send:
    """Pause, resume or cancel a send.

    Args:
        sender: the service's, which does it.
        send: which is meant.
        told: what; where it holds already, nothing is done.

    Returns:
        The send as it is now.

    Raises:
        SendOverError: it is over, so that this cannot be.

    """
    does = {
        Steering.PAUSE: sender.pause,
        Steering.RESUME: sender.resume,
        Steering.CANCEL: sender.cancel,
    }
    is_done = does[told](send.id)
    now = sender.find(send.id) or send
    if not is_done and now.state not in HOLDS[told]:
        message = f"The send is {now.state}, and {CANNOT[told]}."
        raise SendOverError(message)
    return now


def standing_of(store: Store, send: Send, token: str) -> Report:
    """Report how far a send is.

    Args:
        store: counts what became of its messages.
        send: it.
        token: by which callers know it.

    Returns:
        `tokenId`, `status`, `kind`, `code` and `keyword`; when it was made, begins, was
        queued and finished; how many messages were ever `queued`, and how many of them were
        `sent` (handed over, whatever their carrier did then); how many members were
        `dropped`; `messages`, how many are in each fate; and the `error`.

    """
    fates = store.sends.fates(send.id)
    return {
        "tokenId": token,
        "status": str(send.state),
        "kind": str(send.kind),
        "code": send.code,
        "keyword": send.keyword,
        "createDate": send.at,
        "sendDate": send.due_at,
        "queueDate": send.queued_at,
        "completeDate": send.finished_at,
        "queued": send.queued,
        "sent": sum(fates.get(fate, 0) for fate in HANDED_OVER),
        "dropped": send.dropped,
        "messages": {str(fate): fates.get(fate, 0) for fate in Fate},
        "error": send.error,
    }


def dated(report: Report) -> Report:
    """Give a report with its times as the commands write them: in UTC, to the second."""
    return {
        name: plain_time(value) if isinstance(value, datetime) else value
        for name, value in report.items()
    }


def sends_lines(reports: Iterable[Report]) -> Iterator[str]:
    """Give sends as lines for people, one each; what was queued is sent, or is told otherwise."""
    for report in reports:
        fates = report["messages"]
        others = ((sum(fates[fate] for fate in among), said) for said, among in OTHERWISE)
        told = ", ".join(
            (
                f"{report['queued']} queued, {report['sent']} sent",
                *(f"{many} {said}" for many, said in others if many),
                f"{report['dropped']} dropped",
            )
        )
        about = f"{report['kind']} send on {report['code']} {report['keyword']}".rstrip()
        yield f"{report['tokenId']} {report['createDate']} {report['status']}, {about}, {told}"


def send_lines(report: Report) -> Iterator[str]:
    """Give one send as lines for people."""
    yield from sends_lines([report])
    for name, said in (
        ("sendDate", "begins"),
        ("queueDate", "queued"),
        ("completeDate", "finished"),
    ):
        if report[name]:
            yield f"  {said} {report[name]}"
    counted = [f"{many} {fate}" for fate, many in report["messages"].items() if many]
    if counted:
        yield f"  messages: {', '.join(counted)}"
    if report["error"]:
        yield f"  error: {printable(report['error'])}"
