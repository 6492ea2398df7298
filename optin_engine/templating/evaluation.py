"""One evaluation of a template: what it may look at, what it has said, and its bounds.

The bounds hold whatever the template and the context are, so that a rendering ends in a
fraction of a second but for the time that its fetches take:

- a block of statements costs as many steps as it has tokens, each time that it is begun;
- a text that a function or a comparison makes counts with all its characters;
- what is said, and how often something is fetched, is limited by what a message can need.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import attrs

from optin_engine.folding import LONGEST
from optin_engine.templating.errors import UnfitError
from optin_engine.templating.values import Value

Fetch = Callable[[str], str]
"""Gets a URL's text for HTTPGet, or raises OSError, whose message must name no secret."""

MOST_STEPS = 100_000
MOST_FETCHES = 3

# The longest text that may be said is the longest that is received; others must hold what
# is fetched. All the texts that are made, together:
LONGEST_SAID = LONGEST
LONGEST_MADE = 65_536
MOST_MADE = 16 * LONGEST_MADE


@attrs.define
class Evaluation:
    """What one evaluation knows and has said so far.

    Attributes:
        context: attributes and words of the message, by upper-case name.
        now: the time, with a zone.
        fetch: for HTTPGet; None where that is off.
        variables: by lower-case name.
        said: the pieces of the text.
        at: the place in the template, from 0, that an error is about.
        steps, fetches, made, room: how many steps, fetches, characters of texts made and
            characters to be said are left.

    """

    context: Mapping[str, str]
    now: datetime
    fetch: Fetch | None = None
    variables: dict[str, Value] = attrs.field(factory=dict)
    said: list[str] = attrs.field(factory=list)
    at: int = 0
    steps: int = MOST_STEPS
    fetches: int = MOST_FETCHES
    made: int = MOST_MADE
    room: int = LONGEST_SAID

    def step(self, count: int, at: int) -> None:
        """Take some steps.

        Raises:
            UnfitError: so many are not left.

        """
        self.steps -= count
        if self.steps < 0:
            self.at = at
            message = f"it takes more than {MOST_STEPS:,} steps"
            raise UnfitError(message)

    def say(self, text: str) -> None:
        """Say a text.

        Raises:
            UnfitError: together with what was said, it is too long.

        """
        self.room -= len(text)
        if self.room < 0:
            message = f"it says more than {LONGEST_SAID:,} characters"
            raise UnfitError(message)
        self.said.append(text)

    def make(self, length: int) -> None:
        """Count a text that was made.

        Raises:
            UnfitError: it, or it together with those before, is too long.

        """
        check_length(length)
        self.made -= length
        if self.made < 0:
            message = f"it makes texts of more than {MOST_MADE:,} characters together"
            raise UnfitError(message)

    def get(self, url: str) -> str:
        """Fetch a text.

        Raises:
            UnfitError: it has fetched too often.
            OSError: it cannot be fetched.

        """
        self.fetches -= 1
        if self.fetches < 0:
            message = f"it calls HTTPGet more than {MOST_FETCHES} times"
            raise UnfitError(message)
        if self.fetch is None:
            message = "HTTPGet is off"
            raise OSError(message)
        return self.fetch(url)


Expression = Callable[[Evaluation], Value]
"""An expression, compiled: what gives its value."""


def check_length(length: int) -> None:
    """Refuse a text before it is made.

    Raises:
        UnfitError: it would be too long.

    """
    if length > LONGEST_MADE:
        message = f"it makes a text of more than {LONGEST_MADE:,} characters"
        raise UnfitError(message)
