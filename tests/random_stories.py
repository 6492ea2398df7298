"""Hypothesis strategies: stories that can be played on the built-in account, mostly wrong."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import attrs
from hypothesis import strategies as st

from optin_engine.account import Account
from optin_engine.harness.stories.played import Played
from optin_engine.harness.stories.playing import play, programs_beside
from optin_engine.harness.stories.story import (
    BUILT_IN,
    Act,
    Again,
    Order,
    Ordered,
    Programs,
    Refused,
    Said,
    Stands,
    Story,
    Text,
    Turn,
    Wait,
)
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.vocabulary import Origin, Refusal, State

OTHER_NUMBER = "+15555550199"
PROGRAMS: Callable[[str], Account] = programs_beside(Path("a.story"))
TEXTS = ("JOIN", "NEWS", "WINE", "yes", "no", "STOP", "START", "HELP", "June 5 1980", "6/5/2020")

numbers = st.sampled_from(("", "", OTHER_NUMBER))
hours = st.integers(0, 80).map(lambda hours: timedelta(hours=hours))
texts = st.sampled_from(TEXTS) | st.text(max_size=20)
acts: st.SearchStrategy[Act] = st.one_of(
    st.builds(Text, texts, numbers),
    st.builds(Text, texts, numbers, st.sampled_from(Origin), hours),
    st.builds(Wait, hours),
    st.just(Again()),
    st.builds(
        lambda order, number: Order(
            order, "" if order in {Ordered.STOP, Ordered.DEACTIVATE} else "JOIN", number
        ),
        st.sampled_from(Ordered),
        numbers,
    ),
)
said = st.builds(Said, st.sampled_from(("Hi", " a\nb ", "")), numbers) | st.just(
    Said("Acme.*", is_pattern=True)
)
stands = st.one_of(
    st.builds(Stands, st.sampled_from(State), st.sampled_from(("", "JOIN", "WINE")), numbers),
    st.builds(Refused, st.sampled_from(("", *Refusal))),
)
turns = st.builds(
    Turn, acts, st.lists(said, max_size=3).map(tuple), st.lists(stands, max_size=3).map(tuple)
)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Give a story that begins as every story must; what it expects hardly ever comes."""
    first = Turn(Programs(BUILT_IN)), Turn(Text(draw(texts)))
    return Story("a.story", "A story", (), (*first, *draw(st.lists(turns, max_size=12))))


def half_right(story: Story, right: Sequence[bool]) -> Story:
    """Let some turns of a story expect what comes."""
    played = told(story)
    return attrs.evolve(
        story,
        turns=tuple(
            attrs.evolve(one.turn, said=one.said) if is_right else one.turn
            for one, is_right in zip(played.performed, right, strict=False)
        )
        + story.turns[len(right) :],
    )


def told(story: Story) -> Played:
    """Tell a story to the engine."""
    return play(story, EngineTarget(), PROGRAMS)
