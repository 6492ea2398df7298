"""The lines of a story that say what must come: what is said, and where it stands then."""

import re
import warnings

from optin_engine.harness.stories.story import NOT_REFUSED, Refused, Said, Stands
from optin_engine.harness.stories.terms import one_of, read_number
from optin_engine.harness.stories.words import Words, near
from optin_engine.vocabulary import Refusal, State

REFUSED = "refused:"

# A state that is as like one of ours as this is a slip, not a state of an extended flow.
A_SLIP = 0.75


def read_said(words: Words, mark: str) -> Said:
    """Read what must be said: after `<` a text, after `<~` a pattern.

    Raises:
        StoryError: there is none, or it is none.

    """
    number = read_number(words)
    if not words.next:
        message = "a text is missing; `<` alone is silence, and `\\` an empty text"
        raise words.wrong(message)
    if mark == "<":
        return Said(words.text(), number, line=words.number)
    try:
        # What Python only warns of will one day mean something else.
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(words.rest())
    except (re.error, OverflowError, RecursionError, Warning) as error:
        place = words.place + (getattr(error, "pos", 0) or 0)
        message = f"this is no regular expression: {error}; `<` without `~` takes a text as it is"
        raise words.wrong(message, place) from None
    return Said(words.rest(), number, is_pattern=True, line=words.number)


def read_stands(words: Words) -> Stands | Refused:
    """Read a state that must be, a refusal, or that there must be none.

    Raises:
        StoryError: it is none.

    """
    if words.next == REFUSED:
        words.take()
        return Refused(one_of(Refusal, words, words.rest(), "a refusal"), words.number)
    if words.rest().casefold() == NOT_REFUSED:
        return Refused("", words.number)
    number = read_number(words)
    if len(words.next) > 1 and words.next.endswith(":"):
        keyword = words.take()[:-1].upper()
        return Stands(_state_of_a_flow(words), keyword, number, words.number)
    if words.rest().casefold() in tuple(Refusal):
        message = f"that is no state; why nothing was done: `= {REFUSED} {words.rest()}`"
        raise words.wrong(message)
    return Stands(one_of(State, words, words.rest(), "a state"), "", number, words.number)


def _state_of_a_flow(words: Words) -> str:
    """Read a state of ours, or of an extended flow, which no file can tell."""
    state = words.text()
    ours = [one for one in State if one.casefold() == state.casefold()]
    if ours:
        return ours[0]
    guess = near(state, State, A_SLIP)
    if guess or not state:
        message = f"there is no state `{state}`{guess}" if guess else "a state is missing"
        raise words.wrong(message)
    return state
