"""The lines of a story that do something: each is read into an act."""

import re
from collections.abc import Callable
from datetime import datetime

from optin_engine.harness.stories.story import (
    AT_ONCE,
    BUILT_IN,
    Act,
    Again,
    At,
    Order,
    Ordered,
    Programs,
    Text,
    To,
    Wait,
)
from optin_engine.harness.stories.terms import (
    one_of,
    read_length,
    read_moment,
    read_number,
    read_zone,
)
from optin_engine.harness.stories.words import Words
from optin_engine.vocabulary import Origin

WITHOUT_KEYWORD = (Ordered.STOP, Ordered.DEACTIVATE)

_AGO = re.compile(r"-[0-9]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_CODE = re.compile(r"\+?([0-9]{3,15})")


def _text(words: Words) -> Text:
    number, origin, ago = read_number(words), Origin.HANDSET, AT_ONCE
    if words.next.startswith("@"):
        origin = one_of(
            Origin, words, words.next[1:], "an origin", " (a text that begins so is written `\\@`)"
        )
        words.take()
    if _AGO.match(words.next):
        ago = read_length(words, words.next[1:], " (a text that begins so is written `\\-`)")
        words.take()
    if words.next.startswith(("+", "@")) or _AGO.match(words.next):
        message = (
            "first the number, then the origin, then how long ago, and each once; "
            "a backslash before it makes it a text"
        )
        raise words.wrong(message)
    return Text(words.text(), number, origin, ago)


def _again(words: Words) -> Again:
    words.end("`again`")
    return Again()


def _order(words: Words) -> Order:
    number = read_number(words)
    order = one_of(Ordered, words, words.next, "an order")
    words.take()
    keyword = "" if order in WITHOUT_KEYWORD else words.take().upper()
    if not keyword and order not in WITHOUT_KEYWORD:
        message = f"{order} needs a keyword, such as `! {order} JOIN`"
        raise words.wrong(message)
    words.end(f"`{order}{' ' if keyword else ''}{keyword}`")
    return Order(order, keyword, number)


def _wait(words: Words) -> Wait:
    return Wait(read_length(words, words.rest()))


def _to(words: Words) -> To:
    code = _CODE.fullmatch(words.next)
    if code is None:
        message = "a code is digits, such as 123456"
        raise words.wrong(message)
    words.take()
    words.end("the code")
    return To(code[1])


def _programs(words: Words) -> Programs:
    if not words.next:
        message = f"a file is missing; `programs: {BUILT_IN}` is the example account"
        raise words.wrong(message)
    return Programs(words.text())


def _at(words: Words) -> At:
    begins = words.place
    for called, pattern in (("date, such as 2026-03-01", _DATE), ("time, such as 12:00", _TIME)):
        if not pattern.fullmatch(words.next):
            message = f"here stands a {called}: at 2026-03-01 12:00 America/New_York"
            raise words.wrong(message)
        words.take()
    written = words.line[begins : words.place]
    try:
        local = datetime.fromisoformat(" ".join(written.split()))
    except ValueError as error:
        message = f"there is no such time: {error}"
        raise words.wrong(message, begins) from None
    name = words.next or "UTC"
    zone = read_zone(words)
    words.take()
    words.end("the time zone")
    return At(read_moment(local, zone, words, begins), name)


ACTS: dict[str, Callable[[Words], Act]] = {
    ">": _text,
    "again": _again,
    "!": _order,
    "wait": _wait,
    "at": _at,
    "to": _to,
    "programs:": _programs,
}
