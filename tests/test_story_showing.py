"""A story that was played, as it is shown: the conversation, and what differs marked in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.played import Played
from optin_engine.harness.stories.playing import play
from optin_engine.harness.stories.showing import (
    AS_IT_IS,
    EXPECTED,
    INSTEAD,
    LEGEND,
    WHY,
    lines_of,
    style_of,
)
from optin_engine.harness.stories.story import Story
from optin_engine.harness.stories.updating import updated
from optin_engine.harness.stories.writing import written
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.harness.targets.target import Target
from tests.limited_targets import BreakingTarget, ReservedTarget, StillTarget
from tests.random_stories import PROGRAMS, half_right, stories, told

PASSING = """\
# Single opt-in
rules: single-join
programs: built-in
> NEWS
<~ Acme News: Welcome.*
= Subscribed
"""
FAILING = """\
# Double opt-in, confirmed the next day
programs: built-in
at 2026-03-07 12:00 America/New_York
> JOIN
<~ Acme Offers: Reply YES.*
= In Progress
wait 1d
<~ Acme Offers: Reply YES.*
> Yes please!
< Acme Offers: You are subscribed. About 4 msgs/mont. Msg & data rates may apply. \
Reply HELP for help, STOP to stop.
= JOIN: Declined
"""
SHOWN = """\
double.story:9: something else was said; the state is Subscribed in JOIN, and should be Declined

    # Double opt-in, confirmed the next day
    programs: built-in
    at 2026-03-07 12:00 America/New_York
    > JOIN
    <~ Acme Offers: Reply YES.*
    = In Progress
    wait 1d
    <~ Acme Offers: Reply YES.*
    > Yes please!
  - < Acme Offers: You are subscribed. About 4 msgs/mont. Msg & data rates may apply. \
Reply HELP for help, STOP to stop.
  + < Acme Offers: You are subscribed. About 4 msgs/month. Msg & data rates may apply. \
Reply HELP for help, STOP to stop.
  ?                                                     ^
  - = JOIN: Declined
  + = JOIN: Subscribed
  ? it was Sunday 2026-03-08 13:00:01 America/New_York
  ? read as YES; rule: valid response; matched: "yes please"
  ? row taken: Double: In Progress --YES / confirmation--> Subscribed

  -  expected, and did not come     +  came instead     ?  why"""


def shown(text: str, target: Target | None = None, name: str = "a.story") -> list[str]:
    return list(lines_of(play(read_story(name, text), target or EngineTarget(), PROGRAMS)))


def shown_of(turns: str, target: Target | None = None) -> list[str]:
    return shown(f"programs: built-in\n{turns}", target)


def test_a_story_that_fails_is_shown_as_the_conversation_with_the_difference_marked() -> None:
    assert "\n".join(shown(FAILING, name="double.story")) == SHOWN


def test_a_story_that_passes_is_shown_as_it_is_written() -> None:
    assert shown(PASSING) == ["", *(f"{AS_IT_IS}{line}" for line in PASSING.splitlines())]


@pytest.mark.parametrize(
    ("turns", "headline"),
    [
        ("> NEWS", "nothing should be said, and one message came"),
        ("> maybe\n< Hi\n< there", "2 messages should come, and nothing was said"),
        ("> HELP\n< Hi\n< there", "2 messages should come, and one message came"),
        ("> maybe\n= Subscribed", "the state is None, and should be Subscribed"),
        (
            "> maybe\n= +15555550199 Declined",
            "+15555550199 is None, and should be Declined",
        ),
        (
            "> maybe\n= refused: stale",
            "it should be refused as stale, and was not refused",
        ),
        (
            "> @web NEWS\n= refused: stale",
            "it should be refused as stale, and was refused as double opt-in required",
        ),
        (
            "> @web NEWS\n= not refused",
            "it should not be refused, and was refused as double opt-in required",
        ),
    ],
)
def test_the_first_line_says_where_and_in_words_what_differs(turns: str, headline: str) -> None:
    assert shown_of(turns)[0] == f"a.story:2: {headline}"


def test_the_first_turn_that_differs_is_the_one_that_is_named_and_each_is_explained() -> None:
    lines = shown_of("> HELP\n<~ .*\n> maybe\n= Declined\n> maybe not\n= Declined")
    assert lines[0].startswith("a.story:4: ")
    assert sum(line.startswith(f"{WHY}it was ") for line in lines) == 2


def test_silence_where_something_should_come_is_said_so() -> None:
    lines = shown_of("> maybe\n< Hi")
    assert lines[4:6] == [f"{EXPECTED}< Hi", f"{INSTEAD}<"]
    assert f"{WHY}nothing was said" in lines


def test_what_is_alike_before_and_after_stays_unmarked() -> None:
    waits = "> JOIN\n<~ .*\n> +15555550199 JOIN\n<~ +15555550199 .*\nwait 1d 1h\n"
    lines = shown_of(f"{waits}<~ +15555550199 Acme.*")
    begins = lines.index(f"{AS_IT_IS}wait 1d 1h")
    assert lines[begins + 1].startswith(f"{INSTEAD}< Acme Offers")
    assert lines[begins + 2] == f"{AS_IT_IS}<~ +15555550199 Acme.*"


def told_first(text: str) -> str:
    story = play(read_story("", f"programs: built-in\n> {text}"), EngineTarget(), PROGRAMS)
    return story.performed[1].said[0].text


def test_texts_that_have_nothing_in_common_are_not_pointed_into() -> None:
    assert not any("^" in line for line in shown_of("> HELP\n< Good morning"))


def test_a_pattern_is_not_pointed_into() -> None:
    pattern = told_first("HELP").replace("Msg", "Mgs")
    assert not any("^" in line for line in shown_of(f"> HELP\n<~ {pattern}"))
    assert any("^" in line for line in shown_of(f"> HELP\n< {pattern}"))


def test_a_slip_is_pointed_at_also_where_something_is_missing() -> None:
    whole = told_first("HELP")
    (marks,) = (line for line in shown_of(f"> HELP\n< {whole}!!") if "^" in line)
    assert len(marks) == len(f"{INSTEAD}< {whole}^")


def test_a_retry_of_which_nothing_comes_says_that_no_row_was_taken() -> None:
    assert f"{WHY}no row was taken, so nothing changed" in shown_of("> JOIN\n<~ .*\nagain\n< Hi")


def test_what_cannot_be_seen_in_a_text_is_shown_by_its_number() -> None:
    lines = shown_of("> JOIN\n<~ .*\n> ok\\u0007\\nthen")
    assert all(line.isprintable() for line in lines)


def test_a_refusal_is_shown() -> None:
    assert f"{WHY}refused: handset only" in shown_of("> @web yes\n= Subscribed")


def test_a_wait_shows_when_it_began_and_every_deadline_in_it() -> None:
    lines = shown_of("> JOIN\n<~ .*\nwait 4d")
    why = [line.removeprefix(WHY) for line in lines if line.startswith(WHY)]
    assert why == [
        "it was Thursday 2026-01-01 12:00:01 UTC when it began",
        "read as REMIND; rule: a reminder was due",
        "row taken: Double: In Progress --REMIND [reminder due] / initial--> In Progress",
        "read as EXPIRE; rule: no answer in time",
        "row taken: Double: In Progress --EXPIRE / nothing--> None",
    ]


def test_a_target_that_tells_no_reading_is_said_so() -> None:
    assert f"{WHY}the target does not tell how it read it" in shown_of("> HELP", ReservedTarget())


def test_what_was_skipped_is_shown_with_the_reason() -> None:
    lines = shown_of("> HELP\n<~ .*\nwait 1d\n> HELP", StillTarget())
    assert lines[-4:] == [
        f"{AS_IT_IS}wait 1d",
        f"{WHY}skipped: its clock cannot be moved to 12:00",
        f"{AS_IT_IS}> HELP",
        f"{WHY}skipped: it comes after line 4, which was skipped",
    ]


def test_a_story_that_broke_off_shows_where_and_after_what() -> None:
    lines = shown_of("> HELP\n<~ .*\nwait 1d\n> HELP\n> HELP", BreakingTarget())
    assert lines[0] == "a.story:4: it answered with status 500"
    assert lines[-2:] == [
        f"{AS_IT_IS}wait 1d",
        f"{WHY}here the story broke off; what comes after it (2 more) was not played",
    ]


def test_a_story_that_could_not_be_read_shows_only_that() -> None:
    broken = Played(Story("a.story", "", (), ()), (), "a.story:1:1: what is this")
    assert list(lines_of(broken)) == ["a.story:1:1: what is this"]


def test_the_marks_have_colours_and_the_rest_has_none() -> None:
    assert len({style_of(f"{mark}x") for mark in (AS_IT_IS, EXPECTED, INSTEAD, WHY)}) == 4
    assert style_of(f"{AS_IT_IS}x") == style_of("") == ""
    assert style_of("a.story:1: x") == "bold"


halves = st.builds(half_right, stories(), st.lists(st.booleans(), max_size=8))


@settings(max_examples=60)
@given(halves)
def test_without_the_marked_lines_that_came_it_is_the_story_as_it_is_written(story: Story) -> None:
    assert _with(told(story), AS_IT_IS, EXPECTED) == written(story).splitlines()


@settings(max_examples=60)
@given(halves)
def test_without_the_marked_lines_that_did_not_come_it_is_the_story_as_it_was(story: Story) -> None:
    text = written(story)
    played = told(read_story("a.story", text))
    came = read_story("a.story", "\n".join(_with(played, AS_IT_IS, INSTEAD)))
    assert came == read_story("a.story", updated(text, played))
    assert told(came).passed


def _with(played: Played, *marks: str) -> list[str]:
    lines = [line for line in lines_of(played) if line != LEGEND and line[:1] == " "]
    return [line[len(WHY) :] for line in lines if line.startswith(marks)]
